// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace meterbench::core::application {

/// What a record is to say. encode_record finds the VIF in the tables that decoding uses.
struct RecordSpec {
    Function function = Function::instantaneous;
    std::uint64_t storage = 0; ///< at most max_storage
    std::uint32_t tariff = 0;  ///< at most max_tariff
    std::uint16_t subunit = 0; ///< at most max_subunit
    Coding coding = Coding::int32;
    /// Bytes of a variable-length number (variable_bcd 0 to 9, variable_binary 0 to 16, 20, 24, 28,
    /// 32, 48, 64). Text, containers and binary with `content` have the length of `content`.
    std::uint8_t length = 0;
    /// A last DIFE 00h: storage is a register number.
    bool register_number = false;

    Quantity quantity = Quantity::energy;
    Unit unit = Unit::none;   ///< the VIF's
    std::int8_t exponent = 0; ///< the VIF's power of ten
    /// The VIFEs behind the VIF, in order.
    std::span<const Qualifier> qualifiers{};
    /// quantity plain_text: the unit in reading order, ISO 8859-1, at most 250 bytes. `plain_text`
    /// says where it goes; absent means after_vib.
    std::span<const std::uint8_t> unit_text{};
    PlainText plain_text = PlainText::after_vib;

    ValueType type = ValueType::decimal;
    /// Not none: the coding's code for it is sent (80h.., FFh.., IV, NaN); not-encodable where the
    /// coding has none.
    Invalid invalid = Invalid::none;
    bytes::Decimal value{}; ///< decimal: in the unit, VIFEs applied: 54.321 m3. bits: as a number
    std::uint32_t real = 0; ///< real: the 32 bits of the IEEE number, before the power of ten
    DateTime date{};        ///< date, datetime, time
    /// text: in reading order; bytes: as sent.
    std::span<const std::uint8_t> content{};
};

/// Writes DIB, VIB and data into `into` and returns their size. Fails with not-encodable when no
/// VIF says this, with value-out-of-range when the value (or storage, tariff, subunit) does not fit
/// or is no whole number of the VIF's steps, and with data-too-long when `into` is too small.
[[nodiscard]] Expected<std::size_t> encode_record(const RecordSpec& spec,
                                                  std::span<std::uint8_t> into);

/// Day, month and year of the century as data type G (EN 13757-3, annex A), taken as they are.
[[nodiscard]] std::uint16_t encode_type_g(const DateTime& date);

} // namespace meterbench::core::application
