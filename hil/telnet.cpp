// SPDX-License-Identifier: Apache-2.0
#include "hil/telnet.hpp"

namespace meterbench::hil {

std::optional<TelnetEvent> TelnetDecoder::push(std::uint8_t byte) {
    switch (state_) {
    case State::data:
        if (byte != telnet::iac) {
            return TelnetEvent{.value = byte};
        }
        state_ = State::command;
        return std::nullopt;
    case State::command:
        if (byte == telnet::iac) {
            state_ = State::data;
            return TelnetEvent{.value = byte};
        }
        if (byte >= telnet::will) {
            verb_ = byte;
            state_ = State::option;
        } else {
            size_ = 0;
            state_ = byte == telnet::sub_begin ? State::sub : State::data;
        }
        return std::nullopt;
    case State::option:
        state_ = State::data;
        return TelnetEvent{TelnetEvent::Kind::negotiation, verb_, byte};
    case State::sub:
        if (byte == telnet::iac) {
            state_ = State::sub_command;
            return std::nullopt;
        }
        break;
    case State::sub_command:
        if (byte != telnet::iac) {
            state_ = State::data;
            return byte == telnet::sub_end && size_ > 0
                       ? std::optional{TelnetEvent{TelnetEvent::Kind::subnegotiation, 0,
                                                   payload_[0]}}
                       : std::nullopt;
        }
        state_ = State::sub;
        break;
    }
    if (size_ < payload_.size()) {
        payload_[size_++] = byte;
    }
    return std::nullopt;
}

void append_escaped(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> octets) {
    for (const std::uint8_t octet : octets) {
        out.push_back(octet);
        if (octet == telnet::iac) {
            out.push_back(octet);
        }
    }
}

void append_negotiation(std::vector<std::uint8_t>& out, std::uint8_t verb, std::uint8_t option) {
    for (const std::uint8_t byte : {telnet::iac, verb, option}) {
        out.push_back(byte);
    }
}

void append_serial_command(std::vector<std::uint8_t>& out, std::uint8_t command,
                           std::span<const std::uint8_t> value) {
    for (const std::uint8_t byte :
         {telnet::iac, telnet::sub_begin, telnet::option_serial_port, command}) {
        out.push_back(byte);
    }
    append_escaped(out, value);
    out.push_back(telnet::iac);
    out.push_back(telnet::sub_end);
}

std::vector<std::uint8_t> rate_request(core::Baud baud) {
    std::vector<std::uint8_t> out;
    append_serial_command(out, telnet::set_rate, rate_bytes(baud));
    return out;
}

std::optional<core::Baud> rate_answer(const TelnetEvent& event,
                                      std::span<const std::uint8_t> payload) {
    if (event.kind != TelnetEvent::Kind::subnegotiation ||
        event.value != telnet::option_serial_port || payload.size() != 5 ||
        payload[0] != telnet::set_rate + telnet::answer) {
        return std::nullopt;
    }
    return rate_of_bytes(payload.subspan(1));
}

std::array<std::uint8_t, 4> rate_bytes(core::Baud baud) {
    const auto byte = [&](unsigned shift) {
        return static_cast<std::uint8_t>((baud.value >> shift) & 0xFFU);
    };
    return {byte(24), byte(16), byte(8), byte(0)};
}

core::Baud rate_of_bytes(std::span<const std::uint8_t> four) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : four.first(4)) {
        value = (value << 8U) | byte;
    }
    return {value};
}

} // namespace meterbench::hil
