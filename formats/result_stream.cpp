// SPDX-License-Identifier: Apache-2.0
#include "formats/result_stream.hpp"

#include "formats/result_fields.hpp"
#include "formats/result_text.hpp"

namespace meterbench::formats {
namespace {

using fields::Json;

// Each line is {"WHAT": VALUE}.

Json json_of(const Loaded& loaded) {
    Json cases = Json::array();
    for (const CaseInfo& info : loaded.cases) {
        cases.push_back(fields::json_of(info));
    }
    return {{"loaded", std::move(cases)}};
}

Json json_of(const Step& step) {
    return {{"step", fields::json_of(step)}};
}

Json json_of(const Reason& reason) {
    return {{"reason", fields::json_of(reason)}};
}

Json json_of(const Finished& finished) {
    return {
        {"finished", {{"verdict", name_of(finished.verdict)}, {"duration_ns", finished.duration}}}};
}

Json json_of(const LoadError& error) {
    return {{"load_error", {{"text", printable(error.text)}, {"where", printable(error.where)}}}};
}

Loaded read_loaded(const JsonReader& reader) {
    Loaded loaded;
    for (const JsonReader& item : reader.items()) {
        loaded.cases.push_back(fields::read_case_info(item));
    }
    return loaded;
}

Finished read_finished(const JsonReader& reader) {
    const JsonObject object = reader.object({"verdict", "duration_ns"});
    return {fields::read_verdict(object.required("verdict")),
            fields::read_time(object.required("duration_ns"))};
}

LoadError read_load_error(const JsonReader& reader) {
    const JsonObject object = reader.object({"text", "where"});
    return {fields::read_text(object.required("text")),
            fields::read_text(object.required("where"))};
}

StreamItem read_item(const JsonReader& reader) {
    const JsonObject object = reader.object({"loaded", "step", "reason", "finished", "load_error"});
    if (reader.value().members.size() != 1) {
        reader.complain("must have exactly one member");
        return {};
    }
    const std::string& what = reader.value().members.front().key;
    const JsonReader value = object.required(what);
    if (what == "loaded") {
        return read_loaded(value);
    }
    if (what == "step") {
        return fields::read_step(value);
    }
    if (what == "reason") {
        return fields::read_reason(value);
    }
    if (what == "finished") {
        return read_finished(value);
    }
    return read_load_error(value);
}

} // namespace

std::string encode(const StreamItem& item) {
    return std::visit([](const auto& value) { return json_of(value); }, item).dump() + '\n';
}

std::expected<StreamItem, std::string> decode(std::string_view line) {
    constexpr std::string_view source = "worker's stream";
    const auto value = parse_json(line, source);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{source}};
    StreamItem item = read_item(JsonReader{*value, report});
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return item;
}

} // namespace meterbench::formats
