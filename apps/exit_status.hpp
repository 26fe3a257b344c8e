// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace meterbench::apps {

/// What the command ends with; the same for every subcommand.
namespace exit_status {
/// At least one case executed and all passed; the operation succeeded.
inline constexpr int success = 0;
/// Some case failed or is inconclusive, or nothing applied; no meter answered, or wrongly; some
/// line to decode has a fault.
inline constexpr int failure = 1;
/// Usage or configuration: wrong arguments, a file that is missing or wrong, a port that cannot be
/// opened.
inline constexpr int usage = 2;
/// Some case ended in error or none could run; a port was lost; the program itself failed.
inline constexpr int error = 3;
} // namespace exit_status

/// The status of a whole from those of its parts: 2 before 3 before 1 before 0.
[[nodiscard]] constexpr int worse_of(int a, int b) {
    constexpr auto rank = [](int status) {
        switch (status) {
        case exit_status::success: return 0;
        case exit_status::failure: return 1;
        case exit_status::error: return 2;
        default: return 3;
        }
    };
    return rank(a) >= rank(b) ? a : b;
}

} // namespace meterbench::apps
