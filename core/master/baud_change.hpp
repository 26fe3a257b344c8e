// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/composite.hpp"

#include <vector>

namespace meterbench::core::master {

/// Switches a meter to another rate (facts B.9): the command at the old rate, acknowledged there;
/// then the link is opened at the new rate, at once (MB2-LL-060). No answer: back to the old rate
/// (MB2-LL-062), where the meter must be found. fault(): baud-refused when it is there; silence or
/// not-selected when it is at neither; what the command came to.
class BaudChange final : public Composite {
  public:
    /// `config.baud` is the old rate; `to` must have a code (baud_rate_data()).
    BaudChange(const Target& target, Baud to, const link::PrimaryConfig& config);

    /// The rate at which the meter was heard last.
    [[nodiscard]] Baud baud() const { return baud_; }

  private:
    enum class Step : std::uint8_t { command, confirm, fall_back };
    void begin() override;
    void advance() override;

    Target target_;
    Baud to_;
    link::PrimaryConfig config_;
    Baud baud_;
    Step step_ = Step::command;
};

/// Finds the rate of a meter: opens the link at one rate after another. fault(): silence when it
/// answers at none.
class BaudSearch final : public Composite {
  public:
    BaudSearch(const Target& target, std::vector<Baud> rates, const link::PrimaryConfig& config);

    /// The rate found; only without a fault.
    [[nodiscard]] Baud baud() const { return rates_[index_]; }

  private:
    void begin() override;
    void advance() override;

    Target target_;
    std::vector<Baud> rates_;
    link::PrimaryConfig config_;
    std::size_t index_ = 0;
};

} // namespace meterbench::core::master
