// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_reader.hpp"

#include "core/link/frame.hpp"
#include "core/sender/radio_telegram.hpp"
#include "formats/json_reader.hpp"
#include "formats/telegram_body_reader.hpp"
#include "formats/transport_reader.hpp"
#include "formats/wireless_reader.hpp"

namespace meterbench::formats {
namespace {

using namespace core::application;
using Bytes = std::vector<std::uint8_t>;

/// From the CI-field on; encrypted where the line says so.
Bytes user_data(const JsonValue& line, JsonReport& report, TelegramBodyReader& reader,
                const EncodingContext& encoding) {
    const JsonValue* kind = find(line, "body");
    if (kind != nullptr && kind->text == name_of(Body::fixed)) {
        Bytes out{static_cast<std::uint8_t>(reader.number(line, "ci", 255))};
        reader.fixed(out);
        return out;
    }
    Bytes content;
    TransportReader transport{line, report, reader};
    core::sender::RadioTelegram telegram;
    telegram.transport = transport.part(content);
    if (!telegram.transport) {
        report.complain("ci", "is missing");
    }
    if (report.failed()) {
        return {};
    }
    const bool to_meter = ci_row(telegram.transport->ci).direction == CiDirection::to_meter;
    telegram.c = to_meter ? 0x53 : 0x08; // derived keys differ by direction
    core::sender::RadioEncoder encoder{encoding.protection};
    const auto made = encoder.message(telegram, transport.key(telegram, encoding));
    if (!made) {
        report.complain("security", core::meaning_of(made.error().code));
        return {};
    }
    return {made->begin(), made->end()};
}

Bytes wired_frame(const JsonValue& line, JsonReport& report, const EncodingContext& encoding) {
    TelegramBodyReader reader{line, report};
    const JsonValue* kind = find(line, "frame");
    const std::string_view name = kind == nullptr ? std::string_view{} : kind->text;
    const auto address = static_cast<std::uint8_t>(reader.number(line, "address", 255));
    if (name == "single") {
        return {core::link::start_single};
    }
    if (name != "short" && name != "control" && name != "long") {
        report.complain("frame", "must be single, short, control or long");
        return {};
    }
    const auto ci = static_cast<std::uint8_t>(reader.number(line, "ci", 255));
    const bool to_meter = ci_row(ci).direction == CiDirection::to_meter;
    const auto control =
        static_cast<std::uint8_t>(reader.number(line, "c", 255, to_meter ? 0x53 : 0x08));
    if (name == "short") {
        const auto made = core::link::encode_short({control}, address);
        return {made.bytes().begin(), made.bytes().end()};
    }
    const Bytes data = user_data(line, report, reader, encoding);
    if (report.failed()) {
        return {};
    }
    const auto made = core::link::encode_long({control}, address, data);
    if (!made) {
        report.complain("records", core::meaning_of(made.error().code));
        return {};
    }
    return {made->bytes().begin(), made->bytes().end()};
}

} // namespace

std::expected<Frames, std::string> read_telegram_json(std::string_view line, std::string_view name,
                                                      const EncodingContext& encoding) {
    const auto value = parse_json(line, name);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{name}};
    const JsonValue* schema = value->member("schema");
    if (schema == nullptr || schema->text != "meterbench.telegram/1") {
        report.complain("schema", "must be \"meterbench.telegram/1\"");
    }
    const JsonValue* fault = value->member("fault");
    const bool faulty = fault != nullptr && fault->kind == JsonValue::Kind::object;
    if (faulty && !is_fragment(*value)) {
        report.complain("fault", "the line is of a telegram that was not decoded whole: it would "
                                 "become another one (set it to null to encode what is there)");
    }
    if (value->member("container") != nullptr && !report.failed()) {
        return Frames{};
    }
    const JsonValue* link = value->member("link");
    const bool wireless = link != nullptr && link->text == "wireless";
    if (link != nullptr && !wireless && link->text != "wired") {
        report.complain("link", "must be \"wired\" or \"wireless\"");
    }
    Frames frames = wireless ? read_wireless_json(*value, report, encoding)
                             : Frames{wired_frame(*value, report, encoding)};
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return frames;
}

} // namespace meterbench::formats
