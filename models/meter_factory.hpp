// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/device/meter_description.hpp"
#include "core/device/record_application.hpp"
#include "core/link/telegram_source.hpp"
#include "formats/meter_profile.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace meterbench::models {

/// Finds a meter profile by the name or path that a bus file or scenario gives.
using ProfileLoader =
    std::function<std::expected<formats::MeterProfile, std::string>(const std::string&)>;

/// The application of a described meter: over the records of its profile, or over its captured
/// telegrams. Fails with one clear line that names the meter and what is wrong.
[[nodiscard]] std::expected<std::unique_ptr<core::link::MeterApplication>, std::string>
make_application(const core::device::MeterDescription& meter, const ProfileLoader& profiles);

/// A profile as a table of points: names looked up, values read.
[[nodiscard]] std::expected<core::device::RecordMeter, std::string>
make_record_meter(const formats::MeterProfile& profile, const std::string& id);

} // namespace meterbench::models
