// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/device/meter_description.hpp"
#include "core/device/record_application.hpp"
#include "core/link/secondary_station.hpp"
#include "core/link/telegram_source.hpp"
#include "models/application_fault.hpp"
#include "models/fault_rows.hpp"
#include "models/faulty_device.hpp"
#include "models/input_fault.hpp"
#include "models/output_fault.hpp"

#include <expected>
#include <map>
#include <string>
#include <vector>

namespace meterbench::models {

/// All faults of one meter, and the device that has them. The application handed on is the one with
/// faults in it.
class FaultSet {
  public:
    /// `application` outlives the set.
    FaultSet(const core::link::SecondaryConfig& config, core::link::MeterApplication& application)
        : application_{application},
          records_{dynamic_cast<core::device::RecordApplication*>(&application)},
          station_{config, application_}, input_{station_}, output_{input_},
          device_{station_, application} {}
    FaultSet(const FaultSet&) = delete;
    FaultSet& operator=(const FaultSet&) = delete;

    [[nodiscard]] core::link::SecondaryStation& station() { return station_; }
    [[nodiscard]] const core::link::SecondaryStation& station() const { return station_; }
    [[nodiscard]] FaultyDevice& device() { return device_; }

    /// Sets a fault by name; fails with one clear line on an unknown name or parameter.
    [[nodiscard]] std::expected<void, std::string> set(const core::device::FaultDescription& fault);
    /// Whether a fault says that the device is not on the bus at all.
    [[nodiscard]] bool unplugged() const { return unplugged_; }

  private:
    void set_table(std::span<const TableEdit> edits);
    void set_delay(const DelayEdit& edit);

    void set_condition(ConditionEdit edit, std::uint8_t code);

    ApplicationFault application_;
    core::device::RecordApplication* records_; ///< none: it is made of captured telegrams
    core::link::SecondaryStation station_;
    InputFault input_;
    OutputFault output_;
    FaultyDevice device_;
    std::vector<core::link::SecondaryRow> table_;
    bool unplugged_ = false;
};

/// The values of a fault's parameters: those given, the others by default. Fails on one that the
/// fault does not have or that is out of its range.
[[nodiscard]] std::expected<std::map<std::string, double, std::less<>>, std::string>
fault_parameters(const rig::FaultInfo& info, const core::device::FaultDescription& fault);

} // namespace meterbench::models
