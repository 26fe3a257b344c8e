// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/line.hpp"
#include "sim/host.hpp"
#include "sim/participant.hpp"
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
    /// Changes the character's bits, or leaves them.
    virtual void disturb(Character& character) = 0;
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

    [[nodiscard]] Participant& participant() const { return *participant_; }

  private:
    friend class Bus;
    Bus& bus_;
    Participant* participant_;
    std::uint32_t index_;
    std::uint64_t order_;
    std::optional<core::Baud> baud_ = core::Baud{};
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
class Bus : private Task {
  public:
    enum class Side : std::uint8_t { master, meter };

    explicit Bus(Host& host);
    ~Bus() override;
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    /// Connects a participant, which outlives the bus. Its name must not be taken.
    BusPort& connect(Participant& participant, Side side);
    [[nodiscard]] Host& host() { return host_; }
    /// One at a time; none: the wire is clean. It outlives the bus or is taken away before.
    void set_disturbance(Disturbance* disturbance) { disturbance_ = disturbance; }

  private:
    friend class BusPort;

    /// Listeners of one rate, and their receiver for when the wave must be sampled.
    struct Group {
        std::optional<core::Baud> baud;
        UartReceiver uart;
        bool sampling = false;
        std::vector<BusPort*> listeners;
    };
    /// One direction of the bus.
    struct Channel {
        std::vector<BusPort*> listeners;
        std::vector<Group> groups;
        bool stale = true; ///< groups are to be made anew
        Waveform waveform;
        int on_the_wire = 0;   ///< characters under way
        bool sampling = false; ///< some group samples
        std::uint64_t drain = 0;
    };

    void run(core::Instant now, std::uint32_t kind, std::uint64_t token) override;
    void begin(BusPort& port, const core::Transmission& transmission);
    void abort(BusPort& port);
    void begin_character(BusPort& port, core::Instant now);
    void overlap(Channel& channel, core::Instant start);
    void end_character(BusPort& port, core::Instant now);
    void go_on(BusPort& port, core::Instant now);
    void deliver(Channel& channel, const BusPort& from, core::Instant now);
    void start_sampling(Channel& channel, Group& group, core::Instant from);
    void sample(Channel& channel, core::Instant now);
    void drain(Channel& channel, core::Instant now);
    void regroup(Channel& channel);
    static void hand_out(const Group& group, std::span<const core::Octet> octets);
    [[nodiscard]] Channel& channel_of(const BusPort& port) {
        return channels_[sides_[port.index_] == Side::master ? 0 : 1];
    }
    [[nodiscard]] Channel& heard_by(const BusPort& port) {
        return channels_[sides_[port.index_] == Side::master ? 1 : 0];
    }

    Host& host_;
    Disturbance* disturbance_ = nullptr;
    std::vector<std::unique_ptr<BusPort>> ports_;
    std::vector<Side> sides_;
    std::array<Channel, 2> channels_; ///< [0] master to meters, [1] meters to master
    std::vector<core::Octet> sampled_;
};

} // namespace meterbench::sim
