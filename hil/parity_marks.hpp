// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/octet.hpp"

#include <cstdint>
#include <optional>

namespace meterbench::hil {

/// Takes the marks out of a byte stream from a terminal with PARMRK set: FFh 00h X is the character
/// X with wrong parity or stop bit (the kernel does not say which; reported as parity), FFh 00h 00h
/// a break or such a NUL (reported as break and framing), FFh FFh the character FFh.
class ParityMarks {
  public:
    struct Character {
        std::uint8_t value = 0;
        core::OctetErrors errors = core::OctetErrors::none;
    };
    /// A character, or none when the byte was part of a mark.
    [[nodiscard]] std::optional<Character> push(std::uint8_t byte) {
        switch (state_) {
        case State::plain:
            if (byte == 0xFF) {
                state_ = State::escape;
                return std::nullopt;
            }
            return Character{byte, core::OctetErrors::none};
        case State::escape:
            state_ = byte == 0x00 ? State::marked : State::plain;
            return byte == 0x00 ? std::nullopt
                                : std::optional{Character{byte, core::OctetErrors::none}};
        case State::marked: break;
        }
        state_ = State::plain;
        return Character{byte, byte == 0 ? core::OctetErrors::break_ | core::OctetErrors::framing
                                         : core::OctetErrors::parity};
    }

  private:
    enum class State : std::uint8_t { plain, escape, marked };
    State state_ = State::plain;
};

} // namespace meterbench::hil
