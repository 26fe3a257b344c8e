// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <lua.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace meterbench::harness::lua {

/// A wrong argument or a broken rule, on its way to becoming a Lua error.
class ScriptError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Makes a C++ function a Lua one. C++ exceptions stop here: the Lua library unwinds with longjmp,
/// which must not pass objects with destructors.
template <int (*Body)(lua_State*)> int entry(lua_State* lua) {
    try {
        return Body(lua);
    } catch (const std::exception& error) {
        lua_pushstring(lua, error.what());
    }
    return lua_error(lua);
}

[[nodiscard]] std::string_view type_name(lua_State* lua, int index);

/// Arguments of a function, checked; `what` names them in the error.
[[nodiscard]] std::string get_text(lua_State* lua, int index, std::string_view what);
[[nodiscard]] std::int64_t get_integer(lua_State* lua, int index, std::string_view what);
[[nodiscard]] double get_number(lua_State* lua, int index, std::string_view what);
[[nodiscard]] bool get_boolean(lua_State* lua, int index, std::string_view what);

/// Fields of the table at `index`; none where the field is nil.
[[nodiscard]] std::optional<std::string> field_text(lua_State* lua, int index, const char* key);
[[nodiscard]] std::optional<std::int64_t> field_integer(lua_State* lua, int index, const char* key);

inline void push_text(lua_State* lua, std::string_view text) {
    lua_pushlstring(lua, text.data(), text.size());
}
inline void set_text(lua_State* lua, const char* key, std::string_view text) {
    push_text(lua, text);
    lua_setfield(lua, -2, key);
}
inline void set_integer(lua_State* lua, const char* key, std::int64_t value) {
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, key);
}
inline void set_boolean(lua_State* lua, const char* key, bool value) {
    lua_pushboolean(lua, value ? 1 : 0);
    lua_setfield(lua, -2, key);
}

/// Leaves the stack as high as it was.
class StackGuard {
  public:
    explicit StackGuard(lua_State* lua) : lua_{lua}, top_{lua_gettop(lua)} {}
    ~StackGuard() { lua_settop(lua_, top_); }
    StackGuard(const StackGuard&) = delete;
    StackGuard& operator=(const StackGuard&) = delete;

  private:
    lua_State* lua_;
    int top_;
};

} // namespace meterbench::harness::lua
