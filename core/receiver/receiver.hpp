// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/receiver/decryption.hpp"
#include "core/receiver/duplicate_filter.hpp"
#include "core/receiver/fragments.hpp"
#include "core/receiver/key_store.hpp"
#include "core/receiver/message.hpp"
#include "core/receiver/replay_guard.hpp"
#include "core/time.hpp"
#include "core/wireless/extended_link.hpp"
#include "core/wireless/frame.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::receiver {

struct ReceiverOptions {
    security::ProtectionOptions decryption{};
    /// ELL V is not read without one.
    const wireless::EllFiveLayout* ell_five = nullptr;
    /// A message whose counter is not above its sender's last is a fault. Off for stored telegrams.
    bool guard_counters = false;
    std::size_t guarded_senders = 1024;
    /// Frames that are heard again within this time are marked; 0: none is.
    Duration duplicate_window{};
    std::size_t partial_messages = 8; ///< fragmented messages at once, 16 kB each
};

/// What a frame was, layer by layer. Views into what was received and into the receiver.
struct Reception {
    std::optional<wireless::Frame> frame{}; ///< none: the fault says why
    std::optional<wireless::ExtendedLink> link{};
    std::optional<transport::Afl> afl{}; ///< of this frame
    /// Of a fragmented message: what this frame has of it.
    std::span<const std::uint8_t> fragment{};
    bool assembled = false;                  ///< the message came in several fragments
    std::span<const std::uint8_t> message{}; ///< from the transport layer's CI-field on, as sent
    std::uint32_t message_offset = 0;        ///< in the frame without CRCs; 0 when assembled
    /// In the device of a telegram without a long header stands the meter's link address.
    application::Telegram telegram{};
    SecurityReport security{};
    SecurityReport session{}; ///< of the extended link layer
    bool duplicate = false;
    /// Of the layer that stopped; that of records is found when they are read. The offset counts
    /// in what was received (assembled messages: in the message).
    std::optional<Fault> fault{};

    [[nodiscard]] wireless::Direction direction() const {
        return frame ? wireless::direction_of(frame->c()) : wireless::Direction::meter_to_other;
    }
    /// The meter that speaks or is spoken to, of the link layer.
    [[nodiscard]] wireless::LinkAddress meter() const;
    /// Where a byte of the frame without CRCs stood in what was received.
    [[nodiscard]] std::uint32_t received_offset(std::uint32_t offset) const {
        return !assembled && frame ? static_cast<std::uint32_t>(frame->offset_of(offset)) : offset;
    }
};

/// From the bytes of a radio frame to a telegram with plain records. Allocates nothing after its
/// construction. Records are read from Reception::telegram as those of a wired telegram are.
class Receiver {
  public:
    /// `keys` outlives the receiver; keys may be added meanwhile.
    explicit Receiver(const KeyStore& keys, const ReceiverOptions& options = {});

    /// Takes a frame apart. Valid until the next call. `now` matters for duplicates only.
    const Reception& receive(std::span<const std::uint8_t> received,
                             wireless::Handover handover = wireless::Handover::unknown,
                             Instant now = {});

    /// For telegrams of other links: a wired telegram may be encrypted, too.
    [[nodiscard]] Decryption& decryption() { return decryption_; }
    [[nodiscard]] ReplayGuard& replay_guard() { return guard_; }

  private:
    using Bytes = std::span<const std::uint8_t>;
    void take_layers();
    [[nodiscard]] bool take_link(Bytes& data, std::uint32_t& offset);
    [[nodiscard]] bool take_afl(Bytes& data, std::uint32_t& offset);
    void take_transport(Bytes message, std::uint32_t offset);
    [[nodiscard]] bool session_is_plausible() const;
    void guard();
    void mark_duplicate(Instant now);
    void fail(const Fault& fault, std::uint32_t offset);

    ReceiverOptions options_;
    Decryption decryption_;
    Fragments fragments_;
    ReplayGuard guard_;
    DuplicateFilter duplicates_;
    wireless::FrameBuffer buffer_{};
    transport::Afl message_afl_{}; ///< of all fragments
    Reception reception_{};
};

} // namespace meterbench::core::receiver
