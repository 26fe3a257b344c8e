// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/duty_cycle.hpp"

#include <algorithm>

namespace meterbench::core::wireless {

namespace {

consteval bool bands_in_order() {
    for (std::size_t i = 0; i < band_rows.size(); ++i) {
        if (band_rows[i].low >= band_rows[i].high ||
            (i > 0 && band_rows[i].low < band_rows[i - 1].high)) {
            return false;
        }
    }
    return true;
}
static_assert(bands_in_order(), "bands by rising frequency, none over another");

/// The part of a burst that lies after `from`.
Duration part_after(const DutyCycle::Burst& burst, Instant from) {
    return std::clamp(burst.end - from, Duration{}, burst.on_air);
}

} // namespace

const BandRow* band_of(Hertz carrier) {
    for (const BandRow& row : band_rows) {
        if (carrier >= row.low && carrier < row.high) {
            return &row;
        }
    }
    return nullptr;
}

DutyCycle::DutyCycle(std::int32_t limit_ppm, std::span<Burst> storage)
    : storage_{storage}, limit_{window / 1'000'000 * limit_ppm} {}

void DutyCycle::sent(Instant start, Instant end) {
    while (count_ > 0 && burst(0).end <= end - window) {
        first_ = (first_ + 1) % storage_.size();
        --count_;
    }
    if (count_ == storage_.size()) {
        // Both count until the younger one leaves the window.
        const Duration both = burst(0).on_air + burst(1).on_air;
        first_ = (first_ + 1) % storage_.size();
        storage_[first_].on_air = both;
        --count_;
        exact_ = false;
    }
    storage_[(first_ + count_) % storage_.size()] = {end, end - start};
    ++count_;
}

Duration DutyCycle::used(Instant end) const {
    Duration sum{};
    for (std::size_t i = 0; i < count_; ++i) {
        sum += part_after(burst(i), end - window);
    }
    return sum;
}

bool DutyCycle::allows(Instant start, Duration on_air) const {
    return used(start + on_air) + on_air <= limit_;
}

std::optional<Instant> DutyCycle::earliest(Instant from, Duration on_air) const {
    if (on_air > limit_) {
        return {};
    }
    // As the window slides, old bursts leave it one after the other; what is over must leave.
    Duration over = used(from + on_air) + on_air - limit_;
    if (over <= Duration{}) {
        return from;
    }
    for (std::size_t i = 0; i < count_; ++i) {
        const Duration part = part_after(burst(i), from + on_air - window);
        if (part >= over) {
            return burst(i).end - part + over + window - on_air;
        }
        over -= part;
    }
    return from;
}

} // namespace meterbench::core::wireless
