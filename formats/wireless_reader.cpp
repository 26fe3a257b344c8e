// SPDX-License-Identifier: Apache-2.0
#include "formats/wireless_reader.hpp"

#include "core/sender/radio_telegram.hpp"
#include "formats/telegram_body_reader.hpp"

#include <algorithm>
#include <charconv>

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
        : line_{line}, report_{report}, reader_{line, report} {}

    [[nodiscard]] Frames frames(const EncodingContext& encoding);

  private:
    [[nodiscard]] core::wireless::LinkAddress link_address(std::string_view key,
                                                           const JsonValue& in);
    [[nodiscard]] core::wireless::ExtendedLink extended_link(const JsonValue& ell);
    [[nodiscard]] core::transport::Afl afl(const JsonValue& in);
    [[nodiscard]] core::transport::Configuration configuration(std::uint16_t field);
    [[nodiscard]] core::sender::RadioTelegram layers();
    [[nodiscard]] std::optional<core::sender::TransportPart> transport(Bytes& content);
    [[nodiscard]] const core::security::Key* key(const core::sender::RadioTelegram& telegram,
                                                 const EncodingContext& encoding) const;
    [[nodiscard]] std::size_t key_tried() const;

    const JsonValue& line_;
    JsonReport& report_;
    TelegramBodyReader reader_;
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
    if (const JsonValue* control = find(ell, "control")) {
        link.control.raw = static_cast<std::uint8_t>(reader_.number(*control, "raw", 255));
    }
    if (find(ell, "receiver") != nullptr) {
        link.receiver = link_address("receiver", ell);
    }
    if (const JsonValue* session = find(ell, "session")) {
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
    return link;
}

core::transport::Afl WirelessReader::afl(const JsonValue& in) {
    core::transport::Afl afl;
    afl.fragmentation = static_cast<std::uint16_t>(reader_.number(in, "fragment", 255));
    const auto control = find(in, "message_control");
    if (control != nullptr) {
        afl.message_control = static_cast<std::uint8_t>(reader_.number(in, "message_control", 255));
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
    if (flag(in, "more_fragments")) {
        afl.fragmentation |= core::transport::fcl_more_fragments;
    }
    return afl;
}

core::transport::Configuration WirelessReader::configuration(std::uint16_t field) {
    core::transport::Configuration made;
    made.field = field;
    const JsonValue* security = find(line_, "security");
    if (security == nullptr) {
        return made;
    }
    if (const Bytes extension = reader_.hex(*security, "extension"); extension.size() == 2) {
        made.extension = static_cast<std::uint16_t>(extension[0] << 8 | extension[1]);
    }
    if (find(*security, "key_version") != nullptr) {
        made.key_version = static_cast<std::uint8_t>(reader_.number(*security, "key_version", 255));
    }
    constexpr std::uint16_t counter_here = 0x2000; // bit Z of modes 7 to 10
    const auto mode = made.mode();
    const bool can = mode >= core::transport::SecurityMode::aes_cbc_derived &&
                     mode <= core::transport::SecurityMode::aes_ccm;
    if (can && (field & counter_here) != 0) {
        made.message_counter = reader_.number(*security, "message_counter", 0xFFFF'FFFF);
    }
    return made;
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
    telegram.c = static_cast<std::uint8_t>(reader_.number(line_, "c", 255, 0x44));
    telegram.address = link_address("link_address", line_);
    if (const JsonValue* ell = find(line_, "ell")) {
        telegram.link = extended_link(*ell);
    }
    if (const JsonValue* layer = find(line_, "afl")) {
        telegram.afl = afl(*layer);
    }
    return telegram;
}

/// What stands behind the layers; `content` holds its bytes.
std::optional<core::sender::TransportPart> WirelessReader::transport(Bytes& content) {
    core::sender::TransportPart part;
    if (is_fragment(line_)) {
        content = reader_.hex(*find(line_, "afl"), "payload");
        if (content.empty()) {
            return std::nullopt;
        }
        part.ci = content.front();
        part.content = std::span{content}.subspan(1);
        return part;
    }
    if (find(line_, "ci") == nullptr) {
        return std::nullopt;
    }
    part.ci = static_cast<std::uint8_t>(reader_.number(line_, "ci", 255));
    const CiRow& row = ci_row(part.ci);
    part.header = row.header;
    if (row.header == HeaderKind::long_header) {
        part.fields.device = reader_.device_id("device", line_);
    }
    if (row.header != HeaderKind::none) {
        part.fields.transport = reader_.short_header();
        part.configuration = configuration(part.fields.transport.configuration);
    }
    part.sealed = find(line_, "encrypted") != nullptr;
    if (part.sealed) {
        content = reader_.hex(line_, "encrypted");
    } else {
        reader_.body(content, row.body);
    }
    part.content = content;
    return part;
}

/// The place of the key among those without an identification, as decode says it; 1 without.
std::size_t WirelessReader::key_tried() const {
    static constexpr std::string_view without = "without id ";
    const auto place = [](const JsonValue* in) -> std::size_t {
        const JsonValue* said = in == nullptr ? nullptr : find(*in, "key");
        std::size_t number = 0;
        if (said != nullptr && said->text.starts_with(without)) {
            const std::string_view digits = std::string_view{said->text}.substr(without.size());
            (void)std::from_chars(digits.begin(), digits.end(), number);
        }
        return number;
    };
    const JsonValue* ell = find(line_, "ell");
    const std::size_t tried = std::max(place(find(line_, "security")),
                                       place(ell == nullptr ? nullptr : find(*ell, "session")));
    return std::max<std::size_t>(tried, 1);
}

const core::security::Key* WirelessReader::key(const core::sender::RadioTelegram& telegram,
                                               const EncodingContext& encoding) const {
    if (encoding.keys == nullptr) {
        return nullptr;
    }
    const core::wireless::LinkAddress owner = key_owner(telegram);
    const auto keys = encoding.keys->find(owner.manufacturer(), owner.id());
    const std::size_t place = keys.named ? 1 : key_tried();
    return place <= keys.count ? keys.keys.at(place - 1) : nullptr;
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
    const auto made = frames_of(telegram, key(telegram, encoding), encoding.protection, size);
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
