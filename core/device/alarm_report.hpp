// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::device {

/// The alarm a meter answers REQ_UD1 with (EN 13757-3, clause 9; facts B.10): CI 71h and one byte.
/// It stands until a REQ_UD1 shows by its toggled FCB that the last answer has arrived
/// (MB3-AP-021).
class AlarmReport {
  public:
    /// An alarm, type D; it takes the place of one that still stands.
    void raise(std::uint8_t code) {
        telegram_[1] = code;
        standing_ = true;
        told_ = false;
    }
    [[nodiscard]] bool standing() const { return standing_; }

    /// `fresh`: the last answer has arrived. None: there is no alarm, or none any more.
    [[nodiscard]] std::optional<std::span<const std::uint8_t>> answer(bool fresh) {
        if (told_ && fresh) {
            standing_ = false;
        }
        told_ = standing_;
        return standing_ ? std::optional{std::span<const std::uint8_t>{telegram_}} : std::nullopt;
    }

  private:
    std::array<std::uint8_t, 2> telegram_{0x71, 0};
    bool standing_ = false;
    bool told_ = false;
};

} // namespace meterbench::core::device
