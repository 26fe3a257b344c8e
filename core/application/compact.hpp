// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/application/record.hpp"
#include "core/fault.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace meterbench::core::application {

/// Full, format and compact frames (EN 13757-3:2018 annex G). A full frame is records. A format
/// frame is their DIBs and VIBs alone; a compact frame is their data alone. The signature is the
/// CRC of the DIBs and VIBs; the full-frame CRC covers all record bytes of the full frame.

/// Largest record area of a telegram on the wire.
inline constexpr std::size_t max_records = 252;

struct FormatFrame {
    std::uint16_t signature = 0;
    std::span<const std::uint8_t> format{}; ///< DIBs and VIBs, in order
};

struct CompactFrame {
    std::uint16_t signature = 0;
    std::uint16_t full_frame_crc = 0;
    std::span<const std::uint8_t> data{};
};

/// `content` is what follows the header of CI 69h, 6Ah or 6Bh: a length byte, the signature, the
/// format. Fails with format-mismatch (length) and signature-mismatch.
[[nodiscard]] Expected<FormatFrame> decode_format(std::span<const std::uint8_t> content);

/// `content` is what follows the header of CI 73h, 79h or 7Bh. Fails with format-mismatch when it
/// is shorter than signature and CRC.
[[nodiscard]] Expected<CompactFrame> decode_compact(std::span<const std::uint8_t> content);

/// Writes the DIBs and VIBs of `records` into `into`; idle fillers and manufacturer data count to
/// neither part. Fails as RecordReader does, and with data-too-long.
[[nodiscard]] Expected<std::size_t> format_of(std::span<const std::uint8_t> records,
                                              std::span<std::uint8_t> into);

/// Writes the content of the compact frame of `records`: signature, CRC, data.
[[nodiscard]] Expected<std::size_t> encode_compact(std::span<const std::uint8_t> records,
                                                   std::span<std::uint8_t> into);

/// Writes the content of the format frame of `records`: length, signature, format.
[[nodiscard]] Expected<std::size_t> encode_format(std::span<const std::uint8_t> records,
                                                  std::span<std::uint8_t> into);

/// Rebuilds the full frame's records. Fails with format-mismatch when data and format do not fit,
/// with full-frame-crc-mismatch, and with data-too-long.
[[nodiscard]] Expected<std::size_t> expand_compact(const CompactFrame& compact,
                                                   std::span<const std::uint8_t> format,
                                                   std::span<std::uint8_t> into);

/// The formats of the devices a receiver hears. It learns from full and format frames and forgets
/// the one that was not used for longest when it is full. Memory for `bound` formats is reserved by
/// the constructor; nothing is allocated later.
///
/// A signature has 16 bits, so two formats of one kind of device may share one. Then the one that
/// was learned last counts; a compact frame of the other fails by its CRC over the full frame.
class FormatCache {
  public:
    struct Key {
        std::uint16_t manufacturer = 0;
        std::uint8_t version = 0;
        std::uint8_t device_type = 0;
        std::uint16_t signature = 0;
        friend constexpr bool operator==(const Key&, const Key&) = default;
    };
    struct Entry {
        Key key{};
        std::array<std::uint8_t, max_records> storage{};
        std::size_t size = 0;
        std::uint64_t used = 0; ///< when, counted in look-ups
        [[nodiscard]] std::span<const std::uint8_t> format() const {
            return std::span{storage}.first(size);
        }
    };

    explicit FormatCache(std::size_t bound = 1024);

    /// The format of a full frame's records; nothing is learned from records with a fault.
    void learn_records(const DeviceId& device, std::span<const std::uint8_t> records);
    /// A format whose signature is verified, of at most 252 bytes (a longer one is not kept).
    void learn(const Key& key, std::span<const std::uint8_t> format);
    /// The format; empty when it is not known. Valid until the next learn.
    [[nodiscard]] std::span<const std::uint8_t> find(const Key& key);
    [[nodiscard]] static Key key_of(const DeviceId& device, std::uint16_t signature) {
        return {device.manufacturer, device.version, device.device_type, signature};
    }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  private:
    [[nodiscard]] Entry* entry_of(const Key& key);

    std::vector<Entry> entries_;
    /// The keys of entries_ in one number each: a search passes over them and not over formats.
    std::vector<std::uint64_t> packed_;
    std::size_t bound_;
    std::uint64_t clock_ = 0;
};

} // namespace meterbench::core::application
