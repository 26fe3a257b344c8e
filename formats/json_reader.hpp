// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meterbench::formats {

/// What every file reader returns: the value, or one clear line that begins with the file's name
/// and names the line and column (syntax) or the key (anything else).
template <class T> using FileResult = std::expected<T, std::string>;

struct JsonMember;

/// One JSON value. Members keep the order of the file.
struct JsonValue {
    enum class Kind : std::uint8_t { null, boolean, integer, real, text, array, object };

    Kind kind = Kind::null;
    bool boolean = false;
    std::int64_t integer = 0;
    double real = 0;  ///< real and integer
    std::string text; ///< text; real: the digits as they were written
    std::vector<JsonValue> items;
    std::vector<JsonMember> members;

    JsonValue();
    explicit JsonValue(Kind of);
    JsonValue(const JsonValue& other);
    JsonValue(JsonValue&& other) noexcept;
    JsonValue& operator=(const JsonValue& other);
    JsonValue& operator=(JsonValue&& other) noexcept;
    ~JsonValue();

    /// The member of that name; nullptr when there is none or this is no object.
    [[nodiscard]] const JsonValue* member(std::string_view key) const;
};

/// A key of an object and its value.
struct JsonMember {
    std::string key;
    JsonValue value;
};

/// `an object`, `a string`, ... as error messages say it.
[[nodiscard]] std::string_view name_of(JsonValue::Kind kind);

/// Strict JSON (RFC 8259): one value, UTF-8, no comments, integers within 64 bits, at most 64
/// levels deep, no key twice in one object. Fails with `FILE:LINE:COLUMN: ...`.
[[nodiscard]] FileResult<JsonValue> parse_json(std::string_view text, std::string_view file);

/// The whole file. Fails with `FILE: ...` when it cannot be read.
[[nodiscard]] FileResult<std::string> read_text_file(const std::filesystem::path& path);

/// A number with its unit, exact: `20ms`, `1.5s`, `250us`, `100ns`, `2min`, `1h`, `1d`. None for
/// anything else, a sign, a fraction of a nanosecond or more than 292 years.
[[nodiscard]] std::optional<core::Duration> parse_duration(std::string_view text);

/// Pairs of hexadecimal digits, blanks allowed between pairs. None for anything else.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> parse_hex_text(std::string_view text);

class JsonObject;

/// The first thing that was wrong with a document. Later complaints are dropped: they are often
/// consequences of the first.
class JsonReport {
  public:
    explicit JsonReport(std::string file) : file_{std::move(file)} {}

    /// `key` is the path of the value, empty for the document itself.
    void complain(std::string_view key, std::string_view what);
    [[nodiscard]] bool failed() const { return !message_.empty(); }
    [[nodiscard]] const std::string& message() const { return message_; }
    [[nodiscard]] const std::string& file() const { return file_; }

  private:
    std::string file_;
    std::string message_;
};

/// One value being read. Each function complains to the report and returns an empty value when the
/// value is not what it asks for; once the report has failed, every function returns empty values.
/// So a reader is written straight down and asks failed() once, at its end. Views: value and report
/// must outlive it.
class JsonReader {
  public:
    JsonReader(const JsonValue& value, JsonReport& report, std::string key = {})
        : value_{&value}, report_{&report}, key_{std::move(key)} {}

    [[nodiscard]] const JsonValue& value() const { return *value_; }
    [[nodiscard]] const std::string& key() const { return key_; }
    [[nodiscard]] JsonReport& report() const { return *report_; }
    [[nodiscard]] bool is(JsonValue::Kind kind) const { return value_->kind == kind; }
    void complain(std::string_view what) const { report_->complain(key_, what); }

    [[nodiscard]] std::string text() const; ///< not empty
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] std::int64_t integer(std::int64_t minimum, std::int64_t maximum) const;
    [[nodiscard]] double number() const; ///< integer or real
    [[nodiscard]] core::Duration duration(core::Duration maximum) const;
    [[nodiscard]] std::vector<std::uint8_t> bytes() const; ///< hex text, at least one byte
    /// The index of the text among `names`.
    [[nodiscard]] std::size_t one_of(std::initializer_list<std::string_view> names) const;
    [[nodiscard]] std::vector<JsonReader> items() const;
    /// All members, for an object whose keys are not fixed.
    [[nodiscard]] std::vector<std::pair<std::string, JsonReader>> members() const;
    /// An object with fixed keys; one that is not in `keys` is an `unknown key`.
    [[nodiscard]] JsonObject object(std::initializer_list<std::string_view> keys) const;
    /// Like object(), for a whole document: `schema` is one of its keys and must say `schema`.
    [[nodiscard]] JsonObject document(std::string_view schema,
                                      std::initializer_list<std::string_view> keys) const;
    /// One of several shapes is told by a member: its text, empty when it is missing or no text.
    [[nodiscard]] std::string_view peek(std::string_view key) const;

  private:
    [[nodiscard]] bool expect(bool fits, std::string_view wanted) const;

    const JsonValue* value_;
    JsonReport* report_;
    std::string key_;
};

/// One object being read: its keys are known to be among those asked for.
class JsonObject {
  public:
    /// Complains `missing` and reads as null when it is not there.
    [[nodiscard]] JsonReader required(std::string_view key) const;
    [[nodiscard]] std::optional<JsonReader> optional(std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const { return self_.value().member(key); }
    /// Complains about one of its keys.
    void complain(std::string_view key, std::string_view what) const;

  private:
    friend class JsonReader;
    explicit JsonObject(JsonReader self) : self_{std::move(self)} {}
    JsonReader self_;
};

} // namespace meterbench::formats
