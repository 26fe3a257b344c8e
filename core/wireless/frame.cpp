// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/frame.hpp"

#include "core/bytes/crc.hpp"

#include <algorithm>

namespace meterbench::core::wireless {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// Format B: blocks 1 and 2 have one CRC together, at most 126 bytes of data before it.
constexpr std::size_t block_b = 126;
constexpr std::size_t block_a = 16;
/// Format B: 126 bytes and their CRC are L = 127; a further block has one byte and a CRC at least.
constexpr std::uint8_t one_block_b = 127;
constexpr std::uint8_t two_blocks_b = 130;

/// The data bytes of the block that starts at `at` of a frame of `size` bytes without CRCs.
std::size_t block_size(FrameFormat format, std::size_t at, std::size_t size) {
    const std::size_t most = format == FrameFormat::b ? block_b : at == 0 ? head_size : block_a;
    return std::min(most, size - at);
}

/// Bytes without CRCs of a frame with this L-field.
std::size_t data_bytes(FrameFormat format, std::uint8_t l_field) {
    if (format == FrameFormat::a) {
        return std::size_t{1} + l_field;
    }
    return 1U + l_field - (l_field <= one_block_b ? crc_bytes : 2 * crc_bytes);
}

std::uint16_t read_crc(Bytes at) {
    return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

/// Checks the block CRCs and copies what they protect. `received` has the bytes on air at least.
Expected<Frame> unblock(Bytes received, FrameFormat format, FrameBuffer& buffer) {
    const std::uint8_t l_field = received[0];
    const std::size_t size = data_bytes(format, l_field);
    std::size_t from = 0;
    for (std::size_t at = 0; at < size;) {
        const std::size_t block = block_size(format, at, size);
        const Bytes data = received.subspan(from, block);
        const std::uint16_t sent = read_crc(received.subspan(from + block));
        if (const std::uint16_t due = bytes::crc_en13757(data); due != sent) {
            return failure(FaultCode::block_crc_mismatch, from + block, due, sent);
        }
        std::ranges::copy(data, buffer.begin() + static_cast<std::ptrdiff_t>(at));
        at += block;
        from += block + crc_bytes;
    }
    buffer[0] = static_cast<std::uint8_t>(size - 1);
    return Frame{format, Bytes{buffer}.first(size), l_field, received.subspan(from)};
}

/// A frame whose CRCs are gone; `size` bytes of it.
Expected<Frame> take_stripped(Bytes received, std::size_t size, FrameBuffer& buffer) {
    const std::uint8_t l_field = received[0];
    if (size - 1 == l_field) {
        return Frame{std::nullopt, received.first(size), l_field, received.subspan(size)};
    }
    std::ranges::copy(received.first(size), buffer.begin());
    buffer[0] = static_cast<std::uint8_t>(size - 1);
    return Frame{std::nullopt, Bytes{buffer}.first(size), l_field, received.subspan(size)};
}

bool reserved_b(std::uint8_t l_field) {
    return l_field > one_block_b && l_field < two_blocks_b;
}
/// A format B frame has its head, and the CRC of block 2.
bool can_be_b(std::uint8_t l_field) {
    return l_field >= min_l_field + crc_bytes && !reserved_b(l_field);
}

/// Whether one of the two CRCs of a long format B frame is right: then the frame has CRCs and the
/// other one is wrong.
bool has_right_crc_b(Bytes received) {
    const std::uint8_t l_field = received[0];
    if (l_field < two_blocks_b) {
        return false;
    }
    const Bytes first = received.first(block_b);
    const Bytes second =
        received.subspan(block_b + crc_bytes, l_field + 1U - block_b - 2 * crc_bytes);
    return bytes::crc_en13757(first) == read_crc(received.subspan(block_b)) ||
           bytes::crc_en13757(second) == read_crc(received.subspan(l_field + 1U - crc_bytes));
}

/// Whether every whole block of format A that is there has its CRC, and one is. Sixteen bits right
/// by chance are rarer than a frame whose last bytes are missing; of two blocks one is not enough.
bool begins_with_blocks_of_a(Bytes received) {
    std::size_t blocks = 0;
    std::size_t size = head_size;
    while (received.size() >= size + crc_bytes) {
        if (bytes::crc_en13757(received.first(size)) != read_crc(received.subspan(size))) {
            return false;
        }
        received = received.subspan(size + crc_bytes);
        size = block_a;
        ++blocks;
    }
    return blocks != 0;
}

Expected<Frame> find_format(Bytes received, FrameBuffer& buffer) {
    const std::uint8_t l_field = received[0];
    const std::size_t air_a = bytes_on_air(FrameFormat::a, l_field);
    const std::size_t plain = std::size_t{1} + l_field;
    if (received.size() < plain) {
        return failure(FaultCode::truncated, received.size());
    }
    if (received.size() >= air_a) {
        auto frame = unblock(received, FrameFormat::a, buffer);
        if (frame || received.size() == air_a || received.size() - plain > max_surplus) {
            return frame;
        }
    } else if (received.size() - plain > max_surplus) {
        return begins_with_blocks_of_a(received) ? failure(FaultCode::truncated, received.size())
                                                 : failure(FaultCode::surplus_bytes, plain);
    }
    if (can_be_b(l_field)) {
        auto frame = unblock(received, FrameFormat::b, buffer);
        if (frame || has_right_crc_b(received)) {
            return frame;
        }
    }
    if (received.size() < air_a && begins_with_blocks_of_a(received)) {
        return failure(FaultCode::truncated, received.size());
    }
    return take_stripped(received, plain, buffer);
}

Expected<Frame> take_as(Bytes received, FrameFormat format, FrameBuffer& buffer) {
    const std::uint8_t l_field = received[0];
    if (format == FrameFormat::b && reserved_b(l_field)) {
        return failure(FaultCode::reserved_length, 0, -1, l_field);
    }
    if (format == FrameFormat::b && !can_be_b(l_field)) {
        return failure(FaultCode::length_too_small, 0, min_l_field + crc_bytes, l_field);
    }
    if (received.size() < bytes_on_air(format, l_field)) {
        return failure(FaultCode::truncated, received.size());
    }
    return unblock(received, format, buffer);
}

Expected<Frame> take(Bytes received, FrameBuffer& buffer, Handover handover) {
    const std::uint8_t l_field = received[0];
    switch (handover) {
    case Handover::format_a: return take_as(received, FrameFormat::a, buffer);
    case Handover::format_b: return take_as(received, FrameFormat::b, buffer);
    case Handover::stripped:
    case Handover::stripped_old_l: {
        const bool old = handover == Handover::stripped_old_l;
        if (old && !can_be_b(l_field)) {
            return failure(FaultCode::reserved_length, 0, -1, l_field);
        }
        const std::size_t size = data_bytes(old ? FrameFormat::b : FrameFormat::a, l_field);
        if (received.size() < size) {
            return failure(FaultCode::truncated, received.size());
        }
        return take_stripped(received, size, buffer);
    }
    case Handover::unknown: break;
    }
    return find_format(received, buffer);
}

} // namespace

std::size_t Frame::offset_of(std::size_t index) const {
    if (!format) {
        return index;
    }
    if (*format == FrameFormat::b) {
        return index + crc_bytes * (index / block_b);
    }
    return index < head_size ? index : index + crc_bytes * (1 + (index - head_size) / block_a);
}

Expected<Frame> decode_frame(Bytes received, FrameBuffer& buffer, Handover handover) {
    if (received.empty()) {
        return failure(FaultCode::empty);
    }
    if (received[0] < min_l_field) {
        return failure(FaultCode::length_too_small, 0, min_l_field, received[0]);
    }
    auto frame = take(received, buffer, handover);
    if (frame && frame->surplus.size() > max_surplus) {
        return failure(FaultCode::surplus_bytes, received.size() - frame->surplus.size());
    }
    return frame;
}

Expected<AirFrame> encode_frame(std::optional<FrameFormat> format, std::uint8_t c,
                                const LinkAddress& address, Bytes data,
                                const FrameDeviations& deviations) {
    const std::size_t most = format == FrameFormat::b ? max_data_b : max_data_a;
    if (data.size() > most) {
        return failure(FaultCode::data_too_long, most);
    }
    const std::size_t size = head_size + data.size();
    const std::size_t blocks_b = (size + block_b - 1) / block_b;
    const std::size_t counted = format == FrameFormat::b ? crc_bytes * blocks_b : 0;
    FrameBuffer plain;
    plain[0] = deviations.l_field.value_or(static_cast<std::uint8_t>(size - 1 + counted));
    plain[1] = c;
    std::ranges::copy(address.bytes, plain.begin() + 2);
    std::ranges::copy(data, plain.begin() + head_size);
    AirFrame made;
    if (!format) {
        std::ranges::copy(Bytes{plain}.first(size), made.storage.begin());
        made.size = size;
        return made;
    }
    std::size_t block_index = 0;
    for (std::size_t at = 0; at < size; ++block_index) {
        const Bytes block = Bytes{plain}.subspan(at, block_size(*format, at, size));
        std::uint16_t crc = bytes::crc_en13757(block);
        if ((deviations.broken_crcs >> block_index & 1U) != 0) {
            crc = static_cast<std::uint16_t>(~crc);
        }
        std::ranges::copy(block, made.storage.begin() + static_cast<std::ptrdiff_t>(made.size));
        made.size += block.size();
        made.storage[made.size++] = static_cast<std::uint8_t>(crc >> 8U);
        made.storage[made.size++] = static_cast<std::uint8_t>(crc);
        at += block.size();
    }
    return made;
}

} // namespace meterbench::core::wireless
