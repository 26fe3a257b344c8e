// SPDX-License-Identifier: Apache-2.0
#include "core/sender/radio_telegram.hpp"

#include "core/security/authentication.hpp"
#include "core/security/key_derivation.hpp"

#include <algorithm>
#include <utility>

namespace meterbench::core::sender {

using security::Block;
using security::block_size;
using security::DerivedKey;
using security::Key;
using transport::Afl;
using transport::SecurityMode;
using wireless::AirFrame;
using wireless::Direction;

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t idle_filler = 0x2F;
constexpr std::uint8_t all_blocks = 15;
constexpr std::uint8_t all_bytes = 0xFF;
constexpr std::size_t aes_key_size = 16;
constexpr std::size_t des_key_size = 8;
/// Around what can be sent: CI-field, header and check bytes, padding to whole blocks, and a tag.
constexpr std::size_t room_around = 4 * block_size;

std::optional<std::uint32_t> counter_of(const RadioTelegram& telegram) {
    if (telegram.transport && telegram.transport->configuration.message_counter) {
        return telegram.transport->configuration.message_counter;
    }
    return telegram.afl ? telegram.afl->message_counter : std::nullopt;
}

Block derived_key(const security::Aes& master, const RadioTelegram& telegram, bool mac) {
    const bool up = wireless::direction_of(telegram.c) == Direction::meter_to_other;
    const DerivedKey use =
        mac ? (up ? DerivedKey::meter_authentication : DerivedKey::other_authentication)
            : (up ? DerivedKey::meter_encryption : DerivedKey::other_encryption);
    return derive_key(master, use, counter_of(telegram).value_or(0),
                      key_owner(telegram).id_bytes());
}

bool is_chained(SecurityMode mode) {
    constexpr auto reserved = static_cast<SecurityMode>(6);
    return mode >= SecurityMode::des_cbc && mode <= SecurityMode::aes_cbc_derived &&
           mode != reserved;
}
bool is_des(SecurityMode mode) {
    return mode == SecurityMode::des_cbc || mode == SecurityMode::des_cbc_iv;
}

/// Bytes that a chained mode encrypts, of `size` there are.
std::size_t encrypted_size(const transport::Configuration& configuration, std::size_t size) {
    if (is_des(configuration.mode())) {
        return configuration.encrypted_bytes();
    }
    if (configuration.blocks() == all_blocks) {
        const std::size_t whole = (size + block_size - 1) / block_size * block_size;
        return configuration.mode() == SecurityMode::aes_cbc_derived
                   ? whole
                   : std::min(whole, all_blocks * block_size);
    }
    return block_size * configuration.blocks();
}

} // namespace

wireless::LinkAddress RadioTelegram::meter() const {
    const bool down = wireless::direction_of(c) == Direction::other_to_meter;
    return down && link && link->receiver ? *link->receiver : address;
}

wireless::LinkAddress key_owner(const RadioTelegram& telegram) {
    if (telegram.transport && telegram.transport->header == application::HeaderKind::long_header) {
        const application::DeviceId& device = telegram.transport->fields.device;
        return wireless::LinkAddress::make(device.manufacturer, device.id, device.version,
                                           device.device_type);
    }
    return telegram.meter();
}

RadioEncoder::RadioEncoder(const security::ProtectionOptions& options) : options_{options} {
    message_.reserve(transport::max_message + room_around);
}

Expected<void> RadioEncoder::seal_chained(const RadioTelegram& telegram, const Key& key,
                                          std::size_t head, std::size_t size) {
    const TransportPart& part = *telegram.transport;
    const SecurityMode mode = part.configuration.mode();
    const std::size_t wanted = is_des(mode) ? des_key_size : aes_key_size;
    if (key.size != wanted) {
        return failure(FaultCode::key_length_mismatch, head, static_cast<std::int32_t>(wanted),
                       key.size);
    }
    const auto text = std::span{message_}.subspan(head, size);
    Block iv{};
    if (mode == SecurityMode::aes_cbc_iv) {
        iv.fill(part.fields.transport.access_number);
        std::ranges::copy(key_owner(telegram).bytes, iv.begin());
    }
    if (mode == SecurityMode::des_cbc_iv) {
        const auto* composition = options_.find(3);
        if (composition == nullptr) {
            return failure(FaultCode::profile_needed, head);
        }
        fill_nonce(*composition, {key_owner(telegram).bytes, 0, 0, options_.date}, iv);
    }
    if (is_des(mode)) {
        security::encrypt_des_cbc(key.bytes().first<des_key_size>(),
                                  Bytes{iv}.first<des_key_size>(), text, text);
        return {};
    }
    aes_.set_key(key.storage);
    if (mode != SecurityMode::aes_cbc_derived) {
        aes_.encrypt_cbc(iv, text, text);
        return {};
    }
    if (!counter_of(telegram)) {
        return failure(FaultCode::counter_missing, head);
    }
    derived_.set_key(derived_key(aes_, telegram, false));
    derived_.encrypt_cbc(iv, text, text);
    return {};
}

