// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/secondary_station.hpp"
#include "models/fault_rows.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::models {

/// What stands at the bus: a meter's link station, and what the device does of its own accord or
/// instead of being a meter (ConductEdit). Without such an edit it is the station, verb by verb.
class FaultyDevice {
  public:
    /// Both outlive it.
    FaultyDevice(core::link::SecondaryStation& station, core::link::MeterApplication& application)
        : station_{station}, application_{application} {}

    /// From the next octet on.
    void add(ConductEdit edit) { edits_.push_back(edit); }

    void receive(std::span<const core::Octet> octets);
    /// Only where takes_frames().
    void receive_frame(const core::link::Frame& frame, core::Instant end) {
        station_.receive_frame(frame, end);
    }
    [[nodiscard]] bool takes_frames() const { return edits_.empty() && station_.takes_frames(); }
    [[nodiscard]] std::optional<core::Transmission> transmit() const;
    void sent(core::Instant now);
    void aborted(core::Instant now);
    [[nodiscard]] std::optional<core::Baud> listens() const { return station_.listens(); }
    void restart(core::Instant now);
    [[nodiscard]] std::optional<core::Instant> deadline() const;
    void expire(core::Instant now);

  private:
    [[nodiscard]] bool has(ConductEdit edit) const;
    [[nodiscard]] bool is_null() const;
    void note(const core::Octet& octet);
    [[nodiscard]] std::vector<std::uint8_t> answer_to_heard(core::Instant now);
    [[nodiscard]] std::vector<std::uint8_t> unasked(core::Instant now);
    [[nodiscard]] std::vector<std::uint8_t> own_telegram(core::Instant now);
    [[nodiscard]] bool heard_short_length() const;
    [[nodiscard]] bool heard_truncated() const;

    core::link::SecondaryStation& station_;
    core::link::MeterApplication& application_;
    std::vector<ConductEdit> edits_;
    std::vector<std::uint8_t> heard_; ///< since the last silence
    core::Instant last_end_{};
    std::optional<core::Instant> due_;     ///< to answer what was heard
    std::optional<core::Instant> chatter_; ///< to send something unasked
    std::vector<std::uint8_t> answer_;
    core::Instant answer_at_{};
    std::uint64_t drawn_ = 0; ///< state of the noise
    bool canned_data_ = false;
};

} // namespace meterbench::models
