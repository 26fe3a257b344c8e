// SPDX-License-Identifier: Apache-2.0
#include "core/sender/compose.hpp"

#include <algorithm>
#include <array>

namespace meterbench::core::sender {

using application::HeaderKind;
using transport::Configuration;
using transport::SecurityMode;
using wireless::CommunicationControl;
using wireless::Direction;
using wireless::Service;

namespace {

constexpr std::uint8_t all_blocks = 15; ///< mode 7: the whole rest
constexpr std::uint16_t all_bytes = 0xFF;
constexpr std::uint16_t counter_here = 0x2000;  ///< Z
constexpr std::uint16_t derivation_cmac = 0x10; ///< DD = 01 (EN 13757-7, 9.2)
constexpr std::uint16_t tag_of_8 = 0x100;       ///< mode 10, OO = 01
constexpr std::size_t check_bytes = 2;

/// The CI-field of a subject with no, a short and a long header; 0: there is none.
struct SubjectRow {
    Subject subject;
    Direction direction;
    std::array<std::uint8_t, 3> ci;
};
constexpr std::array subject_rows{
    SubjectRow{Subject::nothing, Direction::meter_to_other, {0, 0x8A, 0x8B}},
    SubjectRow{Subject::nothing, Direction::other_to_meter, {0, 0, 0x80}},
    SubjectRow{Subject::records, Direction::meter_to_other, {0x78, 0x7A, 0x72}},
    SubjectRow{Subject::records, Direction::other_to_meter, {0x51, 0x5A, 0x5B}},
    SubjectRow{Subject::alarm, Direction::meter_to_other, {0x71, 0x74, 0x75}},
    SubjectRow{Subject::application_error, Direction::meter_to_other, {0x70, 0x6E, 0x6F}},
    SubjectRow{Subject::command, Direction::other_to_meter, {0x51, 0x5A, 0x5B}},
};

std::uint8_t ci_of(Subject subject, Direction direction, HeaderKind header) {
    for (const SubjectRow& row : subject_rows) {
        if (row.subject == subject && row.direction == direction) {
            return row.ci[static_cast<std::size_t>(header)];
        }
    }
    return 0;
}

Direction direction_of(Service service) {
    for (const wireless::ServiceRow& row : wireless::service_rows) {
        if (row.service == service) {
            return row.sender.value_or(Direction::meter_to_other);
        }
    }
    return Direction::meter_to_other;
}

/// The C-field: requests with FCV, as on the air (5Ah, 5Bh), else the row's value.
std::uint8_t c_field(Service service) {
    for (const wireless::ServiceRow& row : wireless::service_rows) {
        if (row.service == service) {
            const bool request = service == Service::req_ud1 || service == Service::req_ud2;
            return request ? static_cast<std::uint8_t>(row.value | wireless::c_count_on)
                           : row.value;
        }
    }
    return 0;
}

bool is_protected(Subject subject) {
    return subject == Subject::records || subject == Subject::command || subject == Subject::alarm;
}

CommunicationControl control_of(const SenderProfile& profile, const Message& message) {
    const auto access = static_cast<unsigned>(profile.access);
    unsigned raw = 0;
    raw |= (access & 2U) != 0 ? CommunicationControl::bidirectional_bit : 0U;
    raw |= (access & 1U) != 0 ? CommunicationControl::accessible_bit : 0U;
    raw |= profile.fast_response ? CommunicationControl::fast_bit : 0U;
    raw |= message.synchronous ? CommunicationControl::synchronous_bit : 0U;
    return {static_cast<std::uint8_t>(raw)};
}

Expected<wireless::ExtendedLink> link_of(const SenderProfile& profile, const Message& message) {
    const std::uint8_t ci = profile.link_ci;
    const EllFive five = profile.ell_five.value_or(EllFive{});
    const bool is_five = ci == wireless::ci_ell_5;
    wireless::ExtendedLink link;
    link.ci = ci;
    link.control = control_of(profile, message);
    link.access_number = message.access_number;
    if (ci == wireless::ci_ell_3 || ci == wireless::ci_ell_4 || (is_five && five.receiver)) {
        link.receiver = profile.receiver;
    }
    if (ci == wireless::ci_ell_2 || ci == wireless::ci_ell_4 || (is_five && five.session)) {
        link.session = profile.session;
    }
    if (is_five) {
        link.run_time_delay = five.run_time_delay;
        link.reception_level = five.reception_level;
        if (!profile.ell_five || !announce_fields(link, five.layout)) {
            return failure(FaultCode::profile_needed);
        }
    }
    return link;
}

transport::Afl afl_of(const SenderProfile& profile, const Message& message) {
    transport::Afl afl;
    afl.message_control = profile.authentication;
    afl.message_counter = message.message_counter;
    announce_fields(afl);
    return afl;
}

/// Blocks of 16 bytes for the data and the check bytes.
std::size_t blocks_of(std::size_t size) {
    return (size + check_bytes + security::block_size - 1) / security::block_size;
}

/// Bits of mode 0 and 5 that the extended link layer has where there is one.
std::uint16_t link_bits(const SenderProfile& profile, const Message& message) {
    if (profile.link_ci != 0) {
        return 0;
    }
    const auto access = static_cast<unsigned>(profile.access);
    return static_cast<std::uint16_t>(access << 14U | (message.synchronous ? 0x2000U : 0U));
}

Expected<Configuration> configuration_of(const SenderProfile& profile, const Message& message) {
    const SecurityMode mode = is_protected(message.subject) ? profile.security : SecurityMode::none;
    const std::size_t size = message.data.size();
    const auto content = static_cast<unsigned>(message.content);
    Configuration made;
    unsigned field = static_cast<unsigned>(mode) << 8U;
    switch (mode) {
    case SecurityMode::none: field |= link_bits(profile, message) | content << 2U; break;
    case SecurityMode::aes_cbc:
    case SecurityMode::aes_cbc_iv:
        if (blocks_of(size) > all_blocks) {
            return failure(FaultCode::data_too_long, all_blocks * security::block_size);
        }
        field |= static_cast<unsigned>(blocks_of(size)) << 4U;
        field |=
            mode == SecurityMode::aes_cbc_iv ? link_bits(profile, message) | content << 2U : 0U;
        break;
    case SecurityMode::des_cbc:
    case SecurityMode::des_cbc_iv: {
        constexpr std::size_t block = security::des_block_size;
        const std::size_t bytes = (size + check_bytes + block - 1) / block * block;
        if (bytes > all_bytes) {
            return failure(FaultCode::data_too_long, all_bytes);
        }
        field |= static_cast<unsigned>(bytes);
        break;
    }
    case SecurityMode::aes_cbc_derived:
        field |= content << 14U | profile.content_index;
        field |= static_cast<unsigned>(std::min<std::size_t>(blocks_of(size), all_blocks)) << 4U;
        made.extension = static_cast<std::uint16_t>(derivation_cmac | profile.key_id);
        if (profile.authentication == 0) {
            field |= counter_here;
        }
        break;
    case SecurityMode::tls:
        field |= content << 14U | all_bytes;
        made.extension = profile.tls_protocol;
        break;
    default: // 8, 9, 10
        field |= content << 14U | counter_here;
        field |= mode == SecurityMode::aes_ctr_cmac ? 0U : all_bytes;
        if (mode == SecurityMode::aes_ccm) {
            made.extension = static_cast<std::uint16_t>(
                tag_of_8 | derivation_cmac | profile.key_id | profile.content_index << 10U);
        }
        break;
    }
    made.field = static_cast<std::uint16_t>(field);
    if (mode >= SecurityMode::aes_cbc_derived && mode <= SecurityMode::aes_ccm &&
        (field & counter_here) != 0) {
        made.message_counter = message.message_counter;
    }
    return made;
}

} // namespace

Expected<RadioTelegram> compose(const SenderProfile& profile, const Message& message) {
    const Direction direction = direction_of(message.service);
    const bool down = direction == Direction::other_to_meter;
    // A frame to a meter says whom it is for in its long header (OMS Vol. 2, 5.2.2).
    const HeaderKind header =
        profile.meter || down ? HeaderKind::long_header : HeaderKind::short_header;
    const auto configuration = configuration_of(profile, message);
    if (!configuration) {
        return std::unexpected{configuration.error()};
    }
    RadioTelegram made;
    made.format = profile.format;
    made.c = c_field(message.service);
    made.address = profile.address;
    if (profile.link_ci != 0) {
        const auto link = link_of(profile, message);
        if (!link) {
            return std::unexpected{link.error()};
        }
        made.link = *link;
    }
    if (profile.authentication != 0 && is_protected(message.subject)) {
        made.afl = afl_of(profile, message);
    }
    TransportPart part;
    part.ci = ci_of(message.subject, direction, header);
    part.header = header;
    part.fields.device = profile.meter.value_or(application::DeviceId{});
    part.fields.transport.access_number = message.access_number;
    part.fields.transport.status = message.status;
    part.configuration = *configuration;
    part.content = message.data;
    part.sealed = configuration->mode() == SecurityMode::tls;
    made.transport = part;
    return made;
}

} // namespace meterbench::core::sender
