// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/wireless/address.hpp"
#include "core/wireless/frame_format.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::wireless {

inline constexpr std::size_t head_size = 10;      ///< L, C, M, A
inline constexpr std::size_t max_frame = 256;     ///< with L = 255, without CRCs
inline constexpr std::size_t max_air_bytes = 290; ///< format A with L = 255
inline constexpr std::size_t max_data_a = 246;    ///< behind the head
inline constexpr std::size_t max_data_b = 242;    ///< L counts two CRCs
inline constexpr std::uint8_t min_l_field = 9;    ///< C, M and A
inline constexpr std::size_t max_surplus = 4;     ///< RSSI, LQI and the like that receivers append

/// How a receiver hands a frame over.
enum class Handover : std::uint8_t {
    unknown,        ///< found out by length and CRCs
    format_a,       ///< as on air
    format_b,       ///< as on air
    stripped,       ///< without CRCs, L as in format A (or rewritten to what that would be)
    stripped_old_l, ///< format B without CRCs, but with the L-field as on air
};

/// Room for a frame without its CRCs.
using FrameBuffer = std::array<std::uint8_t, max_frame>;

/// A frame without CRCs. A view: into what was received where that had none, else into the buffer.
struct Frame {
    std::optional<FrameFormat> format{}; ///< none: it came without CRCs
    /// L, C, M, A and all that follows. L is what format A would have.
    std::span<const std::uint8_t> bytes{};
    std::uint8_t l_field = 0;                ///< as received
    std::span<const std::uint8_t> surplus{}; ///< what the receiver appended

    [[nodiscard]] std::uint8_t c() const { return bytes[1]; }
    [[nodiscard]] LinkAddress address() const { return LinkAddress::read(bytes.subspan(2)); }
    /// From the first CI-field on.
    [[nodiscard]] std::span<const std::uint8_t> data() const { return bytes.subspan(head_size); }
    /// Where the byte `index` of `bytes` stood in what was received.
    [[nodiscard]] std::size_t offset_of(std::size_t index) const;
};

/// Takes a frame apart; faults count bytes of `received`.
///
/// With Handover::unknown the length decides: 1 + L bytes are format B where its CRCs are right,
/// else a frame without CRCs; the length that format A would have is format A. Up to 4 bytes more
/// are the receiver's. So a format B frame whose only CRC is wrong (both, where it has two) is read
/// as one without: say the format where it is known.
///
/// Fails with empty, length-too-small (L below 9), truncated, surplus-bytes, reserved-length
/// (format B, L = 128 or 129), block-crc-mismatch (offset of the CRC; both values).
[[nodiscard]] Expected<Frame> decode_frame(std::span<const std::uint8_t> received,
                                           FrameBuffer& buffer,
                                           Handover handover = Handover::unknown);

/// What a frame on its way out has that no good one would.
struct FrameDeviations {
    std::optional<std::uint8_t> l_field{};
    std::uint32_t broken_crcs = 0; ///< bit n: the CRC of block n (from 0) is inverted
};

/// A frame as on air.
struct AirFrame {
    std::array<std::uint8_t, max_air_bytes> storage{};
    std::size_t size = 0;
    [[nodiscard]] std::span<const std::uint8_t> bytes() const {
        return std::span{storage}.first(size);
    }
};

/// Makes a frame: C, the address, data from the first CI-field on, the CRCs of the format; without
/// a format none. Fails with data-too-long beyond 246 (format B: 242) bytes of data.
[[nodiscard]] Expected<AirFrame> encode_frame(std::optional<FrameFormat> format, std::uint8_t c,
                                              const LinkAddress& address,
                                              std::span<const std::uint8_t> data,
                                              const FrameDeviations& deviations = {});

} // namespace meterbench::core::wireless
