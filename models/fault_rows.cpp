// SPDX-License-Identifier: Apache-2.0
#include "models/fault_rows.hpp"

#include <algorithm>
#include <vector>

namespace meterbench::models {

namespace {

std::vector<FaultRow> sorted_rows() {
    std::vector<FaultRow> all;
    for (const auto rows : {application_fault_rows(), link_fault_rows(), octets_fault_rows(),
                            selection_fault_rows(), timing_fault_rows(), world_fault_rows()}) {
        all.insert(all.end(), rows.begin(), rows.end());
    }
    std::ranges::sort(all, {}, [](const FaultRow& row) { return row.info.name; });
    return all;
}

} // namespace

std::span<const FaultRow> fault_rows() {
    static const std::vector<FaultRow> rows = sorted_rows();
    return rows;
}

const FaultRow* find_fault(std::string_view name) {
    const auto rows = fault_rows();
    const auto found =
        std::ranges::lower_bound(rows, name, {}, [](const FaultRow& row) { return row.info.name; });
    return found != rows.end() && found->info.name == name ? &*found : nullptr;
}

} // namespace meterbench::models
