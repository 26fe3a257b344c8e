// SPDX-License-Identifier: Apache-2.0
#include "formats/result_stream.hpp"

#include "formats/result_fields.hpp"
#include "formats/result_text.hpp"

#include <charconv>
#include <cmath>
#include <optional>

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
    return {{"finished",
             {{"verdict", name_of(finished.verdict)},
              {"duration_ns", finished.duration},
              {"spoilt", finished.spoilt}}}};
}

Json json_of(const LoadError& error) {
    return {{"load_error", {{"text", printable(error.text)}, {"where", printable(error.where)}}}};
}

// A waveform has very many points: each signal is one text, its numbers apart by blanks, times
// counted from the begin of the window.
constexpr double millionths = 1e6;

std::int64_t number_of(const core::LevelTrace::Bit& bit) {
    return bit.mark ? 1 : 0;
}
std::int64_t number_of(const core::LevelTrace::Level& level) {
    return std::llround(level.value * millionths);
}
void set_number(core::LevelTrace::Bit& bit, std::int64_t number) {
    bit.mark = number != 0;
}
void set_number(core::LevelTrace::Level& level, std::int64_t number) {
    level.value = static_cast<double>(number) / millionths;
}

template <class Point>
std::string points_text(const std::vector<Point>& points, core::Instant begin) {
    std::string text;
    for (const Point& point : points) {
        text += std::to_string((point.at - begin).count()) + ' ' +
                std::to_string(number_of(point)) + ' ';
    }
    return text;
}

template <class Point>
std::vector<Point> read_points(const JsonReader& reader, core::Instant begin) {
    const std::string text = fields::read_text(reader);
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto next = [&]() -> std::optional<std::int64_t> {
        std::int64_t value = 0;
        const auto read = std::from_chars(at, end, value);
        if (read.ec != std::errc{} || read.ptr == end || *read.ptr != ' ') {
            reader.complain("must be numbers with a blank behind each");
            return std::nullopt;
        }
        at = read.ptr + 1;
        return value;
    };
    std::vector<Point> points;
    while (at != end) {
        const auto when = next();
        const auto value = when ? next() : std::nullopt;
        if (!value) {
            return {};
        }
        Point point;
        point.at = begin + core::Duration{*when};
        set_number(point, *value);
        points.push_back(point);
    }
    return points;
}

Json json_of(const Waveform& waveform) {
    const core::LevelTrace& trace = waveform.trace;
    return {{"waveform",
             {{"begin_ns", trace.begin.time_since_epoch().count()},
              {"length_ns", (trace.end - trace.begin).count()},
              {"sent", points_text(trace.sent, trace.begin)},
              {"heard", points_text(trace.heard, trace.begin)},
              {"voltage_uv", points_text(trace.voltage, trace.begin)},
              {"current_ua", points_text(trace.current, trace.begin)}}}};
}

Waveform read_waveform(const JsonReader& reader) {
    const JsonObject object =
        reader.object({"begin_ns", "length_ns", "sent", "heard", "voltage_uv", "current_ua"});
    core::LevelTrace trace;
    trace.begin = core::Instant{core::Duration{fields::read_time(object.required("begin_ns"))}};
    trace.end = trace.begin + core::Duration{fields::read_time(object.required("length_ns"))};
    trace.sent = read_points<core::LevelTrace::Bit>(object.required("sent"), trace.begin);
    trace.heard = read_points<core::LevelTrace::Bit>(object.required("heard"), trace.begin);
    trace.voltage =
        read_points<core::LevelTrace::Level>(object.required("voltage_uv"), trace.begin);
    trace.current =
        read_points<core::LevelTrace::Level>(object.required("current_ua"), trace.begin);
    return {std::move(trace)};
}

Loaded read_loaded(const JsonReader& reader) {
    Loaded loaded;
    for (const JsonReader& item : reader.items()) {
        loaded.cases.push_back(fields::read_case_info(item));
    }
    return loaded;
}

Finished read_finished(const JsonReader& reader) {
    const JsonObject object = reader.object({"verdict", "duration_ns", "spoilt"});
    return {fields::read_verdict(object.required("verdict")),
            fields::read_time(object.required("duration_ns")), object.required("spoilt").boolean()};
}

LoadError read_load_error(const JsonReader& reader) {
    const JsonObject object = reader.object({"text", "where"});
    return {fields::read_text(object.required("text")),
            fields::read_text(object.required("where"))};
}

StreamItem read_item(const JsonReader& reader) {
    const JsonObject object =
        reader.object({"loaded", "step", "reason", "finished", "load_error", "waveform"});
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
    if (what == "waveform") {
        return read_waveform(value);
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
