// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/coding.hpp"
#include "core/application/date_time.hpp"
#include "core/application/quantity.hpp"
#include "core/application/unit.hpp"
#include "core/application/vife_table.hpp"
#include "core/bytes/decimal.hpp"
#include "core/fault.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace meterbench::core::application {

namespace detail {
struct DifRow;
struct ValuePlan;
} // namespace detail

/// What kind of value a record holds, and which fields of Value say it.
enum class ValueType : std::uint8_t {
    none,     ///< no data
    decimal,  ///< negative, magnitude, exponent
    real,     ///< magnitude: the 32 bits of the IEEE number as sent; exponent
    bits,     ///< magnitude: a set of bits
    text,     ///< Record::content(), last character first
    bytes,    ///< Record::content(), in the order sent
    date,     ///< date
    datetime, ///< date; seconds count where the coding is not int32
    time,     ///< date: hour, minute, second
};
[[nodiscard]] std::string_view name_of(ValueType type);

/// A value, exact: numbers are magnitude * 10^exponent in the record's unit.
struct Value {
    ValueType type = ValueType::none;
    bool negative = false;
    Invalid invalid = Invalid::none; ///< not none: the other fields say nothing
    std::int8_t exponent = 0;
    DateTime date{};
    std::uint64_t magnitude = 0;

    [[nodiscard]] constexpr bytes::Decimal decimal() const {
        return {negative, magnitude, exponent};
    }
};

/// Where the text of a plain-text VIF (7Ch, FCh) stands in the VIB.
enum class PlainText : std::uint8_t {
    absent,
    after_vib, ///< EN 13757-3:2018 annex C.2: behind the last VIFE
    after_vif, ///< legacy: directly behind the VIF
};

/// The VIFEs of a record that say more about its value, in order; an input range of Qualifier.
class Qualifiers {
  public:
    class Iterator {
      public:
        using value_type = Qualifier;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Iterator(std::span<const std::uint8_t> vifes, Direction direction, bool manufacturer)
            : vifes_{vifes}, direction_{direction}, manufacturer_{manufacturer} {
            settle();
        }
        [[nodiscard]] Qualifier operator*() const { return current_; }
        Iterator& operator++() {
            vifes_ = vifes_.subspan(used_);
            settle();
            return *this;
        }
        void operator++(int) { ++*this; }
        [[nodiscard]] friend bool operator==(const Iterator& at, std::default_sentinel_t) {
            return at.vifes_.empty();
        }

      private:
        void settle();
        std::span<const std::uint8_t> vifes_{};
        Qualifier current_{};
        std::size_t used_ = 1;
        Direction direction_ = Direction::from_meter;
        bool manufacturer_ = false;
    };

    Qualifiers() = default;
    Qualifiers(std::span<const std::uint8_t> vifes, Direction direction, bool manufacturer)
        : vifes_{vifes}, direction_{direction}, manufacturer_{manufacturer} {}
    [[nodiscard]] Iterator begin() const { return {vifes_, direction_, manufacturer_}; }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }
    [[nodiscard]] bool empty() const { return vifes_.empty(); }

  private:
    std::span<const std::uint8_t> vifes_{};
    Direction direction_ = Direction::from_meter;
    bool manufacturer_ = false;
};

/// What a DIF says of its record; decoding copies a row of a table.
struct DifMeaning {
    std::uint8_t dib_size = 0; ///< DIF and DIFEs
    Direction direction = Direction::from_meter;
    Function function = Function::instantaneous;
    Coding coding = Coding::none;
    std::uint8_t field = 0; ///< the lower four bits of the DIF
    PlainText plain_text = PlainText::absent;
    bool register_number = false; ///< a last DIFE 00h: storage is a register number (OBIS F)
    bool global_readout = false;  ///< the special DIF 7Fh; there is nothing else then
    std::uint64_t storage = 0;
    std::uint32_t tariff = 0;
    std::uint16_t subunit = 0;
    std::uint16_t data_size = 0; ///< bytes of the data, the LVAR byte included
};

