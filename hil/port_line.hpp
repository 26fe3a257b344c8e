// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hil/descriptor.hpp"
#include "hil/parity_marks.hpp"
#include "hil/telnet.hpp"
#include "rig/line.hpp"
#include "rig/matcher.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::hil {

/// What is behind a PortLine's descriptor.
enum class PortKind : std::uint8_t {
    terminal, ///< from open_terminal(): has a rate, marks wrong characters
    stream,   ///< a connected socket: octets, nothing else
    rfc2217,  ///< from connect_rfc2217(): a socket to a port that can be set up
};

/// A wire behind a file descriptor. Time is CLOCK_MONOTONIC. It sends octets and nothing else:
/// exceptions, gaps and a second stop bit of a Transmission are beyond it, and it has none of the
/// capabilities octet_errors, gaps and break.
///
/// Times are as good as the port lets them be: of n octets read at t the last ended at t, each
/// earlier one a character before, none before the read preceding it; a pause no longer than the
/// uncertainty is taken for none, and the later octet starts where the earlier one ended. A
/// transmission is sent when its characters would have left at the line's rate, or when the first
/// octet is heard if that is earlier. A port that is gone, or that takes no octets for 5 s, is the
/// fault port-lost.
class PortLine final : public rig::Line {
  public:
    /// `uncertainty`: how far the times may be from the truth, as measured or estimated.
    /// `latency`: how much later than on the wire an octet may be heard.
    PortLine(Descriptor port, PortKind kind, core::Baud baud, core::Duration uncertainty,
             core::Duration latency = {});

    void start(const core::Transmission& transmission) override;
    void abort() override;
    /// Sets the rate of a terminal. A rate that it does not take is reported by the next wait().
    void listen(std::optional<core::Baud> baud) override;

    [[nodiscard]] core::Instant now() const override;
    [[nodiscard]] core::Expected<rig::Wake> wait(const rig::Wait& wait) override;
    [[nodiscard]] std::span<const core::Octet> heard() override;
    [[nodiscard]] std::optional<core::Instant> sent() override;
    [[nodiscard]] core::Baud baud() const override { return baud_; }
    [[nodiscard]] core::Duration uncertainty() const override { return uncertainty_; }
    [[nodiscard]] core::Duration latency() const { return latency_; }

  private:
    void write_some();
    void read_some();
    void take(std::span<const std::uint8_t> bytes, core::Instant at);
    void take_telnet(std::uint8_t byte);
    [[nodiscard]] bool set_line_rate();
    void set_times(std::span<core::Octet> octets, core::Instant at);
    void finish_sending(core::Instant end);
    void look_at_sending(core::Instant at);
    void sleep_until(core::Instant until);
    void note(std::optional<rig::Wake> wake);
    void fail(core::FaultCode code);

    Descriptor port_;
    PortKind kind_;
    core::Baud baud_;
    core::Duration uncertainty_;
    core::Duration latency_;
    rig::Matcher matcher_;
    ParityMarks marks_;
    TelnetDecoder telnet_;
    std::vector<std::uint8_t> escaped_; ///< what is being sent, as telnet wants it
    std::optional<core::Fault> fault_;
    std::optional<rig::Wake> wake_;

    std::vector<core::Octet> heard_;
    std::size_t handed_out_ = 0; ///< of heard_
    core::Instant last_read_;
    std::optional<core::Instant> burst_end_; ///< of the last octet heard since the last start()

    bool transmitting_ = false;
    std::span<const std::uint8_t> unwritten_;
    core::Instant sent_due_{};
    std::optional<core::Instant> sent_;
};

} // namespace meterbench::hil
