// SPDX-License-Identifier: Apache-2.0
// The JSON reader takes any text: bytes or one clear line. Bytes it makes decode without a fault of
// the link layer.
#include "core/link/frame.hpp"
#include "formats/telegram_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto frames = meterbench::formats::read_telegram_json(text, "fuzz");
    const bool wired = text.find("wireless") == std::string_view::npos;
    const bool good =
        frames ? !wired || std::ranges::all_of(
                               *frames,
                               [](const auto& bytes) {
                                   return meterbench::core::link::decode_frame(bytes).has_value();
                               })
               : frames.error().starts_with("fuzz");
    if (!good) {
        std::abort();
    }
    return 0;
}
