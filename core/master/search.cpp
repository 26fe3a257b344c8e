// SPDX-License-Identifier: Apache-2.0
#include "core/master/search.hpp"

#include "core/application/selection.hpp"
#include "core/application/telegram.hpp"

#include <algorithm>
#include <array>

namespace meterbench::core::master {

namespace {

constexpr std::size_t id_digits = 8;
constexpr std::size_t id_bytes = 4;
constexpr unsigned wild_digit = 0x0F;
constexpr std::uint8_t wild_byte = 0xFF;
constexpr std::uint32_t wild_number = 0xFFFFFFFF;
constexpr unsigned digits_bcd = 10;
constexpr unsigned digits_hex = 15; // F is the wildcard
constexpr unsigned byte_values = 255;

/// A line that is held is given another chance so often.
constexpr std::uint8_t max_babbles = 3;
/// So many masks in a row that are fixed to the last digit and still garbled: no meter does that.
constexpr std::uint32_t max_lost_in_a_row = 10;

/// Digit i of the identification, the most significant first: a place in the address, which has the
/// least significant byte first.
unsigned digit(const link::SecondaryAddress& address, std::size_t i) {
    const std::uint8_t byte = address.bytes[id_bytes - 1 - i / 2];
    return i % 2 == 0 ? byte >> 4U : byte & 0x0FU;
}

void set_digit(link::SecondaryAddress& address, std::size_t i, unsigned value) {
    std::uint8_t& byte = address.bytes[id_bytes - 1 - i / 2];
    byte = static_cast<std::uint8_t>(i % 2 == 0 ? (value << 4U) | (byte & 0x0FU)
                                                : (byte & 0xF0U) | value);
}

/// Where the secondary address and the access number stand in an RSP_UD with long header.
constexpr std::size_t id_begin = 7;
constexpr std::size_t id_end = id_begin + 8;
constexpr std::size_t access_number_at = id_end;

/// Whether `heard` may be what was left of `alone` under other answers: on the wire a space (0)
/// wins over marks (1), so that a sum has no bit that one of its parts has not. The access number,
/// which rises, and the checksum are left out; a value that has changed since has other bits.
bool may_be_sum(std::span<const std::uint8_t> heard, std::span<const std::uint8_t> alone) {
    if (heard.size() != alone.size()) {
        return false; // another telegram: overlapping answers of unequal length are not valid
    }
    bool less = false;
    for (std::size_t i = 0; i + 2 < heard.size(); ++i) {
        if (i == access_number_at) {
            continue;
        }
        if ((heard[i] & ~alone[i]) != 0) {
            return false;
        }
        less = less || heard[i] != alone[i];
    }
    return less;
}

unsigned number_digit(std::uint32_t number, std::size_t i) {
    return (number >> (4U * (7 - i))) & 0x0FU;
}

/// The first of the places 0 to 7 (digits of the identification), 8 to 11 (bytes) that is wild;
/// 12 when none is.
constexpr std::size_t fixed_places = 12;
std::size_t first_wild(const link::SecondaryAddress& address) {
    for (std::size_t i = 0; i < id_digits; ++i) {
        if (digit(address, i) == wild_digit) {
            return i;
        }
    }
    for (std::size_t i = id_bytes; i < address.bytes.size(); ++i) {
        if (address.bytes[i] == wild_byte) {
            return id_digits + i - id_bytes;
        }
    }
    return fixed_places;
}

std::size_t first_wild_number(std::uint32_t number) {
    std::size_t i = 0;
    while (i < id_digits && number_digit(number, i) != wild_digit) {
        ++i;
    }
    return i;
}

/// How many values a wild place has; 0 when no place is left.
unsigned width(const Selection& mask, bool hex, bool fabrication) {
    const std::size_t place = first_wild(mask.address);
    if (place < id_digits) {
        return hex ? digits_hex : digits_bcd;
    }
    if (place < fixed_places) {
        return byte_values;
    }
    const bool left =
        fabrication && first_wild_number(mask.fabrication_number.value_or(wild_number)) < id_digits;
    return left ? (hex ? digits_hex : digits_bcd) : 0;
}

Selection child(const Selection& mask, unsigned value) {
    Selection result = mask;
    const std::size_t place = first_wild(mask.address);
    if (place < id_digits) {
        set_digit(result.address, place, value);
    } else if (place < fixed_places) {
        result.address.bytes[id_bytes + place - id_digits] = static_cast<std::uint8_t>(value);
    } else {
        const std::uint32_t number = mask.fabrication_number.value_or(wild_number);
        const std::size_t shift = 4 * (7 - first_wild_number(number));
        result.fabrication_number =
            (number & ~(0x0FU << shift)) | (static_cast<std::uint32_t>(value) << shift);
    }
    return result;
}

/// Puts the mask's children on the worklist, so that the smallest comes next.
void split(SearchState& state, const Selection& mask, unsigned count) {
    for (unsigned value = count; value-- > 0;) {
        state.pending.push_back(child(mask, value));
    }
}

/// The share of all numbers below `root` that `mask` stands for.
double weight(const Selection& root, const Selection& mask, bool hex) {
    double share = 1;
    const double digits = hex ? digits_hex : digits_bcd;
    for (std::size_t i = 0; i < id_digits; ++i) {
        if (digit(root.address, i) == wild_digit && digit(mask.address, i) != wild_digit) {
            share /= digits;
        }
    }
    for (std::size_t i = id_bytes; i < mask.address.bytes.size(); ++i) {
        if (root.address.bytes[i] == wild_byte && mask.address.bytes[i] != wild_byte) {
            share /= byte_values;
        }
    }
    const std::size_t number = first_wild_number(mask.fabrication_number.value_or(wild_number));
    for (std::size_t i = 0; i < number; ++i) {
        share /= digits;
    }
    return share;
}

bool same_device(const Selection& a, const Selection& b) {
    return a.address == b.address && a.fabrication_number == b.fabrication_number;
}

} // namespace

SearchState new_search(const Selection& mask, bool hex) {
    SearchState state;
    state.mask = mask;
    state.hex = hex;
    // A wild identification number is sure to be split; a fixed one may have a single owner.
    if (first_wild(mask.address) < id_digits) {
        split(state, mask, width(mask, hex, false));
    } else {
        state.pending.push_back(mask);
    }
    return state;
}

SearchProgress progress_of(const SearchState& state) {
    // Below this share an extrapolation says nothing.
    constexpr double enough = 0.01;
    double left = 0;
    for (const Selection& mask : state.pending) {
        left += weight(state.mask, mask, state.hex);
    }
    SearchProgress progress;
    progress.share = std::clamp(1 - left, 0.0, 1.0);
    progress.selections = state.selections;
    if (state.pending.empty()) {
        progress.share = 1;
        progress.due = 0;
    } else if (progress.share >= enough) {
        progress.due = std::max<std::uint64_t>(
            state.pending.size(),
            static_cast<std::uint64_t>(static_cast<double>(state.selections) / progress.share *
                                       (1 - progress.share)));
    }
    return progress;
}

Search::Search(const SearchConfig& config, SearchState state)
    : Procedure{config.link}, config_{config}, initial_{std::move(state)} {
    begin();
}

void Search::begin() {
    state_ = initial_;
    confirmed_ = 0;
    repeats_ = 0;
    babbles_ = 0;
    lost_in_a_row_ = 0;
    step_ = Step::deselect; // MB7-SA-028; nobody may be selected, so silence is a good answer too
    ask({.frame = link::encode_short(link::snd_nke, link::address::selected),
         .address = {},
         .retries = std::uint8_t{0}});
}

void Search::conclude(const link::Outcome& outcome) {
    if (step_ == Step::select) {
        state_.selections += outcome.attempts;
    } else if (step_ == Step::prove) {
        state_.proofs += outcome.attempts;
    }
    if (held(outcome)) {
        return;
    }
    switch (step_) {
    case Step::deselect: return next();
    case Step::select: return conclude_selection(outcome);
    case Step::request: return conclude_request(outcome);
    case Step::prove:
    case Step::prove_request: return conclude_proof(outcome);
    }
}

/// A babbler holds the line: the mask is tried again, a few times.
bool Search::held(const link::Outcome& outcome) {
    if (!outcome.fault || outcome.fault->code != FaultCode::babble) {
        babbles_ = 0;
        return false;
    }
    if (++babbles_ >= max_babbles) {
        finish(outcome.fault);
    } else {
        next();
    }
    return true;
}

void Search::next() {
    if (state_.pending.empty()) {
        return finish(std::nullopt);
    }
    step_ = Step::select;
    ask_selection(state_.pending.back());
}

void Search::ask_selection(const Selection& mask) {
    const SelectionData data{mask};
    ask({.frame = link::encode_long(link::snd_ud(false), link::address::selected, data.bytes())
                      .value_or(link::FrameBuffer{}),
         .address = {},
         .retries = config_.retries,
         .garbled_retries = std::uint8_t{0},
         .whole_window = true});
}

/// MB7-SA-010: FCB = 1; MB2-LL-055: any address.
void Search::ask_data() {
    ask({.frame = link::encode_short(link::req_ud2(true), link::address::selected),
         .answer = link::Answer::data,
         .address = {},
         .retries = config_.retries,
         .garbled_retries = std::uint8_t{0},
         .whole_window = true});
}

void Search::conclude_selection(const link::Outcome& outcome) {
    if (!outcome.fault) {
        step_ = Step::request;
        return ask_data();
    }
    if (outcome.fault->code == FaultCode::late_answer) {
        return wait_for_late(outcome) ? next() : conflict(FaultCode::late_answer);
    }
    if (outcome.fault->code == FaultCode::silence) {
        ++state_.empty;
        leave_mask();
        return next();
    }
    collided(*outcome.fault);
}

void Search::conclude_request(const link::Outcome& outcome) {
    if (!outcome.fault) {
        return take_answer(outcome);
    }
    if (outcome.fault->code == FaultCode::late_answer && wait_for_late(outcome)) {
        return next();
    }
    collided(*outcome.fault);
}

/// The find was selected by its full address, or has answered.
void Search::conclude_proof(const link::Outcome& outcome) {
    if (outcome.fault) {
        if (outcome.fault->code == FaultCode::late_answer && wait_for_late(outcome)) {
            return next(); // the mask from the beginning
        }
        return collided(*outcome.fault);
    }
    if (step_ == Step::prove) {
        step_ = Step::prove_request;
        return ask_data();
    }
    const auto frame = outcome.answer.bytes();
    if (frame.size() < id_end || !std::ranges::equal(frame.subspan(id_begin, id_end - id_begin),
                                                     candidate_.address.address.bytes)) {
        return collided(make_fault(FaultCode::wrong_identification));
    }
    if (may_be_sum(candidate_.frame, frame)) {
        return collided(make_fault(FaultCode::collision));
    }
    found(candidate_.address.address, candidate_.frame);
}

void Search::take_answer(const link::Outcome& outcome) {
    const auto frame = outcome.answer.bytes();
    const Selection& mask = state_.pending.back();
    const application::Telegram telegram =
        application::decode_telegram(frame.subspan(6, frame.size() - 8));
    link::SecondaryAddress address = mask.address;
    if (telegram.header == application::HeaderKind::long_header) {
        std::ranges::copy(frame.subspan(7, address.bytes.size()), address.bytes.begin());
    } else if (telegram.body == application::Body::fixed && telegram.content.size() >= id_bytes) {
        std::ranges::copy(telegram.content.first(id_bytes), address.bytes.begin());
    } else if (first_wild(mask.address) < id_digits) {
        // It does not say who it is: its number is found out digit by digit.
        return collided(make_fault(FaultCode::header_truncated));
    }
    const auto device = application::decode_device_id(address.bytes);
    // Bytes that the answer does not tell are those of the mask, wild ones included.
    if (!application::selection_matches(mask.address.bytes, device, std::nullopt)) {
        return conflict(FaultCode::wrong_identification);
    }
    if (confirmed_ < config_.confirmations) {
        ++confirmed_;
        return next();
    }
    if (config_.prove && first_wild(mask.address) != fixed_places &&
        telegram.header == application::HeaderKind::long_header) {
        candidate_ = {{address, mask.fabrication_number}, {frame.begin(), frame.end()}};
        step_ = Step::prove;
        return ask_selection(candidate_.address);
    }
    found(address, frame);
}

void Search::found(const link::SecondaryAddress& address, std::span<const std::uint8_t> frame) {
    const Selection device{address, state_.pending.back().fabrication_number};
    const bool known = std::ranges::any_of(
        state_.found, [&](const Find& find) { return same_device(find.address, device); });
    if (!known) {
        state_.found.push_back({device, {frame.begin(), frame.end()}});
    }
    ++state_.hits;
    lost_in_a_row_ = 0;
    leave_mask();
    next();
}

/// More than one answered, or was heard and not understood: the next place is varied.
void Search::collided(const Fault& fault) {
    const Selection mask = state_.pending.back();
    const unsigned count = width(mask, state_.hex, config_.fabrication_numbers);
    if (count == 0) {
        // Nothing is left to vary. A device that fell silent after E5h is asked once more.
        if (fault.code == FaultCode::silence && repeats_ == 0) {
            ++repeats_;
            return next();
        }
        return conflict(fault.code == FaultCode::silence ? FaultCode::selection_lost
                                                         : FaultCode::indistinguishable);
    }
    ++state_.collisions;
    state_.pending.pop_back();
    state_.splits.push_back({mask, state_.pending.size(), state_.hits});
    confirmed_ = 0;
    repeats_ = 0;
    split(state_, mask, count);
    next();
}

void Search::conflict(FaultCode code) {
    state_.conflicts.push_back({state_.pending.back(), make_fault(code)});
    ++state_.hits;
    leave_mask();
    if (++lost_in_a_row_ >= max_lost_in_a_row) {
        return finish(make_fault(FaultCode::collision));
    }
    next();
}

/// The mask is done with, and so are those that were split and have no children left. One whose
/// children all stayed silent was no collision: noise, or meters that no digit tells apart.
void Search::leave_mask() {
    state_.pending.pop_back();
    confirmed_ = 0;
    repeats_ = 0;
    while (!state_.splits.empty() && state_.splits.back().below == state_.pending.size()) {
        const SearchState::Split split = state_.splits.back();
        state_.splits.pop_back();
        if (split.hits == state_.hits) {
            const bool fixed = first_wild(split.mask.address) == fixed_places;
            state_.conflicts.push_back(
                {split.mask, make_fault(fixed ? FaultCode::indistinguishable : FaultCode::noise)});
            ++state_.hits;
        }
    }
}

} // namespace meterbench::core::master