Expected<std::size_t> RadioEncoder::seal_composed(const RadioTelegram& telegram, const Key& key,
                                                  std::size_t head, std::size_t size) {
    const TransportPart& part = *telegram.transport;
    const SecurityMode mode = part.configuration.mode();
    const auto* composition = options_.find(static_cast<std::uint8_t>(mode));
    if (composition == nullptr) {
        return failure(FaultCode::profile_needed, head);
    }
    if (key.size != aes_key_size) {
        return failure(FaultCode::key_length_mismatch, head,
                       static_cast<std::int32_t>(aes_key_size), key.size);
    }
    const auto counter = counter_of(telegram);
    if (!counter) {
        return failure(FaultCode::counter_missing, head);
    }
    aes_.set_key(key.storage);
    derived_.set_key(composition->derived_key ? derived_key(aes_, telegram, false) : key.storage);
    Block nonce{};
    fill_nonce(
        *composition,
        {key_owner(telegram).bytes, *counter, part.fields.transport.access_number, options_.date},
        nonce);
    const bool all =
        mode == SecurityMode::aes_ctr_cmac || part.configuration.encrypted_bytes() == all_bytes;
    const std::size_t sealed = all ? size : part.configuration.encrypted_bytes();
    if (sealed > size) {
        return failure(FaultCode::encrypted_length_mismatch, head,
                       static_cast<std::int32_t>(sealed), static_cast<std::int32_t>(size));
    }
    const auto text = std::span{message_}.subspan(head, sealed);
    const Bytes associated = composition->header_associated ? Bytes{message_}.first(head) : Bytes{};
    const auto tag = std::span{message_}.subspan(head + size, composition->tag_size);
    switch (mode) {
    case SecurityMode::aes_ctr_cmac: {
        derived_.apply_ctr(nonce, text, text);
        const Block made = cmac(derived_, {associated, text});
        std::ranges::copy(Bytes{made}.first(tag.size()), tag.begin());
        break;
    }
    case SecurityMode::aes_gcm:
        seal_gcm(derived_, {Bytes{nonce}.first<12>(), associated, text}, text, tag);
        break;
    default: seal_ccm(derived_, {Bytes{nonce}.first(13), associated, text}, text, tag); break;
    }
    return composition->tag_size;
}

/// Encrypts the content that stands in message_ behind `head`; the size of the whole.
Expected<std::size_t> RadioEncoder::seal(const RadioTelegram& telegram, const Key* key,
                                         std::size_t head) {
    const TransportPart& part = *telegram.transport;
    const SecurityMode mode = part.configuration.mode();
    const bool open =
        part.sealed || part.header == application::HeaderKind::none || mode == SecurityMode::none;
    if (open) {
        return message_.size();
    }
    if (mode == SecurityMode::tls) {
        return failure(FaultCode::tls_handed_on, head); // only who speaks TLS can make its data
    }
    const bool checked = is_chained(mode) || mode == SecurityMode::aes_ctr_cmac;
    std::size_t size = message_.size() - head;
    const std::size_t due =
        is_chained(mode) ? encrypted_size(part.configuration, size + 2) : size + 2;
    if (checked && due != 0) {
        message_.insert(message_.begin() + static_cast<std::ptrdiff_t>(head), 2, idle_filler);
        size += 2;
    }
    if (is_chained(mode) && due == 0) {
        return message_.size();
    }
    if (key == nullptr) {
        return failure(FaultCode::no_key, head);
    }
    if (is_chained(mode)) {
        message_.resize(head + std::max(size, due), idle_filler);
        const auto done = seal_chained(telegram, *key, head, due);
        return done ? Expected<std::size_t>{message_.size()} : std::unexpected{done.error()};
    }
    if (mode != SecurityMode::aes_ctr_cmac && mode != SecurityMode::aes_gcm &&
        mode != SecurityMode::aes_ccm) {
        return failure(FaultCode::security_mode_unsupported, head);
    }
    message_.resize(head + size + block_size);
    const auto tag = seal_composed(telegram, *key, head, size);
    if (tag) {
        message_.resize(head + size + *tag);
    }
    return tag ? Expected<std::size_t>{message_.size()} : tag;
}

