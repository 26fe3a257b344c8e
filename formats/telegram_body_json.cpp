// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_body_json.hpp"

#include "core/application/application_error.hpp"
#include "core/application/clock.hpp"
#include "core/application/compact.hpp"
#include "core/application/device_type.hpp"
#include "core/application/fixed.hpp"
#include "core/application/manufacturer.hpp"
#include "core/application/telegram.hpp"
#include "formats/telegram_record_json.hpp"
#include "formats/telegram_sink.hpp"
#include "formats/telegram_value.hpp"

#include <array>

namespace meterbench::formats {
using namespace core::application;
using core::Fault;

void append_hex_number(Sink& out, std::uint32_t value, unsigned bytes) {
    std::array<std::uint8_t, 4> big_endian{};
    for (unsigned i = 0; i < bytes; ++i) {
        big_endian[i] = static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i)));
    }
    out.hex(std::span{big_endian}.first(bytes));
}

void append_head(Sink& out, std::size_t line_number, std::string_view link, std::size_t container) {
    out.text(R"({"schema":"meterbench.telegram/1","line":)");
    out.number(line_number);
    if (container != 0) {
        out.text(R"(,"container":)");
        out.number(container);
    }
    out.text(R"(,"link":")");
    out.text(link);
    out.text(R"(","frame":)");
}

void append_flag(Sink& out, std::string_view key, bool value) {
    out.text(key);
    out.text(value ? "true" : "false");
}

void append_hex_key(Sink& out, std::string_view key, std::span<const std::uint8_t> bytes) {
    out.text(key);
    out.put('"');
    out.hex(bytes);
    out.put('"');
}

namespace {

void append_manufacturer(Sink& out, std::uint16_t code) {
    if (const auto letters = manufacturer_letters(code)) {
        out.text({letters->data(), letters->size()});
    } else {
        append_hex_number(out, code, 2);
    }
}

} // namespace

void append_device(Sink& out, std::string_view key, const DeviceId& device) {
    out.text(key);
    out.text(R"({"manufacturer":")");
    append_manufacturer(out, device.manufacturer);
    if ((device.manufacturer & soft_address_bit) != 0) {
        out.text(R"(","soft_address":true,"id":")");
    } else {
        out.text(R"(","id":")");
    }
    append_hex_number(out, device.id, 4);
    out.text(R"(","version":)");
    out.number(device.version);
    out.text(R"(,"device_type":)");
    out.number(device.device_type);
    out.text(R"(,"device_type_name":")");
    out.text(device_type_name(device.device_type));
    out.text("\"}");
}

namespace {

void append_expected(Sink& out, std::int32_t number) {
    out.number(number);
    if (number > 9 && number < 256) {
        const auto byte = static_cast<std::uint8_t>(number);
        out.text(" (");
        out.hex({&byte, 1});
        out.text("h)");
    }
}

} // namespace

void append_detail(Sink& out, const Fault& fault) {
    out.text(meaning_of(fault.code));
    if (fault.expected >= 0) {
        out.text(": expected ");
        append_expected(out, fault.expected);
    }
    if (fault.actual >= 0) {
        out.text(fault.expected >= 0 ? ", found " : ": found ");
        append_expected(out, fault.actual);
    }
}

void append_fault(Sink& out, const Fault& fault) {
    out.text(R"({"code":")");
    out.text(name_of(fault.code));
    out.text(R"(","layer":")");
    out.text(name_of(fault.layer));
    out.text(R"(","culprit":")");
    out.text(name_of(fault.culprit));
    out.text(R"(","offset":)");
    out.number(fault.offset);
    out.text(R"(,"detail":")");
    append_detail(out, fault);
    out.text("\"}");
}

