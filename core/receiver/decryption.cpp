// SPDX-License-Identifier: Apache-2.0
#include "core/receiver/decryption.hpp"

#include "core/application/signature.hpp"
#include "core/security/authentication.hpp"
#include "core/security/key_derivation.hpp"

#include <algorithm>

namespace meterbench::core::receiver {

using application::Body;
using application::HeaderKind;
using application::signature_unused;
using application::Telegram;
using security::Block;
using security::block_size;
using security::Composition;
using security::DerivedKey;
using security::Key;
using transport::Configuration;
using transport::SecurityMode;

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t idle_filler = 0x2F;
constexpr std::uint8_t all_blocks = 15;
constexpr std::uint8_t all_bytes = 0xFF;
constexpr std::size_t aes_key_size = 16;
constexpr std::size_t des_key_size = 8;
constexpr std::size_t max_doubtful = 256; ///< shown of what decryption gave

bool has_check_bytes(Bytes plain) {
    return plain.size() >= 2 && plain[0] == idle_filler && plain[1] == idle_filler;
}

/// Modes with the check bytes 2Fh 2Fh in front of the plain text.
bool is_chained(SecurityMode mode) {
    return mode >= SecurityMode::des_cbc && mode <= SecurityMode::aes_cbc_derived;
}
bool is_des(SecurityMode mode) {
    return mode == SecurityMode::des_cbc || mode == SecurityMode::des_cbc_iv;
}

wireless::LinkAddress link_order(const application::DeviceId& device) {
    return wireless::LinkAddress::make(device.manufacturer, device.id, device.version,
                                       device.device_type);
}

std::int32_t as_detail(std::size_t value) {
    return static_cast<std::int32_t>(value);
}

} // namespace

/// A telegram on its way to being opened.
struct Decryption::Sealed {
    const Telegram& telegram;
    Bytes message;
    const MessageContext& context;
    wireless::LinkAddress meter{}; ///< of the application
    Configuration configuration{};
    SecurityMode mode = SecurityMode::none;
    const Composition* composition = nullptr;
    std::size_t head = 0;      ///< bytes of the message up to the encrypted ones
    std::size_t encrypted = 0; ///< bytes
    std::size_t tag = 0;       ///< bytes at the end

    [[nodiscard]] Bytes rest() const { return message.subspan(head); }
    [[nodiscard]] Bytes cipher() const { return rest().first(encrypted); }
    [[nodiscard]] std::optional<std::uint32_t> counter() const {
        if (configuration.message_counter) {
            return configuration.message_counter;
        }
        return context.afl == nullptr ? std::nullopt : context.afl->message_counter;
    }
    [[nodiscard]] security::NonceSource nonce(const security::ProtectionOptions& options) const {
        return {meter.bytes, counter().value_or(0), telegram.fields.transport.access_number,
                options.date};
    }
    [[nodiscard]] bool from_meter() const {
        return context.direction == wireless::Direction::meter_to_other;
    }
    [[nodiscard]] Block key(const security::Aes& master, bool authentication) const {
        const DerivedKey use = authentication ? (from_meter() ? DerivedKey::meter_authentication
                                                              : DerivedKey::other_authentication)
                                              : (from_meter() ? DerivedKey::meter_encryption
                                                              : DerivedKey::other_encryption);
        return derive_key(master, use, counter().value_or(0), meter.id_bytes());
    }
};

Decryption::Decryption(const KeyStore& keys, const security::ProtectionOptions& options)
    : keys_{keys}, options_{options}, plain_(transport::max_message + block_size),
      doubtful_(max_doubtful) {}

const security::Aes& Decryption::schedule(const Key& key) {
    security::Aes& aes = schedules_[(key.storage[0] ^ key.storage[15]) % schedules_.size()];
    aes.set_key(key.storage);
    return aes;
}

KeyCandidates Decryption::candidates(const Sealed& sealed) const {
    const KeyCandidates own = keys_.find(sealed.meter.manufacturer(), sealed.meter.id());
    if (own.named) {
        return own;
    }
    // The key of a meter behind a radio adapter may be filed under the adapter.
    const wireless::LinkAddress& link = sealed.context.meter;
    return keys_.find(link.manufacturer(), link.id());
}

