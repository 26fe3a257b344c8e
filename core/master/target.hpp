// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame.hpp"
#include "core/link/secondary_address.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace meterbench::core::master {

/// Whom a selection means: a secondary address, and where that is not enough a fabrication number
/// (enhanced selection; EN 13757-7, 8.4; CEN/TR 17167, A.8). Fh digits and FFh bytes are wildcards.
struct Selection {
    constexpr Selection() = default;
    constexpr Selection(const link::SecondaryAddress& of) : address{of} {} // NOLINT: a Target
    constexpr Selection(const link::SecondaryAddress& of, std::optional<std::uint32_t> number)
        : address{of}, fabrication_number{number} {}

    link::SecondaryAddress address{};
    std::optional<std::uint32_t> fabrication_number; ///< eight hex digits; without it a plain one
    friend bool operator==(const Selection&, const Selection&) = default;
};

/// Whom a procedure is for: a primary address (0 to 250, or FEh on a bus with one meter; FFh for
/// all, who then do not answer), or a selection.
using Target = std::variant<std::uint8_t, Selection>;

/// Reads 16 hex digits (see link::parse_secondary), or 16, a slash and the eight digits of a
/// fabrication number: 1149037877040E16/00112233. None for anything else.
[[nodiscard]] std::optional<Selection> parse_selection(std::string_view text);
[[nodiscard]] std::string to_text(const Selection& selection);

/// Reads a primary address 0 to 250 or a selection. None for anything else.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);
[[nodiscard]] std::string to_text(const Target& target);

/// The selection as user data: CI 52h, eight bytes, and for an enhanced one 0Ch 78h and four more.
class SelectionData {
  public:
    explicit SelectionData(const Selection& selection);
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {bytes_.data(), size_}; }

  private:
    std::array<std::uint8_t, 15> bytes_{};
    std::size_t size_ = 0;
};

} // namespace meterbench::core::master
