// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/rig.hpp"

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace meterbench::hil {

/// A real meter behind a port (rig file of kind `line`). It offers the capabilities line and
/// timing, and baud where the port sets its rate itself; it knows no other device on the bus than
/// the one under test, and neither switches its power nor sets faults.
class LineRig final : public rig::Rig {
  public:
    /// Opens the PORT. Fails with one clear line when it cannot.
    [[nodiscard]] static std::expected<std::unique_ptr<LineRig>, std::string>
    open(std::string_view port, core::Baud baud, core::Duration uncertainty, rig::Dut dut);

    [[nodiscard]] const rig::Capabilities& capabilities() const override { return capabilities_; }
    [[nodiscard]] const rig::Dut& dut() const override { return dut_; }
    [[nodiscard]] rig::Line& line() override { return *line_; }
    /// 250, or 249 when that is the device's own.
    [[nodiscard]] std::uint8_t unused_address() const override;

  private:
    LineRig(std::unique_ptr<rig::Line> line, rig::Capabilities capabilities, rig::Dut dut);

    std::unique_ptr<rig::Line> line_;
    rig::Capabilities capabilities_;
    rig::Dut dut_;
};

} // namespace meterbench::hil
