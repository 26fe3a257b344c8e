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
          Capability::break_, Capability::baud, Capability::power, Capability::world}) {
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

rig::Wish World::add_meter(const core::device::MeterDescription& meter) {
    return population_.add(meter);
}

rig::Wish World::set_fault(const std::string& meter, const core::device::FaultDescription& fault) {
    return meter.empty() ? population_.set_line_fault(fault) : population_.set_fault(meter, fault);
}

} // namespace meterbench::models
