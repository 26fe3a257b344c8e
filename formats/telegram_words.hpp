// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/application/record.hpp"
#include "core/application/telegram.hpp"
#include "core/link/control_field.hpp"

#include <cstdint>
#include <string>

namespace meterbench::formats {

/// Parts of a telegram in words, for text output and explanations.

/// `SND_UD, FCB 1`; `RSP_UD, ACD`.
[[nodiscard]] std::string control_in_words(core::link::ControlField control);
/// `address 5`, `address FDh: the selected meter`.
[[nodiscard]] std::string address_in_words(std::uint8_t address);
/// Three letters, or four hex digits where the code is none.
[[nodiscard]] std::string manufacturer_in_words(std::uint16_t code);
/// `no error`, `application busy, power low`.
[[nodiscard]] std::string status_in_words(core::application::Status status);
/// `int32, maximum, storage 5, tariff 1`.
[[nodiscard]] std::string dib_in_words(const core::application::Record& record);
/// `volume, 10^-3 m3, per hour`.
[[nodiscard]] std::string vib_in_words(const core::application::Record& record);
/// `volume, per hour`: what the value is, without scale and unit.
[[nodiscard]] std::string quantity_in_words(const core::application::Record& record);
/// `54.321 m3`, `no value (invalid)`, `no data`.
[[nodiscard]] std::string value_in_words(const core::application::Record& record);
/// The function as the standard's table has it, and the fault's sentence: `name: detail`.
[[nodiscard]] std::string fault_in_words(const core::Fault& fault);

} // namespace meterbench::formats
