// SPDX-License-Identifier: Apache-2.0
#include "formats/result_fields.hpp"

#include "core/bytes/hex.hpp"
#include "formats/result_text.hpp"

#include <charconv>
#include <limits>
#include <optional>
#include <span>

namespace meterbench::formats::fields {
namespace {

std::string hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    core::bytes::append_hex(text, bytes);
    return text;
}

void put(Json& into, const char* key, const std::string& text) {
    if (!text.empty()) {
        into[key] = printable(text);
    }
}

bool is_judged(Step::Kind kind) {
    return kind == Step::Kind::expectation || kind == Step::Kind::measurement;
}

std::string optional_text(const JsonObject& object, std::string_view key) {
    const auto member = object.optional(key);
    return member ? read_text(*member) : std::string{};
}

std::vector<std::uint8_t> optional_bytes(const JsonObject& object, std::string_view key) {
    const auto member = object.optional(key);
    return member ? member->bytes() : std::vector<std::uint8_t>{};
}

template <class Number> Number optional_number(const JsonObject& object, std::string_view key) {
    const auto member = object.optional(key);
    return member ? static_cast<Number>(member->integer(0, std::numeric_limits<Number>::max()))
                  : Number{};
}

} // namespace

Json json_of(const std::vector<std::string>& texts) {
    Json result = Json::array();
    for (const std::string& text : texts) {
        result.push_back(printable(text));
    }
    return result;
}

Json json_of(const Step& step) {
    Json result;
    result["kind"] = name_of(step.kind);
    result["phase"] = name_of(step.phase);
    result["start_ns"] = step.start;
    result["end_ns"] = step.end;
    if (step.baud != 0) {
        result["baud"] = step.baud;
    }
    if (step.station != 0) {
        result["station"] = step.station;
    }
    if (!step.bytes.empty()) {
        result["bytes"] = hex(step.bytes);
    }
    if (!step.errors.empty()) {
        result["errors"] = hex(step.errors);
    }
    put(result, "text", step.text);
    if (is_judged(step.kind) || !step.passed) {
        result["passed"] = step.passed;
    }
    put(result, "expected", step.expected);
    put(result, "actual", step.actual);
    if (!step.said.empty()) {
        result["said"] = json_of(step.said);
    }
    put(result, "requirement", step.requirement);
    put(result, "where", step.where);
    return result;
}

Json json_of(const Reason& reason) {
    Json result;
    result["verdict"] = name_of(reason.verdict);
    result["text"] = printable(reason.text);
    put(result, "where", reason.where);
    put(result, "requirement", reason.requirement);
    return result;
}

Json json_of(const CaseInfo& info) {
    Json result;
    result["id"] = printable(info.id);
    result["title"] = printable(info.title);
    result["file"] = printable(info.file);
    result["role"] = printable(info.role);
    result["checks"] = json_of(info.checks);
    result["needs"] = json_of(info.needs);
    result["judges"] = json_of(info.judges);
    result["tags"] = json_of(info.tags);
    return result;
}

Json json_of(const JsonValue& value) {
    switch (value.kind) {
    case JsonValue::Kind::null: return nullptr;
    case JsonValue::Kind::boolean: return value.boolean;
    case JsonValue::Kind::integer: return value.integer;
    case JsonValue::Kind::real: return value.real;
    case JsonValue::Kind::text: return printable(value.text);
    case JsonValue::Kind::array: break;
    case JsonValue::Kind::object: break;
    }
    Json result = value.kind == JsonValue::Kind::array ? Json::array() : Json::object();
    for (const JsonValue& item : value.items) {
        result.push_back(json_of(item));
    }
    for (const auto& [key, member] : value.members) {
        result[printable(key)] = json_of(member);
    }
    return result;
}

std::string read_text(const JsonReader& reader) {
    const bool empty = reader.is(JsonValue::Kind::text) && reader.value().text.empty();
    return empty ? std::string{} : reader.text();
}

std::uint64_t read_unsigned(const JsonReader& reader) {
    // Beyond 63 bits an integer arrives as a real with its digits.
    if (reader.is(JsonValue::Kind::real)) {
        const std::string& digits = reader.value().text;
        std::uint64_t value = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error == std::errc{} && end == digits.data() + digits.size()) {
            return value;
        }
    }
    return static_cast<std::uint64_t>(reader.integer(0, std::numeric_limits<std::int64_t>::max()));
}

