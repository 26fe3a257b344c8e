// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_record_reader.hpp"

#include "core/application/record_encoder.hpp"
#include "formats/telegram_record_json.hpp"
#include "formats/telegram_value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

namespace meterbench::formats {
namespace {

using namespace core::application;

/// A record's keys on their way to a RecordSpec. Complaints name the key.
class RecordKeys {
  public:
    RecordKeys(const JsonValue& record, JsonReport& report, const std::string& key)
        : record_{record}, report_{report}, key_{key} {}

    [[nodiscard]] bool ok() const { return ok_; }
    void complain(std::string_view name, std::string_view what) {
        if (ok_) {
            report_.complain(key_ + "." + std::string{name}, what);
        }
        ok_ = false;
    }
    [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t most) {
        const JsonValue* value = record_.member(name);
        if (value == nullptr) {
            return 0;
        }
        if (value->kind != JsonValue::Kind::integer || value->integer < 0 ||
            static_cast<std::uint64_t>(value->integer) > most) {
            complain(name, "must be a whole number from 0 to " + std::to_string(most));
            return 0;
        }
        return static_cast<std::uint64_t>(value->integer);
    }
    [[nodiscard]] int small(std::string_view name) {
        const JsonValue* value = record_.member(name);
        if (value == nullptr) {
            return 0;
        }
        if (value->kind != JsonValue::Kind::integer || value->integer < -128 ||
            value->integer > 127) {
            complain(name, "must be a whole number from -128 to 127");
            return 0;
        }
        return static_cast<int>(value->integer);
    }
    [[nodiscard]] bool flag(std::string_view name) const {
        const JsonValue* value = record_.member(name);
        return value != nullptr && value->boolean;
    }
    [[nodiscard]] std::string_view text(std::string_view name) {
        const JsonValue* value = record_.member(name);
        if (value == nullptr || value->kind == JsonValue::Kind::null) {
            return {};
        }
        if (value->kind != JsonValue::Kind::text) {
            complain(name, "must be a string");
            return {};
        }
        return value->text;
    }
    /// The enumerator of a name.
    template <class Find> auto named(std::string_view name, Find find, std::string_view fallback) {
        const std::string_view text_value = record_.member(name) == nullptr ? fallback : text(name);
        const auto found = find(text_value);
        using Result = typename std::remove_cvref_t<decltype(found)>::value_type;
        if (!found) {
            complain(name, "unknown: \"" + std::string{text_value} + "\"");
            return Result{};
        }
        return *found;
    }
    [[nodiscard]] const JsonValue* member(std::string_view name) const {
        return record_.member(name);
    }

