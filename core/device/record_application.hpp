// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/device/point.hpp"
#include "core/link/frame.hpp"
#include "core/link/telegram_source.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::core::device {

/// What a meter made from records is.
struct RecordMeter {
    application::DeviceId device{};
    application::Status status{};
    std::uint8_t access_number = 0; ///< of the first answer after power-up
    std::optional<std::uint32_t>
        fabrication_number; ///< as eight hex digits; with one, enhanced selection
    std::vector<Point> points;
    std::vector<std::vector<std::size_t>> telegrams; ///< indices into points, one list a telegram
};

/// The application layer of a meter over a table of points (EN 13757-3): answers with its
/// telegrams, DIF 1Fh where more follow; obeys the application reset (CI 50h); reports what it does
/// not know as an application error in its next answer (CI 70h; EN 13757-3, clause 10).
class RecordApplication : public link::MeterApplication, private link::TelegramSource {
  public:
    explicit RecordApplication(RecordMeter meter);

    /// Every telegram can be built and fits into a frame; else the fault and the telegram's index
    /// (Fault::offset).
    [[nodiscard]] Expected<void> check() const;
    [[nodiscard]] const RecordMeter& meter() const { return meter_; }

    [[nodiscard]] link::TelegramSource& class2() override { return *this; }
    [[nodiscard]] std::optional<link::Telegram> class1(bool /*fresh*/, Instant /*now*/) override {
        return std::nullopt;
    }
    [[nodiscard]] bool has_class1() const override { return false; }
    [[nodiscard]] bool matches(std::span<const std::uint8_t> mask) const override;
    void execute(std::span<const std::uint8_t> user_data, Instant now) override;
    void restart(Instant now) override;

  private:
    using Buffer = std::array<std::uint8_t, link::max_data + 1>;

    void rewind() override;
    [[nodiscard]] link::Telegram next(Instant now) override;
    [[nodiscard]] link::Telegram current(Instant now) override;
    [[nodiscard]] Expected<std::size_t> build(std::size_t index, std::uint8_t access_number,
                                              Instant now, Buffer& into) const;
    [[nodiscard]] link::Telegram report_error();

    RecordMeter meter_;
    std::uint8_t access_number_;
    std::optional<std::size_t> index_;  ///< of the current telegram; none before the first
    std::optional<std::uint8_t> error_; ///< to be reported by the next answer
    Buffer telegram_{};
    std::size_t size_ = 0;
};

} // namespace meterbench::core::device
