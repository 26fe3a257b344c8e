// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/compact.hpp"
#include "core/fault.hpp"
#include "core/receiver/receiver.hpp"
#include "core/wireless/mode.hpp"
#include "formats/contained.hpp"
#include "formats/decoder_file.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace meterbench::formats {

/// Appends one line of schema `meterbench.telegram/1` (docs/application.md), without a newline, for
/// the bytes of one wired frame (with a context, of the link it names). A broken frame gives a line
/// too, with `fault` saying what and where, and everything that was decoded before it. Returns
/// whether there is no fault.
bool write_telegram_json(std::string& out, std::size_t line_number,
                         std::span<const std::uint8_t> bytes);

/// Which link layer bytes have.
enum class Link : std::uint8_t {
    wired,
    wireless,
    unknown, ///< found out: see link_of
};

/// The link that bytes look like: wired where they begin as one of its frames (E5h alone, 10h,
/// 68h twice), wireless where a C-field of EN 13757-4 stands behind a length that fits, unknown
/// otherwise.
[[nodiscard]] Link link_of(std::span<const std::uint8_t> bytes);

/// What a decoder may know besides the telegram.
struct TelegramContext {
    /// Memory for compact frames: full frames and format frames teach it, compact frames are
    /// expanded to records where it knows their format.
    core::application::FormatCache* formats = nullptr;
    /// Names for records (`name`), and `manufacturer_values` {name, value, unit}.
    const DecoderSet* decoders = nullptr;
    Link link = Link::wired;
    /// Keys and what is known of telegrams before; needed for wireless ones, and for encrypted
    /// wired ones. Without it a wireless telegram is decoded as by a receiver without keys.
    core::receiver::Receiver* receiver = nullptr;
    /// How the receiver handed a radio frame over, and the mode it came in, where that is known.
    core::wireless::Handover handover = core::wireless::Handover::unknown;
    std::optional<core::wireless::Mode> mode = std::nullopt;
    /// Where telegrams go that are inside this one.
    Contained* contained = nullptr;
    /// The telegram is itself inside one: its number there, from 1.
    std::size_t container = 0;
};

/// The same with a context.
bool write_telegram_json(std::string& out, std::size_t line_number,
                         std::span<const std::uint8_t> bytes, const TelegramContext& context);

/// The same for an input line that is not even bytes (not-hex and the like).
void write_fault_json(std::string& out, std::size_t line_number, const core::Fault& fault,
                      Link link = Link::wired);

/// `fault` as it stands in the line:
/// {"code":...,"layer":...,"culprit":...,"offset":...,"detail":...}.
void append_fault_json(std::string& out, const core::Fault& fault);

/// One sentence: the code's meaning, and what was expected and found where that is known.
[[nodiscard]] std::string fault_detail(const core::Fault& fault);

} // namespace meterbench::formats
