// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "formats/json_reader.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace meterbench::formats {

/// An entry with several fields: what a device has on its label, a record of it.
using IcsFields = std::map<std::string, std::variant<std::int64_t, std::string>>;

/// One answer of an implementation statement, as scenarios see it in `rig.ics`.
using IcsValue = std::variant<bool, std::int64_t, std::string, std::vector<std::int64_t>, IcsFields,
                              std::vector<IcsFields>>;

/// Implementation conformance statement: what the maker of a device says that it does, schema
/// `meterbench.ics/1`. Every key but `role` may be left out; then the value here holds.
struct Ics {
    enum class Role : std::uint8_t { meter, master };

    Role role = Role::meter;
    std::vector<std::uint32_t> baud{300, 2400}; ///< rates it works at, rising
    bool fcb = true;                 ///< meter: repeats or advances by the frame count bit
    bool repeat_refreshes = false;   ///< meter: a repeated answer may carry newer values
    int telegrams = 1;               ///< meter: answers to a whole read-out, 1 to 64
    bool secondary = true;           ///< can be selected, or selects, by secondary address
    bool enhanced_selection = false; ///< selection with the fabrication number
    bool address_writable = false;   ///< meter: the primary address can be set over the bus
    bool application_reset = false;  ///< meter: obeys CI 50h; master: sends it
    bool alarms = false;             ///< answers, or asks for, REQ_UD1

    // Of a meter; docs/ics-template.json explains each.
    bool oms = false;                       ///< a wired end-device after OMS Vol. 2
    bool adapter = false;                   ///< shows another device's identification
    bool unconfigured = false;              ///< as presented it has no primary address yet
    bool auto_baud = false;                 ///< answers at the rate of the request
    bool application_errors = false;        ///< reports what it cannot do by CI 70h, 6Eh or 6Fh
    bool readout_selection = false;         ///< DIF 08h and 7Fh choose what it sends
    bool clock_writable = false;            ///< CI 6Ch and 6Dh set and shift its clock
    bool identification_writable = false;   ///< VIF 79h changes its secondary address
    bool synchronised_action = false;       ///< CI 5Ch makes it do something
    std::vector<std::uint32_t> baud_switch; ///< rates that CI B8h to BFh set, rising
    core::Duration baud_fallback = std::chrono::minutes{10}; ///< at the latest, without a frame
    std::vector<std::int64_t> applications; ///< that CI 50h with a subcode selects, 0 to 15
    int status = 0;                         ///< status byte, as presented
    int security_mode = 0;                  ///< of its answers
    int unit_loads = 1;                     ///< 1 to 4
    IcsFields identity;                     ///< what is on the label; empty: not said.
                                            ///< `device_type_code` is added to a device type
    std::vector<IcsFields> records;         ///< what it shows, with tolerance
    std::vector<IcsFields> writable;        ///< records that can be written, with data to try
    std::vector<IcsFields> write_protected; ///< records that cannot
    std::vector<IcsFields> actions;         ///< object actions that it has
    std::vector<IcsFields> stored;          ///< records that the synchronised action writes

    /// Every key with its value, defaults included, `schema` excluded.
    std::map<std::string, IcsValue> values;
    std::string text; ///< the file as it was read; empty for the defaults
};

/// The defaults for a role, `values` filled in.
[[nodiscard]] Ics default_ics(Ics::Role role);

[[nodiscard]] FileResult<Ics> load_ics_file(const std::filesystem::path& path);
[[nodiscard]] FileResult<Ics> parse_ics_file(std::string_view text, std::string_view file);

} // namespace meterbench::formats
