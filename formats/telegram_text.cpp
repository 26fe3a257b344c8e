// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_text.hpp"

#include "core/application/application_error.hpp"
#include "core/application/device_type.hpp"
#include "core/application/fixed.hpp"
#include "core/link/frame.hpp"
#include "formats/telegram_sink.hpp"
#include "formats/telegram_value.hpp"
#include "formats/telegram_words.hpp"
#include "formats/wired_context.hpp"

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

void write_security(std::string& out, const core::receiver::SecurityReport& security) {
    const bool said = security.configuration && security.configuration->field != 0;
    if (!said && !security.mac) {
        return;
    }
    const auto mode = said ? security.configuration->mode() : core::transport::SecurityMode::none;
    fmt::format_to(std::back_inserter(out), "  security mode {} ({}){}{}{}{}\n",
                   static_cast<unsigned>(mode), name_of(mode), security.mac ? ", MAC verified" : "",
                   security.tag ? ", tag verified" : "",
                   security.check_bytes ? ", check bytes verified" : "",
                   security.found_clear ? ", found in clear" : "");
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
                         std::span<const std::uint8_t> bytes,
                         core::receiver::Decryption* decryption) {
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
    Telegram telegram = decode_telegram(frame->user_data, ci_offset);
    if (decryption != nullptr) {
        core::receiver::SecurityReport security;
        decryption->open(telegram, frame->user_data, wired_context(frame->control), security);
        write_security(out, security);
    }
    write_body(out, telegram);
}

bool write_telegram_text(std::string& out, std::size_t line_number,
                         const core::receiver::Reception& reception,
                         std::optional<core::wireless::Mode> mode) {
    const auto into = std::back_inserter(out);
    if (!reception.frame) {
        fmt::format_to(into, "{}: broken radio frame\n", line_number);
        write_fault(out, *reception.fault);
        return false;
    }
    const core::wireless::Frame& frame = *reception.frame;
    const core::wireless::ServiceRow* row = core::wireless::service_row(frame.c());
    const core::wireless::LinkAddress sender = frame.address();
    fmt::format_to(into, "{}: {}{}, {}, from {} {:08X}, version {}, {}\n", line_number,
                   row == nullptr ? "unknown service" : row->name,
                   mode ? fmt::format(", mode {}", name_of(*mode)) : std::string{},
                   frame.format ? fmt::format("frame format {}", name_of(*frame.format))
                                : std::string{"without CRCs"},
                   manufacturer_in_words(sender.manufacturer()), sender.id(), sender.version(),
                   device_type_name(sender.device_type()));
    if (reception.link) {
        fmt::format_to(into, "  {}, access number {}, access {}\n", ci_name(reception.link->ci),
                       reception.link->access_number,
                       name_of(reception.link->control.accessibility()));
    }
    write_security(out, reception.security);
    bool good = !reception.fault;
    if (reception.message.empty()) {
        if (reception.fault) {
            write_fault(out, *reception.fault);
        }
        return good;
    }
    fmt::format_to(into, "  CI {:02X}h: {}\n", reception.telegram.ci,
                   ci_name(reception.telegram.ci));
    write_body(out, reception.telegram);
    const Body body = reception.telegram.body;
    if (good && (body == Body::records || body == Body::command)) {
        RecordReader reader = reception.telegram.records();
        Record record;
        RecordReader::Step step;
        while ((step = reader.next(record)) == RecordReader::Step::record) {
        }
        good = step == RecordReader::Step::end;
    }
    return good;
}

} // namespace meterbench::formats
