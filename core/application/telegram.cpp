// SPDX-License-Identifier: Apache-2.0
#include "core/application/telegram.hpp"

#include "core/application/clock.hpp"
#include "core/application/signature.hpp"

#include <algorithm>

namespace meterbench::core::application {
namespace {

/// The fixed data structure always has 16 bytes behind CI 73h; a compact frame's long header and
/// two CRCs take 16 too, without any data. So 73h with 16 bytes is the old structure.
constexpr std::size_t fixed_size = 16;
constexpr std::uint8_t ci_fixed_or_compact = 0x73;
constexpr std::size_t cipher_block = 16;
constexpr std::size_t mask_size = 8;

[[gnu::cold]] [[gnu::noinline]] void set_fault(Telegram& telegram, FaultCode code,
                                               std::size_t offset) {
    telegram.fault = make_fault(code, offset);
}

/// Skips what is encrypted; without a key that is a fault, but clear records may follow the blocks
/// of mode 5 (OMS Vol. 2, N.5.4).
void pass_encrypted(Telegram& telegram) {
    const ShortHeader& transport = telegram.fields.transport;
    const std::uint8_t mode = transport.security_mode();
    if (telegram.header == HeaderKind::none || mode == 0 ||
        transport.configuration == signature_unused) {
        return;
    }
    std::size_t size = telegram.content.size();
    if (mode == 5) {
        size = std::min(size, cipher_block * transport.encrypted_blocks());
    }
    if (size == 0) {
        return;
    }
    telegram.encrypted = telegram.content.first(size);
    telegram.content = telegram.content.subspan(size);
    set_fault(telegram, FaultCode::encrypted, telegram.content_offset);
    telegram.content_offset += static_cast<std::uint32_t>(size);
}

/// The header behind the CI-field; false with a fault when it is cut off.
bool read_header(Telegram& telegram, std::span<const std::uint8_t> rest, std::uint32_t offset) {
    const std::size_t size = size_of(telegram.header);
    if (rest.size() < size) {
        set_fault(telegram, FaultCode::header_truncated, offset + 1);
        telegram.header = HeaderKind::none;
        telegram.body = Body::none;
        return false;
    }
    if (telegram.header == HeaderKind::long_header) {
        telegram.fields.device = decode_device_id(rest);
    }
    if (telegram.header != HeaderKind::none) {
        telegram.fields.transport = decode_short_header(rest.subspan(size - 4));
    }
    telegram.content = rest.subspan(size);
    telegram.content_offset = offset + 1 + static_cast<std::uint32_t>(size);
    return true;
}

/// A selection: the secondary address to match, then maybe the fabrication number as a record.
void read_mask(Telegram& telegram) {
    if (telegram.content.size() < mask_size) {
        set_fault(telegram, FaultCode::header_truncated, telegram.content_offset);
        return;
    }
    telegram.fields.device = decode_device_id(telegram.content);
    telegram.content = telegram.content.subspan(mask_size);
    telegram.content_offset += static_cast<std::uint32_t>(mask_size);
}

/// What a body other than records must have.
[[gnu::noinline]] void check_body(Telegram& telegram) {
    if (telegram.body == Body::alarm && telegram.content.empty()) {
        set_fault(telegram, FaultCode::record_truncated, telegram.content_offset);
    }
    if (is_clock_sync(telegram.ci) && telegram.content.size() < clock_sync_size) {
        set_fault(telegram, FaultCode::record_truncated,
                  telegram.content_offset + telegram.content.size());
    }
    if (telegram.body == Body::selection) {
        read_mask(telegram);
    }
}

} // namespace

Telegram decode_telegram(std::span<const std::uint8_t> user_data, std::uint32_t offset) {
    Telegram telegram;
    if (user_data.empty()) {
        set_fault(telegram, FaultCode::empty, offset);
        return telegram;
    }
    const auto rest = user_data.subspan(1);
    const CiEntry& entry = ci_entries[user_data.front()];
    static_cast<CiMeaning&>(telegram) = entry.meaning;
    if (telegram.ci == ci_fixed_or_compact && rest.size() == fixed_size) {
        telegram.header = HeaderKind::none;
        telegram.body = Body::fixed;
        telegram.content = rest;
        telegram.content_offset = offset + 1;
        return telegram;
    }
    if (entry.use == CiUse::reserved) {
        telegram.content = rest;
        telegram.content_offset = offset + 1;
        set_fault(telegram, FaultCode::unknown_ci, offset);
        return telegram;
    }
    if (!read_header(telegram, rest, offset)) {
        return telegram;
    }
    if (entry.use == CiUse::passed_on) {
        set_fault(telegram, FaultCode::unsupported_ci, offset);
        return telegram;
    }
    if (telegram.fields.transport.configuration != 0) {
        pass_encrypted(telegram);
    }
    if (telegram.body != Body::records) {
        check_body(telegram);
    }
    return telegram;
}

bool more_follows(std::span<const std::uint8_t> user_data) {
    const Telegram telegram = decode_telegram(user_data);
    return telegram.body == Body::records && records_more_follow(telegram.content);
}

} // namespace meterbench::core::application
