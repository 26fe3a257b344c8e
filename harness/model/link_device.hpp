// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "harness/model/link_alphabet.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace meterbench::harness::model {

/// Tells the telegrams of a read-out apart by their structure, and numbers them in the order in
/// which they are first seen.
class TelegramBook {
  public:
    /// The output that an answer is. `address`: the device's own; an answer may carry FDh as well
    /// (MB2-LL-055). An answer with a character error is none of the valid ones.
    [[nodiscard]] OutputSet classify(std::span<const std::uint8_t> answer, std::uint8_t address);
    [[nodiscard]] std::size_t size() const { return structures_.size(); }

  private:
    std::vector<std::string> structures_;
};

/// A meter's link layer as a black box: back to the first state, and one stimulus at a time. Tests,
/// table mutants and the learner work on it, whatever is behind.
class LinkDevice {
  public:
    virtual ~LinkDevice() = default;
    /// Not selected, its FCB memories cleared, before its first telegram. Fails with port-lost.
    [[nodiscard]] virtual core::Expected<void> reset() = 0;
    /// What it answers, one of the outputs of link_alphabet.hpp. Fails with port-lost.
    [[nodiscard]] virtual core::Expected<OutputSet> step(Stimulus stimulus) = 0;
};

} // namespace meterbench::harness::model
