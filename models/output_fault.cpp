// SPDX-License-Identifier: Apache-2.0
#include "models/output_fault.hpp"

#include "core/link/address.hpp"
#include "core/link/frame.hpp"

#include <algorithm>

namespace meterbench::models {

namespace link = core::link;
using core::Transmission;
using Deviation = core::CharacterException::Kind;
using Kind = OutputEdit::Kind;

namespace {

constexpr std::size_t control_at = 4;
constexpr std::size_t address_at = 5;

/// Of a long frame without its head and tail: what the checksum is over.
std::span<std::uint8_t> summed_part(std::vector<std::uint8_t>& frame) {
    return std::span{frame}.subspan(control_at, frame.size() - link::long_frame_overhead);
}

} // namespace

bool OutputFault::listens() const {
    return std::ranges::any_of(edits_, [](const Counted& counted) {
        return counted.edit.kind == Kind::answer_to_request_address ||
               counted.edit.kind == Kind::address;
    });
}

bool OutputFault::due(AnswerCount& answers) {
    constexpr std::uint32_t used_up = UINT32_MAX;
    if (answers.skip != 0) {
        --answers.skip;
        return false;
    }
    if (answers.count == used_up) {
        return false;
    }
    if (answers.count != 0 && --answers.count == 0) {
        answers.count = used_up;
    }
    return true;
}

Transmission OutputFault::pass(const Transmission& transmission) {
    bytes_.assign(transmission.bytes.begin(), transmission.bytes.end());
    exceptions_.assign(transmission.exceptions.begin(), transmission.exceptions.end());
    Transmission spoilt = transmission;
    for (Counted& counted : edits_) {
        if (due(counted.answers)) {
            apply(counted.edit, spoilt);
        }
    }
    std::ranges::sort(exceptions_, {}, &core::CharacterException::index);
    spoilt.bytes = bytes_;
    spoilt.exceptions = exceptions_;
    return spoilt;
}

void OutputFault::apply(const OutputEdit& edit, Transmission& whole) {
    if (edit.kind == Kind::twice) {
        const std::size_t size = bytes_.size();
        bytes_.resize(2 * size);
        std::copy_n(bytes_.begin(), size, bytes_.begin() + static_cast<std::ptrdiff_t>(size));
        return;
    }
    spoil_characters(edit, whole);
    if (bytes_.size() == 1) {
        return apply_to_single(edit);
    }
    if (bytes_.size() > link::long_frame_overhead) {
        apply_to_frame(edit);
    }
}

void OutputFault::apply_to_single(const OutputEdit& edit) {
    switch (edit.kind) {
    case Kind::set_single: bytes_.front() = edit.value; return;
    case Kind::append_single: bytes_.push_back(edit.value); return;
    case Kind::frame_single: {
        const auto frame = link::encode_short({edit.value}, input_.requested_address());
        bytes_.assign(frame.bytes().begin(), frame.bytes().end());
        return;
    }
    default: return;
    }
}

void OutputFault::sum_again() {
    bytes_[bytes_.size() - 2] = link::checksum(summed_part(bytes_));
}

void OutputFault::apply_to_frame(const OutputEdit& edit) {
    const auto size = static_cast<int>(bytes_.size());
    const int at = edit.at < 0 ? size + edit.at : edit.at;
    const bool inside = at >= 0 && at < size;
    std::uint8_t none = 0;
    std::uint8_t& byte = inside ? bytes_[static_cast<std::size_t>(at)] : none;
    switch (edit.kind) {
    case Kind::flip: byte = static_cast<std::uint8_t>(byte ^ edit.value); return;
    case Kind::flip_summed: byte = static_cast<std::uint8_t>(byte ^ edit.value); return sum_again();
    case Kind::set: byte = edit.value; return;
    case Kind::drop_last:
        bytes_.resize(bytes_.size() - std::min<std::size_t>(edit.value, bytes_.size() - 1));
        return;
    case Kind::append: bytes_.push_back(edit.value); return;
    case Kind::prepend: bytes_.insert(bytes_.begin(), edit.value); return;
    case Kind::length_by:
        bytes_[1] = static_cast<std::uint8_t>(bytes_[1] + edit.at);
        bytes_[2] = bytes_[1];
        return;
    case Kind::checksum_by_length:
        bytes_[bytes_.size() - 2] =
            static_cast<std::uint8_t>(bytes_[bytes_.size() - 2] + bytes_[1]);
        return;
    case Kind::checksum_set: bytes_[bytes_.size() - 2] = edit.value; return;
    case Kind::answer_to_request_address:
        bytes_[address_at] = input_.requested_address();
        return sum_again();
    case Kind::address:
        if (input_.requested_address() == link::address::selected) {
            bytes_[address_at] = edit.value;
            sum_again();
        }
        return;
    default: return;
    }
}

void OutputFault::add_exception(std::size_t index, Deviation kind) {
    exceptions_.push_back({static_cast<std::uint32_t>(index), kind, {}});
}

void OutputFault::spoil_characters(const OutputEdit& edit, Transmission& whole) {
    const auto size = static_cast<int>(bytes_.size());
    const int at = edit.at < 0 ? size + edit.at : edit.at;
    const bool inside = at >= 0 && at < size;
    const auto index = static_cast<std::size_t>(std::max(at, 0));
    switch (edit.kind) {
    case Kind::odd_parity:
        if (inside) {
            add_exception(index, Deviation::parity);
        }
        return;
    case Kind::odd_parity_all:
        for (std::size_t i = 0; i < bytes_.size(); ++i) {
            add_exception(i, Deviation::parity);
        }
        return;
    case Kind::low_stop_bit:
        if (inside) {
            add_exception(index, Deviation::framing);
        }
        return;
    case Kind::break_before:
        if (inside) {
            add_exception(index, Deviation::break_);
        }
        return;
    case Kind::gap:
        if (inside && size > 1) {
            exceptions_.push_back(
                {static_cast<std::uint32_t>(index), Deviation::none, core::BitTime{edit.value}});
        }
        return;
    case Kind::gap_all: whole.gap = core::BitTime{edit.value, 8}; return;
    case Kind::two_stop_bits: whole.stop_bits = 2; return;
    case Kind::rate: {
        constexpr std::int64_t thousand = 1000;
        const std::int64_t rate = std::int64_t{whole.baud.value} * (thousand + edit.at) / thousand;
        whole.baud = core::Baud{static_cast<std::uint32_t>(rate)};
        return;
    }
    default: return;
    }
}

} // namespace meterbench::models