Expected<Bytes> RadioEncoder::message(const RadioTelegram& telegram, const Key* key) {
    message_.clear();
    if (!telegram.transport) {
        return Bytes{};
    }
    const TransportPart& part = *telegram.transport;
    if (part.content.size() > transport::max_message) {
        return failure(FaultCode::data_too_long, transport::max_message);
    }
    message_.push_back(part.ci);
    std::array<std::uint8_t, 16> header{};
    if (part.header == application::HeaderKind::long_header) {
        const auto size = encode_device_id(part.fields.device, header);
        message_.insert(message_.end(), header.begin(),
                        header.begin() + static_cast<std::ptrdiff_t>(size.value_or(0)));
    }
    if (part.header != application::HeaderKind::none) {
        message_.push_back(part.fields.transport.access_number);
        message_.push_back(part.fields.transport.status.raw);
        const auto size = encode_configuration(part.configuration, header);
        message_.insert(message_.end(), header.begin(),
                        header.begin() + static_cast<std::ptrdiff_t>(size.value_or(0)));
    }
    const std::size_t head = message_.size();
    message_.insert(message_.end(), part.content.begin(), part.content.end());
    const auto size = seal(telegram, key, head);
    return size ? Expected<Bytes>{message_} : std::unexpected{size.error()};
}

Expected<transport::Mac> RadioEncoder::authentication(const RadioTelegram& telegram, const Afl& afl,
                                                      Bytes message, const Key* key) {
    const transport::MacType* type = transport::mac_type(*afl.message_control);
    if (type == nullptr) {
        return failure(FaultCode::mac_type_unsupported);
    }
    const auto* galois = type->galois ? options_.find(security::afl_gmac) : nullptr;
    if (type->galois && galois == nullptr) {
        return failure(FaultCode::profile_needed);
    }
    if (key == nullptr) {
        return failure(FaultCode::no_key);
    }
    if (key->size != aes_key_size) {
        return failure(FaultCode::key_length_mismatch, 0, static_cast<std::int32_t>(aes_key_size),
                       key->size);
    }
    if (!counter_of(telegram)) {
        return failure(FaultCode::counter_missing);
    }
    aes_.set_key(key->storage);
    derived_.set_key(galois == nullptr || galois->derived_key ? derived_key(aes_, telegram, true)
                                                              : key->storage);
    const transport::MacPrefix prefix = mac_prefix(afl, options_.mac_with_key_information);
    const auto code = [&] {
        if (galois == nullptr) {
            return cmac(derived_, {prefix.bytes(), message});
        }
        const std::uint8_t number = telegram.transport
                                        ? telegram.transport->fields.transport.access_number
                                        : std::uint8_t{0};
        Block nonce{};
        fill_nonce(*galois,
                   {key_owner(telegram).bytes, *counter_of(telegram), number, options_.date},
                   nonce);
        return gmac(derived_, Bytes{nonce}.first<12>(), {prefix.bytes(), message});
    };
    const Block made = code();
    transport::Mac mac;
    mac.size = type->size;
    std::ranges::copy(Bytes{made}.first(type->size), mac.storage.begin());
    return mac;
}

