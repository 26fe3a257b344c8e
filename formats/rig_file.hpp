// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/bus_file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// The device under test as a rig file names it.
struct DutEntry {
    enum class Role : std::uint8_t { meter, master };

    Role role = Role::meter;
    std::string name;                    ///< simulated meter: its name on the bus, always set
    std::optional<std::uint8_t> address; ///< meter: always set
    std::vector<std::string> command;    ///< served master: program and arguments
};
[[nodiscard]] constexpr std::string_view name_of(DutEntry::Role role) {
    return role == DutEntry::Role::meter ? "meter" : "master";
}

/// What the cases run on, schema `meterbench.rig/1` (docs/files.md).
struct RigFile {
    enum class Kind : std::uint8_t {
        simulated, ///< bus and device under test are simulated
        line,      ///< a real meter behind a port
        served,    ///< a simulated bus, served in real time to a real master
    };

    Kind kind = Kind::simulated;
    BusFile bus;                  ///< simulated; empty where none is given (role master only)
    std::string bus_path;         ///< where it was read from; empty for an inline bus or none
    std::string port;             ///< line: a PORT
    std::string endpoint;         ///< served: `tcp://HOST:PORT` or the path of a pty's link
    core::Baud baud{2400};        ///< simulated: that of the bus
    core::Duration uncertainty{}; ///< how far measured times may be from the truth
    DutEntry dut;
    std::string text; ///< the file as it was read
};
[[nodiscard]] constexpr std::string_view name_of(RigFile::Kind kind) {
    switch (kind) {
    case RigFile::Kind::simulated: return "simulated";
    case RigFile::Kind::line: return "line";
    case RigFile::Kind::served: return "served";
    }
    return "";
}

/// Reads the file and the bus file it names, whose path is relative to the rig file's folder.
[[nodiscard]] FileResult<RigFile> load_rig_file(const std::filesystem::path& path);
[[nodiscard]] FileResult<RigFile> parse_rig_file(std::string_view text, std::string_view file);

} // namespace meterbench::formats
