// SPDX-License-Identifier: Apache-2.0
#include "core/master/baud_change.hpp"

#include "core/master/command.hpp"
#include "core/master/link_reset.hpp"

namespace meterbench::core::master {

namespace {
link::PrimaryConfig at_rate(link::PrimaryConfig config, Baud baud) {
    config.baud = baud;
    return config;
}
} // namespace

BaudChange::BaudChange(const Target& target, Baud to, const link::PrimaryConfig& config)
    : target_{target}, to_{to}, config_{config}, baud_{config.baud} {
    begin();
}

void BaudChange::begin() {
    step_ = Step::command;
    baud_ = config_.baud;
    const UserData data = baud_rate_data(to_).value_or(UserData{});
    run<Command>(CommandConfig{.target = target_, .link = config_, .data = {data}});
}

void BaudChange::advance() {
    const std::optional<Fault> fault = current().fault();
    switch (step_) {
    case Step::command:
        if (fault) {
            return finish(fault);
        }
        step_ = Step::confirm;
        return run<LinkReset>(target_, at_rate(config_, to_));
    case Step::confirm:
        if (!fault) {
            baud_ = to_;
            return finish(std::nullopt);
        }
        step_ = Step::fall_back;
        return run<LinkReset>(target_, config_);
    case Step::fall_back: return finish(fault ? fault : make_fault(FaultCode::baud_refused));
    }
}

BaudSearch::BaudSearch(const Target& target, std::vector<Baud> rates,
                       const link::PrimaryConfig& config)
    : target_{target}, rates_{std::move(rates)}, config_{config} {
    begin();
}

void BaudSearch::begin() {
    index_ = 0;
    run<LinkReset>(target_, at_rate(config_, rates_[0]));
}

void BaudSearch::advance() {
    if (!current().fault()) {
        return finish(std::nullopt);
    }
    if (index_ + 1 == rates_.size()) {
        return finish(make_fault(FaultCode::silence));
    }
    ++index_;
    run<LinkReset>(target_, at_rate(config_, rates_[index_]));
}

} // namespace meterbench::core::master