/// What a VIB says of its record and its value; decoding copies a row of a table.
struct VibMeaning {
    std::uint16_t vib_size = 0; ///< VIF, VIFEs, and the plain text with its length byte
    Quantity quantity = Quantity::unknown;
    Unit unit = Unit::none;       ///< of the value, VIFEs applied
    Unit vif_unit = Unit::none;   ///< of the VIF alone
    std::int8_t vif_exponent = 0; ///< of the VIF alone
    std::uint8_t vif_size = 0;    ///< VIF with the code of its extension table: 1 to 3
    std::uint8_t vife_size = 0;   ///< VIFEs behind it
    std::uint8_t error = 0;       ///< record error (table 18); 0 none
    std::uint8_t profile = 0;     ///< 13h, 1Eh, 1Fh: the data are a compact profile; else 0
    Value value{};
};

/// One data record, decoded. A view into the telegram: it lives as long as the telegram's bytes.
struct Record : DifMeaning, VibMeaning {
    /// Of the DIF, from the start of what the reader's offset counts from.
    std::uint32_t offset = 0;
    const std::uint8_t* begin = nullptr; ///< the DIF

    [[nodiscard]] std::span<const std::uint8_t> dib() const { return {begin, dib_size}; }
    [[nodiscard]] std::span<const std::uint8_t> vib() const { return {begin + dib_size, vib_size}; }
    /// The data as sent, LVAR byte included.
    [[nodiscard]] std::span<const std::uint8_t> data() const {
        return {begin + dib_size + vib_size, data_size};
    }
    /// The data without the LVAR byte.
    [[nodiscard]] std::span<const std::uint8_t> content() const {
        return data().subspan(data_field(coding) == 0x0D && data_size != 0 ? 1 : 0);
    }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const {
        return {begin, std::size_t{dib_size} + vib_size + data_size};
    }
    /// The text of a plain-text VIF, last character first; empty without one.
    [[nodiscard]] std::span<const std::uint8_t> unit_text() const;
    [[nodiscard]] Qualifiers qualifiers() const;
    /// The name of the record error; empty when there is none.
    [[nodiscard]] std::string_view error_name() const {
        return error == 0 ? std::string_view{} : record_error_names[error & 0x1FU];
    }
};

namespace detail {
/// What each DIF says, by direction; then by its lower seven bits.
extern const std::array<const DifRow*, 2> dif_rows;
} // namespace detail

/// Reads the records of a telegram one by one. It allocates nothing, reads no byte outside the
/// span, and stops at the first fault; what it gave before stays good.
class RecordReader {
  public:
    struct Options {
        Direction direction = Direction::from_meter;
        std::uint32_t offset = 0;       ///< of the first byte, for Record::offset and Fault::offset
        bool legacy_plain_text = false; ///< the text behind the VIF even where both positions are
                                        ///< plausible
    };
    enum class Step : std::uint8_t {
        record, ///< the record is filled
        end,    ///< the records are read to their end
        fault,  ///< fault() says what and where
    };

    explicit RecordReader(std::span<const std::uint8_t> records)
        : RecordReader(records, Options{}) {}
    RecordReader(std::span<const std::uint8_t> records, const Options& options)
        : begin_{records.empty() ? &nothing : records.data()}, at_{begin_},
          end_{begin_ + records.size()},
          dif_rows_{detail::dif_rows[static_cast<std::size_t>(options.direction)]},
          options_{options} {
        // Words are read as they lie in memory.
        if (std::endian::native == std::endian::little) {
            near_end_ = records.size() >= word_size ? end_ - head_size : nullptr;
            far_end_ =
                records.size() >= head_size + word_size ? end_ - head_size - word_size : nullptr;
        }
    }

