// SPDX-License-Identifier: Apache-2.0
#include "sim/uart.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace meterbench::sim {

using core::Baud;
using core::BitTime;
using core::Duration;
using core::Instant;
using core::Octet;
using core::OctetErrors;

bool Character::mark_at(Instant when) const {
    const auto elapsed = static_cast<std::int64_t>((when - start).count());
    // Edges are rounded down, so the bit is the last one whose edge is not after `when`.
    std::int64_t bit = elapsed * baud.value / std::nano::den;
    if (core::bit_edge(baud, bit + 1).count() <= elapsed) {
        ++bit;
    }
    if (bit >= bit_count) {
        return true;
    }
    return ((bits >> static_cast<unsigned>(bit)) & 1U) != 0;
}

std::uint16_t character_pattern(std::uint8_t value, core::CharacterException::Kind deviation,
                                std::uint8_t stop_bits) {
    using Kind = core::CharacterException::Kind;
    if (deviation == Kind::break_) {
        return 0;
    }
    const bool odd_ones = (std::popcount(value) & 1) != 0;
    const bool parity = odd_ones != (deviation == Kind::parity);
    unsigned bits = static_cast<unsigned>(value) << 1U;
    bits |= parity ? 1U << 9U : 0U;
    if (deviation != Kind::framing) {
        bits |= 1U << 10U;
    }
    if (stop_bits > 1) {
        bits |= 1U << 11U;
    }
    return static_cast<std::uint16_t>(bits);
}

bool edges_are_slow(Baud baud, double time_constant) {
    // After six time constants a quarter of a per cent of the step is left.
    return time_constant * 12 * baud.value > 1;
}

std::uint16_t slow_edges(const Character& character, double time_constant) {
    constexpr double space_from = 8.2 / 12;
    constexpr double mark_below = 5.7 / 12;
    const double half = std::exp(-0.5 / (character.baud.value * time_constant));
    double reached = 0; // of the way from mark to space
    bool space = false;
    unsigned bits = 0;
    for (unsigned bit = 0; bit < character.bit_count; ++bit) {
        const double target = ((character.bits >> bit) & 1U) != 0 ? 0 : 1;
        const double middle = target + (reached - target) * half;
        reached = target + (middle - target) * half;
        space = middle >= space_from || (space && middle >= mark_below);
        bits |= space ? 0U : 1U << bit;
    }
    return static_cast<std::uint16_t>(bits);
}

void Waveform::add(const Character& character) {
    const auto same = std::ranges::find_if(characters_, [&](const Character& other) {
        return other.start == character.start && other.end == character.end &&
               other.baud == character.baud && other.bits == character.bits &&
               other.bit_count == character.bit_count;
    });
    if (same == characters_.end()) {
        characters_.push_back(character);
        return;
    }
    same->milliampere += character.milliampere;
    merged_.push_back({character, same->port});
}

void Waveform::forget_before(Instant when) {
    std::erase_if(characters_, [when](const Character& c) { return c.end <= when; });
    std::erase_if(merged_, [when](const Merged& m) { return m.character.end <= when; });
}

void Waveform::cut(std::uint32_t port, Instant when) {
    if (!merged_.empty()) { // apart again: one of them is not like the others any more
        std::vector<Merged> apart;
        std::swap(apart, merged_);
        for (const Merged& merged : apart) {
            for (Character& character : characters_) {
                if (character.port == merged.into && character.start == merged.character.start) {
                    character.milliampere -= merged.character.milliampere;
                }
            }
            characters_.push_back(merged.character);
        }
    }
    for (Character& character : characters_) {
        if (character.port == port && character.end > when) {
            character.end = std::max(when, character.start);
        }
    }
}

bool Waveform::mark_at(Instant when) const {
    return milliampere_at(when) < receive_;
}

double Waveform::milliampere_at(Instant when) const {
    double sum = 0;
    for (const Character& c : characters_) {
        if (when >= c.start && when < c.end && !c.mark_at(when)) {
            sum += c.milliampere;
        }
    }
    return sum;
}

std::optional<Instant> Waveform::falling_edge(Instant from, Instant to) const {
    std::optional<Instant> earliest;
    for (const Character& character : characters_) {
        for (int bit = 0; bit < character.bit_count; ++bit) {
            const Instant edge = character.start + core::bit_edge(character.baud, bit);
            if (edge < from || edge >= to || edge >= character.end ||
                (earliest && edge >= *earliest) || character.mark_at(edge)) {
                continue;
            }
            // Before the very first instant the line is at mark.
            if (mark_at(edge - Duration{1}) && !mark_at(edge)) {
                earliest = edge;
            }
        }
    }
    return earliest;
}

void UartReceiver::advance(const Waveform& waveform, Instant now, std::vector<Octet>& into) {
    while (true) {
        if (!start_) {
            start_ = waveform.falling_edge(position_, now);
            if (!start_) {
                // An edge exactly at `now` is still to come.
                position_ = std::max(position_, now);
                return;
            }
            confirmed_ = false;
        }
        if (!confirmed_) {
            const Instant middle = *start_ + BitTime{1, 2}.floor(baud_);
            if (middle > now) {
                return;
            }
            if (waveform.mark_at(middle)) { // a spike, no start bit
                position_ = middle;
                start_.reset();
                continue;
            }
            confirmed_ = true;
        }
        const Instant end = *start_ + core::character_bits.floor(baud_);
        if (end > now) {
            return;
        }
        const Octet octet = sample(waveform, *start_);
        into.push_back(octet);
        // A receiver is ready for a start bit from the middle of the stop bit on.
        position_ = *start_ + BitTime{21, 2}.floor(baud_);
        start_.reset();
    }
}

namespace {
/// `bits`: eleven bits as sampled, start bit first.
Octet octet_of(unsigned bits, Instant start, Baud baud) {
    constexpr unsigned all = 0x7FFU;
    Octet octet{.value = static_cast<std::uint8_t>(bits >> 1U),
                .start = start,
                .end = start + core::character_bits.floor(baud)};
    if ((std::popcount((bits >> 1U) & 0x1FFU) & 1) != 0) {
        octet.errors = octet.errors | OctetErrors::parity;
    }
    if ((bits & (1U << 10U)) == 0) {
        octet.errors = octet.errors | OctetErrors::framing;
    }
    if ((bits & all) == 0) {
        octet.errors = octet.errors | OctetErrors::break_;
    }
    return octet;
}
} // namespace

Octet read_character(const Character& character) {
    return octet_of(character.bits, character.start, character.baud);
}

Octet UartReceiver::sample(const Waveform& waveform, Instant start) const {
    unsigned bits = 0;
    double most = 0;
    for (int bit = 0; bit < 11; ++bit) {
        const Instant when = start + BitTime{2 * bit + 1, 2}.floor(baud_);
        const double milliampere = waveform.milliampere_at(when);
        most = std::max(most, milliampere);
        bits |= milliampere < waveform.receive_threshold() ? 1U << static_cast<unsigned>(bit) : 0U;
    }
    Octet octet = octet_of(bits, start, baud_);
    if (most > waveform.collision_threshold()) {
        octet.errors = octet.errors | OctetErrors::collision;
    }
    return octet;
}

} // namespace meterbench::sim
