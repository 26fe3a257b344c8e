// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/fcb.hpp"
#include "core/master/procedure.hpp"

#include <cstdint>
#include <vector>

namespace meterbench::core::master {

struct AlarmPollConfig {
    link::PrimaryConfig link{};
    std::vector<std::uint8_t> addresses; ///< 0 to 250, polled in this order
};

/// What a meter said to REQ_UD1.
struct AlarmAnswer {
    std::uint8_t address = 0;
    std::vector<std::uint8_t> frame; ///< its class 1 data; empty: E5h, nothing to report
    std::optional<Fault> fault;      ///< none: it answered
};

/// Polls meters for alarms, once each (facts B.10): REQ_UD1, answered by E5h or RSP_UD. The frame
/// count bit of each address outlives the poll: a meter repeats an alarm until it is toggled, so
/// that none is lost with its answer (MB2-LL-040, -041). For a fast cycle shorten the
/// link's response_timeout (MB3-AP-020: 11 to 33 bit times; single source).
class AlarmPoll final : public Procedure {
  public:
    /// `images` outlives it; the link of a meter that was reset meanwhile begins with 1 again.
    AlarmPoll(const AlarmPollConfig& config, link::FcbImages& images);

    [[nodiscard]] const std::vector<AlarmAnswer>& answers() const { return answers_; }

  private:
    void begin() override;
    void conclude(const link::Outcome& outcome) override;
    void next();

    AlarmPollConfig config_;
    link::FcbImages* images_;
    std::vector<AlarmAnswer> answers_;
};

} // namespace meterbench::core::master
