// SPDX-License-Identifier: Apache-2.0
#include "core/application/vib_decoder.hpp"

#include "core/application/record_rows.hpp"
#include "core/application/value_decoder.hpp"

#include <algorithm>

namespace meterbench::core::application::detail {
namespace {

void become(Record& record, VibReading& vib, Unit unit, DataRule rule) {
    record.unit = unit;
    record.value.exponent = 0;
    vib.rule = rule;
    vib.offset = false; // it was for the VIF's unit
}

void apply(Record& record, VibReading& vib, const VifeEntry& entry, std::uint8_t code) {
    switch (entry.effect) {
    case Effect::action:
    case Effect::record_error:
        if (record.direction == Direction::from_meter) {
            record.error = code;
        }
        break;
    case Effect::power_of_ten:
        record.value.exponent = static_cast<std::int8_t>(record.value.exponent + entry.number);
        break;
    case Effect::offset: vib.offset = true; break;
    case Effect::date: become(record, vib, Unit::none, DataRule::any_date); break;
    case Effect::duration: become(record, vib, entry.unit, DataRule::signed_number); break;
    case Effect::count: become(record, vib, Unit::none, DataRule::signed_number); break;
    case Effect::as_unsigned: vib.rule = DataRule::unsigned_number; break;
    case Effect::as_bits: vib.rule = DataRule::bit_field; break;
    case Effect::profile:
        record.profile = code;
        vib.rule = DataRule::raw;
        break;
    case Effect::manufacturer: vib.manufacturer = true; break;
    default: break;
    }
}

bool fail(VibReading& vib, FaultCode fault) {
    vib.fault = fault;
    return false;
}

/// Reads VIFEs while `more`; false for a fault.
bool read_vifes(Record& record, VibReading& vib, bool more) {
    const unsigned limit = max_vifes + 1U - record.vif_size;
    unsigned count = 0;
    bool extended = false;
    while (more) {
        if (vib.at == vib.end) {
            return fail(vib, FaultCode::vif_missing);
        }
        if (++count > limit) {
            return fail(vib, FaultCode::too_many_vifes);
        }
        const std::uint8_t vife = *vib.at++;
        more = (vife & extension_bit) != 0;
        const auto code = static_cast<std::uint8_t>(vife & 0x7FU);
        if (vib.manufacturer) {
            continue;
        }
        if (extended) {
            apply(record, vib, entry_of({Qualifier::Table::extension, code}), code);
            extended = false;
            continue;
        }
        const VifeEntry& entry = combinable_vifes[code];
        extended = entry.effect == Effect::extension && more;
        apply(record, vib, entry, code);
    }
    record.vife_size = static_cast<std::uint8_t>(count);
    return true;
}

/// ISO 8859-1 without control characters.
bool is_text(std::span<const std::uint8_t> bytes) {
    return std::ranges::all_of(bytes,
                               [](std::uint8_t c) { return (c >= 0x20 && c < 0x7F) || c >= 0xA0; });
}

/// Passes the text at `at`, its length byte in front, where it and the data have room; whether it
/// is there. A text that is taken for one by its look has no control characters.
bool pass_text(VibReading& vib, std::size_t data_size, bool by_look) {
    const auto left = static_cast<std::size_t>(vib.end - vib.at);
    if (left == 0 || left - 1 < *vib.at + data_size ||
        (by_look && !is_text({vib.at + 1, std::size_t{*vib.at}}))) {
        return false;
    }
    vib.at += 1 + *vib.at;
    return true;
}

/// The rest of a plain-text VIB with its text behind the VIFEs; whether it can be read so. Without
/// VIFEs both places are the same.
bool read_standard_text(Record& record, VibReading& vib, bool more, std::size_t data_size) {
    record.plain_text = PlainText::after_vib;
    return read_vifes(record, vib, more) && pass_text(vib, data_size, more);
}

/// The same with its text in front of the VIFEs, where there are any.
bool read_legacy_text(Record& record, VibReading& vib, bool more, std::size_t data_size) {
    record.plain_text = PlainText::after_vif;
    return more && pass_text(vib, data_size, true) && read_vifes(record, vib, more) &&
           static_cast<std::size_t>(vib.end - vib.at) >= data_size;
}

/// A plain-text VIF: finds where its text stands. False for a fault.
bool read_plain_text(Record& record, VibReading& vib, bool more) {
    const std::size_t data_size =
        record.field == field_variable ? 1 : data_field_sizes[record.field];
    const VibReading behind_vif = vib;
    const VibMeaning of_vif = record;
    for (const bool legacy : {vib.legacy_plain_text, !vib.legacy_plain_text}) {
        if (legacy ? read_legacy_text(record, vib, more, data_size)
                   : read_standard_text(record, vib, more, data_size)) {
            return true;
        }
        vib = behind_vif;
        static_cast<VibMeaning&>(record) = of_vif;
    }
    record.plain_text = PlainText::absent;
    return fail(vib, vib.at == vib.end ? FaultCode::vif_missing : FaultCode::plain_text_vif);
}

/// The VIF with the code of its extension table; false for a fault.
bool read_vif(Record& record, VibReading& vib) {
    std::size_t table = 0;
    std::uint8_t code = *vib.at++;
    std::size_t next = table_behind(code);
    while (next != 0) {
        if (vib.at == vib.end) {
            return fail(vib, FaultCode::vif_missing);
        }
        code = *vib.at++;
        const bool second = next == behind_main_extension && code == vif_main_extension;
        table = next;
        next = second ? on_second_level : 0;
    }
    const LoneVif& row =
        lone_vifs[table == behind_reserved_extension ? table : table + (code & 0x7FU)];
    static_cast<VibMeaning&>(record) = row.meaning;
    vib.rule = row.rule;
    vib.manufacturer = row.meaning.quantity == Quantity::manufacturer_specific;
    return true;
}

} // namespace

bool read_vib(Record& record, VibReading& vib) {
    const std::uint8_t* const begin = vib.at;
    if (!read_vif(record, vib)) {
        return false;
    }
    const bool more = (vib.at[-1] & extension_bit) != 0;
    if (record.quantity == Quantity::plain_text ? !read_plain_text(record, vib, more)
                                                : !read_vifes(record, vib, more)) {
        return false;
    }
    record.vib_size = static_cast<std::uint16_t>(vib.at - begin);
    return true;
}

} // namespace meterbench::core::application::detail
