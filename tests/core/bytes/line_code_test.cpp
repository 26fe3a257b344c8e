// SPDX-License-Identifier: Apache-2.0
// Purpose: bytes and chips both ways (EN 13757-4, 6.4.1, 7.4.2, 9.4.1). Against the standard's
// table as typed from the facts and a reader of strings of '0' and '1' that shares no code with the
// program.
#include "core/bytes/line_code.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(line_code)

using namespace meterbench::core::bytes;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::array<LineCode, 3> codes{LineCode::nrz, LineCode::manchester,
                                        LineCode::three_of_six};

/// Code words as text: facts A.4, the column "dec" beside them.
const std::map<std::string, unsigned> three_of_six_text{
    {"010110", 0},  {"001101", 1},  {"001110", 2},  {"001011", 3}, {"011100", 4},  {"011001", 5},
    {"011010", 6},  {"010011", 7},  {"101100", 8},  {"100101", 9}, {"100110", 10}, {"100011", 11},
    {"110100", 12}, {"110001", 13}, {"110010", 14}, {"101001", 15}};
constexpr std::array<unsigned, 16> three_of_six_decimal{22, 13, 14, 11, 28, 25, 26, 19,
                                                        44, 37, 38, 35, 52, 49, 50, 41};

std::string text_of(ChipView view) {
    std::string text;
    for (std::size_t i = 0; i < view.count; ++i) {
        text += view[i] ? '1' : '0';
    }
    return text;
}

/// The naive reader: bytes, and the chip of the first code error (-1: none).
std::pair<Bytes, long> read_text(LineCode code, const std::string& text) {
    const std::size_t word = code == LineCode::nrz ? 1 : code == LineCode::manchester ? 2 : 6;
    const unsigned bits = code == LineCode::three_of_six ? 4 : 1;
    Bytes bytes;
    unsigned value = 0;
    unsigned have = 0;
    const std::size_t per_byte = word * 8 / bits;
    for (std::size_t at = 0; at + word <= text.size() / per_byte * per_byte; at += word) {
        const std::string chips = text.substr(at, word);
        if (code == LineCode::nrz) {
            value = value * 2 + (chips == "1" ? 1 : 0);
        } else if (code == LineCode::manchester) {
            if (chips != "01" && chips != "10") {
                return {bytes, static_cast<long>(at)};
            }
            value = value * 2 + (chips == "01" ? 1 : 0);
        } else {
            const auto found = three_of_six_text.find(chips);
            if (found == three_of_six_text.end()) {
                return {bytes, static_cast<long>(at)};
            }
            value = value * 16 + found->second;
        }
        have += bits;
        if (have == 8) {
            bytes.push_back(static_cast<std::uint8_t>(value));
            value = have = 0;
        }
    }
    return {bytes, -1};
}

Bytes random_bytes(std::mt19937& random, std::size_t size) {
    Bytes bytes(size);
    for (auto& byte : bytes) {
        byte = static_cast<std::uint8_t>(random());
    }
    return bytes;
}

/// The chips of bytes, behind `lead` chips of something else.
std::pair<Bytes, ChipView> chips_of_bytes(LineCode code, const Bytes& bytes, unsigned lead,
                                          std::uint64_t filler) {
    Bytes packed(packed_size(lead + bytes.size() * chips_per_byte(code)));
    ChipWriter writer{packed};
    writer.put(filler, lead);
    encode_chips(code, bytes, writer);
    BOOST_TEST(writer.complete());
    return {packed, {{}, lead, bytes.size() * chips_per_byte(code)}};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_table_is_that_of_the_standard) {
    for (unsigned nibble = 0; nibble < 16; ++nibble) {
        BOOST_TEST(three_of_six_words[nibble] == three_of_six_decimal[nibble]);
    }
}

BOOST_AUTO_TEST_CASE(bits_in_manchester_are_01_for_one_and_10_for_zero) {
    BOOST_TEST(chips_of(LineCode::manchester, 0x00) == 0xAAAA);
    BOOST_TEST(chips_of(LineCode::manchester, 0xFF) == 0x5555);
    BOOST_TEST(chips_of(LineCode::manchester, 0x0F) == 0xAA55);
    BOOST_TEST(chips_of(LineCode::manchester, 0x44) == 0b1001101010011010);
}

