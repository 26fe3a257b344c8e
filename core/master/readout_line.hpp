// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace meterbench::core::master {

/// One line of what a master has to say, schema `meterbench.readout/1` (docs/master.md).
struct ReadoutLine {
    enum class Kind : std::uint8_t {
        telegram, ///< a telegram of `address`, the whole link frame
        found,    ///< somebody is there
        fault,    ///< `text` says what is wrong at `address`
    };
    Kind kind = Kind::found;
    /// Primary (`5`) or secondary (16 digits); may be empty for a telegram or a fault.
    std::string address;
    std::vector<std::uint8_t> telegram;
    std::string text;

    friend bool operator==(const ReadoutLine&, const ReadoutLine&) = default;
};

} // namespace meterbench::core::master