/// Puts AFL and extended link layer before a payload, and all into a frame.
Expected<AirFrame> RadioEncoder::wrap(const RadioTelegram& telegram, const std::optional<Afl>& afl,
                                      Bytes payload, const Key* key) {
    std::array<std::uint8_t, wireless::max_frame> data{};
    std::size_t link_size = 0;
    std::optional<wireless::ExtendedLink> link = telegram.link;
    const bool work_out = link && link->session && !link->payload_crc;
    if (work_out) {
        link->payload_crc = 0;
    }
    if (link) {
        const auto size = encode_extended_link(*link, data);
        if (!size) {
            return std::unexpected{size.error()};
        }
        link_size = *size;
    }
    std::size_t size = link_size;
    if (afl) {
        const auto afl_size = encode_afl(*afl, std::span{data}.subspan(size));
        if (!afl_size) {
            return std::unexpected{afl_size.error()};
        }
        size += *afl_size;
    }
    if (size + payload.size() > data.size()) {
        return failure(FaultCode::data_too_long, data.size());
    }
    std::ranges::copy(payload, data.begin() + static_cast<std::ptrdiff_t>(size));
    size += payload.size();
    if (work_out) {
        const auto sealed = std::span{data}.first(size).subspan(link_size - 2);
        const std::uint16_t crc = wireless::payload_crc(sealed.subspan(2));
        sealed[0] = static_cast<std::uint8_t>(crc);
        sealed[1] = static_cast<std::uint8_t>(crc >> 8U);
        if (link->encrypted()) {
            if (key == nullptr) {
                return failure(FaultCode::no_key);
            }
            aes_.set_key(key->storage);
            aes_.apply_ctr(session_counter_block(telegram.meter(), *link), sealed, sealed);
        }
    }
    return encode_frame(telegram.format, telegram.c, telegram.address, Bytes{data}.first(size),
                        telegram.deviations);
}

Expected<AirFrame> RadioEncoder::frame(const RadioTelegram& telegram, const Key* key) {
    const auto made = message(telegram, key);
    if (!made) {
        return std::unexpected{made.error()};
    }
    std::optional<Afl> afl = telegram.afl;
    const bool whole = afl && !afl->fragmented();
    if (whole && afl->message_control && (*afl->message_control & 0x0FU) != 0 && !afl->mac) {
        const auto mac = authentication(telegram, *afl, *made, key);
        if (!mac) {
            return std::unexpected{mac.error()};
        }
        afl->mac = *mac;
        afl->fragmentation |= transport::fcl_mac;
    }
    return wrap(telegram, afl, *made, key);
}

Expected<std::vector<AirFrame>> RadioEncoder::fragments(const RadioTelegram& telegram,
                                                        const Key* key, std::size_t size) {
    const auto made = message(telegram, key);
    if (!made) {
        return std::unexpected{made.error()};
    }
    constexpr std::size_t most = 255;
    const std::size_t count = size == 0 ? 0 : (made->size() + size - 1) / size;
    if (count == 0 || count > most) {
        return failure(FaultCode::data_too_long, most);
    }
    Afl whole = telegram.afl.value_or(Afl{});
    whole.message_control = whole.message_control.value_or(0);
    const std::optional<transport::Mac> given = std::exchange(whole.mac, std::nullopt);
    whole.message_length = static_cast<std::uint16_t>(made->size());
    announce_fields(whole);
    std::optional<transport::Mac> code = given;
    if (!code && whole.message_control && (*whole.message_control & 0x0FU) != 0) {
        const auto mac = authentication(telegram, whole, *made, key);
        if (!mac) {
            return std::unexpected{mac.error()};
        }
        code = *mac;
    }
    std::vector<AirFrame> frames;
    for (std::size_t i = 0; i < count; ++i) {
        Afl afl = i == 0 ? whole : Afl{};
        if (i + 1 == count) {
            afl.mac = code;
        }
        afl.fragmentation = static_cast<std::uint16_t>(i + 1);
        std::optional<std::uint8_t> control = afl.message_control;
        announce_fields(afl);
        afl.message_control = control; // it announces what the message has, not the fragment
        if (i + 1 < count) {
            afl.fragmentation |= transport::fcl_more_fragments;
        }
        const Bytes piece = made->subspan(i * size, std::min(size, made->size() - i * size));
        const auto frame = wrap(telegram, afl, piece, key);
        if (!frame) {
            return std::unexpected{frame.error()};
        }
        frames.push_back(*frame);
    }
    return frames;
}

} // namespace meterbench::core::sender
