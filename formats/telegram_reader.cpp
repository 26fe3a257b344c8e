// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_reader.hpp"

#include "core/application/ci_field.hpp"
#include "core/application/device_type.hpp"
#include "core/application/fixed.hpp"
#include "core/application/header.hpp"
#include "core/application/manufacturer.hpp"
#include "core/link/frame.hpp"
#include "core/sender/radio_telegram.hpp"
#include "formats/json_reader.hpp"
#include "formats/telegram_record_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace meterbench::formats {
namespace {

using namespace core::application;
using Bytes = std::vector<std::uint8_t>;

/// One telegram line on its way back to bytes.
class TelegramReader {
  public:
    TelegramReader(const JsonValue& line, JsonReport& report) : line_{line}, report_{report} {}

    [[nodiscard]] Bytes frame();
    [[nodiscard]] Bytes radio_frame(const EncodingContext& encoding);

  private:
    [[nodiscard]] const JsonValue* find(const JsonValue& in, std::string_view key) const {
        const JsonValue* value = in.member(key);
        return value != nullptr && value->kind == JsonValue::Kind::null ? nullptr : value;
    }
    [[nodiscard]] std::uint32_t number(const JsonValue& in, std::string_view key,
                                       std::uint32_t most, std::uint32_t fallback = 0);
    [[nodiscard]] Bytes hex(const JsonValue& in, std::string_view key);
    [[nodiscard]] Bytes user_data();
    void header(Bytes& out, HeaderKind kind);
    [[nodiscard]] ShortHeader short_header();
    [[nodiscard]] DeviceId device_id(std::string_view key, const JsonValue& in);
    [[nodiscard]] core::wireless::LinkAddress link_address(std::string_view key,
                                                           const JsonValue& in);
    [[nodiscard]] core::wireless::ExtendedLink extended_link(const JsonValue& ell);
    [[nodiscard]] core::transport::Afl afl(const JsonValue& in);
    [[nodiscard]] core::transport::Configuration configuration(std::uint16_t field);
    void device(Bytes& out);
    void body(Bytes& out, Body body);
    void counter(const JsonValue& record, const std::string& key, FixedCounter& into);
    void fixed(Bytes& out);
    void word(Bytes& out, const JsonValue& in, std::string_view key);
    void compact(Bytes& out);
    void format(Bytes& out);
    void records(Bytes& out);
    void append(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

    const JsonValue& line_;
    JsonReport& report_;
};

std::uint32_t TelegramReader::number(const JsonValue& in, std::string_view key, std::uint32_t most,
                                     std::uint32_t fallback) {
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

Bytes TelegramReader::hex(const JsonValue& in, std::string_view key) {
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

DeviceId TelegramReader::device_id(std::string_view key, const JsonValue& in) {
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
    const JsonValue* const soft = find(*device, "soft_address");
    const bool is_soft = soft != nullptr && soft->boolean;
    const unsigned bit = is_soft ? core::application::soft_address_bit : 0U;
    return {id.value_or(0), static_cast<std::uint16_t>(manufacturer.value_or(0) | bit),
            static_cast<std::uint8_t>(number(*device, "version", 255)),
            static_cast<std::uint8_t>(number(*device, "device_type", 255))};
}

void TelegramReader::device(Bytes& out) {
    const DeviceId made = device_id("device", line_);
    std::array<std::uint8_t, 8> bytes{};
    static_cast<void>(encode_device_id(made, bytes));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

ShortHeader TelegramReader::short_header() {
    ShortHeader made;
    made.access_number = static_cast<std::uint8_t>(number(line_, "access_number", 255));
    if (const JsonValue* status = find(line_, "status")) {
        made.status.raw = static_cast<std::uint8_t>(number(*status, "raw", 255));
    }
    if (const JsonValue* security = find(line_, "security")) {
        made.configuration = static_cast<std::uint16_t>(number(*security, "mode", 31) << 8U);
        if (const Bytes word = hex(*security, "configuration"); word.size() == 2) {
            made.configuration = static_cast<std::uint16_t>(word[0] << 8 | word[1]);
        }
    }
    return made;
}

void TelegramReader::header(Bytes& out, HeaderKind kind) {
    if (kind == HeaderKind::long_header) {
        device(out);
    }
    if (kind == HeaderKind::none) {
        return;
    }
    const ShortHeader made = short_header();
    std::array<std::uint8_t, 4> bytes{};
    static_cast<void>(encode_short_header(made, bytes));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void TelegramReader::records(Bytes& out) {
    const auto ci = static_cast<std::uint8_t>(number(line_, "ci", 255));
    const bool to_meter = ci_row(ci).direction == CiDirection::to_meter;
    const Direction direction = to_meter ? Direction::from_master : Direction::from_meter;
    const JsonValue* list = find(line_, "records");
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
        if (!append_record_bytes(out, list->items[i], direction, report_,
                                 "records[" + std::to_string(i) + "]")) {
            return;
        }
    }
    const JsonValue* more = find(line_, "more_follows");
    const bool follows = more != nullptr && more->boolean;
    if (follows || find(line_, "manufacturer_data") != nullptr) {
        out.push_back(follows ? 0x1F : 0x0F);
        append(out, hex(line_, "manufacturer_data"));
    }
}

void TelegramReader::counter(const JsonValue& record, const std::string& key, FixedCounter& into) {
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

void TelegramReader::fixed(Bytes& out) {
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
        report_.complain("records", meaning_of(bytes.error().code));
        return;
    }
    out.insert(out.end(), bytes->begin(), bytes->end());
}

/// Four hex digits as they read, sent LSB first.
void TelegramReader::word(Bytes& out, const JsonValue& in, std::string_view key) {
    const Bytes bytes = hex(in, key);
    if (bytes.size() != 2) {
        report_.complain(key, "must be four hex digits");
        return;
    }
    out.push_back(bytes[1]);
    out.push_back(bytes[0]);
}

void TelegramReader::compact(Bytes& out) {
    const JsonValue* made = find(line_, "compact");
    if (made == nullptr) {
        report_.complain("compact", "is missing");
        return;
    }
    word(out, *made, "signature");
    word(out, *made, "crc");
    append(out, hex(*made, "data"));
}

void TelegramReader::format(Bytes& out) {
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

void TelegramReader::body(Bytes& out, Body body) {
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

Bytes TelegramReader::user_data() {
    Bytes out;
    const auto ci = static_cast<std::uint8_t>(number(line_, "ci", 255));
    out.push_back(ci);
    const JsonValue* kind = find(line_, "body");
    if (kind != nullptr && kind->text == name_of(Body::fixed)) {
        fixed(out);
        return out;
    }
    const CiRow& row = ci_row(ci);
    header(out, row.header);
    body(out, row.body);
    return out;
}

Bytes TelegramReader::frame() {
    const JsonValue* kind = find(line_, "frame");
    const std::string_view name = kind == nullptr ? std::string_view{} : kind->text;
    const auto address = static_cast<std::uint8_t>(number(line_, "address", 255));
    if (name == "single") {
        return {core::link::start_single};
    }
    if (name != "short" && name != "control" && name != "long") {
        report_.complain("frame", "must be single, short, control or long");
        return {};
    }
    const auto ci = static_cast<std::uint8_t>(number(line_, "ci", 255));
    const bool to_meter = ci_row(ci).direction == CiDirection::to_meter;
    const auto control = static_cast<std::uint8_t>(number(line_, "c", 255, to_meter ? 0x53 : 0x08));
    if (name == "short") {
        const auto made = core::link::encode_short({control}, address);
        return {made.bytes().begin(), made.bytes().end()};
    }
    const Bytes data = user_data();
    const auto made = core::link::encode_long({control}, address, data);
    if (!made) {
        report_.complain("records", meaning_of(made.error().code));
        return {};
    }
    return {made->bytes().begin(), made->bytes().end()};
}

core::wireless::LinkAddress TelegramReader::link_address(std::string_view key,
                                                         const JsonValue& in) {
    const DeviceId device = device_id(key, in);
    return core::wireless::LinkAddress::make(device.manufacturer, device.id, device.version,
                                             device.device_type);
}

core::wireless::ExtendedLink TelegramReader::extended_link(const JsonValue& ell) {
    core::wireless::ExtendedLink link;
    link.ci = static_cast<std::uint8_t>(number(ell, "ci", 255, core::wireless::ci_ell_1));
    link.access_number = static_cast<std::uint8_t>(number(ell, "access_number", 255));
    link.extended_control = static_cast<std::uint8_t>(number(ell, "extended_control", 255));
    if (const JsonValue* control = find(ell, "control")) {
        link.control.raw = static_cast<std::uint8_t>(number(*control, "raw", 255));
    }
    if (find(ell, "receiver") != nullptr) {
        link.receiver = link_address("receiver", ell);
    }
    if (const JsonValue* session = find(ell, "session")) {
        const Bytes sent = hex(*session, "number");
        if (sent.size() != 4) {
            report_.complain("ell.session.number", "must be eight hex digits");
            return link;
        }
        link.session = core::wireless::SessionNumber{std::uint32_t{sent[0]} << 24U |
                                                     std::uint32_t{sent[1]} << 16U |
                                                     std::uint32_t{sent[2]} << 8U | sent[3]};
    }
    if (find(ell, "payload_crc") != nullptr) {
        link.payload_crc = static_cast<std::uint16_t>(number(ell, "payload_crc", 0xFFFF));
    }
    if (find(ell, "run_time_delay") != nullptr) {
        link.run_time_delay = static_cast<std::uint16_t>(number(ell, "run_time_delay", 0xFFFF));
    }
    if (find(ell, "reception_level") != nullptr) {
        link.reception_level = static_cast<std::uint8_t>(number(ell, "reception_level", 255));
    }
    return link;
}

core::transport::Afl TelegramReader::afl(const JsonValue& in) {
    core::transport::Afl afl;
    afl.fragmentation = static_cast<std::uint16_t>(number(in, "fragment", 255));
    const auto control = find(in, "message_control");
    if (control != nullptr) {
        afl.message_control = static_cast<std::uint8_t>(number(in, "message_control", 255));
    }
    if (find(in, "key_id") != nullptr) {
        afl.key_information = core::transport::KeyInformation{static_cast<std::uint16_t>(
            number(in, "key_version", 255) << 8U | number(in, "key_derivation", 3) << 4U |
            number(in, "key_id", 15))};
    }
    if (find(in, "message_counter") != nullptr) {
        afl.message_counter = number(in, "message_counter", 0xFFFF'FFFF);
    }
    if (const Bytes mac = hex(in, "mac"); !mac.empty()) {
        afl.mac.emplace();
        afl.mac->size = static_cast<std::uint8_t>(std::min(mac.size(), core::transport::max_mac));
        std::copy_n(mac.begin(), afl.mac->size, afl.mac->storage.begin());
    }
    if (find(in, "message_length") != nullptr) {
        afl.message_length = static_cast<std::uint16_t>(number(in, "message_length", 0xFFFF));
    }
    announce_fields(afl);
    if (control != nullptr) {
        afl.message_control = static_cast<std::uint8_t>(number(in, "message_control", 255));
    }
    const JsonValue* more = find(in, "more_fragments");
    if (more != nullptr && more->boolean) {
        afl.fragmentation |= core::transport::fcl_more_fragments;
    }
    return afl;
}

core::transport::Configuration TelegramReader::configuration(std::uint16_t field) {
    core::transport::Configuration made;
    made.field = field;
    const JsonValue* security = find(line_, "security");
    if (security == nullptr) {
        return made;
    }
    if (const Bytes extension = hex(*security, "extension"); extension.size() == 2) {
        made.extension = static_cast<std::uint16_t>(extension[0] << 8 | extension[1]);
    }
    if (find(*security, "key_version") != nullptr) {
        made.key_version = static_cast<std::uint8_t>(number(*security, "key_version", 255));
    }
    constexpr std::uint16_t counter_here = 0x2000; // bit Z of modes 7 to 10
    const auto mode = made.mode();
    const bool can = mode >= core::transport::SecurityMode::aes_cbc_derived &&
                     mode <= core::transport::SecurityMode::aes_ccm;
    if (can && (field & counter_here) != 0) {
        made.message_counter = number(*security, "message_counter", 0xFFFF'FFFF);
    }
    return made;
}

Bytes TelegramReader::radio_frame(const EncodingContext& encoding) {
    core::sender::RadioTelegram telegram;
    telegram.format.reset();
    if (const JsonValue* format = find(line_, "frame_format")) {
        if (format->text != "A" && format->text != "B") {
            report_.complain("frame_format", "must be \"A\", \"B\" or null");
        }
        telegram.format =
            format->text == "B" ? core::wireless::FrameFormat::b : core::wireless::FrameFormat::a;
    }
    telegram.c = static_cast<std::uint8_t>(number(line_, "c", 255, 0x44));
    telegram.address = link_address("link_address", line_);
    if (const JsonValue* ell = find(line_, "ell")) {
        telegram.link = extended_link(*ell);
    }
    if (const JsonValue* layer = find(line_, "afl")) {
        telegram.afl = afl(*layer);
    }
    Bytes content;
    if (find(line_, "ci") != nullptr) {
        core::sender::TransportPart part;
        part.ci = static_cast<std::uint8_t>(number(line_, "ci", 255));
        const CiRow& row = ci_row(part.ci);
        part.header = row.header;
        if (row.header == HeaderKind::long_header) {
            part.fields.device = device_id("device", line_);
        }
        if (row.header != HeaderKind::none) {
            part.fields.transport = short_header();
            part.configuration = configuration(part.fields.transport.configuration);
        }
        part.sealed = find(line_, "encrypted") != nullptr;
        if (part.sealed) {
            append(content, hex(line_, "encrypted"));
        } else {
            body(content, row.body);
        }
        part.content = content;
        telegram.transport = part;
    }
    if (report_.failed()) {
        return {};
    }
    const core::wireless::LinkAddress owner = key_owner(telegram);
    core::receiver::KeyCandidates keys;
    if (encoding.keys != nullptr) {
        keys = encoding.keys->find(owner.manufacturer(), owner.id());
    }
    core::sender::RadioEncoder encoder{encoding.protection};
    const auto made = encoder.frame(telegram, keys.count == 0 ? nullptr : keys.keys[0]);
    if (!made) {
        report_.complain("security", meaning_of(made.error().code));
        return {};
    }
    return {made->bytes().begin(), made->bytes().end()};
}

} // namespace

std::expected<std::vector<std::uint8_t>, std::string>
read_telegram_json(std::string_view line, std::string_view name, const EncodingContext& encoding) {
    const auto value = parse_json(line, name);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{name}};
    const JsonValue* schema = value->member("schema");
    if (schema == nullptr || schema->text != "meterbench.telegram/1") {
        report.complain("schema", "must be \"meterbench.telegram/1\"");
    }
    if (const JsonValue* fault = value->member("fault");
        fault != nullptr && fault->kind == JsonValue::Kind::object) {
        report.complain("fault", "the line is of a telegram that was not decoded whole: it would "
                                 "become another one (set it to null to encode what is there)");
    }
    if (value->member("container") != nullptr && !report.failed()) {
        return std::vector<std::uint8_t>{};
    }
    const JsonValue* link = value->member("link");
    const bool wireless = link != nullptr && link->text == "wireless";
    if (link != nullptr && !wireless && link->text != "wired") {
        report.complain("link", "must be \"wired\" or \"wireless\"");
    }
    TelegramReader reader{*value, report};
    auto bytes = wireless ? reader.radio_frame(encoding) : reader.frame();
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return bytes;
}

} // namespace meterbench::formats
