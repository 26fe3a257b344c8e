// SPDX-License-Identifier: Apache-2.0
#include "formats/wireless_reader.hpp"

#include "core/sender/radio_telegram.hpp"
#include "core/wireless/control.hpp"
#include "formats/telegram_body_reader.hpp"
#include "formats/transport_reader.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace meterbench::formats {
namespace {

using namespace core::application;
using Bytes = std::vector<std::uint8_t>;

/// In fragments of at most `size` bytes; 0: in one frame.
core::Expected<std::vector<core::wireless::AirFrame>>
frames_of(const core::sender::RadioTelegram& telegram, const core::security::Key* key,
          const core::security::ProtectionOptions& options, std::size_t size) {
    core::sender::RadioEncoder encoder{options};
    if (size != 0) {
        return encoder.fragments(telegram, key, size);
    }
    const auto frame = encoder.frame(telegram, key);
    if (!frame) {
        return std::unexpected{frame.error()};
    }
    return std::vector{*frame};
}

/// A wireless line on its way back to frames.
class WirelessReader {
  public:
    WirelessReader(const JsonValue& line, JsonReport& report)
        : line_{line}, report_{report}, reader_{line, report}, transport_{line, report, reader_} {}

    [[nodiscard]] Frames frames(const EncodingContext& encoding);

  private:
    [[nodiscard]] core::wireless::LinkAddress link_address(std::string_view key,
                                                           const JsonValue& in);
    [[nodiscard]] core::wireless::ExtendedLink extended_link(const JsonValue& ell);
    [[nodiscard]] core::transport::Afl afl(const JsonValue& in);
    [[nodiscard]] core::sender::RadioTelegram layers();
    [[nodiscard]] std::optional<core::sender::TransportPart> transport(Bytes& content);
    [[nodiscard]] std::uint8_t control_field();
    [[nodiscard]] core::wireless::CommunicationControl control(const JsonValue& ell);
    void check_fragment(const JsonValue& afl);

