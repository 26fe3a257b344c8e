// SPDX-License-Identifier: Apache-2.0
#include "formats/transport_reader.hpp"

#include "core/application/signature.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace meterbench::formats {

using namespace core::application;
using Bytes = TelegramBodyReader::Bytes;

core::transport::Configuration TransportReader::configuration(std::uint16_t field) {
    core::transport::Configuration made;
    made.field = field;
    const JsonValue* security = find(line_, "security");
    if (security == nullptr) {
        return made;
    }
    const auto mode = made.mode();
    using core::transport::SecurityMode;
    const bool extended = mode == SecurityMode::aes_cbc_derived || mode == SecurityMode::aes_ccm ||
                          mode == SecurityMode::tls;
    if (const Bytes extension = reader_.hex(*security, "extension"); extension.size() == 2) {
        made.extension = static_cast<std::uint16_t>(extension[0] << 8 | extension[1]);
    } else if (extended || !extension.empty()) {
        report_.complain("security.extension", "must be four hex digits");
    }
    if (find(*security, "key_version") != nullptr) {
        made.key_version = static_cast<std::uint8_t>(reader_.number(*security, "key_version", 255));
    }
    constexpr std::uint16_t counter_here = 0x2000; // bit Z of modes 7 to 10
    const bool can = mode >= SecurityMode::aes_cbc_derived && mode <= SecurityMode::aes_ccm;
    if (can && (field & counter_here) != 0) {
        if (find(*security, "message_counter") == nullptr) {
            report_.complain("security.message_counter",
                             "is missing: the configuration says that it is there");
        }
        made.message_counter = reader_.number(*security, "message_counter", 0xFFFF'FFFF);
    }
    return made;
}

std::optional<core::sender::TransportPart> TransportReader::part(Bytes& content) {
    core::sender::TransportPart part;
    if (find(line_, "ci") == nullptr) {
        const JsonValue* records = find(line_, "records");
        if (find(line_, "encrypted") != nullptr ||
            (records != nullptr && !records->items.empty())) {
            report_.complain("ci", "is missing");
        }
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
    const bool encrypted = find(line_, "encrypted") != nullptr;
    if (encrypted) {
        content = reader_.hex(line_, "encrypted");
    } else {
        reader_.body(content, row.body);
    }
    // It came in clear, whatever it says; or what stands there is no configuration.
    const JsonValue* security = find(line_, "security");
    const bool clear = security != nullptr && reader_.flag(*security, "found_clear");
    part.sealed = encrypted || clear || part.configuration.field == signature_unused;
    part.content = content;
    return part;
}

/// The place of the key among those without an identification, as decode says it; 1 without.
std::size_t TransportReader::key_tried() const {
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

const core::security::Key* TransportReader::key(const core::sender::RadioTelegram& telegram,
                                                const EncodingContext& encoding) const {
    if (encoding.keys == nullptr) {
        return nullptr;
    }
    const core::wireless::LinkAddress owner = key_owner(telegram);
    const auto keys = encoding.keys->find(owner.manufacturer(), owner.id());
    const std::size_t place = keys.named ? 1 : key_tried();
    return place <= keys.count ? keys.keys.at(place - 1) : nullptr;
}

} // namespace meterbench::formats
