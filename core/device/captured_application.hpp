// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/link/control_field.hpp"
#include "core/link/telegram_source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::core::device {

/// One captured answer: the control field it was sent with and its user data from the CI-field on.
struct CapturedTelegram {
    link::ControlField control{};
    std::vector<std::uint8_t> user_data;
};

/// The application layer of a meter that replays captured RSP_UDs, byte for byte, in their order.
/// It does nothing else: what it is sent is acknowledged and has no effect, but for the application
/// reset, which restarts the sequence. It can be selected when its first telegram has a long
/// header.
class CapturedApplication : public link::MeterApplication, private link::TelegramSource {
  public:
    /// `telegrams` is not empty.
    explicit CapturedApplication(std::vector<CapturedTelegram> telegrams);

    /// The secondary address in the first telegram's long header.
    [[nodiscard]] std::optional<application::DeviceId> device() const { return device_; }

    [[nodiscard]] link::TelegramSource& class2() override { return *this; }
    [[nodiscard]] std::optional<link::Telegram> class1(bool /*fresh*/, Instant /*now*/) override {
        return std::nullopt;
    }
    [[nodiscard]] bool has_class1() const override { return false; }
    [[nodiscard]] bool matches(std::span<const std::uint8_t> mask) const override;
    void execute(std::span<const std::uint8_t> user_data, Instant now) override;
    void restart(Instant now) override;

  private:
    void rewind() override { index_.reset(); }
    [[nodiscard]] link::Telegram next(Instant now) override;
    [[nodiscard]] link::Telegram current(Instant now) override;

    std::vector<CapturedTelegram> telegrams_;
    std::optional<application::DeviceId> device_;
    std::optional<std::size_t> index_;
};

} // namespace meterbench::core::device
