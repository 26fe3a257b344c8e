// SPDX-License-Identifier: Apache-2.0
#include "hil/rfc2217_endpoint.hpp"

#include <array>

namespace meterbench::hil {
namespace {

constexpr std::uint32_t max_rate = 1'000'000;

bool offered(std::uint8_t option) {
    return option == telnet::option_binary || option == telnet::option_no_go_ahead ||
           option == telnet::option_serial_port;
}

} // namespace

core::Expected<std::size_t> Rfc2217Endpoint::read(std::span<std::uint8_t> into) {
    const auto count = tcp_->read(into);
    if (tcp_->clients() != client_) {
        client_ = tcp_->clients();
        welcome();
    }
    if (!count) {
        return count;
    }
    replies_.clear();
    std::size_t octets = 0; // never more than bytes read before them
    for (std::size_t i = 0; i < *count; ++i) {
        const auto event = decoder_.push(into[i]);
        if (!event) {
            continue;
        }
        switch (event->kind) {
        case TelnetEvent::Kind::data: into[octets++] = event->value; break;
        case TelnetEvent::Kind::negotiation: negotiate(*event); break;
        case TelnetEvent::Kind::subnegotiation:
            if (event->value == telnet::option_serial_port) {
                set_up(decoder_.payload());
            }
            break;
        }
    }
    if (!replies_.empty()) {
        (void)tcp_->write(replies_); // a client that left is noticed by the next read()
    }
    return octets;
}

core::Expected<void> Rfc2217Endpoint::write(std::span<const std::uint8_t> bytes) {
    escaped_.clear();
    append_escaped(escaped_, bytes);
    return tcp_->write(escaped_);
}

void Rfc2217Endpoint::welcome() {
    decoder_.reset();
    rate_ = initial_rate_;
}

/// Offers are taken and wishes granted, so far as the option is known; agreements are not answered,
/// or the two sides would go on for ever.
void Rfc2217Endpoint::negotiate(const TelnetEvent& event) {
    if (event.verb == telnet::will) {
        append_negotiation(replies_, offered(event.value) ? telnet::do_ : telnet::dont,
                           event.value);
    } else if (event.verb == telnet::do_) {
        append_negotiation(replies_, offered(event.value) ? telnet::will : telnet::wont,
                           event.value);
    }
}

void Rfc2217Endpoint::set_up(std::span<const std::uint8_t> payload) {
    if (payload.empty() || payload[0] >= telnet::answer) {
        return;
    }
    const std::uint8_t command = payload[0];
    const auto reply = [&](std::span<const std::uint8_t> value) {
        append_serial_command(replies_, static_cast<std::uint8_t>(command + telnet::answer), value);
    };
    switch (command) {
    case telnet::set_rate:
        if (payload.size() == 5) {
            const core::Baud wanted = rate_of_bytes(payload.subspan(1));
            if (wanted.value != 0 && wanted.value <= max_rate) {
                rate_ = wanted;
            }
        }
        return reply(rate_bytes(rate_));
    case telnet::set_data_size: return reply(std::array<std::uint8_t, 1>{8});
    case telnet::set_parity: return reply(std::array<std::uint8_t, 1>{telnet::parity_even});
    case telnet::set_stop_size: return reply(std::array<std::uint8_t, 1>{1});
    default: return reply(payload.subspan(1)); // handshake, masks, purge: taken, without effect
    }
}

} // namespace meterbench::hil
