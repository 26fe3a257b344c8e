// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/extended_link.hpp"

#include "core/bytes/crc.hpp"

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

/// Reads numbers LSB first, one after the other.
class Reader {
  public:
    explicit Reader(Bytes bytes) : bytes_{bytes} {}
    std::uint32_t number(std::size_t size) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            value |= std::uint32_t{bytes_[at_++]} << 8U * i;
        }
        return value;
    }
    LinkAddress address() {
        const LinkAddress read = LinkAddress::read(bytes_.subspan(at_));
        at_ += LinkAddress::size;
        return read;
    }

  private:
    Bytes bytes_;
    std::size_t at_ = 0;
};

class Writer {
  public:
    explicit Writer(std::span<std::uint8_t> into) : into_{into} {}
    void number(std::uint32_t value, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            byte(static_cast<std::uint8_t>(value >> 8U * i));
        }
    }
    void byte(std::uint8_t value) {
        if (at_ < into_.size()) {
            into_[at_] = value;
        }
        ++at_;
    }
    [[nodiscard]] Expected<std::size_t> size() const {
        if (at_ > into_.size()) {
            return failure(FaultCode::data_too_long, into_.size());
        }
        return at_;
    }

  private:
    std::span<std::uint8_t> into_;
    std::size_t at_ = 0;
};

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
    Reader reader{data.subspan(1)};
    ExtendedLink link;
    link.ci = ci;
    link.control.raw = static_cast<std::uint8_t>(reader.number(1));
    link.access_number = static_cast<std::uint8_t>(reader.number(1));
    if (fields.extended_control) {
        link.extended_control = static_cast<std::uint8_t>(reader.number(1));
    }
    if (fields.receiver) {
        link.receiver = reader.address();
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
    Writer writer{into};
    writer.byte(link.ci);
    writer.byte(link.control.raw);
    writer.byte(link.access_number);
    if (link.ci == ci_ell_5) {
        writer.byte(link.extended_control);
    }
    if (link.receiver) {
        for (const std::uint8_t byte : link.receiver->bytes) {
            writer.byte(byte);
        }
    }
    if (link.session) {
        writer.number(link.session->raw, 4);
    }
    if (link.run_time_delay) {
        writer.number(*link.run_time_delay, 2);
    }
    if (link.reception_level) {
        writer.byte(*link.reception_level);
    }
    if (link.payload_crc) {
        writer.number(*link.payload_crc, payload_crc_size);
    }
    return writer.size();
}

std::uint16_t payload_crc(Bytes payload) {
    return bytes::crc_en13757(payload);
}

std::array<std::uint8_t, 16> session_counter_block(const LinkAddress& address,
                                                   const ExtendedLink& link) {
    std::array<std::uint8_t, 16> block{};
    std::ranges::copy(address.bytes, block.begin());
    constexpr unsigned changed_by_repeaters =
        CommunicationControl::hop_bit | CommunicationControl::repeated_bit;
    block[8] = static_cast<std::uint8_t>(link.control.raw & ~changed_by_repeaters);
    const std::uint32_t session = link.session ? link.session->raw : 0;
    for (std::size_t i = 0; i < 4; ++i) {
        block[9 + i] = static_cast<std::uint8_t>(session >> 8U * i);
    }
    return block;
}

} // namespace meterbench::core::wireless
