// SPDX-License-Identifier: Apache-2.0
// Purpose: frames to chips and back (EN 13757-4, 6 to 11). The chips of the water meter of annex C
// are those of the facts, derived there by another program.
#include "core/bytes/crc.hpp"
#include "core/bytes/hex.hpp"
#include "core/wireless/chip_receiver.hpp"
#include "core/wireless/chip_sender.hpp"

#include <algorithm>
#include <bit>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(wireless_chip_receiver)

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using enum Direction;

namespace {

using Bytes = std::vector<std::uint8_t>;
using ChipsByByte = std::vector<std::uint8_t>; ///< one chip a byte

Bytes bytes_of(std::string_view hex) {
    Bytes bytes(hex.size() / 2);
    bytes.resize(bytes::read_hex(hex, bytes).value());
    return bytes;
}

ChipsByByte chips_of_text(std::string_view text) {
    ChipsByByte chips;
    for (const char c : text) {
        chips.push_back(c == '1' ? 1 : 0);
    }
    return chips;
}

std::string text_of(const ChipsByByte& chips) {
    std::string text;
    for (const std::uint8_t chip : chips) {
        text += chip == 0 ? '0' : '1';
    }
    return text;
}

Bytes packed(const ChipsByByte& chips) {
    Bytes bytes(bytes::packed_size(chips.size()));
    bytes::pack_chips(chips, bytes);
    return bytes;
}

ChipsByByte sent(const ModeRow& row, FrameFormat format, const Bytes& frame,
                 const ChipFraming& framing = {}) {
    Bytes room(2000);
    bytes::ChipWriter writer{room};
    write_chips(row, format, frame, writer, framing);
    BOOST_REQUIRE(writer.complete());
    ChipsByByte chips(writer.size());
    bytes::unpack_chips(writer.view(), chips);
    return chips;
}

/// What next() gave, with the bytes kept.
struct Heard {
    ChipFrame frame;
    Bytes bytes;
};

void collect(ChipReceiver& receiver, std::vector<Heard>& heard) {
    while (const auto frame = receiver.next()) {
        heard.push_back({*frame, {frame->bytes.begin(), frame->bytes.end()}});
    }
}

/// All frames of a stream given in pieces of any size.
std::vector<Heard> hear(const ChipsByByte& chips, ChipReceiverSettings settings,
                        std::size_t piece = 1000) {
    ChipReceiver receiver{settings};
    std::vector<Heard> heard;
    for (std::span<const std::uint8_t> left = chips; !left.empty();) {
        left = left.subspan(receiver.feed_chips(left.first(std::min(piece, left.size()))));
        collect(receiver, heard);
    }
    receiver.finish();
    collect(receiver, heard);
    return heard;
}

std::vector<Heard> hear_packed(const ChipsByByte& chips, ChipReceiverSettings settings,
                               std::size_t piece = 1000) {
    ChipReceiver receiver{settings};
    std::vector<Heard> heard;
    const Bytes bytes = packed(chips);
    for (std::span<const std::uint8_t> left = bytes; !left.empty();) {
        left = left.subspan(receiver.feed_packed(left.first(std::min(piece, left.size()))));
        collect(receiver, heard);
    }
    receiver.finish();
    collect(receiver, heard);
    return heard;
}

/// A frame of random content with good CRCs, built by the rules of facts A.5 and A.6.
Bytes random_frame(std::mt19937& random, FrameFormat format) {
    Bytes frame;
    const auto crc = [&frame](std::size_t from) {
        const std::uint16_t value = bytes::crc_en13757(std::span{frame}.subspan(from));
        frame.push_back(static_cast<std::uint8_t>(value >> 8U));
        frame.push_back(static_cast<std::uint8_t>(value & 0xFFU));
    };
    const auto put = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            frame.push_back(static_cast<std::uint8_t>(random()));
        }
    };
    std::size_t l = 10 + random() % 246;
    if (format == FrameFormat::b) {
        l = std::max<std::size_t>(l, 12);
        l = l == 128 || l == 129 ? 130 : l;
    }
    frame.push_back(static_cast<std::uint8_t>(l));
    if (format == FrameFormat::a) {
        put(9);
        crc(0);
        for (std::size_t left = l - 9; left > 0;) {
            const std::size_t block = std::min<std::size_t>(left, 16);
            const std::size_t from = frame.size();
            put(block);
            crc(from);
            left -= block;
        }
    } else {
        const std::size_t first = std::min<std::size_t>(l - 2, 125);
        put(first);
        crc(0);
        if (l > 127) {
            put(l - 127 - 2);
            crc(128);
        }
    }
    return frame;
}

