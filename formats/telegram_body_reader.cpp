// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_body_reader.hpp"

#include "core/application/device_type.hpp"
#include "core/application/manufacturer.hpp"
#include "formats/telegram_record_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace meterbench::formats {

using namespace core::application;

namespace {

/// Eight digits (A to F where a device sends them), most significant first.
std::optional<std::uint32_t> id_of(const JsonValue* value) {
    if (value == nullptr || value->text.size() != 8) {
        return std::nullopt;
    }
    std::uint32_t id = 0;
    const char* const end = value->text.data() + value->text.size();
    const auto result = std::from_chars(value->text.data(), end, id, 16);
    return result.ec == std::errc{} && result.ptr == end ? std::optional{id} : std::nullopt;
}

std::optional<std::uint16_t> manufacturer_of(const JsonValue* value) {
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const auto letters = manufacturer_code(value->text)) {
        return letters;
    }
    const auto bytes = parse_hex_text(value->text);
    if (!bytes || bytes->size() != 2) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>((*bytes)[0] << 8 | (*bytes)[1]);
}

} // namespace

bool TelegramBodyReader::flag(const JsonValue& in, std::string_view key) {
    const JsonValue* value = find(in, key);
    if (value != nullptr && value->kind != JsonValue::Kind::boolean) {
        report_.complain(key, "must be true or false");
    }
    return value != nullptr && value->boolean;
}

const JsonValue* TelegramBodyReader::object(const JsonValue& in, std::string_view path,
                                            std::span<const std::string_view> known) {
    const std::size_t dot = path.rfind('.');
    const JsonValue* value = find(in, dot == std::string_view::npos ? path : path.substr(dot + 1));
    if (value == nullptr) {
        return nullptr;
    }
    if (value->kind != JsonValue::Kind::object) {
        report_.complain(path, "must be an object");
        return nullptr;
    }
    for (const JsonMember& member : value->members) {
        if (std::ranges::find(known, member.key) == known.end()) {
            report_.complain(std::string{path} + "." + member.key, "unknown key");
        }
    }
    return value;
}

NamedBits TelegramBodyReader::named_bits(const JsonValue& in, std::span<const NamedBit> names) {
    NamedBits bits;
    for (const NamedBit& bit : names) {
        if (find(in, bit.name) != nullptr) {
            bits.known |= bit.mask;
            bits.said |= flag(in, bit.name) ? bit.mask : 0U;
        }
    }
    return bits;
}

std::uint8_t TelegramBodyReader::byte_of(const JsonValue& in, std::string_view path,
                                         NamedBits names) {
    if (find(in, "raw") == nullptr) {
        return static_cast<std::uint8_t>(names.said);
    }
    const unsigned raw = number(in, "raw", 255);
    if (((raw ^ names.said) & names.known) != 0) {
        report_.complain(std::string{path} + ".raw", "disagrees with what stands beside it");
    }
    return static_cast<std::uint8_t>(raw);
}

/// The status byte of a header.
std::uint8_t TelegramBodyReader::status(const JsonValue& in) {
    constexpr std::array names{NamedBit{"power_low", 0x04}, NamedBit{"permanent_error", 0x08},
                               NamedBit{"temporary_error", 0x10}};
    NamedBits bits = named_bits(in, names);
    if (find(in, "manufacturer") != nullptr) {
        bits.said |= number(in, "manufacturer", 7) << 5U;
        bits.known |= 0xE0U;
    }
    if (const JsonValue* said = find(in, "application")) {
        constexpr unsigned all = 4;
        unsigned code = 0;
        while (code < all && name_of(static_cast<Status::Application>(code)) != said->text) {
            ++code;
        }
        if (code == all) {
            report_.complain("status.application", "must be none, busy, error or alarm");
        }
        bits.said |= code & 3U;
        bits.known |= 3U;
    }
    return byte_of(in, "status", bits);
}

std::uint32_t TelegramBodyReader::number(const JsonValue& in, std::string_view key,
                                         std::uint32_t most, std::uint32_t fallback) {
    const JsonValue* value = find(in, key);
    if (value == nullptr) {
        return fallback;
    }
    if (value->kind != JsonValue::Kind::integer || value->integer < 0 || value->integer > most) {
        report_.complain(key, "must be a whole number from 0 to " + std::to_string(most));
        return fallback;
    }
    return static_cast<std::uint32_t>(value->integer);
}

