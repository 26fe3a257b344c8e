// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/bytes/hex.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::test {

/// The bytes of a hex text.
inline std::vector<std::uint8_t> bytes_of(std::string_view hex) {
    std::vector<std::uint8_t> bytes(hex.size());
    const auto size = core::bytes::read_hex(hex, bytes);
    if (!size) {
        throw std::invalid_argument{"the test's hex text is wrong"};
    }
    bytes.resize(*size);
    return bytes;
}

inline std::string hex_of(std::span<const std::uint8_t> bytes) {
    std::string text;
    core::bytes::append_hex(text, bytes);
    return text;
}

/// A record of its own bytes, as a meter (or master) sends it alone.
struct OneRecord {
    explicit OneRecord(std::string_view hex, core::application::Direction direction =
                                                 core::application::Direction::from_meter)
        : bytes{bytes_of(hex)},
          reader{bytes, core::application::RecordReader::Options{direction, 0, false}},
          step{reader.next(record)} {}
    OneRecord(const OneRecord&) = delete;
    OneRecord& operator=(const OneRecord&) = delete;

    [[nodiscard]] bool good() const {
        return step == core::application::RecordReader::Step::record;
    }
    /// The value as text, `-` for none.
    [[nodiscard]] std::string number() const {
        if (!good() || record.value.type != core::application::ValueType::decimal ||
            record.value.invalid != core::application::Invalid::none) {
            return "-";
        }
        std::array<char, core::bytes::max_decimal_text> storage;
        return std::string{core::bytes::to_text(record.value.decimal(), storage)};
    }

    std::vector<std::uint8_t> bytes;
    core::application::RecordReader reader;
    core::application::Record record;
    core::application::RecordReader::Step step;
};

} // namespace meterbench::test
