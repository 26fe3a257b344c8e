// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame.hpp"
#include "core/master/readout.hpp"
#include "harness/recording_line.hpp"
#include "rig/rig.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::harness {

/// What the harness heard between a request and a complete frame, or 33 idle bit times.
struct Reception {
    std::vector<core::Octet> octets;
    std::vector<std::uint8_t> bytes;
    std::optional<core::Fault> fault; ///< none: bytes are one valid frame
    [[nodiscard]] bool valid() const { return !fault; }
    /// Only where valid().
    [[nodiscard]] core::link::Frame frame() const;
    [[nodiscard]] core::Instant start() const { return octets.front().start; }
    [[nodiscard]] core::Instant finish() const { return octets.back().end; }
    [[nodiscard]] bool collision() const;
};

/// What the harness sent last.
struct SentFrame {
    std::vector<std::uint8_t> bytes;
    core::Instant start{};
    core::Instant finish{};
};

/// How to send: 8E1 at the line's rate unless something else is said.
struct SendOptions {
    std::optional<core::Baud> baud;
    std::uint8_t stop_bits = 1;
    std::vector<core::CharacterException> exceptions;
    /// Idle time before the first start bit, since anything was sent or heard; none: 33 bit times.
    std::optional<core::Duration> idle;
};

/// The primitives of a scenario on the wire, independent of the scripting language.
class Session {
  public:
    /// `unit_loads`: that a meter under test is marked with.
    Session(rig::Rig& rig, StepSink sink, int unit_loads = 1);

    [[nodiscard]] core::Instant now() const { return line_.now(); }
    [[nodiscard]] core::Baud baud() const { return baud_; }
    /// The rate for what is sent and heard from now on.
    void set_baud(core::Baud baud);

    /// Sends and returns when the last stop bit has left.
    [[nodiscard]] core::Expected<SentFrame> send(std::span<const std::uint8_t> bytes,
                                                 const SendOptions& options = {});
    /// The next reception whose first start bit comes at most `within` after the last octet sent.
    /// None: nothing came.
    [[nodiscard]] core::Expected<std::optional<Reception>> receive(core::Duration within);
    /// Of a master under test: its next frame, or what it sends instead. None: nothing came, or its
    /// job has ended.
    [[nodiscard]] core::Expected<std::optional<Reception>> await(core::Duration within);
    /// Gives the master under test a job. Fails as rig::Master::start() does.
    [[nodiscard]] std::expected<void, std::string> start_job(const rig::JobOrder& order);
    /// Lets it work until its job has ended, and ends it where it has not after `within`; false: it
    /// had to. The job and what was said of it become a step.
    [[nodiscard]] core::Expected<bool> finish_job(core::Duration within);
    /// Ends a job that somebody has started and not finished.
    void abandon_job();
    /// What a master under test has sent and nobody has awaited is awaited no more.
    void discard();
    /// Both directions of a wire with a master under test, up to now: steps sent (by meters) and
    /// heard (from the master), each a frame or what came instead, by their start.
    [[nodiscard]] std::vector<formats::Step> wire();
    /// Lets time pass.
    [[nodiscard]] core::Expected<void> wait(core::Duration duration);
    /// Reads a meter with the reference master.
    [[nodiscard]] core::Expected<core::master::Readout> read(const core::master::Target& target);

    /// Octets that came outside of any reception and were passed over by a later send().
    [[nodiscard]] std::size_t unasked() const { return unasked_; }
    /// Valid frames heard so far.
    [[nodiscard]] std::size_t valid_frames() const { return valid_frames_; }
    [[nodiscard]] const std::optional<SentFrame>& last_sent() const { return last_sent_; }
    [[nodiscard]] rig::Rig& rig() { return rig_; }
    [[nodiscard]] Monitor& monitor() { return monitor_; }

    /// Not longer than a standard answer may take, plus the rig's uncertainty.
    [[nodiscard]] core::Duration reply_window() const;

  private:
    [[nodiscard]] core::Expected<bool> await_end(core::Duration within);
    void note_job();
    [[nodiscard]] core::Expected<void> settle(core::Duration idle);
    [[nodiscard]] core::Expected<rig::Wake> wait_for(rig::Match match, core::Instant deadline);
    [[nodiscard]] core::Expected<Reception> collect();
    [[nodiscard]] core::Baud rate_for(core::Duration idle) const;
    void take_heard();
    void measure_current();

    void note(formats::Step&& step);

    rig::Rig& rig_;
    StepSink sink_;
    bool meter_side_; ///< the device under test is a master
    std::vector<formats::Step> wire_;
    formats::Step job_{}; ///< that was given last
    Monitor monitor_;
    RecordingLine line_;
    core::Baud baud_;
    std::vector<core::Octet> pending_; ///< heard, and not yet part of a reception
    std::optional<SentFrame> last_sent_;
    core::Instant last_activity_{};
    bool active_ = false;
    bool at_rest_ = true; ///< a meter under test has nothing to say
    std::size_t unasked_ = 0;
    std::size_t valid_frames_ = 0;
};

} // namespace meterbench::harness
