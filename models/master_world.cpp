// SPDX-License-Identifier: Apache-2.0
#include "models/master_world.hpp"

#include "models/fault_rows.hpp"

#include <fmt/format.h>
#include <utility>

namespace meterbench::models {

MasterBus::MasterBus(core::Baud baud, std::uint64_t seed, ProfileLoader profiles, sim::Pacer* pacer)
    : population_{baud, seed, std::move(profiles)},
      line_{population_.bus(), baud, sim::Bus::Side::meter, pacer} {
    using rig::Capability;
    dut_.role = rig::Dut::Role::master;
    for (const Capability capability : {Capability::line, Capability::timing, Capability::power,
                                        Capability::world, Capability::baud, Capability::job}) {
        capabilities_.add(capability);
    }
    for (const FaultRow& row : fault_rows()) {
        capabilities_.add_fault(std::string{row.info.name});
    }
}

std::uint8_t MasterBus::unused_address() const {
    for (std::uint8_t address = core::link::address::last_individual; address > 0; --address) {
        if (!population_.address_taken(address)) {
            return address;
        }
    }
    return 0;
}

rig::Wish MasterBus::set_fault(const std::string& meter,
                               const core::device::FaultDescription& fault) {
    return meter.empty() ? population_.set_line_fault(fault) : population_.set_fault(meter, fault);
}

MasterWorld::MasterWorld(const formats::BusFile& bus, const MasterFaultRow* row, std::uint64_t seed,
                         ProfileLoader profiles)
    : MasterBus{bus.baud, seed, std::move(profiles), nullptr},
      host_{population().bus(), harness_line(), bus.baud, row} {
    using rig::Capability;
    for (const Capability capability :
         {Capability::octet_errors, Capability::gaps, Capability::break_}) {
        offered().add(capability);
    }
}

std::expected<std::unique_ptr<MasterWorld>, std::string>
MasterWorld::make(const formats::BusFile& bus, const std::string& fault, std::uint64_t seed,
                  ProfileLoader profiles) {
    const MasterFaultRow* const row = fault.empty() ? nullptr : find_master_fault(fault);
    if (!fault.empty() && row == nullptr) {
        return std::unexpected{
            fmt::format("no mutant master is named '{}' (see meterbench mutants)", fault)};
    }
    std::unique_ptr<MasterWorld> world{new MasterWorld{bus, row, seed, std::move(profiles)}};
    if (const auto added = world->population().add_all(bus); !added) {
        return std::unexpected{added.error()};
    }
    return world;
}

} // namespace meterbench::models
