// SPDX-License-Identifier: Apache-2.0
#include "core/master/target.hpp"

#include "core/link/address.hpp"

#include <algorithm>
#include <charconv>

namespace meterbench::core::master {

namespace {

constexpr std::uint8_t ci_selection = 0x52;
constexpr std::uint8_t dif_bcd8 = 0x0C;
constexpr std::uint8_t vif_fabrication_number = 0x78;
constexpr std::size_t address_digits = 16;
constexpr std::size_t fabrication_digits = 8;

std::optional<std::uint32_t> parse_digits(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.size() != fabrication_digits || error != std::errc{} ||
        end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

} // namespace

std::optional<Selection> parse_selection(std::string_view text) {
    const auto address = link::parse_secondary(text.substr(0, address_digits));
    if (!address || text.size() == address_digits) {
        return address ? std::optional{Selection{*address}} : std::nullopt;
    }
    const auto number = parse_digits(text.substr(address_digits + 1));
    if (text[address_digits] != '/' || !number) {
        return std::nullopt;
    }
    return Selection{*address, number};
}

std::string to_text(const Selection& selection) {
    std::string text = link::to_text(selection.address);
    if (selection.fabrication_number) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        text += '/';
        for (int shift = 28; shift >= 0; shift -= 4) {
            text += digits[(*selection.fabrication_number >> static_cast<unsigned>(shift)) & 0x0FU];
        }
    }
    return text;
}

std::optional<Target> parse_target(std::string_view text) {
    if (const auto selection = parse_selection(text)) {
        return Target{*selection};
    }
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() ||
        value > link::address::last_individual) {
        return std::nullopt;
    }
    return Target{static_cast<std::uint8_t>(value)};
}

std::string to_text(const Target& target) {
    if (const auto* const selection = std::get_if<Selection>(&target)) {
        return to_text(*selection);
    }
    return std::to_string(*std::get_if<std::uint8_t>(&target));
}

SelectionData::SelectionData(const Selection& selection) {
    bytes_[0] = ci_selection;
    std::ranges::copy(selection.address.bytes, bytes_.begin() + 1);
    size_ = 1 + selection.address.bytes.size();
    if (selection.fabrication_number) {
        bytes_[size_++] = dif_bcd8;
        bytes_[size_++] = vif_fabrication_number;
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bytes_[size_++] = static_cast<std::uint8_t>(*selection.fabrication_number >> shift);
        }
    }
}

} // namespace meterbench::core::master
