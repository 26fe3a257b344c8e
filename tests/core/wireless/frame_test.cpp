// SPDX-License-Identifier: Apache-2.0
// Purpose: frame formats A and B (EN 13757-4, 12.3 and 12.4; facts A.5 to A.7): block CRCs, what L
// counts, the limits, and frames from receivers that stripped the CRCs or rewrote L.
#include "../application/bytes_of.hpp"
#include "core/wireless/frame.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// EN 13757-4, annex C: the water meter, in both formats.
constexpr std::string_view water_a = "0F44AE0C7856341201074447780B134365871E6D";
constexpr std::string_view water_b = "1444AE0C7856341201078C2027780B134365877AC5";

const LinkAddress address = LinkAddress::read(bytes_of("AE0C785634120107"));

/// The CRC by definition, bit by bit: polynomial 3D65h, start 0, complement.
std::uint16_t slow_crc(std::span<const std::uint8_t> bytes) {
    unsigned crc = 0;
    for (const std::uint8_t byte : bytes) {
        for (unsigned bit = 8; bit-- > 0;) {
            const bool carry = ((crc >> 15U ^ unsigned{byte} >> bit) & 1U) != 0;
            crc = (crc << 1U & 0xFFFFU) ^ (carry ? 0x3D65U : 0U);
        }
    }
    return static_cast<std::uint16_t>(~crc);
}

Bytes air(FrameFormat format, const Bytes& data) {
    const auto frame = encode_frame(format, 0x44, address, data);
    BOOST_REQUIRE(frame.has_value());
    return {frame->bytes().begin(), frame->bytes().end()};
}

std::string code(const Expected<Frame>& frame) {
    return frame ? "none" : std::string{name_of(frame.error().code)};
}

std::string fault_of(const Bytes& received, Handover handover) {
    FrameBuffer buffer;
    return code(decode_frame(received, buffer, handover));
}

} // namespace

BOOST_AUTO_TEST_SUITE(wireless_frame)

BOOST_AUTO_TEST_CASE(crc_has_its_check_value) {
    const std::string_view digits = "123456789";
    const Bytes bytes(digits.begin(), digits.end());
    BOOST_TEST(slow_crc(bytes) == 0xC2B7);
}

BOOST_AUTO_TEST_CASE(water_meter_of_annex_c) {
    FrameBuffer buffer;
    const auto bytes = bytes_of(water_a);
    const auto frame = decode_frame(bytes, buffer, Handover::format_a);
    BOOST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->c() == 0x44);
    BOOST_TEST((frame->address() == address));
    BOOST_TEST(frame->address().id() == 0x12345678U);
    BOOST_TEST(hex_of(frame->data()) == "780B13436587");
    BOOST_TEST(hex_of(air(FrameFormat::a, bytes_of("780B13436587"))) == water_a);
    BOOST_TEST(hex_of(air(FrameFormat::b, bytes_of("8C2027780B13436587"))) == water_b);
    const auto b = decode_frame(bytes_of(water_b), buffer, Handover::unknown);
    BOOST_REQUIRE(b.has_value());
    BOOST_TEST((b->format == FrameFormat::b));
    BOOST_TEST(b->l_field == 0x14);
    BOOST_TEST(b->bytes[0] == 0x12, "L is what format A would have");
}

