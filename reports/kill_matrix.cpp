// SPDX-License-Identifier: Apache-2.0
#include "reports/kill_matrix.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace meterbench::reports {
namespace {

using formats::Campaign;
using formats::DeviceRun;
using formats::Ring;

/// The cases with this letter under any seed.
std::vector<std::size_t> cases_with(const DeviceRun& run, char letter) {
    std::set<std::size_t> found;
    for (const std::string& row : run.verdicts) {
        for (std::size_t i = row.find(letter); i != std::string::npos;
             i = row.find(letter, i + 1)) {
            found.insert(i);
        }
    }
    return {found.begin(), found.end()};
}

/// What the cases did that should have killed it.
std::string why_survived(const Campaign& campaign, const DeviceRun& run,
                         const std::vector<std::size_t>& unsound) {
    std::map<char, std::size_t> letters;
    std::size_t citing = 0;
    for (std::size_t i = 0; i < campaign.cases.size(); ++i) {
        if (!formats::cites(campaign.cases[i], run.device.requirement)) {
            continue;
        }
        ++citing;
        if (std::ranges::binary_search(unsound, i)) {
            ++letters['!'];
            continue;
        }
        for (const std::string& row : run.verdicts) {
            ++letters[row[i]];
        }
    }
    if (citing == 0) {
        return fmt::format("no case cites {}", run.device.requirement);
    }
    std::string text = fmt::format("{} case{} cite{} {}:", citing, citing == 1 ? "" : "s",
                                   citing == 1 ? "s" : "", run.device.requirement);
    constexpr std::array<std::pair<char, std::string_view>, 7> words{{{'p', "passed"},
                                                                      {'i', "inconclusive"},
                                                                      {'e', "error"},
                                                                      {'a', "not applicable"},
                                                                      {'r', "not runnable"},
                                                                      {'.', "not run"},
                                                                      {'!', "unsound"}}};
    for (const auto& [letter, word] : words) {
        if (letters[letter] != 0) {
            text += fmt::format("{} {} {}", text.ends_with(':') ? "" : ",", letters[letter], word);
        }
    }
    return text;
}

void judge_mutant(const Campaign& campaign, const std::vector<std::size_t>& unsound,
                  DeviceFate& device) {
    for (const std::size_t index : cases_with(*device.run, 'f')) {
        const bool kills = formats::cites(campaign.cases[index], device.run->device.requirement) &&
                           !std::ranges::binary_search(unsound, index);
        (kills ? device.killers : device.collateral).push_back(index);
    }
    const auto explained = campaign.explained.find(device.run->device.name);
    if (!device.killers.empty()) {
        device.fate = Fate::killed;
        device.explanation_outdated = explained != campaign.explained.end();
    } else if (explained != campaign.explained.end()) {
        device.fate = Fate::explained;
        device.why = explained->second;
    } else {
        device.fate = Fate::survived;
        device.why = why_survived(campaign, *device.run, unsound);
    }
}

DeviceFate judge(const Campaign& campaign, const std::vector<std::size_t>& unsound,
                 const DeviceRun& run) {
    DeviceFate device;
    device.run = &run;
    device.passed = cases_with(run, 'p');
    device.inconclusive = cases_with(run, 'i');
    device.errors = cases_with(run, 'e');
    if (formats::is_mutant(run.device.ring)) {
        judge_mutant(campaign, unsound, device);
        return device;
    }
    device.collateral = cases_with(run, 'f');
    switch (run.device.ring) {
    case Ring::good: device.fate = unsound.empty() ? Fate::sound : Fate::unsound; break;
    case Ring::benign:
        device.fate = device.collateral.empty() ? Fate::accepted : Fate::false_fail;
        break;
    default: device.fate = device.passed.empty() ? Fate::rejected : Fate::false_pass; break;
    }
    return device;
}

/// Cases that fail, are inconclusive or errors on the good device.
std::vector<std::size_t> unsound_cases(const Campaign& campaign) {
    std::set<std::size_t> found;
    for (const DeviceRun& run : campaign.runs) {
        if (run.device.ring == Ring::good) {
            for (const char letter : {'f', 'i', 'e'}) {
                const auto cases = cases_with(run, letter);
                found.insert(cases.begin(), cases.end());
            }
        }
    }
    return {found.begin(), found.end()};
}

void add(std::map<std::string, KillRate>& rates, const std::string& name, Fate fate) {
    KillRate& rate = rates[name];
    rate.name = name;
    ++rate.mutants;
    rate.killed += fate == Fate::killed ? 1U : 0U;
    rate.explained += fate == Fate::explained ? 1U : 0U;
}

std::vector<KillRate> values(std::map<std::string, KillRate>&& rates) {
    std::vector<KillRate> list;
    for (auto& [name, rate] : rates) {
        list.push_back(std::move(rate));
    }
    return list;
}

void count_table_mutants(const Campaign& campaign, KillMatrix& matrix,
                         std::map<std::string, KillRate>& rings) {
    for (std::size_t i = 0; i < campaign.table_mutants.size(); ++i) {
        const std::string& outcome = campaign.table_mutants[i].outcome;
        if (outcome == "equal") {
            matrix.table_equal.push_back(i);
        } else if (outcome == "allowed") {
            matrix.table_allowed.push_back(i);
        } else {
            const bool killed = outcome == "killed";
            add(rings, std::string{formats::name_of(Ring::table)},
                killed ? Fate::killed : Fate::survived);
            if (!killed) {
                matrix.table_survivors.push_back(i);
            }
        }
    }
}

void count_rates(const Campaign& campaign, KillMatrix& matrix) {
    std::map<std::string, KillRate> rings;
    std::map<std::string, KillRate> requirements;
    for (const DeviceFate& device : matrix.devices) {
        const formats::CampaignDevice& info = device.run->device;
        if (formats::is_mutant(info.ring)) {
            add(rings, std::string{formats::name_of(info.ring)}, device.fate);
            add(requirements, info.requirement, device.fate);
        }
    }
    for (const formats::CampaignRequirement& requirement : campaign.requirements) {
        if (const auto found = requirements.find(requirement.id); found != requirements.end()) {
            found->second.text = requirement.text;
        }
    }
    count_table_mutants(campaign, matrix, rings);
    matrix.rings = values(std::move(rings));
    matrix.requirements = values(std::move(requirements));
}

void find_idle(const Campaign& campaign, KillMatrix& matrix) {
    std::vector<std::size_t> kills(campaign.cases.size());
    std::vector<std::size_t> alone(campaign.cases.size());
    for (const DeviceFate& device : matrix.devices) {
        for (const std::size_t index : device.killers) {
            ++kills[index];
            alone[index] += device.killers.size() == 1 ? 1U : 0U;
        }
    }
    for (std::size_t i = 0; i < kills.size(); ++i) {
        if (kills[i] == 0) {
            matrix.idle.push_back(i);
        } else if (alone[i] == 0) {
            matrix.never_alone.push_back(i);
        }
    }
}

} // namespace

