// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::reports {

/// Text for an element or a quoted attribute: printable, and nothing in it is markup.
[[nodiscard]] std::string escape(std::string_view text);

/// A whole page, well-formed as XML too. `title` is plain text, `body` markup.
[[nodiscard]] std::string page(std::string_view title, std::string_view body);

/// `<span class="v fail">fail</span>`
[[nodiscard]] std::string verdict_badge(formats::Verdict verdict);

/// How a verdict is written for people: `not applicable`.
[[nodiscard]] std::string words_of(formats::Verdict verdict);

/// The first reason with the case's verdict, else the first of all, else nullptr.
[[nodiscard]] const formats::Reason* first_reason(const formats::CaseResult& result);

/// Upper-case hex, a blank between bytes.
[[nodiscard]] std::string spaced_hex(std::span<const std::uint8_t> bytes);

/// `20.417 ms`, `1.204583 s`: cut to the microsecond.
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);

/// A duration in bit times of the rate, `49 bit times`, one decimal where it is no whole number;
/// empty without a rate.
[[nodiscard]] std::string bit_times(std::int64_t nanoseconds, std::uint32_t baud);

/// Lines of at most `width` characters, broken at blanks where there are any. What does not fit
/// into `max_lines` is cut with an ellipsis.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width,
                                            std::size_t max_lines);

} // namespace meterbench::reports
