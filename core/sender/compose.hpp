// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/fault.hpp"
#include "core/sender/radio_telegram.hpp"
#include "core/wireless/control.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::sender {

/// What an extended link layer V has; receiver and session are the profile's.
struct EllFive {
    wireless::EllFiveLayout layout{}; ///< which bit announces which; no public text says it
    bool receiver = false;
    bool session = false;
    std::optional<std::uint16_t> run_time_delay{};
    std::optional<std::uint8_t> reception_level{};
};

/// Which layers a device puts around its telegrams, and how it protects them. The same for all of
/// its telegrams; what differs from one to the next is in Message.
struct SenderProfile {
    wireless::LinkAddress address{}; ///< of the link layer: who sends, adapter or gateway included
    /// The meter spoken of or to, where it is not the one who sends: a long header.
    std::optional<application::DeviceId> meter{};
    std::optional<wireless::FrameFormat> format = wireless::FrameFormat::a;
    /// CI-field of the extended link layer: ci_ell_1 to ci_ell_5; 0: none.
    std::uint8_t link_ci = wireless::ci_ell_1;
    wireless::LinkAddress receiver{};  ///< ELL III, IV and V
    wireless::SessionNumber session{}; ///< ELL II, IV and V
    std::optional<EllFive> ell_five{}; ///< with ci_ell_5
    transport::SecurityMode security = transport::SecurityMode::none;
    std::uint8_t key_id = 0;        ///< modes 7 and 10
    std::uint8_t content_index = 0; ///< modes 7 and 10 (OMS Vol. 2: 1 mobile, 2 fixed network)
    /// Mode 13: what protocol the data are of (bits 3 to 0 of the extension). They are handed over
    /// as TLS made them and sent as they are.
    std::uint8_t tls_protocol = 0;
    /// AFL with this authentication (transport::mac_types); 0: no AFL. Mode 7 takes its counter
    /// from there.
    std::uint8_t authentication = 0;
    wireless::Accessibility access = wireless::Accessibility::none;
    bool fast_response = false;
};

/// What the telegram is about, for the CI-field.
enum class Subject : std::uint8_t {
    nothing, ///< transport layer alone: ACK, NACK, ACC-NR, REQ-UD ...
    records,
    alarm,
    application_error,
    command,
};

/// Content of the message (bits CC of the configuration field).
enum class MessageContent : std::uint8_t { standard = 0, additional = 1, installation = 2 };

/// One telegram to be made.
struct Message {
    wireless::Service service = wireless::Service::snd_nr;
    Subject subject = Subject::records;
    bool synchronous = false;
    std::uint8_t access_number = 0; ///< of the link layer where there is an extended one, and of
                                    ///< the transport layer
    application::Status status{};
    MessageContent content = MessageContent::standard;
    std::uint32_t message_counter = 0;    ///< modes 7 to 10 and AFL
    std::span<const std::uint8_t> data{}; ///< records, alarm bits, error code: plain
};

/// The layers of a telegram, by profile and message: C-field, ELL bits, AFL fields, CI-field for
/// header and subject, configuration field with the number of encrypted blocks or bytes. Telegrams
/// without application data, errors included, are neither encrypted nor authenticated (OMS Vol. 2,
/// 9.1). The result is plain data: any field may be changed before RadioEncoder makes a frame of
/// it. Fails with data-too-long when the mode's configuration field cannot count the data
/// (mode 5: 15 blocks with the two check bytes; modes 2 and 3: 248 bytes; 9 and 10: all), and with
/// profile-needed for an ELL V without layout, or with a field that its layout has no bit for.
[[nodiscard]] Expected<RadioTelegram> compose(const SenderProfile& profile, const Message& message);

} // namespace meterbench::core::sender
