// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/data_path.hpp"
#include "models/meter_factory.hpp"

namespace meterbench::apps {

/// Profiles by path, or by name in scenarios/profiles.
[[nodiscard]] models::ProfileLoader profile_loader(formats::DataPath data);

} // namespace meterbench::apps
