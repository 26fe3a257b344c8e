// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/application/value_decoder.hpp"
#include "core/application/vif_table.hpp"

#include <array>
#include <cstdint>

/// What RecordReader looks up instead of working it out: a row a DIF, a DIFE, a VIF.
namespace meterbench::core::application::detail {

/// What a DIF without DIFEs says. Thirty-two bytes are found faster than twenty-four.
struct alignas(32) DifRow {
    DifMeaning meaning;
};

/// By direction and the lower seven bits of the DIF.
inline constexpr auto dif_row_table = [] {
    std::array<std::array<DifRow, 128>, 2> table{};
    for (const Direction from : {Direction::from_meter, Direction::from_master}) {
        for (unsigned dif = 0; dif < 128; ++dif) {
            DifMeaning& meaning = table[static_cast<std::size_t>(from)][dif].meaning;
            meaning.dib_size = 1;
            meaning.direction = from;
            meaning.function = static_cast<Function>((dif >> 4U) & 0x03U);
            meaning.coding = static_cast<Coding>(dif & 0x0FU);
            meaning.field = static_cast<std::uint8_t>(dif & 0x0FU);
            meaning.storage = (dif >> 6U) & 1U;
            meaning.data_size = data_field_sizes[dif & 0x0FU];
        }
    }
    return table;
}();

/// What the first and the second DIFE add to a DIB, by their lower seven bits.
struct DifeRow {
    std::uint64_t storage;
    std::uint64_t tariff_and_subunit; ///< subunit from bit 32 on: two fields in one operation
};
inline constexpr auto dife_rows = [] {
    std::array<std::array<DifeRow, 128>, 2> rows{};
    for (unsigned number = 0; number < rows.size(); ++number) {
        for (unsigned dife = 0; dife < 128; ++dife) {
            const std::uint64_t tariff = (dife >> 4U & 0x03U) << (2 * number);
            const std::uint64_t subunit = (dife >> 6U & 0x01U) << number;
            rows[number][dife] = {std::uint64_t{dife & 0x0FU} << (1 + 4 * number),
                                  tariff | subunit << 32U};
        }
    }
    return rows;
}();

/// A VIF without VIFEs: what it says, and how the data are read.
struct alignas(64) LoneVif {
    VibMeaning meaning{};
    const ValuePlan* plans = nullptr; ///< by data field
    bool takes_plain_vifes = true;
};
static_assert(sizeof(LoneVif) == 64);

/// For a VIF that says nothing before what follows it is read.
inline constexpr auto no_plans = [] {
    std::array<ValuePlan, 16> plans{};
    for (ValuePlan& plan : plans) {
        plan.way = ValuePlan::Way::elsewhere;
    }
    return plans;
}();

/// VIFEs, by code, that change neither the value nor what it means, only add to it.
inline constexpr auto plain_vifes = [] {
    std::array<bool, 128> plain{};
    for (std::size_t code = 0; code < plain.size(); ++code) {
        const Effect effect = combinable_vifes[code].effect;
        plain[code] = effect == Effect::none || effect == Effect::manufacturer;
    }
    return plain;
}();

/// The primary table, that behind FDh, that behind FBh.
inline constexpr auto lone_vifs = [] {
    constexpr std::array tables{VifTable::primary, VifTable::main_extension, VifTable::alternate};
    std::array<LoneVif, tables.size() * 128> vifs{};
    for (std::size_t i = 0; i < vifs.size(); ++i) {
        const VifEntry& entry = vif_entry(tables[i / 128], static_cast<std::uint8_t>(i % 128));
        vifs[i].meaning.quantity = entry.quantity;
        vifs[i].meaning.unit = entry.unit;
        vifs[i].meaning.vif_unit = entry.unit;
        vifs[i].meaning.vif_exponent = entry.exponent;
        vifs[i].meaning.value.exponent = entry.exponent;
        vifs[i].meaning.vif_size = i < 128 ? 1 : 2;
        vifs[i].meaning.vib_size = vifs[i].meaning.vif_size;
        const bool alone = i != vif_plain_text;
        vifs[i].plans =
            alone ? value_plans[static_cast<std::size_t>(entry.rule)].data() : no_plans.data();
        // Behind 7Ch a text is looked for; 6Fh and the second FDh lead to other tables.
        vifs[i].takes_plain_vifes = i != vif_plain_text && i != vif_reserved_extension &&
                                    i != 128 + (vif_main_extension & 0x7F);
    }
    return vifs;
}();

} // namespace meterbench::core::application::detail
