// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/device/alarm_report.hpp"
#include "core/device/command.hpp"
#include "core/device/record_meter.hpp"
#include "core/link/frame.hpp"
#include "core/link/telegram_source.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::core::device {

/// The application layer of a meter over a table of points (EN 13757-3). It answers with its
/// telegrams, DIF 1Fh where more follow, and obeys
/// - application reset and select (CI 50h, 53h) and the question what is selected (CI 54h, 55h),
/// - commands (CI 51h, 5Ah, 5Bh): see carry_out(),
/// - synchronise action (CI 5Ch): freezes,
/// - clock synchronisation (CI 6Ch, 6Dh),
/// - set baud rate (CI B8h to BFh) for the rates it has.
/// What it does not know or cannot do it reports once, in its next answer: an application error
/// (CI 70h), or the refused records with their record errors and the status "application error".
/// The long header of a command is not compared with its own: it has passed the link layer.
class RecordApplication : public link::MeterApplication, private link::TelegramSource {
  public:
    explicit RecordApplication(RecordMeter meter);

    /// Every telegram can be built and fits into a frame; else the fault and the telegram's index
    /// (Fault::offset), those of selectable applications counted behind the standard ones.
    [[nodiscard]] Expected<void> check() const;
    [[nodiscard]] const RecordMeter& meter() const { return meter_; }

    /// An alarm comes up: class 1 data, ACD, and the status "abnormal condition".
    void raise_alarm(std::uint8_t code) { alarm_.raise(code); }
    /// The status byte from now on.
    void set_status(application::Status status) { meter_.status = status; }

    [[nodiscard]] link::TelegramSource& class2() override { return *this; }
    [[nodiscard]] std::optional<link::Telegram> class1(bool fresh, Instant now) override;
    [[nodiscard]] bool has_class1() const override { return meter_.alarms; }
    [[nodiscard]] bool matches(std::span<const std::uint8_t> mask) const override;
    void execute(std::span<const std::uint8_t> user_data, Instant now) override;
    [[nodiscard]] link::LinkChange take_link_change() override;
    void restart(Instant now) override;

  private:
    using Buffer = std::array<std::uint8_t, link::max_data + 1>;

    void rewind() override;
    [[nodiscard]] link::Telegram next(Instant now) override;
    [[nodiscard]] link::Telegram current(Instant now) override;

    void select_application(std::span<const std::uint8_t> subcodes);
    void execute_command(std::span<const std::uint8_t> records, Instant now);
    void set_rate(std::uint8_t ci);
    void answer_standard();
    [[nodiscard]] const TelegramList& active() const;
    [[nodiscard]] TelegramList packed(const std::vector<std::size_t>& points, Instant now) const;
    [[nodiscard]] std::vector<std::size_t> listed() const;
    [[nodiscard]] Expected<std::size_t> build(const TelegramList& telegrams, std::size_t index,
                                              std::uint8_t access_number, Instant now,
                                              Buffer& into) const;
    [[nodiscard]] Expected<std::size_t> put_header(std::uint8_t access_number,
                                                   application::Status status, Buffer& into) const;
    [[nodiscard]] bool report(Instant now);
    [[nodiscard]] link::Telegram telegram() const;
    [[nodiscard]] application::Status status_now() const;

    RecordMeter meter_;
    std::uint8_t access_number_;
    std::optional<std::size_t> index_;     ///< of the current telegram; none before the first
    std::optional<std::uint8_t> error_;    ///< to be reported by the next answer
    std::vector<std::uint8_t> refused_;    ///< records to be reported by the next answer
    bool asked_for_application_ = false;   ///< the next answer says which application is selected
    std::optional<TelegramList> selected_; ///< what is answered instead of the standard response
    std::uint8_t application_ = 0;         ///< the selected one; 0: all
    Instant last_command_{};
    AlarmReport alarm_;
    link::LinkChange link_change_;
    Buffer telegram_{};
    std::size_t size_ = 0;
};

} // namespace meterbench::core::device
