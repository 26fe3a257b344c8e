// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/telegram_source.hpp"
#include "models/fault_rows.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::models {

/// The seam "application" of one meter: changes what the application answers, which selections mean
/// it, in which order its telegrams come, and what becomes of commands.
class ApplicationFault : public core::link::MeterApplication, private core::link::TelegramSource {
  public:
    explicit ApplicationFault(core::link::MeterApplication& inner) : inner_{inner} {}
    void add(const AnswerEdit& edit) { answers_.push_back(edit); }
    void add(const SelectionEdit& edit) { selections_.push_back(edit); }
    void add(SequenceEdit edit) { sequences_.push_back(edit); }
    void add(const CommandEdit& edit) { commands_.push_back(edit); }
    void add(LinkChangeEdit edit) { link_changes_.push_back(edit); }

    [[nodiscard]] core::link::TelegramSource& class2() override { return *this; }
    [[nodiscard]] std::optional<core::link::Telegram> class1(bool fresh,
                                                             core::Instant now) override;
    [[nodiscard]] bool has_class1() const override { return inner_.has_class1(); }
    [[nodiscard]] bool matches(std::span<const std::uint8_t> mask) const override;
    void execute(std::span<const std::uint8_t> user_data, core::Instant now) override;
    [[nodiscard]] core::link::LinkChange take_link_change() override;
    void restart(core::Instant now) override;

  private:
    void rewind() override;
    [[nodiscard]] core::link::Telegram next(core::Instant now) override;
    [[nodiscard]] core::link::Telegram current(core::Instant now) override;
    [[nodiscard]] core::link::Telegram edited(core::link::Telegram telegram, core::Instant now);
    [[nodiscard]] bool has(SequenceEdit edit) const;
    [[nodiscard]] bool has(LinkChangeEdit edit) const;
    void note_unchecked(std::span<const std::uint8_t> command);

    core::link::MeterApplication& inner_;
    std::vector<AnswerEdit> answers_;
    std::vector<SelectionEdit> selections_;
    std::vector<SequenceEdit> sequences_;
    std::vector<CommandEdit> commands_;
    std::vector<LinkChangeEdit> link_changes_;
    core::link::LinkChange unchecked_; ///< what the inner application refuses
    std::vector<std::uint8_t> stuck_;  ///< an application error that stays
    std::vector<std::uint8_t> user_data_;
    bool more_ = false;  ///< the last answer announced more
    bool begun_ = false; ///< an answer was given since the last reset
    unsigned given_ = 0; ///< answers since then
};

} // namespace meterbench::models
