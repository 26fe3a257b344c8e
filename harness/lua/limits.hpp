// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace meterbench::harness::lua {

/// What a script may use up. The process it runs in has limits of its own beyond these: the pattern
/// functions of Lua run in C, where nothing is counted.
struct Limits {
    std::size_t memory = 64U << 20U;            ///< bytes
    std::uint64_t instructions = 1'000'000'000; ///< of the Lua machine
    std::uint64_t to_load = 50'000'000;         ///< of these, until a file has given its cases
};

} // namespace meterbench::harness::lua