    /// Fills `record` with the next record; idle fillers (2Fh) are skipped. Faults:
    /// record-truncated, reserved-dif, dif-wrong-direction, too-many-difes, vif-missing,
    /// too-many-vifes, reserved-lvar, plain-text-vif. After end or fault every further call says
    /// the same.
    [[nodiscard]] Step next(Record& record);

    /// Valid after Step::fault.
    [[nodiscard]] Fault fault() const { return make_fault(fault_code_, fault_offset_); }
    /// The records ended with DIF 1Fh: the meter has another telegram.
    [[nodiscard]] bool more_follows() const { return more_follows_; }
    /// The records ended with DIF 0Fh or 1Fh.
    [[nodiscard]] bool has_manufacturer_data() const { return has_manufacturer_data_; }
    /// What follows DIF 0Fh or 1Fh.
    [[nodiscard]] std::span<const std::uint8_t> manufacturer_data() const {
        return has_manufacturer_data_ ? std::span{at_, end_} : std::span<const std::uint8_t>{};
    }
    /// Offset of the byte to be read next; at the end with manufacturer data, of their first.
    [[nodiscard]] std::uint32_t offset() const {
        return options_.offset + static_cast<std::uint32_t>(at_ - begin_);
    }

  private:
    static constexpr std::size_t word_size = 8; ///< bytes that are read at once
    /// Bytes that are read before the size is known: DIF, two DIFEs, FDh or FBh, VIF.
    static constexpr std::size_t head_size = 5;

    [[nodiscard]] std::uint64_t last_word(const std::uint8_t* at) const;
    [[nodiscard]] const std::uint8_t* read_usual_dib(Record& record, const detail::DifRow& row);
    [[nodiscard]] Step next_near_end(Record& record);
    template <bool near> [[nodiscard]] Step read_usual(Record& record);
    [[nodiscard]] Step read_other(Record& record, const std::uint8_t* vib);
    [[nodiscard]] Step read_with_vifes(Record& record, const std::uint8_t* vib);
    [[nodiscard]] Step read_any(Record& record, const std::uint8_t* vif);
    [[nodiscard]] static Step with_rare_value(const detail::ValuePlan& plan, std::uint64_t raw,
                                              Value& value);
    [[nodiscard]] unsigned count_plain_vifes(const std::uint8_t* at, std::size_t vif) const;
    [[nodiscard]] Step next_unusual(Record& record);
    [[nodiscard]] Step special(Record& record, std::uint8_t dif);
    [[nodiscard]] Step stop(Step step);
    [[nodiscard]] Step fail(FaultCode code, const std::uint8_t* at);
    [[nodiscard]] const std::uint8_t* read_difes(Record& record, const std::uint8_t* at);

    const std::uint8_t* begin_;
    const std::uint8_t* at_;
    const std::uint8_t* end_;
    /// Empty records may point nowhere; positions are compared all the same.
    static constexpr std::uint8_t nothing = 0;
    /// Where a record of the usual form may begin at the latest, with a word behind its head or
    /// without; null when there is none to come.
    const std::uint8_t* far_end_ = nullptr;
    const std::uint8_t* near_end_ = nullptr;
    const detail::DifRow* dif_rows_;
    Options options_;
    FaultCode fault_code_{};
    std::uint32_t fault_offset_ = 0;
    Step ended_ = Step::record;
    bool more_follows_ = false;
    bool has_manufacturer_data_ = false;
};

/// Whether the records end with DIF 1Fh, found by parsing them (bytes may follow it). Records that
/// cannot be parsed to their end announce nothing.
[[nodiscard]] bool records_more_follow(std::span<const std::uint8_t> records);

/// Writes a text that was sent last character first in reading order; returns what was written, at
/// most `into.size()` bytes. ISO 8859-1 as sent.
std::size_t copy_reversed(std::span<const std::uint8_t> content, std::span<std::uint8_t> into);

} // namespace meterbench::core::application
