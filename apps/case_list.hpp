// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/catalogue.hpp"
#include "formats/data_path.hpp"
#include "harness/runner.hpp"

#include <expected>
#include <string>
#include <vector>

namespace meterbench::apps {

/// Every case of some folders and the catalogue that they cite, for commands that list them.
struct CaseList {
    formats::Catalogue catalogue;
    std::vector<harness::PlannedCase> cases; ///< by id

    /// The cases for devices of this role that cite a requirement, by id.
    [[nodiscard]] std::vector<const harness::PlannedCase*> citing(const std::string& requirement,
                                                                  const std::string& role) const;
};

/// Where the suites are, unless somebody says otherwise.
inline constexpr const char* all_suites = "scenarios/wired";

/// Loads catalogue and cases. Fails with one clear line that names file and key.
[[nodiscard]] std::expected<CaseList, std::string>
list_cases(const formats::DataPath& data, const std::vector<std::string>& paths);

} // namespace meterbench::apps
