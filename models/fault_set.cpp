// SPDX-License-Identifier: Apache-2.0
#include "models/fault_set.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <variant>

namespace meterbench::models {

namespace link = core::link;

namespace {

link::SecondaryState next_of(const link::SecondaryRow& row, const TableEdit& edit) {
    if (edit.next) {
        return *edit.next;
    }
    if (edit.action == link::SecondaryAction::select_and_acknowledge) {
        return link::SecondaryState::selected;
    }
    if (edit.action == link::SecondaryAction::deselect) {
        return link::SecondaryState::deselected;
    }
    return row.state;
}

template <class... Visitors> struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

} // namespace

std::expected<std::map<std::string, double, std::less<>>, std::string>
fault_parameters(const rig::FaultInfo& info, const core::device::FaultDescription& fault) {
    std::map<std::string, double, std::less<>> values;
    for (const rig::FaultParameter& parameter : info.parameters) {
        values.emplace(parameter.name, parameter.standard);
    }
    for (const auto& [name, number] : fault.parameters) {
        const auto known =
            std::ranges::find(info.parameters, std::string_view{name}, &rig::FaultParameter::name);
        if (known == info.parameters.end()) {
            return std::unexpected{
                fmt::format("fault '{}' has no parameter '{}'", fault.name, name)};
        }
        if (!(number >= known->minimum && number <= known->maximum)) {
            return std::unexpected{fmt::format("fault '{}': {} must be {} to {}", fault.name, name,
                                               known->minimum, known->maximum)};
        }
        values[name] = number;
    }
    return values;
}

void FaultSet::set_table(std::span<const TableEdit> edits) {
    if (table_.empty()) {
        const auto own = station_.config().table;
        table_.assign(own.begin(), own.end());
    }
    for (const TableEdit& edit : edits) {
        for (link::SecondaryRow& row : table_) {
            const bool guard_fits = !edit.guard || row.guard == *edit.guard;
            const bool state_fits = !edit.state || row.state == *edit.state;
            if (row.event == edit.event && guard_fits && state_fits) {
                row.action = edit.action;
                row.next = next_of(row, edit);
            }
        }
    }
    station_.set_table(table_);
}

void FaultSet::set_delay(const DelayEdit& edit) {
    link::SecondaryLimits limits = station_.config().limits;
    if (edit.answers != DelayEdit::Answers::data) {
        limits.acknowledge_delay = edit.delay;
    } else if (!limits.acknowledge_delay) {
        limits.acknowledge_delay = limits.response_delay;
    }
    if (edit.answers != DelayEdit::Answers::acknowledge) {
        limits.response_delay = edit.delay;
    }
    station_.set_limits(limits);
}

void FaultSet::set_condition(ConditionEdit edit, std::uint8_t code) {
    // EN 13757-7, 7.5.6
    constexpr std::uint8_t busy = 0x01;
    constexpr std::uint8_t power_low = 0x04;
    constexpr std::uint8_t permanent_error = 0x08;
    constexpr std::uint8_t temporary_error = 0x10;
    std::uint8_t status = records_->meter().status.raw;
    switch (edit) {
    case ConditionEdit::alarm: return records_->raise_alarm(code);
    case ConditionEdit::busy: status |= busy; break;
    case ConditionEdit::power_low: status |= power_low; break;
    case ConditionEdit::permanent_error: status |= permanent_error; break;
    case ConditionEdit::temporary_error: status |= temporary_error; break;
    }
    records_->set_status({status});
}

std::expected<void, std::string> FaultSet::set(const core::device::FaultDescription& fault) {
    const FaultRow* const row = find_fault(fault.name);
    if (row == nullptr) {
        return std::unexpected{"no fault is named '" + fault.name + "' (see meterbench faults)"};
    }
    const auto parameters = fault_parameters(row->info, fault);
    if (!parameters) {
        return std::unexpected{parameters.error()};
    }
    const auto count = [&](std::string_view name) {
        const auto found = parameters->find(name);
        return found == parameters->end() ? 0U : static_cast<std::uint32_t>(found->second);
    };
    std::expected<void, std::string> result;
    std::visit(
        Overloaded{
            [&](std::span<const TableEdit> edits) { set_table(edits); },
            [&](const DelayEdit& edit) { set_delay(edit); },
            [&](const InputEdit& edit) { input_.add(edit); },
            [&](const OutputEdit& edit) { output_.add(edit, {count("skip"), count("answers")}); },
            [&](const AnswerEdit& edit) { application_.add(edit); },
            [&](const SelectionEdit& edit) { application_.add(edit); },
            [&](SequenceEdit edit) { application_.add(edit); },
            [&](const CommandEdit& edit) { application_.add(edit); },
            [&](LinkChangeEdit edit) { application_.add(edit); },
            [&](const TrialEdit& edit) {
                link::SecondaryLimits limits = station_.config().limits;
                limits.rate_trial = edit.lasts;
                station_.set_limits(limits);
            },
            [&](ConditionEdit edit) {
                if (records_ == nullptr) {
                    result = std::unexpected{"fault '" + fault.name +
                                             "' needs a meter made from a profile"};
                    return;
                }
                set_condition(edit, static_cast<std::uint8_t>(count("code")));
            },
            [&](ConductEdit edit) {
                unplugged_ = unplugged_ || edit == ConductEdit::unplugged;
                device_.add(edit);
            },
            [&](const auto&) {
                result = std::unexpected{"fault '" + fault.name +
                                         "' is one of the line, not of a meter"};
            },
        },
        row->edit);
    const bool input = !input_.empty() || output_.listens();
    station_.set_filters(input ? &input_ : nullptr, output_.empty() ? nullptr : &output_);
    return result;
}

} // namespace meterbench::models