Expected<std::span<const std::uint8_t>>
Decryption::open_session(const wireless::ExtendedLink& link, const wireless::LinkAddress& address,
                         Bytes payload, SecurityReport& report) {
    const std::uint16_t sent = link.payload_crc.value_or(0);
    if (wireless::payload_crc(payload) == sent) {
        report.payload_crc = true;
        report.found_clear = link.encrypted();
        return payload;
    }
    if (!link.encrypted()) {
        return failure(FaultCode::payload_crc_mismatch, 0, wireless::payload_crc(payload), sent);
    }
    const KeyCandidates keys = keys_.find(address.manufacturer(), address.id());
    Fault fault = make_fault(FaultCode::no_key);
    std::uint8_t tried = 0;
    for (const Key* key : keys.all()) {
        ++tried;
        if (key->size != aes_key_size) {
            fault =
                make_fault(FaultCode::key_length_mismatch, 0, as_detail(aes_key_size), key->size);
            continue;
        }
        // The CRC is encrypted together with the payload behind it.
        std::array<std::uint8_t, wireless::max_frame> cipher;
        cipher[0] = static_cast<std::uint8_t>(sent);
        cipher[1] = static_cast<std::uint8_t>(sent >> 8U);
        std::ranges::copy(payload, cipher.begin() + wireless::payload_crc_size);
        const std::size_t size = wireless::payload_crc_size + payload.size();
        schedule(*key).apply_ctr(session_counter_block(address, link), Bytes{cipher}.first(size),
                                 session_);
        const Bytes plain = Bytes{session_}.first(size).subspan(wireless::payload_crc_size);
        const auto crc = static_cast<std::uint16_t>(session_[0] | session_[1] << 8);
        if (wireless::payload_crc(plain) == crc) {
            report.key = KeyUse{keys.named, tried};
            report.payload_crc = true;
            report.encrypted = static_cast<std::uint16_t>(size);
            return plain;
        }
        fault = make_fault(FaultCode::wrong_key);
    }
    return std::unexpected{fault};
}

/// Which bytes are encrypted, and which are a tag.
Expected<void> Decryption::measure(Sealed& sealed) const {
    const Configuration& configuration = sealed.configuration;
    const std::size_t rest = sealed.rest().size();
    std::size_t bytes = 0;
    switch (sealed.mode) {
    case SecurityMode::none: return {};
    case SecurityMode::des_cbc:
    case SecurityMode::des_cbc_iv:
        bytes = configuration.encrypted_bytes();
        if (bytes % security::des_block_size != 0) {
            return failure(FaultCode::encrypted_length_mismatch, sealed.head, -1, as_detail(bytes));
        }
        break;
    case SecurityMode::aes_cbc:
    case SecurityMode::aes_cbc_iv:
        bytes = block_size * configuration.blocks();
        if (configuration.blocks() == all_blocks && rest != 0) {
            bytes = std::min(bytes, rest); // literally 240 bytes; some meters mean all there is
        }
        if (bytes % block_size != 0) {
            return failure(FaultCode::encrypted_length_mismatch, sealed.head, -1, as_detail(bytes));
        }
        break;
    case SecurityMode::aes_cbc_derived:
        bytes = block_size * configuration.blocks();
        if (configuration.blocks() == all_blocks) {
            bytes = rest;
        }
        if (bytes % block_size != 0) {
            return failure(FaultCode::encrypted_length_mismatch, sealed.head, -1, as_detail(bytes));
        }
        break;
    case SecurityMode::aes_ctr_cmac:
    case SecurityMode::aes_gcm:
    case SecurityMode::aes_ccm: {
        if (sealed.composition == nullptr) {
            return failure(FaultCode::profile_needed, sealed.head);
        }
        sealed.tag = sealed.composition->tag_size;
        if (rest < sealed.tag) {
            return failure(FaultCode::encrypted_length_mismatch, sealed.head, as_detail(sealed.tag),
                           as_detail(rest));
        }
        const bool all = sealed.mode == SecurityMode::aes_ctr_cmac ||
                         configuration.encrypted_bytes() == all_bytes;
        bytes = all ? rest - sealed.tag : configuration.encrypted_bytes();
        break;
    }
    case SecurityMode::tls: return failure(FaultCode::tls_handed_on, sealed.head);
    default: return failure(FaultCode::security_mode_unsupported, sealed.head);
    }
    if (sealed.mode == SecurityMode::des_cbc_iv && sealed.composition == nullptr) {
        return failure(FaultCode::profile_needed, sealed.head);
    }
    if (bytes + sealed.tag > rest) {
        return failure(FaultCode::encrypted_length_mismatch, sealed.head,
                       as_detail(bytes + sealed.tag), as_detail(rest));
    }
    sealed.encrypted = bytes;
    return {};
}

