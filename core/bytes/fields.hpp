// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace meterbench::core::bytes {

/// Takes the fields of a layer off its bytes, one behind the other; numbers least significant byte
/// first. What does not fit is 0 or empty, and from then on nothing fits.
class FieldReader {
  public:
    explicit constexpr FieldReader(std::span<const std::uint8_t> from) : rest_{from} {}

    /// A number of 1 to 4 bytes.
    constexpr std::uint32_t number(std::size_t size) {
        std::uint32_t value = 0;
        unsigned shift = 0;
        for (const std::uint8_t byte : take(size)) {
            value |= std::uint32_t{byte} << shift;
            shift += 8;
        }
        return value;
    }
    /// The next bytes; empty when there are not so many.
    constexpr std::span<const std::uint8_t> take(std::size_t size) {
        if (short_ || size > rest_.size()) {
            short_ = true;
            return {};
        }
        const auto field = rest_.first(size);
        rest_ = rest_.subspan(size);
        return field;
    }
    /// Whether a field did not fit.
    [[nodiscard]] constexpr bool too_short() const { return short_; }
    [[nodiscard]] constexpr std::size_t left() const { return rest_.size(); }

  private:
    std::span<const std::uint8_t> rest_;
    bool short_ = false;
};

/// Writes fields one behind the other, numbers least significant byte first. It counts what does
/// not fit, and writes none of it.
class FieldWriter {
  public:
    explicit constexpr FieldWriter(std::span<std::uint8_t> into) : into_{into} {}

    /// The low `size` bytes of the value, 1 to 4.
    constexpr void number(std::uint32_t value, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            put(static_cast<std::uint8_t>(value >> 8U * i));
        }
    }
    constexpr void bytes(std::span<const std::uint8_t> field) {
        for (const std::uint8_t byte : field) {
            put(byte);
        }
    }
    /// Bytes so far, those included that did not fit.
    [[nodiscard]] constexpr std::size_t size() const { return at_; }
    [[nodiscard]] constexpr bool fits() const { return at_ <= into_.size(); }

  private:
    constexpr void put(std::uint8_t byte) {
        if (at_ < into_.size()) {
            into_[at_] = byte;
        }
        ++at_;
    }

    std::span<std::uint8_t> into_;
    std::size_t at_ = 0;
};

} // namespace meterbench::core::bytes
