// SPDX-License-Identifier: Apache-2.0
#include "hil/line_rig.hpp"

#include "core/link/address.hpp"
#include "hil/port.hpp"
#include "hil/port_spec.hpp"

#include <utility>

namespace meterbench::hil {

std::expected<std::unique_ptr<LineRig>, std::string>
LineRig::open(std::string_view port, core::Baud baud, core::Duration uncertainty, rig::Dut dut) {
    const auto spec = parse_port_spec(port);
    if (!spec) {
        return std::unexpected{spec.error()};
    }
    auto line = open_port(port, baud, {.uncertainty = uncertainty});
    if (!line) {
        return std::unexpected{std::move(line.error())};
    }
    rig::Capabilities capabilities;
    capabilities.add(rig::Capability::line);
    capabilities.add(rig::Capability::timing);
    if (spec->kind != PortSpec::Kind::tcp) {
        capabilities.add(rig::Capability::baud);
    }
    return std::unique_ptr<LineRig>{
        new LineRig{std::move(*line), std::move(capabilities), std::move(dut)}};
}

LineRig::LineRig(std::unique_ptr<rig::Line> line, rig::Capabilities capabilities, rig::Dut dut)
    : line_{std::move(line)}, capabilities_{std::move(capabilities)}, dut_{std::move(dut)} {}

std::uint8_t LineRig::unused_address() const {
    constexpr std::uint8_t last = core::link::address::last_individual;
    return dut_.address == last ? last - 1 : last;
}

} // namespace meterbench::hil
