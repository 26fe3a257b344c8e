// SPDX-License-Identifier: Apache-2.0
// docs/files.md and docs/schema/ say what the readers do: every sample is read, every key of a
// schema is known to the reader and every other is not.
#include "formats/bus_file.hpp"
#include "formats/data_path.hpp"
#include "formats/ics_file.hpp"
#include "formats/key_file.hpp"
#include "formats/meter_profile.hpp"
#include "formats/rig_file.hpp"
#include "formats/suite_file.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace {

using namespace meterbench::formats;

struct Reader {
    std::string_view schema; ///< of docs/schema/, without .json
    std::string (*complaint)(std::string_view text);
};

template <auto parse> std::string complaint_of(std::string_view text) {
    const auto result = parse(text, "file");
    return result ? "" : result.error();
}
std::string key_complaint(std::string_view text) {
    meterbench::core::receiver::KeyStore keys;
    const auto result = parse_key_file(keys, text, "file");
    return result ? "" : result.error();
}
constexpr std::array readers{
    Reader{"keys", key_complaint},
    Reader{"bus", complaint_of<parse_bus_file>},
    Reader{"rig", complaint_of<parse_rig_file>},
    Reader{"suite", complaint_of<parse_suite_file>},
    Reader{"ics", complaint_of<parse_ics_file>},
    Reader{"meter", complaint_of<parse_meter_profile>},
};

std::string document(const std::string& path) {
    const auto found = DataPath{}.resolve(path);
    BOOST_REQUIRE_MESSAGE(found, found.error());
    return read_text_file(*found).value();
}

/// The fenced blocks of JSON.
std::vector<std::string> samples(const std::string& markdown) {
    constexpr std::string_view fence = "```json\n";
    std::vector<std::string> result;
    std::size_t at = 0;
    while ((at = markdown.find(fence, at)) != std::string::npos) {
        at += fence.size();
        const std::size_t end = markdown.find("```", at);
        result.push_back(markdown.substr(at, end - at));
        at = end + 3;
    }
    return result;
}

/// The objects of a schema that have a `schema` key: the document itself, or its variants.
std::vector<const JsonValue*> variants(const JsonValue& schema) {
    std::vector<const JsonValue*> result;
    if (const JsonValue* choices = schema.member("oneOf")) {
        for (const JsonValue& choice : choices->items) {
            result.push_back(&choice);
        }
    } else {
        result.push_back(&schema);
    }
    return result;
}

/// A document with this variant's constants and `key`, which has a value of no use.
std::string document_with(const JsonValue& variant, const std::string& key) {
    std::string text;
    for (const auto& [name, property] : variant.member("properties")->members) {
        if (const JsonValue* constant = property.member("const"); constant && name != key) {
            text += "\"" + name + "\":\"" + constant->text + "\",";
        }
    }
    return "{" + text + "\"" + key + "\":null}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(documented_files)

BOOST_AUTO_TEST_CASE(every_sample_is_read) {
    const auto list = samples(document("docs/files.md"));
    BOOST_TEST(list.size() >= readers.size());
    for (const std::string& sample : list) {
        const auto json = parse_json(sample, "sample");
        BOOST_REQUIRE_MESSAGE(json, json.error());
        bool read = false;
        for (const Reader& reader : readers) {
            if (json->member("schema")->text == "meterbench." + std::string{reader.schema} + "/1") {
                BOOST_TEST(reader.complaint(sample) == "");
                read = true;
            }
        }
        BOOST_TEST(read, "no reader for " << sample);
    }
}

BOOST_AUTO_TEST_CASE(schemas_and_readers_know_the_same_keys) {
    for (const Reader& reader : readers) {
        const std::string path = "docs/schema/" + std::string{reader.schema} + ".json";
        const auto schema = parse_json(document(path), path);
        BOOST_REQUIRE_MESSAGE(schema, schema.error());
        for (const JsonValue* variant : variants(*schema)) {
            for (const auto& [key, property] : variant->member("properties")->members) {
                const std::string said = reader.complaint(document_with(*variant, key));
                BOOST_TEST(said.find("unknown key") == std::string::npos, path << ": " << said);
            }
            for (const JsonValue& key : variant->member("required")->items) {
                BOOST_TEST(variant->member("properties")->member(key.text) != nullptr);
            }
            BOOST_TEST(reader.complaint(document_with(*variant, "no_such_key")) ==
                       "file: no_such_key: unknown key");
            BOOST_TEST(!variant->member("additionalProperties")->boolean);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
