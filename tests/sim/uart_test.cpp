// SPDX-License-Identifier: Apache-2.0
// Purpose: what a receiver makes of the wire, against a second, plain way of working it out.
#include "sim/uart.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <bit>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

BOOST_AUTO_TEST_SUITE(uart)

using namespace meterbench::core;
using namespace meterbench::sim;
using namespace std::chrono_literals;
using meterbench::tests::at;
using Kind = CharacterException::Kind;

namespace {

Character character(std::uint8_t value, Instant start, Baud baud = {}, Kind kind = Kind::none,
                    std::uint32_t port = 0) {
    return {start, start + bit_edge(baud, 11), baud, character_pattern(value, kind, 1), 11, port};
}

std::string describe(const Octet& octet) {
    return std::to_string(octet.value) + "/" + std::to_string(static_cast<unsigned>(octet.errors)) +
           "@" + std::to_string(octet.start.time_since_epoch().count()) + " ";
}
std::string describe(const std::vector<Octet>& octets) {
    std::string text;
    for (const Octet& octet : octets) {
        text += describe(octet);
    }
    return text;
}

/// How many senders pull at an instant, from the bits themselves, without the code under test.
int pulling(const std::vector<Character>& wave, Instant when) {
    int count = 0;
    for (const Character& c : wave) {
        for (int bit = 0; bit < c.bit_count; ++bit) {
            const Instant from = c.start + Duration{bit * 1'000'000'000LL / c.baud.value};
            const Instant to = c.start + Duration{(bit + 1) * 1'000'000'000LL / c.baud.value};
            const bool space = (c.bits >> bit & 1U) == 0;
            count += space && when >= from && when < std::min(to, c.end) ? 1 : 0;
        }
    }
    return count;
}

/// A UART by brute force: looks for a falling edge nanosecond by nanosecond (in steps near edges),
/// confirms the start bit in its middle and samples eleven bit middles.
std::vector<Octet> brute_force(const std::vector<Character>& wave, Baud baud, Instant end) {
    // The only instants at which the level can change.
    std::vector<Instant> edges;
    for (const Character& c : wave) {
        for (int bit = 0; bit <= c.bit_count; ++bit) {
            edges.push_back(
                std::min(c.end, c.start + Duration{bit * 1'000'000'000LL / c.baud.value}));
        }
    }
    std::ranges::sort(edges);
    const auto middle = [&](Instant start, int half_bits) {
        return start + Duration{half_bits * 1'000'000'000LL / (2LL * baud.value)};
    };
    std::vector<Octet> result;
    Instant ready{};
    for (const Instant edge : edges) {
        if (edge < ready || pulling(wave, edge) == 0 || pulling(wave, edge - 1ns) != 0) {
            continue;
        }
        if (pulling(wave, middle(edge, 1)) == 0) {
            ready = middle(edge, 1);
            continue;
        }
        Octet octet{.start = edge, .end = middle(edge, 22)};
        if (octet.end > end) {
            break;
        }
        unsigned bits = 0;
        bool overload = false;
        for (int bit = 0; bit < 11; ++bit) {
            const int count = pulling(wave, middle(edge, 2 * bit + 1));
            bits |= count == 0 ? 1U << bit : 0U;
            overload = overload || count * 15 > 50;
        }
        octet.value = static_cast<std::uint8_t>(bits >> 1U);
        const bool odd = std::popcount(bits & 0x3FEU) % 2 != 0;
        octet.errors = (odd ? OctetErrors::parity : OctetErrors::none) |
                       ((bits & 0x400U) == 0 ? OctetErrors::framing : OctetErrors::none) |
                       (bits == 0 ? OctetErrors::break_ : OctetErrors::none) |
                       (overload ? OctetErrors::collision : OctetErrors::none);
        result.push_back(octet);
        ready = middle(edge, 21);
    }
    return result;
}

std::vector<Octet> receive(const std::vector<Character>& wave, Baud baud, Instant end,
                           Duration step = 10s) {
    Waveform waveform;
    for (const Character& c : wave) {
        waveform.add(c);
    }
    UartReceiver receiver{baud};
    receiver.restart(Instant{});
    std::vector<Octet> result;
    for (Instant now = at(1ms); now < end; now += step) {
        receiver.advance(waveform, now, result);
    }
    receiver.advance(waveform, end, result);
    return result;
}

} // namespace

// MB2-PH-036: start, eight data bits LSB first, even parity, stop.
BOOST_AUTO_TEST_CASE(the_bits_of_a_character) {
    BOOST_TEST(character_pattern(0x00, Kind::none, 1) == 0b1'0'00000000'0);
    BOOST_TEST(character_pattern(0x01, Kind::none, 1) == 0b1'1'00000001'0);
    BOOST_TEST(character_pattern(0xE5, Kind::none, 1) == 0b1'1'11100101'0);
    BOOST_TEST(character_pattern(0xE5, Kind::parity, 1) == 0b1'0'11100101'0);
    BOOST_TEST(character_pattern(0xE5, Kind::framing, 1) == 0b0'1'11100101'0);
    BOOST_TEST(character_pattern(0xE5, Kind::break_, 1) == 0);
    BOOST_TEST(character_pattern(0xE5, Kind::none, 2) == 0b1'1'1'11100101'0);
    BOOST_TEST(character_pattern(0xE5, Kind::break_, 2) == 0);
}

BOOST_AUTO_TEST_CASE(every_character_undisturbed) {
    for (unsigned value = 0; value < 256; ++value) {
        const auto byte = static_cast<std::uint8_t>(value);
        for (const Kind kind : {Kind::none, Kind::parity, Kind::framing, Kind::break_}) {
            const Character c = character(byte, at(1ms), {}, kind);
            const Octet direct = read_character(c);
            BOOST_TEST(direct.value == (kind == Kind::break_ ? 0 : byte));
            BOOST_TEST(has(direct.errors, OctetErrors::parity) == (kind == Kind::parity));
            BOOST_TEST(has(direct.errors, OctetErrors::framing) ==
                       (kind == Kind::framing || kind == Kind::break_));
            const bool all_space = kind == Kind::break_ || (kind == Kind::framing && byte == 0);
            BOOST_TEST(has(direct.errors, OctetErrors::break_) == all_space);
            const auto sampled = receive({c}, Baud{}, at(1s));
            BOOST_REQUIRE(!sampled.empty());
            BOOST_TEST(describe(sampled.front()) == describe(direct), "sampling hears the same");
        }
    }
}

BOOST_AUTO_TEST_CASE(levels_change_at_the_edges) {
    const Character c = character(0x55, at(0ns));
    for (int bit = 0; bit < 11; ++bit) {
        const bool mark = (c.bits >> bit & 1U) != 0;
        BOOST_TEST(c.mark_at(at(bit_edge(Baud{}, bit))) == mark);
        BOOST_TEST(c.mark_at(at(bit_edge(Baud{}, bit + 1) - 1ns)) == mark);
    }
}

BOOST_AUTO_TEST_CASE(more_than_50_mA_is_a_collision) {
    for (std::uint32_t senders = 1; senders <= 5; ++senders) {
        std::vector<Character> wave;
        for (std::uint32_t port = 0; port < senders; ++port) {
            wave.push_back(character(0xE5, at(1ms), {}, Kind::none, port));
        }
        const auto heard = receive(wave, Baud{}, at(1s));
        BOOST_REQUIRE(heard.size() == 1U);
        BOOST_TEST(heard[0].value == 0xE5);
        // MB2-PH-027: 15 mA each; four are 60 mA.
        BOOST_TEST(has(heard[0].errors, OctetErrors::collision) == (senders >= 4));
    }
}

BOOST_AUTO_TEST_CASE(a_spike_is_no_start_bit) {
    // 38400 Bd: a start bit of 26 us and marks; far less than half a bit of 2400 Bd.
    const std::vector<Character> wave{character(0xFF, at(1ms), Baud{38400}),
                                      character(0x41, at(5ms))};
    const auto heard = receive(wave, Baud{2400}, at(1s));
    BOOST_REQUIRE(heard.size() == 1U);
    BOOST_TEST(heard[0].value == 0x41);
}

// Property: any wave of up to four senders at any rates, heard at any rate: the same as by brute
// force, and the same however often the receiver looks.
BOOST_AUTO_TEST_CASE(it_hears_what_brute_force_hears) {
    std::mt19937 random{5};
    constexpr std::uint32_t rates[]{300, 600, 1200, 2400, 4800, 9600};
    std::size_t total = 0;
    for (int round = 0; round < 300; ++round) {
        std::vector<Character> wave;
        const std::uint32_t senders = 1 + random() % 4;
        for (std::uint32_t port = 0; port < senders; ++port) {
            const Baud baud{rates[random() % 6]};
            const Instant start = at(1ms) + Duration{random() % 30'000'000};
            for (std::int64_t n = 0; n < 4; ++n) {
                const auto kind = static_cast<Kind>(random() % 8 == 0 ? random() % 4 : 0);
                Character c = character(static_cast<std::uint8_t>(random()),
                                        start + bit_edge(baud, 11 * n), baud, kind, port);
                c.end = start + bit_edge(baud, 11 * (n + 1));
                wave.push_back(c);
            }
        }
        const Baud listener{rates[random() % 6]};
        const Instant end = at(2s);
        const std::string expected = describe(brute_force(wave, listener, end));
        BOOST_REQUIRE_EQUAL(describe(receive(wave, listener, end)), expected);
        BOOST_REQUIRE_EQUAL(describe(receive(wave, listener, end, 777us)), expected);
        total += expected.size();
    }
    BOOST_TEST(total > 1000U, "something was heard");
}

BOOST_AUTO_TEST_SUITE_END()
