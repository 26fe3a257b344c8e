// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/hex.hpp"

namespace meterbench::core::bytes {

namespace {
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
} // namespace

Expected<std::size_t> read_hex(std::string_view text, std::span<std::uint8_t> into) {
    std::size_t count = 0;
    std::size_t i = 0;
    while (i < text.size()) {
        if (is_blank(text[i])) {
            ++i;
            continue;
        }
        const int high = hex_digit(text[i]);
        if (high < 0) {
            return failure(FaultCode::not_hex, i);
        }
        const int low = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
        if (low < 0) {
            return failure(FaultCode::not_hex, i + 1);
        }
        if (count == into.size()) {
            return failure(FaultCode::data_too_long, i);
        }
        into[count++] = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
    }
    return count;
}

} // namespace meterbench::core::bytes
