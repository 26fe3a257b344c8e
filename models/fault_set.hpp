// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/device/meter_description.hpp"
#include "core/link/octet_filter.hpp"
#include "core/link/secondary_station.hpp"
#include "core/link/telegram_source.hpp"
#include "models/fault_rows.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::models {

/// The seam "octets in" of one meter: makes the receiver blind to one property of a frame.
class InputFault : public core::link::OctetFilter {
  public:
    void add(InputEdit edit) { edits_.push_back(edit); }
    [[nodiscard]] bool empty() const { return edits_.empty(); }
    [[nodiscard]] std::optional<core::Octet> pass(const core::Octet& octet) override;

  private:
    void follow(const core::Octet& octet);

    std::vector<InputEdit> edits_;
    core::Instant last_end_{};
    std::size_t position_ = 0; ///< of the octet in its frame
    std::size_t length_ = 0;   ///< of the frame, once known
    std::uint8_t first_length_ = 0;
    std::uint8_t sum_ = 0;
    bool long_frame_ = false;
};

/// The seam "octets out" of one meter: spoils its answers.
class OutputFault : public core::link::TransmissionFilter {
  public:
    void add(const OutputEdit& edit) { edits_.push_back(edit); }
    [[nodiscard]] bool empty() const { return edits_.empty(); }
    [[nodiscard]] core::Transmission pass(const core::Transmission& transmission) override;

  private:
    void apply(const OutputEdit& edit);

    std::vector<OutputEdit> edits_;
    std::vector<std::uint8_t> bytes_;
    std::vector<core::CharacterException> exceptions_;
};

/// The seam "application" of one meter: changes what the application answers.
class ApplicationFault : public core::link::MeterApplication, private core::link::TelegramSource {
  public:
    explicit ApplicationFault(core::link::MeterApplication& inner) : inner_{inner} {}
    void add(ApplicationEdit edit) { edits_.push_back(edit); }

    [[nodiscard]] core::link::TelegramSource& class2() override { return *this; }
    [[nodiscard]] std::optional<core::link::Telegram> class1(bool fresh,
                                                             core::Instant now) override {
        return inner_.class1(fresh, now);
    }
    [[nodiscard]] bool has_class1() const override { return inner_.has_class1(); }
    [[nodiscard]] bool matches(std::span<const std::uint8_t> mask) const override;
    void execute(std::span<const std::uint8_t> user_data, core::Instant now) override {
        inner_.execute(user_data, now);
    }
    void restart(core::Instant now) override { inner_.restart(now); }

  private:
    void rewind() override { inner_.class2().rewind(); }
    [[nodiscard]] core::link::Telegram next(core::Instant now) override;
    [[nodiscard]] core::link::Telegram current(core::Instant now) override;
    [[nodiscard]] core::link::Telegram edited(const core::link::Telegram& telegram);

    core::link::MeterApplication& inner_;
    std::vector<ApplicationEdit> edits_;
    std::vector<std::uint8_t> user_data_;
};

/// The faults of one meter, by seam; the station itself knows none.
class FaultSet {
  public:
    explicit FaultSet(core::link::MeterApplication& application) : application_{application} {}

    [[nodiscard]] core::link::MeterApplication& application() { return application_; }
    [[nodiscard]] std::expected<void, std::string> set(const core::device::FaultDescription& fault,
                                                       core::link::SecondaryStation& station);

  private:
    ApplicationFault application_;
    InputFault input_;
    OutputFault output_;
    std::vector<core::link::SecondaryRow> table_;
};

} // namespace meterbench::models
