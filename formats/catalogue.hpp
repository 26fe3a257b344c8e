// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"
#include "formats/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace meterbench::formats {

/// Who can decide whether a device keeps a requirement.
enum class Tested : std::uint8_t {
    suite, ///< a case, on a rig that offers what the case needs
    bench, ///< a person with an instrument: `reason` says which
    none,  ///< nobody on the bus: `reason` says why
};
[[nodiscard]] constexpr std::string_view name_of(Tested tested) {
    constexpr std::array<std::string_view, 3> names{"suite", "bench", "not"};
    return names[static_cast<std::size_t>(tested)];
}

struct Testability {
    Tested by = Tested::suite;
    std::string reason; ///< empty for `suite`
};

/// A row of the catalogue.
struct Requirement : RequirementInfo {
    std::string layer;  ///< physical, link, selection, transport, records, types, procedures
    std::string role;   ///< meter, master, both
    std::string method; ///< how to find out, in words
    /// Of each role that it binds: `meter`, `master`, or both.
    std::map<std::string, Testability, std::less<>> tested;
    /// Binds devices of this role.
    [[nodiscard]] bool binds(std::string_view device) const { return tested.contains(device); }
};

/// The requirements of the standards as data, schema `meterbench.catalogue/1` (docs/files.md). An
/// id that was merged into another finds that other one.
class Catalogue {
  public:
    [[nodiscard]] const Requirement* find(std::string_view id) const;
    /// By id, without those that were merged.
    [[nodiscard]] const std::map<std::string, Requirement, std::less<>>& all() const {
        return requirements_;
    }
    /// Adds the requirements of a file; an id that is there already is an error.
    [[nodiscard]] FileResult<void> add(std::string_view text, std::string_view file);

  private:
    std::map<std::string, Requirement, std::less<>> requirements_;
    std::map<std::string, std::string, std::less<>> merged_;
};

/// All `*.json` files of a folder.
[[nodiscard]] FileResult<Catalogue> load_catalogue(const std::filesystem::path& folder);

} // namespace meterbench::formats