/// The MAC of the AFL over the encrypted message. Leaves the key that made it in `keys`.
Expected<void> Decryption::authenticate(const Sealed& sealed, KeyCandidates& keys,
                                        SecurityReport& report) {
    const transport::Afl* afl = sealed.context.afl;
    if (afl == nullptr) {
        return {};
    }
    if (!afl->message_control || (*afl->message_control & 0x0FU) == 0) {
        // A code of which nobody says how it was made proves nothing, and is not passed over.
        return afl->mac ? failure(FaultCode::afl_inconsistent) : Expected<void>{};
    }
    report.authenticated = true;
    const transport::MacType* type = transport::mac_type(*afl->message_control);
    if (type == nullptr) {
        return failure(FaultCode::mac_type_unsupported);
    }
    if (!afl->mac) {
        return failure(FaultCode::mac_missing);
    }
    if (afl->mac->size != type->size) {
        return failure(FaultCode::afl_inconsistent); // a shorter one is found by trying
    }
    const Composition* galois = type->galois ? options_.find(security::afl_gmac) : nullptr;
    if (type->galois && galois == nullptr) {
        return failure(FaultCode::profile_needed);
    }
    if (!sealed.counter()) {
        return failure(FaultCode::counter_missing);
    }
    const bool clear = sealed.encrypted == 0 && sealed.tag == 0;
    if (keys.count == 0) {
        // Without a key the code says nothing; what was stored in clear can be read all the same.
        const bool readable = clear || has_check_bytes(sealed.cipher());
        return readable ? Expected<void>{} : failure(FaultCode::no_key, sealed.head);
    }
    const transport::MacPrefix prefix = mac_prefix(*afl, options_.mac_with_key_information);
    std::uint8_t tried = 0;
    for (const Key* key : keys.all()) {
        ++tried;
        if (key->size != aes_key_size) {
            continue;
        }
        message_schedule_.set_key(galois == nullptr || galois->derived_key
                                      ? sealed.key(schedule(*key), true)
                                      : key->storage);
        Block nonce{};
        if (galois != nullptr) {
            fill_nonce(*galois, sealed.nonce(options_), nonce);
        }
        const Block made = galois == nullptr
                               ? cmac(message_schedule_, {prefix.bytes(), sealed.message})
                               : gmac(message_schedule_, Bytes{nonce}.first<12>(),
                                      {prefix.bytes(), sealed.message});
        if (security::equal_in_constant_time(Bytes{made}.first(afl->mac->size),
                                             afl->mac->bytes())) {
            report.mac = true;
            report.key = KeyUse{keys.named, tried};
            keys.keys[0] = key;
            keys.count = 1;
            return {};
        }
    }
    return failure(FaultCode::mac_mismatch);
}

Expected<void> Decryption::decrypt_chained(const Key& key, const Sealed& sealed) {
    const std::size_t size = is_des(sealed.mode) ? des_key_size : aes_key_size;
    if (key.size != size) {
        return failure(FaultCode::key_length_mismatch, sealed.head, as_detail(size), key.size);
    }
    Block iv{};
    switch (sealed.mode) {
    case SecurityMode::des_cbc_iv:
        fill_nonce(*sealed.composition, sealed.nonce(options_), iv);
        break;
    case SecurityMode::aes_cbc_iv:
        iv.fill(sealed.telegram.fields.transport.access_number);
        std::ranges::copy(sealed.meter.bytes, iv.begin());
        break;
    default: break;
    }
    if (is_des(sealed.mode)) {
        security::decrypt_des_cbc(key.bytes().first<des_key_size>(),
                                  Bytes{iv}.first<des_key_size>(), sealed.cipher(), plain_);
        return {};
    }
    if (sealed.mode != SecurityMode::aes_cbc_derived) {
        schedule(key).decrypt_cbc(iv, sealed.cipher(), plain_);
        return {};
    }
    if (!sealed.counter()) {
        return failure(FaultCode::counter_missing, sealed.head);
    }
    if (sealed.configuration.derivation() != 1) {
        return failure(FaultCode::configuration_reserved, sealed.head, 1,
                       sealed.configuration.derivation());
    }
    message_schedule_.set_key(sealed.key(schedule(key), false));
    message_schedule_.decrypt_cbc(iv, sealed.cipher(), plain_);
    return {};
}

