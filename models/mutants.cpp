// SPDX-License-Identifier: Apache-2.0
#include "models/mutants.hpp"

#include "models/master_fault_rows.hpp"

#include <array>
#include <utility>
#include <variant>

namespace meterbench::models {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> layers{
    {{"MB2-PH", "physical"},
     {"MB2-LL", "link"},
     {"MB7-SA", "selection"},
     {"MB7-TL", "transport"},
     {"MB3-RC", "records"},
     {"MB3-TY", "types"},
     {"MB3-AP", "procedures"}}};

} // namespace

std::string_view name_of(Ring ring) {
    switch (ring) {
    case Ring::behavioural: return "behavioural";
    case Ring::benign: return "benign";
    case Ring::null: return "null";
    }
    return "";
}

std::vector<Mutant> mutants() {
    std::vector<Mutant> all;
    for (const FaultRow& row : fault_rows()) {
        const bool of_meter = !std::holds_alternative<WorldEdit>(row.edit);
        if (of_meter && !row.info.requirement.empty()) { // the others are no deviation
            all.push_back({Ring::behavioural, &row});
        }
    }
    for (const FaultRow& row : benign_rows()) {
        all.push_back({Ring::benign, &row});
    }
    for (const FaultRow& row : null_rows()) {
        all.push_back({Ring::null, &row});
    }
    return all;
}

std::vector<MasterMutant> master_mutants() {
    std::vector<MasterMutant> all;
    const auto add = [&all](Ring ring, std::span<const MasterFaultRow> rows) {
        for (const MasterFaultRow& row : rows) {
            all.push_back({ring, &row.info});
        }
    };
    add(Ring::behavioural, master_fault_rows());
    add(Ring::benign, master_benign_rows());
    add(Ring::null, master_null_rows());
    return all;
}

std::string_view layer_of(std::string_view requirement) {
    for (const auto& [prefix, layer] : layers) {
        if (requirement.starts_with(prefix)) {
            return layer;
        }
    }
    return {};
}

} // namespace meterbench::models
