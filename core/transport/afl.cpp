// SPDX-License-Identifier: Apache-2.0
#include "core/transport/afl.hpp"

#include <algorithm>

namespace meterbench::core::transport {
namespace {

using Bytes = std::span<const std::uint8_t>;
constexpr std::size_t head_size = 4; ///< CI, AFLL, FCL

std::uint32_t read_number(Bytes at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= std::uint32_t{at[i]} << 8U * i;
    }
    return value;
}

/// Takes fields off the front of the layer; none after one that did not fit.
class Fields {
  public:
    explicit Fields(Bytes rest) : rest_{rest} {}
    std::optional<std::uint32_t> number(bool announced, std::size_t size) {
        const Bytes field = take(announced, size);
        return field.empty() ? std::nullopt : std::optional{read_number(field, size)};
    }
    Bytes take(bool announced, std::size_t size) {
        if (!announced || size > rest_.size()) {
            short_ = short_ || announced;
            return {};
        }
        const Bytes field = rest_.first(size);
        rest_ = rest_.subspan(size);
        return field;
    }
    [[nodiscard]] bool too_short() const { return short_; }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }

  private:
    Bytes rest_;
    bool short_ = false;
};

template <class T> std::optional<T> narrowed(std::optional<std::uint32_t> value) {
    return value ? std::optional<T>{static_cast<T>(*value)} : std::nullopt;
}

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

void put(std::span<std::uint8_t> into, std::size_t& at, std::uint32_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i, ++at) {
        if (at < into.size()) {
            into[at] = static_cast<std::uint8_t>(value >> 8U * i);
        }
    }
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
    afl.fragmentation = static_cast<std::uint16_t>(read_number(data.subspan(2), 2));
    const auto has = [&afl](std::uint16_t bit) { return (afl.fragmentation & bit) != 0; };
    Fields fields{data.first(size).subspan(head_size)};
    afl.message_control = narrowed<std::uint8_t>(fields.number(has(fcl_message_control), 1));
    if (const auto raw = fields.number(has(fcl_key_information), 2)) {
        afl.key_information = KeyInformation{static_cast<std::uint16_t>(*raw)};
    }
    afl.message_counter = fields.number(has(fcl_message_counter), 4);
    if (has(fcl_mac)) {
        const auto mac = mac_size(afl, fields.left(), has(fcl_message_length));
        if (!mac) {
            return failure(afl.message_control ? FaultCode::mac_type_unsupported
                                               : FaultCode::afl_length_mismatch,
                           head_size);
        }
        const Bytes bytes = fields.take(true, *mac);
        afl.mac.emplace();
        afl.mac->size = static_cast<std::uint8_t>(bytes.size());
        std::ranges::copy(bytes, afl.mac->storage.begin());
    }
    afl.message_length = narrowed<std::uint16_t>(fields.number(has(fcl_message_length), 2));
    if (fields.too_short() || fields.left() != 0) {
        return failure(FaultCode::afl_length_mismatch, 1);
    }
    return afl;
}

Expected<std::size_t> encode_afl(const Afl& afl, std::span<std::uint8_t> into,
                                 std::optional<std::uint8_t> length) {
    std::size_t at = 0;
    put(into, at, ci_afl, 1);
    put(into, at, 0, 1);
    put(into, at, afl.fragmentation, 2);
    if (afl.message_control) {
        put(into, at, *afl.message_control, 1);
    }
    if (afl.key_information) {
        put(into, at, afl.key_information->raw, 2);
    }
    if (afl.message_counter) {
        put(into, at, *afl.message_counter, 4);
    }
    if (afl.mac) {
        for (const std::uint8_t byte : afl.mac->bytes()) {
            put(into, at, byte, 1);
        }
    }
    if (afl.message_length) {
        put(into, at, *afl.message_length, 2);
    }
    if (at > into.size()) {
        return failure(FaultCode::data_too_long, into.size());
    }
    into[1] = length.value_or(static_cast<std::uint8_t>(at - 2));
    return at;
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
    if (afl.message_control) {
        put(prefix.storage, prefix.size, *afl.message_control, 1);
    }
    if (afl.key_information && with_key_information) {
        put(prefix.storage, prefix.size, afl.key_information->raw, 2);
    }
    if (afl.message_counter) {
        put(prefix.storage, prefix.size, *afl.message_counter, 4);
    }
    if (afl.message_length) {
        put(prefix.storage, prefix.size, *afl.message_length, 2);
    }
    return prefix;
}

} // namespace meterbench::core::transport
