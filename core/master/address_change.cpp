// SPDX-License-Identifier: Apache-2.0
#include "core/master/address_change.hpp"

#include "core/master/command.hpp"
#include "core/master/link_reset.hpp"

namespace meterbench::core::master {

AddressChange::AddressChange(const Target& target, std::uint8_t address,
                             const link::PrimaryConfig& config)
    : target_{target}, address_{address}, config_{config} {
    begin();
}

void AddressChange::begin() {
    step_ = Step::probe;
    run<LinkReset>(Target{address_}, config_);
}

void AddressChange::advance() {
    const std::optional<Fault> fault = current().fault();
    switch (step_) {
    case Step::probe:
        if (!fault || fault->code != FaultCode::silence) {
            return finish(make_fault(FaultCode::address_taken));
        }
        step_ = Step::command;
        return run<Command>(CommandConfig{
            .target = target_, .link = config_, .data = {set_address_data(address_)}});
    case Step::command:
        if (fault) {
            return finish(fault);
        }
        step_ = Step::verify;
        return run<LinkReset>(Target{address_}, config_);
    case Step::verify: return finish(fault);
    }
}

} // namespace meterbench::core::master
