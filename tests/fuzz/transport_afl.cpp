// SPDX-License-Identifier: Apache-2.0
// Any bytes as an AFL, and as the fragments of several senders: what is read is written again the
// same; what is put together is bounded.
#include "core/receiver/fragments.hpp"
#include "core/transport/afl.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace meterbench::core;
using namespace meterbench::core::transport;
using Bytes = std::span<const std::uint8_t>;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check(Bytes bytes, const Afl& afl) {
    require(afl.size <= bytes.size() && afl.size <= max_afl);
    std::array<std::uint8_t, max_afl> again{};
    const auto written = encode_afl(afl, again);
    require(written && *written == afl.size);
    const Bytes made = Bytes{again}.first(*written);
    require(std::ranges::equal(made.subspan(1), bytes.first(afl.size).subspan(1)));
    require(mac_prefix(afl).bytes().size() <= 9);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t bound = 300;
    receiver::Fragments fragments{2, bound};
    // Pieces: sender, length, bytes from the CI-field on.
    for (Bytes left{data, size}; left.size() > 2;) {
        const std::size_t length = std::min<std::size_t>(left[1], left.size() - 2);
        const Bytes piece = left.subspan(2, length);
        const auto afl = decode_afl(piece);
        if (afl) {
            check(piece, *afl);
            const auto sender = wireless::LinkAddress::make(1, left[0] % 4U, 1, 7);
            const auto message = fragments.add({sender, 0}, *afl, piece.subspan(afl->size));
            require(!message || message->bytes.size() <= bound);
        } else {
            require(afl.error().offset <= piece.size());
        }
        left = left.subspan(2 + length);
    }
    return 0;
}
