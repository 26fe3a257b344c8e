// SPDX-License-Identifier: Apache-2.0
#include "models/application_fault.hpp"

#include "core/application/telegram.hpp"
#include "models/answer_editor.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

namespace meterbench::models {

namespace link = core::link;

namespace {

constexpr std::uint8_t ci_error = 0x70;
constexpr std::size_t mask_size = 8;
constexpr std::uint8_t ci_full = 0x72;
constexpr std::size_t status_at = 10; ///< from the CI-field, with a long header
constexpr std::uint8_t status_bits = 0x03;
constexpr std::uint8_t status_error = 0x02; ///< EN 13757-7, 7.5.6: any application error

/// One part of a selection: the bits of one byte. Numbered as SelectionEdit::first and last.
struct Part {
    std::size_t byte;
    std::uint8_t bits;
};
constexpr std::array<Part, 12> parts{{{3, 0xF0},
                                      {3, 0x0F},
                                      {2, 0xF0},
                                      {2, 0x0F},
                                      {1, 0xF0},
                                      {1, 0x0F},
                                      {0, 0xF0},
                                      {0, 0x0F},
                                      {4, 0xFF},
                                      {5, 0xFF},
                                      {6, 0xFF},
                                      {7, 0xFF}}};
constexpr std::uint8_t fabrication_number = 12;
constexpr std::size_t fabrication_number_at = mask_size + 2;

/// Changes the mask as the edit has it; false: the selection is not for this meter.
bool edit_mask(std::vector<std::uint8_t>& mask, const SelectionEdit& edit) {
    using Kind = SelectionEdit::Kind;
    if (edit.kind == Kind::appended_ignored) {
        mask.resize(mask_size);
        return true;
    }
    if (edit.kind == Kind::appended_refused) {
        return mask.size() == mask_size;
    }
    if (edit.first == fabrication_number) {
        std::ranges::fill(mask | std::views::drop(fabrication_number_at), 0xFF);
        return true;
    }
    for (std::size_t i = edit.first; i <= edit.last && i < parts.size(); ++i) {
        std::uint8_t& byte = mask[parts[i].byte];
        if (edit.kind == Kind::not_compared) {
            byte |= parts[i].bits;
        } else if ((byte & parts[i].bits) == parts[i].bits) {
            return false;
        }
    }
    return true;
}

} // namespace

bool ApplicationFault::has(SequenceEdit edit) const {
    return std::ranges::find(sequences_, edit) != sequences_.end();
}

bool ApplicationFault::has(LinkChangeEdit edit) const {
    return std::ranges::find(link_changes_, edit) != link_changes_.end();
}

bool ApplicationFault::matches(std::span<const std::uint8_t> mask) const {
    if (selections_.empty() || mask.size() < mask_size) {
        return inner_.matches(mask);
    }
    std::vector<std::uint8_t> edited_mask(mask.begin(), mask.end());
    return std::ranges::all_of(
               selections_,
               [&](const SelectionEdit& edit) { return edit_mask(edited_mask, edit); }) &&
           inner_.matches(edited_mask);
}

void ApplicationFault::execute(std::span<const std::uint8_t> user_data, core::Instant now) {
    using Kind = CommandEdit::Kind;
    std::vector<std::uint8_t> command(user_data.begin(), user_data.end());
    bool twice = false;
    for (const CommandEdit& edit : commands_) {
        const auto behind = std::span{command}.subspan(1);
        const bool follows = behind.size() >= edit.follows.size() &&
                             std::ranges::equal(edit.follows, behind.first(edit.follows.size()));
        if (command.front() < edit.first || command.front() > edit.last || !follows) {
            continue;
        }
        switch (edit.kind) {
        case Kind::swallow: return;
        case Kind::twice: twice = true; break;
        case Kind::as: command.front() = edit.value; break;
        case Kind::cut:
            command.resize(std::min<std::size_t>(command.size(), std::size_t{edit.value} + 1));
            break;
        case Kind::flip:
            if (edit.at < command.size()) {
                command[edit.at] = static_cast<std::uint8_t>(command[edit.at] ^ edit.value);
            }
            break;
        }
    }
    stuck_.clear();
    note_unchecked(command);
    if (unchecked_.address || unchecked_.baud) {
        return;
    }
    inner_.execute(command, now);
    if (twice) {
        inner_.execute(command, now);
    }
}

/// Commands that the inner application would refuse, carried out all the same.
void ApplicationFault::note_unchecked(std::span<const std::uint8_t> command) {
    constexpr std::array<std::uint8_t, 3> address_write{0x51, 0x01, 0x7A};
    constexpr std::array<std::uint32_t, 8> rates{300, 600, 1200, 2400, 4800, 9600, 19200, 38400};
    constexpr std::uint8_t ci_first_rate = 0xB8;
    const bool writes_address =
        command.size() == address_write.size() + 1 &&
        std::ranges::equal(address_write, command.first(address_write.size()));
    if (has(LinkChangeEdit::address_unchecked) && writes_address) {
        unchecked_.address = command.back();
    }
    const std::size_t rate = command.front() - std::size_t{ci_first_rate};
    if (has(LinkChangeEdit::rates_unchecked) && rate < rates.size()) {
        unchecked_.baud = core::Baud{rates[rate]};
    }
}

link::LinkChange ApplicationFault::take_link_change() {
    link::LinkChange change = inner_.take_link_change();
    if (unchecked_.address || unchecked_.baud) {
        change = std::exchange(unchecked_, {});
    }
    if (has(LinkChangeEdit::address_ignored)) {
        change.address.reset();
    }
    if (has(LinkChangeEdit::rate_ignored)) {
        change.baud.reset();
    }
    if (has(LinkChangeEdit::rate_other) && change.baud) {
        change.baud = core::Baud{600};
    }
    return change;
}

std::optional<link::Telegram> ApplicationFault::class1(bool fresh, core::Instant now) {
    auto telegram = inner_.class1(fresh, now);
    if (telegram && !answers_.empty()) {
        user_data_.assign(telegram->user_data.begin(), telegram->user_data.end());
        for (const AnswerEdit& edit : answers_) {
            edit_answer(user_data_, edit);
        }
        telegram->user_data = user_data_;
    }
    return telegram;
}

void ApplicationFault::restart(core::Instant now) {
    if (has(SequenceEdit::restart_kept)) {
        return;
    }
    begun_ = false;
    given_ = 0;
    stuck_.clear();
    inner_.restart(now);
}

void ApplicationFault::rewind() {
    if (has(SequenceEdit::rewind_ignored) && begun_) {
        return;
    }
    begun_ = false;
    given_ = 0;
    inner_.class2().rewind();
}

link::Telegram ApplicationFault::next(core::Instant now) {
    const bool stays = (has(SequenceEdit::wrap_missing) && begun_ && !more_) ||
                       (has(SequenceEdit::first_only) && begun_);
    begun_ = true;
    ++given_;
    if (stays) {
        return edited(inner_.class2().current(now), now);
    }
    if (has(SequenceEdit::second_skipped) && given_ == 2) {
        (void)inner_.class2().next(now);
    }
    return edited(inner_.class2().next(now), now);
}

link::Telegram ApplicationFault::current(core::Instant now) {
    if (!begun_) {
        return next(now);
    }
    return edited(inner_.class2().current(now), now);
}

link::Telegram ApplicationFault::edited(link::Telegram telegram, core::Instant now) {
    const bool error = !telegram.user_data.empty() && telegram.user_data.front() == ci_error;
    const bool in_records = error && std::ranges::any_of(answers_, [](const AnswerEdit& edit) {
                                return edit.kind == AnswerEdit::Kind::error_in_records;
                            });
    const bool refusal = telegram.user_data.size() > status_at &&
                         telegram.user_data.front() == ci_full &&
                         (telegram.user_data[status_at] & status_bits) == status_error;
    if (in_records || (refusal && has(SequenceEdit::refusal_hidden))) {
        telegram = inner_.class2().next(now);
    }
    if (error && has(SequenceEdit::error_stuck)) {
        stuck_.assign(telegram.user_data.begin(), telegram.user_data.end());
    }
    if (!stuck_.empty()) {
        telegram.user_data = stuck_;
    }
    more_ = core::application::more_follows(telegram.user_data);
    user_data_.assign(telegram.user_data.begin(), telegram.user_data.end());
    if (in_records && user_data_.size() > status_at && user_data_.front() == ci_full) {
        user_data_[status_at] |= status_error;
    }
    for (const AnswerEdit& edit : answers_) {
        edit_answer(user_data_, edit);
    }
    telegram.user_data = user_data_;
    return telegram;
}

} // namespace meterbench::models
