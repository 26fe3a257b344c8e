// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/fault.hpp"
#include "core/security/aes.hpp"
#include "core/security/composition.hpp"
#include "core/transport/afl.hpp"
#include "core/transport/configuration.hpp"
#include "core/wireless/extended_link.hpp"
#include "core/wireless/frame.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::core::sender {

/// What stands behind link and AFL: CI-field, transport header, data.
struct TransportPart {
    std::uint8_t ci = 0;
    application::HeaderKind header = application::HeaderKind::none;
    /// Its configuration field gives way to `configuration`.
    application::LongHeader fields{};
    transport::Configuration configuration{};
    /// Plain: without check bytes, which modes 2 to 7 get in front, and without padding.
    std::span<const std::uint8_t> content{};
    /// The content is encrypted already, its tag included; it is sent as it is.
    bool sealed = false;
};

/// A radio telegram, layer by layer. Everything can be said, whether it makes sense or not; what is
/// left out is worked out.
struct RadioTelegram {
    std::optional<wireless::FrameFormat> format = wireless::FrameFormat::a; ///< none: no CRCs
    std::uint8_t c = 0x44;
    wireless::LinkAddress address{};
    /// With a session number and no payload CRC: it is worked out, and the payload encrypted.
    std::optional<wireless::ExtendedLink> link{};
    /// With a kind of authentication and no MAC: it is worked out, and announced.
    std::optional<transport::Afl> afl{};
    std::optional<TransportPart> transport{};
    wireless::FrameDeviations deviations{};

    [[nodiscard]] wireless::LinkAddress meter() const;
};

/// Makes frames of telegrams. Nothing is allocated after the construction but what frames are
/// returned in.
class RadioEncoder {
  public:
    explicit RadioEncoder(const security::ProtectionOptions& options = {});

    /// The bytes from the transport layer's CI-field on, encrypted; the key is the meter's. Valid
    /// until the next call. Mode 5 and 7 encrypt the blocks their configuration field names and
    /// fill these up with 2Fh; what does not fit into them follows in clear. Fails with no-key,
    /// key-length-mismatch, counter-missing, profile-needed, security-mode-unsupported,
    /// data-too-long.
    [[nodiscard]] Expected<std::span<const std::uint8_t>> message(const RadioTelegram& telegram,
                                                                  const security::Key* key);

    /// One frame. Fails as message() does, and as encode_frame. A frame whose AFL says that it is a
    /// fragment gets no MAC: that covers the whole message.
    [[nodiscard]] Expected<wireless::AirFrame> frame(const RadioTelegram& telegram,
                                                     const security::Key* key);

    /// The message in fragments of at most `size` bytes, one frame each: message control, counter
    /// and length in the first, the MAC in the last; a telegram without AFL gets one without
    /// authentication. Fails with data-too-long beyond 255 fragments too.
    [[nodiscard]] Expected<std::vector<wireless::AirFrame>>
    fragments(const RadioTelegram& telegram, const security::Key* key, std::size_t size);

  private:
    [[nodiscard]] Expected<std::size_t> seal(const RadioTelegram& telegram,
                                             const security::Key* key, std::size_t head);
    [[nodiscard]] Expected<void> seal_chained(const RadioTelegram& telegram,
                                              const security::Key& key, std::size_t head,
                                              std::size_t size);
    [[nodiscard]] Expected<std::size_t> seal_composed(const RadioTelegram& telegram,
                                                      const security::Key& key, std::size_t head,
                                                      std::size_t size);
    [[nodiscard]] Expected<transport::Mac> authentication(const RadioTelegram& telegram,
                                                          const transport::Afl& afl,
                                                          std::span<const std::uint8_t> message,
                                                          const security::Key* key);
    [[nodiscard]] Expected<wireless::AirFrame> wrap(const RadioTelegram& telegram,
                                                    const std::optional<transport::Afl>& afl,
                                                    std::span<const std::uint8_t> payload,
                                                    const security::Key* key);

    security::ProtectionOptions options_;
    security::Aes aes_;
    security::Aes derived_;
    std::vector<std::uint8_t> message_; ///< from the CI-field on
};

/// The address a key belongs to: the long header's, else that of the link layer.
[[nodiscard]] wireless::LinkAddress key_owner(const RadioTelegram& telegram);

} // namespace meterbench::core::sender
