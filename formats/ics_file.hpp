// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace meterbench::formats {

/// One answer of an implementation statement, as scenarios see it in `rig.ics`.
using IcsValue = std::variant<bool, std::int64_t, std::string, std::vector<std::int64_t>>;

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

    /// Every key with its value, defaults included, `schema` excluded.
    std::map<std::string, IcsValue> values;
    std::string text; ///< the file as it was read; empty for the defaults
};

/// The defaults for a role, `values` filled in.
[[nodiscard]] Ics default_ics(Ics::Role role);

[[nodiscard]] FileResult<Ics> load_ics_file(const std::filesystem::path& path);
[[nodiscard]] FileResult<Ics> parse_ics_file(std::string_view text, std::string_view file);

} // namespace meterbench::formats
