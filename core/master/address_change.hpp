// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/composite.hpp"

namespace meterbench::core::master {

/// Gives a meter a primary address, safely: nobody may answer there yet (address-taken); the meter
/// is told (CI 51h, 01 7A) and must answer at its new address. fault(): address-taken, what the
/// command came to, or silence at the new address: it kept the old one.
class AddressChange final : public Composite {
  public:
    AddressChange(const Target& target, std::uint8_t address, const link::PrimaryConfig& config);

  private:
    enum class Step : std::uint8_t { probe, command, verify };
    void begin() override;
    void advance() override;

    Target target_;
    std::uint8_t address_;
    link::PrimaryConfig config_;
    Step step_ = Step::probe;
};

} // namespace meterbench::core::master
