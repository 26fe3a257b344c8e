// SPDX-License-Identifier: Apache-2.0
#include "core/application/record_encoder.hpp"

#include "core/application/value_decoder.hpp"
#include "core/application/vif_table.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace meterbench::core::application {
namespace {

constexpr std::size_t max_unit_text = 250;

/// Appends bytes to the caller's span and remembers when they did not fit.
class Writer {
  public:
    explicit Writer(std::span<std::uint8_t> into) : into_{into} {}
    void put(unsigned byte) {
        if (size_ < into_.size()) {
            into_[size_] = static_cast<std::uint8_t>(byte);
        }
        ++size_;
    }
    void put_number(std::uint64_t value, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i) {
            put(static_cast<unsigned>(value >> (8U * i)) & 0xFFU);
        }
    }
    void put_reversed(std::span<const std::uint8_t> text) {
        std::for_each(text.rbegin(), text.rend(), [this](std::uint8_t byte) { put(byte); });
    }
    void put_all(std::span<const std::uint8_t> bytes) {
        std::ranges::for_each(bytes, [this](std::uint8_t byte) { put(byte); });
    }
    /// Sets the extension bit of the byte written last.
    void extend() {
        if (size_ <= into_.size()) {
            into_[size_ - 1] |= extension_bit;
        }
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool overflown() const { return size_ > into_.size(); }

  private:
    std::span<std::uint8_t> into_;
    std::size_t size_ = 0;
};

using Done = Expected<void>;

Done put_dib(Writer& out, const RecordSpec& spec) {
    if (spec.coding == Coding::special) {
        out.put(0x7F);
        return {};
    }
    if (spec.storage > max_storage || spec.tariff > max_tariff || spec.subunit > max_subunit) {
        return failure(FaultCode::value_out_of_range);
    }
    out.put(data_field(spec.coding) | static_cast<unsigned>(spec.function) << 4U |
            static_cast<unsigned>(spec.storage & 1U) << 6U);
    std::uint64_t storage = spec.storage >> 1U;
    unsigned tariff = spec.tariff;
    unsigned subunit = spec.subunit;
    bool first = true;
    while (storage != 0 || tariff != 0 || subunit != 0 || (first && spec.register_number)) {
        out.extend();
        out.put(static_cast<unsigned>(storage & 0x0FU) | (tariff & 0x03U) << 4U |
                (subunit & 0x01U) << 6U);
        storage >>= 4U;
        tariff >>= 2U;
        subunit >>= 1U;
        first = false;
    }
    if (spec.register_number) {
        out.extend();
        out.put(0);
    }
    return {};
}

/// The VIF with its table; returns how many of the ten VIFEs that took.
Expected<unsigned> put_vif(Writer& out, const RecordSpec& spec) {
    const auto found = find_vif(spec.quantity, spec.unit, spec.exponent);
    if (!found) {
        return failure(FaultCode::not_encodable);
    }
    unsigned used = 0;
    switch (found->table) {
    case VifTable::main_second_level:
        out.put(0xFD);
        out.put(0xFD);
        used = 2;
        break;
    case VifTable::main_extension:
        out.put(0xFD);
        used = 1;
        break;
    case VifTable::alternate:
        out.put(0xFB);
        used = 1;
        break;
    default: break;
    }
    out.put(found->code);
    return used;
}

Done put_unit_text(Writer& out, const RecordSpec& spec, PlainText place) {
    const bool here = spec.quantity == Quantity::plain_text &&
                      (spec.plain_text == PlainText::after_vif) == (place == PlainText::after_vif);
    if (!here) {
        return {};
    }
    if (spec.unit_text.size() > max_unit_text) {
        return failure(FaultCode::not_encodable);
    }
    out.put(static_cast<unsigned>(spec.unit_text.size()));
    out.put_reversed(spec.unit_text);
    return {};
}

Done put_vib(Writer& out, const RecordSpec& spec) {
    const auto used = put_vif(out, spec);
    if (!used) {
        return std::unexpected{used.error()};
    }
    if (!spec.qualifiers.empty()) {
        out.extend();
    }
    if (auto done = put_unit_text(out, spec, PlainText::after_vif); !done) {
        return done;
    }
    unsigned vifes = *used;
    for (std::size_t i = 0; i < spec.qualifiers.size(); ++i) {
        const Qualifier qualifier = spec.qualifiers[i];
        const unsigned more = i + 1 < spec.qualifiers.size() ? extension_bit : 0U;
        if (qualifier.table == Qualifier::Table::extension) {
            out.put(0xFC);
            ++vifes;
        }
        out.put((qualifier.code & 0x7FU) | more);
        ++vifes;
    }
    if (vifes > max_vifes) {
        return failure(FaultCode::not_encodable);
    }
    return put_unit_text(out, spec, PlainText::after_vib);
}

/// What the VIFEs make of the value, as decoding does it.
struct Correction {
    int exponent; ///< of the data
    DataRule rule;
    bytes::Decimal offset{}; ///< added to the data
    bool possible = true;
};

Correction correction_of(const RecordSpec& spec) {
    const auto found = find_vif(spec.quantity, spec.unit, spec.exponent);
    const DataRule rule =
        found ? vif_entry(found->table, found->code).rule : DataRule::signed_number;
    Correction result{spec.exponent, rule};
    int vif_exponent = spec.exponent;
    for (const Qualifier qualifier : spec.qualifiers) {
        const VifeEntry entry = entry_of(qualifier);
        switch (entry.effect) {
        case Effect::power_of_ten: result.exponent += entry.number; break;
        case Effect::duration:
        case Effect::count:
        case Effect::date:
            vif_exponent = 0;
            result.exponent = 0;
            result.offset = {};
            result.rule =
                entry.effect == Effect::date ? DataRule::any_date : DataRule::signed_number;
            break;
        case Effect::profile: result.rule = DataRule::raw; break;
        case Effect::as_unsigned: result.rule = DataRule::unsigned_number; break;
        case Effect::as_bits: result.rule = DataRule::bit_field; break;
        case Effect::offset: {
            const auto step = static_cast<std::int8_t>(vif_exponent + entry.number);
            const auto sum = bytes::add(result.offset, {false, 1, step});
            result.possible = result.possible && sum.has_value();
            result.offset = sum.value_or(result.offset);
            break;
        }
        default: break;
        }
    }
    return result;
}

/// The number that the data field holds: value less offset, in steps of the exponent.
Expected<bytes::Decimal> mantissa_of(const RecordSpec& spec, const Correction& correction) {
    bytes::Decimal offset = correction.offset;
    offset.negative = offset.magnitude != 0;
    const auto plain =
        offset.magnitude == 0 ? std::optional{spec.value} : bytes::add(spec.value, offset);
    if (!plain || !correction.possible) {
        return failure(FaultCode::value_out_of_range);
    }
    const auto scaled = bytes::rescale(*plain, correction.exponent);
    if (!scaled) {
        return failure(FaultCode::value_out_of_range);
    }
    return *scaled;
}

unsigned size_of_data(const RecordSpec& spec) {
    const std::uint8_t field = data_field(spec.coding);
    return field == 0x0D ? spec.length : data_field_sizes[field];
}

/// LVAR of a variable-length number of `size` bytes; 0 where none exists.
unsigned lvar_of(Coding coding, std::size_t size) {
    if (coding == Coding::variable_bcd || coding == Coding::variable_negative_bcd) {
        const unsigned base = coding == Coding::variable_bcd ? 0xC0 : 0xD0;
        return size <= 9 ? base + static_cast<unsigned>(size) : 0;
    }
    for (unsigned lvar = 0xE0; lvar <= 0xF6; ++lvar) {
        if (detail::read_lvar(static_cast<std::uint8_t>(lvar)).size == size) {
            return lvar;
        }
    }
    return 0;
}

Done put_bcd(Writer& out, const bytes::Decimal& number, unsigned size, bool sign_in_data) {
    const unsigned digits = 2 * size - (sign_in_data && number.negative ? 1 : 0);
    std::uint64_t rest = number.magnitude;
    std::uint64_t low = 0;
    unsigned high = 0;
    for (unsigned i = 0; i < 2 * size; ++i) {
        const auto digit = static_cast<unsigned>(i < digits ? rest % 10 : 0x0F);
        rest = i < digits ? rest / 10 : rest;
        if (i < 16) {
            low |= std::uint64_t{digit} << (4 * i);
        } else {
            high |= digit << (4 * (i - 16));
        }
    }
    if (rest != 0) {
        return failure(FaultCode::value_out_of_range);
    }
    out.put_number(low, std::min(size, 8U));
    out.put_number(high, size > 8 ? size - 8 : 0);
    return {};
}

Done put_binary(Writer& out, const bytes::Decimal& number, unsigned size, DataRule rule) {
    if (size == 0 || size > 8) {
        return failure(FaultCode::not_encodable);
    }
    const std::uint64_t all = std::numeric_limits<std::uint64_t>::max() >> (64 - 8 * size);
    const bool is_signed = rule == DataRule::signed_number;
    // The most negative number and, unsigned, all ones mean "invalid".
    const std::uint64_t most =
        is_signed ? all >> 1U : all - (rule == DataRule::unsigned_number ? 1 : 0);
    const bool minus = number.negative && number.magnitude != 0;
    if (number.magnitude > most || (minus && !is_signed)) {
        return failure(FaultCode::value_out_of_range);
    }
    out.put_number(minus ? 0 - number.magnitude : number.magnitude, size);
    return {};
}

/// The year in two pieces, as types F, G and I have it.
struct YearBits {
    std::uint64_t low;  ///< three bits
    std::uint64_t high; ///< four bits
};
YearBits year_bits(const DateTime& date) {
    const unsigned year = date.year % 100U;
    return {year & 0x07U, year >> 3U};
}

std::uint64_t type_g(const DateTime& date) {
    return encode_type_g(date);
}

std::uint64_t type_f(const DateTime& date) {
    const YearBits year = year_bits(date);
    // A century of 0 means 2000 to 2080 and 1981 to 1999, as decoding has it.
    const unsigned century = date.year >= 2081 ? (date.year - 1900U) / 100 : 0;
    return date.minute | std::uint64_t{date.hour} << 8U | std::uint64_t{century} << 13U |
           std::uint64_t{date.daylight_saving ? 1U : 0U} << 15U | std::uint64_t{date.day} << 16U |
           year.low << 21U | std::uint64_t{date.month} << 24U | year.high << 28U;
}

std::uint64_t type_i(const DateTime& date) {
    const YearBits year = year_bits(date);
    const int hours = date.deviation < 0 ? -date.deviation : date.deviation;
    return date.second | std::uint64_t{date.daylight_saving ? 1U : 0U} << 6U |
           std::uint64_t{date.leap_year ? 1U : 0U} << 7U | std::uint64_t{date.minute} << 8U |
           std::uint64_t{date.deviation > 0 ? 1U : 0U} << 14U | std::uint64_t{date.hour} << 16U |
           std::uint64_t{date.weekday} << 21U | std::uint64_t{date.day} << 24U | year.low << 29U |
           std::uint64_t{date.month} << 32U | year.high << 36U | std::uint64_t{date.week} << 40U |
           static_cast<std::uint64_t>(hours & 3) << 46U;
}

std::uint64_t type_j(const DateTime& date) {
    return date.second | std::uint64_t{date.minute} << 8U | std::uint64_t{date.hour} << 16U;
}

/// A type of date: its length, the years it has, its bits, and its code for "invalid".
struct DateCoding {
    unsigned size;
    unsigned first_year;
    unsigned last_year;
    std::uint64_t (*bits)(const DateTime&);
    std::uint64_t invalid;
};
constexpr std::array date_codings{
    DateCoding{2, 1981, 2080, type_g, 0xFFFF},
    DateCoding{3, 0, 0xFFFF, type_j, 0xFFFFFF},
    DateCoding{4, 1981, 2299, type_f, 0x80},
    DateCoding{6, 2000, 2099, type_i, 0x8000},
};

Done put_date(Writer& out, const DateTime& date, unsigned size, Invalid invalid) {
    const auto* const coding = std::ranges::find(date_codings, size, &DateCoding::size);
    // Dates that recur are sent as bytes.
    if (coding == date_codings.end() || (invalid != Invalid::none && invalid != Invalid::invalid)) {
        return failure(FaultCode::not_encodable);
    }
    if (invalid == Invalid::invalid) {
        out.put_number(coding->invalid, size);
        return {};
    }
    if (date.year < coding->first_year || date.year > coding->last_year) {
        return failure(FaultCode::value_out_of_range);
    }
    out.put_number(coding->bits(date), size);
    return {};
}

/// The code for "invalid" of a number's type.
Done put_invalid_number(Writer& out, unsigned size, DataRule rule) {
    if (size == 0 || size > 8 ||
        (rule != DataRule::signed_number && rule != DataRule::unsigned_number)) {
        return failure(FaultCode::not_encodable);
    }
    const std::uint64_t all = std::numeric_limits<std::uint64_t>::max() >> (64 - 8 * size);
    out.put_number(rule == DataRule::signed_number ? (all >> 1U) + 1 : all, size);
    return {};
}

bool is_bcd(Coding coding) {
    const std::uint8_t field = data_field(coding);
    return (field >= 0x09 && field <= 0x0C) || field == 0x0E;
}

Done put_decimal(Writer& out, const RecordSpec& spec, const Correction& correction, unsigned size) {
    const bool variable_bcd =
        spec.coding == Coding::variable_bcd || spec.coding == Coding::variable_negative_bcd;
    if (spec.invalid != Invalid::none) {
        if (is_bcd(spec.coding) || variable_bcd || spec.invalid != Invalid::invalid) {
            return failure(FaultCode::not_encodable); // type A has no single code for it
        }
        return put_invalid_number(out, size, correction.rule);
    }
    const auto number = mantissa_of(spec, correction);
    if (!number) {
        return std::unexpected{number.error()};
    }
    if (is_bcd(spec.coding)) {
        return put_bcd(out, *number, size, true);
    }
    if (variable_bcd) {
        const bool minus = spec.coding == Coding::variable_negative_bcd;
        if (number->magnitude != 0 && minus != number->negative) {
            return failure(FaultCode::value_out_of_range);
        }
        return put_bcd(out, *number, size, false);
    }
    return put_binary(out, *number, size, correction.rule);
}

Done put_content(Writer& out, const RecordSpec& spec) {
    const std::size_t size = spec.content.size();
    switch (spec.coding) {
    case Coding::text:
    case Coding::container:
        if (size > 0xBF) {
            return failure(FaultCode::value_out_of_range);
        }
        out.put(static_cast<unsigned>(size));
        break;
    case Coding::variable_binary: {
        const unsigned lvar = lvar_of(spec.coding, size);
        if (lvar == 0) {
            return failure(FaultCode::value_out_of_range);
        }
        out.put(lvar);
        break;
    }
    default:
        if (size != size_of_data(spec)) {
            return failure(FaultCode::value_out_of_range);
        }
        break;
    }
    if (spec.type == ValueType::text) {
        out.put_reversed(spec.content);
    } else {
        out.put_all(spec.content);
    }
    return {};
}

Done put_data(Writer& out, const RecordSpec& spec) {
    if (spec.type == ValueType::text || spec.type == ValueType::bytes) {
        return put_content(out, spec);
    }
    const unsigned size = size_of_data(spec);
    if (data_field(spec.coding) == 0x0D) {
        const unsigned lvar = lvar_of(spec.coding, size);
        if (lvar == 0 || spec.coding == Coding::text || spec.coding == Coding::container) {
            return failure(FaultCode::not_encodable);
        }
        out.put(lvar);
    }
    if (size == 0) {
        return {};
    }
    const Correction correction = correction_of(spec);
    switch (spec.type) {
    case ValueType::decimal:
        return spec.coding == Coding::real32 ? Done{failure(FaultCode::not_encodable)}
                                             : put_decimal(out, spec, correction, size);
    case ValueType::bits: {
        const auto bits = bytes::rescale(spec.value, 0);
        return bits ? put_binary(out, *bits, size, DataRule::bit_field)
                    : Done{failure(FaultCode::value_out_of_range)};
    }
    case ValueType::real:
        if (spec.coding != Coding::real32) {
            return failure(FaultCode::not_encodable);
        }
        out.put_number(spec.invalid == Invalid::none ? spec.real : 0x7FC00000, 4);
        return {};
    case ValueType::date:
    case ValueType::datetime:
    case ValueType::time: return put_date(out, spec.date, size, spec.invalid);
    default: return failure(FaultCode::not_encodable);
    }
}

} // namespace

Expected<std::size_t> encode_record(const RecordSpec& spec, std::span<std::uint8_t> into) {
    Writer out{into};
    if (const auto done = put_dib(out, spec); !done) {
        return std::unexpected{done.error()};
    }
    if (spec.coding != Coding::special) {
        if (const auto done = put_vib(out, spec); !done) {
            return std::unexpected{done.error()};
        }
        if (const auto done = put_data(out, spec); !done) {
            return std::unexpected{done.error()};
        }
    }
    if (out.overflown()) {
        return failure(FaultCode::data_too_long, into.size());
    }
    return out.size();
}

std::uint16_t encode_type_g(const DateTime& date) {
    const YearBits year = year_bits(date);
    return static_cast<std::uint16_t>(date.day | year.low << 5U | std::uint64_t{date.month} << 8U |
                                      year.high << 12U);
}

} // namespace meterbench::core::application
