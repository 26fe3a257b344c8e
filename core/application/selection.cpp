// SPDX-License-Identifier: Apache-2.0
#include "core/application/selection.hpp"

#include <cstddef>

namespace meterbench::core::application {

namespace {

constexpr std::size_t plain_size = 8;
constexpr std::size_t enhanced_size = plain_size + 6;
constexpr std::uint8_t bcd8 = 0x0C;
constexpr std::uint8_t vif_fabrication_number = 0x78;

/// Eight digits, LSB first, Fh wild.
bool digits_match(std::span<const std::uint8_t> mask, std::uint32_t digits) {
    for (std::size_t i = 0; i < 8; ++i) {
        const unsigned wanted = (mask[i / 2] >> (4U * (i % 2))) & 0x0FU;
        const unsigned own = (digits >> (4U * i)) & 0x0FU;
        if (wanted != 0x0FU && wanted != own) {
            return false;
        }
    }
    return true;
}

bool byte_matches(std::uint8_t wanted, unsigned own) {
    return wanted == 0xFF || wanted == (own & 0xFFU);
}

} // namespace

bool selection_matches(std::span<const std::uint8_t> mask, const DeviceId& device,
                       std::optional<std::uint32_t> fabrication_number) {
    if (mask.size() != plain_size && (mask.size() != enhanced_size || !fabrication_number)) {
        return false;
    }
    const bool plain =
        digits_match(mask, device.id) && byte_matches(mask[4], device.manufacturer) &&
        byte_matches(mask[5], device.manufacturer >> 8U) && byte_matches(mask[6], device.version) &&
        byte_matches(mask[7], device.device_type);
    if (!plain || mask.size() == plain_size) {
        return plain;
    }
    const auto record = mask.subspan(plain_size);
    return record[0] == bcd8 && record[1] == vif_fabrication_number &&
           digits_match(record.subspan(2), *fabrication_number);
}

} // namespace meterbench::core::application
