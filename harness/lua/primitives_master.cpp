// SPDX-License-Identifier: Apache-2.0
// The reference master.
#include "core/application/record.hpp"
#include "core/application/telegram.hpp"
#include "formats/telegram_value.hpp"
#include "harness/lua/primitive_groups.hpp"
#include "harness/lua/value.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>

namespace meterbench::harness::lua {

namespace {

namespace application = core::application;

core::master::Target get_target(lua_State* lua) {
    if (lua_isinteger(lua, 1) != 0) {
        const std::int64_t address = get_integer(lua, 1, "address");
        if ((address < 0 || address > core::link::address::last_individual) &&
            address != core::link::address::test) {
            throw ScriptError{fmt::format("rig.master:read: {} is no address to read", address)};
        }
        return static_cast<std::uint8_t>(address);
    }
    const auto secondary = core::link::parse_secondary(get_text(lua, 1, "rig.master:read"));
    if (!secondary) {
        throw ScriptError{"rig.master:read: an address, or 16 digits of a secondary one, are due"};
    }
    return *secondary;
}

void push_record(lua_State* lua, const application::Record& record) {
    lua_newtable(lua);
    set_text(lua, "quantity", application::name_of(record.quantity));
    const auto written = [&record](auto append) {
        std::string text;
        formats::Sink sink{text};
        append(sink, record, false);
        sink.flush();
        return text;
    };
    set_text(lua, "unit", written(formats::append_unit));
    if (formats::has_value(record)) {
        set_text(lua, "value", written(formats::append_value));
    } else {
        set_text(lua, "invalid", formats::name_of(record.value.invalid));
    }
    set_text(lua, "type", application::name_of(record.value.type));
    set_text(lua, "coding", application::name_of(record.coding));
    set_text(lua, "function", application::name_of(record.function));
    set_integer(lua, "storage", static_cast<std::int64_t>(record.storage));
    set_integer(lua, "tariff", record.tariff);
    set_integer(lua, "subunit", record.subunit);
    set_text(lua, "error", record.error_name());
    lua_newtable(lua);
    lua_Integer index = 0;
    for (const application::Qualifier qualifier : record.qualifiers()) {
        std::array<char, application::max_qualifier_name> storage{};
        push_text(lua, application::qualifier_name(qualifier, storage));
        lua_rawseti(lua, -2, ++index);
    }
    lua_setfield(lua, -2, "qualifiers");
}

/// Appends the records of the telegram with this number to the table on top of the stack. Returns
/// what keeps it from being read to its end, encryption aside, which is no fault of the meter's.
std::optional<core::FaultCode> push_records(lua_State* lua, std::span<const std::uint8_t> user_data,
                                            lua_Integer number) {
    const application::Telegram telegram = application::decode_telegram(user_data);
    if (telegram.fault) {
        const core::FaultCode code = telegram.fault->code;
        return code == core::FaultCode::encrypted ? std::nullopt : std::optional{code};
    }
    if (telegram.body != application::Body::records) {
        return std::nullopt;
    }
    application::RecordReader reader = telegram.records();
    application::Record record;
    application::RecordReader::Step step{};
    while ((step = reader.next(record)) == application::RecordReader::Step::record) {
        push_record(lua, record);
        set_integer(lua, "telegram", number);
        lua_rawseti(lua, -2, static_cast<lua_Integer>(lua_rawlen(lua, -2)) + 1);
    }
    const bool broken = step == application::RecordReader::Step::fault;
    return broken ? std::optional{reader.fault().code} : std::nullopt;
}

int read(lua_State* lua) {
    CaseContext& context = context_of(lua);
    const auto readout = context.session.read(get_target(lua));
    if (!readout) {
        rig_failed(context, readout.error());
    }
    lua_newtable(lua);
    lua_newtable(lua);
    lua_Integer index = 0;
    for (const core::master::ReadTelegram& telegram : readout->telegrams()) {
        lua_newtable(lua);
        set_text(lua, "bytes", as_text(telegram.frame));
        set_integer(lua, "start", nanoseconds(telegram.start));
        set_integer(lua, "finish", nanoseconds(telegram.end));
        if (const auto frame = core::link::decode_frame(telegram.frame)) {
            push_frame(lua, *frame);
            lua_setfield(lua, -2, "frame");
        }
        lua_rawseti(lua, -2, ++index);
    }
    lua_setfield(lua, -2, "telegrams");
    lua_newtable(lua);
    index = 0;
    std::optional<core::FaultCode> fault;
    for (const core::master::ReadTelegram& telegram : readout->telegrams()) {
        const auto broken = push_records(
            lua, std::span{telegram.frame}.subspan(6, telegram.frame.size() - 8), ++index);
        fault = fault ? fault : broken;
    }
    lua_setfield(lua, -2, "records");
    if (readout->fault()) {
        fault = readout->fault()->code; // what ended the read-out comes first
    }
    if (fault) {
        set_text(lua, "fault", core::name_of(*fault));
    }
    return 1;
}

constexpr std::array<luaL_Reg, 1> functions{{
    {"read", entry<read>},
}};

} // namespace

std::span<const luaL_Reg> master_primitives() {
    return functions;
}

} // namespace meterbench::harness::lua
