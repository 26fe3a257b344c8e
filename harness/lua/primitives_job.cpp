// SPDX-License-Identifier: Apache-2.0
// Jobs of a master under test, and the wire as it and the meters make it.
#include "harness/lua/primitive_groups.hpp"
#include "harness/lua/value.hpp"

#include <array>
#include <fmt/format.h>

namespace meterbench::harness::lua {

namespace {

using core::master::ReadoutLine;

rig::Master& master_of(CaseContext& context) {
    rig::Master* const master = context.session.rig().master();
    if (master == nullptr) {
        throw ScriptError{"this rig has no master under test: say role = \"master\""};
    }
    return *master;
}

int start_job(lua_State* lua) {
    rig::Master& master = master_of(context_of(lua));
    if (master.running()) {
        throw ScriptError{"rig.dut:start: a job is running: finish it first"};
    }
    rig::JobOrder order{get_text(lua, 1, "rig.dut:start"), {}};
    const int count = lua_gettop(lua);
    for (int i = 2; i <= count; ++i) {
        order.arguments.push_back(get_text(lua, i, "rig.dut:start"));
    }
    if (const auto started = context_of(lua).session.start_job(order); !started) {
        throw ScriptError{"rig.dut:start: " + started.error()};
    }
    return 0;
}

int job_running(lua_State* lua) {
    lua_pushboolean(lua, master_of(context_of(lua)).running() ? 1 : 0);
    return 1;
}

int await(lua_State* lua) {
    CaseContext& context = context_of(lua);
    (void)master_of(context);
    const auto reception = context.session.await(core::Duration{get_integer(lua, 1, "within")});
    if (!reception) {
        rig_failed(context, reception.error());
    }
    if (!*reception) {
        lua_pushnil(lua);
        return 1;
    }
    push_reception(lua, **reception, std::nullopt);
    return 1;
}

void push_lines(lua_State* lua, const std::vector<ReadoutLine>& lines) {
    lua_newtable(lua);
    lua_Integer index = 0;
    for (const ReadoutLine& line : lines) {
        lua_newtable(lua);
        set_text(lua, "address", line.address);
        switch (line.kind) {
        case ReadoutLine::Kind::telegram: set_text(lua, "telegram", as_text(line.telegram)); break;
        case ReadoutLine::Kind::found: set_text(lua, "found", line.address); break;
        case ReadoutLine::Kind::fault: set_text(lua, "fault", line.text); break;
        }
        lua_rawseti(lua, -2, ++index);
    }
}

/// Waits for the end of the job. { ended, status, trouble, lines, finish }.
int finish_job(lua_State* lua) {
    CaseContext& context = context_of(lua);
    rig::Master& master = master_of(context);
    const auto ended = context.session.finish_job(core::Duration{get_integer(lua, 1, "within")});
    if (!ended) {
        rig_failed(context, ended.error());
    }
    const rig::JobResult& result = master.result();
    if (!result.error.empty()) {
        context.fault = result.error;
        throw ScriptError{result.error};
    }
    if (*ended && result.status == rig::job_unknown) {
        context.unclaimed = "the master does not have this job (status 89)";
    }
    lua_newtable(lua);
    set_boolean(lua, "ended", *ended);
    set_boolean(lua, "unclaimed", !context.unclaimed.empty());
    if (result.status) {
        set_integer(lua, "status", *result.status);
    }
    if (!result.trouble.empty()) {
        set_text(lua, "trouble", result.trouble);
    }
    set_integer(lua, "finish", nanoseconds(result.ended));
    push_lines(lua, result.lines);
    lua_setfield(lua, -2, "lines");
    return 1;
}

/// What no expectation of the case asks for: a crash, a malformed line, an overrun.
int job_fails(lua_State* lua) {
    context_of(lua).judge.reason(formats::Verdict::fail, get_text(lua, 1, "job"), where(lua));
    return 0;
}

void push_step(lua_State* lua, const formats::Step& step) {
    lua_newtable(lua);
    set_text(lua, "from", step.kind == formats::Step::Kind::heard ? "master" : "meter");
    set_text(lua, "bytes", as_text(step.bytes));
    set_integer(lua, "start", step.start);
    set_integer(lua, "finish", step.end);
    set_integer(lua, "baud", step.baud);
    set_boolean(lua, "errors", !step.errors.empty());
    if (!step.errors.empty()) {
        return;
    }
    if (const auto frame = core::link::decode_frame(step.bytes)) {
        push_frame(lua, *frame);
        lua_setfield(lua, -2, "frame");
    }
}

/// What was on the wire from an instant on.
int wire(lua_State* lua) {
    CaseContext& context = context_of(lua);
    const std::int64_t from = get_integer(lua, 1, "wire");
    lua_newtable(lua);
    lua_Integer index = 0;
    for (const formats::Step& step : context.session.wire()) {
        if (step.start >= from &&
            (step.kind == formats::Step::Kind::heard || step.kind == formats::Step::Kind::sent)) {
            push_step(lua, step);
            lua_rawseti(lua, -2, ++index);
        }
    }
    return 1;
}

constexpr std::array<luaL_Reg, 6> functions{{
    {"start_job", entry<start_job>},
    {"job_running", entry<job_running>},
    {"await", entry<await>},
    {"finish_job", entry<finish_job>},
    {"job_fails", entry<job_fails>},
    {"wire", entry<wire>},
}};

} // namespace

std::span<const luaL_Reg> job_primitives() {
    return functions;
}

} // namespace meterbench::harness::lua
