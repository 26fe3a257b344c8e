// SPDX-License-Identifier: Apache-2.0
#include "models/fault_rows.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace meterbench::models {

namespace {

using Rows = std::initializer_list<std::span<const FaultRow>>;

std::vector<FaultRow> joined(Rows parts) {
    std::vector<FaultRow> all;
    for (const auto rows : parts) {
        all.insert(all.end(), rows.begin(), rows.end());
    }
    std::ranges::sort(all, {}, [](const FaultRow& row) { return row.info.name; });
    return all;
}

} // namespace

std::span<const FaultRow> fault_rows() {
    static const std::vector<FaultRow> rows =
        joined({application_fault_rows(), header_fault_rows(), link_fault_rows(),
                octets_fault_rows(), records_fault_rows(), selection_fault_rows(),
                state_fault_rows(), timing_fault_rows(), world_fault_rows()});
    return rows;
}

const FaultRow* find_fault(std::string_view name) {
    static const std::vector<FaultRow> all = joined({fault_rows(), benign_rows(), null_rows()});
    const auto found =
        std::ranges::lower_bound(all, name, {}, [](const FaultRow& row) { return row.info.name; });
    return found != all.end() && found->info.name == name ? &*found : nullptr;
}

} // namespace meterbench::models
