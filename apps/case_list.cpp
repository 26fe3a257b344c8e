// SPDX-License-Identifier: Apache-2.0
#include "apps/case_list.hpp"

#include "harness/suite.hpp"

#include <algorithm>
#include <filesystem>
#include <thread>

namespace meterbench::apps {

std::vector<const harness::PlannedCase*> CaseList::citing(const std::string& requirement,
                                                          const std::string& role) const {
    std::vector<const harness::PlannedCase*> found;
    for (const harness::PlannedCase& planned : cases) {
        // An id that was merged into another is that other one.
        const auto cites = [this, &requirement](const std::string& id) {
            const formats::Requirement* const row = catalogue.find(id);
            return row != nullptr && row->id == requirement;
        };
        if (planned.info.role == role && std::ranges::any_of(planned.info.checks, cites)) {
            found.push_back(&planned);
        }
    }
    return found;
}

std::expected<CaseList, std::string> list_cases(const formats::DataPath& data,
                                                const std::vector<std::string>& paths) {
    CaseList list;
    const auto folder = data.resolve("scenarios/catalogue");
    if (!folder) {
        return std::unexpected{folder.error()};
    }
    auto catalogue = formats::load_catalogue(*folder);
    if (!catalogue) {
        return std::unexpected{catalogue.error()};
    }
    list.catalogue = std::move(*catalogue);
    std::vector<std::filesystem::path> found;
    for (const std::string& path : paths) {
        auto resolved = data.resolve(path);
        if (!resolved) {
            return std::unexpected{resolved.error()};
        }
        found.push_back(std::move(*resolved));
    }
    const auto sources = harness::find_case_files(found);
    if (!sources) {
        return std::unexpected{sources.error()};
    }
    const unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    auto cases = harness::plan_cases(*sources, list.catalogue, {}, {}, jobs);
    if (!cases) {
        return std::unexpected{cases.error()};
    }
    list.cases = std::move(*cases);
    return list;
}

} // namespace meterbench::apps
