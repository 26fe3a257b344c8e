// SPDX-License-Identifier: Apache-2.0
#include "harness/lua/engine.hpp"

#include "harness/lua/value.hpp"
#include "harness/worker_memory.hpp"

#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <new>
#include <sstream>

namespace meterbench::harness::lua {

namespace {

constexpr int instructions_a_count = 10'000;
constexpr const char* engine_key = "meterbench.engine";
constexpr std::size_t longest_repetition = 1U << 20U;

Engine& engine_of(lua_State* lua) {
    lua_getfield(lua, LUA_REGISTRYINDEX, engine_key);
    auto* const engine = static_cast<Engine*>(lua_touserdata(lua, -1));
    lua_pop(lua, 1);
    return *engine;
}

/// string.rep, bounded: the one function of the library that makes memory from nothing in one call.
int limited_rep(lua_State* lua) {
    const std::string text = get_text(lua, 1, "string.rep: text");
    const std::int64_t count = get_integer(lua, 2, "string.rep: count");
    const std::string separator =
        lua_isnoneornil(lua, 3) ? std::string{} : get_text(lua, 3, "string.rep: separator");
    if (count <= 0) {
        push_text(lua, "");
        return 1;
    }
    const std::size_t unit = text.size() + separator.size();
    if (unit != 0 && static_cast<std::size_t>(count) > longest_repetition / unit) {
        throw ScriptError{"string.rep: the result is longer than 1 MiB"};
    }
    std::string result;
    for (std::int64_t i = 0; unit != 0 && i < count; ++i) {
        result += i == 0 ? text : separator + text;
    }
    push_text(lua, result);
    return 1;
}

/// setmetatable without __gc: a finalizer would run where nothing is counted.
int plain_setmetatable(lua_State* lua) {
    if (lua_type(lua, 1) != LUA_TTABLE ||
        (lua_type(lua, 2) != LUA_TTABLE && lua_type(lua, 2) != LUA_TNIL)) {
        throw ScriptError{"setmetatable: a table, and a table or nil, are due"};
    }
    if (luaL_getmetafield(lua, 1, "__metatable") != LUA_TNIL) {
        throw ScriptError{"setmetatable: the metatable is protected"};
    }
    if (lua_type(lua, 2) == LUA_TTABLE) {
        lua_pushstring(lua, "__gc");
        lua_rawget(lua, 2);
        if (!lua_isnil(lua, -1)) {
            throw ScriptError{"setmetatable: finalizers (__gc) are not available"};
        }
        lua_pop(lua, 1);
    }
    lua_settop(lua, 2);
    lua_setmetatable(lua, 1);
    return 1;
}

bool plain_module_name(std::string_view name) {
    return !name.empty() && name.find("..") == std::string_view::npos && name.front() != '/' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_./-") == std::string_view::npos;
}

/// require NAME: the text file lib/NAME.lua of the suite, once.
int sandboxed_require(lua_State* lua) {
    const std::string name = get_text(lua, 1, "require: name");
    if (!plain_module_name(name)) {
        throw ScriptError{fmt::format("require: '{}' is no name of a file below lib/", name)};
    }
    luaL_getsubtable(lua, LUA_REGISTRYINDEX, "meterbench.loaded");
    if (lua_getfield(lua, -1, name.c_str()) != LUA_TNIL) {
        return 1;
    }
    lua_pop(lua, 1);
    Engine& engine = engine_of(lua);
    const std::filesystem::path path = engine.suite() / "lib" / (name + ".lua");
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        throw ScriptError{fmt::format("require: there is no {}", path.string())};
    }
    std::ostringstream text;
    text << file.rdbuf();
    if (const auto loaded = engine.load(text.str(), path.string()); !loaded) {
        throw ScriptError{loaded.error().text};
    }
    if (const auto called = engine.call(0, 1); !called) {
        throw ScriptError{fmt::format("{}: {}", called.error().where, called.error().text)};
    }
    if (lua_isnil(lua, -1)) {
        lua_pop(lua, 1);
        lua_pushboolean(lua, 1);
    }
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -3, name.c_str());
    return 1;
}

