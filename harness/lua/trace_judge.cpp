// SPDX-License-Identifier: Apache-2.0
#include "harness/lua/trace_judge.hpp"

#include "harness/lua/engine.hpp"
#include "harness/lua/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace meterbench::harness::lua {
namespace {

using formats::JsonValue;

constexpr const char* predicates_key = "meterbench.predicates";
constexpr const char* trace_key = "meterbench.trace";
/// A search below many masks has tens of thousands of packets, some 3 KiB each here.
constexpr std::size_t memory_limit = std::size_t{1} << 30U;
/// Of a device under test: the folders of predicates.
constexpr std::array<const char*, 2> roles{"meter", "master"};

void push(lua_State* lua, const JsonValue& value) { // NOLINT(misc-no-recursion): depth is limited
    luaL_checkstack(lua, 4, "a statement that is nested too deeply");
    switch (value.kind) {
    case JsonValue::Kind::boolean: lua_pushboolean(lua, static_cast<int>(value.boolean)); break;
    case JsonValue::Kind::integer: lua_pushinteger(lua, value.integer); break;
    case JsonValue::Kind::real: lua_pushnumber(lua, value.real); break;
    case JsonValue::Kind::text: push_text(lua, value.text); break;
    case JsonValue::Kind::array:
        lua_newtable(lua);
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            push(lua, value.items[i]);
            lua_rawseti(lua, -2, static_cast<lua_Integer>(i) + 1);
        }
        break;
    case JsonValue::Kind::object:
        lua_newtable(lua);
        for (const formats::JsonMember& member : value.members) {
            push(lua, member.value);
            lua_setfield(lua, -2, member.key.c_str());
        }
        break;
    default: lua_pushnil(lua); break;
    }
}

void set_integer(lua_State* lua, const char* key, std::int64_t value) {
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, key);
}

void push(lua_State* lua, const formats::TracePacket& packet, std::size_t index) {
    static constexpr std::array<const char*, 4> errors{"parity", "framing", "break", "collision"};
    lua_createtable(lua, 0, 12);
    set_integer(lua, "index", static_cast<std::int64_t>(index));
    set_integer(lua, "baud", packet.baud);
    set_integer(lua, "start", packet.start);
    set_integer(lua, "finish", packet.end);
    lua_pushboolean(lua, static_cast<int>(packet.sent));
    lua_setfield(lua, -2, "sent");
    push_text(lua, packet.phase);
    lua_setfield(lua, -2, "phase");
    lua_pushlstring(lua, reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size());
    lua_setfield(lua, -2, "bytes");
    lua_createtable(lua, 0, 4);
    for (std::size_t i = 0; i < errors.size(); ++i) {
        lua_pushboolean(lua, packet.errors >> i & 1);
        lua_setfield(lua, -2, errors[i]);
    }
    lua_setfield(lua, -2, "errors");
}

void push(lua_State* lua, const std::vector<std::string>& texts) {
    lua_createtable(lua, static_cast<int>(texts.size()), 0);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        push_text(lua, texts[i]);
        lua_rawseti(lua, -2, static_cast<lua_Integer>(i) + 1);
    }
}

void push(lua_State* lua, const formats::TraceJob& job) {
    lua_createtable(lua, 0, 10);
    push_text(lua, job.name);
    lua_setfield(lua, -2, "name");
    push(lua, job.arguments);
    lua_setfield(lua, -2, "arguments");
    push_text(lua, job.phase);
    lua_setfield(lua, -2, "phase");
    set_integer(lua, "start", job.start);
    set_integer(lua, "finish", job.end);
    if (job.status) {
        set_integer(lua, "status", *job.status);
    }
    lua_createtable(lua, static_cast<int>(job.telegrams.size()), 0);
    lua_Integer index = 0;
    for (const std::vector<std::uint8_t>& telegram : job.telegrams) {
        lua_pushlstring(lua, reinterpret_cast<const char*>(telegram.data()), telegram.size());
        lua_rawseti(lua, -2, ++index);
    }
    lua_setfield(lua, -2, "telegrams");
    push(lua, job.found);
    lua_setfield(lua, -2, "found");
    push(lua, job.faults);
    lua_setfield(lua, -2, "faults");
    lua_pushboolean(lua, static_cast<int>(job.cut));
    lua_setfield(lua, -2, "cut");
}

