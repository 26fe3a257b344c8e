// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"
#include "paths.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::test {

/// A worked radio telegram with what it means (tests/support/wireless_examples.jsonl): examples of
/// OMS Vol. 2 annex N, EN 13757-3 and -4, CEN/TR 17167, and synthetic ones built from confirmed
/// rules. `verified` of each says what proves it.
struct WirelessExample {
    std::string id;
    std::string format; ///< A, B, none, long, apl-only
    std::vector<std::uint8_t> bytes;
    std::optional<std::vector<std::uint8_t>> key;
    formats::JsonValue expect;

    [[nodiscard]] bool is_radio() const {
        return format == "A" || format == "B" || format == "none";
    }
    [[nodiscard]] std::string text(std::string_view name) const {
        const auto* value = expect.member(name);
        return value == nullptr ? "" : value->text;
    }
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const {
        const auto* value = expect.member(name);
        return value == nullptr ? std::nullopt : std::optional{value->integer};
    }
};

inline std::vector<WirelessExample> wireless_examples() {
    const auto text = formats::read_text_file(std::string{METERBENCH_SOURCE_DIR} +
                                              "/tests/support/wireless_examples.jsonl");
    BOOST_REQUIRE_MESSAGE(text, text.error());
    std::vector<WirelessExample> examples;
    std::size_t at = 0;
    while (at < text->size()) {
        const std::size_t end = text->find('\n', at);
        const auto line = formats::parse_json(std::string_view{*text}.substr(at, end - at), "line");
        BOOST_REQUIRE_MESSAGE(line, line.error());
        WirelessExample example;
        example.id = line->member("id")->text;
        example.format = line->member("format")->text;
        example.bytes = formats::parse_hex_text(line->member("hex")->text).value();
        if (line->member("key")->kind == formats::JsonValue::Kind::text) {
            example.key = formats::parse_hex_text(line->member("key")->text).value();
        }
        example.expect = *line->member("expect");
        examples.push_back(std::move(example));
        at = end + 1;
    }
    return examples;
}

} // namespace meterbench::test
