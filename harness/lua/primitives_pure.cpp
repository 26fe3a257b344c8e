// SPDX-License-Identifier: Apache-2.0
// Primitives that need no rig: hex, decimals, the structure of a telegram.
#include "core/application/telegram.hpp"
#include "core/bytes/decimal.hpp"
#include "core/bytes/hex.hpp"
#include "harness/lua/primitive_groups.hpp"
#include "harness/lua/value.hpp"
#include "harness/telegram_structure.hpp"
#include "rig/capabilities.hpp"

#include <array>
#include <fmt/format.h>

namespace meterbench::harness::lua {

namespace {

namespace application = core::application;

int read_hex(lua_State* lua) {
    const std::string text = get_text(lua, 1, "hex");
    std::string bytes(text.size() / 2 + 1, '\0');
    const auto read =
        core::bytes::read_hex(text, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    if (!read) {
        lua_pushnil(lua);
        push_text(lua, fmt::format("pairs of hexadecimal digits are due, character {} of \"{}\"",
                                   read.error().offset + 1, text));
        return 2;
    }
    push_text(lua, std::string_view{bytes}.substr(0, *read));
    return 1;
}

int compare_decimals(lua_State* lua) {
    std::array<std::optional<core::bytes::Decimal>, 2> numbers;
    for (int i = 0; i < 2; ++i) {
        if (lua_type(lua, i + 1) == LUA_TSTRING) {
            numbers[static_cast<std::size_t>(i)] =
                core::bytes::parse_decimal(get_text(lua, i + 1, "decimal"));
        }
    }
    if (!numbers[0] || !numbers[1]) {
        lua_pushnil(lua);
        return 1;
    }
    const auto order = core::bytes::compare(*numbers[0], *numbers[1]);
    lua_pushinteger(lua, order < 0 ? -1 : order > 0 ? 1 : 0);
    return 1;
}

int known_capability(lua_State* lua) {
    const std::string name = get_text(lua, 1, "needs");
    const bool fault = name.starts_with("fault:") && name.size() > 6;
    lua_pushboolean(lua, fault || rig::capability_of(name) ? 1 : 0);
    return 1;
}

int structure(lua_State* lua) {
    push_text(lua, structure_of(as_bytes(get_text(lua, 1, "user data"))));
    return 1;
}

int has_long_header(lua_State* lua) {
    const std::string text = get_text(lua, 1, "user data");
    const application::Telegram telegram = application::decode_telegram(as_bytes(text));
    lua_pushboolean(lua, telegram.header == application::HeaderKind::long_header &&
                                 text.size() > application::size_of(telegram.header)
                             ? 1
                             : 0);
    return 1;
}

constexpr std::array<luaL_Reg, 5> functions{{
    {"read_hex", entry<read_hex>},
    {"compare_decimals", entry<compare_decimals>},
    {"known_capability", entry<known_capability>},
    {"structure", entry<structure>},
    {"has_long_header", entry<has_long_header>},
}};

} // namespace

std::span<const luaL_Reg> pure_primitives() {
    return functions;
}

} // namespace meterbench::harness::lua
