// SPDX-License-Identifier: Apache-2.0
#include "apps/profiles.hpp"

#include <map>
#include <memory>
#include <utility>

namespace meterbench::apps {

std::expected<std::filesystem::path, std::string> profile_path(const formats::DataPath& data,
                                                               const std::string& name) {
    const bool is_path = name.ends_with(".json") || name.find('/') != std::string::npos;
    auto path = data.resolve(is_path ? name : "scenarios/profiles/" + name + ".json");
    if (!path) {
        return std::unexpected{"profile " + name + ": " + path.error()};
    }
    return path;
}

models::ProfileLoader profile_loader(formats::DataPath data) {
    using Loaded = std::expected<formats::MeterProfile, std::string>;
    const auto read = std::make_shared<std::map<std::string, Loaded>>();
    return [data = std::move(data), read](const std::string& name) -> Loaded {
        if (const auto known = read->find(name); known != read->end()) {
            return known->second;
        }
        const auto path = profile_path(data, name);
        if (!path) {
            return std::unexpected{path.error()};
        }
        return read->emplace(name, formats::load_meter_profile(*path)).first->second;
    };
}

} // namespace meterbench::apps
