// SPDX-License-Identifier: Apache-2.0
#include "models/master_host.hpp"

#include <utility>

namespace meterbench::models {

MasterHost::MasterHost(sim::Bus& bus, sim::HarnessLine& line, core::Baud baud,
                       const MasterFaultRow* row)
    : bus_{bus}, line_{line}, port_{bus.connect(*this, sim::Bus::Side::master)},
      device_{baud, row} {
    port_.listen(baud);
}

std::expected<void, std::string> MasterHost::start(const rig::JobOrder& order) {
    auto job = MasterJob::make(order, device_.config(), device_.images());
    if (!job) {
        return std::unexpected{job.error()};
    }
    const core::Instant now = bus_.host().now();
    result_ = {};
    master_ = std::make_unique<FaultyMaster>(device_, order, std::move(*job));
    pump_ = std::make_unique<rig::Pump<FaultyMaster>>(*master_, port_);
    running_ = true;
    // What was on the line before the job is no business of it, but the idle time is.
    pump_->restart(now);
    settle();
    return {};
}

void MasterHost::stop() {
    if (!running_) {
        return;
    }
    pump_->stop(bus_.host().now());
    running_ = false;
    result_.lines = {};
    result_.ended = bus_.host().now();
    port_.wake_at(std::nullopt);
}

void MasterHost::heard(std::span<const core::Octet> octets) {
    line_.overhear(octets);
    if (running_) {
        pump_->heard(octets);
        settle();
    }
}

void MasterHost::sent(core::Instant now) {
    if (running_) {
        pump_->sent(now);
        settle();
    }
}

void MasterHost::wake(core::Instant now) {
    if (running_) {
        pump_->tick(now);
        settle();
    }
}

void MasterHost::settle() {
    if (!master_->done()) {
        return port_.wake_at(pump_->deadline());
    }
    const core::Instant now = bus_.host().now();
    port_.wake_at(std::nullopt);
    running_ = false;
    result_ = master_->result();
    result_.ended = now;
    line_.job_ended(now);
}

} // namespace meterbench::models
