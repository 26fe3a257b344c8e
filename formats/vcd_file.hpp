// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/level_trace.hpp"

#include <string>

namespace meterbench::formats {

/// The window as a value change dump (IEEE 1364, clause 18), time unit 1 ns: wires `tx` (what the
/// master sends) and `rx` (what it hears), 1 at mark, so that a UART decoder reads them as they
/// are; reals `voltage` in V and `current` in mA. Time 0 is the begin of the window. Changes
/// outside the window are left out; the last value before it is where each signal begins.
[[nodiscard]] std::string write_vcd(const core::LevelTrace& trace);

} // namespace meterbench::formats
