// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/telegram.hpp"

#include <cstdint>
#include <vector>

namespace meterbench::formats {

/// Telegrams that came inside a telegram.
using Contained = std::vector<std::vector<std::uint8_t>>;

/// Appends the data of each record with VIF FDh 3Bh (container for the wireless protocol; EN
/// 13757-3) that are a whole frame, wired or wireless. No public text says how a container is laid
/// out, so other data are no fault: the record has their bytes.
void find_contained(Contained& out, const core::application::Telegram& telegram);

} // namespace meterbench::formats
