// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/telegram.hpp"
#include "core/receiver/receiver.hpp"
#include "formats/telegram_json.hpp"
#include "formats/telegram_sink.hpp"

#include <cstdint>
#include <string_view>

namespace meterbench::formats {

/// Parts of a line of `meterbench.telegram/1` that wired and wireless telegrams share.

/// What besides the telegram a line tells.
struct BodyExtras {
    const core::receiver::SecurityReport* security = nullptr;
    /// Set: the telegram is a radio telegram; offsets of faults are translated.
    const core::receiver::Reception* reception = nullptr;
};

/// `{"schema":...,"line":...,"link":...,"frame":`, with `"container":` where that is not 0.
void append_head(Sink& out, std::size_t line_number, std::string_view link,
                 std::size_t container = 0);
/// A fault as it stands in a line, and its sentence alone.
void append_fault(Sink& out, const core::Fault& fault);
void append_detail(Sink& out, const core::Fault& fault);
/// `,"body":"none","records":[` and the tail with the fault, the closing brace included.
void append_empty_body(Sink& out, const std::optional<core::Fault>& fault);
/// From `,"ci":` to the closing brace. Returns whether there is no fault.
bool append_body(Sink& out, const core::application::Telegram& telegram,
                 const TelegramContext& context, const BodyExtras& extras);
/// `KEY{"manufacturer":...}`; the key with its punctuation.
void append_device(Sink& out, std::string_view key, const core::application::DeviceId& device);
/// Most significant byte first.
void append_hex_number(Sink& out, std::uint32_t value, unsigned bytes);
/// `KEYtrue`; the key with its punctuation.
void append_flag(Sink& out, std::string_view key, bool value);
/// `KEY"..."`.
void append_hex_key(Sink& out, std::string_view key, std::span<const std::uint8_t> bytes);
/// `,"verified":[...]` and which key served.
void append_proof(Sink& out, const core::receiver::SecurityReport& security);

} // namespace meterbench::formats