    const JsonValue& line_;
    JsonReport& report_;
    TelegramBodyReader reader_;
    TransportReader transport_;
};

core::wireless::LinkAddress WirelessReader::link_address(std::string_view key,
                                                         const JsonValue& in) {
    const DeviceId device = reader_.device_id(key, in);
    return core::wireless::LinkAddress::make(device.manufacturer, device.id, device.version,
                                             device.device_type);
}

core::wireless::ExtendedLink WirelessReader::extended_link(const JsonValue& ell) {
    core::wireless::ExtendedLink link;
    link.ci = static_cast<std::uint8_t>(reader_.number(ell, "ci", 255, core::wireless::ci_ell_1));
    link.access_number = static_cast<std::uint8_t>(reader_.number(ell, "access_number", 255));
    link.extended_control = static_cast<std::uint8_t>(reader_.number(ell, "extended_control", 255));
    link.control = control(ell);
    if (find(ell, "receiver") != nullptr) {
        link.receiver = link_address("receiver", ell);
    }
    constexpr std::array<std::string_view, 8> session_keys{
        "number", "encryption", "minutes", "count", "key", "found_clear", "unguarded", "verified"};
    if (const JsonValue* session = reader_.object(ell, "ell.session", session_keys)) {
        const Bytes sent = reader_.hex(*session, "number");
        if (sent.size() != 4) {
            report_.complain("ell.session.number", "must be eight hex digits");
            return link;
        }
        link.session = core::wireless::SessionNumber{std::uint32_t{sent[0]} << 24U |
                                                     std::uint32_t{sent[1]} << 16U |
                                                     std::uint32_t{sent[2]} << 8U | sent[3]};
    }
    if (find(ell, "payload_crc") != nullptr) {
        link.payload_crc = static_cast<std::uint16_t>(reader_.number(ell, "payload_crc", 0xFFFF));
    }
    if (find(ell, "run_time_delay") != nullptr) {
        link.run_time_delay =
            static_cast<std::uint16_t>(reader_.number(ell, "run_time_delay", 0xFFFF));
    }
    if (find(ell, "reception_level") != nullptr) {
        link.reception_level =
            static_cast<std::uint8_t>(reader_.number(ell, "reception_level", 255));
    }
    const bool to_receiver =
        link.ci == core::wireless::ci_ell_3 || link.ci == core::wireless::ci_ell_4;
    const bool in_session =
        link.ci == core::wireless::ci_ell_2 || link.ci == core::wireless::ci_ell_4;
    if ((to_receiver && !link.receiver) || (in_session && !link.session)) {
        report_.complain(in_session && !link.session ? "ell.session" : "ell.receiver",
                         "is missing: the layer's CI-field says that it is there");
    }
    return link;
}

core::wireless::CommunicationControl WirelessReader::control(const JsonValue& ell) {
    using core::wireless::CommunicationControl;
    constexpr std::array names{
        NamedBit{"fast_response", CommunicationControl::fast_bit},
        NamedBit{"synchronous", CommunicationControl::synchronous_bit},
        NamedBit{"hop", CommunicationControl::hop_bit},
        NamedBit{"priority", CommunicationControl::priority_bit},
        NamedBit{"repeated_access", CommunicationControl::repeated_bit},
        NamedBit{"extended_delay", CommunicationControl::extended_delay_bit}};
    constexpr std::array<std::string_view, 8> keys{
        "raw", "accessibility", "fast_response",   "synchronous",
        "hop", "priority",      "repeated_access", "extended_delay"};
    const JsonValue* said = reader_.object(ell, "ell.control", keys);
    if (said == nullptr) {
        return {};
    }
    NamedBits bits = reader_.named_bits(*said, names);
    if (const JsonValue* access = find(*said, "accessibility")) {
        constexpr unsigned all = 4;
        unsigned code = 0;
        while (code < all &&
               name_of(static_cast<core::wireless::Accessibility>(code)) != access->text) {
            ++code;
        }
        if (code == all) {
            report_.complain("ell.control.accessibility",
                             "must be none, no window, window or always");
        }
        bits.said |= (code & 2U) != 0 ? CommunicationControl::bidirectional_bit : 0U;
        bits.said |= (code & 1U) != 0 ? CommunicationControl::accessible_bit : 0U;
        bits.known |= CommunicationControl::bidirectional_bit;
        bits.known |= CommunicationControl::accessible_bit;
    }
    return {reader_.byte_of(*said, "ell.control", bits)};
}

core::transport::Afl WirelessReader::afl(const JsonValue& in) {
    core::transport::Afl afl;
    afl.fragmentation = static_cast<std::uint16_t>(reader_.number(in, "fragment", 255));
    const auto control = find(in, "message_control");
    if (control != nullptr) {
        afl.message_control = static_cast<std::uint8_t>(reader_.number(in, "message_control", 255));
    }
    if (find(in, "key_id") == nullptr &&
        (find(in, "key_version") != nullptr || find(in, "key_derivation") != nullptr)) {
        report_.complain("afl.key_id", "is missing beside the rest of the key information");
    }
    if (find(in, "key_id") != nullptr) {
        afl.key_information = core::transport::KeyInformation{static_cast<std::uint16_t>(
            reader_.number(in, "key_version", 255) << 8U |
            reader_.number(in, "key_derivation", 3) << 4U | reader_.number(in, "key_id", 15))};
    }
    if (find(in, "message_counter") != nullptr) {
        afl.message_counter = reader_.number(in, "message_counter", 0xFFFF'FFFF);
    }
    if (const Bytes mac = reader_.hex(in, "mac"); !mac.empty()) {
        afl.mac.emplace();
        afl.mac->size = static_cast<std::uint8_t>(std::min(mac.size(), core::transport::max_mac));
        std::copy_n(mac.begin(), afl.mac->size, afl.mac->storage.begin());
    }
    if (find(in, "message_length") != nullptr) {
        afl.message_length =
            static_cast<std::uint16_t>(reader_.number(in, "message_length", 0xFFFF));
    }
    announce_fields(afl);
    if (control != nullptr) {
        afl.message_control = static_cast<std::uint8_t>(reader_.number(in, "message_control", 255));
    }
    if (reader_.flag(in, "more_fragments")) {
        afl.fragmentation |= core::transport::fcl_more_fragments;
    }
    return afl;
}

core::sender::RadioTelegram WirelessReader::layers() {
    core::sender::RadioTelegram telegram;
    telegram.format.reset();
    if (const JsonValue* format = find(line_, "frame_format")) {
        if (format->text != "A" && format->text != "B") {
            report_.complain("frame_format", "must be \"A\", \"B\" or null");
        }
        telegram.format =
            format->text == "B" ? core::wireless::FrameFormat::b : core::wireless::FrameFormat::a;
    }
    telegram.c = control_field();
    telegram.address = link_address("link_address", line_);
    constexpr std::array<std::string_view, 9> ell_keys{
        "ci",      "control",        "access_number",   "extended_control", "receiver",
        "session", "run_time_delay", "reception_level", "payload_crc"};
    if (const JsonValue* ell = reader_.object(line_, "ell", ell_keys)) {
        telegram.link = extended_link(*ell);
    }
    constexpr std::array<std::string_view, 12> afl_keys{
        "fragment",    "more_fragments", "message_control", "authentication",
        "key_version", "key_derivation", "key_id",          "message_counter",
        "mac",         "message_length", "payload",         "fragment_size"};
    if (const JsonValue* layer = reader_.object(line_, "afl", afl_keys)) {
        telegram.afl = afl(*layer);
        check_fragment(*layer);
    }
    return telegram;
}

/// One frame cannot be made of a message whose AFL says that it is a part.
void WirelessReader::check_fragment(const JsonValue& afl) {
    const bool part =
        reader_.flag(afl, "more_fragments") || reader_.number(afl, "fragment", 255) > 1;
    if (part && find(afl, "payload") == nullptr && find(afl, "fragment_size") == nullptr) {
        report_.complain("afl.fragment", "is one of several: payload says what it has, or "
                                         "fragment_size cuts the message anew");
    }
}

/// By `c`, with which `frame` must agree, or by `frame` alone.
std::uint8_t WirelessReader::control_field() {
    constexpr std::uint8_t snd_nr = 0x44;
    const JsonValue* frame = find(line_, "frame");
    const core::wireless::ServiceRow* row = nullptr;
    for (const core::wireless::ServiceRow& one : core::wireless::service_rows) {
        row = frame != nullptr && row == nullptr && one.name == frame->text ? &one : row;
    }
    if (frame != nullptr && row == nullptr) {
        report_.complain("frame", "is the name of no service");
    }
    if (find(line_, "c") == nullptr) {
        return row == nullptr ? snd_nr : row->value;
    }
    const auto c = static_cast<std::uint8_t>(reader_.number(line_, "c", 255));
    const core::wireless::ServiceRow* said = core::wireless::service_row(c);
    if (row != nullptr && (said == nullptr || said->name != row->name)) {
        report_.complain("frame", "disagrees with c");
    }
    return c;
}

std::optional<core::sender::TransportPart> WirelessReader::transport(Bytes& content) {
    if (!is_fragment(line_)) {
        return transport_.part(content);
    }
    content = reader_.hex(*find(line_, "afl"), "payload");
    if (content.empty()) {
        return std::nullopt;
    }
    core::sender::TransportPart part;
    part.ci = content.front();
    part.content = std::span{content}.subspan(1);
    return part;
}

Frames WirelessReader::frames(const EncodingContext& encoding) {
    core::sender::RadioTelegram telegram = layers();
    Bytes content;
    telegram.transport = transport(content);
    const JsonValue* afl = find(line_, "afl");
    const bool cut = afl != nullptr && find(*afl, "fragment_size") != nullptr;
    const std::size_t size =
        cut ? reader_.number(*afl, "fragment_size", core::wireless::max_frame) : 0;
    if (cut && (size == 0 || is_fragment(line_))) {
        report_.complain("afl.fragment_size",
                         size == 0 ? "must be at least 1" : "cuts a message: leave payload out");
    }
    if (report_.failed()) {
        return {};
    }
    const auto made =
        frames_of(telegram, transport_.key(telegram, encoding), encoding.protection, size);
    if (!made && made.error().code == core::FaultCode::data_too_long) {
        report_.complain(cut ? "afl.fragment_size" : "records",
                         cut ? "makes more than 255 fragments, or frames that are too long"
                             : "are too many for a frame: afl.fragment_size cuts the message");
        return {};
    }
    if (!made) {
        report_.complain("security", core::meaning_of(made.error().code));
        return {};
    }
    Frames frames;
    for (const core::wireless::AirFrame& frame : *made) {
        frames.emplace_back(frame.bytes().begin(), frame.bytes().end());
    }
    return frames;
}

} // namespace

bool is_fragment(const JsonValue& line) {
    const JsonValue* link = find(line, "link");
    const JsonValue* afl = find(line, "afl");
    return link != nullptr && link->text == "wireless" && afl != nullptr &&
           find(*afl, "payload") != nullptr;
}

Frames read_wireless_json(const JsonValue& line, JsonReport& report,
                          const EncodingContext& encoding) {
    return WirelessReader{line, report}.frames(encoding);
}

} // namespace meterbench::formats
