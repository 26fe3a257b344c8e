// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame_decoder.hpp"
#include "formats/result.hpp"
#include "harness/monitor.hpp"
#include "rig/line.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace meterbench::harness {

/// Takes the steps of a case as they happen.
using StepSink = std::function<void(formats::Step&&)>;

/// A line that tells what passes over it: the trace of a case. Everything the harness sends and
/// hears goes through one of these, whatever the rig. Octets heard become one step a frame, or one
/// for what lies between 33 idle bit times. At a meter's end what the master hears is what the
/// harness has sent: its own answers and those of the simulated meters, as they came over the wire.
class RecordingLine : public rig::Line {
  public:
    /// `inner`, `monitor` and what `sink` refers to outlive the line.
    RecordingLine(rig::Line& inner, StepSink sink, Monitor& monitor)
        : inner_{inner}, sink_{std::move(sink)}, monitor_{monitor} {}

    void start(const core::Transmission& transmission) override;
    void abort() override;
    void listen(std::optional<core::Baud> baud) override;
    [[nodiscard]] core::Instant now() const override { return inner_.now(); }
    [[nodiscard]] core::Expected<rig::Wake> wait(const rig::Wait& wait) override;
    [[nodiscard]] std::span<const core::Octet> heard() override;
    [[nodiscard]] std::optional<core::Instant> sent() override;
    [[nodiscard]] core::Baud baud() const override { return inner_.baud(); }
    [[nodiscard]] core::Duration uncertainty() const override { return inner_.uncertainty(); }

    /// Ends the step of octets being heard: what comes next is another.
    void flush();
    /// The same in both directions: the case is over.
    void finish();

  private:
    /// Octets of one direction, on their way to being a step.
    struct Group {
        formats::Step::Kind kind{};
        std::vector<core::Octet> octets{};
        core::link::FrameScan scan{};
        bool frame_possible = true;
    };
    void look_at_sent();
    void end_sending(core::Instant end, std::size_t count);
    void overhear(const core::Octet& octet);
    void add(Group& group, const core::Octet& octet);
    void flush(Group& group);

    rig::Line& inner_;
    StepSink sink_;
    Monitor& monitor_;
    core::Baud listening_ = inner_.baud();
    formats::Step sending_;
    bool under_way_ = false;
    std::optional<core::Instant> sent_; ///< known here, and not yet asked for
    Group heard_{.kind = formats::Step::Kind::heard};
    Group overheard_{.kind = formats::Step::Kind::sent};
};

} // namespace meterbench::harness