void remove_fields(lua_State* lua, const char* table, std::initializer_list<const char*> names) {
    lua_getglobal(lua, table);
    for (const char* const name : names) {
        lua_pushnil(lua);
        lua_setfield(lua, -2, name);
    }
    lua_pop(lua, 1);
}

/// The message handler: adds where it happened to texts, leaves other values alone.
int add_place(lua_State* lua) {
    if (lua_type(lua, 1) == LUA_TSTRING) {
        lua_newtable(lua);
        lua_pushvalue(lua, 1);
        lua_setfield(lua, -2, "text");
        push_text(lua, where(lua));
        lua_setfield(lua, -2, "where");
    }
    return 1;
}

ScriptFailure failure_on_top(lua_State* lua) {
    const StackGuard guard{lua};
    if (lua_type(lua, -1) == LUA_TTABLE) {
        const int error = lua_gettop(lua);
        lua_pushstring(lua, "ended");
        if (lua_rawget(lua, error) == LUA_TBOOLEAN) {
            return {"the case has ended", {}, true};
        }
        lua_pushstring(lua, "text");
        if (lua_rawget(lua, error) == LUA_TSTRING) {
            ScriptFailure failure{lua_tostring(lua, -1), {}, false};
            lua_pushstring(lua, "where");
            if (lua_rawget(lua, error) == LUA_TSTRING) {
                failure.where = lua_tostring(lua, -1);
            }
            // Lua puts the place in front of the text as well.
            if (!failure.where.empty() && failure.text.starts_with(failure.where + ": ")) {
                failure.text.erase(0, failure.where.size() + 2);
            }
            return failure;
        }
        return {"an error that is a table, not a text", {}, false};
    }
    if (lua_type(lua, -1) == LUA_TSTRING) {
        return {lua_tostring(lua, -1), {}, false};
    }
    return {fmt::format("an error that is a {}, not a text", type_name(lua, -1)), {}, false};
}

} // namespace

std::string where(lua_State* lua) {
    lua_Debug activation{};
    for (int level = 0; lua_getstack(lua, level, &activation) != 0; ++level) {
        lua_getinfo(lua, "Sl", &activation);
        const std::string_view source{activation.source, activation.srclen};
        if (activation.currentline > 0 && source.starts_with('@')) {
            return fmt::format("{}:{}", source.substr(1), activation.currentline);
        }
    }
    return {};
}

Engine::Engine(const Limits& limits) : limits_{limits} {
    lua_ = lua_newstate(allocate, this);
    if (lua_ == nullptr) {
        throw std::bad_alloc{};
    }
    lua_pushlightuserdata(lua_, this);
    lua_setfield(lua_, LUA_REGISTRYINDEX, engine_key);
    open_libraries();
    lua_sethook(lua_, count, LUA_MASKCOUNT, instructions_a_count);
}

Engine::~Engine() {
    lua_sethook(lua_, nullptr, 0, 0);
    lua_close(lua_);
}

void* Engine::allocate(void* self, void* block, std::size_t old_size, std::size_t new_size) {
    auto& engine = *static_cast<Engine*>(self);
    const std::size_t before = block == nullptr ? 0 : old_size;
    if (new_size == 0) {
        engine.used_ -= before;
        return worker_realloc(block, before, 0);
    }
    if (new_size > before && engine.used_ - before + new_size > engine.limits_.memory) {
        engine.exhausted_ = true;
        return nullptr;
    }
    void* const moved = worker_realloc(block, before, new_size);
    if (moved != nullptr) {
        engine.used_ += new_size - before;
    }
    return moved;
}

void Engine::settle() {
    constexpr int pause = 1000; // per cent of what is in use after a collection
    lua_gc(lua_, LUA_GCINC, pause, 0, 0);
    lua_gc(lua_, LUA_GCCOLLECT);
}

