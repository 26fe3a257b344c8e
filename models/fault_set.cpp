// SPDX-License-Identifier: Apache-2.0
#include "models/fault_set.hpp"

#include "core/link/frame.hpp"

#include <algorithm>
#include <variant>

namespace meterbench::models {

using core::Octet;
using core::OctetErrors;
using core::Transmission;
namespace link = core::link;

// Octets in ------------------------------------------------------------------------------------

void InputFault::follow(const Octet& octet) {
    const core::Duration idle = 3 * (octet.end - octet.start);
    if (octet.start - last_end_ > idle || (length_ != 0 && position_ + 1 >= length_)) {
        position_ = 0;
        length_ = 0;
    } else {
        ++position_;
    }
    last_end_ = octet.end;
    if (position_ == 0) {
        long_frame_ = octet.value == link::start_long;
        length_ = long_frame_ ? 0 : octet.value == link::start_short ? link::short_frame_size : 1;
        sum_ = 0;
    }
    if (long_frame_ && position_ == 1) {
        first_length_ = octet.value;
        length_ = octet.value + link::long_frame_overhead;
    }
}

std::optional<Octet> InputFault::pass(const Octet& octet) {
    follow(octet);
    Octet heard = octet;
    const std::size_t from_end = length_ == 0 ? 0 : length_ - position_;
    const std::size_t body = long_frame_ ? 4 : 1;
    for (const InputEdit edit : edits_) {
        switch (edit) {
        case InputEdit::checksum_unchecked:
            if (from_end == 2) {
                heard.value = sum_;
            }
            break;
        case InputEdit::stop_unchecked:
            if (from_end == 1 && length_ > 1) {
                heard.value = link::stop;
            }
            break;
        case InputEdit::length_unchecked:
            if (long_frame_ && position_ == 2) {
                heard.value = first_length_;
            }
            break;
        case InputEdit::second_start_unchecked:
            if (long_frame_ && position_ == 3) {
                heard.value = link::start_long;
            }
            break;
        case InputEdit::character_unchecked: heard.errors = OctetErrors::none; break;
        case InputEdit::test_address_unheard:
            if (position_ == body + 1 && heard.value == link::address::test) {
                return std::nullopt;
            }
            break;
        }
    }
    if (position_ >= body && from_end > 2) {
        sum_ = static_cast<std::uint8_t>(sum_ + heard.value);
    }
    return heard;
}

// Octets out -----------------------------------------------------------------------------------

Transmission OutputFault::pass(const Transmission& transmission) {
    bytes_.assign(transmission.bytes.begin(), transmission.bytes.end());
    exceptions_.clear();
    for (const OutputEdit& edit : edits_) {
        apply(edit);
    }
    std::ranges::sort(exceptions_, {}, &core::CharacterException::index);
    Transmission spoilt = transmission;
    spoilt.bytes = bytes_;
    spoilt.exceptions = exceptions_;
    return spoilt;
}

void OutputFault::apply(const OutputEdit& edit) {
    using Kind = OutputEdit::Kind;
    using Deviation = core::CharacterException::Kind;
    const bool single = bytes_.size() == 1;
    if (edit.kind == Kind::set_single) {
        if (single) {
            bytes_.front() = edit.value;
        }
        return;
    }
    const auto size = static_cast<int>(bytes_.size());
    const int at = edit.at < 0 ? size + edit.at : edit.at;
    const bool inside = at >= 0 && at < size && !single;
    const auto index = static_cast<std::size_t>(std::max(at, 0));
    switch (edit.kind) {
    case Kind::set_single: return;
    case Kind::flip:
    case Kind::flip_summed:
        if (!inside) {
            return;
        }
        bytes_[index] = static_cast<std::uint8_t>(bytes_[index] ^ edit.value);
        if (edit.kind == Kind::flip_summed) {
            const auto summed = std::span{bytes_}.subspan(4, bytes_.size() - 6);
            bytes_[bytes_.size() - 2] = link::checksum(summed);
        }
        return;
    case Kind::odd_parity:
    case Kind::low_stop_bit:
        if (at < size) {
            exceptions_.push_back(
                {static_cast<std::uint32_t>(index),
                 edit.kind == Kind::odd_parity ? Deviation::parity : Deviation::framing,
                 {}});
        }
        return;
    case Kind::gap:
        if (inside) {
            exceptions_.push_back(
                {static_cast<std::uint32_t>(index), Deviation::none, core::BitTime{edit.value}});
        }
        return;
    case Kind::drop_last:
        if (!single) {
            bytes_.resize(bytes_.size() - std::min<std::size_t>(edit.value, bytes_.size() - 1));
        }
        return;
    case Kind::append:
        if (!single) {
            bytes_.push_back(edit.value);
        }
        return;
    }
}

// Application ----------------------------------------------------------------------------------

namespace {
constexpr std::size_t long_header_size = 12;
constexpr std::size_t identification_at = 1;
constexpr std::size_t manufacturer_at = 5;
constexpr std::size_t access_number_at = 9;
constexpr std::size_t configuration_high_at = 12;
} // namespace

bool ApplicationFault::matches(std::span<const std::uint8_t> mask) const {
    const bool blind =
        std::ranges::find(edits_, ApplicationEdit::wildcards_unknown) != edits_.end();
    const auto wild = [](std::uint8_t byte) { return (byte & 0x0FU) == 0x0FU || byte >= 0xF0U; };
    if (blind && std::ranges::any_of(mask, wild)) {
        return false;
    }
    return inner_.matches(mask);
}

link::Telegram ApplicationFault::next(core::Instant now) {
    return edited(inner_.class2().next(now));
}

link::Telegram ApplicationFault::current(core::Instant now) {
    return edited(inner_.class2().current(now));
}

link::Telegram ApplicationFault::edited(const link::Telegram& telegram) {
    if (edits_.empty() || telegram.user_data.size() <= long_header_size) {
        return telegram;
    }
    user_data_.assign(telegram.user_data.begin(), telegram.user_data.end());
    for (const ApplicationEdit edit : edits_) {
        switch (edit) {
        case ApplicationEdit::access_number_stuck: user_data_[access_number_at] = 0; break;
        case ApplicationEdit::manufacturer_lower_case:
            user_data_[manufacturer_at] =
                static_cast<std::uint8_t>(user_data_[manufacturer_at] | 0x1FU);
            break;
        case ApplicationEdit::configuration_not_zero:
            user_data_[configuration_high_at] =
                static_cast<std::uint8_t>(user_data_[configuration_high_at] | 0x80U);
            break;
        case ApplicationEdit::wildcards_unknown: break;
        case ApplicationEdit::other_identification:
            user_data_[identification_at] =
                static_cast<std::uint8_t>(user_data_[identification_at] ^ 0x01U);
            break;
        }
    }
    link::Telegram changed = telegram;
    changed.user_data = user_data_;
    return changed;
}

// The set --------------------------------------------------------------------------------------

namespace {

void apply_table(std::vector<link::SecondaryRow>& table, std::span<const TableEdit> edits) {
    for (const TableEdit& edit : edits) {
        for (link::SecondaryRow& row : table) {
            const bool guard_fits = !edit.guard || row.guard == *edit.guard;
            const bool state_fits = !edit.state || row.state == *edit.state;
            if (row.event != edit.event || !guard_fits || !state_fits) {
                continue;
            }
            row.action = edit.action;
            if (edit.action == link::SecondaryAction::select_and_acknowledge) {
                row.next = link::SecondaryState::selected;
            } else if (edit.action == link::SecondaryAction::deselect) {
                row.next = link::SecondaryState::deselected;
            } else {
                row.next = row.state;
            }
        }
    }
}

template <class... Visitors> struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

} // namespace

std::expected<void, std::string> FaultSet::set(const core::device::FaultDescription& fault,
                                               link::SecondaryStation& station) {
    const FaultRow* const row = find_fault(fault.name);
    if (row == nullptr) {
        return std::unexpected{"no fault is named '" + fault.name + "' (see meterbench faults)"};
    }
    if (!fault.parameters.empty()) {
        return std::unexpected{"fault '" + fault.name + "' has no parameter '" +
                               fault.parameters.begin()->first + "'"};
    }
    std::expected<void, std::string> result;
    std::visit(Overloaded{
                   [&](std::span<const TableEdit> edits) {
                       if (table_.empty()) {
                           const auto own = station.config().table;
                           table_.assign(own.begin(), own.end());
                       }
                       apply_table(table_, edits);
                       station.set_table(table_);
                   },
                   [&](const DelayEdit& edit) { station.set_limits({edit.delay}); },
                   [&](InputEdit edit) { input_.add(edit); },
                   [&](const OutputEdit& edit) { output_.add(edit); },
                   [&](ApplicationEdit edit) { application_.add(edit); },
                   [&](const NoiseEdit&) {
                       result = std::unexpected{"fault '" + fault.name +
                                                "' is one of the line, not of a meter"};
                   },
               },
               row->edit);
    station.set_filters(input_.empty() ? nullptr : &input_, output_.empty() ? nullptr : &output_);
    return result;
}

} // namespace meterbench::models
