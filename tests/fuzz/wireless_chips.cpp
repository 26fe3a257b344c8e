// SPDX-License-Identifier: Apache-2.0
// Any chips: the receiver ends, keeps to what it was given, finds the same frames however the
// stream is divided, and what it calls a complete frame reads back from its own chips.
#include "core/wireless/chip_receiver.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using namespace meterbench::core;
using namespace meterbench::core::wireless;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

struct Seen {
    std::uint64_t first;
    std::uint64_t end;
    std::vector<std::uint8_t> bytes;
    bool operator==(const Seen&) const = default;
};

bytes::LineCode code_of(Reception reception) {
    switch (reception) {
    case Reception::s: return bytes::LineCode::manchester;
    case Reception::t: return bytes::LineCode::three_of_six;
    default: return bytes::LineCode::nrz;
    }
}

std::vector<Seen> hear(std::span<const std::uint8_t> packed, ChipReceiverSettings settings,
                       std::size_t piece) {
    ChipReceiver receiver{settings};
    std::vector<Seen> seen;
    const auto take = [&] {
        while (const auto frame = receiver.next()) {
            require(frame->end <= 8 * packed.size() && frame->first <= frame->end);
            require(frame->bytes.size() <= frame->announced && !frame->bytes.empty());
            require(!frame->complete() || !frame->code_error);
            require(!frame->code_error || *frame->code_error >= frame->end);
            require(!frame->first_block || frame->bytes.size() >= 3);
            require(frame->reception != Reception::t_c);
            std::vector<std::uint8_t> again(frame->bytes.size());
            const auto decoded =
                bytes::decode_chips(code_of(frame->reception),
                                    {packed, static_cast<std::size_t>(frame->first),
                                     static_cast<std::size_t>(frame->end - frame->first)},
                                    again);
            require(decoded.bytes == again.size() && std::ranges::equal(again, frame->bytes));
            seen.push_back({frame->first, frame->end, again});
        }
    };
    for (auto left = packed; !left.empty();) {
        const std::size_t taken = receiver.feed_packed(left.first(std::min(piece, left.size())));
        require(taken != 0);
        left = left.subspan(taken);
        take();
    }
    receiver.finish();
    take();
    require(receiver.chips() == 8 * packed.size());
    return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const ChipReceiverSettings settings{.reception = static_cast<Reception>(data[0] % 6),
                                        .sync_errors = data[1] % 4U,
                                        .preamble_chips = data[1] / 4U % 9U};
    const std::span packed{data + 2, size - 2};
    require(hear(packed, settings, packed.size()) == hear(packed, settings, 1 + data[0] / 6U));
    return 0;
}