BOOST_AUTO_TEST_CASE(any_bytes_come_back_from_any_chip_position) {
    std::mt19937 random{1};
    for (const LineCode code : codes) {
        for (unsigned round = 0; round < 300; ++round) {
            const unsigned lead = round % 23;
            const Bytes bytes = random_bytes(random, round % 40);
            auto [packed, view] = chips_of_bytes(code, bytes, lead, random());
            view.packed = packed;
            Bytes back(bytes.size());
            const ChipDecoding decoded = decode_chips(code, view, back);
            BOOST_TEST(decoded.bytes == bytes.size());
            BOOST_TEST(!decoded.code_error.has_value());
            BOOST_TEST(back == bytes, boost::test_tools::per_element());
            BOOST_TEST((read_text(code, text_of(view)).first == bytes));
        }
    }
}

// Every single wrong chip of a coded frame is found, and at its own code word.
BOOST_AUTO_TEST_CASE(one_wrong_chip_is_a_code_error_at_its_code_word) {
    std::mt19937 random{2};
    for (const LineCode code : {LineCode::manchester, LineCode::three_of_six}) {
        const std::size_t word = code == LineCode::manchester ? 2 : 6;
        const Bytes bytes = random_bytes(random, 20);
        for (std::size_t wrong = 0; wrong < bytes.size() * chips_per_byte(code); ++wrong) {
            auto [packed, view] = chips_of_bytes(code, bytes, 3, 0);
            const std::size_t at = 3 + wrong;
            packed[at / 8] = static_cast<std::uint8_t>(packed[at / 8] ^ (0x80U >> (at % 8)));
            view.packed = packed;
            Bytes back(bytes.size());
            const ChipDecoding decoded = decode_chips(code, view, back);
            BOOST_REQUIRE(decoded.code_error.has_value());
            BOOST_TEST(*decoded.code_error == wrong / word * word);
            BOOST_TEST(decoded.bytes == wrong / chips_per_byte(code));
        }
    }
}

// Random chips: the same bytes and the same error as the naive reader.
BOOST_AUTO_TEST_CASE(random_chips_are_read_as_by_the_naive_reader) {
    std::mt19937 random{3};
    for (const LineCode code : codes) {
        for (unsigned round = 0; round < 2000; ++round) {
            // Few changes to good chips, so that errors come late as well as early.
            const Bytes bytes = random_bytes(random, 1 + random() % 30);
            auto [packed, view] = chips_of_bytes(code, bytes, random() % 8, random());
            for (unsigned i = 0; i < random() % 3; ++i) {
                const std::size_t at = random() % (8 * packed.size());
                packed[at / 8] = static_cast<std::uint8_t>(packed[at / 8] ^ (0x80U >> (at % 8)));
            }
            view.packed = packed;
            view.count -= random() % 9;
            Bytes back(bytes.size());
            const ChipDecoding decoded = decode_chips(code, view, back);
            back.resize(decoded.bytes);
            const auto [expected, error] = read_text(code, text_of(view));
            BOOST_TEST((back == expected), name_of(code) << " " << text_of(view));
            BOOST_TEST((decoded.code_error ? static_cast<long>(*decoded.code_error) : -1) == error,
                       name_of(code) << " " << text_of(view));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_four_unused_words_of_weight_three_are_code_errors) {
    for (const unsigned word : {0b000111U, 0b010101U, 0b101010U, 0b111000U}) {
        std::array<std::uint8_t, 2> packed{};
        ChipWriter writer{packed};
        writer.put(0b010110, 6);
        writer.put(word, 6);
        std::array<std::uint8_t, 1> bytes{};
        const ChipDecoding decoded = decode_chips(LineCode::three_of_six, writer.view(), bytes);
        BOOST_TEST(decoded.bytes == 0U);
        BOOST_TEST(decoded.code_error.value_or(0) == 6U);
    }
}

BOOST_AUTO_TEST_CASE(packing_and_unpacking_are_inverse) {
    std::mt19937 random{4};
    for (std::size_t size = 0; size < 70; ++size) {
        Bytes chips = random_bytes(random, size);
        Bytes packed(packed_size(size));
        pack_chips(chips, packed); // only the lowest bit counts
        Bytes back(size);
        unpack_chips({packed, 0, size}, back);
        for (std::size_t i = 0; i < size; ++i) {
            BOOST_TEST(back[i] == (chips[i] & 1U));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_writer_that_is_full_says_so_and_harms_nothing) {
    std::array<std::uint8_t, 2> packed{0, 0x5A};
    ChipWriter writer{std::span{packed}.first(1)};
    writer.put(0xFFF, 12);
    BOOST_TEST(!writer.complete());
    BOOST_TEST(writer.size() == 12U);
    BOOST_TEST(writer.view().count == 8U);
    BOOST_TEST(packed[0] == 0xFF);
    BOOST_TEST(packed[1] == 0x5A);
}

BOOST_AUTO_TEST_SUITE_END()
