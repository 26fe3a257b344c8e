// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/link/control_field.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace meterbench::core::link {

inline constexpr std::uint8_t start_single = 0xE5;
inline constexpr std::uint8_t start_short = 0x10;
inline constexpr std::uint8_t start_long = 0x68;
inline constexpr std::uint8_t stop = 0x16;

inline constexpr std::size_t short_frame_size = 5;    ///< 10 C A CS 16
inline constexpr std::size_t long_frame_overhead = 6; ///< 68 L L 68 ... CS 16
inline constexpr std::size_t min_length_field = 3;    ///< C, A, CI
inline constexpr std::size_t max_length_field = 255;
inline constexpr std::size_t max_data = 252; ///< user data after the CI-field
inline constexpr std::size_t max_frame_size = 261;

/// EN 13757-2, 5.6: the four frame formats.
enum class FrameKind : std::uint8_t { single, short_frame, control, long_frame };

[[nodiscard]] std::string_view name_of(FrameKind kind);

/// A link-layer frame. `user_data` (CI-field and what follows) is a view into the frame's bytes;
/// single and short frames have none.
struct Frame {
    FrameKind kind = FrameKind::single;
    ControlField control{};
    std::uint8_t address = 0;
    std::span<const std::uint8_t> user_data{};

    [[nodiscard]] bool has_ci() const { return !user_data.empty(); }
    /// The CI-field; only of control and long frames.
    [[nodiscard]] std::uint8_t ci() const { return user_data.front(); }
    /// What follows the CI-field.
    [[nodiscard]] std::span<const std::uint8_t> data() const {
        return user_data.empty() ? user_data : user_data.subspan(1);
    }
};

/// Sum modulo 256 (EN 13757-2, 5.6.4; IEC 60870-5-1 frame format FT1.2).
[[nodiscard]] constexpr std::uint8_t checksum(std::span<const std::uint8_t> bytes) {
    unsigned sum = 0;
    for (const std::uint8_t byte : bytes) {
        sum += byte;
    }
    return static_cast<std::uint8_t>(sum);
}

/// Reads exactly one frame: bytes after it are surplus-bytes. The frame is a view into `bytes`.
[[nodiscard]] Expected<Frame> decode_frame(std::span<const std::uint8_t> bytes);

/// A frame built into its own storage.
class FrameBuffer {
  public:
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {storage_.data(), size_}; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    void clear() { size_ = 0; }
    void push(std::uint8_t byte) { storage_[size_++] = byte; }
    /// Writable view, for whoever spoils a frame on purpose.
    [[nodiscard]] std::span<std::uint8_t> writable() { return {storage_.data(), size_}; }

  private:
    std::array<std::uint8_t, max_frame_size> storage_{};
    std::size_t size_ = 0;
};

[[nodiscard]] FrameBuffer encode_single();
[[nodiscard]] FrameBuffer encode_short(ControlField control, std::uint8_t address);
/// `user_data` starts with the CI-field; a control frame where it is the CI-field alone.
/// Fails with data-too-long beyond 253 bytes and with length-too-small for none.
[[nodiscard]] Expected<FrameBuffer> encode_long(ControlField control, std::uint8_t address,
                                                std::span<const std::uint8_t> user_data);

} // namespace meterbench::core::link
