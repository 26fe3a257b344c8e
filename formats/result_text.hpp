// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace meterbench::formats {

/// A case's texts may hold any bytes (Lua strings are byte strings). What a record or a report
/// cannot carry, or would show as something else, is replaced visibly by `\xNN`, one a byte:
/// invalid UTF-8, control characters other than tab and newline, noncharacters, and the marks that
/// reverse the direction of text. Everything else is kept; printable(printable(t)) == printable(t).
[[nodiscard]] std::string printable(std::string_view text);
/// The same, tabs and newlines replaced too: for what is quoted in a message of one line.
[[nodiscard]] std::string one_line(std::string_view text);

} // namespace meterbench::formats