Expected<void> Decryption::decrypt_composed(const Key& key, const Sealed& sealed,
                                            SecurityReport& report) {
    const Composition& composition = *sealed.composition;
    if (key.size != aes_key_size) {
        return failure(FaultCode::key_length_mismatch, sealed.head, as_detail(aes_key_size),
                       key.size);
    }
    if (!sealed.counter()) {
        return failure(FaultCode::counter_missing, sealed.head);
    }
    if (sealed.mode == SecurityMode::aes_ccm) {
        // Another derivation, or another tag: what the composition has not.
        const transport::Configuration& said = sealed.configuration;
        const std::uint8_t other = said.derivation() != 1 ? said.derivation() : said.tag_option();
        if (said.derivation() != 1 || said.tag_option() != 1) {
            return failure(FaultCode::configuration_reserved, sealed.head, 1, other);
        }
    }
    Block nonce{};
    fill_nonce(composition, sealed.nonce(options_), nonce);
    if (composition.derived_key) {
        message_schedule_.set_key(sealed.key(schedule(key), false));
    } else {
        message_schedule_.set_key(key.storage);
    }
    const Bytes associated =
        composition.header_associated ? sealed.message.first(sealed.head) : Bytes{};
    const Bytes tag = sealed.message.last(sealed.tag);
    const std::span<std::uint8_t> plain = std::span{plain_}.first(sealed.encrypted);
    bool good = true;
    if (sealed.mode == SecurityMode::aes_ctr_cmac) {
        const Block made = cmac(message_schedule_, {associated, sealed.cipher()});
        good = security::equal_in_constant_time(Bytes{made}.first(tag.size()), tag);
        message_schedule_.apply_ctr(nonce, sealed.cipher(), plain);
        report.tag = good && !tag.empty();
        if (good) {
            return check(sealed, report);
        }
    } else if (sealed.mode == SecurityMode::aes_gcm) {
        good = open_gcm(message_schedule_, {Bytes{nonce}.first<12>(), associated, sealed.cipher()},
                        plain, tag);
    } else {
        good = open_ccm(message_schedule_, {Bytes{nonce}.first(13), associated, sealed.cipher()},
                        plain, tag);
    }
    if (!good) {
        return failure(FaultCode::mac_mismatch, sealed.message.size() - sealed.tag);
    }
    report.tag = true;
    return {};
}

/// Whether what was decrypted is plain text: two check bytes are 16 bits, which one wrong key of
/// 65536 has. So, where nothing else proves the key, the records must be whole, too.
Expected<void> Decryption::check(const Sealed& sealed, SecurityReport& report) const {
    const Bytes plain = Bytes{plain_}.first(sealed.encrypted);
    if (!has_check_bytes(plain)) {
        return report.key_proven() ? failure(FaultCode::check_bytes_absent, sealed.head)
                                   : failure(FaultCode::wrong_key, sealed.head);
    }
    const Body body = sealed.telegram.body;
    if (!report.key_proven() && (body == Body::records || body == Body::command)) {
        application::RecordReader reader{plain, {sealed.telegram.direction, 0, false}};
        application::Record record;
        application::RecordReader::Step step;
        while ((step = reader.next(record)) == application::RecordReader::Step::record) {
        }
        // A last record may go on behind the encrypted bytes.
        const bool cut = reader.fault().code == FaultCode::record_truncated ||
                         reader.fault().code == FaultCode::vif_missing;
        const bool more = sealed.rest().size() > sealed.encrypted;
        if (step == application::RecordReader::Step::fault && !(cut && more)) {
            return failure(FaultCode::plaintext_implausible, sealed.head);
        }
    }
    report.check_bytes = true;
    return {};
}

Expected<void> Decryption::decrypt_with(const Key& key, const Sealed& sealed,
                                        SecurityReport& report) {
    if (!is_chained(sealed.mode)) {
        return decrypt_composed(key, sealed, report);
    }
    auto done = decrypt_chained(key, sealed);
    return done ? check(sealed, report) : done;
}