void add(ChipsByByte& chips, const ChipsByByte& more) {
    chips.insert(chips.end(), more.begin(), more.end());
}

void add_noise(ChipsByByte& chips, std::mt19937& random, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        chips.push_back(static_cast<std::uint8_t>(random() & 1U));
    }
}

struct Worked {
    const char* id;
    Mode mode;
    Direction direction;
    FrameFormat format;
    Reception reception;
    std::string_view hex;
    std::string_view chips;
};

constexpr std::string_view annex_c = "0F44AE0C7856341201074447780B134365871E6D";
constexpr Worked worked[]{
    {"EN4-annexC-T-chips", Mode::t1, meter_to_other, FrameFormat::a, Reception::t, annex_c,
     "010101010101010101010101010101010101010000111101010110101001011100011100100110110010010110"
     "110100010011101100011001011010001011011100001101001110010110001101010110010011011100011100"
     "011100010011010011101100010110100011001101001011011100001011011010011001101100010011001101"
     "11001001101011000101"},
    {"EN4-annexC-S-chips", Mode::s2, meter_to_other, FrameFormat::a, Reception::s, annex_c,
     "010101010101010101010101010101000111011010010110101010100101010110011010100110100110011001"
     "010110101010100101101010010101011010101001100110010110101001011001101010101001101001101010"
     "101010101001101010101001010110011010100110101001101010010101100101010110101010101010011001"
     "011010100110100101100110101010010110010110100110010110101010010101101010010101011010010110"
     "0101100101"},
    {"EN4-annexC-B-chips", Mode::c1, meter_to_other, FrameFormat::b, Reception::c,
     "1444AE0C7856341201078C2027780B134365877AC5",
     "010101010101010101010101010101010101010000111101010101000011110100010100010001001010111000"
     "001100011110000101011000110100000100100000000100000111100011000010000000100111011110000000"
     "1011000100110100001101100101100001110111101011000101"},
    {"EN4-annexC-CA-chips", Mode::c1, meter_to_other, FrameFormat::a, Reception::c,
     "1244AE0C7856341201078EFA8C2027780B13436587EEE9",
     "010101010101010101010101010101010101010000111101010101001100110100010010010001001010111000"
     "001100011110000101011000110100000100100000000100000111100011101111101010001100001000000010"
     "01110111100000001011000100110100001101100101100001111110111011101001"}};

} // namespace

BOOST_AUTO_TEST_CASE(worked_examples_both_ways) {
    for (const Worked& example : worked) {
        BOOST_TEST_CONTEXT(example.id) {
            const ModeRow* const row = find_mode(example.mode, example.direction);
            BOOST_REQUIRE(row != nullptr);
            const Bytes frame = bytes_of(example.hex);
            BOOST_TEST(text_of(sent(*row, example.format, frame)) == example.chips);
            for (const auto& heard :
                 {hear(chips_of_text(example.chips), {example.reception}),
                  hear_packed(chips_of_text(example.chips), {example.reception})}) {
                BOOST_REQUIRE(heard.size() == 1U);
                BOOST_TEST(heard[0].bytes == frame, boost::test_tools::per_element());
                BOOST_TEST(heard[0].frame.complete());
                BOOST_TEST(heard[0].frame.first_block);
                BOOST_TEST(name_of(heard[0].frame.format) == name_of(example.format));
                BOOST_TEST(heard[0].frame.sync_errors == 0U);
            }
        }
    }
}

// MB4-PHY-025, facts A.3: one receiver hears T and both formats of C, and says which is which.
BOOST_AUTO_TEST_CASE(a_combined_receiver_tells_t_and_c_apart_by_the_sync_word) {
    ChipsByByte chips;
    for (const Worked& example : worked) {
        if (example.reception != Reception::s) {
            add(chips, chips_of_text(example.chips));
        }
    }
    const auto heard = hear(chips, {Reception::t_c});
    BOOST_REQUIRE(heard.size() == 3U);
    std::size_t i = 0;
    for (const Worked& example : worked) {
        if (example.reception == Reception::s) {
            continue;
        }
        BOOST_TEST(heard[i].bytes == bytes_of(example.hex), boost::test_tools::per_element());
        BOOST_TEST(name_of(heard[i].frame.reception) == name_of(example.reception));
        BOOST_TEST(name_of(heard[i].frame.format) == name_of(example.format));
        ++i;
    }
}

