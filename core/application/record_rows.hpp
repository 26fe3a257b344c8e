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
    DataRule rule = DataRule::signed_number;
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

/// Where in lone_vifs the codes of a table begin.
inline constexpr std::size_t behind_main_extension = 128;
inline constexpr std::size_t behind_alternate_extension = 256;
inline constexpr std::size_t on_second_level = 384;
/// Whatever is behind EFh.
inline constexpr std::size_t behind_reserved_extension = 512;

/// Where the code behind this VIF is found; 0 for a VIF that leads to no other table.
[[nodiscard]] constexpr std::size_t table_behind(std::size_t vif) {
    switch (vif) {
    case vif_main_extension: return behind_main_extension;
    case vif_alternate_extension: return behind_alternate_extension;
    case vif_reserved_extension | extension_bit: return behind_reserved_extension;
    default: return 0;
    }
}

[[nodiscard]] constexpr LoneVif lone_vif(const VifEntry& entry, std::uint8_t vif_size) {
    LoneVif vif;
    vif.meaning.quantity = entry.quantity;
    vif.meaning.unit = entry.unit;
    vif.meaning.vif_unit = entry.unit;
    vif.meaning.vif_exponent = entry.exponent;
    vif.meaning.value.exponent = entry.exponent;
    vif.meaning.vif_size = vif_size;
    vif.meaning.vib_size = vif_size;
    vif.plans = value_plans[static_cast<std::size_t>(entry.rule)].data();
    vif.rule = entry.rule;
    return vif;
}

/// The primary table, that behind FDh, that behind FBh, that behind FDh FDh, and EFh.
inline constexpr auto lone_vifs = [] {
    struct Part {
        VifTable table;
        std::size_t begin;
        std::uint8_t vif_size;
    };
    constexpr std::array parts{Part{VifTable::primary, 0, 1},
                               Part{VifTable::main_extension, behind_main_extension, 2},
                               Part{VifTable::alternate, behind_alternate_extension, 2},
                               Part{VifTable::main_second_level, on_second_level, 3}};
    std::array<LoneVif, behind_reserved_extension + 1> vifs{};
    for (const Part& part : parts) {
        for (std::uint8_t code = 0; code < 128; ++code) {
            vifs[part.begin + code] = lone_vif(vif_entry(part.table, code), part.vif_size);
        }
    }
    vifs[behind_reserved_extension] = lone_vif(VifEntry{}, 2);
    // Behind 7Ch a text is looked for; 6Fh and the second FDh lead to other tables.
    vifs[vif_plain_text].plans = no_plans.data();
    for (const std::size_t other :
         {std::size_t{vif_plain_text}, std::size_t{vif_reserved_extension},
          behind_main_extension + (vif_main_extension & 0x7FU)}) {
        vifs[other].takes_plain_vifes = false;
    }
    return vifs;
}();

} // namespace meterbench::core::application::detail
