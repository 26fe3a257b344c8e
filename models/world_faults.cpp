// SPDX-License-Identifier: Apache-2.0
#include "models/world_faults.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace meterbench::models {

namespace {

using core::Duration;
using core::Instant;

constexpr unsigned start_bit = 1U;
constexpr unsigned eighth_data_bit = 1U << 8U;
constexpr unsigned parity_bit = 1U << 9U;
constexpr unsigned stop_bit = 1U << 10U;
constexpr unsigned all_mark = 0xFFFU;

Duration seconds(double value) {
    return Duration{std::llround(value * 1e9)};
}

} // namespace

WorldFaults::WorldFaults(sim::Bus& bus, std::uint64_t seed) : bus_{bus}, seed_{seed} {}

void WorldFaults::set(WorldEdit edit, const Values& values) {
    values_[edit] = values;
    switch (edit) {
    case WorldEdit::noise: // keyed as it always was
        random_.try_emplace(edit, seed_, "line", "noise");
        break;
    case WorldEdit::bursts:
    case WorldEdit::parity:
    case WorldEdit::framing:
    case WorldEdit::lost:
    case WorldEdit::start_missed:
        random_.try_emplace(edit, seed_, "line", fmt::format("fault {}", static_cast<int>(edit)));
        break;
    case WorldEdit::short_circuit: arm(short_event, values); break;
    case WorldEdit::cut: arm(cut_event, values); break;
    case WorldEdit::brown_out: arm(brown_out_event, values); break;
    case WorldEdit::interruption: arm(interruption_event, values); break;
    default: break;
    }
    bus_.set_echo(on(WorldEdit::echo));
    bus_.set_disturbance(this);
    apply();
}

void WorldFaults::power(bool on) {
    powered_ = on;
    apply();
}

void WorldFaults::set_voltages(double mark, double space) {
    normal_.mark_volt = mark;
    normal_.step_volt = mark - space;
    apply();
}

// What happens once
// --------------------------------------------------------------------------------

void WorldFaults::arm(Which which, const Values& values) {
    Event& event = events_[which];
    ++event.number;
    event.length = seconds(values.at("duration"));
    event.octets_left = static_cast<std::uint64_t>(values.at("after"));
    event.active = false;
    event.armed = event.octets_left > 0;
    if (!event.armed) {
        begin(which);
    }
}

void WorldFaults::begin(Which which) {
    Event& event = events_[which];
    event.active = true;
    if (event.length > Duration::zero()) {
        queue(which, bus_.host().now() + event.length, false);
    }
}

void WorldFaults::queue(Which which, Instant when, bool on) {
    const std::uint64_t token = events_[which].number << 1U | (on ? 1U : 0U);
    bus_.host().at(when, 0, *this, which, token);
}

void WorldFaults::run(Instant /*now*/, std::uint32_t kind, std::uint64_t token) {
    const auto which = static_cast<Which>(kind);
    Event& event = events_[which];
    if (token >> 1U != event.number) {
        return;
    }
    if ((token & 1U) != 0) {
        begin(which);
    } else {
        event.active = false;
    }
    apply();
}

/// Voltages, loads and thresholds as all that is set now makes them.
void WorldFaults::apply() {
    sim::Levels& levels = bus_.levels();
    sim::Converter converter = normal_;
    const auto value = [this](WorldEdit edit, const char* name) {
        return values_.at(edit).find(name)->second;
    };
    if (on(WorldEdit::mark_low)) {
        converter.mark_volt = value(WorldEdit::mark_low, "volt");
    }
    if (events_[brown_out_event].active) {
        converter.mark_volt = value(WorldEdit::brown_out, "volt");
    }
    if (on(WorldEdit::step_small)) {
        converter.step_volt = value(WorldEdit::step_small, "volt");
    }
    converter.step_volt = std::min(converter.step_volt, converter.mark_volt);
    if (on(WorldEdit::limit)) {
        converter.limit_milliampere = value(WorldEdit::limit, "milliampere");
    }
    if (on(WorldEdit::threshold)) {
        converter.receive_milliampere = value(WorldEdit::threshold, "milliampere");
    }
    if (on(WorldEdit::collision_unseen)) {
        converter.collision_milliampere = HUGE_VAL;
    }
    levels.set_converter(converter);
    levels.set_leak(on(WorldEdit::leak) ? value(WorldEdit::leak, "milliampere") : 0);
    levels.set_short(events_[short_event].active);
    levels.set_break(events_[cut_event].active ? std::optional{value(WorldEdit::cut, "distance")}
                                               : std::nullopt);
    levels.set_off(!powered_ || events_[interruption_event].active);
    levels.set_capacitance(on(WorldEdit::capacitance)
                               ? std::optional{value(WorldEdit::capacitance, "nanofarad")}
                               : std::nullopt);
    bus_.levels_changed();
}

// What happens to characters
// -----------------------------------------------------------------------

void WorldFaults::disturb(sim::Character& character, bool from_master) {
    for (std::uint8_t i = 0; i < event_count; ++i) {
        Event& event = events_[i];
        if (event.armed && --event.octets_left == 0) {
            event.armed = false;
            queue(static_cast<Which>(i), character.end, true);
        }
    }
    garble(character, from_master);
}

bool WorldFaults::draw(WorldEdit edit) {
    return on(edit) && random_.at(edit).unit() < values_.at(edit).find("rate")->second;
}

void WorldFaults::garble(sim::Character& character, bool from_master) {
    unsigned bits = character.bits;
    if (draw(WorldEdit::noise)) {
        bits ^= 1U << (1U + random_.at(WorldEdit::noise).below(10));
    }
    if (draw(WorldEdit::parity)) {
        bits ^= parity_bit;
    }
    if (draw(WorldEdit::framing)) {
        bits &= ~stop_bit;
    }
    if (on(WorldEdit::bursts)) {
        const Duration every = seconds(values_.at(WorldEdit::bursts).at("every"));
        const Duration length = seconds(values_.at(WorldEdit::bursts).at("length"));
        if (character.start.time_since_epoch() % every < length) {
            const std::uint64_t drawn = random_.at(WorldEdit::bursts).below(1U << 10U);
            bits = (bits & start_bit) | static_cast<unsigned>(drawn) << 1U;
        }
    }
    if (on(WorldEdit::bit_stuck) && !from_master) {
        bits &= ~eighth_data_bit;
    }
    if (draw(WorldEdit::start_missed)) {
        bits |= start_bit;
    }
    if (on(WorldEdit::receiver_stuck) && !from_master) {
        bits = 0;
    }
    const bool nobody_hears =
        on(from_master ? WorldEdit::transmitter_dead : WorldEdit::receiver_dead);
    if (draw(WorldEdit::lost) || nobody_hears) {
        bits = all_mark;
    }
    character.bits = static_cast<std::uint16_t>(bits);
}

} // namespace meterbench::models
