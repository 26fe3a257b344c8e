// SPDX-License-Identifier: Apache-2.0
// Primitives of the wire and of time.
#include "harness/lua/primitive_groups.hpp"
#include "harness/lua/value.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace meterbench::harness::lua {

void push_frame(lua_State* lua, const core::link::Frame& frame) {
    using core::link::FrameKind;
    lua_newtable(lua);
    set_text(lua, "kind", core::link::name_of(frame.kind));
    if (frame.kind == FrameKind::single) {
        return;
    }
    set_integer(lua, "c", frame.control.value);
    set_integer(lua, "a", frame.address);
    set_text(lua, "function", core::link::name_of(frame.control.function()));
    if (frame.control.from_master()) {
        set_boolean(lua, "fcb", frame.control.fcb());
        set_boolean(lua, "fcv", frame.control.fcv());
    } else {
        set_boolean(lua, "acd", frame.control.acd());
        set_boolean(lua, "dfc", frame.control.dfc());
    }
    if (frame.has_ci()) {
        set_integer(lua, "ci", frame.ci());
        set_text(lua, "data", as_text(frame.data()));
        set_text(lua, "user_data", as_text(frame.user_data));
    }
}

core::Baud get_baud(std::int64_t value) {
    if (value < 1 || value > 1'000'000) {
        throw ScriptError{fmt::format("baud: {} is no rate", value)};
    }
    return {static_cast<std::uint32_t>(value)};
}

namespace {

void push_errors(lua_State* lua, core::OctetErrors errors) {
    lua_createtable(lua, 0, 4);
    set_boolean(lua, "parity", core::has(errors, core::OctetErrors::parity));
    set_boolean(lua, "framing", core::has(errors, core::OctetErrors::framing));
    set_boolean(lua, "break", core::has(errors, core::OctetErrors::break_));
    set_boolean(lua, "collision", core::has(errors, core::OctetErrors::collision));
}

/// Octets without errors, nearly all there are, share one table that says so.
void push_octets(lua_State* lua, std::span<const core::Octet> octets) {
    push_errors(lua, core::OctetErrors::none);
    const int no_errors = lua_gettop(lua);
    lua_createtable(lua, static_cast<int>(octets.size()), 0);
    lua_Integer index = 0;
    for (const core::Octet& octet : octets) {
        lua_createtable(lua, 0, 4);
        set_integer(lua, "value", octet.value);
        set_integer(lua, "start", nanoseconds(octet.start));
        set_integer(lua, "finish", nanoseconds(octet.end));
        if (octet.errors == core::OctetErrors::none) {
            lua_pushvalue(lua, no_errors);
        } else {
            push_errors(lua, octet.errors);
        }
        lua_setfield(lua, -2, "errors");
        lua_rawseti(lua, -2, ++index);
    }
    lua_remove(lua, no_errors);
}

void push_request(lua_State* lua, const SentFrame& sent) {
    lua_newtable(lua);
    set_text(lua, "bytes", as_text(sent.bytes));
    set_integer(lua, "start", nanoseconds(sent.start));
    set_integer(lua, "finish", nanoseconds(sent.finish));
}

} // namespace

void push_reception(lua_State* lua, const Reception& reception,
                    const std::optional<SentFrame>& request) {
    lua_newtable(lua);
    set_text(lua, "bytes", as_text(reception.bytes));
    set_integer(lua, "start", nanoseconds(reception.start()));
    set_integer(lua, "finish", nanoseconds(reception.finish()));
    set_boolean(lua, "collision", reception.collision());
    push_octets(lua, reception.octets);
    lua_setfield(lua, -2, "octets");
    if (reception.fault) {
        set_text(lua, "fault", core::name_of(reception.fault->code));
    } else {
        push_frame(lua, reception.frame());
        lua_setfield(lua, -2, "frame");
    }
    if (request) {
        push_request(lua, *request);
        lua_setfield(lua, -2, "request");
    }
}

