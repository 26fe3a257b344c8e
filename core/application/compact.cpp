// SPDX-License-Identifier: Apache-2.0
#include "core/application/compact.hpp"

#include "core/application/value_decoder.hpp"
#include "core/bytes/crc.hpp"

#include <algorithm>

namespace meterbench::core::application {
namespace {

std::uint16_t read16(std::span<const std::uint8_t> bytes) {
    return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
}

/// Appends to the caller's span; overflown() tells when it did not fit.
class Output {
  public:
    explicit Output(std::span<std::uint8_t> into) : into_{into} {}
    void put(std::uint8_t byte) {
        if (size_ < into_.size()) {
            into_[size_] = byte;
        }
        ++size_;
    }
    void put(std::span<const std::uint8_t> bytes) {
        for (const std::uint8_t byte : bytes) {
            put(byte);
        }
    }
    void put16(std::uint16_t value) {
        put(static_cast<std::uint8_t>(value));
        put(static_cast<std::uint8_t>(value >> 8U));
    }
    [[nodiscard]] Expected<std::size_t> result() const {
        if (size_ > into_.size()) {
            return failure(FaultCode::data_too_long, into_.size());
        }
        return size_;
    }

  private:
    std::span<std::uint8_t> into_;
    std::size_t size_ = 0;
};

/// Calls `with` for every record; a fault of the records otherwise.
template <class Function>
Expected<void> for_each_record(std::span<const std::uint8_t> records, Function with) {
    RecordReader reader{records};
    Record record;
    RecordReader::Step step;
    while ((step = reader.next(record)) == RecordReader::Step::record) {
        with(record);
    }
    if (step == RecordReader::Step::fault) {
        return std::unexpected{reader.fault()};
    }
    return {};
}

/// Bytes of data that a DIB and VIB announce, `data` being what is left; none when they do not fit.
std::optional<std::size_t> size_of_data(std::uint8_t dif, std::span<const std::uint8_t> data) {
    const auto field = static_cast<std::uint8_t>(dif & 0x0FU);
    if (field != 0x0D) {
        return data_field_sizes[field];
    }
    if (data.empty()) {
        return std::nullopt;
    }
    const detail::Lvar lvar = detail::read_lvar(data.front());
    if (lvar.reserved) {
        return std::nullopt;
    }
    return std::size_t{1} + lvar.size;
}

/// Length of the DIB and VIB at the start of `format`; 0 when they are cut off. A record made of
/// them and of data of zeros tells it, so that plain texts are found by the same rules.
std::size_t head_size(std::span<const std::uint8_t> format) {
    std::array<std::uint8_t, max_records + 8> bytes{};
    if (format.size() > max_records) {
        return 0;
    }
    std::ranges::copy(format, bytes.begin());
    RecordReader reader{std::span{bytes}.first(format.size() + 8)};
    Record record;
    if (reader.next(record) != RecordReader::Step::record) {
        return 0;
    }
    const std::size_t size = std::size_t{record.dib_size} + record.vib_size;
    return record.offset == 0 && size <= format.size() ? size : 0;
}

} // namespace

Expected<FormatFrame> decode_format(std::span<const std::uint8_t> content) {
    constexpr std::size_t head = 3;
    if (content.size() < head || content[0] != content.size() - 1) {
        return failure(FaultCode::format_mismatch);
    }
    const FormatFrame frame{read16(content.subspan(1)), content.subspan(head)};
    const std::uint16_t computed = bytes::crc_en13757(frame.format);
    if (computed != frame.signature) {
        return failure(FaultCode::signature_mismatch, 1, computed, frame.signature);
    }
    return frame;
}

Expected<CompactFrame> decode_compact(std::span<const std::uint8_t> content) {
    constexpr std::size_t head = 4;
    if (content.size() < head) {
        return failure(FaultCode::format_mismatch);
    }
    return CompactFrame{read16(content), read16(content.subspan(2)), content.subspan(head)};
}

Expected<std::size_t> format_of(std::span<const std::uint8_t> records,
                                std::span<std::uint8_t> into) {
    Output out{into};
    const auto done = for_each_record(records, [&out](const Record& record) {
        out.put(record.dib());
        out.put(record.vib());
    });
    return done ? out.result() : Expected<std::size_t>{std::unexpected{done.error()}};
}

Expected<std::size_t> encode_compact(std::span<const std::uint8_t> records,
                                     std::span<std::uint8_t> into) {
    std::array<std::uint8_t, max_records> format;
    const auto size = format_of(records, format);
    if (!size) {
        return size;
    }
    Output out{into};
    out.put16(bytes::crc_en13757(std::span{format}.first(*size)));
    out.put16(bytes::crc_en13757(records));
    const auto done =
        for_each_record(records, [&out](const Record& record) { out.put(record.data()); });
    return done ? out.result() : Expected<std::size_t>{std::unexpected{done.error()}};
}

Expected<std::size_t> encode_format(std::span<const std::uint8_t> records,
                                    std::span<std::uint8_t> into) {
    std::array<std::uint8_t, max_records> format;
    const auto size = format_of(records, format);
    if (!size) {
        return size;
    }
    Output out{into};
    out.put(static_cast<std::uint8_t>(*size + 2));
    out.put16(bytes::crc_en13757(std::span{format}.first(*size)));
    out.put(std::span{format}.first(*size));
    return out.result();
}

Expected<std::size_t> expand_compact(const CompactFrame& compact,
                                     std::span<const std::uint8_t> format,
                                     std::span<std::uint8_t> into) {
    Output out{into};
    std::span<const std::uint8_t> data = compact.data;
    while (!format.empty()) {
        const std::size_t head = head_size(format);
        const auto size = head == 0 ? std::nullopt : size_of_data(format.front(), data);
        if (!size || *size > data.size()) {
            return failure(FaultCode::format_mismatch, compact.data.size() - data.size());
        }
        out.put(format.first(head));
        out.put(data.first(*size));
        format = format.subspan(head);
        data = data.subspan(*size);
    }
    if (!data.empty()) {
        return failure(FaultCode::format_mismatch, compact.data.size() - data.size());
    }
    const auto size = out.result();
    if (!size) {
        return size;
    }
    const std::uint16_t computed = bytes::crc_en13757(into.first(*size));
    if (computed != compact.full_frame_crc) {
        return failure(FaultCode::full_frame_crc_mismatch, 2, compact.full_frame_crc, computed);
    }
    return size;
}

void FormatCache::learn_records(const DeviceId& device, std::span<const std::uint8_t> records) {
    std::array<std::uint8_t, max_records> format;
    if (const auto size = format_of(records, format); size && *size != 0) {
        const auto made = std::span<const std::uint8_t>{format}.first(*size);
        learn(key_of(device, bytes::crc_en13757(made)), made);
    }
}

namespace {

std::uint64_t pack(const FormatCache::Key& key) {
    return std::uint64_t{key.manufacturer} << 32U | std::uint64_t{key.version} << 24U |
           std::uint64_t{key.device_type} << 16U | key.signature;
}

} // namespace

FormatCache::FormatCache(std::size_t bound) : bound_{bound} {
    entries_.reserve(bound);
    packed_.reserve(bound);
}

FormatCache::Entry* FormatCache::entry_of(const Key& key) {
    const auto known = std::ranges::find(packed_, pack(key));
    return known == packed_.end() ? nullptr
                                  : &entries_[static_cast<std::size_t>(known - packed_.begin())];
}

void FormatCache::learn(const Key& key, std::span<const std::uint8_t> format) {
    if (bound_ == 0 || format.size() > max_records) {
        return;
    }
    Entry* entry = entry_of(key);
    if (entry == nullptr && entries_.size() < bound_) {
        packed_.push_back(0);
        entry = &entries_.emplace_back();
    }
    if (entry == nullptr) {
        entry = &*std::ranges::min_element(entries_, {}, &Entry::used);
    }
    packed_[static_cast<std::size_t>(entry - entries_.data())] = pack(key);
    entry->key = key;
    entry->size = format.size();
    std::ranges::copy(format, entry->storage.begin());
    entry->used = ++clock_;
}

std::span<const std::uint8_t> FormatCache::find(const Key& key) {
    Entry* const known = entry_of(key);
    if (known == nullptr) {
        return {};
    }
    known->used = ++clock_;
    return known->format();
}

} // namespace meterbench::core::application
