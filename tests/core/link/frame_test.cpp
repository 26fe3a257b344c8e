// SPDX-License-Identifier: Apache-2.0
// Purpose: the four frame formats both ways (EN 13757-2, 5.6; MB2-LL-001 to -010, -072, -073), and
// for every wrong byte the fault that names it.
#include "core/link/frame.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <random>

BOOST_AUTO_TEST_SUITE(frame)

using namespace meterbench::core;
using namespace meterbench::core::link;
using meterbench::tests::Bytes;
using meterbench::tests::hex;
using meterbench::tests::to_hex;

namespace {

Fault fault_of(const Bytes& bytes) {
    const auto frame = decode_frame(bytes);
    BOOST_REQUIRE_MESSAGE(!frame, to_hex(bytes) << " is a frame");
    return frame.error();
}

Bytes encode(const Frame& frame) {
    FrameBuffer buffer = encode_single();
    if (frame.kind == FrameKind::short_frame) {
        buffer = encode_short(frame.control, frame.address);
    } else if (frame.kind != FrameKind::single) {
        buffer = encode_long(frame.control, frame.address, frame.user_data).value();
    }
    return {buffer.bytes().begin(), buffer.bytes().end()};
}

bool same(const Frame& a, const Frame& b) {
    return a.kind == b.kind && a.control == b.control && a.address == b.address &&
           std::ranges::equal(a.user_data, b.user_data);
}

} // namespace

// Step: decode worked examples, encode what came out. Expectation: kind, C, A and CI as the facts
// say, and the very same bytes again.
BOOST_AUTO_TEST_CASE(worked_examples_go_both_ways) {
    struct Example {
        std::string_view id;
        std::string_view bytes;
        FrameKind kind;
        std::uint8_t control;
        std::uint8_t address;
        int ci; ///< -1: none
        std::size_t data;
    };
    using enum FrameKind;
    static constexpr std::array examples{
        Example{"EX-001", "E5", single, 0, 0, -1, 0},
        Example{"EX-002", "10 40 01 41 16", short_frame, 0x40, 0x01, -1, 0},
        Example{"EX-003", "10 40 FD 3D 16", short_frame, 0x40, 0xFD, -1, 0},
        Example{"EX-004", "10 40 FF 3F 16", short_frame, 0x40, 0xFF, -1, 0},
        Example{"EX-005", "10 5B 01 5C 16", short_frame, 0x5B, 0x01, -1, 0},
        Example{"EX-006", "10 7B 01 7C 16", short_frame, 0x7B, 0x01, -1, 0},
        Example{"EX-007", "10 7B FE 79 16", short_frame, 0x7B, 0xFE, -1, 0},
        Example{"EX-008", "10 5A 01 5B 16", short_frame, 0x5A, 0x01, -1, 0},
        Example{"EX-009", "10 5B FD 58 16", short_frame, 0x5B, 0xFD, -1, 0},
        Example{"EX-010", "68 04 04 68 08 01 71 05 7F 16", long_frame, 0x08, 0x01, 0x71, 1},
        Example{"EX-011", "68 03 03 68 53 FE BD 0E 16", control, 0x53, 0xFE, 0xBD, 0},
        Example{"EX-014", "68 03 03 68 53 05 50 A8 16", control, 0x53, 0x05, 0x50, 0},
        Example{"EX-015", "68 06 06 68 53 FE 51 01 7A 08 25 16", long_frame, 0x53, 0xFE, 0x51, 3},
        Example{"EX-021", "68 03 03 68 53 FF 5C AE 16", control, 0x53, 0xFF, 0x5C, 0},
        Example{"EX-023", "68 0B 0B 68 53 FD 52 78 56 34 12 24 40 01 07 22 16", long_frame, 0x53,
                0xFD, 0x52, 8},
        Example{"EX-024", "68 0B 0B 68 73 FD 52 FF FF FF 0F FF FF FF FF CA 16", long_frame, 0x73,
                0xFD, 0x52, 8},
        Example{"EX-026", "68 11 11 68 53 FD 52 78 56 34 12 FF FF FF FF 0C 78 04 03 02 01 40 16",
                long_frame, 0x53, 0xFD, 0x52, 14},
        Example{"EX-028",
                "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B "
                "13 01 8B 60 04 37 18 02 18 16",
                long_frame, 0x08, 0x02, 0x72, 28},
        Example{"EX-031", "68 04 04 68 08 01 70 01 7A 16", long_frame, 0x08, 0x01, 0x70, 1},
    };
    for (const Example& example : examples) {
        BOOST_TEST_CONTEXT(example.id) {
            const Bytes bytes = hex(example.bytes);
            const auto decoded = decode_frame(bytes);
            BOOST_REQUIRE(decoded);
            BOOST_TEST((decoded->kind == example.kind));
            BOOST_TEST(decoded->control.value == example.control);
            BOOST_TEST(decoded->address == example.address);
            BOOST_TEST(decoded->has_ci() == (example.ci >= 0));
            BOOST_TEST((decoded->has_ci() ? decoded->ci() : -1) == example.ci);
            BOOST_TEST(decoded->data().size() == example.data);
            BOOST_TEST(encode(*decoded) == bytes);
        }
    }
}