namespace {

/// The configuration field's extension and what protected the telegram.
void append_security(Sink& out, const core::receiver::SecurityReport& security) {
    if (security.configuration && security.configuration->extension_size != 0) {
        const auto& configuration = *security.configuration;
        out.text(R"(,"extension":")");
        append_hex_number(out, configuration.extension, 2);
        out.text(R"(","key_id":)");
        out.number(configuration.key_id());
        if (configuration.key_version) {
            out.text(R"(,"key_version":)");
            out.number(*configuration.key_version);
        }
    }
    if (security.configuration && security.configuration->content() != 0) {
        out.text(R"(,"content":)");
        out.number(security.configuration->content());
    }
    if (security.message_counter) {
        out.text(R"(,"message_counter":)");
        out.number(*security.message_counter);
    }
    if (security.encrypted != 0) {
        out.text(R"(,"encrypted":)");
        out.number(security.encrypted);
    }
    if (!security.decrypted.empty()) {
        append_hex_key(out, R"(,"decrypted":)", security.decrypted);
    }
    append_proof(out, security);
}

void append_transport(Sink& out, const ShortHeader& header,
                      const core::receiver::SecurityReport* security) {
    out.text(R"(,"access_number":)");
    out.number(header.access_number);
    out.text(R"(,"status":{"raw":)");
    out.number(header.status.raw);
    out.text(R"(,"application":")");
    out.text(name_of(header.status.application()));
    append_flag(out, R"(","power_low":)", header.status.power_low());
    append_flag(out, R"(,"permanent_error":)", header.status.permanent_error());
    append_flag(out, R"(,"temporary_error":)", header.status.temporary_error());
    out.text(R"(,"manufacturer":)");
    out.number(header.status.manufacturer());
    out.text(R"(},"security":{"mode":)");
    out.number(header.security_mode());
    if (header.configuration != 0) {
        out.text(R"(,"configuration":")");
        append_hex_number(out, header.configuration, 2);
        out.put('"');
        if (security != nullptr) {
            append_security(out, *security);
        }
    } else if (security != nullptr && security->authenticated) {
        append_proof(out, *security);
    }
    out.put('}');
}

void append_signature(Sink& out, std::string_view key, std::uint16_t signature) {
    out.text(key);
    append_hex_number(out, signature, 2);
    out.put('"');
}

void append_compact(Sink& out, const Telegram& telegram) {
    if (const auto compact = decode_compact(telegram.content)) {
        append_signature(out, R"(,"compact":{"signature":")", compact->signature);
        append_signature(out, R"(,"crc":")", compact->full_frame_crc);
        append_hex_key(out, R"(,"data":)", compact->data);
        out.put('}');
    }
}

/// Shown also where the signature is wrong: then there is a fault beside it.
void append_format(Sink& out, const Telegram& telegram) {
    constexpr std::size_t head = 3;
    if (telegram.content.size() >= head) {
        const auto low = telegram.content[1];
        const auto high = telegram.content[2];
        append_signature(out, R"(,"format":{"signature":")",
                         static_cast<std::uint16_t>(low | high << 8));
        append_hex_key(out, R"(,"format":)", telegram.content.subspan(head));
        out.put('}');
    }
}

/// What a clock synchronisation asks for; its bytes are in "data".
void append_clock(Sink& out, const Telegram& telegram) {
    const auto clock = decode_clock_sync(telegram.ci, telegram.content);
    if (!clock) {
        return;
    }
    out.text(R"(,"clock":{"control":)");
    out.number(clock->control);
    out.text(R"(,"action":")");
    out.text(name_of(clock->action()));
    if (clock->time.invalid == Invalid::none) {
        out.text(R"(","time":")");
        append_date(out, clock->time.date, clock->time.type, true);
        out.text(R"("})");
    } else {
        out.text(R"(","time":null,"invalid":")");
        out.text(name_of(clock->time.invalid));
        out.text(R"("})");
    }
}

/// What the body says besides records.
void append_content(Sink& out, const Telegram& telegram) {
    switch (telegram.body) {
    case Body::application_error:
        out.text(R"(,"application_error":{"code":)");
        out.number(telegram.error_code());
        out.text(R"(,"name":")");
        out.text(application_error_name(telegram.error_code()));
        out.text(telegram.content.empty() ? R"(","sent":false})" : "\"}");
        if (telegram.content.size() > 1) {
            append_hex_key(out, R"(,"data":)", telegram.content.subspan(1));
        }
        break;
    case Body::alarm:
        out.text(R"(,"alarm":)");
        out.number(telegram.alarm());
        break;
    case Body::selection:
        out.text(R"(,"selection":")");
        append_hex_number(out, telegram.fields.device.id, 4);
        append_hex_number(out, telegram.fields.device.manufacturer, 2);
        append_hex_number(out, telegram.fields.device.version, 1);
        append_hex_number(out, telegram.fields.device.device_type, 1);
        out.put('"');
        break;
    case Body::reset: append_hex_key(out, R"(,"subcodes":)", telegram.content); break;
    case Body::compact: append_compact(out, telegram); break;
    case Body::format: append_format(out, telegram); break;
    case Body::records:
    case Body::command:
    case Body::fixed: break;
    default:
        if (is_clock_sync(telegram.ci)) {
            append_clock(out, telegram);
        }
        if (!telegram.content.empty()) {
            append_hex_key(out, R"(,"data":)", telegram.content);
        }
        break;
    }
}

