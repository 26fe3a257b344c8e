// SPDX-License-Identifier: Apache-2.0
#include "formats/result_text.hpp"

#include <cstddef>
#include <cstdint>

namespace meterbench::formats {
namespace {

struct Character {
    char32_t code = 0;
    std::size_t size = 0; ///< 0: not a character
};

std::uint8_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

/// How many bytes a character that begins with `first` has; 0 when none begins so.
std::size_t size_of(std::uint8_t first) {
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2) {
        return 0; // a continuation byte, or an overlong form of ASCII
    }
    if (first < 0xE0) {
        return 2;
    }
    if (first < 0xF0) {
        return 3;
    }
    return first < 0xF5 ? 4 : 0;
}

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Character character_at(std::string_view text, std::size_t at) {
    const std::uint8_t first = byte_at(text, at);
    const std::size_t size = size_of(first);
    if (size == 0 || at + size > text.size()) {
        return {};
    }
    if (size == 1) {
        return {first, 1};
    }
    char32_t code = first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        const std::uint8_t next = byte_at(text, at + i);
        if ((next & 0xC0U) != 0x80) {
            return {};
        }
        code = (code << 6U) | (next & 0x3FU);
    }
    const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return overlong || surrogate || code > 0x10FFFF ? Character{} : Character{code, size};
}

bool shown_as_it_is(char32_t code) {
    if (code < 0x20) {
        return code == '\t' || code == '\n';
    }
    const bool control = code >= 0x7F && code <= 0x9F;
    const bool noncharacter = (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
    const bool direction = code == 0x200E || code == 0x200F || code == 0x061C ||
                           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    return !control && !noncharacter && !direction;
}

void append_escaped(std::string& into, std::uint8_t byte) {
    constexpr char digits[] = "0123456789ABCDEF";
    into += "\\x";
    into += digits[byte >> 4U];
    into += digits[byte & 0x0FU];
}

} // namespace

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        const std::size_t size = character.size == 0 ? 1 : character.size;
        if (character.size != 0 && shown_as_it_is(character.code)) {
            result.append(text.substr(at, size));
        } else {
            for (std::size_t i = 0; i < size; ++i) {
                append_escaped(result, byte_at(text, at + i));
            }
        }
        at += size;
    }
    return result;
}

std::string one_line(std::string_view text) {
    std::string result;
    for (const char c : printable(text)) {
        if (c == '\n' || c == '\t') {
            append_escaped(result, static_cast<std::uint8_t>(c));
        } else {
            result += c;
        }
    }
    return result;
}

} // namespace meterbench::formats
