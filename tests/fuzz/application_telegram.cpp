// SPDX-License-Identifier: Apache-2.0
// User data in a frame with repaired checksum (first byte 0) or bytes as they are: JSON, text,
// explanation and the way back from JSON.
#include "core/link/frame.hpp"
#include "formats/explain.hpp"
#include "formats/telegram_json.hpp"
#include "formats/telegram_reader.hpp"
#include "formats/telegram_text.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

namespace {

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// Compact frames meet the formats that came before them.
meterbench::core::application::FormatCache formats{16};

void use(std::span<const std::uint8_t> frame) {
    using namespace meterbench::formats;
    std::string json;
    const bool good = write_telegram_json(json, 1, frame, {.formats = &::formats});
    require(json.ends_with(good ? R"("fault":null})" : "}}"));
    std::string text;
    write_telegram_text(text, 1, frame);
    std::size_t next = 0;
    for (const Explanation& explanation : explain(frame)) {
        require(explanation.offset == next && explanation.length != 0);
        next += explanation.length;
    }
    require(next == frame.size());
    if (good) {
        static_cast<void>(read_telegram_json(json, "fuzz"));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2 || size > 300) {
        return 0;
    }
    const std::span bytes{data + 1, size - 1};
    if (data[0] != 0) {
        use(bytes);
    } else if (const auto frame = meterbench::core::link::encode_long({0x08}, 5, bytes)) {
        use(frame->bytes());
    }
    return 0;
}
