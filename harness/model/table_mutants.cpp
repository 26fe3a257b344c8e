// SPDX-License-Identifier: Apache-2.0
#include "harness/model/table_mutants.hpp"

#include "harness/model/station_device.hpp"
#include "harness/model/station_model.hpp"

#include <fmt/format.h>
#include <utility>

namespace meterbench::harness::model {

namespace {

using core::link::SecondaryAction;
using core::link::SecondaryGuard;
using core::link::SecondaryRow;
using core::link::SecondaryState;

constexpr std::size_t telegrams = 3;
constexpr std::uint8_t address = 5;
constexpr auto last_action = SecondaryAction::deselect_and_acknowledge;

std::string row_name(const SecondaryRow& row) {
    return fmt::format("{}, {}, {}", name_of(row.state), name_of(row.event), name_of(row.guard));
}

/// A step as it is run: what to send and what may come.
struct Planned {
    std::string_view family;
    std::vector<SequenceStep> steps;
};

std::vector<Planned> plan(const SequenceOptions& options) {
    std::vector<Planned> planned;
    for (const Family family : families) {
        // As a case does that is told of three telegrams: those for three, else those for more.
        const ClaimsRow* chosen = nullptr;
        const std::vector<ClaimsRow> rows = claims_of(family);
        for (const ClaimsRow& row : rows) {
            if (row.claims.telegrams == telegrams && !row.claims.more) {
                chosen = &row;
            }
        }
        const SequenceSet set =
            link_sequences(family, (chosen != nullptr ? *chosen : rows.back()).claims, options);
        for (const Word& word : set.words) {
            planned.push_back({name_of(family), steps_of(set, word)});
        }
    }
    return planned;
}

/// The requirement of the first step that finds the device wrong; none: all is well.
std::optional<std::string> run(StationDevice& device, const Planned& sequence) {
    (void)device.step(Stimulus::select_other);
    if (device.step(Stimulus::nke_own) != acknowledge) {
        return "MB2-LL-026";
    }
    for (const SequenceStep& step : sequence.steps) {
        const OutputSet output = device.step(step.stimulus).value_or(anything_else);
        if ((output & step.allowed) != 0) {
            continue;
        }
        const bool wrong_telegram = (output & any_telegram) != 0 && !step.cited.telegram.empty();
        return std::string{wrong_telegram ? step.cited.telegram : step.cited.answer};
    }
    return std::nullopt;
}

/// Decides about survivors.
class Arbiter {
  public:
    Arbiter()
        : standard_{alphabet_, {.telegrams = telegrams}, Reading::standard},
          machine_{minimised(standard_.machine())},
          station_{core::link::secondary_table(), telegrams} {}

    void decide(const TableMutant& mutant, TableMutantResult& result) const {
        const StationModel model{mutant.table, telegrams};
        // The station itself keeps to the table, so who equals it needs no longer walk.
        const auto from_station = first_difference(model, station_, alphabet_);
        if (!from_station) {
            result.outcome = TableMutantResult::Outcome::equal;
            return;
        }
        const auto from_standard = first_difference(model, machine_, alphabet_);
        result.outcome = from_standard ? TableMutantResult::Outcome::survived
                                       : TableMutantResult::Outcome::allowed;
        result.witness = tell(model, from_standard ? *from_standard : *from_station);
    }

  private:
    [[nodiscard]] std::string tell(const StationModel& model, const Word& word) const {
        std::string text;
        StationModel::Packed is = 0;
        StationModel::Packed due = 0;
        OutputSet output = silence;
        OutputSet wanted = silence;
        for (const Input input : word) {
            text += (text.empty() ? "" : ", ");
            text += row_of(alphabet_[input]).name;
            const auto step = model.step(is, alphabet_[input]);
            const auto reference = station_.step(due, alphabet_[input]);
            output = step.output;
            wanted = reference.output;
            is = step.next;
            due = reference.next;
        }
        return fmt::format("{}: {}, not {}", text, text_of(output), text_of(wanted));
    }

    /// Without what the station does not even see, and without what it cannot tell from another.
    static std::vector<Stimulus> distinct_stimuli() {
        using S = Stimulus;
        std::vector<Stimulus> stimuli;
        for (const Stimulus stimulus : whole_alphabet()) {
            if (stimulus >= S::bad_start || stimulus == S::nke_test ||
                stimulus == S::request_test_0 || stimulus == S::request_test_1 ||
                stimulus == S::foreign_request) {
                continue;
            }
            stimuli.push_back(stimulus);
        }
        return stimuli;
    }

    std::vector<Stimulus> alphabet_ = distinct_stimuli();
    LinkModel standard_;
    Mealy machine_;
    StationModel station_;
};

} // namespace

std::string_view name_of(TableMutantResult::Outcome outcome) {
    switch (outcome) {
    case TableMutantResult::Outcome::killed: return "killed";
    case TableMutantResult::Outcome::survived: return "survived";
    case TableMutantResult::Outcome::equal: return "equal";
    case TableMutantResult::Outcome::allowed: return "allowed";
    }
    return "";
}

std::vector<TableMutant> table_mutants() {
    const auto table = core::link::secondary_table();
    const std::vector<SecondaryRow> original{table.begin(), table.end()};
    std::vector<TableMutant> mutants;
    const auto add = [&](std::size_t index, const SecondaryRow& row, std::string_view what) {
        mutants.push_back({fmt::format("{}: {}", row_name(original[index]), what), original});
        mutants.back().table[index] = row;
    };
    for (std::size_t i = 0; i < original.size(); ++i) {
        SecondaryRow row = original[i];
        row.next = row.next == SecondaryState::selected ? SecondaryState::deselected
                                                        : SecondaryState::selected;
        add(i, row, fmt::format("next {}", name_of(row.next)));
        for (unsigned action = 0; action <= static_cast<unsigned>(last_action); ++action) {
            row = original[i];
            row.action = static_cast<SecondaryAction>(action);
            if (row.action != original[i].action) {
                add(i, row, name_of(row.action));
            }
        }
        row = original[i];
        row.guard = SecondaryGuard::always;
        if (row.guard != original[i].guard) {
            add(i, row, "guard dropped");
        }
        mutants.push_back({row_name(original[i]) + ": left out", original});
        mutants.back().table.erase(mutants.back().table.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return mutants;
}

std::vector<TableMutantResult>
run_table_mutants(const std::vector<TableMutant>& mutants, const SequenceOptions& options,
                  const std::function<void(const TableMutantResult&)>& done) {
    const std::vector<Planned> sequences = plan(options);
    const Arbiter arbiter;
    const core::device::RecordMeter meter = reference_meter(telegrams);
    std::vector<TableMutantResult> results;
    for (const TableMutant& mutant : mutants) {
        StationDevice device{meter, address, mutant.table};
        TableMutantResult result;
        result.name = mutant.name;
        for (const Planned& sequence : sequences) {
            ++result.sequences;
            if (auto requirement = run(device, sequence)) {
                result.outcome = TableMutantResult::Outcome::killed;
                result.requirement = std::move(*requirement);
                result.family = sequence.family;
                break;
            }
        }
        if (result.outcome != TableMutantResult::Outcome::killed) {
            arbiter.decide(mutant, result);
        }
        done(result);
        results.push_back(std::move(result));
    }
    return results;
}

} // namespace meterbench::harness::model
