// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::formats {

/// Append-only output: small pieces are gathered in a buffer of its own, and go to the caller's
/// string when it is full and at the end of the sink's life.
class Sink {
  public:
    explicit Sink(std::string& out) : out_{out} {}
    ~Sink() { flush(); }
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    void put(char c) {
        room(1);
        *at_++ = c;
    }
    void text(std::string_view piece) {
        if (piece.empty()) {
            return; // an empty view may point nowhere
        }
        if (piece.size() > buffer_.size()) {
            flush();
            out_ += piece;
            return;
        }
        room(piece.size());
        std::memcpy(at_, piece.data(), piece.size());
        at_ += piece.size();
    }
    template <std::integral Number> void number(Number value) {
        constexpr std::size_t longest = 21;
        room(longest);
        at_ = std::to_chars(at_, at_ + longest, value).ptr;
    }
    /// Upper-case hex without blanks.
    void hex(std::span<const std::uint8_t> bytes) {
        static constexpr auto pairs = [] {
            std::array<std::array<char, 2>, 256> table{};
            constexpr char digits[] = "0123456789ABCDEF";
            for (unsigned i = 0; i < 256; ++i) {
                table[i] = {digits[i / 16], digits[i % 16]};
            }
            return table;
        }();
        for (const std::uint8_t byte : bytes) {
            room(2);
            std::memcpy(at_, pairs[byte].data(), 2);
            at_ += 2;
        }
    }
    /// One ISO 8859-1 character as UTF-8.
    void latin1(std::uint8_t c) {
        if (c < 0x80) {
            put(static_cast<char>(c));
            return;
        }
        put(static_cast<char>(0xC0U | c >> 6U));
        put(static_cast<char>(0x80U | (c & 0x3FU)));
    }
    /// One ISO 8859-1 character inside a JSON string.
    void json(std::uint8_t c) {
        if (c == '"' || c == '\\') {
            put('\\');
            put(static_cast<char>(c));
        } else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            text("\\u00");
            hex({&c, 1});
        } else {
            latin1(c);
        }
    }
    /// A UTF-8 text inside a JSON string.
    void json_text(std::string_view utf8) {
        for (const char c : utf8) {
            const auto byte = static_cast<std::uint8_t>(c);
            if (byte >= 0x80) {
                put(c);
            } else {
                json(byte);
            }
        }
    }
    void flush() {
        out_.append(buffer_.data(), at_);
        at_ = buffer_.data();
    }

  private:
    void room(std::size_t size) {
        if (static_cast<std::size_t>(buffer_.data() + buffer_.size() - at_) < size) {
            flush();
        }
    }

    std::string& out_;
    std::array<char, 4096> buffer_;
    char* at_ = buffer_.data();
};

} // namespace meterbench::formats
