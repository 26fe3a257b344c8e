// SPDX-License-Identifier: Apache-2.0
// Compact frames: what is packed comes out again, and no format makes expansion read or write too
// far.
#include "core/application/compact.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace meterbench::core::application;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1 || size > max_records) {
        return 0;
    }
    const std::span records{data, size};
    std::array<std::uint8_t, max_records + 4> content;
    std::array<std::uint8_t, max_records> format;
    std::array<std::uint8_t, 2 * max_records> full;
    const auto packed = encode_compact(records, content);
    const auto format_size = format_of(records, format);
    if (packed && format_size) {
        const auto compact = decode_compact(std::span{content}.first(*packed));
        require(compact.has_value());
        const auto again = expand_compact(*compact, std::span{format}.first(*format_size), full);
        // Idle fillers and manufacturer data are in the CRC and not in the format: then it is
        // shorter, and only a collision of 16 bits lets it pass.
        if (again && *again == records.size()) {
            require(std::ranges::equal(std::span{full}.first(*again), records));
        }
    }
    const std::size_t middle = data[0] % size;
    const CompactFrame any{0, 0, records.subspan(middle)};
    static_cast<void>(expand_compact(any, records.first(middle), full));
    static_cast<void>(decode_format(records));
    return 0;
}
