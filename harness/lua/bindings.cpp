// SPDX-License-Identifier: Apache-2.0
#include "harness/lua/bindings.hpp"

#include "harness/lua/primitives.hpp"
#include "harness/lua/value.hpp"
#include "rig/capabilities.hpp"

#include <fmt/format.h>
#include <utility>

namespace meterbench::harness::lua {

extern const std::string_view prelude_source;

namespace {

constexpr const char* api_key = "meterbench.api";
constexpr const char* cases_key = "meterbench.cases";

std::vector<std::string> read_list(lua_State* lua, const char* key) {
    std::vector<std::string> list;
    const StackGuard guard{lua};
    if (lua_getfield(lua, -1, key) != LUA_TTABLE) {
        return list;
    }
    const auto size = static_cast<lua_Integer>(lua_rawlen(lua, -1));
    for (lua_Integer i = 1; i <= size; ++i) {
        lua_rawgeti(lua, -1, i);
        list.push_back(get_text(lua, -1, key));
        lua_pop(lua, 1);
    }
    return list;
}

void push_ics_fields(lua_State* lua, const formats::IcsFields& fields) {
    lua_newtable(lua);
    for (const auto& [key, value] : fields) {
        if (const auto* const number = std::get_if<std::int64_t>(&value)) {
            set_integer(lua, key.c_str(), *number);
        } else {
            set_text(lua, key.c_str(), std::get<std::string>(value));
        }
    }
}

void push_ics_value(lua_State* lua, const formats::IcsValue& value) {
    if (const auto* const flag = std::get_if<bool>(&value)) {
        lua_pushboolean(lua, *flag ? 1 : 0);
    } else if (const auto* const number = std::get_if<std::int64_t>(&value)) {
        lua_pushinteger(lua, *number);
    } else if (const auto* const text = std::get_if<std::string>(&value)) {
        push_text(lua, *text);
    } else if (const auto* const fields = std::get_if<formats::IcsFields>(&value)) {
        push_ics_fields(lua, *fields);
    } else if (const auto* const entries = std::get_if<std::vector<formats::IcsFields>>(&value)) {
        lua_newtable(lua);
        lua_Integer index = 0;
        for (const formats::IcsFields& entry : *entries) {
            push_ics_fields(lua, entry);
            lua_rawseti(lua, -2, ++index);
        }
    } else {
        lua_newtable(lua);
        lua_Integer index = 0;
        for (const std::int64_t item : std::get<std::vector<std::int64_t>>(value)) {
            lua_pushinteger(lua, item);
            lua_rawseti(lua, -2, ++index);
        }
    }
}

} // namespace

// The prelude is ours: what fails in it is a fault of this program.
const std::string& compiled_prelude() {
    static const std::string compiled = [] {
        Engine engine{Limits{}};
        if (const auto loaded = engine.load(prelude_source, "=prelude"); !loaded) {
            throw ScriptError{loaded.error().text};
        }
        std::string code;
        const auto append = [](lua_State*, const void* part, std::size_t size, void* to) {
            static_cast<std::string*>(to)->append(static_cast<const char*>(part), size);
            return 0;
        };
        constexpr int keep_lines = 0;
        lua_dump(engine.state(), append, &code, keep_lines);
        return code;
    }();
    return compiled;
}

Scenario::Scenario(const Limits& limits, std::filesystem::path suite) : engine_{limits} {
    engine_.set_suite(std::move(suite));
    lua_State* const lua = engine_.state();
    const std::string& prelude = compiled_prelude();
    if (luaL_loadbufferx(lua, prelude.data(), prelude.size(), "=prelude", "b") != LUA_OK) {
        throw ScriptError{lua_tostring(lua, -1)};
    }
    push_primitives(lua);
    if (const auto called = engine_.call(1, 1); !called) {
        throw ScriptError{called.error().text};
    }
    lua_setfield(lua, LUA_REGISTRYINDEX, api_key);
}

void Scenario::push_api(const char* name) {
    lua_State* const lua = engine_.state();
    lua_getfield(lua, LUA_REGISTRYINDEX, api_key);
    lua_getfield(lua, -1, name);
    lua_remove(lua, -2);
}

std::expected<void, ScriptFailure> Scenario::load(std::string_view text, const std::string& name) {
    lua_State* const lua = engine_.state();
    const StackGuard guard{lua};
    const auto fail = [&name](ScriptFailure failure) {
        if (failure.where.empty()) {
            failure.where = name;
        }
        return std::unexpected{std::move(failure)};
    };
    push_api("collect");
    if (const auto loaded = engine_.load(text, name); !loaded) {
        return fail(loaded.error());
    }
    if (const auto ran = engine_.call(0, 1); !ran) {
        return fail(ran.error());
    }
    if (const auto collected = engine_.call(1, 1); !collected) {
        return fail(collected.error());
    }
    if (engine_.exhausted()) {
        return fail({"the file used up its instructions or memory while loading", name, false});
    }
    const auto count = static_cast<lua_Integer>(lua_rawlen(lua, -1));
    for (lua_Integer i = 1; i <= count; ++i) {
        lua_rawgeti(lua, -1, i);
        cases_.push_back(read_info(name));
        lua_pop(lua, 1);
    }
    lua_setfield(lua, LUA_REGISTRYINDEX, cases_key);
    engine_.settle();
    return {};
}

formats::CaseInfo Scenario::read_info(const std::string& file) {
    lua_State* const lua = engine_.state();
    const int table = lua_gettop(lua);
    formats::CaseInfo info;
    info.id = field_text(lua, table, "id").value_or("");
    info.title = field_text(lua, table, "title").value_or("");
    info.role = field_text(lua, table, "role").value_or("meter");
    info.file = file;
    info.checks = read_list(lua, "checks");
    info.needs = read_list(lua, "needs");
    if (info.needs.empty()) {
        info.needs.emplace_back("line");
    }
    info.judges = read_list(lua, "judges");
    info.tags = read_list(lua, "tags");
    return info;
}

void Scenario::connect(CaseContext& context) {
    lua_State* const lua = engine_.state();
    connect_primitives(lua, context);
    rig::Rig& rig = context.session.rig();
    push_primitives(lua);
    lua_newtable(lua);
    for (const auto& [name, value] : context.ics.values) {
        push_ics_value(lua, value);
        lua_setfield(lua, -2, name.c_str());
    }
    lua_setfield(lua, -2, "ics");
    lua_newtable(lua);
    set_integer(lua, "address", rig.dut().address);
    set_text(lua, "name", rig.dut().name);
    set_text(lua, "role", rig.dut().role == rig::Dut::Role::meter ? "meter" : "master");
    lua_setfield(lua, -2, "dut");
    set_integer(lua, "unused_address", rig.unused_address());
    set_integer(lua, "uncertainty", rig.line().uncertainty().count());
    set_boolean(lua, "repeat_refreshes", context.ics.repeat_refreshes);
    lua_pop(lua, 1);
}

std::expected<bool, ScriptFailure> Scenario::applies(std::size_t index) {
    lua_State* const lua = engine_.state();
    const StackGuard guard{lua};
    push_api("applies");
    lua_getfield(lua, LUA_REGISTRYINDEX, cases_key);
    lua_rawgeti(lua, -1, static_cast<lua_Integer>(index) + 1);
    lua_remove(lua, -2);
    if (const auto called = engine_.call(1, 1); !called) {
        return std::unexpected{called.error()};
    }
    return lua_toboolean(lua, -1) != 0;
}

std::expected<void, ScriptFailure> Scenario::run(std::size_t index) {
    lua_State* const lua = engine_.state();
    const StackGuard guard{lua};
    push_api("run");
    lua_getfield(lua, LUA_REGISTRYINDEX, cases_key);
    lua_rawgeti(lua, -1, static_cast<lua_Integer>(index) + 1);
    lua_remove(lua, -2);
    return engine_.call(1, 0);
}

} // namespace meterbench::harness::lua