namespace {

core::CharacterException::Kind kind_of(const std::string& name) {
    using Kind = core::CharacterException::Kind;
    return name == "parity"    ? Kind::parity
           : name == "framing" ? Kind::framing
           : name == "break"   ? Kind::break_
                               : Kind::none;
}

/// A gap in nanoseconds as bit times, to a thousandth.
core::BitTime bits_of(std::int64_t gap, core::Baud baud) {
    return {static_cast<std::int64_t>(std::llround(static_cast<double>(gap) * baud.value / 1e6)),
            1000};
}

/// The list { index, kind, gap } at stack place `index`.
std::vector<core::CharacterException> get_exceptions(lua_State* lua, int index, core::Baud baud) {
    std::vector<core::CharacterException> exceptions;
    const auto count = static_cast<lua_Integer>(lua_rawlen(lua, index));
    for (lua_Integer i = 1; i <= count; ++i) {
        lua_rawgeti(lua, index, i);
        const int item = lua_gettop(lua);
        lua_rawgeti(lua, item, 1);
        lua_rawgeti(lua, item, 2);
        lua_rawgeti(lua, item, 3);
        exceptions.push_back({static_cast<std::uint32_t>(get_integer(lua, item + 1, "octets")),
                              kind_of(get_text(lua, item + 2, "octets")),
                              bits_of(get_integer(lua, item + 3, "gap"), baud)});
        lua_settop(lua, item - 1);
    }
    return exceptions;
}

int send(lua_State* lua) {
    CaseContext& context = context_of(lua);
    const std::string bytes = get_text(lua, 1, "line:send");
    SendOptions options;
    core::Baud baud = context.session.baud();
    if (const auto given = get_integer(lua, 2, "baud"); given != 0) {
        baud = get_baud(given);
        options.baud = baud;
    }
    const std::int64_t stop_bits = get_integer(lua, 3, "stop_bits");
    if (stop_bits != 1 && stop_bits != 2) {
        throw ScriptError{"stop_bits: 1 or 2 is due"};
    }
    options.stop_bits = static_cast<std::uint8_t>(stop_bits);
    options.exceptions = get_exceptions(lua, 4, baud);
    if (const auto idle = get_integer(lua, 5, "idle"); idle >= 0) {
        options.idle = core::Duration{idle};
    }
    const auto sent = context.session.send(as_bytes(bytes), options);
    if (!sent) {
        rig_failed(context, sent.error());
    }
    push_request(lua, *sent);
    return 1;
}

int receive(lua_State* lua) {
    CaseContext& context = context_of(lua);
    const auto reception = context.session.receive(core::Duration{get_integer(lua, 1, "within")});
    if (!reception) {
        rig_failed(context, reception.error());
    }
    if (!*reception) {
        lua_pushnil(lua);
        return 1;
    }
    push_reception(lua, **reception, context.session.last_sent());
    return 1;
}

int wait(lua_State* lua) {
    CaseContext& context = context_of(lua);
    const auto waited = context.session.wait(core::Duration{get_integer(lua, 1, "rig:wait")});
    if (!waited) {
        rig_failed(context, waited.error());
    }
    return 0;
}

int now(lua_State* lua) {
    lua_pushinteger(lua, nanoseconds(context_of(lua).session.now()));
    return 1;
}

int bits(lua_State* lua) {
    const core::Baud baud = context_of(lua).session.baud();
    if (lua_isinteger(lua, 1) != 0) {
        lua_pushinteger(lua, core::BitTime{get_integer(lua, 1, "line:bits")}.floor(baud).count());
        return 1;
    }
    const double exact = get_number(lua, 1, "line:bits") * 1e9 / baud.value;
    lua_pushinteger(lua, static_cast<lua_Integer>(std::llround(exact)));
    return 1;
}

int get_line_baud(lua_State* lua) {
    lua_pushinteger(lua, context_of(lua).session.baud().value);
    return 1;
}

int set_line_baud(lua_State* lua) {
    context_of(lua).session.set_baud(get_baud(get_integer(lua, 1, "line:set_baud")));
    return 0;
}

constexpr std::array<luaL_Reg, 7> functions{{
    {"send", entry<send>},
    {"receive", entry<receive>},
    {"wait", entry<wait>},
    {"now", entry<now>},
    {"bits", entry<bits>},
    {"baud", entry<get_line_baud>},
    {"set_baud", entry<set_line_baud>},
}};

} // namespace

std::span<const luaL_Reg> line_primitives() {
    return functions;
}

} // namespace meterbench::harness::lua