  private:
    const JsonValue& record_;
    JsonReport& report_;
    const std::string& key_;
    bool ok_ = true;
};

/// What a RecordSpec views.
struct Storage {
    std::vector<Qualifier> qualifiers;
    std::vector<std::uint8_t> unit_text;
    std::vector<std::uint8_t> content;
};

std::optional<ValueType> type_of(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(ValueType::time); ++i) {
        if (name_of(static_cast<ValueType>(i)) == name) {
            return static_cast<ValueType>(i);
        }
    }
    return std::nullopt;
}

/// Digits at fixed places: `YYYY-MM-DD`, `THH:MM`, `:SS`.
class DateText {
  public:
    explicit DateText(std::string_view text) : text_{text} {}
    [[nodiscard]] unsigned digits(std::size_t count) {
        unsigned value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const char c = at_ < text_.size() ? text_[at_++] : '?';
            good_ = good_ && c >= '0' && c <= '9';
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        return value;
    }
    void sign(char c) { good_ = good_ && at_ < text_.size() && text_[at_++] == c; }
    [[nodiscard]] bool more() const { return at_ < text_.size(); }
    [[nodiscard]] bool good() const { return good_; }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
    bool good_ = true;
};

bool read_date(std::string_view text, ValueType type, DateTime& date) {
    DateText in{text};
    if (type != ValueType::time) {
        date.year = static_cast<std::uint16_t>(in.digits(4));
        in.sign('-');
        date.month = static_cast<std::uint8_t>(in.digits(2));
        in.sign('-');
        date.day = static_cast<std::uint8_t>(in.digits(2));
    }
    if (type == ValueType::datetime) {
        in.sign('T');
    }
    if (type != ValueType::date) {
        date.hour = static_cast<std::uint8_t>(in.digits(2));
        in.sign(':');
        date.minute = static_cast<std::uint8_t>(in.digits(2));
        if (in.more()) {
            in.sign(':');
            date.second = static_cast<std::uint8_t>(in.digits(2));
        }
    }
    const bool calendar =
        type == ValueType::time || (date.month >= 1 && date.month <= 12 && date.day >= 1 &&
                                    date.day <= days_in_month(date.year, date.month));
    return in.good() && !in.more() && calendar && date.hour <= 23 && date.minute <= 59 &&
           date.second <= 59;
}

/// The power of ten between the data and the value.
int total_exponent(const RecordSpec& spec) {
    int exponent = spec.exponent;
    for (const Qualifier qualifier : spec.qualifiers) {
        const VifeEntry entry = entry_of(qualifier);
        if (entry.effect == Effect::power_of_ten) {
            exponent += entry.number;
        } else if (replaces_value(entry.effect)) {
            exponent = 0;
        }
    }
    return exponent;
}

bool read_real(std::string_view text, RecordSpec& spec) {
    const std::string scaled{std::string{text} + "e" + std::to_string(-total_exponent(spec))};
    float value = 0;
    const char* const end = scaled.data() + scaled.size();
    const auto result = std::from_chars(scaled.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end) {
        return false;
    }
    spec.real = std::bit_cast<std::uint32_t>(value);
    return true;
}

void read_value(RecordKeys& keys, RecordSpec& spec, Storage& storage) {
    const JsonValue* value = keys.member("value");
    if (value == nullptr || value->kind == JsonValue::Kind::null) {
        spec.invalid = keys.named("invalid", invalid_of, "");
        if (spec.invalid == Invalid::none && spec.type != ValueType::none) {
            keys.complain("value", "is null, and \"invalid\" does not say why");
        }
        return;
    }
    const std::string_view text = keys.text("value");
    bool good = true;
    switch (spec.type) {
    case ValueType::decimal:
    case ValueType::bits: {
        const auto decimal = core::bytes::parse_decimal(text);
        good = decimal.has_value();
        spec.value = decimal.value_or(core::bytes::Decimal{});
        break;
    }
    case ValueType::real: good = read_real(text, spec); break;
    case ValueType::text:
    case ValueType::bytes: {
        const auto bytes = spec.type == ValueType::text ? latin1_of(text) : parse_hex_text(text);
        good = bytes.has_value();
        storage.content = bytes.value_or(std::vector<std::uint8_t>{});
        spec.content = storage.content;
        break;
    }
    case ValueType::none: good = false; break;
    default:
        good = read_date(text, spec.type, spec.date);
        spec.date.daylight_saving = keys.flag("dst");
        spec.date.leap_year = keys.flag("leap_year");
        spec.date.weekday = static_cast<std::uint8_t>(keys.number("weekday", 7));
        spec.date.week = static_cast<std::uint8_t>(keys.number("week", 63));
        spec.date.deviation = static_cast<std::int8_t>(keys.small("deviation"));
        break;
    }
    if (!good) {
        keys.complain("value", "is no value of type " + std::string{name_of(spec.type)});
    }
}

void read_qualifiers(RecordKeys& keys, RecordSpec& spec, Storage& storage) {
    const JsonValue* list = keys.member("qualifiers");
    if (list == nullptr) {
        return;
    }
    for (const JsonValue& item : list->items) {
        const auto qualifier = qualifier_of(item.text);
        if (!qualifier) {
            keys.complain("qualifiers", "unknown: \"" + item.text + "\"");
            return;
        }
        storage.qualifiers.push_back(*qualifier);
    }
    spec.qualifiers = storage.qualifiers;
}

void read_unit(RecordKeys& keys, RecordSpec& spec, Storage& storage) {
    if (spec.quantity == Quantity::plain_text) {
        const auto text = latin1_of(keys.text("unit"));
        if (!text) {
            keys.complain("unit", "has characters beyond ISO 8859-1");
            return;
        }
        storage.unit_text = *text;
        spec.unit_text = storage.unit_text;
        spec.plain_text =
            keys.text("plain_text") == "after VIF" ? PlainText::after_vif : PlainText::after_vib;
        return;
    }
    const std::string_view key = keys.member("vif_unit") != nullptr ? "vif_unit" : "unit";
    spec.unit = keys.named(key, unit_of, "");
}

void read_spec(RecordKeys& keys, RecordSpec& spec, Storage& storage) {
    spec.function = keys.named("function", function_of, "instantaneous");
    spec.storage = keys.number("storage", max_storage);
    spec.tariff = static_cast<std::uint32_t>(keys.number("tariff", max_tariff));
    spec.subunit = static_cast<std::uint16_t>(keys.number("subunit", max_subunit));
    spec.coding = keys.named("coding", coding_of, "?");
    spec.length = static_cast<std::uint8_t>(keys.number("length", 64));
    spec.register_number = keys.flag("register_number");
    if (spec.coding == Coding::special) {
        return;
    }
    spec.quantity = keys.named("quantity", quantity_of, "?");
    spec.exponent = static_cast<std::int8_t>(keys.small("exponent"));
    read_unit(keys, spec, storage);
    read_qualifiers(keys, spec, storage);
    spec.type = keys.named("type", type_of, "none");
    if (keys.ok()) {
        read_value(keys, spec, storage);
    }
}

/// dib, vib and raw together, where all three are there.
std::optional<std::vector<std::uint8_t>> sent_bytes(RecordKeys& keys) {
    std::vector<std::uint8_t> all;
    for (const std::string_view name : {"dib", "vib", "raw"}) {
        if (keys.member(name) == nullptr) {
            return std::nullopt;
        }
        const auto part = parse_hex_text(keys.text(name));
        if (!part) {
            keys.complain(name, "is no hex text");
            return std::nullopt;
        }
        all.insert(all.end(), part->begin(), part->end());
    }
    return all;
}

/// Each of dib, vib and raw that is there must be what the typed fields say.
void check_against(RecordKeys& keys, std::span<const std::uint8_t> made, Direction direction) {
    RecordReader reader{made, {direction, 0, false}};
    Record record;
    if (reader.next(record) != RecordReader::Step::record) {
        return;
    }
    const std::array<std::pair<std::string_view, std::span<const std::uint8_t>>, 3> parts{
        {{"dib", record.dib()}, {"vib", record.vib()}, {"raw", record.data()}}};
    for (const auto& [name, bytes] : parts) {
        if (keys.member(name) == nullptr) {
            continue;
        }
        const auto sent = parse_hex_text(keys.text(name));
        if (!sent || !std::ranges::equal(*sent, bytes)) {
            keys.complain(name, "disagrees with the typed fields");
        }
    }
}

bool is_same(const JsonValue& a, const JsonValue& b) {
    return a.kind == b.kind && a.boolean == b.boolean && a.integer == b.integer &&
           a.text == b.text && std::ranges::equal(a.items, b.items, is_same);
}

/// Whether the bytes decode to exactly the typed fields of the record: then they stand as they are,
/// also where an encoder would choose others (DIFEs of zero, a date that is none).
bool says(std::span<const std::uint8_t> bytes, const JsonValue& record, Direction direction) {
    RecordReader reader{bytes, {direction, 0, false}};
    Record decoded;
    if (reader.next(decoded) != RecordReader::Step::record ||
        decoded.bytes().size() != bytes.size()) {
        return false;
    }
    std::string text;
    {
        Sink sink{text};
        append_record(sink, decoded);
    }
    const auto again = parse_json(text, "");
    // A series follows from the bytes, a name from a decoder.
    const auto is_extra = [](std::string_view key) { return key == "series" || key == "name"; };
    const auto extra =
        static_cast<std::size_t>(std::ranges::count_if(record.members, is_extra, &JsonMember::key));
    return again && record.members.size() == again->members.size() + extra &&
           std::ranges::all_of(record.members, [&again, &is_extra](const JsonMember& member) {
               const JsonValue* other = again->member(member.key);
               return is_extra(member.key) || (other != nullptr && is_same(*other, member.value));
           });
}

} // namespace

