// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meterbench::core::application {

/// How the data of a record are sent: the data field of the DIF, and for variable length (Dh) the
/// range of the LVAR byte (EN 13757-3:2018, 6.3.3, table 4 and 5).
enum class Coding : std::uint8_t {
    none,                  ///< data field 0h: no data
    int8,                  ///< 1h
    int16,                 ///< 2h
    int24,                 ///< 3h
    int32,                 ///< 4h
    real32,                ///< 5h, IEEE 754
    int48,                 ///< 6h
    int64,                 ///< 7h
    selection,             ///< 8h: selection for readout, master to meter only; no data
    bcd2,                  ///< 9h
    bcd4,                  ///< Ah
    bcd6,                  ///< Bh
    bcd8,                  ///< Ch
    special,               ///< Fh: 7Fh, global readout request
    bcd12,                 ///< Eh
    text,                  ///< Dh, LVAR 00h to BFh: ISO 8859-1, last character first
    variable_bcd,          ///< Dh, LVAR C0h to C9h: 0 to 9 bytes of BCD
    variable_negative_bcd, ///< Dh, LVAR D0h to D9h: the same, negative
    variable_binary,       ///< Dh, LVAR E0h to F6h: 0 to 64 bytes
    container, ///< Dh, LVAR 00h to BFh where the VIF or a profile makes it bytes in natural order
};

inline constexpr std::array<std::string_view, 20> coding_names{"none",
                                                               "int8",
                                                               "int16",
                                                               "int24",
                                                               "int32",
                                                               "real32",
                                                               "int48",
                                                               "int64",
                                                               "selection",
                                                               "bcd2",
                                                               "bcd4",
                                                               "bcd6",
                                                               "bcd8",
                                                               "special",
                                                               "bcd12",
                                                               "text",
                                                               "variable-bcd",
                                                               "variable-negative-bcd",
                                                               "variable-binary",
                                                               "container"};
static_assert(coding_names.size() == static_cast<std::size_t>(Coding::container) + 1);

[[nodiscard]] constexpr std::string_view name_of(Coding coding) {
    return coding_names[static_cast<std::size_t>(coding)];
}
/// The coding of this name; none when there is no such name.
[[nodiscard]] std::optional<Coding> coding_of(std::string_view name);

/// The data field of the DIF.
[[nodiscard]] constexpr std::uint8_t data_field(Coding coding) {
    const auto number = static_cast<std::uint8_t>(coding);
    if (coding == Coding::special) {
        return 0x0F;
    }
    return number < 0x0F ? number : 0x0D;
}

/// Bytes of data by data field; 0 for Dh (LVAR says) and Fh (none).
inline constexpr std::array<std::uint8_t, 16> data_field_sizes{0, 1, 2, 3, 4, 4, 6, 8,
                                                               0, 1, 2, 3, 4, 0, 6, 0};

/// The function bits of the DIF.
enum class Function : std::uint8_t { instantaneous, maximum, minimum, during_error };
inline constexpr std::array<std::string_view, 4> function_names{"instantaneous", "maximum",
                                                                "minimum", "during error"};
[[nodiscard]] constexpr std::string_view name_of(Function function) {
    return function_names[static_cast<std::size_t>(function)];
}
[[nodiscard]] std::optional<Function> function_of(std::string_view name);

/// Limits of the DIB and the VIB (EN 13757-3:2018, 6.3 and 6.4).
inline constexpr std::size_t max_difes = 10;
inline constexpr std::size_t max_vifes = 10;
inline constexpr std::uint64_t max_storage = (std::uint64_t{1} << 41U) - 1;
inline constexpr std::uint32_t max_tariff = (std::uint32_t{1} << 20U) - 1;
inline constexpr std::uint16_t max_subunit = (1U << 10U) - 1;

} // namespace meterbench::core::application
