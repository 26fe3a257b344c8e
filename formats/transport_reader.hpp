// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sender/radio_telegram.hpp"
#include "formats/json_reader.hpp"
#include "formats/telegram_body_reader.hpp"
#include "formats/telegram_reader.hpp"

#include <cstddef>
#include <optional>

namespace meterbench::formats {

/// The transport layer of a line on its way back to bytes: CI-field, header with its configuration,
/// content; and the key that it is encrypted with. The same for wired and wireless telegrams.
class TransportReader {
  public:
    TransportReader(const JsonValue& line, JsonReport& report, TelegramBodyReader& reader)
        : line_{line}, report_{report}, reader_{reader} {}

    /// None without a CI-field. `content` holds its bytes.
    [[nodiscard]] std::optional<core::sender::TransportPart>
    part(TelegramBodyReader::Bytes& content);
    /// Null where none is known.
    [[nodiscard]] const core::security::Key* key(const core::sender::RadioTelegram& telegram,
                                                 const EncodingContext& encoding) const;

  private:
    [[nodiscard]] core::transport::Configuration configuration(std::uint16_t field);
    [[nodiscard]] std::size_t key_tried() const;

    const JsonValue& line_;
    JsonReport& report_;
    TelegramBodyReader& reader_;
};

} // namespace meterbench::formats
