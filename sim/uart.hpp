// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/octet.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::sim {

/// EN 13757-2, 4.3.3.8: a bus current of more than 50 mA above idle shall be taken as a collision;
/// the value is marked as from a single source in the facts.
inline constexpr double collision_milliampere = 50;
/// EN 13757-2, 4.2.2.9: a meter's space adds 11 to 20 mA; simulated meters add this.
inline constexpr double space_milliampere = 15;
/// EN 13757-2, 4.3.3: up to 6 mA above idle are mark, from 9 mA on it is space; converters are
/// known to detect at this.
inline constexpr double receive_milliampere = 7;

/// One character on the wire: eleven or twelve bits from `start`, bit 0 first; 1 is mark.
struct Character {
    core::Instant start{};
    core::Instant end{};
    core::Baud baud{};
    std::uint16_t bits = 0;
    std::uint8_t bit_count = 11;
    std::uint32_t port = 0;
    double milliampere = space_milliampere; ///< that its spaces add to the bus current
    bool as_wave = false;                   ///< not what a sender makes: receivers are to sample it

    /// Level at an instant inside [start, end).
    [[nodiscard]] bool mark_at(core::Instant when) const;
};

/// The bits of a character as 8E1 with the given deviation (EN 13757-2, 5.4).
[[nodiscard]] std::uint16_t character_pattern(std::uint8_t value,
                                              core::CharacterException::Kind deviation,
                                              std::uint8_t stop_bits);

/// What a receiver of the same rate makes of an undisturbed character. It ends with its first stop
/// bit.
[[nodiscard]] core::Octet read_character(const Character& character);

/// What a cable that charges slowly makes of a character: a bit is space where, in its middle, more
/// than 8.2 of the 12 V between mark and space are reached, and mark where less than 5.7 V are left
/// (EN 13757-2, 4.2.3); between them it is what it was before.
[[nodiscard]] std::uint16_t slow_edges(const Character& character, double time_constant);
/// Slopes so slow that slow_edges() can differ from what was sent.
[[nodiscard]] bool edges_are_slow(core::Baud baud, double time_constant);

/// What the wire does while several senders are on it: currents add up, and what is above the
/// receiver's threshold is space (voltage is low while anyone pulls it low).
class Waveform {
  public:
    /// In mA above the current at rest.
    void set_thresholds(double receive, double collision) {
        receive_ = receive;
        collision_ = collision;
    }
    [[nodiscard]] double receive_threshold() const { return receive_; }
    [[nodiscard]] double collision_threshold() const { return collision_; }
    /// Senders that send the very same at the very same time are one, with the sum of their
    /// currents: meters that answer alike, as many as a search may bring.
    void add(const Character& character);
    /// Drops what ended before `when`.
    void forget_before(core::Instant when);
    void cut(std::uint32_t port, core::Instant when);
    void clear() {
        characters_.clear();
        merged_.clear();
    }
    [[nodiscard]] bool mark_at(core::Instant when) const;
    /// What the senders that are at space add to the bus current.
    [[nodiscard]] double milliampere_at(core::Instant when) const;
    /// The first edge from mark to space in [from, to).
    [[nodiscard]] std::optional<core::Instant> falling_edge(core::Instant from,
                                                            core::Instant to) const;
    [[nodiscard]] bool empty() const { return characters_.empty(); }

  private:
    /// A sender whose character stands for others, or is stood for.
    struct Merged {
        Character character;
        std::uint32_t into = 0; ///< the port of the character that has its current
    };
    std::vector<Character> characters_;
    std::vector<Merged> merged_;
    double receive_ = receive_milliampere;
    double collision_ = collision_milliampere;
};

/// A receiver that samples a waveform in the middle of each bit, as a UART does. Used where
/// characters overlap or where sender and receiver have different rates.
class UartReceiver {
  public:
    explicit UartReceiver(core::Baud baud) : baud_{baud} {}
    /// Looks at the waveform up to `now`, which nothing can change any more, and appends the
    /// characters that are complete by then.
    void advance(const Waveform& waveform, core::Instant now, std::vector<core::Octet>& into);
    /// Nothing before `from` counts.
    void restart(core::Instant from) {
        position_ = from;
        start_.reset();
    }
    [[nodiscard]] core::Baud baud() const { return baud_; }
    /// In the middle of a character.
    [[nodiscard]] bool busy() const { return start_.has_value(); }
    /// What before this instant happened on the wire matters no more.
    [[nodiscard]] core::Instant needed_from() const { return start_.value_or(position_); }

  private:
    [[nodiscard]] core::Octet sample(const Waveform& waveform, core::Instant start) const;

    core::Baud baud_;
    core::Instant position_{}; ///< the search for a start bit goes on from here
    std::optional<core::Instant> start_;
    bool confirmed_ = false; ///< the start bit was still space in its middle
};

} // namespace meterbench::sim
