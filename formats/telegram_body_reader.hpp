// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/ci_field.hpp"
#include "core/application/fixed.hpp"
#include "core/application/header.hpp"
#include "formats/json_reader.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// The value of a key; null where there is none, or where it is null.
[[nodiscard]] inline const JsonValue* find(const JsonValue& in, std::string_view key) {
    const JsonValue* value = in.member(key);
    return value != nullptr && value->kind == JsonValue::Kind::null ? nullptr : value;
}
/// A name in JSON for some bits.
struct NamedBit {
    std::string_view name;
    std::uint8_t mask;
};
/// The bits that the names of an object say, and which bits these are.
struct NamedBits {
    unsigned said = 0;
    unsigned known = 0;
};

/// The application layer of a line of schema `meterbench.telegram/1` on its way back to bytes: what
/// wired and wireless telegrams have in common. Complaints go to the report and name the key.
class TelegramBodyReader {
  public:
    using Bytes = std::vector<std::uint8_t>;

    TelegramBodyReader(const JsonValue& line, JsonReport& report) : line_{line}, report_{report} {}

    [[nodiscard]] bool flag(const JsonValue& in, std::string_view key);
    /// An object of the line; null where there is none. Complains about any other value, and about
    /// keys that are not among `known`.
    [[nodiscard]] const JsonValue* object(const JsonValue& in, std::string_view path,
                                          std::span<const std::string_view> known);
    [[nodiscard]] NamedBits named_bits(const JsonValue& in, std::span<const NamedBit> names);
    /// A byte by its key `raw`, with which the names must agree, or by its names alone.
    [[nodiscard]] std::uint8_t byte_of(const JsonValue& in, std::string_view path, NamedBits names);
    [[nodiscard]] std::uint32_t number(const JsonValue& in, std::string_view key,
                                       std::uint32_t most, std::uint32_t fallback = 0);
    [[nodiscard]] Bytes hex(const JsonValue& in, std::string_view key);
    [[nodiscard]] core::application::DeviceId device_id(std::string_view key, const JsonValue& in);
    [[nodiscard]] core::application::ShortHeader short_header();

    void header(Bytes& out, core::application::HeaderKind kind);
    void body(Bytes& out, core::application::Body body);
    void fixed(Bytes& out);

  private:
    [[nodiscard]] std::uint8_t status(const JsonValue& in);
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
