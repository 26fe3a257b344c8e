// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/device/record_application.hpp"
#include "core/link/secondary_station.hpp"
#include "harness/model/link_device.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::harness::model {

/// The reference meter, core/device over core/link, as a black box in virtual time and without a
/// simulation: a reset is its power-up.
class StationDevice : public LinkDevice {
  public:
    /// `meter` has 1 to max_telegrams telegrams of different structure. `table` outlives the
    /// device.
    StationDevice(const core::device::RecordMeter& meter, std::uint8_t address,
                  std::span<const core::link::SecondaryRow> table = core::link::secondary_table());

    [[nodiscard]] core::Expected<void> reset() override;
    [[nodiscard]] core::Expected<OutputSet> step(Stimulus stimulus) override;

    void set_table(std::span<const core::link::SecondaryRow> table) { station_.set_table(table); }
    /// What its link layer made of the last stimulus; none: it saw no frame.
    [[nodiscard]] std::optional<core::link::SecondaryReport> event() { return station_.event(); }

  private:
    core::device::RecordApplication application_;
    core::link::SecondaryStation station_;
    std::array<std::vector<core::Octet>, stimulus_count> stimuli_; ///< from instant 0
    std::uint8_t address_;
    TelegramBook book_;
    core::Instant now_{};
};

/// A meter with telegrams of different structure, for tests and table mutants.
[[nodiscard]] core::device::RecordMeter reference_meter(std::size_t telegrams);

} // namespace meterbench::harness::model
