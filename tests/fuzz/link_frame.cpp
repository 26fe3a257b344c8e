// SPDX-License-Identifier: Apache-2.0
// Frames from any bytes: the three readers agree, what decodes encodes to the same bytes, and the
// finder loses no octet.
#include "core/link/frame_decoder.hpp"
#include "core/link/frame_finder.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace meterbench::core;
using namespace meterbench::core::link;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

Octet octet_at(std::uint8_t value, std::size_t index) {
    const auto bits = static_cast<std::int64_t>(11 * index);
    return {.value = value,
            .start = Instant{bit_edge(Baud{}, bits)},
            .end = Instant{bit_edge(Baud{}, bits + 11)}};
}

void encodes_again(const Frame& frame, std::span<const std::uint8_t> bytes) {
    FrameBuffer buffer = encode_single();
    if (frame.kind == FrameKind::short_frame) {
        buffer = encode_short(frame.control, frame.address);
    } else if (frame.kind != FrameKind::single) {
        buffer = encode_long(frame.control, frame.address, frame.user_data).value();
    }
    require(std::ranges::equal(buffer.bytes(), bytes));
}

/// The strict decoder, fed without pause, says of the first frame what decode_frame says.
void decoder_agrees(std::span<const std::uint8_t> bytes, const Expected<Frame>& whole) {
    FrameDecoder decoder;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto state = decoder.push(octet_at(bytes[i], i), Baud{});
        if (state == FrameDecoder::State::frame) {
            encodes_again(decoder.frame(), decoder.bytes());
            require(whole ? i + 1 == bytes.size()
                          : whole.error().code == FaultCode::surplus_bytes &&
                                whole.error().offset == i + 1);
            return;
        }
        if (state == FrameDecoder::State::fault) {
            require(!whole && whole.error() == decoder.fault());
            return;
        }
        require(decoder.needed() > 0);
    }
    require(!whole);
}

void finder_loses_nothing(std::span<const std::uint8_t> bytes) {
    FrameFinder finder;
    std::size_t found = 0;
    const auto take = [&] {
        require(decode_frame(finder.bytes()).has_value());
        found += finder.bytes().size();
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (bool more = finder.push(octet_at(bytes[i], i)); more; more = finder.again()) {
            take();
        }
    }
    while (finder.idle()) {
        take();
        while (finder.again()) {
            take();
        }
    }
    require(found + finder.skipped() == bytes.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes{data, size};
    const auto whole = decode_frame(bytes);
    if (whole) {
        encodes_again(*whole, bytes);
    } else {
        require(whole.error().offset <= size);
    }
    decoder_agrees(bytes, whole);
    finder_loses_nothing(bytes);
    return 0;
}
