// SPDX-License-Identifier: Apache-2.0
#include "core/link/frame.hpp"

#include "core/link/frame_decoder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace meterbench::core::link {

std::string_view name_of(FrameKind kind) {
    static constexpr std::array<std::string_view, 4> names{"single", "short", "control", "long"};
    return names[static_cast<std::size_t>(kind)];
}

namespace {

#if defined(__SSE2__)
constexpr std::ptrdiff_t block_size = 16;

/// Loaded from place n on: as many bytes FFh as n, behind bytes 00h.
constexpr auto last_bytes = [] {
    std::array<std::uint8_t, 2 * block_size> mask{};
    std::fill(mask.begin() + block_size, mask.end(), std::uint8_t{0xFF});
    return mask;
}();
#endif

/// The sum modulo 256 of the bytes from `at` to `end`. Bytes from `readable` on may be looked at,
/// too, where the last block of sixteen begins in front of `at`.
std::uint8_t wide_checksum(const std::uint8_t* at, const std::uint8_t* end,
                           [[maybe_unused]] const std::uint8_t* readable) {
    unsigned sum = 0;
#if defined(__SSE2__)
    // Sixteen at a time; the processor adds eight and eight. What is left is masked out of the
    // block that ends with it.
    // NOLINTBEGIN(portability-simd-intrinsics)
    if (end - readable >= block_size) {
        const auto load = [](const std::uint8_t* from) {
            return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        };
        const __m128i zero = _mm_setzero_si128();
        const auto add = [&load, zero](__m128i sums, const std::uint8_t* from) {
            return _mm_add_epi64(sums, _mm_sad_epu8(load(from), zero));
        };
        __m128i sums = zero;
        for (; end - at >= 2 * block_size; at += 2 * block_size) {
            sums = add(add(sums, at), at + block_size);
        }
        if (end - at >= block_size) {
            sums = add(sums, at);
            at += block_size;
        }
        const __m128i rest =
            _mm_and_si128(load(end - block_size), load(last_bytes.data() + (end - at)));
        sums = _mm_add_epi64(sums, _mm_sad_epu8(rest, zero));
        sums = _mm_add_epi64(sums, _mm_unpackhi_epi64(sums, sums));
        return static_cast<std::uint8_t>(_mm_cvtsi128_si32(sums));
    }
    // NOLINTEND(portability-simd-intrinsics)
#else
    // Eight at a time: four sums of 16 bits, to which 32 words of a frame add at most 510 each.
    constexpr std::uint64_t even = 0x00FF00FF00FF00FF;
    std::uint64_t sums = 0;
    for (; end - at >= 8; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        sums += (word & even) + ((word >> 8U) & even);
    }
    sum = static_cast<unsigned>((sums * 0x0001000100010001) >> 48U);
#endif
    for (; at != end; ++at) {
        sum += *at;
    }
    return static_cast<std::uint8_t>(sum);
}

/// A long or control frame without a fault. What it refuses, FrameScan explains byte by byte.
bool is_good_long_frame(std::span<const std::uint8_t> bytes) {
    const std::size_t size = bytes.size();
    return size >= long_frame_overhead + min_length_field && size <= max_frame_size &&
           bytes[0] == start_long && bytes[3] == start_long && bytes[1] == bytes[2] &&
           bytes[1] + long_frame_overhead == size && bytes[size - 1] == stop &&
           wide_checksum(bytes.data() + 4, bytes.data() + size - 2, bytes.data()) ==
               bytes[size - 2];
}

/// Any frame, byte by byte.
[[gnu::noinline]] Expected<Frame> scan_frame(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) {
        return failure(FaultCode::empty);
    }
    FrameScan scan;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (const auto fault = scan.push(bytes[i])) {
            return std::unexpected{*fault};
        }
        if (scan.complete() && i + 1 < bytes.size()) {
            return failure(FaultCode::surplus_bytes, i + 1);
        }
    }
    if (!scan.complete()) {
        return failure(FaultCode::truncated, bytes.size(),
                       static_cast<std::int32_t>(bytes.size() + scan.needed()),
                       static_cast<std::int32_t>(bytes.size()));
    }
    return scan.view(bytes);
}

} // namespace

Expected<Frame> decode_frame(std::span<const std::uint8_t> bytes) {
    if (is_good_long_frame(bytes)) {
        return Frame{bytes[1] == min_length_field ? FrameKind::control : FrameKind::long_frame,
                     {bytes[4]},
                     bytes[5],
                     bytes.subspan(6, bytes.size() - 8)};
    }
    return scan_frame(bytes);
}

FrameBuffer encode_single() {
    FrameBuffer frame;
    frame.push(start_single);
    return frame;
}

FrameBuffer encode_short(ControlField control, std::uint8_t address) {
    FrameBuffer frame;
    frame.push(start_short);
    frame.push(control.value);
    frame.push(address);
    frame.push(static_cast<std::uint8_t>(control.value + address));
    frame.push(stop);
    return frame;
}

Expected<FrameBuffer> encode_long(ControlField control, std::uint8_t address,
                                  std::span<const std::uint8_t> user_data) {
    const std::size_t length = user_data.size() + 2;
    if (length < min_length_field) {
        return failure(FaultCode::length_too_small, 1, min_length_field,
                       static_cast<std::int32_t>(length));
    }
    if (length > max_length_field) {
        return failure(FaultCode::data_too_long, 1, max_length_field,
                       static_cast<std::int32_t>(length));
    }
    FrameBuffer frame;
    frame.push(start_long);
    frame.push(static_cast<std::uint8_t>(length));
    frame.push(static_cast<std::uint8_t>(length));
    frame.push(start_long);
    frame.push(control.value);
    frame.push(address);
    for (const std::uint8_t byte : user_data) {
        frame.push(byte);
    }
    frame.push(checksum(frame.bytes().subspan(4)));
    frame.push(stop);
    return frame;
}

} // namespace meterbench::core::link