Expected<void> Decryption::decrypt(const Sealed& sealed, const KeyCandidates& keys,
                                   SecurityReport& report) {
    Fault fault = make_fault(FaultCode::no_key, sealed.head);
    std::uint8_t tried = 0;
    for (const Key* key : keys.all()) {
        ++tried;
        const auto done = decrypt_with(*key, sealed, report);
        if (done) {
            if (!report.key) {
                report.key = KeyUse{keys.named, tried};
            }
            report.decrypted = {};
            return done;
        }
        if (done.error().code == FaultCode::plaintext_implausible) {
            report.key = KeyUse{keys.named, tried};
            const Bytes shown = Bytes{plain_}.first(std::min(sealed.encrypted, max_doubtful));
            std::ranges::copy(shown, doubtful_.begin());
            report.decrypted = Bytes{doubtful_}.first(shown.size());
        }
        // What came nearest is the best explanation.
        if (fault.code != FaultCode::plaintext_implausible) {
            fault = done.error();
        }
    }
    if (is_chained(sealed.mode) && !report.mac && has_check_bytes(sealed.cipher())) {
        std::ranges::copy(sealed.cipher(), plain_.begin());
        if (check(sealed, report)) {
            report.found_clear = true;
            return {};
        }
    }
    return std::unexpected{fault};
}

void Decryption::open(Telegram& telegram, Bytes message, const MessageContext& context,
                      SecurityReport& report) {
    const std::size_t header = 1 + size_of(telegram.header);
    if (telegram.fault && telegram.fault->code != FaultCode::encrypted &&
        telegram.encrypted.empty()) {
        return;
    }
    Sealed sealed{telegram, message, context, context.meter};
    if (telegram.header == HeaderKind::long_header) {
        sealed.meter = link_order(telegram.fields.device);
    }
    const std::uint32_t start =
        telegram.content_offset -
        static_cast<std::uint32_t>(telegram.encrypted.size() + header); // the message's offset
    sealed.head = header;
    const std::uint16_t field = telegram.fields.transport.configuration;
    const auto fail = [&](const Fault& fault) {
        telegram.fault = fault;
        telegram.fault->offset += start;
        telegram.encrypted = message.subspan(std::min(sealed.head, message.size()));
        telegram.content = message.last(0);
        telegram.content_offset = start + static_cast<std::uint32_t>(message.size());
        report.encrypted = static_cast<std::uint16_t>(telegram.encrypted.size());
    };
    if (message.size() > transport::max_message) {
        return fail(make_fault(FaultCode::data_too_long, transport::max_message));
    }
    if (telegram.header != HeaderKind::none && field != signature_unused) {
        const auto configuration = transport::decode_configuration(field, message.subspan(header));
        if (!configuration) {
            Fault fault = configuration.error();
            fault.offset += static_cast<std::uint32_t>(header);
            return fail(fault);
        }
        report.configuration = sealed.configuration = *configuration;
        sealed.mode = configuration->mode();
        sealed.head += configuration->extension_size;
    }
    sealed.composition = options_.find(static_cast<std::uint8_t>(sealed.mode));
    report.message_counter = sealed.counter();
    if (const auto measured = measure(sealed); !measured) {
        return fail(measured.error());
    }
    KeyCandidates keys = candidates(sealed);
    if (const auto authentic = authenticate(sealed, keys, report); !authentic) {
        return fail(authentic.error());
    }
    const std::size_t total = sealed.rest().size() - sealed.tag;
    report.encrypted = static_cast<std::uint16_t>(sealed.encrypted);
    report.tag_bytes = static_cast<std::uint16_t>(sealed.tag);
    if (sealed.encrypted == 0 && sealed.tag == 0) {
        if (sealed.mode != SecurityMode::none) {
            telegram.content = sealed.rest();
            telegram.encrypted = {};
            telegram.fault.reset();
            telegram.content_offset = start + static_cast<std::uint32_t>(sealed.head);
        }
        return;
    }
    if (const auto opened = decrypt(sealed, keys, report); !opened) {
        return fail(opened.error());
    }
    std::ranges::copy(sealed.rest().first(total).subspan(sealed.encrypted),
                      plain_.begin() + static_cast<std::ptrdiff_t>(sealed.encrypted));
    const std::size_t skipped = report.check_bytes ? 2 : 0;
    telegram.content = Bytes{plain_}.first(total).subspan(skipped);
    telegram.content_offset = start + static_cast<std::uint32_t>(sealed.head + skipped);
    telegram.encrypted = {};
    telegram.fault.reset();
    if (telegram.body == Body::alarm && telegram.content.empty()) {
        telegram.fault = make_fault(FaultCode::record_truncated, telegram.content_offset);
    }
}

} // namespace meterbench::core::receiver
