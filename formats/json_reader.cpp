// SPDX-License-Identifier: Apache-2.0
#include "formats/json_reader.hpp"

#include "core/bytes/hex.hpp"
#include "formats/result_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

namespace meterbench::formats {

JsonValue::JsonValue() = default;
JsonValue::JsonValue(Kind of) : kind{of} {}
JsonValue::JsonValue(const JsonValue& other) = default;
JsonValue::JsonValue(JsonValue&& other) noexcept = default;
JsonValue& JsonValue::operator=(const JsonValue& other) = default;
JsonValue& JsonValue::operator=(JsonValue&& other) noexcept = default;
JsonValue::~JsonValue() = default;
namespace {

using Kind = JsonValue::Kind;

constexpr std::size_t max_depth = 64;

/// Builds JsonValues from nlohmann's events, because its own tree drops a key that comes twice and
/// the digits of a number.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
  public:
    TreeBuilder(std::string_view text, std::string_view file) : text_{text}, file_{file} {}

    [[nodiscard]] JsonValue& root() { return root_; }
    [[nodiscard]] const std::string& message() const { return message_; }

    bool null() override { return add({}); }
    bool boolean(bool value) override {
        JsonValue result;
        result.kind = Kind::boolean;
        result.boolean = value;
        return add(std::move(result));
    }
    bool number_integer(std::int64_t value) override {
        JsonValue result;
        result.kind = Kind::integer;
        result.integer = value;
        result.real = static_cast<double>(value);
        return add(std::move(result));
    }
    bool number_unsigned(std::uint64_t value) override {
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            return number_float(static_cast<double>(value), std::to_string(value));
        }
        return number_integer(static_cast<std::int64_t>(value));
    }
    bool number_float(double value, const std::string& digits) override {
        JsonValue result;
        result.kind = Kind::real;
        result.real = value;
        result.text = digits;
        return add(std::move(result));
    }
    bool string(std::string& value) override {
        JsonValue result;
        result.kind = Kind::text;
        result.text = std::move(value);
        return add(std::move(result));
    }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Kind::object); }
    bool start_array(std::size_t) override { return open(Kind::array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(std::string& name) override {
        if (open_.back()->member(name) != nullptr) {
            return fail(fmt::format("{}: {}: key given twice", file_, one_line(path_of(name))));
        }
        key_ = std::move(name);
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception& error) override {
        const std::string_view read = text_.substr(0, position == 0 ? 0 : position - 1);
        const auto line = std::count(read.begin(), read.end(), '\n') + 1;
        const std::size_t newline = read.rfind('\n');
        const std::size_t column =
            newline == std::string_view::npos ? read.size() + 1 : read.size() - newline;
        return fail(fmt::format("{}:{}:{}: {}", file_, line, column, reason(error.what())));
    }

  private:
    /// nlohmann: `[json.exception.parse_error.101] parse error at line 1, column 2: REASON`.
    [[nodiscard]] static std::string_view reason(std::string_view what) {
        if (const std::size_t column = what.find(", column "); column != std::string_view::npos) {
            return what.substr(what.find(": ", column) + 2);
        }
        const std::size_t bracket = what.find("] ");
        return bracket == std::string_view::npos ? what : what.substr(bracket + 2);
    }
    bool fail(std::string message) {
        message_ = std::move(message);
        return false;
    }
    [[nodiscard]] std::string path_of(std::string_view last) const {
        std::string path;
        for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
            const JsonValue& value = *open_[i];
            if (value.kind == Kind::array) {
                path += fmt::format("[{}]", value.items.size() - 1);
            } else {
                path += (path.empty() ? "" : ".") + value.members.back().key;
            }
        }
        path += path.empty() ? "" : ".";
        return path.append(last);
    }
    JsonValue& place(JsonValue value) {
        if (open_.empty()) {
            return root_ = std::move(value);
        }
        JsonValue& parent = *open_.back();
        if (parent.kind == Kind::array) {
            return parent.items.emplace_back(std::move(value));
        }
        return parent.members.emplace_back(std::move(key_), std::move(value)).value;
    }
    bool add(JsonValue value) {
        place(std::move(value));
        return true;
    }
    // A parent's vector does not grow while one of its elements is open: the pointers stay valid.
    bool open(Kind kind) {
        if (open_.size() == max_depth) {
            return fail(fmt::format("{}: nested deeper than {} levels", file_, max_depth));
        }
        JsonValue value;
        value.kind = kind;
        open_.push_back(&place(std::move(value)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    std::string_view file_;
    JsonValue root_;
    std::vector<JsonValue*> open_;
    std::string key_;
    std::string message_;
};

struct TimeUnit {
    std::string_view name;
    std::int64_t nanoseconds;
};
constexpr std::array time_units{
    TimeUnit{"ns", 1},
    TimeUnit{"us", 1'000},
    TimeUnit{"ms", 1'000'000},
    TimeUnit{"s", 1'000'000'000},
    TimeUnit{"min", 60'000'000'000},
    TimeUnit{"h", 3'600'000'000'000},
    TimeUnit{"d", 86'400'000'000'000},
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Decimal digits with at most one point inside, as mantissa and count of decimals.
struct Decimal {
    std::int64_t mantissa = 0;
    int decimals = 0;
};
std::optional<Decimal> parse_decimal(std::string_view digits) {
    Decimal result;
    bool point = false;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] == '.' && !point && i != 0 && i + 1 != digits.size()) {
            point = true;
            continue;
        }
        if (!is_digit(digits[i]) || __builtin_mul_overflow(result.mantissa, 10, &result.mantissa) ||
            __builtin_add_overflow(result.mantissa, digits[i] - '0', &result.mantissa)) {
            return std::nullopt;
        }
        result.decimals += point ? 1 : 0;
    }
    return digits.empty() ? std::nullopt : std::optional{result};
}

std::string join(std::initializer_list<std::string_view> names) {
    std::string result;
    std::size_t index = 0;
    for (const std::string_view name : names) {
        result += index == 0 ? "" : (index + 1 == names.size() ? " or " : ", ");
        result += name;
        ++index;
    }
    return result;
}

std::string sub_key(const std::string& path, std::string_view key) {
    return fmt::format("{}{}{}", path, path.empty() ? "" : ".", key);
}

const JsonValue null_value{};

} // namespace

const JsonValue* JsonValue::member(std::string_view key) const {
    for (const auto& [name, value] : members) {
        if (name == key) {
            return &value;
        }
    }
    return nullptr;
}

std::string_view name_of(JsonValue::Kind kind) {
    static constexpr std::array<std::string_view, 7> names{
        "null", "true or false", "an integer", "a number", "a string", "an array", "an object"};
    return names[static_cast<std::size_t>(kind)];
}

FileResult<JsonValue> parse_json(std::string_view text, std::string_view file) {
    TreeBuilder builder{text, file};
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
        return std::unexpected{builder.message()};
    }
    return std::move(builder.root());
}

FileResult<std::string> read_text_file(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
        return std::unexpected{fmt::format("{}: no such file", path.string())};
    }
    if (std::filesystem::is_directory(status)) {
        return std::unexpected{fmt::format("{}: is a folder", path.string())};
    }
    std::ifstream stream{path, std::ios::binary};
    std::ostringstream content;
    if (stream.peek() != std::ifstream::traits_type::eof()) {
        content << stream.rdbuf();
    }
    if (!stream.is_open() || stream.bad()) {
        return std::unexpected{fmt::format("{}: cannot be read", path.string())};
    }
    return std::move(content).str();
}

std::optional<core::Duration> parse_duration(std::string_view text) {
    const auto end =
        std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '.'; });
    const auto split = static_cast<std::size_t>(end - text.begin());
    const auto number = parse_decimal(text.substr(0, split));
    const auto unit = std::find_if(time_units.begin(), time_units.end(), [&](const TimeUnit& row) {
        return row.name == text.substr(split);
    });
    if (!number || unit == time_units.end()) {
        return std::nullopt;
    }
    std::int64_t factor = unit->nanoseconds;
    std::int64_t mantissa = number->mantissa;
    for (int i = 0; i < number->decimals; ++i) {
        if (factor % 10 == 0) {
            factor /= 10;
        } else if (mantissa % 10 == 0) {
            mantissa /= 10;
        } else {
            return std::nullopt;
        }
    }
    std::int64_t result = 0;
    if (__builtin_mul_overflow(mantissa, factor, &result)) {
        return std::nullopt;
    }
    return core::Duration{result};
}

