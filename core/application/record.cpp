// SPDX-License-Identifier: Apache-2.0
#include "core/application/record.hpp"

#include "core/application/record_rows.hpp"
#include "core/application/value_decoder.hpp"
#include "core/application/vib_decoder.hpp"

#include <algorithm>
#include <cstring>

namespace meterbench::core::application {
namespace {

using detail::field_selection;
using detail::field_special;
using detail::field_variable;

constexpr std::uint8_t dif_manufacturer = 0x0F;
constexpr std::uint8_t dif_more_follows = 0x1F;
constexpr std::uint8_t dif_idle_filler = 0x2F;
constexpr std::uint8_t dif_global_readout = 0x7F;
constexpr std::uint8_t vife_manufacturer = 0x7F;

std::uint64_t load_word(const std::uint8_t* at) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

constexpr bool leads_to_table(std::size_t vif) {
    return vif == vif_main_extension || vif == vif_alternate_extension;
}

/// The additive corrections (VIFE 78h to 7Bh): each a power of ten of the VIF's own unit, which
/// multiplicative corrections do not touch.
[[gnu::noinline]] void add_offsets(Record& record) {
    const bytes::Decimal plain = record.value.decimal();
    bytes::Decimal sum = plain;
    int exponent = record.vif_exponent;
    for (const Qualifier qualifier : record.qualifiers()) {
        const VifeEntry entry = entry_of(qualifier);
        if (replaces_value(entry.effect)) {
            exponent = 0;
            sum = plain;
        } else if (entry.effect == Effect::offset) {
            const auto step = static_cast<std::int8_t>(exponent + entry.number);
            const auto next = bytes::add(sum, {false, 1, step});
            if (!next) {
                record.value.invalid = Invalid::overflow;
                return;
            }
            sum = *next;
        }
    }
    record.value.negative = sum.negative;
    record.value.magnitude = sum.magnitude;
    record.value.exponent = sum.exponent;
}

/// Variable-length BCD: the sign is in the LVAR byte, so that Fh is no digit here.
void convert_variable_bcd(const std::uint8_t* at, unsigned size, bool negative, Value& value) {
    const unsigned low = std::min(size, 8U);
    const std::uint64_t head = detail::load(at, low);
    const std::uint64_t tail = detail::load(at + low, size - low);
    value.type = size == 0 ? ValueType::none : ValueType::decimal;
    value.negative = negative;
    value.invalid = detail::has_hex_nibble(head) || detail::has_hex_nibble(tail) ? Invalid::invalid
                                                                                 : Invalid::none;
    constexpr std::uint64_t sixteen_digits = 10'000'000'000'000'000;
    value.magnitude = detail::bcd_to_number(head) + sixteen_digits * detail::bcd_to_number(tail);
}

/// A value of variable length; `record.coding` is by the LVAR byte, the content starts at `at`.
[[gnu::noinline]] void convert_variable(Record& record, DataRule rule, const std::uint8_t* at) {
    const unsigned size = record.data_size - 1U;
    Value& value = record.value;
    switch (record.coding) {
    case Coding::text:
        value.type = ValueType::text;
        if (rule == DataRule::raw) {
            record.coding = Coding::container;
            value.type = ValueType::bytes;
        }
        break;
    case Coding::variable_bcd: convert_variable_bcd(at, size, false, value); break;
    case Coding::variable_negative_bcd: convert_variable_bcd(at, size, true, value); break;
    default:
        if (size == 0) {
            value.type = ValueType::none;
        } else if (size > 8) {
            value.type = ValueType::bytes; // beyond what a number of 64 bits holds
        } else {
            detail::convert_number(rule, detail::load(at, size), size, value);
        }
        break;
    }
}

} // namespace

std::string_view name_of(ValueType type) {
    static constexpr std::array<std::string_view, 9> names{
        "none", "decimal", "real", "bits", "text", "bytes", "date", "datetime", "time"};
    return names[static_cast<std::size_t>(type)];
}

constexpr std::array<const detail::DifRow*, 2> detail::dif_rows{dif_row_table[0].data(),
                                                                dif_row_table[1].data()};

/// Apart, so that next() has nothing to keep while it calls.
[[gnu::noinline]] RecordReader::Step
RecordReader::with_rare_value(const detail::ValuePlan& plan, std::uint64_t raw, Value& value) {
    detail::convert_rare(plan, raw, value);
    return RecordReader::Step::record;
}

// At end or fault: every further call says the same.
RecordReader::Step RecordReader::stop(Step step) {
    ended_ = step;
    far_end_ = nullptr;
    near_end_ = nullptr;
    return step;
}

[[gnu::noinline]] RecordReader::Step RecordReader::fail(FaultCode code, const std::uint8_t* at) {
    fault_code_ = code;
    fault_offset_ = options_.offset + static_cast<std::uint32_t>(at - begin_);
    return stop(Step::fault);
}

[[gnu::noinline]] RecordReader::Step RecordReader::special(Record& record, std::uint8_t dif) {
    if (dif == dif_manufacturer || dif == dif_more_follows) {
        more_follows_ = dif == dif_more_follows;
        has_manufacturer_data_ = true;
        ++at_;
        return stop(Step::end);
    }
    if (dif != dif_global_readout) {
        return fail(FaultCode::reserved_dif, at_);
    }
    if (options_.direction == Direction::from_meter) {
        return fail(FaultCode::dif_wrong_direction, at_);
    }
    record = Record{};
    record.begin = at_;
    record.offset = offset();
    record.dib_size = 1;
    record.direction = options_.direction;
    record.coding = Coding::special;
    record.global_readout = true;
    ++at_;
    return Step::record;
}

[[gnu::noinline]] const std::uint8_t* RecordReader::read_difes(Record& record,
                                                               const std::uint8_t* at) {
    for (unsigned number = 0;; ++number) {
        if (at == end_) {
            static_cast<void>(fail(FaultCode::record_truncated, record.begin));
            return nullptr;
        }
        const std::uint8_t dife = *at++;
        if (dife == 0 && number != 0) {
            record.register_number = true; // it may be the eleventh
            return at;
        }
        if (number == max_difes) {
            static_cast<void>(fail(FaultCode::too_many_difes, at - 1));
            return nullptr;
        }
        record.storage |= std::uint64_t{dife & 0x0FU} << (1 + 4 * number);
        record.tariff |= ((dife >> 4U) & 0x03U) << (2 * number);
        record.subunit =
            static_cast<std::uint16_t>(record.subunit | ((dife >> 6U) & 0x01U) << number);
        if ((dife & extension_bit) == 0) {
            return at;
        }
    }
}

// Any VIB, which starts at `vif`, and its data; the DIB is in the record already.
[[gnu::noinline]] RecordReader::Step RecordReader::read_any(Record& record,
                                                            const std::uint8_t* vif) {
    detail::VibReading vib{vif, end_, options_.legacy_plain_text};
    if (!detail::read_vib(record, vib)) {
        return fail(vib.fault, vib.at);
    }
    const auto left = static_cast<std::size_t>(end_ - vib.at);
    if (record.field == field_variable) {
        if (left == 0) {
            return fail(FaultCode::record_truncated, record.begin);
        }
        const detail::Lvar lvar = detail::read_lvar(*vib.at);
        if (lvar.reserved) {
            return fail(FaultCode::reserved_lvar, vib.at);
        }
        record.data_size = static_cast<std::uint16_t>(1U + lvar.size);
        record.coding = lvar.coding;
    }
    if (left < record.data_size) {
        return fail(FaultCode::record_truncated, record.begin);
    }
    at_ = vib.at + record.data_size;
    const detail::ValuePlan& plan =
        detail::value_plans[static_cast<std::size_t>(vib.rule)][record.field];
    if (record.field == field_variable) {
        convert_variable(record, vib.rule, vib.at + 1);
    } else if (plan.way != detail::ValuePlan::Way::elsewhere) {
        detail::convert(plan, detail::load_inside(vib.at, plan.size, begin_, end_), record.value);
    }
    if (vib.offset && record.value.type == ValueType::decimal &&
        record.value.invalid == Invalid::none) {
        add_offsets(record);
    }
    return Step::record;
}

// Less than eight bytes in front of the end; those behind it are 0.
[[gnu::always_inline]] inline std::uint64_t RecordReader::last_word(const std::uint8_t* at) const {
    const std::uint8_t* const from = end_ - word_size;
    return load_word(from) >> (8U * static_cast<unsigned>(at - from) & 63U);
}

// The VIFEs at `at`, where there are no more than allowed and each leaves the value's meaning as it
// is; else 0. `vif` is an index of lone_vifs.
[[gnu::noinline]] unsigned RecordReader::count_plain_vifes(const std::uint8_t* at,
                                                           std::size_t vif) const {
    const detail::LoneVif& lone = detail::lone_vifs[vif];
    bool manufacturer = lone.meaning.quantity == Quantity::manufacturer_specific;
    if (!lone.takes_plain_vifes) {
        return 0;
    }
    const unsigned limit = max_vifes + 1U - lone.meaning.vif_size;
    for (unsigned count = 1; count <= limit && at != end_; ++count) {
        const unsigned vife = *at++;
        const unsigned code = vife & 0x7FU;
        if (!manufacturer && !detail::plain_vifes[code]) {
            return 0;
        }
        manufacturer = manufacturer || code == vife_manufacturer;
        if (vife < extension_bit) {
            return count;
        }
    }
    return 0;
}

// A DIB of the usual form, with up to two DIFEs, into the record; what follows it, or null for
// another form. Branches are cheaper here than tables: where the next record begins depends on
// them, and they are foreseen while a table would be waited for. What is known goes into the record
// at once: there are not registers enough to keep it all.
[[gnu::always_inline]] inline const std::uint8_t*
RecordReader::read_usual_dib(Record& record, const detail::DifRow& row) {
    const std::uint8_t* at = at_;
    const std::uint8_t dif = *at++;
    static_cast<DifMeaning&>(record) = row.meaning;
    if (dif >= extension_bit) {
        const std::size_t first = *at++;
        detail::DifeRow fields = detail::dife_rows[0][first & 0x7FU];
        if (first >= extension_bit) {
            const std::size_t second = *at++;
            if (second - 1U >= extension_bit - 1U) {
                return nullptr;
            }
            fields.storage |= detail::dife_rows[1][second].storage;
            fields.tariff_and_subunit |= detail::dife_rows[1][second].tariff_and_subunit;
        }
        record.dib_size = static_cast<std::uint8_t>(at - at_);
        record.storage |= fields.storage;
        record.tariff = static_cast<std::uint32_t>(fields.tariff_and_subunit);
        record.subunit = static_cast<std::uint16_t>(fields.tariff_and_subunit >> 32U);
    }
    record.begin = at_;
    record.offset = offset();
    return at;
}

// The record of the usual form: a usual DIB, a VIF alone or behind FDh or FBh, and data of fixed
// length. Most records have it. `near`: with an eye on the end.
template <bool near>
[[gnu::always_inline]] inline RecordReader::Step RecordReader::read_usual(Record& record) {
    const std::uint8_t* const begin = at_;
    const detail::DifRow& row = dif_rows_[*begin & 0x7FU];
    const std::uint8_t* const vib = read_usual_dib(record, row);
    if (vib == nullptr) {
        return next_unusual(record);
    }
    const std::uint8_t* at = vib;
    std::size_t vif = *at++;
    if (vif >= extension_bit) {
        const std::size_t table = vif;
        vif = *at++;
        if (!leads_to_table(table) || vif >= extension_bit) {
            return read_with_vifes(record, vib);
        }
        vif += detail::table_behind(table);
    }
    const detail::LoneVif& lone = detail::lone_vifs[vif];
    const detail::ValuePlan& plan = lone.plans[row.meaning.field];
    const auto left = static_cast<std::size_t>(end_ - at);
    if (near && left < row.meaning.data_size) {
        return read_other(record, vib);
    }
    static_cast<VibMeaning&>(record) = lone.meaning;
    const std::uint64_t word = near && left < word_size ? last_word(at) : load_word(at);
    const std::uint64_t data = word & plan.mask;
    at_ = at + row.meaning.data_size;
    using Way = detail::ValuePlan::Way;
    if (plan.way == Way::binary) {
        detail::convert_binary(plan, data, record.value);
    } else if (plan.way == Way::bcd) {
        detail::convert_short_bcd(plan, data, record.value);
    } else if (plan.way == Way::rare) {
        return with_rare_value(plan, data, record.value);
    } else {
        at_ = begin;
        return read_other(record, vib);
    }
    return Step::record;
}

RecordReader::Step RecordReader::next(Record& record) {
    return at_ > far_end_ ? next_near_end(record) : read_usual<false>(record);
}

[[gnu::noinline]] RecordReader::Step RecordReader::next_near_end(Record& record) {
    return at_ > near_end_ ? next_unusual(record) : read_usual<true>(record);
}

// What is behind a DIB where it is not of the usual form.
[[gnu::noinline]] RecordReader::Step RecordReader::read_other(Record& record,
                                                              const std::uint8_t* vib) {
    const bool without_vib = record.field == field_selection || record.field == field_special;
    return without_vib ? next_unusual(record) : read_any(record, vib);
}

// What is behind a DIB where the VIF has VIFEs: first those that leave its meaning as it is.
[[gnu::noinline]] RecordReader::Step RecordReader::read_with_vifes(Record& record,
                                                                   const std::uint8_t* vib) {
    const std::uint8_t* at = vib;
    std::size_t vif = *at++;
    vif = leads_to_table(vif) ? detail::table_behind(vif) + (*at++ & 0x7FU) : vif & 0x7FU;
    const detail::LoneVif& lone = detail::lone_vifs[vif];
    const detail::ValuePlan& plan = lone.plans[record.field];
    const unsigned vifes = count_plain_vifes(at, vif);
    at += vifes;
    const auto left = static_cast<std::size_t>(end_ - at);
    if (vifes == 0 || plan.way == detail::ValuePlan::Way::elsewhere || left < plan.size) {
        return read_other(record, vib);
    }
    static_cast<VibMeaning&>(record) = lone.meaning;
    record.vib_size = static_cast<std::uint16_t>(lone.meaning.vif_size + vifes);
    record.vife_size = static_cast<std::uint8_t>(vifes);
    const std::uint64_t data = left >= word_size ? load_word(at) : last_word(at);
    at_ = at + plan.size;
    detail::convert(plan, data & plan.mask, record.value);
    return Step::record;
}

[[gnu::noinline]] RecordReader::Step RecordReader::next_unusual(Record& record) {
    if (ended_ != Step::record) {
        return ended_;
    }
    while (at_ != end_ && *at_ == dif_idle_filler) {
        ++at_;
    }
    if (at_ == end_) {
        return stop(Step::end);
    }
    const std::uint8_t dif = *at_;
    const auto field = static_cast<std::uint8_t>(dif & 0x0FU);
    if (field == field_special) {
        return special(record, dif);
    }
    if (field == field_selection && options_.direction == Direction::from_meter) {
        return fail(FaultCode::dif_wrong_direction, at_);
    }
    record = Record{};
    static_cast<DifMeaning&>(record) = dif_rows_[dif & 0x7FU].meaning;
    record.begin = at_;
    record.offset = offset();
    const std::uint8_t* at = at_ + 1;
    if (dif >= extension_bit) {
        at = read_difes(record, at);
        if (at == nullptr) {
            return ended_;
        }
        record.dib_size = static_cast<std::uint8_t>(at - at_);
    }
    return at == end_ ? fail(FaultCode::vif_missing, at) : read_any(record, at);
}

std::span<const std::uint8_t> Record::unit_text() const {
    const auto whole = vib();
    switch (plain_text) {
    case PlainText::after_vib: return whole.subspan(std::size_t{vif_size} + vife_size + 1);
    case PlainText::after_vif: return whole.subspan(vif_size + 1U, whole[vif_size]);
    default: return {};
    }
}

Qualifiers Record::qualifiers() const {
    const bool manufacturer = quantity == Quantity::manufacturer_specific;
    const auto whole = vib();
    const std::size_t skip =
        plain_text == PlainText::after_vif ? std::size_t{1} + whole[vif_size] : 0;
    return {whole.subspan(vif_size + skip, vife_size), direction, manufacturer};
}

void Qualifiers::Iterator::settle() {
    if (vifes_.empty()) {
        return;
    }
    const auto code = static_cast<std::uint8_t>(vifes_[0] & 0x7FU);
    used_ = 1;
    if (manufacturer_) {
        current_ = {Qualifier::Table::manufacturer, code};
        return;
    }
    const Effect effect = combinable_vifes[code].effect;
    if (effect == Effect::extension && vifes_.size() > 1) {
        current_ = {Qualifier::Table::extension, static_cast<std::uint8_t>(vifes_[1] & 0x7FU)};
        used_ = 2;
        return;
    }
    current_ = {detail::table_of(code, direction_), code};
    manufacturer_ = effect == Effect::manufacturer;
}

bool records_more_follow(std::span<const std::uint8_t> records) {
    RecordReader reader{records};
    Record record;
    while (reader.next(record) == RecordReader::Step::record) {
    }
    return reader.more_follows();
}

std::size_t copy_reversed(std::span<const std::uint8_t> content, std::span<std::uint8_t> into) {
    const std::size_t count = std::min(content.size(), into.size());
    std::copy_n(content.rbegin(), count, into.begin());
    return count;
}

} // namespace meterbench::core::application