std::int64_t read_time(const JsonReader& reader) {
    return reader.integer(std::numeric_limits<std::int64_t>::min(),
                          std::numeric_limits<std::int64_t>::max());
}

std::vector<std::string> read_texts(const JsonReader& reader) {
    std::vector<std::string> texts;
    for (const JsonReader& item : reader.items()) {
        texts.push_back(read_text(item));
    }
    return texts;
}

Verdict read_verdict(const JsonReader& reader) {
    static_assert(verdict_names.size() == 7);
    return static_cast<Verdict>(
        reader.one_of({verdict_names[0], verdict_names[1], verdict_names[2], verdict_names[3],
                       verdict_names[4], verdict_names[5], verdict_names[6]}));
}

Step read_step(const JsonReader& reader) {
    const JsonObject object =
        reader.object({"kind", "phase", "start_ns", "end_ns", "baud", "station", "bytes", "errors",
                       "text", "passed", "expected", "actual", "said", "requirement", "where"});
    static_assert(step_kind_names.size() == 9);
    const auto& kinds = step_kind_names;
    Step step;
    step.kind = static_cast<Step::Kind>(
        object.required("kind").one_of({kinds[0], kinds[1], kinds[2], kinds[3], kinds[4], kinds[5],
                                        kinds[6], kinds[7], kinds[8]}));
    step.phase = static_cast<Phase>(object.required("phase").one_of(
        {name_of(Phase::prologue), name_of(Phase::run), name_of(Phase::epilogue)}));
    step.start = read_time(object.required("start_ns"));
    step.end = read_time(object.required("end_ns"));
    step.baud = optional_number<std::uint32_t>(object, "baud");
    step.station = optional_number<std::uint16_t>(object, "station");
    step.bytes = optional_bytes(object, "bytes");
    step.errors = optional_bytes(object, "errors");
    if (!step.errors.empty() && step.errors.size() != step.bytes.size()) {
        object.complain("errors", "must have as many bytes as the bytes");
    }
    step.text = optional_text(object, "text");
    if (const auto passed = object.optional("passed")) {
        step.passed = passed->boolean();
    } else if (is_judged(step.kind)) {
        object.complain("passed", "missing");
    }
    step.expected = optional_text(object, "expected");
    step.actual = optional_text(object, "actual");
    if (const auto said = object.optional("said")) {
        step.said = read_texts(*said);
    }
    step.requirement = optional_text(object, "requirement");
    step.where = optional_text(object, "where");
    return step;
}

Reason read_reason(const JsonReader& reader) {
    const JsonObject object = reader.object({"verdict", "text", "where", "requirement"});
    return {read_verdict(object.required("verdict")), read_text(object.required("text")),
            optional_text(object, "where"), optional_text(object, "requirement")};
}

CaseInfo read_case_info(const JsonReader& reader) {
    return read_case_info(
        reader.object({"id", "title", "file", "role", "checks", "needs", "judges", "tags"}));
}

CaseInfo read_case_info(const JsonObject& object) {
    CaseInfo info;
    info.id = read_text(object.required("id"));
    info.title = read_text(object.required("title"));
    info.file = read_text(object.required("file"));
    info.role = read_text(object.required("role"));
    info.checks = read_texts(object.required("checks"));
    info.needs = read_texts(object.required("needs"));
    info.judges = read_texts(object.required("judges"));
    info.tags = read_texts(object.required("tags"));
    return info;
}

Json embedded(const std::string& text) {
    if (text.empty()) {
        return nullptr;
    }
    const auto value = parse_json(text, "");
    if (value && value->kind == JsonValue::Kind::object) {
        return json_of(*value);
    }
    return printable(text);
}

std::string read_embedded(const JsonReader& reader) {
    if (reader.is(JsonValue::Kind::null)) {
        return {};
    }
    if (reader.is(JsonValue::Kind::object)) {
        return json_of(reader.value()).dump();
    }
    return reader.text();
}

} // namespace meterbench::formats::fields
