// SPDX-License-Identifier: Apache-2.0
#include "formats/wireless_json.hpp"

#include "core/receiver/receiver.hpp"
#include "core/wireless/control.hpp"
#include "formats/telegram_body_json.hpp"

namespace meterbench::formats {
namespace {

using core::receiver::Reception;
using core::wireless::CommunicationControl;
using core::wireless::ExtendedLink;
using core::wireless::LinkAddress;

void append_address(Sink& out, std::string_view key, const LinkAddress& address) {
    append_device(out, key,
                  {address.id(), address.manufacturer(), address.version(), address.device_type()});
}

void append_service(Sink& out, std::uint8_t c) {
    if (const core::wireless::ServiceRow* row = core::wireless::service_row(c)) {
        out.put('"');
        out.text(row->name);
        out.put('"');
    } else {
        out.text("null");
    }
}

void append_format(Sink& out, const std::optional<core::wireless::FrameFormat>& format) {
    out.text(R"(,"frame_format":)");
    if (format) {
        out.put('"');
        out.text(name_of(*format));
        out.put('"');
    } else {
        out.text("null");
    }
}

void append_control(Sink& out, CommunicationControl control) {
    out.text(R"(,"control":{"raw":)");
    out.number(control.raw);
    out.text(R"(,"accessibility":")");
    out.text(name_of(control.accessibility()));
    append_flag(out, R"(","fast_response":)", control.fast_response());
    append_flag(out, R"(,"synchronous":)", control.synchronous());
    append_flag(out, R"(,"hop":)", control.hop());
    append_flag(out, R"(,"priority":)", control.priority());
    append_flag(out, R"(,"repeated_access":)", control.repeated_access());
    append_flag(out, R"(,"extended_delay":)", control.extended_delay());
    out.put('}');
}

void append_session(Sink& out, const ExtendedLink& link,
                    const core::receiver::SecurityReport& report) {
    out.text(R"(,"session":{"number":")");
    append_hex_number(out, link.session->raw, 4);
    out.text(R"(","encryption":)");
    out.number(link.session->encryption());
    out.text(R"(,"minutes":)");
    out.number(link.session->minutes());
    out.text(R"(,"count":)");
    out.number(link.session->session());
    append_proof(out, report);
    out.put('}');
}

void append_link(Sink& out, const Reception& reception) {
    const ExtendedLink& link = *reception.link;
    out.text(R"(,"ell":{"ci":)");
    out.number(link.ci);
    append_control(out, link.control);
    out.text(R"(,"access_number":)");
    out.number(link.access_number);
    if (link.ci == core::wireless::ci_ell_5) {
        out.text(R"(,"extended_control":)");
        out.number(link.extended_control);
    }
    if (link.receiver) {
        append_address(out, R"(,"receiver":)", *link.receiver);
    }
    if (link.session) {
        append_session(out, link, reception.session);
    }
    if (link.run_time_delay) {
        out.text(R"(,"run_time_delay":)");
        out.number(*link.run_time_delay);
    }
    if (link.reception_level) {
        out.text(R"(,"reception_level":)");
        out.number(*link.reception_level);
    }
    out.put('}');
}

void append_afl(Sink& out, const Reception& reception) {
    const core::transport::Afl& afl = *reception.afl;
    out.text(R"(,"afl":{"fragment":)");
    out.number(afl.fragment());
    append_flag(out, R"(,"more_fragments":)", afl.more_fragments());
    if (afl.message_control) {
        out.text(R"(,"message_control":)");
        out.number(*afl.message_control);
        if (const auto* type = core::transport::mac_type(*afl.message_control)) {
            out.text(R"(,"authentication":")");
            out.text(type->name);
            out.put('"');
        }
    }
    if (afl.key_information) {
        out.text(R"(,"key_version":)");
        out.number(afl.key_information->version());
        out.text(R"(,"key_derivation":)");
        out.number(afl.key_information->derivation());
        out.text(R"(,"key_id":)");
        out.number(afl.key_information->key_id());
    }
    if (afl.message_counter) {
        out.text(R"(,"message_counter":)");
        out.number(*afl.message_counter);
    }
    if (afl.mac) {
        append_hex_key(out, R"(,"mac":)", afl.mac->bytes());
    }
    if (afl.message_length) {
        out.text(R"(,"message_length":)");
        out.number(*afl.message_length);
    }
    if (afl.fragmented()) {
        append_hex_key(out, R"(,"payload":)", reception.fragment);
    }
    out.put('}');
}

void append_mode(Sink& out, const TelegramContext& context) {
    if (context.mode) {
        out.text(R"(,"mode":")");
        out.text(name_of(*context.mode));
        out.put('"');
    }
}

/// A frame that broke on the link layer: what its first bytes say, unverified.
void append_broken(Sink& out, std::span<const std::uint8_t> bytes, const TelegramContext& context,
                   const core::Fault& fault) {
    if (bytes.size() >= core::wireless::head_size) {
        append_service(out, bytes[1]);
        append_mode(out, context);
        out.text(R"(,"c":)");
        out.number(bytes[1]);
        append_address(out, R"(,"link_address":)", LinkAddress::read(bytes.subspan(2)));
    } else {
        out.text("null");
        append_mode(out, context);
    }
    append_empty_body(out, fault);
}

bool append_reception(Sink& out, const Reception& reception, const TelegramContext& context) {
    const core::wireless::Frame& frame = *reception.frame;
    append_service(out, frame.c());
    append_mode(out, context);
    append_format(out, frame.format);
    out.text(R"(,"c":)");
    out.number(frame.c());
    append_address(out, R"(,"link_address":)", frame.address());
    if (!frame.surplus.empty()) {
        append_hex_key(out, R"(,"surplus":)", frame.surplus);
    }
    if (reception.duplicate) {
        out.text(R"(,"duplicate":true)");
    }
    if (reception.link) {
        append_link(out, reception);
    }
    if (reception.afl) {
        append_afl(out, reception);
    }
    if (reception.message.empty()) {
        append_empty_body(out, reception.fault);
        return !reception.fault;
    }
    return append_body(out, reception.telegram, context,
                       {.security = &reception.security, .reception = &reception});
}

} // namespace

bool write_wireless_json(std::string& out, std::size_t line_number,
                         std::span<const std::uint8_t> bytes, const TelegramContext& context) {
    if (context.receiver == nullptr) {
        const core::receiver::KeyStore none;
        core::receiver::Receiver receiver{none, {.partial_messages = 1}};
        TelegramContext own = context;
        own.receiver = &receiver;
        return write_wireless_json(out, line_number, bytes, own);
    }
    Sink sink{out};
    append_head(sink, line_number, "wireless", context.container);
    const Reception& reception = context.receiver->receive(bytes, context.handover);
    if (!reception.frame) {
        append_broken(sink, bytes, context, *reception.fault);
        return false;
    }
    return append_reception(sink, reception, context);
}

} // namespace meterbench::formats
