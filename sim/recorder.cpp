// SPDX-License-Identifier: Apache-2.0
#include "sim/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace meterbench::sim {

using core::Instant;
using core::LevelTrace;

namespace {

constexpr core::Duration lead_in = std::chrono::milliseconds{5};

/// What one sender adds to the bus from an instant on.
struct Step {
    Instant at{};
    double change = 0;
};

/// The edges of characters, each with what it adds: `weight` from mark to space.
template <class Weight>
std::vector<Step> steps_of(const std::vector<Character>& characters, Weight weight) {
    std::vector<Step> steps;
    for (const Character& character : characters) {
        bool mark = true;
        for (int bit = 0; bit < character.bit_count; ++bit) {
            const Instant edge = character.start + core::bit_edge(character.baud, bit);
            if (edge >= character.end) {
                break; // cut
            }
            const bool level = ((character.bits >> static_cast<unsigned>(bit)) & 1U) != 0;
            if (level != mark) {
                steps.push_back({edge, level ? -weight(character) : weight(character)});
                mark = level;
            }
        }
        if (!mark) {
            steps.push_back({character.end, -weight(character)});
        }
    }
    std::ranges::stable_sort(steps, {}, &Step::at);
    return steps;
}

/// Adds up what happens at the same instant.
class Sum {
  public:
    explicit Sum(const std::vector<Step>& steps) : steps_{steps} {}
    [[nodiscard]] Instant next() const {
        return next_ < steps_.size() ? steps_[next_].at : Instant::max();
    }
    double at(Instant when) {
        while (next_ < steps_.size() && steps_[next_].at <= when) {
            value_ += steps_[next_++].change;
        }
        return value_;
    }

  private:
    const std::vector<Step>& steps_;
    std::size_t next_ = 0;
    double value_ = 0;
};

/// The voltage goes towards `target` as a capacitor does; a few points of that curve, up to the
/// next edge.
void charge(std::vector<LevelTrace::Level>& voltage, Instant from, Instant to, double start,
            double target, double time_constant) {
    constexpr int points = 12;       // in steps of half a time constant
    constexpr double visible = 0.02; // V
    if (std::abs(target - start) < visible || time_constant <= 0) {
        voltage.push_back({from, target});
        return;
    }
    voltage.push_back({from, start});
    for (int i = 1; i <= points; ++i) {
        const Instant at =
            from +
            core::Duration{static_cast<std::int64_t>(std::llround(i * 0.5 * time_constant * 1e9))};
        if (at >= to) {
            return;
        }
        const double left = i == points ? 0 : std::exp(-0.5 * i);
        voltage.push_back({at, target + (start - target) * left});
    }
}

/// Where the curve has come to after `elapsed`.
double charged(double start, double target, core::Duration elapsed, double time_constant) {
    if (time_constant <= 0) {
        return target;
    }
    const double seconds = std::chrono::duration<double>(elapsed).count();
    return target + (start - target) * std::exp(-seconds / time_constant);
}

} // namespace

void Recorder::begin(Instant now, Levels& levels_now) {
    from_master_.clear();
    from_meters_.clear();
    rests_.clear();
    begin_ = now - lead_in;
    levels(now, levels_now);
}

void Recorder::character(const Character& character, bool from_master) {
    (from_master ? from_master_ : from_meters_).push_back(character);
}

void Recorder::cut(std::uint32_t port, Instant now) {
    for (auto* const characters : {&from_master_, &from_meters_}) {
        for (Character& character : *characters) {
            if (character.port == port && character.end > now) {
                character.end = std::max(now, character.start);
            }
        }
    }
}

void Recorder::levels(Instant now, Levels& levels) {
    const Converter& converter = levels.converter();
    rests_.push_back({.at = now,
                      .mark_volt = levels.mark_volt(),
                      .step_volt = std::min(converter.step_volt, levels.mark_volt()),
                      .milliampere = levels.rest_milliampere(),
                      .source_ohm = converter.source_ohm,
                      .receive = converter.receive_milliampere,
                      .time_constant = levels.time_constant()});
}

LevelTrace Recorder::trace(Instant now) const {
    LevelTrace trace{
        .begin = begin_, .end = now, .sent = {}, .heard = {}, .voltage = {}, .current = {}};
    const auto sent = steps_of(from_master_, [](const Character&) { return 1.0; });
    const auto drawn = steps_of(from_meters_, [](const Character& c) { return c.milliampere; });
    Sum spaces{sent};
    Sum current{drawn};
    std::size_t rest = 0;
    double from_volt = rests_.front().mark_volt;
    double to_volt = from_volt;
    double constant = rests_.front().time_constant;
    Instant last = begin_;
    bool sending = false;
    bool hearing = false;
    for (Instant at = begin_; at <= now;) {
        while (rest + 1 < rests_.size() && rests_[rest + 1].at <= at) {
            ++rest;
        }
        const Rest& levels = rests_[rest];
        const bool space = spaces.at(at) > 0;
        const double drawn_now = current.at(at);
        const double above = levels.mark_volt > 0 ? drawn_now : 0;
        const bool heard = above >= levels.receive;
        if (at == begin_ || space != sending) {
            trace.sent.push_back({at, !space});
            sending = space;
        }
        if (at == begin_ || heard != hearing) {
            trace.heard.push_back({at, !heard});
            hearing = heard;
        }
        trace.current.push_back({at, levels.milliampere + above});
        from_volt = charged(from_volt, to_volt, at - last, constant);
        to_volt =
            levels.mark_volt - (space ? levels.step_volt : 0) - levels.source_ohm * above / 1000;
        constant = levels.time_constant;
        last = at;
        Instant next = std::min(spaces.next(), current.next());
        if (rest + 1 < rests_.size()) {
            next = std::min(next, rests_[rest + 1].at);
        }
        charge(trace.voltage, at, std::min(next, now), from_volt, to_volt, constant);
        at = next;
    }
    return trace;
}

} // namespace meterbench::sim
