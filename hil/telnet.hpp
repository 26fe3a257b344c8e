// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::hil {

/// The bytes of Telnet (RFC 854) and of its serial port option (RFC 2217) that are used here.
namespace telnet {
inline constexpr std::uint8_t iac = 255;
inline constexpr std::uint8_t dont = 254;
inline constexpr std::uint8_t do_ = 253;
inline constexpr std::uint8_t wont = 252;
inline constexpr std::uint8_t will = 251;
inline constexpr std::uint8_t sub_begin = 250;
inline constexpr std::uint8_t sub_end = 240;
inline constexpr std::uint8_t option_binary = 0;
inline constexpr std::uint8_t option_no_go_ahead = 3;
inline constexpr std::uint8_t option_serial_port = 44;
/// Commands of the serial port option; an answer has 100 more.
inline constexpr std::uint8_t set_rate = 1;
inline constexpr std::uint8_t set_data_size = 2;
inline constexpr std::uint8_t set_parity = 3;
inline constexpr std::uint8_t set_stop_size = 4;
inline constexpr std::uint8_t set_control = 5;
inline constexpr std::uint8_t answer = 100;
inline constexpr std::uint8_t parity_even = 3;
} // namespace telnet

/// Something in a Telnet stream.
struct TelnetEvent {
    enum class Kind : std::uint8_t {
        data,           ///< `value` is an octet of the line
        negotiation,    ///< `verb` (WILL, WONT, DO, DONT) about the option `value`
        subnegotiation, ///< about the option `value`; its bytes are the decoder's payload()
    };
    Kind kind = Kind::data;
    std::uint8_t verb = 0;
    std::uint8_t value = 0;
};

/// Takes Telnet apart (RFC 854, 855), a byte at a time. Subnegotiations longer than 64 bytes are
/// cut off; commands without meaning here are passed over.
class TelnetDecoder {
  public:
    [[nodiscard]] std::optional<TelnetEvent> push(std::uint8_t byte);
    /// Of the subnegotiation told last, without its option; valid until the next push().
    [[nodiscard]] std::span<const std::uint8_t> payload() const {
        return {payload_.data() + 1, size_ > 0 ? size_ - 1 : 0};
    }
    void reset() { *this = TelnetDecoder{}; }

  private:
    enum class State : std::uint8_t { data, command, option, sub, sub_command };
    State state_ = State::data;
    std::uint8_t verb_ = 0;
    std::array<std::uint8_t, 65> payload_{}; ///< the option first
    std::size_t size_ = 0;
};

/// Appends line octets as Telnet carries them: IAC twice.
void append_escaped(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> octets);
/// IAC VERB OPTION.
void append_negotiation(std::vector<std::uint8_t>& out, std::uint8_t verb, std::uint8_t option);
/// A command of the serial port option with its value.
void append_serial_command(std::vector<std::uint8_t>& out, std::uint8_t command,
                           std::span<const std::uint8_t> value);

/// SET-BAUDRATE: asks a remote port for this rate; 0 asks which it has.
[[nodiscard]] std::vector<std::uint8_t> rate_request(core::Baud baud);
/// The rate of an answer to it; none for any other event.
[[nodiscard]] std::optional<core::Baud> rate_answer(const TelnetEvent& event,
                                                    std::span<const std::uint8_t> payload);

/// Four bytes, the most significant first.
[[nodiscard]] std::array<std::uint8_t, 4> rate_bytes(core::Baud baud);
[[nodiscard]] core::Baud rate_of_bytes(std::span<const std::uint8_t> four);

} // namespace meterbench::hil