// Steps: frames of every size, in both formats. Expectation: the bytes on air of the formula, a CRC
// of its own behind each block (by the slow CRC), the data again, also with the format unknown.
BOOST_AUTO_TEST_CASE(every_size_both_ways) {
    std::mt19937 random{3};
    for (const FrameFormat format : {FrameFormat::a, FrameFormat::b}) {
        const std::size_t most = format == FrameFormat::a ? max_data_a : max_data_b;
        for (std::size_t size = 0; size <= most; ++size) {
            Bytes data(size);
            std::ranges::generate(data, [&] { return static_cast<std::uint8_t>(random()); });
            const Bytes sent = air(format, data);
            BOOST_TEST_REQUIRE(sent.size() == bytes_on_air(format, sent[0]));
            std::size_t at = 0;
            const std::size_t block = format == FrameFormat::a ? 16 : 126;
            while (at < sent.size()) {
                const std::size_t full = format == FrameFormat::a && at == 0 ? 10 : block;
                const std::size_t bytes = std::min(full, sent.size() - at - 2);
                const std::uint16_t crc = slow_crc(std::span{sent}.subspan(at, bytes));
                BOOST_TEST_REQUIRE((sent[at + bytes] << 8U | sent[at + bytes + 1]) == crc);
                at += bytes + 2;
            }
            const auto as = format == FrameFormat::a ? Handover::format_a : Handover::format_b;
            for (const Handover handover : {as, Handover::unknown}) {
                FrameBuffer buffer;
                const auto frame = decode_frame(sent, buffer, handover);
                BOOST_REQUIRE(frame.has_value());
                BOOST_TEST_REQUIRE((frame->format == format));
                BOOST_TEST_REQUIRE((std::ranges::equal(frame->data(), data)));
                for (std::size_t i = 1; i < frame->bytes.size(); ++i) {
                    BOOST_TEST_REQUIRE(sent[frame->offset_of(i)] == frame->bytes[i]);
                }
            }
        }
        BOOST_TEST(!encode_frame(format, 0x44, address, Bytes(most + 1)).has_value());
    }
}

// A.6: with one CRC at most 128 bytes; L = 128 and 129 would be a third block without data.
BOOST_AUTO_TEST_CASE(lengths_at_their_limits) {
    BOOST_TEST(air(FrameFormat::b, Bytes(116))[0] == 127);
    BOOST_TEST(air(FrameFormat::b, Bytes(117))[0] == 130);
    BOOST_TEST(air(FrameFormat::b, Bytes(max_data_b)).size() == 256U);
    BOOST_TEST(air(FrameFormat::a, Bytes(max_data_a)).size() == 290U);
    for (const unsigned l_field : {128U, 129U}) {
        Bytes bytes(std::size_t{1} + l_field);
        bytes[0] = static_cast<std::uint8_t>(l_field);
        BOOST_TEST(fault_of(bytes, Handover::format_b) == "reserved-length");
        BOOST_TEST(fault_of(bytes, Handover::stripped_old_l) == "reserved-length");
    }
    BOOST_TEST(fault_of({}, Handover::unknown) == "empty");
    BOOST_TEST(fault_of(bytes_of("0844AE0C7856341201"), Handover::unknown) == "length-too-small");
    BOOST_TEST(fault_of(bytes_of("0A44AE0C78563412010778"), Handover::format_b) ==
               "length-too-small");
}

// Steps: each CRC of a long frame wrong. Expectation: its offset, what was due and what was sent.
BOOST_AUTO_TEST_CASE(a_wrong_crc_is_located) {
    for (const FrameFormat format : {FrameFormat::a, FrameFormat::b}) {
        const auto handover = format == FrameFormat::a ? Handover::format_a : Handover::format_b;
        const unsigned blocks = format == FrameFormat::a ? 14 : 2;
        for (unsigned block = 0; block < blocks; ++block) {
            const auto sent =
                encode_frame(format, 0x44, address, Bytes(200), {.broken_crcs = 1U << block});
            BOOST_REQUIRE(sent.has_value());
            FrameBuffer buffer;
            const auto frame = decode_frame(sent->bytes(), buffer, handover);
            BOOST_TEST_REQUIRE(code(frame) == "block-crc-mismatch");
            const std::size_t offset = format == FrameFormat::a
                                           ? (block == 0 ? 10U : 12 + 18 * (block - 1) + 16)
                                           : (block == 0 ? 126U : 128 + 84);
            BOOST_TEST(frame.error().offset == std::min(offset, sent->size - 2));
        }
    }
}