TelegramBodyReader::Bytes TelegramBodyReader::hex(const JsonValue& in, std::string_view key) {
    const JsonValue* value = find(in, key);
    if (value == nullptr) {
        return {};
    }
    const auto bytes = parse_hex_text(value->text);
    if (value->kind != JsonValue::Kind::text || !bytes) {
        report_.complain(key, "must be a hex text");
        return {};
    }
    return *bytes;
}

DeviceId TelegramBodyReader::device_id(std::string_view key, const JsonValue& in) {
    const JsonValue* device = find(in, key);
    if (device == nullptr) {
        report_.complain(key, "is missing");
        return {};
    }
    const std::string path{key};
    const auto id = id_of(find(*device, "id"));
    const auto manufacturer = manufacturer_of(find(*device, "manufacturer"));
    if (!id) {
        report_.complain(path + ".id", "must be eight digits");
    }
    if (!manufacturer) {
        report_.complain(path + ".manufacturer", "must be three letters or four hex digits");
    }
    const unsigned bit = flag(*device, "soft_address") ? core::application::soft_address_bit : 0U;
    return {id.value_or(0), static_cast<std::uint16_t>(manufacturer.value_or(0) | bit),
            static_cast<std::uint8_t>(number(*device, "version", 255)),
            static_cast<std::uint8_t>(number(*device, "device_type", 255))};
}

ShortHeader TelegramBodyReader::short_header() {
    ShortHeader made;
    made.access_number = static_cast<std::uint8_t>(number(line_, "access_number", 255));
    constexpr std::array<std::string_view, 6> status_keys{
        "raw", "application", "power_low", "permanent_error", "temporary_error", "manufacturer"};
    if (const JsonValue* said = object(line_, "status", status_keys)) {
        made.status.raw = status(*said);
    }
    constexpr std::array<std::string_view, 13> security_keys{
        "mode",        "configuration",   "extension", "key_id",    "key_version",
        "content",     "message_counter", "encrypted", "decrypted", "key",
        "found_clear", "unguarded",       "verified"};
    const JsonValue* security = object(line_, "security", security_keys);
    if (security == nullptr) {
        return made;
    }
    const unsigned mode = number(*security, "mode", 31);
    const Bytes word = hex(*security, "configuration");
    if (word.size() == 2) {
        made.configuration = static_cast<std::uint16_t>(word[0] << 8 | word[1]);
        if (find(*security, "mode") != nullptr && made.security_mode() != mode) {
            report_.complain("security.mode", "disagrees with configuration");
        }
    } else if (!word.empty() || mode != 0) {
        report_.complain("security.configuration",
                         "must be four hex digits: they say what is encrypted");
    }
    return made;
}

