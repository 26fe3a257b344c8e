// SPDX-License-Identifier: Apache-2.0
// Purpose: frames as they arrive: how many bytes are due (FrameScan), and the strict receiver of a
// meter (FrameDecoder; EN 13757-2, 5.5; MB2-LL-007 to -015, -073).
#include "core/link/frame_decoder.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(frame_decoder)

using namespace meterbench::core;
using namespace meterbench::core::link;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::end_of;
using meterbench::tests::hex;
using meterbench::tests::octets;
using State = FrameDecoder::State;

namespace {

constexpr Baud baud{2400};
constexpr Duration idle_33 = std::chrono::microseconds{13'750}; ///< 33 bit times at 2400 Bd, exact

/// Pushes them all; the last state.
State push(FrameDecoder& decoder, std::span<const Octet> heard) {
    State state = State::more;
    for (const Octet& octet : heard) {
        state = decoder.push(octet, baud);
    }
    return state;
}

/// `size` bytes of a frame, then each claim about the rest must hold.
void check_needed(const Bytes& frame, std::size_t offset_known) {
    FrameScan scan;
    BOOST_TEST(scan.needed() == 1U);
    BOOST_TEST(!scan.complete());
    for (std::size_t i = 0; i < frame.size(); ++i) {
        BOOST_REQUIRE(!scan.push(frame[i]));
        BOOST_TEST(scan.size() == i + 1);
        const std::size_t left = frame.size() - i - 1;
        if (i >= offset_known) {
            BOOST_TEST(scan.needed() == left);
        } else {
            BOOST_TEST(scan.needed() == 8U, "a long frame of which L is not known yet");
        }
        BOOST_TEST(scan.complete() == (left == 0));
    }
    BOOST_TEST(scan.view(frame).user_data.size() == (frame.size() > 8 ? frame.size() - 8 : 0));
}

} // namespace

BOOST_AUTO_TEST_CASE(needed_is_exact_at_every_byte) {
    check_needed(hex("E5"), 0);
    check_needed(hex("10 5B 01 5C 16"), 0);
    for (std::size_t size = 1; size <= 253; ++size) {
        const auto buffer = encode_long(rsp_ud, 1, Bytes(size, 0x68));
        check_needed({buffer->bytes().begin(), buffer->bytes().end()}, 1);
    }
}

BOOST_AUTO_TEST_CASE(a_scan_can_be_used_again) {
    FrameScan scan;
    BOOST_TEST(scan.push(0x00).has_value());
    scan.reset();
    BOOST_TEST(scan.needed() == 1U);
    BOOST_TEST(!scan.push(0xE5));
    BOOST_TEST(scan.complete());
}

BOOST_AUTO_TEST_CASE(frames_follow_each_other) {
    FrameDecoder decoder;
    const auto first = octets(hex("68 04 04 68 08 01 71 05 7F 16"), at(5ms));
    for (std::size_t i = 0; i + 1 < first.size(); ++i) {
        BOOST_TEST((decoder.push(first[i], baud) == State::more));
        BOOST_TEST(decoder.inside());
    }
    BOOST_TEST((decoder.push(first.back(), baud) == State::frame));
    BOOST_TEST(!decoder.inside());
    BOOST_TEST(decoder.frame().ci() == 0x71);
    BOOST_TEST((decoder.start() == at(5ms)));
    BOOST_TEST((decoder.end() == end_of(first)));
    BOOST_TEST(decoder.bytes().size() == 10U);
    // The next one may follow without pause: the frame before was good.
    const auto second = octets(hex("10 40 01 41 16"), end_of(first));
    BOOST_TEST((push(decoder, second) == State::frame));
    BOOST_TEST((decoder.frame().control == snd_nke));
    BOOST_TEST((decoder.start() == end_of(first)));
    BOOST_TEST((push(decoder, octets(hex("E5"), end_of(second))) == State::frame));
}

// MB2-LL-015: 33 bit times to the nanosecond, counted from the last octet, wrong ones included.
BOOST_AUTO_TEST_CASE(after_a_fault_it_is_deaf_until_33_idle_bit_times) {
    const auto wrong = octets(hex("10 5B 01 00"), at(0ms));
    FrameDecoder decoder;
    BOOST_TEST((push(decoder, wrong) == State::fault));
    BOOST_TEST((decoder.fault() == make_fault(FaultCode::checksum_mismatch, 3, 0x5C, 0x00)));
    BOOST_TEST(decoder.deaf());
    BOOST_TEST(!decoder.deadline(baud), "nothing is due any more");
    const auto at_once = octets(hex("16 10 40 01 41 16"), end_of(wrong));
    BOOST_TEST((push(decoder, at_once) == State::more), "the rest and a good frame: ignored");
    const auto too_soon = octets(hex("E5"), end_of(at_once) + idle_33 - 1ns);
    BOOST_TEST((push(decoder, too_soon) == State::more));
    BOOST_TEST(decoder.deaf());
    BOOST_TEST((push(decoder, octets(hex("E5"), end_of(too_soon) + idle_33)) == State::frame));
    BOOST_TEST(!decoder.deaf());
}

BOOST_AUTO_TEST_CASE(every_wrong_byte_makes_it_deaf) {
    const Bytes good = hex("68 04 04 68 08 01 71 05 7F 16");
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes bytes = good;
        bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ 0x02U);
        FrameDecoder decoder;
        bool frame = false;
        for (const Octet& octet : octets(bytes, at(0ms))) {
            frame = frame || decoder.push(octet, baud) == State::frame;
        }
        BOOST_TEST(!frame, "byte " << i);
        // A wrong L leaves it waiting for more at worst; the silence ends that too.
        const auto next = octets(hex("10 40 01 41 16"), decoder.end() + idle_33);
        BOOST_TEST((push(decoder, next) == State::frame), "byte " << i);
    }
}

