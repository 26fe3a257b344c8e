// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <optional>

namespace meterbench::formats {
namespace {

using namespace core::application;

constexpr std::array<std::string_view, 10> invalid_names{
    "",           "invalid",   "not-specified", "overflow",  "every-second", "every-minute",
    "every-hour", "every-day", "every-month",   "every-year"};

constexpr auto two_digits = [] {
    std::array<std::array<char, 2>, 100> table{};
    for (unsigned i = 0; i < 100; ++i) {
        table[i] = {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
    }
    return table;
}();

void append_two(Sink& out, unsigned value) {
    const auto& pair = two_digits[value % 100];
    out.text({pair.data(), 2});
}

/// Digits with the point `point` places behind the first digit (it may lie outside of them).
void append_positional(Sink& out, std::string_view digits, int point) {
    const int count = static_cast<int>(digits.size());
    if (point <= 0) {
        out.text("0.");
        for (int i = point; i < 0; ++i) {
            out.put('0');
        }
        out.text(digits);
    } else if (point >= count) {
        out.text(digits);
        for (int i = count; i < point; ++i) {
            out.put('0');
        }
    } else {
        out.text(digits.substr(0, static_cast<std::size_t>(point)));
        out.put('.');
        out.text(digits.substr(static_cast<std::size_t>(point)));
    }
}

void append_text(Sink& out, std::span<const std::uint8_t> reversed, bool for_json) {
    std::for_each(reversed.rbegin(), reversed.rend(), [&](std::uint8_t c) {
        if (for_json) {
            out.json(c);
        } else {
            out.latin1(c);
        }
    });
}

/// A real with additive corrections is a decimal sum, where it fits.
bool append_corrected_real(Sink& out, const Record& record) {
    core::bytes::Decimal offset;
    for (const Qualifier qualifier : record.qualifiers()) {
        const VifeEntry entry = entry_of(qualifier);
        if (entry.effect == Effect::offset) {
            const auto step = static_cast<std::int8_t>(record.vif_exponent + entry.number);
            offset = core::bytes::add(offset, {false, 1, step}).value_or(offset);
        }
    }
    if (offset.magnitude == 0) {
        return false;
    }
    std::string text;
    {
        Sink sink{text};
        append_real(sink, static_cast<std::uint32_t>(record.value.magnitude),
                    record.value.exponent);
    }
    const auto plain = core::bytes::parse_decimal(text);
    const auto sum = plain ? core::bytes::add(*plain, offset) : std::nullopt;
    if (sum) {
        append_decimal(out, *sum);
    }
    return sum.has_value();
}

} // namespace

std::string_view name_of(Invalid invalid) {
    return invalid_names[static_cast<std::size_t>(invalid)];
}

std::optional<Invalid> invalid_of(std::string_view name) {
    const auto* const at = std::ranges::find(invalid_names, name);
    if (at == invalid_names.end()) {
        return std::nullopt;
    }
    return static_cast<Invalid>(at - invalid_names.begin());
}

void append_decimal(Sink& out, const core::bytes::Decimal& decimal) {
    if (decimal.negative && decimal.magnitude != 0) {
        out.put('-');
    }
    std::array<char, 24> storage;
    const auto end =
        std::to_chars(storage.data(), storage.data() + storage.size(), decimal.magnitude).ptr;
    const auto count = static_cast<int>(end - storage.data());
    if (decimal.exponent == 0 || (decimal.exponent > 0 && decimal.magnitude == 0)) {
        out.text({storage.data(), end});
        return;
    }
    append_positional(out, {storage.data(), end}, count + decimal.exponent);
}

void append_real(Sink& out, std::uint32_t bits, int exponent) {
    std::array<char, 32> storage;
    const auto end = std::to_chars(storage.data(), storage.data() + storage.size(),
                                   std::bit_cast<float>(bits), std::chars_format::scientific)
                         .ptr;
    std::string_view text{storage.data(), end};
    if (text.starts_with('-')) {
        out.put('-');
        text.remove_prefix(1);
    }
    const std::size_t mark = text.find('e');
    int power = 0;
    const char* from = text.data() + mark + 1;
    from += *from == '+' ? 1 : 0;
    static_cast<void>(std::from_chars(from, end, power));
    std::array<char, 16> digits;
    std::size_t count = 0;
    for (const char c : text.substr(0, mark)) {
        if (c != '.') {
            digits[count++] = c;
        }
    }
    if (count == 1 && digits[0] == '0') {
        out.put('0');
        return;
    }
    append_positional(out, {digits.data(), count}, power + exponent + 1);
}

void append_date(Sink& out, const DateTime& date, ValueType type, bool seconds) {
    if (type != ValueType::time) {
        append_two(out, date.year / 100U);
        append_two(out, date.year % 100U);
        out.put('-');
        append_two(out, date.month);
        out.put('-');
        append_two(out, date.day);
    }
    if (type == ValueType::date) {
        return;
    }
    if (type == ValueType::datetime) {
        out.put('T');
    }
    append_two(out, date.hour);
    out.put(':');
    append_two(out, date.minute);
    if (seconds) {
        out.put(':');
        append_two(out, date.second);
    }
}

bool has_value(const Record& record) {
    return record.value.type != ValueType::none && record.value.invalid == Invalid::none;
}

void append_value(Sink& out, const Record& record, bool for_json) {
    const Value& value = record.value;
    switch (value.type) {
    case ValueType::decimal: append_decimal(out, value.decimal()); break;
    case ValueType::real:
        if (!append_corrected_real(out, record)) {
            append_real(out, static_cast<std::uint32_t>(value.magnitude), value.exponent);
        }
        break;
    case ValueType::bits: out.number(value.magnitude); break;
    case ValueType::text: append_text(out, record.content(), for_json); break;
    case ValueType::bytes: out.hex(record.content()); break;
    case ValueType::date:
    case ValueType::datetime:
    case ValueType::time:
        append_date(out, value.date, value.type, record.coding != Coding::int32);
        break;
    case ValueType::none: break;
    }
}

void append_unit(Sink& out, const Record& record, bool for_json) {
    if (record.quantity == Quantity::plain_text) {
        append_text(out, record.unit_text(), for_json);
    } else {
        out.text(core::application::name_of(record.unit));
    }
}

} // namespace meterbench::formats
