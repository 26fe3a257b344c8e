// SPDX-License-Identifier: Apache-2.0
#include "core/master/collection.hpp"

namespace meterbench::core::master {

Collection::Collection(std::vector<ReadoutConfig> meters, std::uint8_t rounds)
    : meters_{std::move(meters)}, rounds_{rounds} {
    begin();
}

void Collection::begin() {
    results_.assign(meters_.size(), {});
    round_ = 0;
    index_ = 0;
    run<Readout>(meters_[0]);
}

void Collection::advance() {
    const auto& readout = current_as<Readout>();
    Collected& result = results_[index_];
    // Of two failures the one that says more is kept: silence says least.
    const bool says_less =
        result.fault && readout.fault() && readout.fault()->code == FaultCode::silence;
    ++result.readings;
    if (!says_less) {
        result.fault = readout.fault();
        result.telegrams = readout.telegrams();
    }
    result.notes.add(readout.notes());
    if (readout.notes().latest > Duration::zero()) {
        // It answers, only later than the standard allows: the next reading waits for it.
        meters_[index_].link.limits.latency += readout.notes().latest * 3 / 2;
    }
    ++index_;
    if (find_next()) {
        return run<Readout>(meters_[index_]);
    }
    for (const Collected& each : results_) {
        if (each.fault) {
            return finish(each.fault);
        }
    }
    finish(std::nullopt);
}

/// The next meter to be read, in this round or the next.
bool Collection::find_next() {
    while (true) {
        for (; index_ < meters_.size(); ++index_) {
            if (round_ == 0 || results_[index_].fault) {
                return true;
            }
        }
        if (round_ == rounds_) {
            return false;
        }
        ++round_;
        index_ = 0;
    }
}

} // namespace meterbench::core::master
