// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/ci_field.hpp"
#include "core/application/header.hpp"
#include "core/application/record.hpp"
#include "core/fault.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meterbench::core::application {

/// The user data of a link frame taken apart down to its records: CI-field, transport header, body.
/// A view into the bytes it was decoded from.
struct Telegram : CiMeaning {
    LongHeader fields{}; ///< device: with a long header, and the mask of a selection;
                         ///< transport: with any header
    /// What follows the header: records; the fixed structure's or compact frame's bytes; the alarm
    /// or error code; subcodes of a reset; the records behind the mask of a selection.
    std::span<const std::uint8_t> content{};
    std::uint32_t content_offset = 0; ///< of content's first byte, from the CI-field's place
    /// Modes 5 and 7 without a key: the encrypted bytes in front of `content`.
    std::span<const std::uint8_t> encrypted{};
    /// Why content is not what the body says, or is missing. What was decoded stays valid.
    std::optional<Fault> fault{};

    /// A reader over the records; only for bodies records, command and selection.
    [[nodiscard]] RecordReader records() const {
        return RecordReader{content, {direction, content_offset, false}};
    }
    /// body application_error: the code, EN 13757-3 clause 10; 0 (unspecified) when none was sent.
    [[nodiscard]] std::uint8_t error_code() const { return content.empty() ? 0 : content.front(); }
    /// body alarm: the alarm bits, type D.
    [[nodiscard]] std::uint8_t alarm() const { return content.empty() ? 0 : content.front(); }
};

/// Decodes user data: the CI-field and all that follows it in the frame. `offset` is the CI-field's
/// place in what faults count from (6 for a long frame). It never fails as a whole: see
/// Telegram::fault (empty, header-truncated, unknown-ci, unsupported-ci, encrypted,
/// record-truncated).
[[nodiscard]] Telegram decode_telegram(std::span<const std::uint8_t> user_data,
                                       std::uint32_t offset = 0);

/// Whether a meter's answer announces another telegram: its records end with DIF 1Fh, found by
/// parsing them, since padding may follow it.
[[nodiscard]] bool more_follows(std::span<const std::uint8_t> user_data);

} // namespace meterbench::core::application
