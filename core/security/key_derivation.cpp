// SPDX-License-Identifier: Apache-2.0
#include "core/security/key_derivation.hpp"

#include "core/security/authentication.hpp"

namespace meterbench::core::security {

Block derive_key(const Aes& master, DerivedKey use, std::uint32_t counter,
                 std::span<const std::uint8_t, 4> id) {
    constexpr std::uint8_t padding = 0x07; // seven bytes are missing to a block
    Block input;
    input.fill(padding);
    input[0] = static_cast<std::uint8_t>(use);
    for (std::size_t i = 0; i < 4; ++i) {
        input[1 + i] = static_cast<std::uint8_t>(counter >> 8U * i);
        input[5 + i] = id[i];
    }
    return cmac(master, {input});
}

} // namespace meterbench::core::security