// With one wrong chip allowed, no start of a T frame is taken for mode C, even with that one wrong.
BOOST_AUTO_TEST_CASE(no_start_of_a_t_frame_looks_like_mode_c) {
    using bytes::LineCode;
    for (unsigned l = 0; l < 256; ++l) {
        for (unsigned c = 0; c < 256; ++c) {
            const std::uint32_t chips =
                static_cast<std::uint32_t>(
                    bytes::chips_of(LineCode::three_of_six, static_cast<std::uint8_t>(l)) << 12U |
                    bytes::chips_of(LineCode::three_of_six, static_cast<std::uint8_t>(c))) >>
                8U;
            for (const std::uint32_t half : {0x54CDU, 0x543DU}) {
                BOOST_REQUIRE(std::popcount((chips & 0xFFFFU) ^ half) >= 3);
            }
        }
    }
}

// Every row that can be received, both formats where there are two, random content, noise between,
// any division of the stream, packed and one chip a byte.
BOOST_AUTO_TEST_CASE(frames_of_every_mode_come_through_noise) {
    std::mt19937 random{11};
    unsigned rows = 0;
    for (const ModeRow& row : mode_table()) {
        const auto reception = reception_of(row);
        if (!reception) {
            continue;
        }
        ++rows;
        BOOST_TEST_CONTEXT(name_of(row.mode) << " " << row.channel) {
            std::vector<Bytes> frames;
            ChipsByByte chips;
            for (unsigned i = 0; i < 12; ++i) {
                const FrameFormat format =
                    row.sync_b.value.length != 0 && i % 2 == 1 ? FrameFormat::b : FrameFormat::a;
                frames.push_back(random_frame(random, format));
                add_noise(chips, random, i % 3 == 0 ? 0 : random() % 300);
                add(chips, sent(row, format, frames.back()));
            }
            for (const std::size_t piece : {1UL, 7UL, 64UL, 100000UL}) {
                for (const auto& heard :
                     {hear(chips, {*reception}, piece), hear_packed(chips, {*reception}, piece)}) {
                    std::vector<Bytes> good;
                    for (const Heard& one : heard) {
                        if (one.frame.first_block && one.frame.complete()) {
                            good.push_back(one.bytes);
                        }
                    }
                    BOOST_TEST((good == frames), good.size() << " of " << frames.size());
                }
            }
        }
    }
    BOOST_TEST(rows > 20U);
}

BOOST_AUTO_TEST_CASE(wrong_chips_in_the_sync_word_are_allowed_up_to_the_setting) {
    const Bytes frame = bytes_of(annex_c);
    for (unsigned wrong = 0; wrong <= 4; ++wrong) {
        for (unsigned allowed = 0; allowed <= 3; ++allowed) {
            ChipsByByte chips = chips_of_text(worked[0].chips);
            for (unsigned i = 0; i < wrong; ++i) {
                chips[38 + 3 * i - (i == 3 ? 1 : 0)] ^= 1U; // in 0000111101, never in the data
            }
            const auto heard = hear(chips, {.reception = Reception::t, .sync_errors = allowed});
            const bool found = std::ranges::any_of(heard, [&](const Heard& one) {
                return one.bytes == frame && one.frame.sync_errors == wrong;
            });
            BOOST_TEST(found == (wrong <= allowed), wrong << " wrong, " << allowed << " allowed");
        }
    }
}

// MB4-PHY-013: six chips that are no code word, here 010101 in place of a nibble.
BOOST_AUTO_TEST_CASE(a_code_error_ends_the_frame_and_is_located) {
    ChipsByByte chips = chips_of_text(worked[0].chips);
    constexpr std::size_t header = 48;
    constexpr std::size_t word = header + 12 * 7 + 6; // the low nibble of byte 7
    const ChipsByByte illegal = chips_of_text("010101");
    std::ranges::copy(illegal, chips.begin() + word);
    const auto heard = hear(chips, {Reception::t});
    BOOST_REQUIRE(heard.size() == 1U);
    BOOST_REQUIRE(heard[0].frame.code_error.has_value());
    BOOST_TEST(*heard[0].frame.code_error == word);
    BOOST_TEST(heard[0].bytes == bytes_of(annex_c.substr(0, 14)), boost::test_tools::per_element());
    BOOST_TEST(!heard[0].frame.complete());
    BOOST_TEST(heard[0].frame.announced == 20U);
    BOOST_TEST(!heard[0].frame.first_block);
}

