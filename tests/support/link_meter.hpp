// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/secondary_station.hpp"
#include "tests/support/fake_application.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace meterbench::tests::link_meter {

using namespace core;
using namespace core::link;
using namespace std::chrono_literals;

inline const std::string silence;
inline const std::string ack = "E5";

inline Bytes short_frame(ControlField control, std::uint8_t address) {
    const FrameBuffer frame = encode_short(control, address);
    return {frame.bytes().begin(), frame.bytes().end()};
}
inline Bytes long_frame(ControlField control, std::uint8_t address, const Bytes& user_data) {
    const FrameBuffer frame = encode_long(control, address, user_data).value();
    return {frame.bytes().begin(), frame.bytes().end()};
}

/// A meter at address 5 on a line of its own. Each request comes half a second after the last.
struct Meter {
    FakeApplication application;
    Baud baud{};
    SecondaryStation station{{.address = 5, .baud = baud}, application};
    Instant now{};
    Instant request_end{};

    explicit Meter(std::size_t telegrams = 3, Baud rate = {})
        : application{telegrams}, baud{rate} {}

    void hear(const Bytes& bytes) {
        now += 500ms;
        const auto heard = octets(bytes, now, baud);
        for (const Octet& octet : heard) {
            station.receive({&octet, 1});
        }
        now = end_of(heard);
        request_end = now;
    }
    /// What it answers, as hex; the answer leaves.
    std::string ask(const Bytes& bytes) {
        hear(bytes);
        return finish();
    }
    std::string ask(std::string_view text) { return ask(hex(text)); }
    std::string finish() {
        const auto transmission = station.transmit();
        if (!transmission) {
            return silence;
        }
        const std::string text = to_hex(transmission->bytes);
        now = transmission->not_before + bit_edge(baud, 11 * std::ssize(transmission->bytes));
        station.sent(now);
        BOOST_TEST(!station.transmit());
        return text;
    }
    std::string request2(bool fcb, std::uint8_t address = 5) {
        return ask(short_frame(req_ud2(fcb), address));
    }
    std::string reset(std::uint8_t address = 5) { return ask(short_frame(snd_nke, address)); }
    std::string select(std::string_view mask = "78 56 34 12 24 40 01 07") {
        Bytes user_data{0x52};
        const Bytes bytes = hex(mask);
        user_data.insert(user_data.end(), bytes.begin(), bytes.end());
        return ask(long_frame(snd_ud(false), 0xFD, user_data));
    }
    /// Number n of the application's telegrams, as the answer that carries it.
    [[nodiscard]] std::string telegram(std::size_t n) const {
        return to_hex(long_frame(response(application.access_demand, application.overflow), 5,
                                 application.class2_telegrams[n]));
    }
};

} // namespace meterbench::tests::link_meter
