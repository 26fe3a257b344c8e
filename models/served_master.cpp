// SPDX-License-Identifier: Apache-2.0
#include "models/served_master.hpp"

#include "formats/readout_line.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <poll.h>
#include <utility>

namespace meterbench::models {

namespace {

/// How long a wait for the world outside may last: a program's end is noticed after that.
constexpr core::Duration longest_wait = std::chrono::milliseconds{50};
/// A line longer than this is none: a telegram has 261 bytes.
constexpr std::size_t longest_line = 65536;

std::int64_t monotonic() {
    return std::chrono::duration_cast<core::Duration>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

} // namespace

std::vector<std::string> fill_command(const std::vector<std::string>& command,
                                      const std::string& endpoint, const rig::JobOrder& order) {
    std::vector<std::string> words;
    for (std::string word : command) {
        if (word == "{args}") {
            words.insert(words.end(), order.arguments.begin(), order.arguments.end());
            continue;
        }
        replace_all(word, "{args}", fmt::format("{}", fmt::join(order.arguments, " ")));
        replace_all(word, "{job}", order.job);
        replace_all(word, "{endpoint}", endpoint);
        words.push_back(std::move(word));
    }
    return words;
}

ServedMaster::ServedMaster(const formats::RigFile& rig, const Outside& outside, std::uint64_t seed,
                           ProfileLoader profiles)
    : MasterBus{rig.baud, seed, std::move(profiles), this}, command_{rig.dut.command},
      outside_{outside}, port_{population().bus().connect(*this, sim::Bus::Side::master)},
      baud_{rig.baud}, clock_start_{monotonic()} {
    port_.listen(baud_);
    harness_line().set_uncertainty(rig.uncertainty);
    if (outside_.endpoint.speed()) {
        offered().add(rig::Capability::baud);
    }
}

std::expected<std::unique_ptr<ServedMaster>, std::string>
ServedMaster::make(const formats::RigFile& rig, const Outside& outside, std::uint64_t seed,
                   ProfileLoader profiles) {
    return std::unique_ptr<ServedMaster>{new ServedMaster{rig, outside, seed, std::move(profiles)}};
}

core::Instant ServedMaster::clock_now() const {
    return core::Instant{core::Duration{monotonic() - clock_start_}};
}

/// One step: waits for the next that is due inside or comes from outside, and lets simulated time
/// catch up with the clock.
core::Expected<core::Instant> ServedMaster::advance(core::Instant until) {
    wait_outside(until);
    if (auto taken = take_input(); !taken) {
        return std::unexpected{taken.error()};
    }
    if (lost_) {
        return std::unexpected{*lost_};
    }
    const core::Instant now = population().bus().host().run_until(
        std::min(std::max(clock_now(), core::Instant{}), until));
    take_output();
    return now;
}

void ServedMaster::wait_outside(core::Instant until) {
    const core::Instant due = std::min(population().bus().host().next_due(), until);
    const core::Duration wait = std::clamp(due - clock_now(), core::Duration::zero(), longest_wait);
    std::array<pollfd, 2> watched{
        {{outside_.endpoint.descriptor(), POLLIN, 0}, {outside_.program.descriptor(), POLLIN, 0}}};
    const timespec time{wait.count() / std::nano::den, wait.count() % std::nano::den};
    (void)::ppoll(watched.data(), watched.size(), &time, nullptr);
}

core::Expected<void> ServedMaster::take_input() {
    std::array<std::uint8_t, 512> chunk{};
    const auto size = outside_.endpoint.read(chunk);
    if (!size) {
        return std::unexpected{size.error()};
    }
    queued_.insert(queued_.end(), chunk.begin(),
                   chunk.begin() + static_cast<std::ptrdiff_t>(*size));
    if (!queued_.empty() && !busy_) {
        // The characters begin now, not when the last simulated event was.
        (void)population().bus().host().run_until(clock_now());
        send_queued();
    }
    return {};
}

void ServedMaster::send_queued() {
    if (queued_.empty()) {
        return;
    }
    if (const auto speed = outside_.endpoint.speed(); speed && speed->value != 0) {
        baud_ = *speed;
        port_.listen(baud_);
    }
    sending_.clear();
    std::swap(sending_, queued_);
    busy_ = true;
    port_.start({.bytes = sending_, .baud = baud_});
}

void ServedMaster::sent(core::Instant /*now*/) {
    busy_ = false;
    send_queued(); // what came meanwhile follows without a gap
}

void ServedMaster::heard(std::span<const core::Octet> octets) {
    harness_line().overhear(octets);
    outgoing_.clear();
    for (const core::Octet& octet : octets) {
        outgoing_.push_back(octet.value);
    }
    if (const auto written = outside_.endpoint.write(outgoing_); !written) {
        lost_ = written.error();
    }
}

std::expected<void, std::string> ServedMaster::start(const rig::JobOrder& order) {
    result_ = {};
    output_.clear();
    lines_ = 0;
    const auto started = outside_.program.start(fill_command(command_, outside_.port, order));
    if (!started) {
        result_.error = "the master under test cannot be started: " + started.error();
        return {};
    }
    running_ = true;
    return {};
}

void ServedMaster::stop() {
    outside_.program.kill();
    running_ = false;
}

void ServedMaster::take_output() {
    if (!running_) {
        return;
    }
    const auto end = outside_.program.ended(); // asked first: what it printed is all there then
    outside_.program.read(output_);
    std::size_t begin = 0;
    for (std::size_t at = output_.find('\n'); at != std::string::npos;
         at = output_.find('\n', begin)) {
        take_line(std::string_view{output_}.substr(begin, at - begin));
        begin = at + 1;
    }
    output_.erase(0, begin);
    if (output_.size() > longest_line || (end && !output_.empty())) {
        take_line(output_);
        output_.clear();
    }
    if (end) {
        end_job(*end);
    }
}

void ServedMaster::take_line(std::string_view text) {
    auto line = formats::parse_readout_line(text, fmt::format("line {} of its output", ++lines_));
    if (line) {
        result_.lines.push_back(std::move(*line));
    } else if (result_.trouble.empty()) {
        result_.trouble = line.error();
    }
}

void ServedMaster::end_job(const rig::Program::End& end) {
    running_ = false;
    result_.ended = population().bus().host().now();
    if (end.signal != 0) {
        result_.trouble = fmt::format("died of signal {}", end.signal);
    } else {
        result_.status = end.status;
        const bool known = end.status == rig::job_done || end.status == rig::job_failed ||
                           end.status == rig::job_unknown;
        if (!known && result_.trouble.empty()) {
            result_.trouble = fmt::format("ended with status {}, not 0, 1 or 89", end.status);
        }
    }
    harness_line().job_ended(result_.ended);
}

} // namespace meterbench::models
