// SPDX-License-Identifier: Apache-2.0
// Any bytes as an extended link layer, V with any layout: what is read is written again the same.
#include "core/wireless/extended_link.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace meterbench::core::wireless;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const auto bit = [data](unsigned index) {
        return static_cast<std::uint8_t>((data[index / 2] >> (index % 2 == 0 ? 0U : 4U) & 0x0FU) %
                                         9);
    };
    const EllFiveLayout layout{bit(0), bit(1), bit(2), bit(3)};
    const std::span bytes{data + 2, size - 2};
    for (const EllFiveLayout* given : {static_cast<const EllFiveLayout*>(nullptr), &layout}) {
        const auto link = decode_extended_link(bytes, given);
        if (!link) {
            require(link.error().offset <= bytes.size());
            continue;
        }
        require(link->size <= bytes.size() && link->size <= max_extended_link);
        std::array<std::uint8_t, max_extended_link> again{};
        const auto written = encode_extended_link(*link, again);
        require(written && *written == link->size);
        if (is_extended_link(link->ci)) {
            require(std::ranges::equal(std::span{again}.first(*written), bytes.first(link->size)));
        }
        static_cast<void>(session_counter_block({}, *link));
    }
    return 0;
}
