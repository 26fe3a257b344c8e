// SPDX-License-Identifier: Apache-2.0
// Purpose: in a stream with noise in it every whole frame is found and every other octet counted.
#include "core/link/frame_finder.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

BOOST_AUTO_TEST_SUITE(frame_finder)

using namespace meterbench::core;
using namespace meterbench::core::link;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::hex;
using meterbench::tests::octets;
using meterbench::tests::to_hex;

namespace {

struct Search {
    FrameFinder finder;
    std::vector<Bytes> found;
    std::size_t fed = 0;

    void take() { found.emplace_back(finder.bytes().begin(), finder.bytes().end()); }
    void feed(std::span<const Octet> heard) {
        for (const Octet& octet : heard) {
            ++fed;
            for (bool more = finder.push(octet); more; more = finder.again()) {
                take();
            }
        }
    }
    void feed(const Bytes& bytes) { feed(octets(bytes, at(0ms))); }
    /// The stream ends, or the line falls silent.
    void end() {
        while (finder.idle()) {
            take();
            while (finder.again()) {
                take();
            }
        }
    }
    [[nodiscard]] std::size_t found_bytes() const {
        std::size_t sum = 0;
        for (const Bytes& frame : found) {
            sum += frame.size();
        }
        return sum;
    }
};

Search search(const Bytes& bytes) {
    Search result;
    result.feed(bytes);
    result.end();
    return result;
}

std::string text_of(const Search& result) {
    std::string text;
    for (const Bytes& frame : result.found) {
        text += to_hex(frame) + "|";
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(clean_frames) {
    const auto result = search(hex("E5 10 40 01 41 16 68 03 03 68 53 FE BD 0E 16 E5"));
    BOOST_TEST(text_of(result) == "E5|10 40 01 41 16|68 03 03 68 53 FE BD 0E 16|E5|");
    BOOST_TEST(result.finder.skipped() == 0U);
}

BOOST_AUTO_TEST_CASE(a_false_start_swallows_nothing) {
    // 10h amid noise looks like a short frame and holds the start of a true one.
    BOOST_TEST(text_of(search(hex("10 10 40 01 41 16"))) == "10 40 01 41 16|");
    BOOST_TEST(text_of(search(hex("68 10 40 01 41 16"))) == "10 40 01 41 16|");
    // A false head of 68 20 20 68 waits for 38 bytes in all: silence tells what is in them.
    const auto result = search(hex("68 20 20 68 10 40 01 41 16 10 5B 01 5C 16"));
    BOOST_TEST(text_of(result) == "10 40 01 41 16|10 5B 01 5C 16|");
    BOOST_TEST(result.finder.skipped() == 4U);
}

BOOST_AUTO_TEST_CASE(a_false_start_in_a_true_frame_s_way) {
    // The false frame is complete and wrong: the true one inside it comes out without any silence.
    Search result;
    result.feed(hex("68 05 05 68 10 40 01 41 16 00 00"));
    BOOST_TEST(text_of(result) == "10 40 01 41 16|");
}

// E5h is a frame only after silence or a frame: amid noise it is any byte.
BOOST_AUTO_TEST_CASE(a_lone_acknowledge_amid_noise_is_noise) {
    BOOST_TEST(text_of(search(hex("00 E5"))).empty());
    BOOST_TEST(text_of(search(hex("00 E5 10 40 01 41 16 E5"))) == "10 40 01 41 16|E5|");
    Search result;
    result.feed(hex("00"));
    result.end();
    result.feed(hex("E5"));
    BOOST_TEST(text_of(result) == "E5|", "the line was silent between them");
}

BOOST_AUTO_TEST_CASE(a_character_with_an_error_breaks_the_frame_it_is_in) {
    for (const OctetErrors errors :
         {OctetErrors::parity, OctetErrors::framing, OctetErrors::break_}) {
        auto heard = octets(hex("10 40 01 41 16 10 5B 01 5C 16"), at(0ms));
        heard[2].errors = errors;
        Search result;
        result.feed(heard);
        BOOST_TEST(text_of(result) == "10 5B 01 5C 16|");
        BOOST_TEST(result.finder.skipped() == 5U);
    }
}

BOOST_AUTO_TEST_CASE(times_are_those_of_the_frame) {
    const auto heard = octets(hex("00 00 10 40 01 41 16"), at(100ms));
    Search result;
    result.feed(heard);
    BOOST_TEST((result.finder.start() == heard[2].start));
    BOOST_TEST((result.finder.end() == heard[6].end));
    BOOST_TEST((result.finder.frame().control == snd_nke));
    BOOST_TEST((result.finder.fault() == make_fault(FaultCode::unknown_start, 0, 0x68, 0x00)));
}

// Property: short and long frames between bytes that start none come out all, in order.
BOOST_AUTO_TEST_CASE(every_frame_in_harmless_noise_is_found) {
    std::mt19937 random{42};
    for (int round = 0; round < 500; ++round) {
        std::vector<Bytes> sent;
        Bytes stream;
        for (int i = 0; i < 10; ++i) {
            for (unsigned n = random() % 4; n > 0; --n) {
                stream.push_back(static_cast<std::uint8_t>(random() % 0x10)); // no start byte
            }
            Bytes data(1 + random() % 30);
            std::ranges::generate(data, [&] { return static_cast<std::uint8_t>(random()); });
            const FrameBuffer frame =
                random() % 2 == 0 ? encode_short(req_ud2(true), static_cast<std::uint8_t>(random()))
                                  : encode_long(rsp_ud, 1, data).value();
            sent.emplace_back(frame.bytes().begin(), frame.bytes().end());
            stream.insert(stream.end(), sent.back().begin(), sent.back().end());
        }
        const auto result = search(stream);
        BOOST_REQUIRE(result.found == sent);
        BOOST_REQUIRE(result.found_bytes() + result.finder.skipped() == result.fed);
    }
}

// Property: any bytes at all, many of them starts; nothing is lost and nothing invented.
BOOST_AUTO_TEST_CASE(found_and_skipped_make_all) {
    std::mt19937 random{4711};
    const Bytes likely = hex("E5 10 68 03 04 16 40 00 41 01");
    for (int round = 0; round < 3000; ++round) {
        Search result;
        for (int part = 0; part < 3; ++part) {
            Bytes stream(random() % 300);
            std::ranges::generate(stream, [&] {
                return random() % 8 == 0 ? static_cast<std::uint8_t>(random())
                                         : likely[random() % likely.size()];
            });
            result.feed(stream);
            result.end();
            BOOST_REQUIRE_EQUAL(result.found_bytes() + result.finder.skipped(), result.fed);
        }
        for (const Bytes& frame : result.found) {
            BOOST_REQUIRE(decode_frame(frame));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
