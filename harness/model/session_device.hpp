// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/link_device.hpp"
#include "harness/session.hpp"
#include "rig/rig.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace meterbench::harness::model {

/// How a device on a rig is brought back to its first state.
enum class ResetWay : std::uint8_t {
    link,  ///< a selection of another meter, then SND_NKE: all that a line can do
    power, ///< bus power off for 5 s and on again, and 3 s for it to start (MB2-PH-017)
};

/// The device under test of a rig as a black box. Its read-out is counted and its secondary address
/// read once, at the beginning.
class SessionDevice : public LinkDevice {
  public:
    /// `rig` outlives the device. ResetWay::power needs a rig with power().
    SessionDevice(rig::Rig& rig, ResetWay way);

    /// Reads out the device: how many telegrams it has (up to max_telegrams), and its secondary
    /// address. Fails with one line where it does not answer or has no long header.
    [[nodiscard]] std::optional<std::string> prepare();
    [[nodiscard]] std::size_t telegrams() const { return telegrams_; }
    /// Whether it has more than are told apart.
    [[nodiscard]] bool more() const { return more_; }

    [[nodiscard]] core::Expected<void> reset() override;
    [[nodiscard]] core::Expected<OutputSet> step(Stimulus stimulus) override;

  private:
    [[nodiscard]] core::Expected<OutputSet> exchange(Stimulus stimulus);

    rig::Rig& rig_;
    ResetWay way_;
    Session session_;
    Addressee to_;
    TelegramBook book_;
    std::size_t telegrams_ = 1;
    bool more_ = false;
};

} // namespace meterbench::harness::model
