// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/composite.hpp"
#include "core/master/readout.hpp"

#include <vector>

namespace meterbench::core::master {

/// What became of one meter of a collection.
struct Collected {
    std::vector<ReadTelegram> telegrams; ///< also before a fault
    std::optional<Fault> fault;          ///< none: complete
    std::uint8_t readings = 0;           ///< how often it was read
    LineNotes notes;
};

/// Reads meters one after another, each with limits of its own; one that fails stops nobody, and is
/// read again when all others have been, up to `rounds` times, with a longer wait if its answers
/// were late. fault(): that of the first meter that failed to the end; babble ends nothing, each
/// meter's own bound does.
class Collection final : public Composite {
  public:
    /// At least one meter.
    explicit Collection(std::vector<ReadoutConfig> meters, std::uint8_t rounds = 1);

    /// In the order of the meters.
    [[nodiscard]] const std::vector<Collected>& results() const { return results_; }
    /// The meter being read.
    [[nodiscard]] std::size_t index() const { return index_; }

  private:
    void begin() override;
    void advance() override;
    [[nodiscard]] bool find_next();

    std::vector<ReadoutConfig> meters_;
    std::uint8_t rounds_;
    std::uint8_t round_ = 0;
    std::size_t index_ = 0;
    std::vector<Collected> results_;
};

} // namespace meterbench::core::master