std::optional<std::vector<std::uint8_t>> latin1_of(std::string_view utf8) {
    std::vector<std::uint8_t> text;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto c = static_cast<std::uint8_t>(utf8[i]);
        if (c < 0x80) {
            text.push_back(c);
            continue;
        }
        const bool two = (c == 0xC2 || c == 0xC3) && i + 1 < utf8.size();
        if (!two) {
            return std::nullopt;
        }
        const auto low = static_cast<std::uint8_t>(utf8[++i]);
        text.push_back(static_cast<std::uint8_t>((c & 0x03U) << 6U | (low & 0x3FU)));
    }
    return text;
}

bool append_record_bytes(std::vector<std::uint8_t>& out, const JsonValue& record,
                         Direction direction, JsonReport& report, const std::string& key) {
    RecordKeys keys{record, report, key};
    if (const auto sent = sent_bytes(keys); sent && says(*sent, record, direction)) {
        out.insert(out.end(), sent->begin(), sent->end());
        return true;
    }
    RecordSpec spec;
    Storage storage;
    read_spec(keys, spec, storage);
    if (!keys.ok()) {
        return false;
    }
    std::array<std::uint8_t, 512> buffer;
    const auto size = encode_record(spec, buffer);
    if (!size) {
        report.complain(key, meaning_of(size.error().code));
        return false;
    }
    const auto made = std::span{buffer}.first(*size);
    check_against(keys, made, direction);
    out.insert(out.end(), made.begin(), made.end());
    return keys.ok();
}

} // namespace meterbench::formats
