// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_text.hpp"

#include "core/application/application_error.hpp"
#include "core/application/device_type.hpp"
#include "core/application/fixed.hpp"
#include "core/link/frame.hpp"
#include "formats/telegram_sink.hpp"
#include "formats/telegram_value.hpp"
#include "formats/telegram_words.hpp"

#include <fmt/format.h>
#include <iterator>

namespace meterbench::formats {
namespace {

using namespace core::application;

std::string hex_of(std::span<const std::uint8_t> bytes) {
    std::string text;
    Sink{text}.hex(bytes);
    return text;
}

void write_fault(std::string& out, const core::Fault& fault) {
    fmt::format_to(std::back_inserter(out), "  fault at byte {}: {} ({}, {})\n", fault.offset,
                   fault_in_words(fault), name_of(fault.layer), name_of(fault.culprit));
}

void write_records(std::string& out, const Telegram& telegram) {
    RecordReader reader = telegram.records();
    Record record;
    RecordReader::Step step;
    while ((step = reader.next(record)) == RecordReader::Step::record) {
        fmt::format_to(std::back_inserter(out), "  {}: {}  [{}]\n", quantity_in_words(record),
                       value_in_words(record), dib_in_words(record));
    }
    if (reader.has_manufacturer_data()) {
        fmt::format_to(std::back_inserter(out), "  manufacturer data: {}\n",
                       hex_of(reader.manufacturer_data()));
    }
    if (reader.more_follows()) {
        out += "  more records follow in the next telegram\n";
    }
    if (step == RecordReader::Step::fault && !telegram.fault) {
        write_fault(out, reader.fault());
    }
}

void write_fixed(std::string& out, const FixedStructure& fixed) {
    fmt::format_to(std::back_inserter(out), "  id {:08X}, {}, access number {}, status {:02X}h\n",
                   fixed.id, fixed_medium_name(fixed.medium), fixed.access_number, fixed.status);
    for (const FixedCounter& counter : fixed.counters) {
        std::string value{"no value"};
        if (counter.value.invalid == Invalid::none) {
            value.clear();
            Sink sink{value};
            append_decimal(sink, counter.value.decimal());
        }
        fmt::format_to(std::back_inserter(out), "  {}: {} {}{}\n", name_of(counter.unit.quantity),
                       value, name_of(counter.unit.unit), counter.historic ? ", historic" : "");
    }
}

void write_body(std::string& out, const Telegram& telegram) {
    if (telegram.header == HeaderKind::long_header) {
        const DeviceId& device = telegram.fields.device;
        fmt::format_to(std::back_inserter(out), "  {} {:08X}, version {}, {}\n",
                       manufacturer_in_words(device.manufacturer), device.id, device.version,
                       device_type_name(device.device_type));
    }
    if (telegram.header != HeaderKind::none) {
        const ShortHeader& header = telegram.fields.transport;
        fmt::format_to(std::back_inserter(out), "  access number {}, status: {}\n",
                       header.access_number, status_in_words(header.status));
    }
    switch (telegram.body) {
    case Body::records:
    case Body::command:
    case Body::selection: write_records(out, telegram); break;
    case Body::fixed:
        if (const auto fixed = decode_fixed(telegram.content)) {
            write_fixed(out, *fixed);
        }
        break;
    case Body::application_error:
        fmt::format_to(std::back_inserter(out), "  application error {:02X}h: {}\n",
                       telegram.error_code(), application_error_name(telegram.error_code()));
        break;
    case Body::alarm:
        fmt::format_to(std::back_inserter(out), "  alarm bits {:08b}\n", telegram.alarm());
        break;
    default:
        if (!telegram.content.empty()) {
            fmt::format_to(std::back_inserter(out), "  data: {}\n", hex_of(telegram.content));
        }
        break;
    }
    if (telegram.fault) {
        write_fault(out, *telegram.fault);
    }
}

} // namespace

void write_telegram_text(std::string& out, std::size_t line_number,
                         std::span<const std::uint8_t> bytes) {
    const auto frame = core::link::decode_frame(bytes);
    if (!frame) {
        fmt::format_to(std::back_inserter(out), "{}: broken frame of {} bytes\n", line_number,
                       bytes.size());
        write_fault(out, frame.error());
        return;
    }
    fmt::format_to(std::back_inserter(out), "{}: {} frame", line_number, name_of(frame->kind));
    if (frame->kind != core::link::FrameKind::single) {
        fmt::format_to(std::back_inserter(out), ", {}, {}", control_in_words(frame->control),
                       address_in_words(frame->address));
    }
    if (!frame->has_ci()) {
        out += '\n';
        return;
    }
    fmt::format_to(std::back_inserter(out), ", CI {:02X}h: {}\n", frame->ci(),
                   ci_name(frame->ci()));
    constexpr std::uint32_t ci_offset = 6;
    write_body(out, decode_telegram(frame->user_data, ci_offset));
}

} // namespace meterbench::formats
