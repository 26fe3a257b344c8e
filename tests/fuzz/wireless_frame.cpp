// SPDX-License-Identifier: Apache-2.0
// Any bytes as a radio frame of any handover: what is accepted lies within what was received, and a
// frame whose CRCs were checked is the one that its fields make.
#include "core/wireless/frame.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace meterbench::core;
using namespace meterbench::core::wireless;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check(std::span<const std::uint8_t> received, const Frame& frame) {
    require(frame.bytes.size() >= head_size && frame.bytes.size() <= max_frame);
    require(frame.bytes.size() == std::size_t{1} + frame.bytes[0]);
    require(frame.surplus.size() <= max_surplus);
    for (std::size_t i = 1; i < frame.bytes.size(); ++i) {
        const std::size_t at = frame.offset_of(i);
        require(at < received.size() && received[at] == frame.bytes[i]);
    }
    if (!frame.format) {
        return;
    }
    const auto again = encode_frame(frame.format, frame.c(), frame.address(), frame.data());
    require(again.has_value());
    require(again->size + frame.surplus.size() == received.size());
    require(std::ranges::equal(again->bytes(), received.first(again->size)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::span received{data + 1, size - 1};
    FrameBuffer buffer;
    const auto frame = decode_frame(received, buffer, static_cast<Handover>(data[0] % 5));
    if (frame) {
        check(received, *frame);
    } else {
        require(frame.error().offset <= received.size());
    }
    // The other way: any data make a frame that reads back.
    const auto format = data[0] % 2 == 0 ? FrameFormat::a : FrameFormat::b;
    const auto made = encode_frame(format, data[0], {}, received);
    if (made) {
        const auto handover = format == FrameFormat::a ? Handover::format_a : Handover::format_b;
        const auto read = decode_frame(made->bytes(), buffer, handover);
        require(read.has_value() && std::ranges::equal(read->data(), received));
    }
    return 0;
}
