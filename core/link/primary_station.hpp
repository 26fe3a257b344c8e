// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/address.hpp"
#include "core/link/frame_decoder.hpp"
#include "core/link/primary_table.hpp"
#include "core/link/secondary_station.hpp"
#include "core/octet.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::link {

/// A line that was never idle for so long is held by a device that babbles: twice the longest frame
/// of 261 characters, so that no answer, however late, is taken for it.
inline constexpr Limit babble_after{BitTime{std::int64_t{2} * 261 * 11}, {}};

/// What a master's link station keeps to.
struct PrimaryLimits {
    Limit response_timeout = reply_latest; ///< MB2-LL-018; to the answer's first start bit
    Duration latency{};            ///< of the port: added to the time-out, see PrimaryStation
    Limit idle = idle_after_error; ///< before the next request (MB2-LL-021)
    Limit babble = babble_after;   ///< then the request is given up
    std::uint8_t retries = 2;      ///< after the first attempt (MB2-LL-019)
};

struct PrimaryConfig {
    Baud baud{};
    PrimaryLimits limits{};
    std::span<const PrimaryRow> table = primary_table();
};

/// What a request may be answered with.
enum class Answer : std::uint8_t { none, acknowledge, data, acknowledge_or_data };

struct Request {
    FrameBuffer frame;
    Answer answer = Answer::acknowledge;
    /// The address an RSP_UD must carry; none: any (requests to FDh and FEh).
    std::optional<std::uint8_t> address;
    std::optional<std::uint8_t> retries; ///< where not those of the limits
    /// After an answer that was heard but is none, where that differs: a search takes it for a
    /// collision and does not ask again.
    std::optional<std::uint8_t> garbled_retries{};
    /// Several may answer: the next request waits until the reply window is over, so that nobody is
    /// still answering who should hear it; a good answer counts if no other one began until then.
    bool whole_window = false;
};

/// What became of a request.
struct Outcome {
    std::optional<Fault> fault; ///< none: answered, or sent without an answer due
    FrameBuffer answer;         ///< the answering frame, also a bad one as far as it was heard
    Instant request_end{};      ///< of the last attempt
    Instant answer_start{};
    Instant answer_end{};
    std::uint8_t attempts = 0;
    std::uint8_t silent = 0;  ///< attempts in which nothing was heard
    std::uint8_t garbled = 0; ///< attempts with octets that were no answer
    bool early = false;       ///< the answer began before the reply window opened
    bool echo = false;        ///< the request was heard back: the converter echoes
    /// An answer began when the reply window had closed, by so much; none did: zero.
    Duration late{};
    /// Of the last attempt: octets heard, and how many with wrong bits; whether any was a
    /// collision or lacked its stop bit, breaks aside.
    std::uint32_t octets = 0;
    std::uint32_t errored = 0;
    bool torn = false;
    /// Attempts that heard the same octets with the same errors as the attempt before.
    std::uint8_t repeated = 0;
    std::optional<Fault> garbled_fault; ///< of the last attempt in which something was heard

    /// Every attempt that was made was spoilt as only several senders at once spoil one: bits that
    /// overlap, one answer after another, or the same wrong parity each time, which noise does not
    /// do. One garbled answer alone may be noise.
    [[nodiscard]] bool collided() const;
};

/// The link layer of a master: one request at a time, with time-out and retries.
///
/// A converter that echoes what it is given is found out by itself: octets that come back while the
/// request leaves, or within a character and the port's latency after it, and that are the request
/// are no answer (MB2-LL-067); the reply window then begins at the echo's end. A device that sends
/// without end cannot hold the station: the request ends with the fault babble. An answer after the
/// window is discarded (MB2-LL-068); where a retry heard one, silence is reported as late-answer.
///
/// Ports hold octets back: with a latency, an answer of one meter counts as broken off only after a
/// whole reply window without its next octet (33 bit times on a wire). A whole reply window of
/// quiet follows a retry that was answered, and one into which octets of an earlier answer came:
/// what is still on its way is then not taken for the answer to the next request.
class PrimaryStation {
  public:
    explicit PrimaryStation(const PrimaryConfig& config) : config_{config} {}

    /// Begins a request. Call only when idle(); otherwise nothing happens and false is returned.
    [[nodiscard]] bool start(const Request& request);
    [[nodiscard]] bool idle() const { return state_ == PrimaryState::idle; }

    void receive(std::span<const Octet> octets);
    [[nodiscard]] std::optional<Transmission> transmit() const;
    void sent(Instant now);
    void aborted(Instant now);
    [[nodiscard]] std::optional<Baud> listens() const { return config_.baud; }
    void restart(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;
    void expire(Instant now);
    /// How many more octets it takes before it can want anything else; until then each of them
    /// only restarts deadline().
    [[nodiscard]] std::size_t octets_wanted() const {
        return state_ == PrimaryState::awaiting && decoder_.inside() ? decoder_.needed() : 1;
    }
    /// The outcome of the request, once.
    [[nodiscard]] std::optional<Outcome> event();

    void set_baud(Baud baud) { config_.baud = baud; }
    void set_latency(Duration latency) { config_.limits.latency = latency; }
    [[nodiscard]] const PrimaryConfig& config() const { return config_; }

  private:
    void take(const Octet& octet);
    void answer_octet(const Octet& octet);
    [[nodiscard]] bool echoes(const Octet& octet);
    void replay_echo(const Octet& until);
    void note_busy(const Octet& octet);
    void note_late(const Octet& octet);
    void note_first(const Octet& octet);
    void note_octet(const Octet& octet);
    void open_window(Instant request_end);
    void note_attempt_fault();
    [[nodiscard]] Duration patience() const;
    [[nodiscard]] Instant quiet_from(Instant last) const;
    [[nodiscard]] bool inside_echo() const {
        return echoed_ > 0 && echoed_ < request_.frame.bytes().size();
    }
    void judge_frame();
    void happen(PrimaryEvent event, Instant now);
    [[nodiscard]] bool holds(PrimaryGuard guard) const;
    void act(PrimaryAction action, Instant now);
    [[nodiscard]] std::optional<Fault> misfit(const Frame& frame) const;
    void copy_answer();

    PrimaryConfig config_;
    PrimaryState state_ = PrimaryState::idle;
    Request request_{};
    Outcome outcome_{};
    bool finished_ = false;
    FrameDecoder decoder_;
    std::optional<Fault> fault_; ///< of the attempt under way
    Instant window_end_{};
    Instant last_activity_{}; ///< end of the last octet sent or heard
    bool active_ = false;     ///< last_activity_ means something
    Instant busy_since_{};    ///< of the octets without 33 bit times of idle between them
    bool busy_ = false;
    std::size_t echoed_ = 0; ///< octets of the request that were heard back
    bool strays_ = false;    ///< octets came that belong to no answer of this attempt
    /// Of what this attempt and the one before have heard (FNV-1a).
    std::uint64_t digest_ = 0;
    std::uint64_t digest_before_ = 0;
};

} // namespace meterbench::core::link