struct RecordsEnd {
    bool more_follows = false;
    bool has_manufacturer_data = false;
    std::span<const std::uint8_t> manufacturer_data{};
    std::optional<Fault> fault{};
};

RecordsEnd append_records(Sink& out, const Telegram& telegram, RecordReader reader,
                          std::span<const std::uint8_t> all, const Decoder* decoder) {
    Record record;
    bool first = true;
    RecordReader::Step step;
    while ((step = reader.next(record)) == RecordReader::Step::record) {
        if (!first) {
            out.put(',');
        }
        first = false;
        append_record(out, record, all,
                      decoder == nullptr ? std::string_view{} : decoder->name_of(record));
    }
    RecordsEnd end{reader.more_follows(), reader.has_manufacturer_data(),
                   reader.manufacturer_data(), telegram.fault};
    if (step == RecordReader::Step::fault && !end.fault) {
        end.fault = reader.fault();
    }
    return end;
}

void append_fixed_head(Sink& out, const FixedStructure& fixed) {
    out.text(R"(,"device":{"id":")");
    append_hex_number(out, fixed.id, 4);
    out.text(R"(","medium":)");
    out.number(fixed.medium);
    out.text(R"(,"medium_name":")");
    out.text(fixed_medium_name(fixed.medium));
    out.text(R"("},"access_number":)");
    out.number(fixed.access_number);
    out.text(R"(,"status":{"raw":)");
    out.number(fixed.status);
    append_flag(out, R"(,"power_low":)", (fixed.status & 0x04U) != 0);
    append_flag(out, R"(,"permanent_error":)", (fixed.status & 0x08U) != 0);
    append_flag(out, R"(,"temporary_error":)", (fixed.status & 0x10U) != 0);
    out.put('}');
}

void append_manufacturer_values(Sink& out, std::span<const std::uint8_t> data,
                                const Decoder* decoder) {
    if (decoder == nullptr || decoder->fields.empty()) {
        return;
    }
    out.text(R"(,"manufacturer_values":[)");
    bool first = true;
    for (const DecoderField& field : decoder->fields) {
        out.text(first ? R"({"name":")" : R"(,{"name":")");
        first = false;
        out.json_text(field.name);
        if (const auto value = value_of(field, data)) {
            out.text(R"(","value":")");
            out.text(*value);
            out.text(R"(","unit":")");
        } else {
            out.text(R"(","value":null,"unit":")");
        }
        out.json_text(field.unit);
        out.text("\"}");
    }
    out.put(']');
}

/// Returns whether there is no fault.
bool append_tail(Sink& out, const RecordsEnd& end, const Decoder* decoder = nullptr) {
    append_flag(out, R"(],"more_follows":)", end.more_follows);
    out.text(R"(,"manufacturer_data":)");
    if (end.has_manufacturer_data) {
        append_hex_key(out, {}, end.manufacturer_data);
        append_manufacturer_values(out, end.manufacturer_data, decoder);
    } else {
        out.text("null");
    }
    out.text(R"(,"fault":)");
    if (end.fault) {
        append_fault(out, *end.fault);
    } else {
        out.text("null");
    }
    out.put('}');
    return !end.fault;
}

Fault inside(const Telegram& telegram, Fault fault) {
    fault.offset += telegram.content_offset;
    return fault;
}

/// A compact frame's records, where its format is known.
RecordsEnd append_expanded(Sink& out, const Telegram& telegram, FormatCache* formats,
                           const Decoder* decoder) {
    if (telegram.fault) {
        return {.fault = telegram.fault};
    }
    const auto compact = decode_compact(telegram.content);
    if (!compact) {
        return {.fault = inside(telegram, compact.error())};
    }
    const auto format =
        formats == nullptr
            ? std::span<const std::uint8_t>{}
            : formats->find(FormatCache::key_of(telegram.fields.device, compact->signature));
    if (format.empty()) {
        return {.fault = make_fault(core::FaultCode::format_unknown, telegram.content_offset)};
    }
    std::array<std::uint8_t, 2 * max_records> buffer;
    const auto size = expand_compact(*compact, format, buffer);
    if (!size) {
        return {.fault = inside(telegram, size.error())};
    }
    const auto records = std::span<const std::uint8_t>{buffer}.first(*size);
    RecordsEnd end = append_records(out, telegram, RecordReader{records}, records, decoder);
    end.manufacturer_data = {}; // formats hold none
    return end;
}

std::optional<Fault> learn_format(const Telegram& telegram, FormatCache* formats) {
    if (telegram.fault) {
        return telegram.fault;
    }
    const auto frame = decode_format(telegram.content);
    if (!frame) {
        return inside(telegram, frame.error());
    }
    if (formats != nullptr) {
        formats->learn(FormatCache::key_of(telegram.fields.device, frame->signature),
                       frame->format);
    }
    return std::nullopt;
}

} // namespace

