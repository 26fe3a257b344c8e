// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/address.hpp"
#include "core/link/fcb.hpp"
#include "core/link/frame_decoder.hpp"
#include "core/link/octet_filter.hpp"
#include "core/link/secondary_table.hpp"
#include "core/link/telegram_source.hpp"
#include "core/octet.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::link {

/// EN 13757-2, 5.7 / EN 60870-5-1: the reply window opens 11 bit times after the request's last
/// stop bit (MB2-LL-016) ...
inline constexpr Limit reply_earliest{BitTime{11}, {}};
/// ... and closes 330 bit times + 50 ms after it (MB2-LL-017).
inline constexpr Limit reply_latest{BitTime{330}, std::chrono::milliseconds{50}};

/// What a meter's link station keeps to; a fault of the seam "limits" changes these.
struct SecondaryLimits {
    Limit response_delay = reply_earliest;    ///< from the request's last stop bit to the answer
    std::optional<Limit> acknowledge_delay{}; ///< to an E5h, where that differs
    /// How long a rate that was set waits for a valid frame before the old one is back. The master
    /// has 2 min (MB2-LL-060), the meter 2 to 10 (MB2-LL-061).
    Duration rate_trial = std::chrono::minutes{5};
};

struct SecondaryConfig {
    std::uint8_t address = address::unconfigured;
    Baud baud{};
    SecondaryLimits limits{};
    std::span<const SecondaryRow> table = secondary_table();
    OctetFilter* octets_in = nullptr;
    TransmissionFilter* octets_out = nullptr;
};

/// What the station last made of a frame.
struct SecondaryReport {
    SecondaryEvent event = SecondaryEvent::foreign;
    SecondaryGuard guard = SecondaryGuard::always;
    SecondaryAction action = SecondaryAction::ignore_foreign;
    SecondaryState state = SecondaryState::deselected; ///< after it
};

/// The link layer of a meter (EN 13757-2, 5.7): a protocol object over an application.
/// receive() takes what is heard; transmit() is asked after each verb.
class SecondaryStation {
  public:
    /// `application` outlives the station.
    SecondaryStation(const SecondaryConfig& config, MeterApplication& application);

    void receive(std::span<const Octet> octets);

    /// A whole frame at once, for a host with many stations that decodes what all of them hear only
    /// once, with a FrameDecoder of the same rate. As receive() with the octets of the frame; only
    /// where takes_frames(), and where the station and that decoder were both between_frames() when
    /// the frame began. What makes no frame leaves no trace in a station, so it need not be told.
    void receive_frame(const Frame& frame, Instant end);
    /// No filter looks at the single octets.
    [[nodiscard]] bool takes_frames() const { return config_.octets_in == nullptr; }
    [[nodiscard]] bool between_frames() const { return decoder_.between_frames(); }
    /// Frames for other addresses, and answers, change nothing but event(): a host that hands over
    /// frames may leave them out.
    [[nodiscard]] bool ignores_others() const { return ignores_others_; }
    /// From here on octets come one by one again, in the middle of what `decoder` has heard.
    void continue_from(const FrameDecoder& decoder) { decoder_ = decoder; }

    [[nodiscard]] std::optional<Transmission> transmit() const;
    void sent(Instant now);
    void aborted(Instant now);
    [[nodiscard]] std::optional<Baud> listens() const { return config_.baud; }
    void restart(Instant now);
    /// A meter waits for nothing but requests, and for the first of them at a new rate.
    [[nodiscard]] std::optional<Instant> deadline() const;
    void expire(Instant now);
    /// What became of the last complete frame, once; none for octets that made no frame.
    [[nodiscard]] std::optional<SecondaryReport> event();

    [[nodiscard]] std::uint8_t address() const { return config_.address; }
    void set_address(std::uint8_t value) { config_.address = value; }
    [[nodiscard]] SecondaryState state() const { return state_; }
    [[nodiscard]] const SecondaryConfig& config() const { return config_; }
    void set_table(std::span<const SecondaryRow> table);
    void set_limits(const SecondaryLimits& limits) { config_.limits = limits; }
    void set_filters(OctetFilter* in, TransmissionFilter* out);

  private:
    enum class Memory : std::uint8_t { request2, request1, data };

    void handle(const Frame& frame, Instant now);
    [[nodiscard]] SecondaryEvent classify_frame(const Frame& frame) const;
    [[nodiscard]] SecondaryEvent classify_data(const Frame& frame, AddressClass address) const;
    [[nodiscard]] const SecondaryRow& find_row(SecondaryEvent event, FcbRelation relation) const;
    void act(SecondaryAction action, const Frame& frame, Instant now);
    void answer(const FrameBuffer& frame, Instant now);
    void respond(const Telegram& telegram, Instant now);
    void send_class1(bool fresh, Instant now);
    void keep_command(const Frame& frame);
    void execute(std::span<const std::uint8_t> command, Instant now);
    void set_rate(Baud baud);
    [[nodiscard]] FcbMemory* memory(const Frame& frame);
    void clear_memories(AddressClass address);

    SecondaryConfig config_;
    MeterApplication& application_;
    FrameDecoder decoder_;
    SecondaryState state_ = SecondaryState::deselected;
    std::array<std::array<FcbMemory, 3>, 2> fcb_{}; ///< [own, selected][Memory]
    FrameBuffer answer_;
    Transmission transmission_{};
    bool answering_ = false;
    bool ignores_others_ = true;
    /// A rate that no frame has confirmed yet.
    struct RateTrial {
        Baud before;
        Instant ends;
    };
    std::optional<RateTrial> trial_;
    FrameBuffer command_; ///< user data to execute once the acknowledge has left
    std::optional<SecondaryReport> report_;
};

} // namespace meterbench::core::link