std::optional<std::vector<std::uint8_t>> parse_hex_text(std::string_view text) {
    std::vector<std::uint8_t> bytes(text.size() / 2);
    const auto count = core::bytes::read_hex(text, bytes);
    if (!count) {
        return std::nullopt;
    }
    bytes.resize(*count);
    return bytes;
}

void JsonReport::complain(std::string_view key, std::string_view what) {
    if (!failed()) {
        message_ = key.empty() ? fmt::format("{}: {}", file_, one_line(what))
                               : fmt::format("{}: {}: {}", file_, one_line(key), one_line(what));
    }
}

bool JsonReader::expect(bool fits, std::string_view wanted) const {
    if (!fits) {
        complain(fmt::format("must be {}, not {}", wanted, name_of(value_->kind)));
    }
    return fits && !report_->failed();
}

std::string JsonReader::text() const {
    if (!expect(is(Kind::text), "a string")) {
        return {};
    }
    if (value_->text.empty()) {
        complain("must not be empty");
    }
    return value_->text;
}

bool JsonReader::boolean() const {
    return expect(is(Kind::boolean), "true or false") && value_->boolean;
}

std::int64_t JsonReader::integer(std::int64_t minimum, std::int64_t maximum) const {
    if (!expect(is(Kind::integer), "an integer")) {
        return minimum;
    }
    if (value_->integer < minimum || value_->integer > maximum) {
        complain(fmt::format("{} is not in {} to {}", value_->integer, minimum, maximum));
        return minimum;
    }
    return value_->integer;
}

