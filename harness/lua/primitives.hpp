// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <lua.hpp>

namespace meterbench::harness::lua {

struct CaseContext;

/// Pushes the table of primitives that the prelude is given (`mb` there); made once a state.
void push_primitives(lua_State* lua);
/// What the primitives work on from now on.
void connect_primitives(lua_State* lua, CaseContext& context);

} // namespace meterbench::harness::lua
