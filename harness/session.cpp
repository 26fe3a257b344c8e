// SPDX-License-Identifier: Apache-2.0
#include "harness/session.hpp"

#include "core/bytes/hex.hpp"
#include "core/link/frame_decoder.hpp"
#include "rig/drive.hpp"

#include <algorithm>
#include <utility>

namespace meterbench::harness {

using core::Duration;
using core::Expected;
using core::Instant;
using core::Octet;

core::link::Frame Reception::frame() const {
    return core::link::decode_frame(bytes).value_or(core::link::Frame{});
}

bool Reception::collision() const {
    return std::ranges::any_of(
        octets, [](const Octet& o) { return core::has(o.errors, core::OctetErrors::collision); });
}

namespace {

Monitor::Setup watch(rig::Rig& rig, int unit_loads) {
    using rig::Capability;
    const rig::Capabilities& offered = rig.capabilities();
    return {.role = rig.dut().role,
            .address = rig.dut().address,
            .uncertainty = rig.line().uncertainty(),
            .timing = offered.has(Capability::timing),
            .gaps = offered.has(Capability::gaps),
            .octet_errors = offered.has(Capability::octet_errors),
            .unit_loads = static_cast<double>(unit_loads)};
}

} // namespace

Session::Session(rig::Rig& rig, StepSink sink, int unit_loads)
    : rig_{rig}, sink_{std::move(sink)}, meter_side_{rig.dut().role == rig::Dut::Role::master},
      monitor_{watch(rig, unit_loads)},
      line_{rig.line(), [this](formats::Step&& step) { note(std::move(step)); }, monitor_},
      baud_{rig.line().baud()} {
    line_.listen(baud_);
}

void Session::note(formats::Step&& step) {
    if (meter_side_) {
        wire_.push_back(step);
    }
    sink_(std::move(step));
}

std::vector<formats::Step> Session::wire() {
    line_.finish();
    std::vector<formats::Step> steps = wire_;
    std::ranges::stable_sort(steps, {}, &formats::Step::start);
    return steps;
}

void Session::set_baud(core::Baud baud) {
    baud_ = baud;
    line_.listen(baud);
}

Duration Session::reply_window() const {
    return core::link::reply_latest.ceil(baud_) + line_.uncertainty();
}

Expected<rig::Wake> Session::wait_for(rig::Match match, Instant deadline) {
    auto wake = line_.wait({.match = match, .deadline = deadline});
    if (wake) {
        take_heard();
    }
    return wake;
}

void Session::take_heard() {
    const auto octets = line_.heard();
    for (const Octet& octet : octets) {
        // What began before the harness had finished sending answers nothing.
        if (!meter_side_ && last_sent_ && octet.start < last_sent_->finish) {
            ++unasked_;
        } else {
            pending_.push_back(octet);
        }
    }
    if (!octets.empty()) {
        last_activity_ = std::max(last_activity_, octets.back().end);
        active_ = true;
    }
}

/// Waits until the line has been idle for so long; what is heard meanwhile was not asked for.
Expected<void> Session::settle(Duration idle) {
    if (!active_) {
        return {};
    }
    while (true) {
        const Instant ready = last_activity_ + idle;
        if (line_.now() >= ready) {
            return {};
        }
        if (auto wake = wait_for(rig::Match::octet, ready); !wake) {
            return std::unexpected{wake.error()};
        }
    }
}

/// Before a request, when the answer to the one before has come, or has not.
void Session::measure_current() {
    rig::Levels* const levels = rig_.levels();
    if (at_rest_ && !meter_side_ && levels != nullptr && levels->alone()) {
        monitor_.drawn(levels->read().milliampere, line_.now());
    }
    at_rest_ = false;
}

Expected<SentFrame> Session::send(std::span<const std::uint8_t> bytes, const SendOptions& options) {
    take_heard();
    const Duration standard_idle = core::link::idle_after_error.ceil(baud_);
    Duration idle = options.idle.value_or(standard_idle);
    if (idle >= standard_idle && last_sent_ && last_sent_->finish == last_activity_) {
        idle += line_.uncertainty(); // at least so much, also where a port sends later than it says
    }
    if (auto settled = settle(idle); !settled) {
        return std::unexpected{settled.error()};
    }
    if (!meter_side_) {
        unasked_ += pending_.size();
        pending_.clear();
    }
    measure_current();
    SentFrame frame{.bytes = {bytes.begin(), bytes.end()}, .start = line_.now()};
    line_.start({.bytes = frame.bytes,
                 .exceptions = options.exceptions,
                 .not_before = frame.start,
                 .baud = options.baud.value_or(baud_),
                 .stop_bits = options.stop_bits});
    // Generous: a port may take its time; a simulated line never does.
    const Instant give_up = frame.start + std::chrono::minutes{1};
    while (true) {
        const auto wake = wait_for(rig::Match::sent, give_up);
        if (!wake) {
            return std::unexpected{wake.error()};
        }
        if (const auto end = line_.sent()) {
            frame.finish = *end;
            break;
        }
        if (line_.now() >= give_up) {
            line_.abort();
            return core::failure(core::FaultCode::port_lost);
        }
    }
    last_activity_ = std::max(last_activity_, frame.finish);
    active_ = true;
    last_sent_ = frame;
    if (!meter_side_) {
        // Heard while sending. On a port the answer may be known as early as the end of its
        // request.
        unasked_ +=
            std::erase_if(pending_, [&](const Octet& octet) { return octet.start < frame.finish; });
    }
    return frame;
}

Expected<std::optional<Reception>> Session::receive(Duration within) {
    const Instant from = last_sent_ ? last_sent_->finish : line_.now();
    const Instant latest = from + within;
    take_heard();
    // An octet is known at its end.
    const Instant deadline = latest + core::character_bits.ceil(baud_);
    while (pending_.empty() && line_.now() < deadline) {
        if (auto wake = wait_for(rig::Match::octet, deadline); !wake) {
            return std::unexpected{wake.error()};
        }
    }
    if (pending_.empty() || pending_.front().start > latest) {
        formats::Step silence;
        silence.kind = formats::Step::Kind::silence;
        silence.start = nanoseconds(from);
        silence.end = nanoseconds(latest);
        sink_(std::move(silence));
        at_rest_ = true;
        return std::nullopt;
    }
    auto reception = collect();
    if (!reception) {
        return std::unexpected{reception.error()};
    }
    at_rest_ = reception->valid();
    return std::move(*reception);
}

Expected<std::optional<Reception>> Session::await(Duration within) {
    const Instant deadline = line_.now() + within;
    rig::Master& master = *rig_.master();
    take_heard();
    while (pending_.empty() && master.running() && line_.now() < deadline) {
        if (auto wake = wait_for(rig::Match::octet | rig::Match::job_ended, deadline); !wake) {
            return std::unexpected{wake.error()};
        }
    }
    if (pending_.empty()) {
        return std::nullopt;
    }
    auto reception = collect();
    if (!reception) {
        return std::unexpected{reception.error()};
    }
    return std::move(*reception);
}

std::expected<void, std::string> Session::start_job(const rig::JobOrder& order) {
    const Instant now = line_.now();
    if (const auto started = rig_.master()->start(order); !started) {
        return started;
    }
    job_ = {};
    job_.kind = formats::Step::Kind::job;
    job_.start = nanoseconds(now);
    job_.text = order.job;
    for (const std::string& argument : order.arguments) {
        job_.text += ' ' + argument;
    }
    return {};
}

Expected<bool> Session::finish_job(Duration within) {
    const auto ended = await_end(within);
    if (!ended) {
        return ended;
    }
    if (!*ended) {
        rig_.master()->stop();
    }
    note_job();
    return ended;
}

void Session::abandon_job() {
    if (job_.kind != formats::Step::Kind::job) {
        return;
    }
    rig_.master()->stop();
    note_job();
}

void Session::note_job() {
    using core::master::ReadoutLine;
    const rig::JobResult& result = rig_.master()->result();
    job_.end = std::max(job_.start, nanoseconds(result.ended));
    job_.actual = result.status ? std::to_string(*result.status) : std::string{};
    for (const ReadoutLine& line : result.lines) {
        std::string text;
        switch (line.kind) {
        case ReadoutLine::Kind::telegram:
            text = "telegram ";
            core::bytes::append_hex(text, line.telegram);
            break;
        case ReadoutLine::Kind::found: text = "found " + line.address; break;
        case ReadoutLine::Kind::fault: text = "fault " + line.address + ": " + line.text; break;
        }
        job_.said.push_back(std::move(text));
    }
    sink_(std::exchange(job_, {}));
}

Expected<bool> Session::await_end(Duration within) {
    const Instant deadline = line_.now() + within;
    rig::Master& master = *rig_.master();
    while (master.running() && line_.now() < deadline) {
        if (auto wake = wait_for(rig::Match::job_ended, deadline); !wake) {
            return std::unexpected{wake.error()};
        }
    }
    discard();
    return !master.running();
}

void Session::discard() {
    take_heard();
    pending_.clear();
}

/// The rate at which 33 bit times are `idle`: on a port octets come later than they were sent, by
/// up to the rig's uncertainty, and a gap of that kind ends no reception.
core::Baud Session::rate_for(Duration idle) const {
    if (line_.uncertainty() == Duration{} && !meter_side_) {
        return baud_;
    }
    const std::int64_t bits = core::link::idle_after_error.bits.numerator * std::nano::den;
    return {static_cast<std::uint32_t>(std::max<std::int64_t>(1, bits / idle.count()))};
}

Expected<Reception> Session::collect() {
    Reception reception;
    core::link::FrameDecoder decoder;
    Duration idle = core::link::idle_after_error.ceil(baud_) + line_.uncertainty();
    if (meter_side_) { // a master sends at the rate it likes: 33 bit times are three characters
        const Octet& first = pending_.front();
        idle = 3 * (first.end - first.start) + line_.uncertainty();
    }
    const core::Baud counted = rate_for(idle);
    bool done = false;
    while (!done) {
        std::size_t used = 0;
        for (; used < pending_.size() && !done; ++used) {
            const Octet& octet = pending_[used];
            if (!reception.octets.empty() && octet.start - reception.octets.back().end >= idle) {
                done = true; // 33 idle bit times: it belongs to the next reception
                break;
            }
            reception.octets.push_back(octet);
            const auto state = decoder.push(octet, counted);
            if (state == core::link::FrameDecoder::State::fault) {
                reception.fault = decoder.fault();
            }
            done = state == core::link::FrameDecoder::State::frame;
        }
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(used));
        if (done) {
            break;
        }
        const Instant end = reception.octets.back().end + idle;
        if (line_.now() >= end) {
            break;
        }
        if (auto wake = wait_for(rig::Match::octet, end); !wake) {
            return std::unexpected{wake.error()};
        }
    }
    line_.flush();
    for (const Octet& octet : reception.octets) {
        reception.bytes.push_back(octet.value);
    }
    if (decoder.inside() && !reception.fault) {
        reception.fault =
            core::make_fault(core::FaultCode::truncated, reception.bytes.size(),
                             static_cast<std::int32_t>(reception.bytes.size() + decoder.needed()),
                             static_cast<std::int32_t>(reception.bytes.size()));
    }
    valid_frames_ += reception.valid() ? 1 : 0;
    return reception;
}

Expected<void> Session::wait(Duration duration) {
    const Instant until = line_.now() + duration;
    while (line_.now() < until) {
        if (auto wake = wait_for(rig::Match::none, until); !wake) {
            return std::unexpected{wake.error()};
        }
    }
    return {};
}

Expected<core::master::Readout> Session::read(const core::master::Target& target) {
    if (auto settled = settle(core::link::idle_after_error.ceil(baud_)); !settled) {
        return std::unexpected{settled.error()};
    }
    core::master::ReadoutConfig config;
    config.target = target;
    config.link.baud = baud_;
    config.link.limits.latency = line_.uncertainty();
    core::master::Readout readout{config};
    if (auto driven = rig::drive(readout, line_); !driven) {
        return std::unexpected{driven.error()};
    }
    line_.flush();
    last_activity_ = line_.now();
    active_ = true;
    valid_frames_ += readout.telegrams().size();
    line_.listen(baud_);
    return readout;
}

} // namespace meterbench::harness