std::size_t KillMatrix::count(Fate fate) const {
    return static_cast<std::size_t>(std::ranges::count(devices, fate, &DeviceFate::fate));
}

bool KillMatrix::bad() const {
    return std::ranges::any_of(devices, is_bad, &DeviceFate::fate) || !table_survivors.empty();
}

KillMatrix kill_matrix(const Campaign& campaign) {
    KillMatrix matrix;
    matrix.unsound = unsound_cases(campaign);
    for (const DeviceRun& run : campaign.runs) {
        matrix.devices.push_back(judge(campaign, matrix.unsound, run));
        for (const std::string& row : run.verdicts) {
            matrix.cells += row.size() - static_cast<std::size_t>(std::ranges::count(row, '.'));
            matrix.errors += static_cast<std::size_t>(std::ranges::count(row, 'e'));
        }
    }
    count_rates(campaign, matrix);
    if (!campaign.stop_at_kill) { // else nobody knows what the cells left out would have killed
        find_idle(campaign, matrix);
    }
    return matrix;
}

std::string percent(std::size_t part, std::size_t whole) {
    if (whole == 0) {
        return "-";
    }
    const std::size_t tenths = part * 1000 / whole;
    return fmt::format("{}.{} %", tenths / 10, tenths % 10);
}

std::string summary_line(const KillMatrix& matrix) {
    const std::size_t killed = matrix.count(Fate::killed);
    const std::size_t explained = matrix.count(Fate::explained);
    const std::size_t survived = matrix.count(Fate::survived);
    const std::size_t mutants = killed + explained + survived;
    return fmt::format("{} of {} mutants killed ({}), {} explained, {} survived, {} false passes, "
                       "{} false fails, {} errors",
                       killed, mutants, percent(killed, mutants), explained, survived,
                       matrix.count(Fate::false_pass), matrix.count(Fate::false_fail),
                       matrix.errors);
}

} // namespace meterbench::reports
