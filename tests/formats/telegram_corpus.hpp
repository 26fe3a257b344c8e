// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace meterbench::test {

/// One line of the corpus: telegrams of real meters with what public projects expect of them.
struct CorpusLine {
    std::string id;
    std::string set{};
    std::vector<std::uint8_t> bytes{};
    std::vector<std::vector<std::uint8_t>> keys{};   ///< wireless
    std::vector<std::vector<std::uint8_t>> before{}; ///< telegrams to be received first
    formats::JsonValue expect{};
};

/// The hex texts of a member: one text, a list, or none.
inline std::vector<std::vector<std::uint8_t>> read_hex_list(const formats::JsonValue* value) {
    std::vector<std::vector<std::uint8_t>> list;
    const auto add = [&list](const formats::JsonValue& item) {
        const auto bytes = formats::parse_hex_text(item.text);
        BOOST_REQUIRE(bytes);
        list.push_back(*bytes);
    };
    if (value != nullptr && value->kind == formats::JsonValue::Kind::text) {
        add(*value);
    } else if (value != nullptr) {
        std::ranges::for_each(value->items, add);
    }
    return list;
}

/// The corpus file of that name in the folder METERBENCH_CORPUS; empty, with a message, without
/// one.
inline std::vector<CorpusLine> read_corpus(const std::string& name) {
    const char* const folder = std::getenv("METERBENCH_CORPUS");
    if (folder == nullptr) {
        BOOST_TEST_MESSAGE("skipped: METERBENCH_CORPUS names no folder");
        return {};
    }
    std::ifstream file{std::string{folder} + "/" + name};
    std::vector<CorpusLine> lines;
    for (std::string text; std::getline(file, text);) {
        const auto value = formats::parse_json(text, name);
        BOOST_REQUIRE(value);
        CorpusLine line;
        line.id = value->member("id")->text;
        if (const auto* set = value->member("set")) {
            line.set = set->text;
        }
        line.bytes = formats::parse_hex_text(value->member("hex")->text)
                         .value_or(std::vector<std::uint8_t>{});
        line.keys = read_hex_list(value->member("key"));
        line.before = read_hex_list(value->member("pre"));
        line.expect = *value->member("expect");
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace meterbench::test
