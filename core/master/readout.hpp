// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/primary_station.hpp"
#include "core/link/secondary_address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace meterbench::core::master {

/// Whom to read: a primary address (0 to 250, or FEh on a bus with one meter), or a secondary one.
using Target = std::variant<std::uint8_t, link::SecondaryAddress>;

struct ReadoutConfig {
    Target target = std::uint8_t{1};
    link::PrimaryConfig link{};
    std::size_t max_telegrams = 64; ///< a longer sequence is endless-sequence
};

/// One telegram of a read-out: the whole link frame and when it was heard.
struct ReadTelegram {
    std::vector<std::uint8_t> frame;
    Instant request_end{};
    Instant start{};
    Instant end{};
    std::uint8_t attempts = 1;
    bool early = false; ///< it began before the reply window opened
};

/// Reads one meter to the end of its telegrams (EN 13757-2, 5.7; EN 13757-7, 8.4): SND_NKE, or
/// deselection and selection; then REQ_UD2 with FCB = 1 first, toggled after each good answer,
/// until a telegram without DIF 1Fh. A protocol object: rig::drive() runs it to done().
class Readout {
  public:
    explicit Readout(const ReadoutConfig& config);

    void receive(std::span<const Octet> octets);
    [[nodiscard]] std::optional<Transmission> transmit() const { return station_.transmit(); }
    void sent(Instant now);
    void aborted(Instant now);
    [[nodiscard]] std::optional<Baud> listens() const { return station_.listens(); }
    void restart(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const { return station_.deadline(); }
    void expire(Instant now);
    [[nodiscard]] std::size_t octets_wanted() const { return station_.octets_wanted(); }

    [[nodiscard]] bool done() const { return step_ == Step::done; }
    /// Why the read-out ended early: silence, a faulty answer after all retries, not-selected,
    /// wrong-identification, endless-sequence. None: it is complete.
    [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }
    /// What arrived, also before a fault.
    [[nodiscard]] const std::vector<ReadTelegram>& telegrams() const { return telegrams_; }

  private:
    enum class Step : std::uint8_t { reset, deselect, select, request, done };

    [[nodiscard]] bool secondary() const {
        return std::holds_alternative<link::SecondaryAddress>(config_.target);
    }
    [[nodiscard]] std::uint8_t address() const;
    void begin(Step step);
    void begin_request();
    void progress();
    void conclude(const link::Outcome& outcome);
    void take_telegram(const link::Outcome& outcome);
    [[nodiscard]] bool other_device(std::span<const std::uint8_t> user_data) const;
    [[nodiscard]] bool repeats(std::span<const std::uint8_t> frame) const;
    void finish(std::optional<Fault> fault);

    ReadoutConfig config_;
    link::PrimaryStation station_;
    Step step_ = Step::reset;
    bool fcb_ = true;
    std::vector<ReadTelegram> telegrams_;
    std::optional<Fault> fault_;
};

} // namespace meterbench::core::master