BOOST_AUTO_TEST_CASE(kinds_have_names) {
    BOOST_TEST(name_of(FrameKind::single) == "single");
    BOOST_TEST(name_of(FrameKind::short_frame) == "short");
    BOOST_TEST(name_of(FrameKind::control) == "control");
    BOOST_TEST(name_of(FrameKind::long_frame) == "long");
}

// MB2-LL-002, -006, -008: each byte of a short frame wrong, one at a time.
BOOST_AUTO_TEST_CASE(a_wrong_byte_of_a_short_frame) {
    using enum FaultCode;
    BOOST_TEST((fault_of(hex("11 5B 01 5C 16")) == make_fault(unknown_start, 0, 0x68, 0x11)));
    BOOST_TEST((fault_of(hex("10 5A 01 5C 16")) == make_fault(checksum_mismatch, 3, 0x5B, 0x5C)));
    BOOST_TEST((fault_of(hex("10 5B 02 5C 16")) == make_fault(checksum_mismatch, 3, 0x5D, 0x5C)));
    BOOST_TEST((fault_of(hex("10 5B 01 5D 16")) == make_fault(checksum_mismatch, 3, 0x5C, 0x5D)));
    BOOST_TEST((fault_of(hex("10 5B 01 5C 17")) == make_fault(stop_missing, 4, 0x16, 0x17)));
}

// MB2-LL-003, -007 to -010, -073: the same for a long frame.
BOOST_AUTO_TEST_CASE(a_wrong_byte_of_a_long_frame) {
    using enum FaultCode;
    const Bytes good = hex("68 04 04 68 08 01 71 05 7F 16");
    const auto with = [&](std::size_t index, std::uint8_t value) {
        Bytes bytes = good;
        bytes[index] = value;
        return fault_of(bytes);
    };
    BOOST_TEST((with(0, 0x67) == make_fault(unknown_start, 0, 0x68, 0x67)));
    for (std::uint8_t length = 0; length < 3; ++length) {
        BOOST_TEST((with(1, length) == make_fault(length_too_small, 1, 3, length)));
    }
    BOOST_TEST((with(1, 5) == make_fault(length_mismatch, 2, 5, 4)));
    BOOST_TEST((with(2, 5) == make_fault(length_mismatch, 2, 4, 5)));
    BOOST_TEST((with(3, 0x10) == make_fault(second_start_missing, 3, 0x68, 0x10)));
    for (const std::size_t index : {4U, 5U, 6U, 7U}) {
        const auto value = static_cast<std::uint8_t>(good[index] + 1);
        BOOST_TEST((with(index, value) == make_fault(checksum_mismatch, 8, 0x80, 0x7F)));
    }
    BOOST_TEST((with(8, 0x7E) == make_fault(checksum_mismatch, 8, 0x7F, 0x7E)));
    BOOST_TEST((with(9, 0x15) == make_fault(stop_missing, 9, 0x16, 0x15)));
}

BOOST_AUTO_TEST_CASE(every_byte_that_starts_no_frame) {
    for (unsigned first = 0; first < 256; ++first) {
        const Bytes bytes{static_cast<std::uint8_t>(first)};
        const auto decoded = decode_frame(bytes);
        if (first == 0xE5) {
            BOOST_TEST(decoded.has_value());
        } else if (first == 0x10 || first == 0x68) {
            BOOST_TEST((decoded.error().code == FaultCode::truncated));
        } else {
            BOOST_TEST((decoded.error().code == FaultCode::unknown_start));
        }
    }
    BOOST_TEST((fault_of({}) == make_fault(FaultCode::empty)));
}

// MB2-LL-012: a frame cut at any byte; the fault says how many bytes would be due at least.
BOOST_AUTO_TEST_CASE(truncation_at_every_length) {
    const Bytes good = hex("68 06 06 68 53 FE 51 01 7A 08 25 16");
    for (std::size_t size = 1; size < good.size(); ++size) {
        const Bytes cut{good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)};
        const std::size_t due = size == 1 ? 9 : good.size();
        BOOST_TEST(
            (fault_of(cut) == make_fault(FaultCode::truncated, size, static_cast<std::int32_t>(due),
                                         static_cast<std::int32_t>(size))));
    }
    for (std::size_t size = 1; size < 5; ++size) {
        const Bytes whole = hex("10 5B 01 5C 16");
        const Bytes cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
        BOOST_TEST((fault_of(cut) ==
                    make_fault(FaultCode::truncated, size, 5, static_cast<std::int32_t>(size))));
    }
}

BOOST_AUTO_TEST_CASE(surplus_bytes_are_named_where_they_begin) {
    BOOST_TEST((fault_of(hex("E5 E5")) == make_fault(FaultCode::surplus_bytes, 1)));
    BOOST_TEST((fault_of(hex("10 40 01 41 16 00")) == make_fault(FaultCode::surplus_bytes, 5)));
    BOOST_TEST((fault_of(hex("68 03 03 68 53 FE BD 0E 16 16 16")) ==
                make_fault(FaultCode::surplus_bytes, 9)));
}

