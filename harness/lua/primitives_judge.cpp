// SPDX-License-Identifier: Apache-2.0
// Primitives that judge and keep the record.
#include "harness/lua/primitive_groups.hpp"
#include "harness/lua/value.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace meterbench::harness::lua {

namespace {

using formats::Verdict;

Judge::Observation observe(lua_State* lua, CaseContext& context) {
    Judge::Observation observation;
    observation.now = nanoseconds(context.session.now());
    observation.where = where(lua);
    return observation;
}

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
    CaseContext* const context = find_context(lua);
    if (context == nullptr) {
        return 0; // print() while the file is loaded: there is no record to put it into
    }
    formats::Step step = plain_step(lua, *context, formats::Step::Kind::note);
    step.text = get_text(lua, 1, "note");
    context->judge.step(std::move(step));
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

constexpr std::array<luaL_Reg, 5> functions{{
    {"judge", entry<judge>},
    {"measure", entry<measure>},
    {"remark", entry<remark>},
    {"note", entry<note>},
    {"attach", entry<attach>},
}};

} // namespace

std::span<const luaL_Reg> judge_primitives() {
    return functions;
}

} // namespace meterbench::harness::lua
