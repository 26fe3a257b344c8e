// SPDX-License-Identifier: Apache-2.0
#include "models/population.hpp"

#include "models/fault_rows.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace meterbench::models {

namespace {
/// Where a bus file gives no response delay: inside the reply window at every rate.
constexpr core::Duration default_response = std::chrono::milliseconds{20};
constexpr core::Limit default_delay{core::BitTime{11}, default_response};
} // namespace

Population::Population(core::Baud baud, std::uint64_t seed, ProfileLoader profiles)
    : baud_{baud}, profiles_{std::move(profiles)}, bus_{host_}, faults_{bus_, seed} {}

rig::Wish Population::add(const core::device::MeterDescription& meter) {
    if (meters_.contains(meter.name) || meter.name.empty()) {
        return std::unexpected{fmt::format("meter {}: the name is taken or empty", meter.name)};
    }
    auto application = make_application(meter, profiles_);
    if (!application) {
        return std::unexpected{application.error()};
    }
    core::link::SecondaryConfig config;
    config.address = formats::address_of(meter);
    config.baud = meter.baud ? core::Baud{*meter.baud} : baud_;
    config.limits.response_delay =
        meter.response ? core::Limit{{}, *meter.response} : default_delay;
    const auto [place, fresh] = meters_.emplace(
        meter.name, std::make_unique<Meter>(meter.name, config, std::move(*application), bus_));
    sim::Load load;
    load.unit_loads = meter.unit_loads;
    if (meter.distance) {
        load.distance_m = *meter.distance;
    }
    place->second->set_load(load);
    for (const core::device::FaultDescription& fault : meter.faults) {
        if (const auto set = place->second->set_fault(fault); !set) {
            return std::unexpected{fmt::format("meter {}: {}", meter.name, set.error())};
        }
    }
    return {};
}

rig::Wish Population::add_all(const formats::BusFile& bus) {
    if (!bus.segment.empty()) {
        if (auto set = set_segment(bus.segment); !set) {
            return set;
        }
    }
    for (const core::device::MeterDescription& meter : bus.meters) {
        if (auto added = add(meter); !added) {
            return added;
        }
    }
    for (const core::device::FaultDescription& fault : bus.faults) {
        if (auto set = set_line_fault(fault); !set) {
            return set;
        }
    }
    return {};
}

rig::Wish Population::set_fault(const std::string& meter,
                                const core::device::FaultDescription& fault) {
    Meter* const found = find(meter);
    if (found == nullptr) {
        return std::unexpected{fmt::format("no meter is named '{}'", meter)};
    }
    return found->set_fault(fault);
}

rig::Wish Population::set_line_fault(const core::device::FaultDescription& fault) {
    const FaultRow* const row = find_fault(fault.name);
    if (row == nullptr || !std::holds_alternative<WorldEdit>(row->edit)) {
        return std::unexpected{
            fmt::format("no fault of the line is named '{}' (see meterbench faults)", fault.name)};
    }
    const auto values = fault_parameters(row->info, fault);
    if (!values) {
        return std::unexpected{values.error()};
    }
    faults_.set(std::get<WorldEdit>(row->edit), *values);
    return {};
}

rig::Wish Population::set_segment(const std::string& segment) {
    const auto found = sim::find_segment(segment);
    if (!found) {
        return std::unexpected{fmt::format("segment: \"{}\" is not one of A to F", segment)};
    }
    bus_.levels().set_segment(*found);
    bus_.levels_changed();
    return {};
}

Meter* Population::find(const std::string& name) {
    const auto found = meters_.find(name);
    return found == meters_.end() ? nullptr : found->second.get();
}

std::string Population::name_at(std::uint8_t address) const {
    for (const auto& [name, meter] : meters_) {
        if (meter->address() == address) {
            return name;
        }
    }
    return {};
}

void Population::take_off_all_but(const std::string& name) {
    for (const auto& [other, meter] : meters_) {
        if (other != name) {
            meter->take_off();
        }
    }
}

bool Population::is_alone(const std::string& name) {
    return !bus_.levels().leaks() && std::ranges::all_of(meters_, [&](const auto& meter) {
        return (meter.first == name) == meter.second->connected();
    });
}

} // namespace meterbench::models
