// SPDX-License-Identifier: Apache-2.0
#include "formats/variants_file.hpp"

#include <nlohmann/json.hpp>

namespace meterbench::formats {
namespace {

using Json = nlohmann::ordered_json;

/// The statement's keys as they were written; of the defaults only what must be there.
Json keys_of(const Ics& base) {
    if (base.text.empty()) {
        return {{"schema", "meterbench.ics/1"},
                {"role", base.role == Ics::Role::meter ? "meter" : "master"}};
    }
    return Json::parse(base.text); // it has been read before
}

} // namespace

FileResult<std::map<std::string, Ics>> parse_variants(std::string_view text, std::string_view file,
                                                      const Ics& base) {
    const auto value = parse_json(text, file);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{file}};
    const JsonObject object =
        JsonReader{*value, report}.document("meterbench.variants/1", {"schema", "statements"});
    const auto statements = object.required("statements").members();
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    const Json document = Json::parse(text);
    std::map<std::string, Ics> variants;
    for (const auto& [name, statement] : statements) {
        const std::string place = std::string{file} + ": statements." + name;
        const Json& patch = document["statements"][name];
        if (!patch.is_object()) {
            return std::unexpected{place + ": must be an object"};
        }
        Json keys = keys_of(base);
        keys.update(patch);
        auto ics = parse_ics_file(keys.dump(), place);
        if (!ics) {
            return std::unexpected{ics.error()};
        }
        variants.emplace(name, std::move(*ics));
    }
    return variants;
}

} // namespace meterbench::formats
