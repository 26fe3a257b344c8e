// SPDX-License-Identifier: Apache-2.0
// Purpose: an explanation covers every byte of a frame once, in order, whole or broken.
#include "formats/explain.hpp"
#include "telegram_corpus.hpp"
#include "tests/core/application/bytes_of.hpp"

using namespace meterbench;

namespace {

void check_cover(std::span<const std::uint8_t> frame) {
    std::size_t next = 0;
    for (const auto& explanation : formats::explain(frame)) {
        BOOST_TEST_REQUIRE(explanation.offset == next);
        BOOST_TEST_REQUIRE(explanation.length >= 1U);
        BOOST_TEST_REQUIRE(!explanation.meaning.empty());
        next += explanation.length;
    }
    BOOST_TEST_REQUIRE(next == frame.size(), test::hex_of(frame));
}

} // namespace

BOOST_AUTO_TEST_SUITE(explain)

BOOST_AUTO_TEST_CASE(a_short_frame_byte_by_byte) {
    const auto list = formats::explain(test::bytes_of("10 5B FD 58 16"));
    BOOST_TEST_REQUIRE(list.size() == 5U);
    BOOST_TEST(list[1].meaning == "C: REQ_UD2, FCB 0");
    BOOST_TEST(list[2].meaning == "A: address FDh: the selected meter");
}

BOOST_AUTO_TEST_CASE(what_broke_is_named_once) {
    const auto faults = [](std::string_view hex) {
        std::vector<std::string> names;
        for (const auto& explanation : formats::explain(test::bytes_of(hex))) {
            if (explanation.meaning.starts_with("fault: ")) {
                names.push_back(
                    explanation.meaning.substr(7, explanation.meaning.find(':', 7) - 7));
            }
        }
        return names;
    };
    using Names = std::vector<std::string>;
    BOOST_TEST((faults("10 5B FD 58 16").empty()));
    BOOST_TEST((faults("10 5B FD 59 16") == Names{"checksum-mismatch"}));
    BOOST_TEST((faults("10 5B FD") == Names{"truncated"}));
    BOOST_TEST((faults("68 05 06 68 08 01 72") == Names{"length-mismatch"}));
    BOOST_TEST((faults("68 3C 3C 68 08 08 72 78") == Names{"truncated"}));
    BOOST_TEST((faults("42 43") == Names{"unknown-start"}));
    BOOST_TEST((faults("68 08 08 68 08 02 72 78 56 34 12 24 B4 16") == Names{"header-truncated"}));
}

BOOST_AUTO_TEST_CASE(every_byte_of_every_telegram_cut_at_every_length) {
    auto lines = test::read_corpus("wired.jsonl");
    lines.push_back({"example",
                     "",
                     test::bytes_of("68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 "
                                    "00 00 03 13 15 31 00 DA 02 3B 13 01 8B 60 04 37 18 "
                                    "02 18 16"),
                     {}});
    for (const auto& line : lines) {
        for (std::size_t size = 0; size <= line.bytes.size(); ++size) {
            check_cover(std::span{line.bytes}.first(size));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