// MB2-LL-012: idle inside a frame; the octet after 33 bit times begins another frame.
BOOST_AUTO_TEST_CASE(a_gap_of_33_bit_times_ends_a_frame) {
    const auto half = octets(hex("10 5B"), at(0ms));
    const Bytes rest = hex("01 5C 16");
    FrameDecoder decoder;
    BOOST_TEST((push(decoder, half) == State::more));
    BOOST_TEST((push(decoder, octets(rest, end_of(half) + idle_33 - 1ns)) == State::frame),
               "a nanosecond less is still one frame");
    decoder.reset();
    BOOST_TEST((push(decoder, half) == State::more));
    const auto late = octets(rest, end_of(half) + idle_33);
    BOOST_TEST((decoder.push(late.front(), baud) == State::fault));
    BOOST_TEST((decoder.fault() == make_fault(FaultCode::unknown_start, 0, 0x68, 0x01)));
    decoder.reset();
    BOOST_TEST((push(decoder, half) == State::more));
    BOOST_TEST(
        (push(decoder, octets(hex("10 40 01 41 16"), end_of(half) + idle_33)) == State::frame));
    BOOST_TEST((decoder.start() == end_of(half) + idle_33));
}

BOOST_AUTO_TEST_CASE(its_deadline_is_when_an_unfinished_frame_breaks_off) {
    FrameDecoder decoder;
    BOOST_TEST(!decoder.deadline(baud));
    const auto half = octets(hex("68 04 04 68 08"), at(1ms));
    BOOST_TEST((push(decoder, half) == State::more));
    const Instant due = end_of(half) + idle_33;
    BOOST_REQUIRE(decoder.deadline(baud).has_value());
    BOOST_TEST((*decoder.deadline(baud) == due));
    BOOST_TEST((decoder.idle(due - 1ns, baud) == State::more));
    BOOST_TEST((decoder.idle(due, baud) == State::fault));
    BOOST_TEST((decoder.fault() == make_fault(FaultCode::truncated, 5, 10, 5)));
    BOOST_TEST(!decoder.deaf(), "the line has been idle");
    BOOST_TEST(!decoder.inside());
    BOOST_TEST((push(decoder, octets(hex("E5"), due)) == State::frame));
    BOOST_TEST((decoder.idle(due + 1s, baud) == State::more), "no frame is under way");
}

// MB2-LL-011: a character with an error ends the frame, whatever its value, at any place.
BOOST_AUTO_TEST_CASE(characters_with_errors) {
    using enum OctetErrors;
    const std::pair<OctetErrors, FaultCode> rows[]{
        {parity, FaultCode::parity_error},
        {framing, FaultCode::framing_error},
        {parity | framing, FaultCode::framing_error},
        {framing | break_, FaultCode::break_received},
        {parity | framing | break_ | collision, FaultCode::collision},
        {collision, FaultCode::collision}};
    for (const auto& [errors, code] : rows) {
        for (std::size_t i = 0; i < 5; ++i) {
            auto heard = octets(hex("10 5B 01 5C 16"), at(0ms));
            heard[i].errors = errors;
            FrameDecoder decoder;
            bool frame = false;
            bool fault = false;
            for (const Octet& octet : heard) {
                const State state = decoder.push(octet, baud);
                frame = frame || state == State::frame;
                if (state == State::fault) {
                    fault = true;
                    BOOST_TEST((decoder.fault() == make_fault(code, i)));
                    BOOST_TEST(decoder.bytes().size() == i + 1);
                }
            }
            BOOST_TEST(!frame);
            BOOST_TEST(fault);
            BOOST_TEST(decoder.deaf());
        }
    }
}

// MB2-LL-013: an octet that starts no frame is a fault of its own.
BOOST_AUTO_TEST_CASE(an_unknown_start_makes_it_deaf) {
    FrameDecoder decoder;
    const auto noise = octets(hex("16"), at(0ms));
    BOOST_TEST((push(decoder, noise) == State::fault));
    BOOST_TEST((push(decoder, octets(hex("10 40 01 41 16"), end_of(noise))) == State::more));
}

BOOST_AUTO_TEST_CASE(the_longest_frame_fits) {
    const auto buffer = encode_long(rsp_ud, 1, Bytes(253, 0xAA));
    FrameDecoder decoder;
    BOOST_TEST((push(decoder, octets(buffer->bytes(), at(0ms))) == State::frame));
    BOOST_TEST(decoder.bytes().size() == 261U);
    BOOST_TEST(std::ranges::equal(decoder.bytes(), buffer->bytes()));
}

BOOST_AUTO_TEST_CASE(idle_time_counts_in_bits_of_the_rate) {
    for (const std::uint32_t rate : {300U, 9600U, 38400U}) {
        FrameDecoder decoder;
        const auto noise = octets(hex("00"), at(0ms), Baud{rate});
        BOOST_TEST((decoder.push(noise.front(), Baud{rate}) == State::fault));
        const Duration idle = BitTime{33}.floor(Baud{rate});
        const auto early = octets(hex("E5"), end_of(noise) + idle - 1ns, Baud{rate});
        BOOST_TEST((decoder.push(early.front(), Baud{rate}) == State::more));
        const auto good = octets(hex("E5"), end_of(early) + idle, Baud{rate});
        BOOST_TEST((decoder.push(good.front(), Baud{rate}) == State::frame));
    }
}

BOOST_AUTO_TEST_SUITE_END()
