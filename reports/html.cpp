// SPDX-License-Identifier: Apache-2.0
#include "reports/html.hpp"

#include "core/bytes/hex.hpp"
#include "formats/result_text.hpp"
#include "reports/page_style.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::reports {
namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
}

std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

/// The first `count` characters.
std::string_view first(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (begins_character(text[at])) {
            if (count == 0) {
                break;
            }
            --count;
        }
    }
    return text.substr(0, at);
}

/// How much of `text` the next line takes, its trailing blank not included.
std::string_view next_line(std::string_view text, std::size_t width) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (length_of(line) <= width) {
        return line;
    }
    const std::string_view cut = first(line, width);
    const std::size_t blank = line.substr(0, cut.size() + 1).rfind(' ');
    // A blank far to the left would leave most of the line empty.
    return blank == std::string_view::npos || blank < cut.size() / 2 ? cut : line.substr(0, blank);
}

} // namespace

std::string escape(std::string_view text) {
    std::string result;
    for (const char c : formats::printable(text)) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        case '\'': result += "&#39;"; break;
        default: result += c; break;
        }
    }
    return result;
}

std::string page(std::string_view title, std::string_view body) {
    std::string result =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n"
        "<meta name=\"robots\" content=\"noindex\"/>\n<title>";
    result.append(escape(title)).append("</title>\n<style>").append(page_style());
    result.append("</style>\n</head>\n<body>\n<main>\n").append(body);
    result.append("</main>\n<script>")
        .append(page_script())
        .append("</script>\n</body>\n</html>\n");
    return result;
}

std::string words_of(formats::Verdict verdict) {
    std::string words{formats::name_of(verdict)};
    std::replace(words.begin(), words.end(), '-', ' ');
    return verdict == formats::Verdict::none ? "no verdict" : words;
}

std::string verdict_badge(formats::Verdict verdict) {
    return fmt::format("<span class=\"v {}\">{}</span>", formats::name_of(verdict),
                       words_of(verdict));
}

const formats::Reason* first_reason(const formats::CaseResult& result) {
    const auto found = std::find_if(
        result.reasons.begin(), result.reasons.end(),
        [&](const formats::Reason& reason) { return reason.verdict == result.verdict; });
    if (found != result.reasons.end()) {
        return &*found;
    }
    return result.reasons.empty() ? nullptr : &result.reasons.front();
}

std::string spaced_hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    core::bytes::append_hex(text, bytes, ' ');
    return text;
}

std::string duration_text(std::int64_t nanoseconds) {
    constexpr std::int64_t second = 1'000'000'000;
    const char* const sign = nanoseconds < 0 ? "-" : "";
    const auto size = static_cast<std::uint64_t>(nanoseconds);
    const std::uint64_t value = nanoseconds < 0 ? ~size + 1 : size;
    if (value < second) {
        return fmt::format("{}{}.{:03} ms", sign, value / 1'000'000, value / 1'000 % 1'000);
    }
    return fmt::format("{}{}.{:06} s", sign, value / second, value / 1'000 % 1'000'000);
}

std::string bit_times(std::int64_t nanoseconds, std::uint32_t baud) {
    if (baud == 0) {
        return {};
    }
    // Tenths of a bit time; the quotient keeps a whole number of bits exact in spite of edges that
    // are rounded to the nanosecond.
    const auto tenths = static_cast<std::int64_t>(
        (static_cast<long double>(nanoseconds) * baud) / 1e8L + (nanoseconds < 0 ? -0.5L : 0.5L));
    if (tenths % 10 == 0) {
        return fmt::format("{} bit times", tenths / 10);
    }
    return fmt::format("{:.1f} bit times", static_cast<double>(tenths) / 10);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t max_lines) {
    const std::string clean = formats::printable(text);
    std::string_view rest = clean;
    std::vector<std::string> lines;
    while (!rest.empty()) {
        if (lines.size() == max_lines) {
            std::string& last = lines.back();
            last = std::string{first(last, width - 1)}.append(ellipsis);
            break;
        }
        const std::string_view line = next_line(rest, width);
        lines.emplace_back(line);
        rest.remove_prefix(line.size());
        if (!rest.empty() && (rest.front() == ' ' || rest.front() == '\n')) {
            rest.remove_prefix(1);
        }
    }
    return lines;
}

} // namespace meterbench::reports
