// SPDX-License-Identifier: Apache-2.0
#include "formats/rig_file.hpp"

#include <fmt/format.h>

namespace meterbench::formats {
namespace {

/// A bench slower than this measures nothing of the standard.
constexpr core::Duration max_uncertainty = std::chrono::seconds{10};
/// What a pty or a loopback connection adds at worst on a busy machine.
constexpr core::Duration served_uncertainty = std::chrono::milliseconds{3};

std::filesystem::path folder_of(const JsonReport& report) {
    return std::filesystem::path{report.file()}.parent_path();
}

void read_bus_of(const JsonReader& reader, RigFile& rig) {
    if (reader.is(JsonValue::Kind::object)) {
        rig.bus = read_bus(reader);
        return;
    }
    if (!reader.is(JsonValue::Kind::text)) {
        reader.complain("must be the path of a bus file or a bus");
        return;
    }
    const std::string name = reader.text();
    rig.bus_path = (folder_of(reader.report()) / name).string();
    auto bus = load_bus_file(rig.bus_path);
    if (bus) {
        rig.bus = std::move(*bus);
    } else {
        reader.complain(bus.error());
    }
}

DutEntry read_meter_dut(const JsonReader& reader) {
    const JsonObject object = reader.object({"role", "name", "address"});
    DutEntry dut;
    if (const auto name = object.optional("name")) {
        dut.name = name->text();
    }
    if (const auto address = object.optional("address")) {
        dut.address = static_cast<std::uint8_t>(address->integer(0, 250));
    }
    return dut;
}

DutEntry read_master_dut(const JsonReader& reader, RigFile::Kind kind) {
    DutEntry dut;
    dut.role = DutEntry::Role::master;
    if (kind != RigFile::Kind::served) {
        (void)reader.object({"role"});
        return dut;
    }
    const JsonObject object = reader.object({"role", "command"});
    const JsonReader command = object.required("command");
    for (const JsonReader& word : command.items()) {
        dut.command.push_back(word.text());
    }
    if (dut.command.empty()) {
        command.complain("must not be empty");
    }
    return dut;
}

DutEntry read_dut(const JsonReader& reader, RigFile::Kind kind) {
    const JsonReader role = reader.object({"role", "name", "address", "command"}).required("role");
    switch (kind) {
    case RigFile::Kind::simulated: break;
    case RigFile::Kind::line: (void)role.one_of({"meter"}); break;
    case RigFile::Kind::served: (void)role.one_of({"master"}); break;
    }
    if (role.one_of({"meter", "master"}) == 0) {
        return read_meter_dut(reader);
    }
    return read_master_dut(reader, kind);
}

/// A simulated meter is found by its name, or by its address where only one has it; afterwards the
/// entry has both.
void find_on_bus(const JsonObject& rig_object, const BusFile& bus, DutEntry& dut) {
    const core::device::MeterDescription* found = nullptr;
    for (const auto& meter : bus.meters) {
        if (!dut.name.empty() ? meter.name != dut.name : address_of(meter) != dut.address) {
            continue;
        }
        if (found != nullptr) {
            rig_object.complain("dut.address", fmt::format("{} is the address of more than one "
                                                           "meter: name one",
                                                           *dut.address));
        }
        found = &meter;
    }
    if (found == nullptr) {
        // An address alone may have nobody there: a silent bus is a device under test too.
        if (!dut.name.empty()) {
            rig_object.complain("dut",
                                fmt::format("no meter of the bus is named \"{}\"", dut.name));
        }
        return;
    }
    if (dut.address && *dut.address != address_of(*found)) {
        rig_object.complain("dut.address",
                            fmt::format("\"{}\" has address {}", dut.name, address_of(*found)));
    }
    dut.name = found->name;
    dut.address = address_of(*found);
}

void read_simulated(const JsonReader& reader, RigFile& rig) {
    const JsonObject object = reader.document("meterbench.rig/1", {"schema", "kind", "bus", "dut"});
    rig.dut = read_dut(object.required("dut"), rig.kind);
    if (const auto bus = object.optional("bus")) {
        read_bus_of(*bus, rig);
    } else if (rig.dut.role == DutEntry::Role::meter) {
        object.complain("bus", "missing");
    }
    rig.baud = rig.bus.baud;
    if (rig.dut.role == DutEntry::Role::meter && !reader.report().failed()) {
        if (rig.dut.name.empty() && !rig.dut.address) {
            object.complain("dut", "needs a name or an address");
            return;
        }
        find_on_bus(object, rig.bus, rig.dut);
    }
}

void read_line(const JsonReader& reader, RigFile& rig) {
    const JsonObject object = reader.document(
        "meterbench.rig/1", {"schema", "kind", "port", "baud", "uncertainty", "dut"});
    rig.port = object.required("port").text();
    rig.baud = read_baud(object.required("baud"));
    rig.uncertainty = object.required("uncertainty").duration(max_uncertainty);
    rig.dut = read_dut(object.required("dut"), rig.kind);
    if (!rig.dut.address) {
        object.complain("dut.address", "missing");
    }
}

void read_served(const JsonReader& reader, RigFile& rig) {
    const JsonObject object = reader.document(
        "meterbench.rig/1", {"schema", "kind", "endpoint", "baud", "uncertainty", "dut"});
    rig.endpoint = object.required("endpoint").text();
    rig.baud = read_baud(object.required("baud"));
    rig.uncertainty = served_uncertainty;
    if (const auto uncertainty = object.optional("uncertainty")) {
        rig.uncertainty = uncertainty->duration(max_uncertainty);
    }
    rig.dut = read_dut(object.required("dut"), rig.kind);
}

void read_rig(const JsonReader& reader, RigFile& rig) {
    const std::string_view kind = reader.peek("kind");
    if (kind == "line") {
        rig.kind = RigFile::Kind::line;
        read_line(reader, rig);
    } else if (kind == "served") {
        rig.kind = RigFile::Kind::served;
        read_served(reader, rig);
    } else if (kind == "simulated") {
        read_simulated(reader, rig);
    } else {
        const JsonObject object =
            reader.document("meterbench.rig/1", {"schema", "kind", "bus", "dut", "port", "endpoint",
                                                 "baud", "uncertainty"});
        (void)object.required("kind").one_of({"simulated", "line", "served"});
    }
}

} // namespace

FileResult<RigFile> parse_rig_file(std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    RigFile rig;
    rig.text = text;
    read_rig({*json, report}, rig);
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return rig;
}

FileResult<RigFile> load_rig_file(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    return parse_rig_file(*text, path.string());
}

} // namespace meterbench::formats
