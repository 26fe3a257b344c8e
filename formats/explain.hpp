// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/receiver/receiver.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace meterbench::formats {

/// What some bytes of a frame mean. Explanations follow each other without a gap and cover every
/// byte.
struct Explanation {
    std::size_t offset = 0; ///< from the start of the frame
    std::size_t length = 0; ///< at least 1
    std::string meaning;    ///< UTF-8, one line

    friend bool operator==(const Explanation&, const Explanation&) = default;
};

/// Every byte of a wired frame with its meaning: single, short, control and long frames, from a
/// master or a meter, whole or broken. A broken one is explained as far as it can be read; where it
/// broke, the meaning begins with "fault:".
[[nodiscard]] std::vector<Explanation> explain(std::span<const std::uint8_t> frame_bytes);

/// The same as text: offset, bytes in hex, meaning; one line each.
void write_explanation(std::string& out, std::span<const std::uint8_t> frame_bytes);

/// The same for a radio frame that a receiver has taken apart: block CRCs in their places,
/// encrypted bytes with the meaning of what they hide. `received` is what it was made of.
[[nodiscard]] std::vector<Explanation> explain(std::span<const std::uint8_t> received,
                                               const core::receiver::Reception& reception);
void write_explanation(std::string& out, std::span<const std::uint8_t> received,
                       const core::receiver::Reception& reception);

} // namespace meterbench::formats