// Facts K 12: receivers strip CRCs, some rewrite L, some append RSSI and the like.
BOOST_AUTO_TEST_CASE(stripped_frames_are_normalised) {
    FrameBuffer buffer;
    const auto stripped = bytes_of("0F44AE0C785634120107780B13436587");
    for (const Handover handover : {Handover::unknown, Handover::stripped}) {
        const auto frame = decode_frame(stripped, buffer, handover);
        BOOST_REQUIRE(frame.has_value());
        BOOST_TEST(!frame->format.has_value());
        BOOST_TEST(hex_of(frame->data()) == "780B13436587");
    }
    // Format B whose CRC is gone but is still counted.
    const auto old_l = bytes_of("1444AE0C7856341201078C2027780B13436587");
    const auto frame = decode_frame(old_l, buffer, Handover::stripped_old_l);
    BOOST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->l_field == 0x14);
    BOOST_TEST(frame->bytes[0] == 0x12);
    BOOST_TEST(hex_of(frame->data()) == "8C2027780B13436587");
    BOOST_TEST(fault_of(old_l, Handover::unknown) == "truncated");
    // What a receiver appends is kept apart; more than four bytes are no receiver's.
    auto appended = stripped;
    appended.insert(appended.end(), {0x4A, 0xB0});
    const auto longer = decode_frame(appended, buffer, Handover::unknown);
    BOOST_REQUIRE(longer.has_value());
    BOOST_TEST(hex_of(longer->surplus) == "4AB0");
    appended.insert(appended.end(), 3, 0);
    BOOST_TEST(fault_of(appended, Handover::stripped) == "surplus-bytes");
}

// With the format unknown, a long format B frame of whose two CRCs one is right has CRCs: the other
// one is wrong. Of a short one only the caller can say it.
BOOST_AUTO_TEST_CASE(wrong_crcs_are_told_from_stripped_ones) {
    for (const unsigned block : {0U, 1U}) {
        const auto sent = encode_frame(FrameFormat::b, 0x44, address, Bytes(200, 0x2F),
                                       {.broken_crcs = 1U << block});
        BOOST_REQUIRE(sent.has_value());
        const Bytes bytes(sent->bytes().begin(), sent->bytes().end());
        BOOST_TEST(fault_of(bytes, Handover::unknown) == "block-crc-mismatch");
    }
    const auto shorter =
        encode_frame(FrameFormat::b, 0x44, address, Bytes(20, 0x2F), {.broken_crcs = 1});
    const Bytes bytes(shorter->bytes().begin(), shorter->bytes().end());
    BOOST_TEST(fault_of(bytes, Handover::unknown) == "none");
    BOOST_TEST(fault_of(bytes, Handover::format_b) == "block-crc-mismatch");
}

BOOST_AUTO_TEST_CASE(truncated_frames_are_said_to_be) {
    for (const FrameFormat format : {FrameFormat::a, FrameFormat::b}) {
        const Bytes sent = air(format, Bytes(60, 0x2F));
        const auto handover = format == FrameFormat::a ? Handover::format_a : Handover::format_b;
        for (std::size_t size = 1; size < sent.size(); ++size) {
            const Bytes cut(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(size));
            BOOST_TEST_REQUIRE(fault_of(cut, handover) == "truncated");
        }
    }
}

// A frame without CRCs whose bytes 10 and 11 happen to be the CRC of the ten before is one all the
// same: its second block has none.
BOOST_AUTO_TEST_CASE(a_crc_by_chance_is_no_format) {
    const Bytes stripped = bytes_of(
        "1E 44 2E 4F 68 18 1F AB 01 07 7A 02 00 10 05 70 0E C4 7D 3F 8C FF 8B 14 E1 8E C0 EC 33 14 "
        "80");
    FrameBuffer buffer;
    const auto frame = decode_frame(stripped, buffer);
    BOOST_REQUIRE(frame.has_value());
    BOOST_TEST(!frame->format.has_value());
    BOOST_TEST(frame->surplus.empty());
}

BOOST_AUTO_TEST_SUITE_END()
