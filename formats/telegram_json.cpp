// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_json.hpp"

#include "core/application/telegram.hpp"
#include "core/link/frame.hpp"
#include "core/wireless/frame.hpp"
#include "formats/telegram_body_json.hpp"
#include "formats/telegram_sink.hpp"
#include "formats/wired_context.hpp"
#include "formats/wireless_json.hpp"

namespace meterbench::formats {
using namespace core::application;
using core::Fault;
using core::link::FrameKind;

namespace {

void append_link_fields(Sink& out, FrameKind kind, std::uint8_t control, std::uint8_t address) {
    out.put('"');
    out.text(name_of(kind));
    out.put('"');
    if (kind != FrameKind::single) {
        out.text(R"(,"c":)");
        out.number(control);
        out.text(R"(,"address":)");
        out.number(address);
    }
}

/// A frame that broke on the link layer: what its bytes say as far as they go, unverified.
void append_broken_frame(Sink& out, std::span<const std::uint8_t> bytes, const Fault& fault) {
    const std::uint8_t start = bytes.empty() ? 0 : bytes[0];
    if (start == core::link::start_short && bytes.size() >= 3) {
        append_link_fields(out, FrameKind::short_frame, bytes[1], bytes[2]);
    } else if (start == core::link::start_long && bytes.size() >= 6) {
        const bool control = bytes[1] == core::link::min_length_field;
        append_link_fields(out, control ? FrameKind::control : FrameKind::long_frame, bytes[4],
                           bytes[5]);
        if (bytes.size() >= 7) {
            out.text(R"(,"ci":)");
            out.number(bytes[6]);
        }
    } else {
        out.text("null");
    }
    append_empty_body(out, fault);
}

bool write_line(std::string& out, std::size_t line_number, std::span<const std::uint8_t> bytes,
                const TelegramContext& context) {
    Sink sink{out};
    append_head(sink, line_number, "wired", context.container);
    const auto frame = core::link::decode_frame(bytes);
    if (!frame) {
        append_broken_frame(sink, bytes, frame.error());
        return false;
    }
    append_link_fields(sink, frame->kind, frame->control.value, frame->address);
    if (!frame->has_ci()) {
        append_empty_body(sink, std::nullopt);
        return true;
    }
    constexpr std::uint32_t ci_offset = 6;
    Telegram telegram = decode_telegram(frame->user_data, ci_offset);
    if (context.receiver == nullptr) {
        return append_body(sink, telegram, context, {});
    }
    core::receiver::SecurityReport security;
    context.receiver->decryption().open(telegram, frame->user_data, wired_context(frame->control),
                                        security);
    return append_body(sink, telegram, context, {.security = &security});
}

} // namespace

bool write_telegram_json(std::string& out, std::size_t line_number,
                         std::span<const std::uint8_t> bytes) {
    return write_line(out, line_number, bytes, {});
}

bool write_telegram_json(std::string& out, std::size_t line_number,
                         std::span<const std::uint8_t> bytes, const TelegramContext& context) {
    const Link link = context.link == Link::unknown ? link_of(bytes) : context.link;
    switch (link) {
    case Link::wired: break;
    case Link::wireless: return write_wireless_json(out, line_number, bytes, context);
    case Link::unknown: {
        Sink sink{out};
        append_head(sink, line_number, "unknown");
        sink.text("null");
        append_empty_body(sink, make_fault(core::FaultCode::unknown_link));
        return false;
    }
    }
    return write_line(out, line_number, bytes, context);
}

Link link_of(std::span<const std::uint8_t> bytes) {
    const auto at = [&bytes](std::size_t index) {
        return index < bytes.size() ? bytes[index] : std::uint8_t{0};
    };
    constexpr std::size_t short_frame = 5;
    const bool long_frame =
        at(0) == core::link::start_long && (at(3) == core::link::start_long || at(1) == at(2));
    if (long_frame || (at(0) == core::link::start_single && bytes.size() == 1) ||
        (at(0) == core::link::start_short && bytes.size() <= short_frame)) {
        return Link::wired;
    }
    const bool radio = bytes.size() > 1 && at(0) >= core::wireless::min_l_field &&
                       core::wireless::service_row(at(1)) != nullptr;
    return radio ? Link::wireless : Link::unknown;
}

void write_fault_json(std::string& out, std::size_t line_number, const Fault& fault, Link link) {
    Sink sink{out};
    append_head(sink, line_number, link == Link::wireless ? "wireless" : "wired");
    sink.text("null");
    append_empty_body(sink, fault);
}

void append_fault_json(std::string& out, const Fault& fault) {
    Sink sink{out};
    append_fault(sink, fault);
}

std::string fault_detail(const Fault& fault) {
    std::string text;
    {
        Sink sink{text};
        append_detail(sink, fault);
    }
    return text;
}

} // namespace meterbench::formats
