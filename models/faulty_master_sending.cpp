// SPDX-License-Identifier: Apache-2.0
// What a master with a fault makes of what its job sends.
#include "core/link/address.hpp"
#include "models/faulty_master.hpp"
#include "models/master_octets.hpp"

#include <algorithm>

namespace meterbench::models {

namespace link = core::link;
using core::Duration;
using core::Instant;
using namespace master_octets;

std::optional<core::Transmission> FaultyMaster::transmit() const {
    if (conduct_ != nullptr) {
        if (out_.empty()) {
            return std::nullopt;
        }
        return core::Transmission{.bytes = out_, .baud = device_.baud()};
    }
    if (!prepared_ || swallowed_) {
        return std::nullopt;
    }
    core::Transmission transmission = shape_;
    transmission.bytes = out_;
    transmission.exceptions = exceptions_;
    return transmission;
}

/// Makes what is really sent of what the job wants to send, once.
void FaultyMaster::prepare() {
    if (conduct_ != nullptr || !job_ || prepared_) {
        return;
    }
    const auto wanted = job_->transmit();
    if (!wanted) {
        return;
    }
    prepared_ = true;
    swallowed_ = false;
    shape_ = *wanted;
    const Bytes before = std::exchange(request_, {wanted->bytes.begin(), wanted->bytes.end()});
    split_ = split_ && request_ == before;
    if (is_selection(request_)) {
        selection_.assign(request_.begin() + selection_id_at,
                          request_.begin() + selection_id_at + 8);
    }
    out_ = request_;
    exceptions_.clear();
    if (output_ != nullptr && concerned()) {
        spoil();
    }
    swallowed_ = swallowed_ ||
                 (has(Input::acknowledge_alone) && order_.job == "search" && is_request(request_));
    other_rate_ = other_rate_ || (!swallowed_ && wanted->baud != device_.baud());
    if (swallowed_) {
        const auto bits = static_cast<std::int64_t>(out_.size()) * core::character_bits.numerator;
        swallow_due_ =
            std::max(wanted->not_before, last_heard_) + core::BitTime{bits}.ceil(wanted->baud);
    }
}

bool FaultyMaster::concerned() const {
    switch (output_->which) {
    case Which::every: return true;
    case Which::short_ones: return !is_long(request_);
    case Which::long_ones: return is_long(request_);
    case Which::resets: return is_reset(request_);
    case Which::requests: return is_request(request_);
    case Which::requests_selected:
        return is_request(request_) && address_of(request_) == link::address::selected;
    case Which::deselections:
        return is_reset(request_) && address_of(request_) == link::address::selected;
    case Which::selections_with_nine:
    case Which::selections_beyond_number: return is_selection(request_) && selection_concerned();
    case Which::at_new_rate: return shape_.baud != device_.baud();
    case Which::after_new_rate: return other_rate_ && shape_.baud == device_.baud();
    }
    return false;
}

bool FaultyMaster::selection_concerned() const {
    const std::size_t fixed = fixed_digits(request_);
    if (output_->which == Which::selections_with_nine) {
        return fixed > 0 && fixed < 8 && selection_digit(request_, fixed - 1) == 9;
    }
    return fixed == 8 && request_[selection_manufacturer_at] != 0xFF;
}

void FaultyMaster::sum_again() {
    sum(out_);
}

void FaultyMaster::spoil() {
    const auto size = static_cast<int>(out_.size());
    const int at = output_->at < 0 ? size + output_->at : output_->at;
    const auto index = static_cast<std::size_t>(std::clamp(at, 0, size - 1));
    const auto flipped = [this](std::size_t i) {
        out_[i] = static_cast<std::uint8_t>(out_[i] ^ output_->value);
    };
    switch (output_->kind) {
    case Output::flip: return flipped(index);
    case Output::flip_summed: flipped(control_at(out_)); return sum_again();
    case Output::length_by:
        if (is_long(out_)) {
            out_[1] = static_cast<std::uint8_t>(out_[1] + output_->value);
            out_[2] = out_[1];
        }
        return;
    case Output::odd_parity:
        for (std::uint32_t i = 0; i < out_.size(); ++i) {
            exceptions_.push_back({i, core::CharacterException::Kind::parity, {}});
        }
        return;
    case Output::gap:
        exceptions_.push_back({static_cast<std::uint32_t>(out_.size() / 2),
                               core::CharacterException::Kind::none,
                               core::BitTime{output_->value}});
        return;
    case Output::gap_all: shape_.gap = core::BitTime{output_->value, 8}; return;
    case Output::rate: {
        constexpr std::int64_t thousand = 1000;
        const std::int64_t rate =
            std::int64_t{shape_.baud.value} * (thousand + output_->at) / thousand;
        shape_.baud = core::Baud{static_cast<std::uint32_t>(rate)};
        return;
    }
    case Output::fcb_set:
    case Output::fcb_inverted:
    case Output::fcb_toggles:
    case Output::fcb_shared:
    case Output::fcv_clear: return spoil_count_bit();
    case Output::to_broadcast:
        if (is_request(request_) && address_of(request_) <= link::address::last_individual) {
            out_[2] = link::address::broadcast;
            sum_again();
        }
        return;
    case Output::selection_ci:
    case Output::selection_short:
    case Output::selection_msb_first: return is_selection(request_) ? spoil_selection() : void();
    case Output::data_cut:
    case Output::data_ci: return spoil_data();
    case Output::not_sent: swallowed_ = true; return;
    }
}

void FaultyMaster::spoil_count_bit() {
    std::uint8_t& control = out_[control_at(out_)];
    if (is_reset(request_)) {
        toggle_ = true;
        swallowed_ = output_->kind == Output::fcb_shared;
        return;
    }
    if ((control & fcv_bit) == 0) {
        return;
    }
    const auto set = [&control](bool on) {
        control = static_cast<std::uint8_t>(on ? control | fcb_bit : control & ~fcb_bit);
    };
    switch (output_->kind) {
    case Output::fcb_set: set(output_->value != 0); break;
    case Output::fcb_inverted: set((control & fcb_bit) == 0); break;
    case Output::fcb_toggles:
        set(toggle_);
        toggle_ = !toggle_;
        break;
    case Output::fcb_shared: set(device_.shared_fcb); break;
    default: control = static_cast<std::uint8_t>(control & ~(fcb_bit | fcv_bit)); break;
    }
    sum_again();
}

void FaultyMaster::spoil_selection() {
    switch (output_->kind) {
    case Output::selection_ci: out_[user_data_at] = output_->value; break;
    case Output::selection_short:
        out_.erase(out_.end() - 3);
        --out_[1];
        --out_[2];
        break;
    default:
        std::reverse(out_.begin() + selection_id_at, out_.begin() + selection_id_at + 4);
        break;
    }
    sum_again();
}

void FaultyMaster::spoil_data() {
    if (!is_long(request_) || request_[user_data_at] != ci_data || request_.size() < 10) {
        return;
    }
    if (output_->kind == Output::data_ci) {
        out_[user_data_at] = output_->value;
    } else {
        out_.erase(out_.end() - 3);
        --out_[1];
        --out_[2];
    }
    sum_again();
}

/// The job will hear this, and nobody else.
void FaultyMaster::make_up(std::span<const std::uint8_t> bytes, Instant now) {
    constexpr Duration delay = std::chrono::milliseconds{20};
    made_up_.assign(bytes.begin(), bytes.end());
    const auto bits = static_cast<std::int64_t>(bytes.size()) * core::character_bits.numerator;
    made_up_due_ = now + delay + core::BitTime{bits}.ceil(device_.baud());
}

} // namespace meterbench::models