// A frame is there with its last chip, a code error with the last chip of its code word: what comes
// later (the answer's window is 2 ms away in T2) need not be waited for.
BOOST_AUTO_TEST_CASE(nothing_is_waited_for_behind_the_last_chip) {
    const ChipsByByte chips = chips_of_text(worked[0].chips);
    ChipReceiver receiver{{Reception::t_c}};
    const std::size_t last = chips.size() - 2; // before the postamble
    BOOST_TEST(receiver.feed_chips(std::span{chips}.first(last - 1)) == last - 1);
    BOOST_TEST(!receiver.next().has_value());
    BOOST_TEST(receiver.feed_chips(std::span{chips}.subspan(last - 1, 1)) == 1U);
    const auto frame = receiver.next();
    BOOST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->complete());
    BOOST_TEST(frame->first == 48U);
    BOOST_TEST(frame->end == last);
}

// A sync word with nothing behind it, then the real one inside what the false one would read.
BOOST_AUTO_TEST_CASE(a_false_sync_word_hides_no_frame) {
    std::mt19937 random{5};
    for (const Worked& example : worked) {
        BOOST_TEST_CONTEXT(example.id) {
            const ModeRow* const row = find_mode(example.mode, example.direction);
            BOOST_REQUIRE(row != nullptr);
            const Bytes frame = bytes_of(example.hex);
            for (unsigned round = 0; round < 50; ++round) {
                ChipsByByte chips =
                    sent(*row, example.format, Bytes{0xFF, 0x44, 0x00}, {.postamble = 0});
                add_noise(chips, random, random() % 64);
                add(chips, sent(*row, example.format, frame));
                add_noise(chips, random, 40);
                const auto heard = hear(chips, {example.reception}, 50);
                BOOST_TEST(std::ranges::any_of(heard, [&](const Heard& one) {
                    return one.bytes == frame && one.frame.first_block;
                }));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_frame_cut_off_is_given_at_the_end) {
    for (const Worked& example : worked) {
        BOOST_TEST_CONTEXT(example.id) {
            ChipsByByte chips = chips_of_text(example.chips);
            chips.erase(chips.end() - 60, chips.end());
            const auto heard = hear(chips, {example.reception});
            BOOST_REQUIRE(!heard.empty());
            const Bytes frame = bytes_of(example.hex);
            BOOST_TEST(!heard[0].frame.complete());
            BOOST_TEST(heard[0].frame.announced == frame.size());
            BOOST_TEST(!heard[0].frame.code_error.has_value());
            BOOST_TEST(heard[0].bytes.size() >= 10U);
            BOOST_TEST(
                std::ranges::equal(heard[0].bytes, std::span{frame}.first(heard[0].bytes.size())));
        }
    }
}

// The same stream packed, one chip a byte, in one piece and in many: the same frames at the same
// chips. In noise alone few false frames, and none with a good first block.
BOOST_AUTO_TEST_CASE(the_division_of_a_stream_changes_nothing) {
    std::mt19937 random{6};
    ChipsByByte chips;
    add_noise(chips, random, 400000);
    for (std::size_t i = 0; i < reception_count; ++i) {
        const ChipReceiverSettings settings{static_cast<Reception>(i)};
        BOOST_TEST_CONTEXT(name_of(settings.reception)) {
            const auto whole = hear_packed(chips, settings, 100000);
            for (const auto& other : {hear(chips, settings, 13), hear(chips, settings, 4096),
                                      hear_packed(chips, settings, 3)}) {
                BOOST_REQUIRE(other.size() == whole.size());
                for (std::size_t k = 0; k < whole.size(); ++k) {
                    BOOST_TEST(other[k].bytes == whole[k].bytes, boost::test_tools::per_element());
                    BOOST_TEST(other[k].frame.first == whole[k].frame.first);
                    BOOST_TEST(!whole[k].frame.first_block);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_sender_can_deviate) {
    const ModeRow* const row = find_mode(Mode::t1, meter_to_other);
    BOOST_REQUIRE(row != nullptr);
    const ChipsByByte chips =
        sent(*row, FrameFormat::a, bytes_of("0F"),
             {.preamble_repeats = 2, .sync = ChipWord{0b111, 3}, .postamble = 5});
    BOOST_TEST(text_of(chips) == "0101"
                                 "111"
                                 "010110101001"
                                 "01010");
}

BOOST_AUTO_TEST_SUITE_END()
