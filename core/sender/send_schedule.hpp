// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "core/wireless/control.hpp"
#include "core/wireless/synchronous.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace meterbench::core::sender {

/// What a meter sends of its own accord, and when (EN 13757-4, 12.6; OMS Vol. 2, 4.3.2).
struct SendPlan {
    Duration nominal = std::chrono::minutes{7} + std::chrono::seconds{30}; ///< tNOM
    std::uint8_t access_only = 0; ///< ACC-NR after each SND-NR, 0 to 15, fixed after installation
    /// Every so many SND-NR one has static data (CC = 10b); 0: none has.
    unsigned static_every = 0;
    Duration installation_interval = std::chrono::seconds{30}; ///< between two SND-IR
    unsigned installation_count = 6;
};
/// A device that supports SND-IR sends the first one so soon after its trigger (OMS Vol. 2,
/// 4.3.2.4; MB4-ACC-013).
inline constexpr Duration installation_delay = std::chrono::seconds{60};

/// One telegram that is due.
struct Due {
    Instant at{};
    wireless::Service service = wireless::Service::snd_nr;
    bool synchronous = false;
    std::uint8_t access_number = 0;
    bool static_data = false;
};

/// The order of a meter's own telegrams. Synchronous ones keep to their schedule whatever comes in
/// between; alarms (ACC-DMD, so that the other device asks with REQ-UD1) and installation telegrams
/// (SND-IR) are asynchronous: S = 0 and the access number of the last synchronous telegram. The
/// owner draws what is random. Answers and the frequent access cycle are wireless::MeterAccess.
class SendSchedule {
  public:
    constexpr SendSchedule(const SendPlan& plan, std::uint8_t first_number, Instant first)
        : plan_{plan}, slots_{plan.nominal, first_number, first} {}

    /// The next telegram; of two due at one instant the synchronous one.
    [[nodiscard]] constexpr Due next() const {
        Due first = next_slot();
        const std::uint8_t number = slots_.number_between();
        if (alarm_ && *alarm_ < first.at) {
            first = {.at = *alarm_, .service = wireless::Service::acc_dmd, .access_number = number};
        }
        if (installation_ && *installation_ < first.at) {
            first = {.at = *installation_,
                     .service = wireless::Service::snd_ir,
                     .access_number = number,
                     .static_data = true};
        }
        return first;
    }

    /// That telegram was sent, or its time has passed.
    constexpr void done(const Due& due) {
        if (due.synchronous) {
            const bool data = due.service == wireless::Service::snd_nr;
            since_data_ = data ? 0 : since_data_ + 1;
            data_ += data ? 1 : 0;
            slots_.advance();
        } else if (due.service == wireless::Service::snd_ir) {
            left_ = left_ == 0 ? 0 : left_ - 1;
            installation_ =
                left_ == 0 ? std::nullopt : std::optional{due.at + plan_.installation_interval};
        } else {
            alarm_.reset();
        }
    }

    /// An alarm came up: demand access at once.
    constexpr void alarm(Instant now) { alarm_ = now; }
    /// The button was pressed. `random` 0 to 2^32 - 1 spreads the first SND-IR over 60 s.
    constexpr void install(Instant now, std::uint32_t random) {
        left_ = plan_.installation_count;
        const std::int64_t steps = installation_delay / std::chrono::microseconds{1};
        installation_ =
            now + std::chrono::microseconds{static_cast<std::int64_t>(random) * steps >> 32U};
        if (left_ == 0) {
            installation_.reset();
        }
    }
    /// CNF-IR: no further SND-IR.
    constexpr void confirmed() {
        left_ = 0;
        installation_.reset();
    }

  private:
    [[nodiscard]] constexpr Due next_slot() const {
        const bool data = since_data_ >= plan_.access_only;
        const bool still =
            data && plan_.static_every != 0 && data_ % plan_.static_every == plan_.static_every - 1;
        return {.at = slots_.due(),
                .service = data ? wireless::Service::snd_nr : wireless::Service::acc_nr,
                .synchronous = true,
                .access_number = slots_.number(),
                .static_data = still};
    }

    SendPlan plan_;
    wireless::SynchronousSchedule slots_;
    unsigned since_data_ = 15; ///< ACC-NR since the last SND-NR; begins with one
    unsigned data_ = 0;        ///< SND-NR so far
    std::optional<Instant> alarm_{};
    std::optional<Instant> installation_{};
    unsigned left_ = 0; ///< SND-IR still to be sent
};

} // namespace meterbench::core::sender