// MB2-LL-004, -072: L from 3 to 255, so 1 to 253 bytes from the CI-field on, 261 in all.
BOOST_AUTO_TEST_CASE(every_length_field) {
    Bytes user_data;
    for (std::size_t length = 3; length <= 255; ++length) {
        user_data.push_back(static_cast<std::uint8_t>(length * 7));
        const auto buffer = encode_long(rsp_ud, 1, user_data);
        BOOST_REQUIRE(buffer);
        BOOST_REQUIRE_EQUAL(buffer->bytes().size(), length + 6);
        const auto decoded = decode_frame(buffer->bytes());
        BOOST_REQUIRE(decoded);
        BOOST_TEST((decoded->kind == (length == 3 ? FrameKind::control : FrameKind::long_frame)));
        BOOST_TEST(std::ranges::equal(decoded->user_data, user_data));
    }
    user_data.push_back(0);
    BOOST_TEST((encode_long(rsp_ud, 1, user_data).error() ==
                make_fault(FaultCode::data_too_long, 1, 255, 256)));
    BOOST_TEST(
        (encode_long(rsp_ud, 1, {}).error() == make_fault(FaultCode::length_too_small, 1, 3, 2)));
}

// Property: any C, A and user data come back as they went in (fixed seed).
BOOST_AUTO_TEST_CASE(what_is_encoded_decodes_to_itself) {
    std::mt19937 random{20240229};
    const auto byte = [&] { return static_cast<std::uint8_t>(random()); };
    for (int round = 0; round < 5000; ++round) {
        Bytes user_data(1 + random() % 253);
        std::ranges::generate(user_data, byte);
        const Frame original{user_data.size() == 1 ? FrameKind::control : FrameKind::long_frame,
                             {byte()},
                             byte(),
                             user_data};
        const Bytes bytes = encode(original);
        const auto decoded = decode_frame(bytes);
        BOOST_REQUIRE(decoded);
        BOOST_REQUIRE(same(*decoded, original));
        const Frame brief{FrameKind::short_frame, {byte()}, byte(), {}};
        const Bytes five = encode(brief);
        BOOST_REQUIRE(same(decode_frame(five).value(), brief));
    }
}

// Property: no flip of one bit of any of these frames is taken for a frame (Hamming distance of a
// sum: one flipped bit always changes it; the head is checked by itself).
BOOST_AUTO_TEST_CASE(one_flipped_bit_is_always_found) {
    std::mt19937 random{7};
    std::vector<Bytes> frames{hex("E5"), hex("10 5B 01 5C 16"), hex("68 03 03 68 53 FE BD 0E 16")};
    for (int round = 0; round < 50; ++round) {
        Bytes user_data(1 + random() % 253);
        std::ranges::generate(user_data, [&] { return static_cast<std::uint8_t>(random()); });
        const auto buffer = encode_long({static_cast<std::uint8_t>(random())}, 3, user_data);
        frames.emplace_back(buffer->bytes().begin(), buffer->bytes().end());
    }
    for (const Bytes& good : frames) {
        for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
            Bytes flipped = good;
            flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
            BOOST_REQUIRE_MESSAGE(!decode_frame(flipped), to_hex(flipped));
        }
    }
}

// The limit of the sum: two flips that cancel out are not found. It is why parity is checked too.
BOOST_AUTO_TEST_CASE(two_flips_may_cancel_out) {
    const Bytes good = hex("68 04 04 68 08 01 71 05 7F 16");
    int undetected = 0;
    for (std::size_t a = 0; a < 8 * good.size(); ++a) {
        for (std::size_t b = a + 1; b < 8 * good.size(); ++b) {
            Bytes bytes = good;
            bytes[a / 8] = static_cast<std::uint8_t>(bytes[a / 8] ^ (1U << (a % 8)));
            bytes[b / 8] = static_cast<std::uint8_t>(bytes[b / 8] ^ (1U << (b % 8)));
            const auto decoded = decode_frame(bytes);
            if (!decoded) {
                continue;
            }
            ++undetected;
            // Only where the sum over C to the data, and the head, hold all the same.
            BOOST_TEST(a / 8 >= 4);
            BOOST_TEST(b / 8 <= 8);
            BOOST_TEST(checksum(std::span{bytes}.subspan(4, 4)) == bytes[8]);
        }
    }
    BOOST_TEST(undetected > 0);
}

BOOST_AUTO_TEST_CASE(the_checksum_is_a_sum_modulo_256) {
    BOOST_TEST(checksum({}) == 0);
    BOOST_TEST(checksum(hex("5B 01")) == 0x5C);
    BOOST_TEST(checksum(hex("FF FF 03")) == 0x01);
    BOOST_TEST(checksum(Bytes(256, 0x01)) == 0x00);
}

BOOST_AUTO_TEST_SUITE_END()
