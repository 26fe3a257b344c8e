// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/line.hpp"
#include "sim/channel.hpp"
#include "sim/host.hpp"
#include "sim/levels.hpp"
#include "sim/participant.hpp"
#include "sim/recorder.hpp"
#include "sim/uart.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::sim {

class Bus;

/// The seam "channel": what the wire does to a character on its way, the same for all who hear it.
class Disturbance {
  public:
    virtual ~Disturbance() = default;
    /// Changes the character's bits, or leaves them. `from_master` says which way it goes.
    virtual void disturb(Character& character, bool from_master) = 0;
};

/// Where a participant is connected. It begins transmissions through it (rig::Medium) and asks to
/// be woken.
class BusPort : public rig::Medium {
  public:
    BusPort(Bus& bus, Participant& participant, std::uint32_t index, std::uint64_t order);

    void start(const core::Transmission& transmission) override;
    void abort() override;
    void listen(std::optional<core::Baud> baud) override;
    /// Calls the participant's wake() at this instant instead of any set before; none: not at all.
    void wake_at(std::optional<core::Instant> when);

    /// The participant wants octets (none, as at the beginning) or whole frames: then heard() is
    /// called only while it is not like the others, heard_frame() for the frames that concern it.
    void hear_frames(std::optional<FrameInterest> interest) {
        if (interest != ear_.frames) {
            set_interest(interest);
        }
    }
    /// Of a meter: what it is to the cable; one unit load at the far end unless it says otherwise.
    void set_load(const Load& load);
    /// What it finds at its terminals.
    [[nodiscard]] Terminal terminal() const;
    /// Off the bus for good: it hears nothing and draws nothing.
    void disconnect();
    /// Of one that hears frames: it listens again after it did not (it was sending, or without
    /// power), and is between frames.
    void begin_to_listen();
    /// It need not be told of octets before so many more have come, one after the other; 1 unless
    /// it says otherwise.
    void wants(std::size_t octets);
    /// It is told of all octets whose stop bit has ended.
    void catch_up();
    /// Octets are coming, one after the other, until this instant at least; none: the past.
    [[nodiscard]] core::Instant busy_until() const;

    [[nodiscard]] core::Instant now() const;
    [[nodiscard]] Participant& participant() const { return *ear_.participant; }

  private:
    friend class Bus;
    void set_interest(std::optional<FrameInterest> interest);

    Bus& bus_;
    Ear ear_;
    std::uint32_t index_;
    std::uint64_t order_;
    std::optional<core::Instant> wake_;
    std::uint64_t wake_token_ = 0;
    // The transmission under way.
    core::Transmission transmission_{};
    core::Instant begin_{};
    core::BitTime offset_{}; ///< of the current character's start bit from begin_
    std::size_t next_ = 0;   ///< index of the character after the current one
    std::size_t exception_ = 0;
    std::uint64_t token_ = 0; ///< of the transmission; abort() makes its events stale
    Character character_{};
    core::Octet octet_{};
    bool busy_ = false;
    bool live_ = false; ///< the current character is on the wire
};

/// The wired bus, a character at a time (EN 13757-2): the master's voltage reaches every meter, the
/// meters' currents add up at the master. A character that nothing disturbs goes to its listeners
/// by a direct call when it ends; where characters overlap, or a listener has another rate, a
/// sampling receiver works out from the wave what it would hear.
///
/// A transmission that has a direction to itself is not taken apart before somebody must be told of
/// a character, or something comes in its way: listeners see the same octets with the same
/// instants.
class Bus : private Task {
  public:
    enum class Side : std::uint8_t { master, meter };

    explicit Bus(Host& host);
    ~Bus() override;
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    /// Connects a participant, which outlives the bus. Its name must not be taken.
    BusPort& connect(Participant& participant, Side side);

    /// Voltages and currents at rest. After a change through the reference levels_changed() is due.
    [[nodiscard]] Levels& levels() { return levels_; }
    /// Who has no voltage, or cannot tell mark from space any more, is told and hears nothing;
    /// thresholds count from now on.
    void levels_changed();
    struct Reading {
        double volt = 0;
        double milliampere = 0;
    };
    /// Voltage and current at the converter now, slopes aside.
    [[nodiscard]] Reading read_levels();
    /// The master hears what it sends, as behind a converter that echoes.
    void set_echo(bool echo);
    /// Takes down what passes; none: nothing. It outlives the bus or is taken away before.
    void set_recorder(Recorder* recorder);

    [[nodiscard]] Host& host() { return host_; }
    /// One at a time; none: the wire is clean. It outlives the bus or is taken away before.
    void set_disturbance(Disturbance* disturbance);

  private:
    friend class BusPort;

    /// An undisturbed transmission on a direction of its own.
    struct Run {
        BusPort* port = nullptr;
        std::size_t heard = 0; ///< characters that listeners know of
        std::size_t target = 0;
        core::Instant due{}; ///< end of the last character before `target`
    };
    struct Direction {
        Channel channel;
        Run run;
        int senders = 0;
    };

    void run(core::Instant now, std::uint32_t kind, std::uint64_t token) override;
    void begin(BusPort& port, const core::Transmission& transmission);
    void abort(BusPort& port);
    void finish(BusPort& port, core::Instant now);
    void begin_character(BusPort& port);
    void overlap(Channel& channel, core::Instant start);
    void end_character(BusPort& port, core::Instant now);
    void go_on(BusPort& port, core::Instant now);
    void make_character(BusPort& port, core::CharacterException::Kind deviation);
    void sample(Channel& channel, core::Instant now);
    void take_all_apart();
    void levels_soon();
    [[nodiscard]] bool from_master(const BusPort& port) const {
        return sides_[port.index_] == Side::master;
    }
    [[nodiscard]] bool can_run(const BusPort& port, const core::Transmission& transmission);
    void plan(Direction& direction);
    void run_on(Direction& direction, core::Instant now);
    void tell(Direction& direction, std::size_t count);
    void catch_up(Direction& direction);
    void take_apart(Direction& direction);
    [[nodiscard]] Direction& sent_on(const BusPort& port) {
        return directions_[sides_[port.index_] == Side::master ? 0 : 1];
    }
    [[nodiscard]] Direction& heard_by(const BusPort& port) {
        return directions_[sides_[port.index_] == Side::master ? 1 : 0];
    }

    Host& host_;
    Disturbance* disturbance_ = nullptr;
    Recorder* recorder_ = nullptr;
    Levels levels_;
    double time_constant_ = 0; ///< of the cable
    bool echo_ = false;
    bool levels_pending_ = false; ///< levels_changed() is queued
    std::vector<std::unique_ptr<BusPort>> ports_;
    std::vector<Side> sides_;
    std::vector<BusPort*> meters_;        ///< by name
    std::array<Direction, 2> directions_; ///< [0] master to meters, [1] meters to master
    std::vector<core::Octet> octets_;     ///< of a run, on their way to the listeners
};

} // namespace meterbench::sim
