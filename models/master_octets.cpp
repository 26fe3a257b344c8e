// SPDX-License-Identifier: Apache-2.0
#include "models/master_octets.hpp"

#include "core/application/telegram.hpp"
#include "core/link/address.hpp"
#include "core/link/frame.hpp"

#include <algorithm>

namespace meterbench::models::master_octets {

namespace link = core::link;
using core::Octet;
using core::OctetErrors;

namespace {
constexpr std::uint8_t manufacturer_dif = 0x0F;
} // namespace

bool is_long(std::span<const std::uint8_t> frame) {
    return frame.size() > link::long_frame_overhead && frame[0] == link::start_long;
}

std::size_t control_at(std::span<const std::uint8_t> frame) {
    return is_long(frame) ? long_control_at : short_control_at;
}

std::uint8_t address_of(std::span<const std::uint8_t> frame) {
    const std::size_t at = control_at(frame) + 1;
    return frame.size() > at ? frame[at] : 0;
}

bool is_selection(std::span<const std::uint8_t> frame) {
    return frame.size() >= selection_size && is_long(frame) &&
           frame[long_control_at + 1] == link::address::selected &&
           frame[user_data_at] == ci_selection;
}

bool is_reset(std::span<const std::uint8_t> frame) {
    return frame.size() == link::short_frame_size && frame[short_control_at] == 0x40;
}

bool is_request(std::span<const std::uint8_t> frame) {
    return frame.size() == link::short_frame_size && !is_reset(frame);
}

unsigned selection_digit(std::span<const std::uint8_t> frame, std::size_t i) {
    const std::uint8_t byte = frame[selection_id_at + 3 - i / 2];
    return i % 2 == 0 ? byte >> 4U : byte & 0x0FU;
}

std::size_t fixed_digits(std::span<const std::uint8_t> frame) {
    std::size_t count = 0;
    while (count < 8 && selection_digit(frame, count) != 0x0F) {
        ++count;
    }
    return count;
}

Bytes values_of(std::span<const Octet> octets) {
    Bytes bytes;
    bytes.reserve(octets.size());
    for (const Octet& octet : octets) {
        bytes.push_back(octet.value);
    }
    return bytes;
}

void set_values(std::vector<Octet>& octets, const Bytes& bytes) {
    for (std::size_t i = 0; i < std::min(octets.size(), bytes.size()); ++i) {
        octets[i].value = bytes[i];
    }
}

void sum(Bytes& frame) {
    const std::size_t from = control_at(frame);
    if (frame.size() > from + 2) {
        frame[frame.size() - 2] =
            link::checksum(std::span{frame}.subspan(from, frame.size() - from - 2));
    }
}

bool clean(std::span<const Octet> octets) {
    return std::ranges::all_of(octets,
                               [](const Octet& o) { return o.errors == OctetErrors::none; });
}

std::span<const std::uint8_t> user_data(const Bytes& frame) {
    return std::span{frame}.subspan(user_data_at, frame.size() - user_data_at - 2);
}

bool more_follows(const Bytes& frame) {
    return is_long(frame) && core::application::more_follows(user_data(frame));
}

Bytes without_more(Bytes frame) {
    for (std::size_t i = frame.size() - 3; i > user_data_at; --i) {
        if (frame[i] == more_follows_dif) {
            Bytes changed = frame;
            changed[i] = manufacturer_dif;
            if (!more_follows(changed)) {
                sum(changed);
                return changed;
            }
        }
    }
    return frame;
}

} // namespace meterbench::models::master_octets
