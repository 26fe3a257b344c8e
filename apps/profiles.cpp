// SPDX-License-Identifier: Apache-2.0
#include "apps/profiles.hpp"

#include <utility>

namespace meterbench::apps {

models::ProfileLoader profile_loader(formats::DataPath data) {
    return [data = std::move(data)](
               const std::string& name) -> std::expected<formats::MeterProfile, std::string> {
        const bool is_path = name.ends_with(".json") || name.find('/') != std::string::npos;
        const auto path = data.resolve(is_path ? name : "scenarios/profiles/" + name + ".json");
        if (!path) {
            return std::unexpected{"profile " + name + ": " + path.error()};
        }
        return formats::load_meter_profile(*path);
    };
}

} // namespace meterbench::apps
