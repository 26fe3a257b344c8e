// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/extended_link.hpp"

#include "core/bytes/crc.hpp"
#include "core/bytes/fields.hpp"

#include <algorithm>

namespace meterbench::core::wireless {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// Which fields a layer has.
struct Fields {
    bool extended_control = false;
    bool receiver = false;
    bool session = false;
    bool run_time_delay = false;
    bool reception_level = false;
    bool payload_crc = false;

    [[nodiscard]] std::size_t size() const {
        return 3U + (extended_control ? 1U : 0U) + (receiver ? LinkAddress::size : 0U) +
               (session ? 4U : 0U) + (run_time_delay ? 2U : 0U) + (reception_level ? 1U : 0U) +
               (payload_crc ? payload_crc_size : 0U);
    }
};

Fields fields_of(std::uint8_t ci, std::uint8_t extended_control, const EllFiveLayout* layout) {
    if (ci != ci_ell_5) {
        const bool receiver = ci == ci_ell_3 || ci == ci_ell_4;
        const bool session = ci == ci_ell_2 || ci == ci_ell_4;
        return {.receiver = receiver, .session = session, .payload_crc = session};
    }
    const auto has = [extended_control](std::uint8_t bit) {
        return bit < 8 && (extended_control >> bit & 1U) != 0;
    };
    const bool session = has(layout->session_bit);
    return {true,
            has(layout->receiver_bit),
            session,
            has(layout->run_time_delay_bit),
            has(layout->reception_level_bit),
            session};
}

} // namespace

Expected<ExtendedLink> decode_extended_link(Bytes data, const EllFiveLayout* layout) {
    constexpr std::size_t control_size = 4; // CI, CC, ACC, ECC
    const std::uint8_t ci = data.empty() ? std::uint8_t{0} : data[0];
    const bool five = ci == ci_ell_5;
    if (five && layout == nullptr) {
        return failure(FaultCode::profile_needed);
    }
    if (data.size() < (five ? control_size : control_size - 1)) {
        return failure(FaultCode::ell_truncated, data.size());
    }
    const Fields fields = fields_of(ci, five ? data[3] : std::uint8_t{0}, layout);
    if (data.size() < fields.size()) {
        return failure(FaultCode::ell_truncated, data.size(),
                       static_cast<std::int32_t>(fields.size()),
                       static_cast<std::int32_t>(data.size()));
    }
    bytes::FieldReader reader{data.subspan(1)};
    ExtendedLink link;
    link.ci = ci;
    link.control.raw = static_cast<std::uint8_t>(reader.number(1));
    link.access_number = static_cast<std::uint8_t>(reader.number(1));
    if (fields.extended_control) {
        link.extended_control = static_cast<std::uint8_t>(reader.number(1));
    }
    if (fields.receiver) {
        link.receiver = LinkAddress::read(reader.take(LinkAddress::size));
    }
    if (fields.session) {
        link.session = SessionNumber{reader.number(4)};
    }
    if (fields.run_time_delay) {
        link.run_time_delay = static_cast<std::uint16_t>(reader.number(2));
    }
    if (fields.reception_level) {
        link.reception_level = static_cast<std::uint8_t>(reader.number(1));
    }
    if (fields.payload_crc) {
        link.payload_crc = static_cast<std::uint16_t>(reader.number(payload_crc_size));
    }
    link.size = fields.size();
    if (link.session && link.session->encryption() > SessionNumber::aes_ctr) {
        return failure(FaultCode::ell_encryption_reserved, fields.size() - payload_crc_size - 1, -1,
                       link.session->encryption());
    }
    return link;
}

Expected<std::size_t> encode_extended_link(const ExtendedLink& link, std::span<std::uint8_t> into) {
    bytes::FieldWriter writer{into};
    writer.number(link.ci, 1);
    writer.number(link.control.raw, 1);
    writer.number(link.access_number, 1);
    if (link.ci == ci_ell_5) {
        writer.number(link.extended_control, 1);
    }
    if (link.receiver) {
        writer.bytes(link.receiver->bytes);
    }
    if (link.session) {
        writer.number(link.session->raw, 4);
    }
    if (link.run_time_delay) {
        writer.number(*link.run_time_delay, 2);
    }
    if (link.reception_level) {
        writer.number(*link.reception_level, 1);
    }
    if (link.payload_crc) {
        writer.number(*link.payload_crc, payload_crc_size);
    }
    if (!writer.fits()) {
        return failure(FaultCode::data_too_long, into.size());
    }
    return writer.size();
}

bool announce_fields(ExtendedLink& link, const EllFiveLayout& layout) {
    constexpr std::uint8_t never = 8;
    bool all = true;
    const auto announce = [&](bool there, std::uint8_t bit) {
        if (bit >= never) {
            all = all && !there;
            return;
        }
        const unsigned others = link.extended_control & ~(1U << bit);
        link.extended_control = static_cast<std::uint8_t>(others | (there ? 1U << bit : 0U));
    };
    announce(link.receiver.has_value(), layout.receiver_bit);
    announce(link.session.has_value(), layout.session_bit);
    announce(link.run_time_delay.has_value(), layout.run_time_delay_bit);
    announce(link.reception_level.has_value(), layout.reception_level_bit);
    return all;
}

std::uint16_t payload_crc(Bytes payload) {
    return bytes::crc_en13757(payload);
}

std::array<std::uint8_t, 16> session_counter_block(const LinkAddress& address,
                                                   const ExtendedLink& link) {
    constexpr unsigned changed_by_repeaters =
        CommunicationControl::hop_bit | CommunicationControl::repeated_bit;
    std::array<std::uint8_t, 16> block{};
    bytes::FieldWriter fields{block};
    fields.bytes(address.bytes);
    fields.number(link.control.raw & ~changed_by_repeaters, 1);
    fields.number(link.session ? link.session->raw : 0, 4);
    return block;
}

} // namespace meterbench::core::wireless
