// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace meterbench::core::application {

/// Which transport header follows the CI-field (EN 13757-7, clause 7).
enum class HeaderKind : std::uint8_t {
    none,
    short_header, ///< access number, status, configuration field: 4 bytes
    long_header,  ///< identification, manufacturer, version, device type before them: 12 bytes
};

/// Bytes of a header.
[[nodiscard]] constexpr std::size_t size_of(HeaderKind kind) {
    return kind == HeaderKind::long_header ? 12 : kind == HeaderKind::short_header ? 4 : 0;
}

/// The status byte (EN 13757-7, 7.5.6).
struct Status {
    enum class Application : std::uint8_t { none, busy, error, alarm };
    std::uint8_t raw = 0;

    [[nodiscard]] constexpr Application application() const {
        return static_cast<Application>(raw & 0x03U);
    }
    [[nodiscard]] constexpr bool power_low() const { return (raw & 0x04U) != 0; }
    [[nodiscard]] constexpr bool permanent_error() const { return (raw & 0x08U) != 0; }
    [[nodiscard]] constexpr bool temporary_error() const { return (raw & 0x10U) != 0; }
    /// Bits 5 to 7, as a number from 0 to 7.
    [[nodiscard]] constexpr std::uint8_t manufacturer() const {
        return static_cast<std::uint8_t>(raw >> 5U);
    }
    friend constexpr bool operator==(Status, Status) = default;
};
[[nodiscard]] std::string_view name_of(Status::Application application);

/// Who a meter is: the secondary address. `id` holds the eight BCD digits as a number reads in hex:
/// 0x12345678 is 12345678. Digits may be A to F where a device or a selection sends them.
struct DeviceId {
    std::uint32_t id = 0;
    std::uint16_t manufacturer = 0; ///< see manufacturer.hpp
    std::uint8_t version = 0;
    std::uint8_t device_type = 0; ///< see device_type.hpp
    friend constexpr bool operator==(const DeviceId&, const DeviceId&) = default;
};

/// The short header, and the second half of the long one.
struct ShortHeader {
    std::uint8_t access_number = 0; ///< one more for each new answer, modulo 256
    Status status{};
    std::uint16_t configuration = 0; ///< bits 12 to 8: the security mode; 0 for none
    friend constexpr bool operator==(const ShortHeader&, const ShortHeader&) = default;

    [[nodiscard]] constexpr std::uint8_t security_mode() const {
        return static_cast<std::uint8_t>((configuration >> 8U) & 0x1FU);
    }
    /// Modes 5 and 7: encrypted blocks of 16 bytes at the start of the records.
    [[nodiscard]] constexpr std::uint8_t encrypted_blocks() const {
        return static_cast<std::uint8_t>((configuration >> 4U) & 0x0FU);
    }
};

struct LongHeader {
    DeviceId device{};
    ShortHeader transport{};
    friend constexpr bool operator==(const LongHeader&, const LongHeader&) = default;
};

/// Reads identification (LSB first), manufacturer, version and device type. `bytes` has at least 8.
[[nodiscard]] constexpr DeviceId decode_device_id(std::span<const std::uint8_t> bytes) {
    const auto at = [bytes](std::size_t i) { return std::uint32_t{bytes[i]}; };
    return {at(0) | at(1) << 8U | at(2) << 16U | at(3) << 24U,
            static_cast<std::uint16_t>(at(4) | at(5) << 8U), bytes[6], bytes[7]};
}
/// `bytes` has at least 4.
[[nodiscard]] constexpr ShortHeader decode_short_header(std::span<const std::uint8_t> bytes) {
    return {bytes[0], Status{bytes[1]}, static_cast<std::uint16_t>(bytes[2] | bytes[3] << 8U)};
}

/// Writes the header's 8, 4 or 12 bytes into `into` and returns their number; data-too-long when
/// they do not fit.
[[nodiscard]] Expected<std::size_t> encode_device_id(const DeviceId& device,
                                                     std::span<std::uint8_t> into);
[[nodiscard]] Expected<std::size_t> encode_short_header(const ShortHeader& header,
                                                        std::span<std::uint8_t> into);
[[nodiscard]] Expected<std::size_t> encode_long_header(const LongHeader& header,
                                                       std::span<std::uint8_t> into);

} // namespace meterbench::core::application
