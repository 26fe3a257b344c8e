// SPDX-License-Identifier: Apache-2.0
#include "harness/lua/primitives.hpp"

#include "core/application/record.hpp"
#include "core/application/telegram.hpp"
#include "core/bytes/decimal.hpp"
#include "core/bytes/hex.hpp"
#include "formats/telegram_value.hpp"
#include "harness/lua/bindings.hpp"
#include "harness/lua/value.hpp"
#include "rig/capabilities.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace meterbench::harness::lua {

namespace {

namespace application = core::application;
using formats::Verdict;

constexpr const char* primitives_key = "meterbench.primitives";
constexpr const char* context_key = "meterbench.context";

CaseContext& context_of(lua_State* lua) {
    lua_getfield(lua, LUA_REGISTRYINDEX, context_key);
    auto* const context = static_cast<CaseContext*>(lua_touserdata(lua, -1));
    lua_pop(lua, 1);
    if (context == nullptr) {
        throw ScriptError{"the rig is there inside run() only"};
    }
    return *context;
}

std::span<const std::uint8_t> as_bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The rig failed: the case ends as an error whatever the script does about it.
[[noreturn]] void rig_failed(CaseContext& context, const core::Fault& fault) {
    context.fault = fmt::format("{}: {}", core::name_of(fault.code), core::meaning_of(fault.code));
    throw ScriptError{context.fault};
}

Judge::Observation observe(lua_State* lua, CaseContext& context) {
    Judge::Observation observation;
    observation.now = nanoseconds(context.session.now());
    observation.where = where(lua);
    return observation;
}

// Pure functions ---------------------------------------------------------------------------------

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

/// All DIBs and VIBs of the records, joined: what a telegram is made of, without its values. For
/// anything but records, the user data themselves.
int structure(lua_State* lua) {
    const std::string text = get_text(lua, 1, "user data");
    const application::Telegram telegram = application::decode_telegram(as_bytes(text));
    if (telegram.body != application::Body::records) {
        push_text(lua, text);
        return 1;
    }
    std::string joined(1, text.front());
    application::RecordReader reader = telegram.records();
    application::Record record;
    while (reader.next(record) == application::RecordReader::Step::record) {
        joined += as_text(record.dib());
        joined += as_text(record.vib());
        joined += static_cast<char>(record.data_size);
    }
    joined += reader.more_follows() ? '+' : '.';
    push_text(lua, joined);
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

// The line ---------------------------------------------------------------------------------------

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

void push_errors(lua_State* lua, core::OctetErrors errors) {
    lua_newtable(lua);
    set_boolean(lua, "parity", core::has(errors, core::OctetErrors::parity));
    set_boolean(lua, "framing", core::has(errors, core::OctetErrors::framing));
    set_boolean(lua, "break", core::has(errors, core::OctetErrors::break_));
    set_boolean(lua, "collision", core::has(errors, core::OctetErrors::collision));
}

void push_request(lua_State* lua, const SentFrame& sent) {
    lua_newtable(lua);
    set_text(lua, "bytes", as_text(sent.bytes));
    set_integer(lua, "start", nanoseconds(sent.start));
    set_integer(lua, "finish", nanoseconds(sent.finish));
}

void push_reception(lua_State* lua, const Reception& reception,
                    const std::optional<SentFrame>& request) {
    lua_newtable(lua);
    set_text(lua, "bytes", as_text(reception.bytes));
    set_integer(lua, "start", nanoseconds(reception.start()));
    set_integer(lua, "finish", nanoseconds(reception.finish()));
    set_boolean(lua, "collision", reception.collision());
    lua_newtable(lua);
    lua_Integer index = 0;
    for (const core::Octet& octet : reception.octets) {
        lua_newtable(lua);
        set_integer(lua, "value", octet.value);
        set_integer(lua, "start", nanoseconds(octet.start));
        set_integer(lua, "finish", nanoseconds(octet.end));
        push_errors(lua, octet.errors);
        lua_setfield(lua, -2, "errors");
        lua_rawseti(lua, -2, ++index);
    }
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

core::Baud get_baud(std::int64_t value) {
    if (value < 1 || value > 1'000'000) {
        throw ScriptError{fmt::format("baud: {} is no rate", value)};
    }
    return {static_cast<std::uint32_t>(value)};
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

// Judging ----------------------------------------------------------------------------------------

int judge(lua_State* lua) {
    CaseContext& context = context_of(lua);
    const std::string kind = get_text(lua, 1, "kind");
    Judge::Observation observation = observe(lua, context);
    observation.passed = get_boolean(lua, 2, "passed");
    observation.what = get_text(lua, 3, "what");
    observation.expected = get_text(lua, 4, "expected");
    observation.actual = get_text(lua, 5, "actual");
    observation.requirement = get_text(lua, 6, "requirement");
    const Ruling ruling = kind == "precondition" ? context.judge.precondition(observation)
                                                 : context.judge.expectation(observation);
    lua_pushboolean(lua, ruling == Ruling::ends ? 1 : 0);
    return 1;
}

std::string milliseconds(std::int64_t value) {
    return fmt::format("{}{}.{:06} ms", value < 0 ? "-" : "", std::abs(value / 1'000'000),
                       std::abs(value % 1'000'000));
}

/// Pass inside [min + U, max - U], fail outside [min - U, max + U], else inconclusive.
Verdict judge_time(std::int64_t value, std::int64_t minimum, std::int64_t maximum,
                   std::int64_t uncertainty) {
    const bool low = minimum >= 0;
    const bool high = maximum >= 0;
    if ((low && value < minimum - uncertainty) || (high && value > maximum + uncertainty)) {
        return Verdict::fail;
    }
    const bool sure =
        (!low || value >= minimum + uncertainty) && (!high || value <= maximum - uncertainty);
    return sure ? Verdict::pass : Verdict::inconclusive;
}

int measure(lua_State* lua) {
    CaseContext& context = context_of(lua);
    Judge::Observation observation = observe(lua, context);
    observation.what = get_text(lua, 1, "what");
    const std::int64_t value = get_integer(lua, 2, "value");
    const std::int64_t minimum = get_integer(lua, 3, "min");
    const std::int64_t maximum = get_integer(lua, 4, "max");
    observation.requirement = get_text(lua, 5, "requirement");
    const std::int64_t uncertainty = context.session.rig().line().uncertainty().count();
    observation.actual = milliseconds(value);
    if (minimum >= 0 && maximum >= 0) {
        observation.expected =
            fmt::format("{} to {}", milliseconds(minimum), milliseconds(maximum));
    } else if (minimum >= 0) {
        observation.expected = "at least " + milliseconds(minimum);
    } else {
        observation.expected = "at most " + milliseconds(maximum);
    }
    if (uncertainty != 0) {
        observation.expected += fmt::format(", uncertainty {}", milliseconds(uncertainty));
    }
    const Verdict verdict = judge_time(value, minimum, maximum, uncertainty);
    observation.passed = verdict != Verdict::fail;
    context.judge.measurement(observation, verdict);
    return 0;
}

int remark(lua_State* lua) {
    CaseContext& context = context_of(lua);
    context.judge.remark(get_text(lua, 1, "remark"), get_text(lua, 2, "requirement"), where(lua),
                         nanoseconds(context.session.now()));
    return 0;
}

formats::Step plain_step(lua_State* lua, CaseContext& context, formats::Step::Kind kind) {
    formats::Step step;
    step.kind = kind;
    step.start = nanoseconds(context.session.now());
    step.end = step.start;
    step.where = where(lua);
    return step;
}

int note(lua_State* lua) {
    lua_getfield(lua, LUA_REGISTRYINDEX, context_key);
    const bool connected = lua_touserdata(lua, -1) != nullptr;
    lua_pop(lua, 1);
    if (!connected) {
        return 0; // print() while the file is loaded: there is no record to put it into
    }
    CaseContext& context = context_of(lua);
    formats::Step step = plain_step(lua, context, formats::Step::Kind::note);
    step.text = get_text(lua, 1, "note");
    context.judge.step(std::move(step));
    return 0;
}

int attach(lua_State* lua) {
    CaseContext& context = context_of(lua);
    formats::Step step = plain_step(lua, context, formats::Step::Kind::attachment);
    step.text = get_text(lua, 1, "attach: name");
    const std::string bytes = get_text(lua, 2, "attach: bytes");
    const auto span = as_bytes(bytes);
    step.bytes.assign(span.begin(), span.end());
    constexpr std::string_view harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789._-";
    if (step.text.empty() || step.text.front() == '.' ||
        step.text.find_first_not_of(harmless) != std::string::npos) {
        throw ScriptError{"attach: a name of letters, digits, '.', '_', '-' is due"};
    }
    context.judge.step(std::move(step));
    return 0;
}

// The reference master ---------------------------------------------------------------------------

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

/// Appends the records of a telegram to the table on top of the stack.
void push_records(lua_State* lua, std::span<const std::uint8_t> user_data) {
    const application::Telegram telegram = application::decode_telegram(user_data);
    if (telegram.body != application::Body::records || telegram.fault) {
        return;
    }
    application::RecordReader reader = telegram.records();
    application::Record record;
    while (reader.next(record) == application::RecordReader::Step::record) {
        push_record(lua, record);
        lua_rawseti(lua, -2, static_cast<lua_Integer>(lua_rawlen(lua, -2)) + 1);
    }
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
    for (const core::master::ReadTelegram& telegram : readout->telegrams()) {
        push_records(lua, std::span{telegram.frame}.subspan(6, telegram.frame.size() - 8));
    }
    lua_setfield(lua, -2, "records");
    if (readout->fault()) {
        set_text(lua, "fault", core::name_of(readout->fault()->code));
    }
    return 1;
}

// The world --------------------------------------------------------------------------------------

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
    if (const auto added = world_of(context).add_meter(meter); !added) {
        throw ScriptError{added.error()};
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

constexpr std::array<luaL_Reg, 26> functions{{
    {"read_hex", entry<read_hex>},
    {"compare_decimals", entry<compare_decimals>},
    {"known_capability", entry<known_capability>},
    {"structure", entry<structure>},
    {"has_long_header", entry<has_long_header>},
    {"send", entry<send>},
    {"receive", entry<receive>},
    {"wait", entry<wait>},
    {"now", entry<now>},
    {"bits", entry<bits>},
    {"baud", entry<get_line_baud>},
    {"set_baud", entry<set_line_baud>},
    {"judge", entry<judge>},
    {"measure", entry<measure>},
    {"remark", entry<remark>},
    {"note", entry<note>},
    {"attach", entry<attach>},
    {"read", entry<read>},
    {"offers", entry<offers>},
    {"add_meter", entry<add_meter>},
    {"last_added", entry<last_added>},
    {"meter_at", entry<meter_at>},
    {"set_fault", entry<set_fault>},
    {"isolate", entry<isolate>},
    {"power", entry<power>},
    {"random", entry<random>},
}};

} // namespace

void push_primitives(lua_State* lua) {
    if (lua_getfield(lua, LUA_REGISTRYINDEX, primitives_key) == LUA_TTABLE) {
        return;
    }
    lua_pop(lua, 1);
    lua_newtable(lua);
    for (const luaL_Reg& function : functions) {
        lua_pushcfunction(lua, function.func);
        lua_setfield(lua, -2, function.name);
    }
    lua_pushvalue(lua, -1);
    lua_setfield(lua, LUA_REGISTRYINDEX, primitives_key);
}

void connect_primitives(lua_State* lua, CaseContext& context) {
    lua_pushlightuserdata(lua, &context);
    lua_setfield(lua, LUA_REGISTRYINDEX, context_key);
}

} // namespace meterbench::harness::lua
