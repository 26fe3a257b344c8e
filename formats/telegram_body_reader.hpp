// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/ci_field.hpp"
#include "core/application/fixed.hpp"
#include "core/application/header.hpp"
#include "formats/json_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// The value of a key; null where there is none, or where it is null.
[[nodiscard]] inline const JsonValue* find(const JsonValue& in, std::string_view key) {
    const JsonValue* value = in.member(key);
    return value != nullptr && value->kind == JsonValue::Kind::null ? nullptr : value;
}
[[nodiscard]] inline bool flag(const JsonValue& in, std::string_view key) {
    const JsonValue* value = find(in, key);
    return value != nullptr && value->boolean;
}

/// The application layer of a line of schema `meterbench.telegram/1` on its way back to bytes: what
/// wired and wireless telegrams have in common. Complaints go to the report and name the key.
class TelegramBodyReader {
  public:
    using Bytes = std::vector<std::uint8_t>;

    TelegramBodyReader(const JsonValue& line, JsonReport& report) : line_{line}, report_{report} {}

    [[nodiscard]] std::uint32_t number(const JsonValue& in, std::string_view key,
                                       std::uint32_t most, std::uint32_t fallback = 0);
    [[nodiscard]] Bytes hex(const JsonValue& in, std::string_view key);
    [[nodiscard]] core::application::DeviceId device_id(std::string_view key, const JsonValue& in);
    [[nodiscard]] core::application::ShortHeader short_header();

    void header(Bytes& out, core::application::HeaderKind kind);
    void body(Bytes& out, core::application::Body body);
    void fixed(Bytes& out);

  private:
    void counter(const JsonValue& record, const std::string& key,
                 core::application::FixedCounter& into);
    void word(Bytes& out, const JsonValue& in, std::string_view key);
    void compact(Bytes& out);
    void format(Bytes& out);
    void records(Bytes& out);
    static void append(Bytes& out, const Bytes& more) {
        out.insert(out.end(), more.begin(), more.end());
    }

    const JsonValue& line_;
    JsonReport& report_;
};

} // namespace meterbench::formats
