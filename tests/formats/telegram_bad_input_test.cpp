// SPDX-License-Identifier: Apache-2.0
// Purpose: no input makes the decoder crash, read too far or fall silent. Every telegram is cut at
// every length and has every bit flipped, with the checksum as it was and repaired: each line is
// whole, and a fault has a code and an offset inside the frame. Run it under ASan and UBSan.
#include "core/link/frame.hpp"
#include "formats/explain.hpp"
#include "formats/telegram_json.hpp"
#include "telegram_corpus.hpp"
#include "tests/core/application/bytes_of.hpp"

#include <charconv>

using namespace meterbench;

namespace {

std::vector<test::CorpusLine> telegrams() {
    auto lines = test::read_corpus("wired.jsonl");
    for (const std::string_view hex : {
             "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13 "
             "01 "
             "8B 60 04 37 18 02 18 16",
             "68 25 25 68 08 00 72 00 00 00 00 CD 25 01 02 00 00 00 00 0D 7C 02 57 50 F0 96 07 5B "
             "2A "
             "27 A6 93 01 3D B5 1A B3 DC D1 3E 17 D5 16",
             "68 11 11 68 53 FD 52 78 56 34 12 FF FF FF FF 0C 78 04 03 02 01 40 16",
             "68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00 3C 16",
         }) {
        lines.push_back({.id = "example", .bytes = test::bytes_of(hex)});
    }
    return lines;
}

/// The line is one object that says whether it has a fault, and the fault lies inside the frame.
void check_line(std::span<const std::uint8_t> bytes) {
    std::string json;
    const bool good = formats::write_telegram_json(json, 1, bytes);
    if (good) {
        BOOST_TEST_REQUIRE(json.ends_with(R"("fault":null})"), json);
        return;
    }
    constexpr std::string_view key = R"("offset":)";
    const std::size_t at = json.rfind(key);
    BOOST_TEST_REQUIRE((at != std::string::npos && json.ends_with("}}")), json);
    std::size_t offset = 0;
    std::from_chars(json.data() + at + key.size(), json.data() + json.size(), offset);
    BOOST_TEST_REQUIRE(offset <= bytes.size(), json);
    BOOST_TEST_REQUIRE((json.find(R"("fault":{"code":")") != std::string::npos), json);
}

void repair(std::vector<std::uint8_t>& bytes) {
    if (bytes.size() > 6) {
        const auto summed = std::span{bytes}.subspan(4, bytes.size() - 6);
        bytes[bytes.size() - 2] = core::link::checksum(summed);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(telegram_bad_input)

BOOST_AUTO_TEST_CASE(cut_at_every_length) {
    for (const auto& line : telegrams()) {
        for (std::size_t size = 0; size < line.bytes.size(); ++size) {
            // A copy of its own size, so that a sanitizer sees a read behind its end.
            const std::vector<std::uint8_t> cut{
                line.bytes.begin(), line.bytes.begin() + static_cast<std::ptrdiff_t>(size)};
            check_line(cut);
            std::string json;
            BOOST_TEST_REQUIRE(!formats::write_telegram_json(json, 1, cut));
        }
    }
}

BOOST_AUTO_TEST_CASE(user_data_cut_in_a_good_frame) {
    for (const auto& line : telegrams()) {
        if (line.bytes.size() < 9) {
            continue;
        }
        for (std::size_t size = 1; size + 8 < line.bytes.size(); ++size) {
            const auto frame = core::link::encode_long({line.bytes[4]}, line.bytes[5],
                                                       std::span{line.bytes}.subspan(6, size));
            if (frame) {
                check_line(frame->bytes());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_bit_flipped) {
    std::size_t lines = 0;
    for (const auto& line : telegrams()) {
        for (std::size_t bit = 0; bit < 8 * line.bytes.size(); ++bit) {
            std::vector<std::uint8_t> bytes = line.bytes;
            bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
            check_line(bytes);
            repair(bytes);
            check_line(bytes);
            lines += 2;
            if (bit % 97 == 0) {
                std::string json;
                static_cast<void>(formats::write_telegram_json(json, 1, bytes));
                BOOST_TEST_REQUIRE(formats::parse_json(json, "line").has_value(), json);
                static_cast<void>(formats::explain(bytes));
            }
        }
    }
    BOOST_TEST_MESSAGE(lines << " lines");
}

BOOST_AUTO_TEST_SUITE_END()
