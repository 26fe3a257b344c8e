// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/procedure.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace meterbench::core::master {

struct ReadoutConfig {
    Target target = std::uint8_t{1};
    link::PrimaryConfig link{};
    std::size_t max_telegrams = 64; ///< a longer sequence is endless-sequence
    /// How often the device is selected anew when it acknowledged the selection and then fell
    /// silent: it may have lost its power, and the selection with it. The reading begins again.
    std::uint8_t reselections = 1;
};

/// One telegram of a read-out: the whole link frame and when it was heard.
struct ReadTelegram {
    std::vector<std::uint8_t> frame;
    Instant request_end{};
    Instant start{};
    Instant end{};
    std::uint8_t attempts = 1;
    bool early = false; ///< it began before the reply window opened
};

/// Reads one meter to the end of its telegrams (EN 13757-2, 5.7; EN 13757-7, 8.4): SND_NKE, or
/// deselection and selection; then REQ_UD2 with FCB = 1 first, toggled after each good answer,
/// until a telegram without DIF 1Fh. A protocol object: rig::drive() runs it to done().
///
/// fault(): silence, a faulty answer after all retries (see diagnose()), not-selected,
/// selection-lost, wrong-identification, endless-sequence. None: it is complete.
class Readout final : public MeterProcedure {
  public:
    explicit Readout(const ReadoutConfig& config);

    /// What arrived, also before a fault.
    [[nodiscard]] const std::vector<ReadTelegram>& telegrams() const { return telegrams_; }
    /// How often the device had to be selected anew.
    [[nodiscard]] std::uint8_t reselected() const { return reselected_; }

  private:
    void begin() override;
    void opened() override { request2(); }
    void answered(const link::Outcome& outcome, const std::optional<Fault>& fault) override;
    [[nodiscard]] bool other_device(std::span<const std::uint8_t> user_data) const;
    [[nodiscard]] bool repeats(std::span<const std::uint8_t> frame) const;
    void selection_lost();

    ReadoutConfig config_;
    std::vector<ReadTelegram> telegrams_;
    std::uint8_t reselected_ = 0;
};

} // namespace meterbench::core::master
