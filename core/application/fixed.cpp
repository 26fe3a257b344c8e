// SPDX-License-Identifier: Apache-2.0
#include "core/application/fixed.hpp"

#include "core/application/table.hpp"
#include "core/application/value_decoder.hpp"

namespace meterbench::core::application {
namespace {

constexpr std::size_t fixed_size = 16;
constexpr std::uint8_t same_but_historic = 0x3E;

/// A range of unit codes that rise by powers of ten.
struct UnitRow {
    std::uint8_t first;
    std::uint8_t last;
    FixedUnit unit;
};
constexpr std::array unit_rows{
    UnitRow{0x00, 0x00, {Quantity::date_and_time, Unit::none, 0}}, // h, m, s
    UnitRow{0x01, 0x01, {Quantity::date, Unit::none, 0}},          // D, M, Y
    UnitRow{0x02, 0x0A, {Quantity::energy, Unit::watt_hour, 0}},
    UnitRow{0x0B, 0x13, {Quantity::energy, Unit::joule, 3}},
    UnitRow{0x14, 0x1C, {Quantity::power, Unit::watt, 0}},
    UnitRow{0x1D, 0x25, {Quantity::power, Unit::joule_per_hour, 3}},
    UnitRow{0x26, 0x2E, {Quantity::volume, Unit::cubic_metre, -6}},
    UnitRow{0x2F, 0x37, {Quantity::volume_flow, Unit::cubic_metre_per_hour, -6}},
    UnitRow{0x38, 0x38, {Quantity::flow_temperature, Unit::celsius, -3}},
    UnitRow{0x39, 0x39, {Quantity::heat_cost_allocator_units, Unit::none, 0}},
    UnitRow{0x3A, 0x3E, {Quantity::unknown, Unit::none, 0}},
    UnitRow{0x3F, 0x3F, {Quantity::dimensionless, Unit::none, 0}},
};
static_assert(covers<0x3F>(unit_rows), "the unit table has a gap or a double");

constexpr std::array<std::string_view, 16> medium_names{"other",
                                                        "oil",
                                                        "electricity",
                                                        "gas",
                                                        "heat",
                                                        "steam",
                                                        "hot water",
                                                        "water",
                                                        "heat cost allocator",
                                                        "reserved",
                                                        "gas (mode 2)",
                                                        "heat (mode 2)",
                                                        "hot water (mode 2)",
                                                        "water (mode 2)",
                                                        "heat cost allocator (mode 2)",
                                                        "reserved"};

std::uint64_t reversed(std::uint64_t raw) {
    return (raw & 0xFF) << 24U | (raw & 0xFF00) << 8U | (raw >> 8U & 0xFF00) | raw >> 24U;
}

/// The four bytes of a counter, as a number LSB first.
Expected<std::uint64_t> counter_bytes(const FixedCounter& counter) {
    const std::uint64_t magnitude = counter.value.magnitude;
    if (counter.binary) {
        if (magnitude > 0x7FFFFFFF) {
            return failure(FaultCode::value_out_of_range);
        }
        return counter.value.negative ? (0 - magnitude) & 0xFFFFFFFF : magnitude;
    }
    std::uint64_t rest = magnitude;
    std::uint64_t bcd = 0;
    const unsigned digits = counter.value.negative ? 7 : 8;
    for (unsigned i = 0; i < digits; ++i, rest /= 10) {
        bcd |= rest % 10 << (4 * i);
    }
    if (rest != 0 || counter.value.invalid != Invalid::none) {
        return failure(FaultCode::value_out_of_range);
    }
    return counter.value.negative ? bcd | 0xF0000000 : bcd;
}

bool is_msb_first(std::uint8_t medium, const FixedOptions& options) {
    return options.mode_2 && medium >= 0x0A && medium <= 0x0E;
}

} // namespace

FixedUnit fixed_unit(std::uint8_t code) {
    for (const UnitRow& row : unit_rows) {
        if ((code & 0x3FU) <= row.last) {
            FixedUnit unit = row.unit;
            const bool scaled = row.last - row.first == 8;
            const int step = scaled ? (code & 0x3F) - row.first : 0;
            unit.exponent = static_cast<std::int8_t>(unit.exponent + step);
            return unit;
        }
    }
    return {};
}

std::string_view fixed_medium_name(std::uint8_t medium) {
    return medium_names[medium & 0x0FU];
}

Expected<FixedStructure> decode_fixed(std::span<const std::uint8_t> content,
                                      const FixedOptions& options) {
    if (content.size() != fixed_size) {
        return failure(FaultCode::header_truncated, content.size());
    }
    FixedStructure result;
    result.id = static_cast<std::uint32_t>(detail::load(content.data(), 4));
    result.access_number = content[4];
    result.status = content[5];
    const std::uint8_t units[2] = {content[6], content[7]};
    result.medium = static_cast<std::uint8_t>(units[0] >> 6U | (units[1] >> 6U) << 2U);
    const std::uint8_t binary_bit = options.status_in_high_bits ? 0x80 : 0x01;
    const std::uint8_t stored_bit = options.status_in_high_bits ? 0x40 : 0x02;
    const bool msb_first = is_msb_first(result.medium, options);
    for (std::size_t i = 0; i < 2; ++i) {
        FixedCounter& counter = result.counters[i];
        counter.unit_code = units[i] & 0x3FU;
        counter.binary = (result.status & binary_bit) != 0;
        counter.historic = (result.status & stored_bit) != 0;
        if (i == 1 && counter.unit_code == same_but_historic) {
            counter.unit_code = result.counters[0].unit_code;
            counter.historic = true;
        }
        counter.unit = fixed_unit(counter.unit_code);
        counter.bytes = content.subspan(8 + 4 * i, 4);
        const std::uint64_t sent = detail::load(counter.bytes.data(), 4);
        const std::uint64_t raw = msb_first ? reversed(sent) : sent;
        if (counter.binary) {
            detail::convert_signed(raw, 4, counter.value);
        } else {
            detail::convert_bcd(raw, 4, counter.value);
        }
        counter.value.exponent = counter.unit.exponent;
    }
    return result;
}

std::optional<std::uint8_t> find_fixed_unit(const FixedUnit& unit) {
    for (std::uint8_t code = 0; code <= 0x3F; ++code) {
        if (fixed_unit(code) == unit && unit.quantity != Quantity::unknown) {
            return code;
        }
    }
    return std::nullopt;
}

Expected<std::array<std::uint8_t, 16>> encode_fixed(const FixedStructure& fixed,
                                                    const FixedOptions& options) {
    std::array<std::uint8_t, fixed_size> bytes{};
    const auto put = [&bytes](std::size_t at, std::uint64_t value) {
        for (unsigned i = 0; i < 4; ++i) {
            bytes[at + i] = static_cast<std::uint8_t>(value >> (8U * i));
        }
    };
    put(0, fixed.id);
    bytes[4] = fixed.access_number;
    bytes[5] = fixed.status;
    const std::uint8_t stored_bit = options.status_in_high_bits ? 0x40 : 0x02;
    for (std::size_t i = 0; i < 2; ++i) {
        const FixedCounter& counter = fixed.counters[i];
        const bool same = i == 1 && counter.historic && (fixed.status & stored_bit) == 0;
        const unsigned medium_bits = (static_cast<unsigned>(fixed.medium) >> (2 * i)) & 3U;
        const unsigned unit = same ? same_but_historic : counter.unit_code;
        bytes[6 + i] = static_cast<std::uint8_t>(medium_bits << 6U | (unit & 0x3FU));
        const auto number = counter_bytes(counter);
        if (!number) {
            return std::unexpected{number.error()};
        }
        put(8 + 4 * i, is_msb_first(fixed.medium, options) ? reversed(*number) : *number);
    }
    return bytes;
}

} // namespace meterbench::core::application
