// SPDX-License-Identifier: Apache-2.0
#include "harness/lua/primitives.hpp"

#include "harness/lua/primitive_groups.hpp"
#include "harness/lua/value.hpp"

#include <fmt/format.h>

namespace meterbench::harness::lua {

namespace {

constexpr const char* primitives_key = "meterbench.primitives";
constexpr const char* context_key = "meterbench.context";

} // namespace

CaseContext* find_context(lua_State* lua) {
    lua_getfield(lua, LUA_REGISTRYINDEX, context_key);
    auto* const context = static_cast<CaseContext*>(lua_touserdata(lua, -1));
    lua_pop(lua, 1);
    return context;
}

CaseContext& context_of(lua_State* lua) {
    CaseContext* const context = find_context(lua);
    if (context == nullptr) {
        throw ScriptError{"the rig is there inside run() only"};
    }
    return *context;
}

void rig_failed(CaseContext& context, const core::Fault& fault) {
    context.fault = fmt::format("{}: {}", core::name_of(fault.code), core::meaning_of(fault.code));
    throw ScriptError{context.fault};
}

void push_primitives(lua_State* lua) {
    if (lua_getfield(lua, LUA_REGISTRYINDEX, primitives_key) == LUA_TTABLE) {
        return;
    }
    lua_pop(lua, 1);
    lua_newtable(lua);
    for (const auto group : {pure_primitives(), line_primitives(), judge_primitives(),
                             job_primitives(), master_primitives(), world_primitives()}) {
        for (const luaL_Reg& function : group) {
            lua_pushcfunction(lua, function.func);
            lua_setfield(lua, -2, function.name);
        }
    }
    lua_pushvalue(lua, -1);
    lua_setfield(lua, LUA_REGISTRYINDEX, primitives_key);
}

void connect_primitives(lua_State* lua, CaseContext& context) {
    lua_pushlightuserdata(lua, &context);
    lua_setfield(lua, LUA_REGISTRYINDEX, context_key);
}

} // namespace meterbench::harness::lua
