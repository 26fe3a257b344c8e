// SPDX-License-Identifier: Apache-2.0
#include "core/application/vib_decoder.hpp"

#include "core/application/value_decoder.hpp"

#include <algorithm>

namespace meterbench::core::application::detail {
namespace {

/// What the VIB says of the value, while it is being read.
struct Meaning {
    Unit unit = Unit::none;
    int exponent = 0;
    DataRule rule = DataRule::signed_number;
    std::uint8_t error = 0;
    std::uint8_t profile = 0;
    std::uint8_t vifes = 0; ///< read so far, the code of an extension table included
    bool offset = false;    ///< an additive correction is among them
    bool manufacturer = false;
};

void become(Meaning& meaning, Unit unit, DataRule rule) {
    meaning.unit = unit;
    meaning.exponent = 0;
    meaning.rule = rule;
    meaning.offset = false; // it was for the VIF's unit
}

void apply(Meaning& meaning, const VifeEntry& entry, std::uint8_t code, Direction direction) {
    switch (entry.effect) {
    case Effect::action:
    case Effect::record_error:
        if (direction == Direction::from_meter) {
            meaning.error = code;
        }
        break;
    case Effect::power_of_ten: meaning.exponent += entry.number; break;
    case Effect::offset: meaning.offset = true; break;
    case Effect::date: become(meaning, Unit::none, DataRule::any_date); break;
    case Effect::duration: become(meaning, entry.unit, DataRule::signed_number); break;
    case Effect::count: become(meaning, Unit::none, DataRule::signed_number); break;
    case Effect::as_unsigned: meaning.rule = DataRule::unsigned_number; break;
    case Effect::as_bits: meaning.rule = DataRule::bit_field; break;
    case Effect::profile:
        meaning.profile = code;
        meaning.rule = DataRule::raw;
        break;
    case Effect::manufacturer: meaning.manufacturer = true; break;
    default: break;
    }
}

/// Reads VIFEs while `more`. Returns what follows them; null with `fault` and `at` set to the
/// place.
const std::uint8_t* read_vifes(Meaning& meaning, Direction direction, bool more,
                               const std::uint8_t*& at, const std::uint8_t* end, FaultCode& fault) {
    bool extended = false;
    while (more) {
        if (at == end) {
            fault = FaultCode::vif_missing;
            return nullptr;
        }
        if (++meaning.vifes > max_vifes) {
            fault = FaultCode::too_many_vifes;
            return nullptr;
        }
        const std::uint8_t vife = *at++;
        more = (vife & extension_bit) != 0;
        const auto code = static_cast<std::uint8_t>(vife & 0x7FU);
        if (meaning.manufacturer) {
            continue;
        }
        if (extended) {
            apply(meaning, entry_of({Qualifier::Table::extension, code}), code, direction);
            extended = false;
            continue;
        }
        const VifeEntry& entry = combinable_vifes[code];
        extended = entry.effect == Effect::extension && more;
        apply(meaning, entry, code, direction);
    }
    return at;
}

/// ISO 8859-1 without control characters.
bool is_text(std::span<const std::uint8_t> bytes) {
    return std::ranges::all_of(bytes,
                               [](std::uint8_t c) { return (c >= 0x20 && c < 0x7F) || c >= 0xA0; });
}

/// A plain-text VIF: finds where its text stands. Returns what follows the VIB; null with `fault`
/// and `at` set to the place.
const std::uint8_t* read_plain_text(Record& record, Meaning& meaning, bool more, bool prefer_legacy,
                                    const std::uint8_t*& at, const std::uint8_t* end,
                                    std::uint8_t field, FaultCode& fault) {
    const std::uint8_t* const behind_vif = at;
    const std::size_t data = field == field_variable ? 1 : data_field_sizes[field];
    const auto standard = [&](Meaning& result) -> const std::uint8_t* {
        FaultCode ignored{};
        const std::uint8_t* place = behind_vif;
        const std::uint8_t* text = read_vifes(result, record.direction, more, place, end, ignored);
        const auto left = text == nullptr ? 0 : static_cast<std::size_t>(end - text);
        if (left == 0 || left - 1 < *text + data ||
            (more && !is_text({text + 1, std::size_t{*text}}))) {
            return nullptr;
        }
        return text + 1 + *text;
    };
    const auto legacy = [&](Meaning& result) -> const std::uint8_t* {
        FaultCode ignored{};
        const auto left = static_cast<std::size_t>(end - behind_vif);
        if (!more || left == 0 || left - 1 < *behind_vif + data ||
            !is_text({behind_vif + 1, std::size_t{*behind_vif}})) {
            return nullptr;
        }
        const std::uint8_t* place = behind_vif + 1 + *behind_vif;
        const std::uint8_t* rest = read_vifes(result, record.direction, more, place, end, ignored);
        return rest != nullptr && static_cast<std::size_t>(end - rest) >= data ? rest : nullptr;
    };
    for (const bool old : {prefer_legacy, !prefer_legacy}) {
        Meaning result = meaning;
        if (const std::uint8_t* rest = old ? legacy(result) : standard(result)) {
            meaning = result;
            record.plain_text = old ? PlainText::after_vif : PlainText::after_vib;
            return rest;
        }
    }
    fault = behind_vif == end ? FaultCode::vif_missing : FaultCode::plain_text_vif;
    return nullptr;
}

/// FBh, FDh, FDh FDh, EFh: the table of the code that follows; null for any other VIF.
struct ExtensionTable {
    bool exists = false;
    bool known = false;
    VifTable table = VifTable::primary;
};
ExtensionTable extension_of(std::uint8_t vif) {
    switch (vif) {
    case vif_main_extension: return {true, true, VifTable::main_extension};
    case vif_alternate_extension: return {true, true, VifTable::alternate};
    case 0xEF: return {true, false, VifTable::primary};
    default: return {};
    }
}

/// The VIF with the code of its extension table, into the record; null with the fault set.
const std::uint8_t* read_vif(Record& record, Meaning& meaning, const VibPlace& place,
                             VibResult& result) {
    const std::uint8_t* at = place.vif;
    std::uint8_t last = *at++;
    VifEntry entry = vif_entry(VifTable::primary, last);
    ExtensionTable extension = extension_of(last);
    while (extension.exists) {
        if (at == place.end) {
            result.fault = FaultCode::vif_missing;
            result.fault_at = at;
            return nullptr;
        }
        last = *at++;
        ++meaning.vifes;
        entry = extension.known ? vif_entry(extension.table, last) : VifEntry{};
        const bool second =
            extension.table == VifTable::main_extension && last == vif_main_extension;
        extension =
            second ? ExtensionTable{true, true, VifTable::main_second_level} : ExtensionTable{};
    }
    record.vif_size = static_cast<std::uint8_t>(at - place.vif);
    record.quantity = entry.quantity;
    record.vif_unit = entry.unit;
    record.vif_exponent = entry.exponent;
    meaning.unit = entry.unit;
    meaning.exponent = entry.exponent;
    meaning.rule = entry.rule;
    meaning.manufacturer = entry.quantity == Quantity::manufacturer_specific;
    return at;
}

} // namespace

VibResult read_vib(Record& record, const VibPlace& place) {
    Meaning meaning;
    VibResult result;
    const std::uint8_t* at = read_vif(record, meaning, place, result);
    if (at == nullptr) {
        return result;
    }
    const bool more = (at[-1] & extension_bit) != 0;
    const std::uint8_t vif_codes = meaning.vifes;
    result.rest = record.quantity == Quantity::plain_text
                      ? read_plain_text(record, meaning, more, place.legacy_plain_text, at,
                                        place.end, place.field, result.fault)
                      : read_vifes(meaning, record.direction, more, at, place.end, result.fault);
    result.fault_at = at;
    if (result.rest == nullptr) {
        return result;
    }
    record.vife_size = static_cast<std::uint8_t>(meaning.vifes - vif_codes);
    record.vib_size = static_cast<std::uint16_t>(result.rest - place.vif);
    record.unit = meaning.unit;
    record.error = meaning.error;
    record.profile = meaning.profile;
    record.value.exponent = static_cast<std::int8_t>(meaning.exponent);
    result.rule = meaning.rule;
    result.offset = meaning.offset;
    return result;
}

} // namespace meterbench::core::application::detail