bool append_body(Sink& out, const Telegram& telegram, const TelegramContext& context,
                 const BodyExtras& extras) {
    FormatCache* const formats = context.formats;
    if (context.contained != nullptr) {
        find_contained(*context.contained, telegram);
    }
    out.text(R"(,"ci":)");
    out.number(telegram.ci);
    out.text(R"(,"body":")");
    out.text(name_of(telegram.body));
    out.put('"');
    RecordsEnd end{.fault = telegram.fault};
    if (telegram.body == Body::fixed) {
        if (const auto fixed = decode_fixed(telegram.content)) {
            append_fixed_head(out, *fixed);
            out.text(R"(,"records":[)");
            append_fixed_counter(out, fixed->counters[0]);
            out.put(',');
            append_fixed_counter(out, fixed->counters[1]);
        }
        return append_tail(out, end);
    }
    const bool known = telegram.header == HeaderKind::long_header || extras.reception != nullptr;
    if (known) {
        append_device(out, R"(,"device":)", telegram.fields.device);
    }
    if (telegram.header != HeaderKind::none) {
        append_transport(out, telegram.fields.transport, extras.security);
    }
    append_content(out, telegram);
    if (!telegram.encrypted.empty()) {
        append_hex_key(out, R"(,"encrypted":)", telegram.encrypted);
    }
    const Decoder* const decoder = context.decoders == nullptr || !known
                                       ? nullptr
                                       : context.decoders->find(telegram.fields.device);
    out.text(R"(,"records":[)");
    switch (telegram.body) {
    case Body::records:
        if (formats != nullptr) {
            formats->learn_records(telegram.fields.device, telegram.content);
        }
        [[fallthrough]];
    case Body::command:
    case Body::selection:
        end = append_records(out, telegram, telegram.records(), telegram.content, decoder);
        break;
    case Body::compact: end = append_expanded(out, telegram, formats, decoder); break;
    case Body::format: end.fault = learn_format(telegram, formats); break;
    default: break;
    }
    if (extras.reception != nullptr && end.fault) {
        end.fault->offset = extras.reception->received_offset(end.fault->offset);
    }
    return append_tail(out, end, decoder);
}

void append_empty_body(Sink& out, const std::optional<Fault>& fault) {
    out.text(R"(,"body":"none","records":[)");
    append_tail(out, {.fault = fault});
}

void append_proof(Sink& out, const core::receiver::SecurityReport& security) {
    if (security.key) {
        out.text(security.key->named ? R"(,"key":"of the device")" : R"(,"key":"without id )");
        if (!security.key->named) {
            out.number(security.key->tried);
            out.put('"');
        }
    }
    if (security.found_clear) {
        out.text(R"(,"found_clear":true)");
    }
    if (security.unguarded) {
        out.text(R"(,"unguarded":true)");
    }
    out.text(R"(,"verified":[)");
    bool first = true;
    const auto item = [&out, &first](bool verified, std::string_view name) {
        if (verified) {
            out.text(first ? "\"" : ",\"");
            out.text(name);
            out.put('"');
            first = false;
        }
    };
    item(security.mac, "mac");
    item(security.tag, "tag");
    item(security.payload_crc, "payload CRC");
    item(security.check_bytes, "check bytes");
    out.put(']');
}

} // namespace meterbench::formats
