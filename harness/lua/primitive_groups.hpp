// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/link/frame.hpp"
#include "harness/lua/bindings.hpp"

#include <cstdint>
#include <lua.hpp>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::harness::lua {

/// The primitives by subject, one source file each: primitives_pure.cpp, ..._line.cpp, and so on.
[[nodiscard]] std::span<const luaL_Reg> pure_primitives();
[[nodiscard]] std::span<const luaL_Reg> line_primitives();
[[nodiscard]] std::span<const luaL_Reg> judge_primitives();
[[nodiscard]] std::span<const luaL_Reg> job_primitives();
[[nodiscard]] std::span<const luaL_Reg> master_primitives();
[[nodiscard]] std::span<const luaL_Reg> world_primitives();

/// What a primitive works on; a ScriptError outside run().
[[nodiscard]] CaseContext& context_of(lua_State* lua);
/// The same, or nullptr while a file is loaded.
[[nodiscard]] CaseContext* find_context(lua_State* lua);

/// The rig failed: the case ends as an error whatever the script does about it.
[[noreturn]] void rig_failed(CaseContext& context, const core::Fault& fault);

/// Pushes a link frame as a table of its fields.
void push_frame(lua_State* lua, const core::link::Frame& frame);
/// Pushes what was heard as a table; `request`: what it answers, if anything.
void push_reception(lua_State* lua, const Reception& reception,
                    const std::optional<SentFrame>& request);
/// A transmission rate, checked.
[[nodiscard]] core::Baud get_baud(std::int64_t value);

/// Lua strings are bytes.
[[nodiscard]] inline std::span<const std::uint8_t> as_bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace meterbench::harness::lua
