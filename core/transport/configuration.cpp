// SPDX-License-Identifier: Apache-2.0
#include "core/transport/configuration.hpp"

#include "core/bytes/fields.hpp"

namespace meterbench::core::transport {
namespace {

/// Bit 13 in modes 7 to 10: the message counter stands here and not in the AFL.
constexpr std::uint16_t counter_bit = 0x2000;
/// Of the extension in modes 7 and 10: the key version follows.
constexpr std::uint16_t version_bit = 0x40;
constexpr std::uint16_t reserved_7 = 0x80;
constexpr std::uint16_t reserved_10 = 0xC080;
constexpr std::uint16_t reserved_13 = 0xF0;

/// Bytes of the extension proper.
std::size_t extension_bytes(SecurityMode mode) {
    switch (mode) {
    case SecurityMode::aes_cbc_derived:
    case SecurityMode::tls: return 1;
    case SecurityMode::aes_ccm: return 2;
    default: return 0;
    }
}

bool has_version(SecurityMode mode, std::uint16_t extension) {
    const bool can = mode == SecurityMode::aes_cbc_derived || mode == SecurityMode::aes_ccm;
    return can && (extension & version_bit) != 0;
}
bool has_counter(SecurityMode mode, std::uint16_t field) {
    const bool can = mode >= SecurityMode::aes_cbc_derived && mode <= SecurityMode::aes_ccm;
    return can && (field & counter_bit) != 0;
}
bool is_reserved(SecurityMode mode, std::uint16_t extension) {
    switch (mode) {
    case SecurityMode::aes_cbc_derived: return (extension & reserved_7) != 0;
    case SecurityMode::aes_ccm: return (extension & reserved_10) != 0;
    case SecurityMode::tls: return (extension & reserved_13) != 0;
    default: return false;
    }
}

} // namespace

std::string_view name_of(SecurityMode mode) {
    switch (mode) {
    case SecurityMode::none: return "none";
    case SecurityMode::des_cbc: return "DES-CBC, IV 0";
    case SecurityMode::des_cbc_iv: return "DES-CBC, IV of address and date";
    case SecurityMode::aes_cbc: return "AES-128-CBC, IV 0";
    case SecurityMode::aes_cbc_iv: return "AES-128-CBC, IV of address and access number";
    case SecurityMode::aes_cbc_derived: return "AES-128-CBC, derived key";
    case SecurityMode::aes_ctr_cmac: return "AES-128-CTR with CMAC";
    case SecurityMode::aes_gcm: return "AES-128-GCM";
    case SecurityMode::aes_ccm: return "AES-128-CCM";
    case SecurityMode::tls: return "TLS";
    case SecurityMode::extended: return "in an extension";
    }
    return "reserved";
}

Expected<Configuration> decode_configuration(std::uint16_t field,
                                             std::span<const std::uint8_t> behind) {
    Configuration made;
    made.field = field;
    const SecurityMode mode = made.mode();
    bytes::FieldReader fields{behind};
    made.extension = static_cast<std::uint16_t>(fields.number(extension_bytes(mode)));
    if (has_version(mode, made.extension)) {
        made.key_version = static_cast<std::uint8_t>(fields.number(1));
    }
    if (has_counter(mode, field)) {
        made.message_counter = fields.number(4);
    }
    if (fields.too_short()) {
        return failure(FaultCode::header_truncated, behind.size());
    }
    if (is_reserved(mode, made.extension)) {
        return failure(FaultCode::configuration_reserved, 0, -1, made.extension);
    }
    made.extension_size = behind.size() - fields.left();
    return made;
}

Expected<std::size_t> encode_configuration(const Configuration& configuration,
                                           std::span<std::uint8_t> into) {
    bytes::FieldWriter fields{into};
    fields.number(configuration.field, 2);
    fields.number(configuration.extension, extension_bytes(configuration.mode()));
    if (configuration.key_version) {
        fields.number(*configuration.key_version, 1);
    }
    if (configuration.message_counter) {
        fields.number(*configuration.message_counter, 4);
    }
    if (!fields.fits()) {
        return failure(FaultCode::data_too_long, into.size());
    }
    return fields.size();
}

} // namespace meterbench::core::transport
