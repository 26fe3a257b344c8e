// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/application/record.hpp"
#include "formats/json_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// A name for the records of one device type that a description picks: every key that is there must
/// be equal.
struct DecoderPoint {
    std::string name;
    core::application::Quantity quantity{};
    std::optional<core::application::Function> function{};
    std::optional<std::uint64_t> storage{};
    std::optional<std::uint32_t> tariff{};
    std::optional<std::uint16_t> subunit{};
};

/// A value inside the manufacturer data (what follows DIF 0Fh or 1Fh).
struct DecoderField {
    enum class Kind : std::uint8_t { unsigned_number, signed_number, bcd, bytes };
    std::string name;
    std::string unit; ///< any text; empty for none
    std::size_t offset = 0;
    std::size_t size = 1; ///< bytes; numbers at most 8
    Kind kind = Kind::unsigned_number;
    int exponent = 0; ///< power of ten of a number
};

/// What is known of a maker's device beyond the standard: schema `meterbench.decoder/1`. Data only;
/// nothing in it is executed.
struct Decoder {
    std::string file;
    std::uint16_t manufacturer = 0;
    std::vector<std::uint8_t> versions;     ///< empty: any
    std::vector<std::uint8_t> device_types; ///< empty: any
    std::vector<DecoderPoint> points;
    std::vector<DecoderField> fields;

    [[nodiscard]] bool matches(const core::application::DeviceId& device) const;
    /// The name of a record; empty when no point means it. The first that does counts.
    [[nodiscard]] std::string_view name_of(const core::application::Record& record) const;
};

/// A field's value: an exact number or hex; none where the data are too short or no digits.
[[nodiscard]] std::optional<std::string> value_of(const DecoderField& field,
                                                  std::span<const std::uint8_t> manufacturer_data);

/// Reads one decoder. Fails with one line that names file and key; unknown keys are refused.
[[nodiscard]] FileResult<Decoder> parse_decoder(std::string_view text, std::string_view file);

/// The decoders of a folder, by file name. The first that matches a device counts.
class DecoderSet {
  public:
    /// Every *.json of the folder. Fails at the first that is wrong, and for a folder that is not
    /// there.
    [[nodiscard]] static FileResult<DecoderSet> load(const std::filesystem::path& folder);
    void add(Decoder decoder) { decoders_.push_back(std::move(decoder)); }
    /// Null when none matches.
    [[nodiscard]] const Decoder* find(const core::application::DeviceId& device) const;
    [[nodiscard]] const std::vector<Decoder>& decoders() const { return decoders_; }

  private:
    std::vector<Decoder> decoders_;
};

} // namespace meterbench::formats
