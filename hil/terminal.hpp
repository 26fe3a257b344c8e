// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "hil/descriptor.hpp"

#include <expected>
#include <optional>
#include <string>

namespace meterbench::hil {

/// Opens a serial device or pty for this process alone: 8E1 (EN 13757-2, 5.4), raw, no handshake,
/// non-blocking, what was waiting in it discarded. Received octets carry parity marks
/// (ParityMarks). A pty has no parity and drops the setting silently. Fails with `PATH: ...`.
[[nodiscard]] std::expected<Descriptor, std::string> open_terminal(const std::string& path,
                                                                   core::Baud baud);

/// Sets the rate at once. False when the driver does not take it, or it is none that termios knows.
[[nodiscard]] bool set_rate(int terminal, core::Baud baud);

/// The rate set; of a pty's master, the one its other side has set. None for a hang-up (0 Bd) and
/// for a rate that has no name in termios.
[[nodiscard]] std::optional<core::Baud> rate_of(int terminal);

/// Whether it is the slave side of a pseudo-terminal.
[[nodiscard]] bool is_pty(int terminal);

/// Switches off everything a terminal does to bytes, for a pty.
[[nodiscard]] bool make_raw(int terminal);

} // namespace meterbench::hil
