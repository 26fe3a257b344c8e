// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/clock.hpp"
#include "core/device/record_meter.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::core::device {

/// What came of a command's records.
struct CommandOutcome {
    /// Nothing was done: an application error (EN 13757-3, clause 10).
    std::optional<std::uint8_t> error;
    /// Records that were refused, each with its record error (table 18), as they are to be sent.
    std::vector<std::uint8_t> refused;
    /// The points to be answered from now on, by index.
    std::optional<std::vector<std::size_t>> readout;
    bool whole_readout = false;          ///< DIF 7Fh: the standard response again
    std::optional<std::uint8_t> address; ///< the primary address from now on
};

/// Carries out the records of a command (CI 51h, 5Ah, 5Bh; facts G.2, G.3, E.8, E.9): writes with
/// object actions to points that are writable, selections for readout with wildcards, the lists of
/// the readout, primary address, identification, clock. A command that cannot be read to its end is
/// refused whole; of one that can, each record is taken or refused for itself, in order.
/// `readout`: what is answered now. A write to what is there and not writable is refused as an
/// action that is not implemented; the sources name no code for it.
[[nodiscard]] CommandOutcome carry_out(RecordMeter& meter, std::span<const std::uint8_t> records,
                                       const std::vector<std::size_t>& readout, Instant now);

/// Freezes: each point that keeps another one's value takes it. With `only`, those that keep this
/// point's. Whether there was one.
bool freeze(RecordMeter& meter, std::optional<std::size_t> only, Instant now);

/// Sets, advances or puts back the meter's clocks (EN 13757-3, clause 8; facts G.4, from memory);
/// false where there is no clock or the body says nothing that can be done.
[[nodiscard]] bool synchronise(RecordMeter& meter, const application::ClockSync& clock,
                               Instant now);

} // namespace meterbench::core::device
