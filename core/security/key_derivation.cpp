// SPDX-License-Identifier: Apache-2.0
#include "core/security/key_derivation.hpp"

#include "core/bytes/fields.hpp"
#include "core/security/authentication.hpp"

namespace meterbench::core::security {

Block derive_key(const Aes& master, DerivedKey use, std::uint32_t counter,
                 std::span<const std::uint8_t, 4> id) {
    constexpr std::uint8_t padding = 0x07; // seven bytes are missing to a block
    Block input;
    input.fill(padding);
    bytes::FieldWriter fields{input};
    fields.number(static_cast<std::uint8_t>(use), 1);
    fields.number(counter, 4);
    fields.bytes(id);
    return cmac(master, {input});
}

} // namespace meterbench::core::security
