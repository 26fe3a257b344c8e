// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sender/compose.hpp"
#include "core/sender/send_schedule.hpp"
#include "core/wireless/meter_access.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::sender {

/// What a radio meter answers.
struct RadioAnswer {
    wireless::Service service = wireless::Service::rsp_ud; ///< RSP-UD, ACK or NACK
    Subject subject = Subject::records;
    std::span<const std::uint8_t> data{}; ///< plain; valid until the next call
};

/// A request to a radio meter, taken apart by the owner (receiver::Receiver does it).
struct RadioRequest {
    wireless::MeterAccessEvent event = wireless::MeterAccessEvent::request; ///< request, reset,
                                                                            ///< confirm, foreign or
                                                                            ///< bad_frame
    wireless::Service service = wireless::Service::req_ud2;
    std::uint8_t number = 0;                 ///< gateway access number
    bool fast = false;                       ///< D
    std::span<const std::uint8_t> content{}; ///< plain, of a command
    Instant end{};                           ///< of its last chip
};

/// The meter behind the radio.
class RadioApplication {
  public:
    virtual ~RadioApplication() = default;
    /// Records for a telegram of the meter's own accord, plain; valid until the next call.
    virtual std::span<const std::uint8_t> data(MessageContent content) = 0;
    /// Carries a request out, once for each gateway access number.
    virtual RadioAnswer answer(wireless::Service service,
                               std::span<const std::uint8_t> content) = 0;
    virtual application::Status status() { return {}; }
};

/// Between compose and encode: makes a telegram wrong on purpose.
class TelegramFilter {
  public:
    virtual ~TelegramFilter() = default;
    virtual void change(RadioTelegram& telegram) = 0;
};

struct RadioMeterConfig {
    SenderProfile profile{};
    std::optional<security::Key> key{};
    wireless::MeterAccessConfig access{};
    SendPlan plan{};
    std::uint8_t first_number = 0;     ///< random
    Instant first{};                   ///< random
    std::uint32_t message_counter = 0; ///< of the last message; the next one has one more
    TelegramFilter* filter = nullptr;
};

/// A meter's radio: sends on its schedule, opens its windows, answers, repeats; driven like any
/// protocol object. After each verb the owner asks transmit(), listens() and deadline() again.
///
/// A synchronous slot that falls into an open window or a pending answer is skipped: a late
/// telegram would be off its instant. Alarms and installation telegrams wait instead. After message
/// counter FFFFFFFFh nothing that needs one is sent (OMS Vol. 2).
class RadioMeter {
  public:
    RadioMeter(const RadioMeterConfig& config, RadioApplication& application,
               wireless::Credits* credits = nullptr,
               const security::ProtectionOptions& options = {});
    RadioMeter(const RadioMeter&) = delete; // frames on the air stand in it
    RadioMeter& operator=(const RadioMeter&) = delete;

    void receive(const RadioRequest& request);
    void sync_found(Instant frame_end) { access_.sync_found(frame_end); }
    [[nodiscard]] std::optional<wireless::RadioTransmission> transmit() const {
        return access_.transmit();
    }
    void sent(Instant start, Instant end);
    void aborted(Instant now);
    [[nodiscard]] bool listens() const { return access_.listens(); }
    [[nodiscard]] std::optional<Instant> deadline() const;
    void expire(Instant now);

    /// An alarm came up: ACC-DMD, and REQ-UD1 will ask what it is.
    void alarm(Instant now) { schedule_.alarm(now); }
    /// The installation button; `random` spreads the first SND-IR.
    void install(Instant now, std::uint32_t random) { schedule_.install(now, random); }

    [[nodiscard]] std::uint32_t message_counter() const { return counter_; }
    /// Synchronous slots that were not used.
    [[nodiscard]] unsigned skipped() const { return skipped_; }
    /// Why the last telegram could not be made, if it could not.
    [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }

  private:
    void send_due(Instant now);
    void take_notices();
    [[nodiscard]] bool make(const Message& wanted, wireless::Accessibility access,
                            wireless::AirFrame& into);
    [[nodiscard]] wireless::Accessibility own_access(Instant now) const;

    RadioMeterConfig config_;
    RadioApplication* application_;
    wireless::Credits* credits_;
    RadioEncoder encoder_;
    wireless::MeterAccess access_;
    SendSchedule schedule_;
    std::uint32_t counter_;
    RadioRequest request_{};
    wireless::AirFrame own_{};
    wireless::AirFrame answer_{};
    std::optional<Instant> again_{}; ///< an asynchronous telegram that had to wait
    unsigned skipped_ = 0;
    std::optional<Fault> fault_{};
};

} // namespace meterbench::core::sender