double JsonReader::number() const {
    return expect(is(Kind::integer) || is(Kind::real), "a number") ? value_->real : 0;
}

core::Duration JsonReader::duration(core::Duration maximum) const {
    if (!expect(is(Kind::text), "a string such as \"20ms\"")) {
        return {};
    }
    const auto result = parse_duration(value_->text);
    if (!result) {
        complain(
            fmt::format("\"{}\" is not a duration such as \"20ms\" or \"1.5s\"", value_->text));
        return {};
    }
    if (*result > maximum) {
        complain(
            fmt::format("{} is more than {} ms", value_->text,
                        std::chrono::duration_cast<std::chrono::milliseconds>(maximum).count()));
        return {};
    }
    return *result;
}

std::vector<std::uint8_t> JsonReader::bytes() const {
    const std::string hex = text();
    if (report_->failed()) {
        return {};
    }
    auto result = parse_hex_text(hex);
    if (!result || result->empty()) {
        complain("is not pairs of hexadecimal digits");
        return {};
    }
    return std::move(*result);
}

std::size_t JsonReader::one_of(std::initializer_list<std::string_view> names) const {
    if (!expect(is(Kind::text), join(names))) {
        return 0;
    }
    const auto found = std::find(names.begin(), names.end(), value_->text);
    if (found == names.end()) {
        complain(fmt::format("must be {}, not \"{}\"", join(names), value_->text));
        return 0;
    }
    return static_cast<std::size_t>(found - names.begin());
}

std::vector<JsonReader> JsonReader::items() const {
    std::vector<JsonReader> result;
    if (!expect(is(Kind::array), "an array")) {
        return result;
    }
    result.reserve(value_->items.size());
    for (std::size_t i = 0; i < value_->items.size(); ++i) {
        result.emplace_back(value_->items[i], *report_, fmt::format("{}[{}]", key_, i));
    }
    return result;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const {
    std::vector<std::pair<std::string, JsonReader>> result;
    if (!expect(is(Kind::object), "an object")) {
        return result;
    }
    for (const auto& [name, member] : value_->members) {
        result.emplace_back(name, JsonReader{member, *report_, sub_key(key_, name)});
    }
    return result;
}

JsonObject JsonReader::object(std::initializer_list<std::string_view> keys) const {
    if (expect(is(Kind::object), "an object")) {
        for (const auto& [name, member] : value_->members) {
            if (std::find(keys.begin(), keys.end(), name) == keys.end()) {
                report_->complain(sub_key(key_, name), "unknown key");
            }
        }
    }
    return JsonObject{*this};
}

JsonObject JsonReader::document(std::string_view schema,
                                std::initializer_list<std::string_view> keys) const {
    // The schema first: with another one, any other complaint would only mislead.
    if (expect(is(Kind::object), "an object")) {
        const JsonValue* member = value_->member("schema");
        const JsonReader reader{member != nullptr ? *member : null_value, *report_,
                                sub_key(key_, "schema")};
        if (member == nullptr) {
            reader.complain(fmt::format("missing, must be \"{}\"", schema));
        } else {
            (void)reader.one_of({schema});
        }
    }
    return object(keys);
}

std::string_view JsonReader::peek(std::string_view key) const {
    const JsonValue* member = value_->member(key);
    return member != nullptr && member->kind == Kind::text ? member->text : std::string_view{};
}

JsonReader JsonObject::required(std::string_view key) const {
    if (auto found = optional(key)) {
        return *found;
    }
    complain(key, "missing");
    return {null_value, self_.report(), sub_key(self_.key(), key)};
}

std::optional<JsonReader> JsonObject::optional(std::string_view key) const {
    const JsonValue* member = self_.value().member(key);
    if (member == nullptr) {
        return std::nullopt;
    }
    return JsonReader{*member, self_.report(), sub_key(self_.key(), key)};
}

void JsonObject::complain(std::string_view key, std::string_view what) const {
    self_.report().complain(sub_key(self_.key(), key), what);
}

} // namespace meterbench::formats