void push(lua_State* lua, const formats::Trace& trace, core::Duration uncertainty) {
    lua_createtable(lua, 0, 9);
    push_text(lua, trace.case_id);
    lua_setfield(lua, -2, "case");
    lua_newtable(lua);
    for (const std::string& need : trace.needs) {
        lua_pushboolean(lua, 1);
        lua_setfield(lua, -2, need.c_str());
    }
    lua_setfield(lua, -2, "needs");
    set_integer(lua, "uncertainty", uncertainty.count());
    const bool primary = !trace.dut.empty() && trace.dut.size() <= 3 &&
                         trace.dut.find_first_not_of("0123456789") == std::string::npos;
    if (primary) {
        set_integer(lua, "dut", std::stoi(trace.dut));
    }
    if (trace.ics.kind == JsonValue::Kind::object) {
        push(lua, trace.ics);
    } else {
        lua_newtable(lua);
    }
    lua_setfield(lua, -2, "ics");
    lua_createtable(lua, static_cast<int>(trace.jobs.size()), 0);
    for (std::size_t i = 0; i < trace.jobs.size(); ++i) {
        push(lua, trace.jobs[i]);
        lua_rawseti(lua, -2, static_cast<lua_Integer>(i) + 1);
    }
    lua_setfield(lua, -2, "jobs");
    lua_createtable(lua, static_cast<int>(trace.packets.size()), 0);
    std::size_t index = 0;
    for (const formats::TracePacket& packet : trace.packets) {
        if (packet.bytes.empty()) {
            continue; // a break without a character: nothing to take apart
        }
        ++index;
        push(lua, packet, index);
        lua_rawseti(lua, -2, static_cast<lua_Integer>(index));
    }
    lua_setfield(lua, -2, "packets");
}

struct Pushed {
    const formats::Trace& trace;
    core::Duration uncertainty;
};

/// The same as a function of Lua, for what may run out of memory: its one argument is a Pushed.
int push_trace(lua_State* lua) {
    const auto* const pushed = static_cast<const Pushed*>(lua_touserdata(lua, 1));
    push(lua, pushed->trace, pushed->uncertainty);
    return 1;
}

std::string line_of(const ScriptFailure& failure) {
    return failure.where.empty() ? failure.text : failure.where + ": " + failure.text;
}

} // namespace

std::string_view name_of(Ruling::Verdict verdict) {
    static constexpr std::array<std::string_view, 3> names{"pass", "fail", "none"};
    return names[static_cast<std::size_t>(verdict)];
}

TraceJudge::TraceJudge() : engine_{std::make_unique<Engine>(Limits{.memory = memory_limit})} {}
TraceJudge::TraceJudge(TraceJudge&&) noexcept = default;
TraceJudge& TraceJudge::operator=(TraceJudge&&) noexcept = default;
TraceJudge::~TraceJudge() = default;

std::expected<TraceJudge, std::string> TraceJudge::load(const std::filesystem::path& folder) {
    TraceJudge judge;
    judge.engine_->set_suite(folder);
    lua_newtable(judge.engine_->state());
    lua_setfield(judge.engine_->state(), LUA_REGISTRYINDEX, predicates_key);
    for (const char* const role : roles) {
        if (const auto loaded = judge.load_role(folder, role); !loaded) {
            return std::unexpected{loaded.error()};
        }
    }
    if (judge.requirements_.empty()) {
        return std::unexpected{fmt::format("{}: no predicates there", folder.string())};
    }
    judge.engine_->settle();
    return judge;
}

std::expected<void, std::string> TraceJudge::load_role(const std::filesystem::path& folder,
                                                       const std::string& role) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder / role, error}) {
        if (entry.path().extension() == ".lua") {
            files.push_back(entry.path());
        }
    }
    if (files.empty()) {
        return {};
    }
    std::ranges::sort(files);
    {
        const StackGuard guard{engine_->state()};
        lua_getfield(engine_->state(), LUA_REGISTRYINDEX, predicates_key);
        lua_newtable(engine_->state());
        lua_setfield(engine_->state(), -2, role.c_str());
    }
    for (const auto& file : files) {
        if (const auto loaded = load_file(file, role); !loaded) {
            return loaded;
        }
    }
    std::vector<std::string>& requirements = requirements_[role];
    std::ranges::sort(requirements);
    const auto twice = std::ranges::adjacent_find(requirements);
    if (twice != requirements.end()) {
        return std::unexpected{
            fmt::format("{}: two predicates for {}", (folder / role).string(), *twice)};
    }
    return {};
}

