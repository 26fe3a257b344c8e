// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/receiver/key_store.hpp"
#include "core/security/composition.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// What an encoder may know besides the line.
struct EncodingContext {
    const core::receiver::KeyStore* keys = nullptr;
    core::security::ProtectionOptions protection{};
};

/// The bytes of a telegram: of one frame; of several where it is sent in fragments; of none where
/// it came in a container, because they are in the record that it came in.
using Frames = std::vector<std::vector<std::uint8_t>>;

/// Reads one line of schema `meterbench.telegram/1` and returns the bytes of its frames, made from
/// the typed fields. `dib`, `vib` and `raw` of a record may be left out; where they are there they
/// must agree with the typed fields. They are needed where typed fields cannot say it: reserved
/// VIFs, BCD that is no number, dates that recur. `c` defaults to RSP_UD or SND_UD by the CI-field.
/// Fails with one clear line that begins with `name` and names the key.
/// A line with a security mode is encrypted, and authenticated, with the keys of `encoding`; what
/// the line says of MAC, payload CRC, encrypted bytes or the payload of a fragment is taken as it
/// is.
[[nodiscard]] std::expected<Frames, std::string>
read_telegram_json(std::string_view line, std::string_view name,
                   const EncodingContext& encoding = {});

} // namespace meterbench::formats
