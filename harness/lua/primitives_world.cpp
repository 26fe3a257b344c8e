// SPDX-License-Identifier: Apache-2.0
// The world: meters, faults, power, chance.
#include "core/link/frame.hpp"
#include "harness/lua/primitive_groups.hpp"
#include "harness/lua/value.hpp"

#include <array>
#include <fmt/format.h>

namespace meterbench::harness::lua {

namespace {

rig::World& world_of(CaseContext& context) {
    rig::World* const world = context.session.rig().world();
    if (world == nullptr) {
        throw ScriptError{"this rig builds no world: say needs = { \"world\" }"};
    }
    return *world;
}

int offers(lua_State* lua) {
    const std::string need = get_text(lua, 1, "needs");
    lua_pushboolean(lua, context_of(lua).session.rig().capabilities().offers(need) ? 1 : 0);
    return 1;
}

std::vector<std::vector<std::uint8_t>> get_telegrams(lua_State* lua) {
    std::vector<std::vector<std::uint8_t>> telegrams;
    const StackGuard guard{lua};
    if (lua_getfield(lua, 1, "telegrams") == LUA_TNIL) {
        return telegrams;
    }
    if (lua_type(lua, -1) != LUA_TTABLE) {
        throw ScriptError{"rig:meter: telegrams: a list of frames is due"};
    }
    const auto count = static_cast<lua_Integer>(lua_rawlen(lua, -1));
    for (lua_Integer i = 1; i <= count; ++i) {
        lua_rawgeti(lua, -1, i);
        const std::string bytes = get_text(lua, -1, "telegrams");
        const auto span = as_bytes(bytes);
        const auto frame = core::link::decode_frame(span);
        if (!frame || frame->control.function() != core::link::Function::rsp_ud) {
            throw ScriptError{fmt::format("rig:meter: telegrams[{}] is no valid RSP_UD", i)};
        }
        telegrams.emplace_back(span.begin(), span.end());
        lua_pop(lua, 1);
    }
    return telegrams;
}

int add_meter(lua_State* lua) {
    CaseContext& context = context_of(lua);
    core::device::MeterDescription meter;
    meter.telegrams = get_telegrams(lua);
    const auto address = field_integer(lua, 1, "address");
    if (address && (*address < 0 || *address > core::link::address::last_individual)) {
        throw ScriptError{"rig:meter: address: 0 to 250 is due"};
    }
    const std::int64_t captured = meter.telegrams.empty() ? 0 : meter.telegrams.front()[5];
    const std::int64_t at = address.value_or(captured);
    meter.address = static_cast<std::uint8_t>(at);
    meter.name = field_text(lua, 1, "name").value_or(fmt::format("meter-{}", at));
    meter.profile = field_text(lua, 1, "profile").value_or("");
    meter.id = field_text(lua, 1, "id").value_or(fmt::format("{:08}", at));
    if (meter.id.size() != 8 || meter.id.find_first_not_of("0123456789") != std::string::npos) {
        throw ScriptError{"rig:meter: id: eight digits are due"};
    }
    if (meter.profile.empty() == meter.telegrams.empty()) {
        throw ScriptError{"rig:meter: a profile or telegrams are due, one of them"};
    }
    if (const auto response = field_integer(lua, 1, "response")) {
        meter.response = core::Duration{*response};
    }
    if (const auto baud = field_integer(lua, 1, "baud")) {
        meter.baud = get_baud(*baud).value;
    }
    if (const auto loads = field_integer(lua, 1, "unit_loads")) {
        if (*loads < 1 || *loads > 4) {
            throw ScriptError{"rig:meter: unit_loads: 1 to 4 is due"};
        }
        meter.unit_loads = static_cast<int>(*loads);
    }
    if (const auto distance = field_integer(lua, 1, "distance")) {
        if (*distance < 0 || *distance > 10000) {
            throw ScriptError{"rig:meter: distance: 0 to 10000 m is due"};
        }
        meter.distance = static_cast<int>(*distance);
    }
    if (const auto added = world_of(context).add_meter(meter); !added) {
        throw ScriptError{added.error()};
    }
    const rig::Dut& dut = context.session.rig().dut();
    if (dut.role == rig::Dut::Role::meter && *meter.address == dut.address) {
        context.session.monitor().suspend(); // two talk at once now, and the case wants it so
    }
    context.last_added = *meter.address;
    return 0;
}

int last_added(lua_State* lua) {
    lua_pushinteger(lua, context_of(lua).last_added);
    return 1;
}

int meter_at(lua_State* lua) {
    const std::int64_t address = get_integer(lua, 1, "address");
    const bool possible = address >= 0 && address <= core::link::address::last_individual;
    push_text(lua, possible ? world_of(context_of(lua)).meter_at(static_cast<std::uint8_t>(address))
                            : std::string{});
    return 1;
}

int set_fault(lua_State* lua) {
    CaseContext& context = context_of(lua);
    const std::int64_t address = get_integer(lua, 1, "address");
    core::device::FaultDescription fault{.name = get_text(lua, 2, "fault"), .parameters = {}};
    lua_pushnil(lua);
    while (lua_next(lua, 3) != 0) {
        fault.parameters.emplace(get_text(lua, -2, "parameter"), get_number(lua, -1, "parameter"));
        lua_pop(lua, 1);
    }
    rig::World& world = world_of(context);
    const std::string meter =
        address < 0 ? std::string{} : world.meter_at(static_cast<std::uint8_t>(address));
    if (const auto set = world.set_fault(meter, fault); !set) {
        throw ScriptError{set.error()};
    }
    // What goes wrong on the wire now is the case's doing; for a master a bad meter is none of it.
    if (address < 0 || context.session.rig().dut().role == rig::Dut::Role::meter) {
        context.session.monitor().suspend();
    }
    return 0;
}

int power(lua_State* lua) {
    rig::Power* const switch_ = context_of(lua).session.rig().power();
    if (switch_ == nullptr) {
        throw ScriptError{"this rig has no power switch: say needs = { \"power\" }"};
    }
    if (get_boolean(lua, 1, "power")) {
        switch_->on();
    } else {
        switch_->off();
    }
    return 0;
}

rig::Levels& levels_of(CaseContext& context) {
    rig::Levels* const levels = context.session.rig().levels();
    if (levels == nullptr) {
        throw ScriptError{"this rig measures no levels: say needs = { \"levels\" }"};
    }
    return *levels;
}

void push_field(lua_State* lua, const char* name, double value) {
    lua_pushnumber(lua, value);
    lua_setfield(lua, -2, name);
}

int levels(lua_State* lua) {
    const rig::Levels::Reading reading = levels_of(context_of(lua)).read();
    lua_createtable(lua, 0, 2);
    push_field(lua, "voltage", reading.volt);
    push_field(lua, "current", reading.milliampere);
    return 1;
}

int levels_at(lua_State* lua) {
    const auto reading = levels_of(context_of(lua)).read_at(get_text(lua, 1, "meter"));
    if (!reading) {
        throw ScriptError{reading.error()};
    }
    lua_createtable(lua, 0, 4);
    push_field(lua, "mark", reading->mark_volt);
    push_field(lua, "space", reading->space_volt);
    lua_pushboolean(lua, reading->powered ? 1 : 0);
    lua_setfield(lua, -2, "powered");
    lua_pushboolean(lua, reading->hears ? 1 : 0);
    lua_setfield(lua, -2, "hears");
    return 1;
}

int set_voltages(lua_State* lua) {
    const auto set = levels_of(context_of(lua))
                         .set(get_number(lua, 1, "rig.power:set: mark"),
                              get_number(lua, 2, "rig.power:set: space"));
    if (!set) {
        throw ScriptError{"rig.power:set: " + set.error()};
    }
    return 0;
}

int isolate(lua_State* lua) {
    CaseContext& context = context_of(lua);
    world_of(context).isolate();
    return 0;
}

int random(lua_State* lua) {
    lua_pushinteger(lua, context_of(lua).random.between(get_integer(lua, 1, "rig:random"),
                                                        get_integer(lua, 2, "rig:random")));
    return 1;
}

constexpr std::array<luaL_Reg, 11> functions{{
    {"offers", entry<offers>},
    {"add_meter", entry<add_meter>},
    {"last_added", entry<last_added>},
    {"meter_at", entry<meter_at>},
    {"set_fault", entry<set_fault>},
    {"isolate", entry<isolate>},
    {"power", entry<power>},
    {"levels", entry<levels>},
    {"levels_at", entry<levels_at>},
    {"set_voltages", entry<set_voltages>},
    {"random", entry<random>},
}};

} // namespace

std::span<const luaL_Reg> world_primitives() {
    return functions;
}

} // namespace meterbench::harness::lua