void TelegramBodyReader::header(Bytes& out, HeaderKind kind) {
    if (kind == HeaderKind::long_header) {
        std::array<std::uint8_t, 8> bytes{};
        static_cast<void>(encode_device_id(device_id("device", line_), bytes));
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    if (kind == HeaderKind::none) {
        return;
    }
    const ShortHeader made = short_header();
    std::array<std::uint8_t, 4> bytes{};
    static_cast<void>(encode_short_header(made, bytes));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void TelegramBodyReader::records(Bytes& out) {
    const auto ci = static_cast<std::uint8_t>(number(line_, "ci", 255));
    const bool to_meter = ci_row(ci).direction == CiDirection::to_meter;
    const Direction direction = to_meter ? Direction::from_master : Direction::from_meter;
    const JsonValue* list = find(line_, "records");
    if (list == nullptr || list->kind != JsonValue::Kind::array) {
        report_.complain("records", "must be an array; [] for none");
        return;
    }
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        if (!append_record_bytes(out, list->items[i], direction, report_,
                                 "records[" + std::to_string(i) + "]")) {
            return;
        }
    }
    const bool follows = flag(line_, "more_follows");
    if (follows || find(line_, "manufacturer_data") != nullptr) {
        out.push_back(follows ? 0x1F : 0x0F);
        append(out, hex(line_, "manufacturer_data"));
    }
}

void TelegramBodyReader::counter(const JsonValue& record, const std::string& key,
                                 FixedCounter& into) {
    const auto text = [&record](std::string_view name) {
        const JsonValue* value = record.member(name);
        return value == nullptr ? std::string_view{} : std::string_view{value->text};
    };
    FixedUnit unit{quantity_of(text("quantity")).value_or(Quantity::unknown),
                   unit_of(text("unit")).value_or(Unit::none), 0};
    const JsonValue* exponent = record.member("exponent");
    unit.exponent = static_cast<std::int8_t>(exponent == nullptr ? 0 : exponent->integer);
    const auto code = find_fixed_unit(unit);
    const auto value = core::bytes::parse_decimal(text("value"));
    const auto steps = value ? core::bytes::rescale(*value, unit.exponent) : std::nullopt;
    if (!code || !steps) {
        report_.complain(key, "cannot be said by the fixed data structure");
        return;
    }
    into.unit_code = *code;
    into.historic = number(record, "storage", 1) != 0;
    into.binary = text("coding") == name_of(Coding::int32);
    into.value.negative = steps->negative;
    into.value.magnitude = steps->magnitude;
}

void TelegramBodyReader::fixed(Bytes& out) {
    FixedStructure made;
    const JsonValue* device = find(line_, "device");
    const JsonValue* status = find(line_, "status");
    const JsonValue* list = find(line_, "records");
    const auto id = device == nullptr ? std::nullopt : id_of(find(*device, "id"));
    if (!id || list == nullptr || list->items.size() != made.counters.size()) {
        report_.complain("device", "needs an id, and records must be two");
        return;
    }
    made.id = *id;
    made.medium = static_cast<std::uint8_t>(number(*device, "medium", 15));
    made.access_number = static_cast<std::uint8_t>(number(line_, "access_number", 255));
    made.status = static_cast<std::uint8_t>(status == nullptr ? 0 : number(*status, "raw", 255));
    counter(list->items[0], "records[0]", made.counters[0]);
    counter(list->items[1], "records[1]", made.counters[1]);
    const auto bytes = encode_fixed(made);
    if (!bytes) {
        report_.complain("records", core::meaning_of(bytes.error().code));
        return;
    }
    out.insert(out.end(), bytes->begin(), bytes->end());
}

/// Four hex digits as they read, sent LSB first.
void TelegramBodyReader::word(Bytes& out, const JsonValue& in, std::string_view key) {
    const Bytes bytes = hex(in, key);
    if (bytes.size() != 2) {
        report_.complain(key, "must be four hex digits");
        return;
    }
    out.push_back(bytes[1]);
    out.push_back(bytes[0]);
}

void TelegramBodyReader::compact(Bytes& out) {
    const JsonValue* made = find(line_, "compact");
    if (made == nullptr) {
        report_.complain("compact", "is missing");
        return;
    }
    word(out, *made, "signature");
    word(out, *made, "crc");
    append(out, hex(*made, "data"));
}

void TelegramBodyReader::format(Bytes& out) {
    const JsonValue* made = find(line_, "format");
    if (made == nullptr) {
        report_.complain("format", "is missing");
        return;
    }
    const Bytes format = hex(*made, "format");
    out.push_back(static_cast<std::uint8_t>(format.size() + 2));
    word(out, *made, "signature");
    append(out, format);
}

void TelegramBodyReader::body(Bytes& out, Body body) {
    switch (body) {
    case Body::application_error:
        if (const JsonValue* error = find(line_, "application_error")) {
            if (find(*error, "sent") == nullptr || find(*error, "sent")->boolean) {
                out.push_back(static_cast<std::uint8_t>(number(*error, "code", 255)));
            }
        }
        append(out, hex(line_, "data"));
        break;
    case Body::alarm: out.push_back(static_cast<std::uint8_t>(number(line_, "alarm", 255))); break;
    case Body::selection: {
        Bytes mask = hex(line_, "selection");
        if (mask.size() != 8) {
            report_.complain("selection", "must be 16 hex digits");
            return;
        }
        std::swap(mask[0], mask[3]);
        std::swap(mask[1], mask[2]);
        std::swap(mask[4], mask[5]);
        append(out, mask);
        records(out);
        break;
    }
    case Body::reset: append(out, hex(line_, "subcodes")); break;
    case Body::compact: compact(out); break;
    case Body::format: format(out); break;
    case Body::records:
    case Body::command:
        append(out, hex(line_, "encrypted"));
        records(out);
        break;
    default: append(out, hex(line_, "data")); break;
    }
}

} // namespace meterbench::formats
