// SPDX-License-Identifier: Apache-2.0
#include "models/world.hpp"

#include "models/fault_rows.hpp"

#include <fmt/format.h>
#include <utility>

namespace meterbench::models {

World::World(core::Baud baud, const rig::Dut& dut, std::uint64_t seed, ProfileLoader profiles)
    : population_{baud, seed, std::move(profiles)}, dut_{dut}, line_{population_.bus(), baud} {
    using rig::Capability;
    for (const Capability capability :
         {Capability::line, Capability::timing, Capability::octet_errors, Capability::gaps,
          Capability::break_, Capability::baud, Capability::levels, Capability::power,
          Capability::world}) {
        capabilities_.add(capability);
    }
    for (const FaultRow& row : fault_rows()) {
        capabilities_.add_fault(std::string{row.info.name});
    }
}

std::expected<std::unique_ptr<World>, std::string> World::make(const formats::BusFile& bus,
                                                               const rig::Dut& dut,
                                                               std::uint64_t seed,
                                                               ProfileLoader profiles) {
    std::unique_ptr<World> world{new World{bus.baud, dut, seed, std::move(profiles)}};
    if (const auto added = world->population_.add_all(bus); !added) {
        return std::unexpected{added.error()};
    }
    if (!dut.name.empty() && world->population_.find(dut.name) == nullptr) {
        return std::unexpected{fmt::format("dut: no meter on the bus is named '{}'", dut.name)};
    }
    return world;
}

std::uint8_t World::unused_address() const {
    constexpr unsigned count = 250;
    for (unsigned step = 1; step <= count; ++step) {
        const auto address = static_cast<std::uint8_t>((dut_.address + step - 1) % count + 1);
        if (address != dut_.address && !population_.address_taken(address)) {
            return address;
        }
    }
    return dut_.address; // all 250 are taken: the step that asks for one will say so
}

rig::Levels::Reading World::read() {
    const auto reading = population_.bus().read_levels();
    return {.volt = reading.volt, .milliampere = reading.milliampere};
}

std::expected<rig::Levels::AtMeter, std::string> World::read_at(const std::string& meter) {
    const Meter* const found = population_.find(meter);
    if (found == nullptr) {
        return std::unexpected{fmt::format("no meter is named '{}'", meter)};
    }
    const sim::Terminal terminal = found->terminal();
    return AtMeter{.mark_volt = terminal.mark_volt,
                   .space_volt = terminal.space_volt,
                   .powered = terminal.powered(),
                   .hears = terminal.hears()};
}

rig::Wish World::set(double mark_volt, double space_volt) {
    constexpr double highest = 42; // EN 13757-2, 4.3: the highest bus voltage
    if (!(mark_volt >= 0 && mark_volt <= highest && space_volt >= 0 && space_volt <= mark_volt)) {
        return std::unexpected{
            fmt::format("mark must be 0 to {} V, space 0 V to mark; these are {} and {}", highest,
                        mark_volt, space_volt)};
    }
    population_.set_voltages(mark_volt, space_volt);
    return {};
}

void World::record() {
    recorder_.emplace();
    population_.bus().set_recorder(&*recorder_);
}

core::LevelTrace World::recorded() {
    return recorder_ ? recorder_->trace(line_.now()) : core::LevelTrace{};
}

rig::Wish World::add_meter(const core::device::MeterDescription& meter) {
    return population_.add(meter);
}

rig::Wish World::set_fault(const std::string& meter, const core::device::FaultDescription& fault) {
    return meter.empty() ? population_.set_line_fault(fault) : population_.set_fault(meter, fault);
}

} // namespace meterbench::models
