// SPDX-License-Identifier: Apache-2.0
#include "core/transport/afl.hpp"

#include "core/bytes/fields.hpp"

#include <algorithm>

namespace meterbench::core::transport {
namespace {

using Bytes = std::span<const std::uint8_t>;
constexpr std::size_t head_size = 4; ///< CI, AFLL, FCL

/// Bytes of the MAC: by its type, or in a later fragment what is left before the message length.
std::optional<std::size_t> mac_size(const Afl& afl, std::size_t left, bool length_follows) {
    if (afl.message_control) {
        const MacType* type = mac_type(*afl.message_control);
        return type == nullptr ? std::nullopt : std::optional<std::size_t>{type->size};
    }
    const std::size_t behind = length_follows ? 2 : 0;
    const std::size_t size = left < behind ? 0 : left - behind;
    const bool known =
        std::ranges::any_of(mac_types, [size](const MacType& type) { return type.size == size; });
    return known ? std::optional{size} : std::nullopt;
}

} // namespace

Expected<Afl> decode_afl(Bytes data) {
    if (data.size() < head_size) {
        return failure(FaultCode::afl_truncated, data.size());
    }
    const std::size_t size = 2U + data[1];
    if (size > data.size()) {
        return failure(FaultCode::afl_truncated, 1, static_cast<std::int32_t>(size),
                       static_cast<std::int32_t>(data.size()));
    }
    if (size < head_size) {
        return failure(FaultCode::afl_length_mismatch, 1, 2, data[1]);
    }
    Afl afl;
    afl.size = size;
    bytes::FieldReader fields{data.first(size).subspan(2)};
    afl.fragmentation = static_cast<std::uint16_t>(fields.number(2));
    const auto has = [&afl](std::uint16_t bit) { return (afl.fragmentation & bit) != 0; };
    if (has(fcl_message_control)) {
        afl.message_control = static_cast<std::uint8_t>(fields.number(1));
    }
    if (has(fcl_key_information)) {
        afl.key_information = KeyInformation{static_cast<std::uint16_t>(fields.number(2))};
    }
    if (has(fcl_message_counter)) {
        afl.message_counter = fields.number(4);
    }
    if (fields.too_short()) {
        return failure(FaultCode::afl_length_mismatch, 1);
    }
    if (has(fcl_mac)) {
        const auto mac = mac_size(afl, fields.left(), has(fcl_message_length));
        if (!mac) {
            return failure(afl.message_control ? FaultCode::mac_type_unsupported
                                               : FaultCode::afl_length_mismatch,
                           head_size);
        }
        const Bytes bytes = fields.take(*mac);
        afl.mac.emplace();
        afl.mac->size = static_cast<std::uint8_t>(bytes.size());
        std::ranges::copy(bytes, afl.mac->storage.begin());
    }
    if (has(fcl_message_length)) {
        afl.message_length = static_cast<std::uint16_t>(fields.number(2));
    }
    if (fields.too_short() || fields.left() != 0) {
        return failure(FaultCode::afl_length_mismatch, 1);
    }
    return afl;
}

Expected<std::size_t> encode_afl(const Afl& afl, std::span<std::uint8_t> into,
                                 std::optional<std::uint8_t> length) {
    bytes::FieldWriter fields{into};
    fields.number(ci_afl, 1);
    fields.number(0, 1);
    fields.number(afl.fragmentation, 2);
    if (afl.message_control) {
        fields.number(*afl.message_control, 1);
    }
    if (afl.key_information) {
        fields.number(afl.key_information->raw, 2);
    }
    if (afl.message_counter) {
        fields.number(*afl.message_counter, 4);
    }
    if (afl.mac) {
        fields.bytes(afl.mac->bytes());
    }
    if (afl.message_length) {
        fields.number(*afl.message_length, 2);
    }
    if (!fields.fits()) {
        return failure(FaultCode::data_too_long, into.size());
    }
    into[1] = length.value_or(static_cast<std::uint8_t>(fields.size() - 2));
    return fields.size();
}

void announce_fields(Afl& afl) {
    const auto bit = [&afl](bool there, std::uint16_t mask) {
        const unsigned others = afl.fragmentation & ~unsigned{mask};
        afl.fragmentation = static_cast<std::uint16_t>(others | (there ? mask : 0U));
    };
    bit(afl.message_control.has_value(), fcl_message_control);
    bit(afl.message_length.has_value(), fcl_message_length);
    bit(afl.message_counter.has_value(), fcl_message_counter);
    bit(afl.mac.has_value(), fcl_mac);
    bit(afl.key_information.has_value(), fcl_key_information);
    if (afl.message_control) {
        const unsigned control = (*afl.message_control & 0x0FU) |
                                 (afl.message_length ? mcl_message_length : 0U) |
                                 (afl.message_counter ? mcl_message_counter : 0U) |
                                 (afl.key_information ? mcl_key_information : 0U);
        afl.message_control = static_cast<std::uint8_t>(control);
    }
}

MacPrefix mac_prefix(const Afl& afl, bool with_key_information) {
    MacPrefix prefix;
    bytes::FieldWriter fields{prefix.storage};
    if (afl.message_control) {
        fields.number(*afl.message_control, 1);
    }
    if (afl.key_information && with_key_information) {
        fields.number(afl.key_information->raw, 2);
    }
    if (afl.message_counter) {
        fields.number(*afl.message_counter, 4);
    }
    if (afl.message_length) {
        fields.number(*afl.message_length, 2);
    }
    prefix.size = fields.size();
    return prefix;
}

} // namespace meterbench::core::transport
