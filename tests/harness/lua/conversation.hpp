// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/trace_reader.hpp"
#include "tests/core/application/bytes_of.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace meterbench::tests {

inline constexpr std::int64_t bit = 416'667; // ns at 2400 Bd, a little more than one

/// Octets one after the other, `pause` after what was before.
inline void say(formats::Trace& trace, bool sent, std::string_view hex, std::int64_t pause,
                std::uint32_t baud = 2400) {
    formats::TracePacket packet;
    packet.sent = sent;
    packet.baud = baud;
    packet.bytes = test::bytes_of(hex);
    packet.start = trace.packets.empty() ? 0 : trace.packets.back().end + pause;
    packet.end =
        packet.start + static_cast<std::int64_t>(packet.bytes.size()) * 11 * 1'000'000'000 / baud;
    packet.phase = "run";
    trace.packets.push_back(std::move(packet));
}

inline std::string octet(unsigned value) {
    return test::hex_of(std::array{static_cast<std::uint8_t>(value)});
}

inline std::string checksum(std::string_view body) {
    unsigned sum = 0;
    for (const std::uint8_t byte : test::bytes_of(body)) {
        sum += byte;
    }
    return octet(sum);
}

/// 10h ... 16h around C and A.
inline std::string short_frame(std::string_view body) {
    return "10 " + std::string{body} + " " + checksum(body) + " 16";
}

/// 68h L L 68h ... CS 16h around C, A, CI and user data.
inline std::string long_frame(std::string_view body) {
    const std::string length = octet(static_cast<unsigned>(test::bytes_of(body).size()));
    return "68 " + length + " " + length + " 68 " + std::string{body} + " " + checksum(body) +
           " 16";
}

} // namespace meterbench::tests
