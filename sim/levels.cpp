// SPDX-License-Identifier: Apache-2.0
#include "sim/levels.hpp"

#include <algorithm>

namespace meterbench::sim {

void Levels::set_converter(const Converter& converter) {
    converter_ = converter;
    stale_ = true;
}

void Levels::set_segment(const Segment& segment) {
    segment_ = segment;
    stale_ = true;
}

void Levels::set_load(std::size_t index, const Load& load) {
    if (index >= places_.size()) {
        places_.resize(index + 1);
    }
    places_[index].load = load;
    stale_ = true;
}

void Levels::remove_load(std::size_t index) {
    if (index < places_.size()) {
        places_[index].load.reset();
        stale_ = true;
    }
}

const Load* Levels::load(std::size_t index) const {
    return index < places_.size() && places_[index].load ? &*places_[index].load : nullptr;
}

void Levels::set_leak(double milliampere) {
    leak_ = milliampere;
    stale_ = true;
}

void Levels::set_short(bool is_short) {
    short_ = is_short;
    stale_ = true;
}

void Levels::set_break(std::optional<double> distance_m) {
    break_m_ = distance_m;
    stale_ = true;
}

void Levels::set_off(bool off) {
    off_ = off;
    stale_ = true;
}

bool Levels::overloaded() {
    work_out();
    return short_ || rest_ > converter_.limit_milliampere;
}

double Levels::rest_milliampere() {
    return off_ || overloaded() ? 0 : rest_;
}

double Levels::mark_volt() {
    return off_ || overloaded() ? 0 : converter_.mark_volt;
}

Terminal Levels::at(std::size_t index) {
    const double mark = mark_volt();
    if (index >= places_.size() || !places_[index].load || places_[index].cut_off) {
        return {};
    }
    const double drop = places_[index].drop;
    const Load& load = *places_[index].load;
    return {.mark_volt = std::max(0.0, mark - drop),
            .space_volt = std::max(0.0, mark - converter_.step_volt - drop),
            .lowest_mark_volt = load.lowest_mark_volt,
            .detection_volt = load.detection_volt};
}

double Levels::time_constant() const {
    const double farad = nanofarad_.value_or(segment_.nanofarad()) * 1e-9;
    // Half of the cable's resistance: its capacitance is spread along it.
    const double ohm = converter_.source_ohm + segment_.distance_m * segment_.ohm_per_m() / 2;
    return ohm * farad;
}

void Levels::work_out() {
    if (!stale_) {
        return;
    }
    stale_ = false;
    // From the converter outwards: what flows through a piece of cable is what is drawn beyond it.
    std::vector<Place*> order;
    double beyond = 0;
    for (Place& place : places_) {
        place.cut_off = place.load && break_m_ && distance(*place.load) >= *break_m_;
        if (place.load && !place.cut_off) {
            order.push_back(&place);
            beyond += place.load->unit_loads * unit_load_milliampere;
        }
    }
    const bool leaks = !break_m_;
    beyond += leaks ? leak_ : 0;
    rest_ = beyond;
    std::ranges::stable_sort(order, {},
                             [this](const Place* place) { return distance(*place->load); });
    double at = 0;
    double drop = 0;
    for (Place* const place : order) {
        const double here = distance(*place->load);
        drop += beyond * 1e-3 * (here - at) * segment_.ohm_per_m();
        at = here;
        place->drop = drop;
        beyond -= place->load->unit_loads * unit_load_milliampere;
    }
}

} // namespace meterbench::sim
