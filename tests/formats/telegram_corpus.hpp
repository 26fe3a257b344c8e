// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"

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
    std::string set;
    std::vector<std::uint8_t> bytes;
    formats::JsonValue expect;
};

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
        line.expect = *value->member("expect");
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace meterbench::test
