// SPDX-License-Identifier: Apache-2.0
#include "harness/lua/value.hpp"

#include <fmt/format.h>

namespace meterbench::harness::lua {

namespace {
[[noreturn]] void wrong(lua_State* lua, int index, std::string_view what, std::string_view wanted) {
    throw ScriptError{fmt::format("{}: {} is due, not {}", what, wanted, type_name(lua, index))};
}
} // namespace

std::string_view type_name(lua_State* lua, int index) {
    return lua_typename(lua, lua_type(lua, index));
}

std::string get_text(lua_State* lua, int index, std::string_view what) {
    if (lua_type(lua, index) != LUA_TSTRING) {
        wrong(lua, index, what, "a string");
    }
    std::size_t size = 0;
    const char* const text = lua_tolstring(lua, index, &size);
    return {text, size};
}

std::int64_t get_integer(lua_State* lua, int index, std::string_view what) {
    int exact = 0;
    const lua_Integer value = lua_tointegerx(lua, index, &exact);
    if (lua_type(lua, index) != LUA_TNUMBER || exact == 0) {
        wrong(lua, index, what, "a whole number");
    }
    return value;
}

double get_number(lua_State* lua, int index, std::string_view what) {
    if (lua_type(lua, index) != LUA_TNUMBER) {
        wrong(lua, index, what, "a number");
    }
    return lua_tonumber(lua, index);
}

bool get_boolean(lua_State* lua, int index, std::string_view what) {
    if (lua_type(lua, index) != LUA_TBOOLEAN) {
        wrong(lua, index, what, "true or false");
    }
    return lua_toboolean(lua, index) != 0;
}

std::optional<std::string> field_text(lua_State* lua, int index, const char* key) {
    const StackGuard guard{lua};
    if (lua_getfield(lua, index, key) == LUA_TNIL) {
        return std::nullopt;
    }
    return get_text(lua, -1, key);
}

std::optional<std::int64_t> field_integer(lua_State* lua, int index, const char* key) {
    const StackGuard guard{lua};
    if (lua_getfield(lua, index, key) == LUA_TNIL) {
        return std::nullopt;
    }
    return get_integer(lua, -1, key);
}

} // namespace meterbench::harness::lua
