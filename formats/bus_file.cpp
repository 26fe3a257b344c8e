// SPDX-License-Identifier: Apache-2.0
#include "formats/bus_file.hpp"

#include "core/link/frame.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace meterbench::formats {
namespace {

using core::device::FaultDescription;
using core::device::MeterDescription;

/// Longer than any limit of the standard (1150 ms at 300 Bd); beyond it a typing error is likelier.
constexpr core::Duration max_response = std::chrono::seconds{60};

/// Metres; the farthest meter of any type of installation (EN 13757-2, informative annex).
constexpr int longest_cable = 10000;

/// The types of installation of the annex, by letter.
std::string read_segment(const JsonReader& reader) {
    std::string segment = reader.text();
    if (segment.size() != 1 || segment.front() < 'A' || segment.front() > 'F') {
        reader.complain(fmt::format("\"{}\" is not one of A to F", segment));
    }
    return segment;
}

FaultDescription read_fault(const JsonReader& reader) {
    FaultDescription fault;
    if (reader.is(JsonValue::Kind::text)) {
        fault.name = reader.text();
        return fault;
    }
    if (!reader.is(JsonValue::Kind::object)) {
        reader.complain("must be the name of a fault or an object with its name");
        return fault;
    }
    for (const auto& [key, member] : reader.members()) {
        if (key == "name") {
            fault.name = member.text();
        } else {
            fault.parameters[key] = member.number();
        }
    }
    if (!reader.value().member("name")) {
        reader.report().complain(reader.key() + ".name", "missing");
    }
    return fault;
}

std::vector<FaultDescription> read_faults(const JsonObject& object) {
    std::vector<FaultDescription> faults;
    if (const auto list = object.optional("faults")) {
        for (const JsonReader& item : list->items()) {
            faults.push_back(read_fault(item));
        }
    }
    return faults;
}

std::string read_id(const JsonReader& reader) {
    std::string id = reader.text();
    const bool digits =
        std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (id.size() != 8 || !digits) {
        reader.complain(fmt::format("\"{}\" is not 8 digits", id));
    }
    return id;
}

/// A captured answer: one whole RSP_UD frame (EN 13757-2, 5.6 and 5.7).
std::vector<std::uint8_t> read_telegram(const JsonReader& reader) {
    std::vector<std::uint8_t> bytes = reader.bytes();
    if (reader.report().failed()) {
        return bytes;
    }
    const auto frame = core::link::decode_frame(bytes);
    if (!frame) {
        reader.complain(fmt::format("is not a link frame: {} at byte {}",
                                    core::meaning_of(frame.error().code), frame.error().offset));
    } else if (!frame->has_ci() || frame->control.function() != core::link::Function::rsp_ud) {
        reader.complain("is not an answer with data (RSP_UD)");
    }
    return bytes;
}

std::string read_profile(const JsonReader& reader) {
    std::string profile = reader.text();
    if (profile.find('/') == std::string::npos && !profile.ends_with(".json")) {
        return profile;
    }
    const std::filesystem::path folder =
        std::filesystem::path{reader.report().file()}.parent_path();
    return (folder / profile).string();
}

/// What the meter is made of: a profile, or captured telegrams.
void read_source(const JsonReader& reader, const JsonObject& object, MeterDescription& meter) {
    const auto profile = object.optional("profile");
    const auto telegrams = object.optional("telegrams");
    if (profile.has_value() == telegrams.has_value()) {
        reader.complain("needs either profile or telegrams");
        return;
    }
    if (profile) {
        meter.profile = read_profile(*profile);
        if (!object.has("address")) {
            object.complain("address", "missing");
        }
        return;
    }
    for (const JsonReader& item : telegrams->items()) {
        meter.telegrams.push_back(read_telegram(item));
    }
    if (meter.telegrams.empty()) {
        telegrams->complain("must not be empty");
    }
    if (object.has("id")) {
        object.complain("id", "a captured meter has the one of its telegrams");
    }
}

MeterDescription read_meter(const JsonReader& reader) {
    const JsonObject object =
        reader.object({"name", "address", "id", "profile", "telegrams", "response", "baud",
                       "unit_loads", "distance", "faults"});
    MeterDescription meter;
    meter.name = object.required("name").text();
    if (const auto address = object.optional("address")) {
        meter.address = static_cast<std::uint8_t>(address->integer(0, 250));
    }
    if (const auto id = object.optional("id")) {
        meter.id = read_id(*id);
    }
    read_source(reader, object, meter);
    if (const auto response = object.optional("response")) {
        meter.response = response->duration(max_response);
    }
    if (const auto baud = object.optional("baud")) {
        meter.baud = read_baud(*baud).value;
    }
    if (const auto loads = object.optional("unit_loads")) {
        meter.unit_loads = static_cast<int>(loads->integer(1, 4));
    }
    if (const auto distance = object.optional("distance")) {
        meter.distance = static_cast<int>(distance->integer(0, longest_cable));
    }
    meter.faults = read_faults(object);
    return meter;
}

std::vector<MeterDescription> read_meters(const JsonReader& reader) {
    std::vector<MeterDescription> meters;
    std::set<std::string, std::less<>> names;
    for (const JsonReader& item : reader.items()) {
        meters.push_back(read_meter(item));
        if (!names.insert(meters.back().name).second) {
            reader.report().complain(
                item.key() + ".name",
                fmt::format("\"{}\" is the name of another meter", meters.back().name));
        }
    }
    return meters;
}

} // namespace

core::Baud read_baud(const JsonReader& reader) {
    const auto value = static_cast<std::uint32_t>(reader.integer(0, 1'000'000));
    if (!reader.report().failed() &&
        std::find(bus_rates.begin(), bus_rates.end(), value) == bus_rates.end()) {
        reader.complain(fmt::format("{} is not one of {}", value, fmt::join(bus_rates, ", ")));
    }
    return {value};
}

std::uint8_t address_of(const core::device::MeterDescription& meter) {
    // 68h L L 68h C A: the A field is byte 5 of every captured frame.
    constexpr std::size_t address_field = 5;
    if (meter.address) {
        return *meter.address;
    }
    const bool captured =
        !meter.telegrams.empty() && meter.telegrams.front().size() > address_field;
    return captured ? meter.telegrams.front()[address_field] : std::uint8_t{0};
}

BusFile read_bus(const JsonReader& reader) {
    const JsonObject object =
        reader.document("meterbench.bus/1", {"schema", "baud", "segment", "meters", "faults"});
    BusFile bus;
    bus.segment = "A";
    bus.baud = read_baud(object.required("baud"));
    if (const auto segment = object.optional("segment")) {
        bus.segment = read_segment(*segment);
    }
    bus.meters = read_meters(object.required("meters"));
    bus.faults = read_faults(object);
    return bus;
}

FileResult<BusFile> parse_bus_file(std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    BusFile bus = read_bus({*json, report});
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return bus;
}

FileResult<BusFile> load_bus_file(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    return parse_bus_file(*text, path.string());
}

} // namespace meterbench::formats
