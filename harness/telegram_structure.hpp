// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace meterbench::harness {

/// What a telegram is made of, without its values: all DIBs and VIBs of its records and whether
/// more telegrams follow. Two answers with one structure are the same place of a read-out
/// (MB2-LL-038). For anything but records, the user data themselves. `user_data` begins with the
/// CI-field and is not empty.
[[nodiscard]] std::string structure_of(std::span<const std::uint8_t> user_data);

} // namespace meterbench::harness