std::expected<void, std::string> TraceJudge::load_file(const std::filesystem::path& file,
                                                       const std::string& role) {
    lua_State* const lua = engine_->state();
    const StackGuard guard{lua};
    const auto text = formats::read_text_file(file);
    if (!text) {
        return std::unexpected{text.error()};
    }
    if (const auto loaded = engine_->load(*text, file.string()); !loaded) {
        return std::unexpected{line_of(loaded.error())};
    }
    if (const auto called = engine_->call(0, 1); !called) {
        return std::unexpected{line_of(called.error())};
    }
    if (!lua_istable(lua, -1)) {
        return std::unexpected{fmt::format("{}: returns no table of predicates", file.string())};
    }
    lua_getfield(lua, LUA_REGISTRYINDEX, predicates_key);
    lua_getfield(lua, -1, role.c_str());
    lua_remove(lua, -2);
    lua_pushnil(lua);
    while (lua_next(lua, -3) != 0) {
        if (lua_type(lua, -2) != LUA_TSTRING || !lua_isfunction(lua, -1)) {
            return std::unexpected{fmt::format(
                "{}: a key that is no id, or a value that is no function", file.string())};
        }
        const std::string id = lua_tostring(lua, -2);
        lua_setfield(lua, -3, id.c_str());
        requirements_[role].push_back(id);
    }
    return {};
}

std::vector<std::string> TraceJudge::requirements(std::string_view role) const {
    const auto found = requirements_.find(role);
    return found == requirements_.end() ? std::vector<std::string>{} : found->second;
}

std::expected<Ruling, std::string> TraceJudge::ask(const std::string& role,
                                                   const std::string& requirement) {
    lua_State* const lua = engine_->state();
    const StackGuard guard{lua};
    lua_getfield(lua, LUA_REGISTRYINDEX, predicates_key);
    lua_getfield(lua, -1, role.c_str());
    lua_getfield(lua, -1, requirement.c_str());
    lua_getfield(lua, LUA_REGISTRYINDEX, trace_key);
    if (const auto called = engine_->call(1, 3); !called) {
        return std::unexpected{fmt::format("{}: {}", requirement, line_of(called.error()))};
    }
    Ruling ruling;
    ruling.requirement = requirement;
    const std::string verdict = lua_isstring(lua, -3) != 0 ? lua_tostring(lua, -3) : "nothing";
    if (verdict == "pass") {
        ruling.verdict = Ruling::Verdict::pass;
    } else if (verdict == "fail") {
        ruling.verdict = Ruling::Verdict::fail;
        ruling.text = lua_isstring(lua, -2) != 0 ? lua_tostring(lua, -2) : "";
        ruling.packet = static_cast<std::size_t>(std::max<lua_Integer>(lua_tointeger(lua, -1), 0));
    } else if (verdict != "none") {
        return std::unexpected{
            fmt::format("{}: the predicate returned '{}'", requirement, verdict)};
    }
    return ruling;
}

std::expected<std::vector<Ruling>, std::string> TraceJudge::judge(const formats::Trace& trace,
                                                                  core::Duration uncertainty) {
    const auto known = requirements_.find(trace.role);
    return judge(trace, uncertainty,
                 known == requirements_.end() ? std::span<const std::string>{} : known->second);
}

std::expected<std::vector<Ruling>, std::string>
TraceJudge::judge(const formats::Trace& trace, core::Duration uncertainty,
                  std::span<const std::string> requirements) {
    const auto known = requirements_.find(trace.role);
    if (known == requirements_.end()) {
        return std::unexpected{
            fmt::format("there are no predicates for devices of role '{}'", trace.role)};
    }
    lua_State* const lua = engine_->state();
    const StackGuard guard{lua};
    Pushed pushed{trace, uncertainty};
    lua_pushcfunction(lua, push_trace);
    lua_pushlightuserdata(lua, &pushed);
    if (const auto called = engine_->call(1, 1); !called) {
        return std::unexpected{line_of(called.error())};
    }
    lua_setfield(lua, LUA_REGISTRYINDEX, trace_key);
    std::vector<Ruling> rulings;
    for (const std::string& requirement : requirements) {
        if (!std::ranges::binary_search(known->second, requirement)) {
            continue;
        }
        if (trace.spoilt) {
            Ruling none;
            none.requirement = requirement;
            rulings.push_back(std::move(none));
            continue;
        }
        auto ruling = ask(trace.role, requirement);
        if (!ruling) {
            return std::unexpected{ruling.error()};
        }
        rulings.push_back(std::move(*ruling));
    }
    lua_pushnil(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, trace_key);
    return rulings;
}

} // namespace meterbench::harness::lua
