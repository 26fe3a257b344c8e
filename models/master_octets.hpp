// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/octet.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What the faults of a master look at in the octets of frames that are well formed.
namespace meterbench::models::master_octets {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::size_t short_control_at = 1;
inline constexpr std::size_t long_control_at = 4;
inline constexpr std::size_t user_data_at = 6;
inline constexpr std::uint8_t fcb_bit = 0x20;
inline constexpr std::uint8_t fcv_bit = 0x10;
inline constexpr std::uint8_t prm_bit = 0x40;
inline constexpr std::uint8_t ci_selection = 0x52;
inline constexpr std::uint8_t ci_data = 0x51;
inline constexpr std::uint8_t more_follows_dif = 0x1F;
/// Of the identification number in a selection frame, and of what follows it.
inline constexpr std::size_t selection_id_at = 7;
inline constexpr std::size_t selection_manufacturer_at = 11;
inline constexpr std::size_t selection_size = 17;

[[nodiscard]] bool is_long(std::span<const std::uint8_t> frame);
[[nodiscard]] std::size_t control_at(std::span<const std::uint8_t> frame);
/// 0 where it is too short to have one.
[[nodiscard]] std::uint8_t address_of(std::span<const std::uint8_t> frame);
[[nodiscard]] bool is_selection(std::span<const std::uint8_t> frame);
[[nodiscard]] bool is_reset(std::span<const std::uint8_t> frame);
[[nodiscard]] bool is_request(std::span<const std::uint8_t> frame);
/// Digit i of the number of a selection, the most significant first.
[[nodiscard]] unsigned selection_digit(std::span<const std::uint8_t> frame, std::size_t i);
/// How many digits stand before the first wild one.
[[nodiscard]] std::size_t fixed_digits(std::span<const std::uint8_t> frame);
[[nodiscard]] Bytes values_of(std::span<const core::Octet> octets);
void set_values(std::vector<core::Octet>& octets, const Bytes& bytes);
/// Sets the checksum.
void sum(Bytes& frame);
/// No octet has an error.
[[nodiscard]] bool clean(std::span<const core::Octet> octets);
/// CI-field and what follows it; the frame is a long one.
[[nodiscard]] std::span<const std::uint8_t> user_data(const Bytes& frame);
[[nodiscard]] bool more_follows(const Bytes& frame);
/// The frame with DIF 0Fh instead of the DIF 1Fh that says that more telegrams follow.
[[nodiscard]] Bytes without_more(Bytes frame);

} // namespace meterbench::models::master_octets