void Engine::count(lua_State* lua, lua_Debug* /*activation*/) {
    Engine& engine = engine_of(lua);
    engine.executed_ += instructions_a_count;
    if (engine.executed_ < engine.limits_.instructions) {
        return;
    }
    // A script that catches the error gets the next one at its next instruction.
    engine.exhausted_ = true;
    lua_sethook(lua, count, LUA_MASKCOUNT, 1);
    lua_pushfstring(lua, "the script ran for more than %d million instructions: an endless loop?",
                    static_cast<int>(engine.limits_.instructions / 1'000'000));
    lua_error(lua);
}

void Engine::open_libraries() {
    constexpr std::array<luaL_Reg, 5> libraries{{{LUA_GNAME, luaopen_base},
                                                 {LUA_TABLIBNAME, luaopen_table},
                                                 {LUA_STRLIBNAME, luaopen_string},
                                                 {LUA_MATHLIBNAME, luaopen_math},
                                                 {LUA_UTF8LIBNAME, luaopen_utf8}}};
    for (const luaL_Reg& library : libraries) {
        luaL_requiref(lua_, library.name, library.func, 1);
        lua_pop(lua_, 1);
    }
    remove_fields(lua_, LUA_GNAME,
                  {"dofile", "loadfile", "load", "collectgarbage", "xpcall", "warn", "print"});
    remove_fields(lua_, LUA_STRLIBNAME, {"dump"});
    remove_fields(lua_, LUA_MATHLIBNAME, {"random", "randomseed"});
    lua_pushcfunction(lua_, entry<plain_setmetatable>);
    lua_setglobal(lua_, "setmetatable");
    lua_pushcfunction(lua_, entry<sandboxed_require>);
    lua_setglobal(lua_, "require");
    lua_getglobal(lua_, LUA_STRLIBNAME);
    lua_pushcfunction(lua_, entry<limited_rep>);
    lua_setfield(lua_, -2, "rep");
    lua_pop(lua_, 1);
    // ("").rep and its like are the functions above; nobody may put others there.
    lua_pushstring(lua_, "");
    if (lua_getmetatable(lua_, -1) != 0) {
        lua_pushboolean(lua_, 0);
        lua_setfield(lua_, -2, "__metatable");
        lua_pop(lua_, 1);
    }
    lua_pop(lua_, 1);
}

std::expected<void, ScriptFailure> Engine::load(std::string_view text, const std::string& name) {
    // '@': a file. The prelude is '=prelude', so that places in it are never shown as the user's.
    const std::string chunk = name.starts_with('=') ? name : "@" + name;
    if (luaL_loadbufferx(lua_, text.data(), text.size(), chunk.c_str(), "t") == LUA_OK) {
        return {};
    }
    ScriptFailure failure{lua_tostring(lua_, -1), name, false};
    lua_pop(lua_, 1);
    // "file:12: message"
    const std::string prefix = name + ":";
    if (failure.text.starts_with(prefix)) {
        const std::size_t end = failure.text.find(':', prefix.size());
        if (end != std::string::npos) {
            failure.where = failure.text.substr(0, end);
            failure.text.erase(0, end + 2);
        }
    }
    return std::unexpected{failure};
}

std::expected<void, ScriptFailure> Engine::call(int arguments, int results) {
    const int function = lua_gettop(lua_) - arguments;
    lua_pushcfunction(lua_, add_place);
    lua_insert(lua_, function);
    const int status = lua_pcall(lua_, arguments, results, function);
    lua_remove(lua_, function);
    if (status == LUA_OK) {
        return {};
    }
    ScriptFailure failure = failure_on_top(lua_);
    lua_pop(lua_, 1);
    if (status == LUA_ERRMEM) {
        failure.text =
            fmt::format("the script used more than {} MiB of memory", limits_.memory >> 20U);
    }
    return std::unexpected{failure};
}

} // namespace meterbench::harness::lua
