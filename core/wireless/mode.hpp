// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/line_code.hpp"
#include "core/wireless/frame_format.hpp"
#include "core/wireless/radio_units.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meterbench::core::wireless {

/// The modes of EN 13757-4, 5.1. "1": the meter only sends; "2": it listens, too; "-m": for mobile
/// readers, short preamble.
enum class Mode : std::uint8_t { s1, s1_m, s2, t1, t2, c1, c2, r2, n1, n2, f2_m, f2 };
inline constexpr std::size_t mode_count = 12;

/// Who sends on a row's channels.
enum class Path : std::uint8_t { meter_to_other, other_to_meter, both };

enum class Modulation : std::uint8_t { fsk2, gfsk2, gfsk4 }; ///< GFSK with BT 0.5

/// Centres of `count` channels.
struct Channels {
    Hertz first{};
    Hertz spacing{};
    std::uint8_t count = 1;

    [[nodiscard]] constexpr Hertz centre(unsigned channel) const {
        return first + channel * spacing;
    }
};

struct Deviation {
    Hertz min{};
    Hertz nominal{};
    Hertz max{};
};

/// How far a carrier may be off: relative, or where the standard says so in Hertz.
struct CarrierTolerance {
    Ppm relative{};
    Hertz absolute{};
};

/// A few chips in the order of the air, right aligned: the first one is the most significant of
/// `length` bits. Length 0: there is none, or none is known.
struct ChipWord {
    std::uint32_t chips = 0;
    std::uint8_t length = 0;
    friend constexpr bool operator==(ChipWord, ChipWord) = default;
};

struct Preamble {
    ChipWord unit{0b01, 2};
    std::uint16_t repeats = 0; ///< at least; exactly where `exact`
    bool exact = false;

    [[nodiscard]] constexpr Chips chips() const {
        return {static_cast<std::uint32_t>(unit.length) * repeats};
    }
};

/// Alternating chips behind the last CRC; a receiver takes no notice.
struct Postamble {
    std::uint8_t min = 0;
    std::uint8_t max = 0;
};

/// Time from the last chip of a frame to the first preamble chip of its answer.
struct ResponseDelay {
    Duration min{};
    Duration typical{};
    Duration max{};
};

/// How a meter of this mode is reached (EN 13757-4, 12.6.3; facts B.1 and B.2).
struct Access {
    std::optional<Marked<ResponseDelay>> other_fast{}; ///< tRO, the meter's frame has D = 1
    std::optional<Marked<ResponseDelay>> other_slow{}; ///< tRO, D = 0; the only one in S2, T2, R2
    std::optional<Marked<ResponseDelay>> meter_fast{}; ///< tRM, the other device's frame has D = 1
    std::optional<Marked<ResponseDelay>> meter_slow{}; ///< tRM, D = 0; the only one in S2, T2, R2
    std::array<std::uint8_t, 3> frequent_access{};     ///< possible N of N x 1000 ms; confirmed
};

/// One row a mode, path, channel group and chip rate.
struct ModeRow {
    Mode mode{};
    Path path{};
    std::string_view channel{};  ///< letter of EN 13757-4:2013 in mode N, else empty
    std::uint8_t index_2019 = 0; ///< number of EN 13757-4:2019 in mode N, else 0
    Marked<Channels> channels{};
    Marked<ChipRate> chip_rate{};
    bytes::LineCode coding{};
    Modulation modulation{};
    Marked<Deviation> deviation{}; ///< the mark is of min and max; the nominal one is confirmed
    Preamble preamble{};
    Marked<ChipWord> sync_a{}; ///< announces frame format A
    Marked<ChipWord> sync_b{}; ///< announces frame format B
    Postamble postamble{};
    Marked<CarrierTolerance> carrier_meter{}; ///< of the meter's transmitter
    Marked<CarrierTolerance> carrier_other{}; ///< of the other device's
    Marked<Ppm> rate_tolerance{};
    Access access{};
    Marked<std::chrono::seconds> longest_interval{}; ///< greatest nominal interval of synchronous
                                                     ///< telegrams (12.6.2, table 36)
    std::string_view clause{};
    std::string_view note{};

    [[nodiscard]] constexpr ChipWord sync(FrameFormat format) const {
        return format == FrameFormat::a ? sync_a.value : sync_b.value;
    }
    /// Bits of a chip: two in 4-GFSK, where the preamble and sync words are given bit by bit.
    [[nodiscard]] constexpr unsigned bits_per_symbol() const {
        return modulation == Modulation::gfsk4 ? 2 : 1;
    }
    /// Bits (chips where a symbol is a bit) in a second on the air, before decoding.
    [[nodiscard]] constexpr ChipRate bit_rate() const {
        return {chip_rate.value.value * bits_per_symbol()};
    }
};

[[nodiscard]] std::span<const ModeRow> mode_table();

/// The first row of the mode that carries frames of this direction; of mode N that of channel a,
/// unless `channel` names another. None when a mode "1" is asked for a downlink.
[[nodiscard]] const ModeRow* find_mode(Mode mode, Direction direction,
                                       std::string_view channel = {});

[[nodiscard]] constexpr bool carries(Path path, Direction direction) {
    return path == Path::both ||
           (path == Path::meter_to_other) == (direction == Direction::meter_to_other);
}

/// Chips of a whole frame of `frame_bytes` bytes (with CRCs): shortest preamble, sync, bytes,
/// shortest postamble (facts A.8).
[[nodiscard]] Chips chips_on_air(const ModeRow& row, FrameFormat format, std::size_t frame_bytes);
/// How long that takes at the nominal rate.
[[nodiscard]] Duration air_time(const ModeRow& row, FrameFormat format, std::size_t frame_bytes);

/// Detection time where the row has no preamble and sync word (6.4 kbit/s of mode N): as long as
/// that of the slowest channels of mode N, an assumption. Such a row has no windows either.
inline constexpr Duration detection_unknown = std::chrono::milliseconds{14};
/// From the first chip of a frame until its sync word has been heard, at most: preamble and the
/// longer sync word at the slowest rate that the row permits, rounded up to a millisecond. A
/// preamble of which only a least length is known counts twice: no source has an upper limit, the
/// senders looked at exceed it by less than half (facts A.3).
[[nodiscard]] Duration detection_time(const ModeRow& row);

[[nodiscard]] std::string_view name_of(Mode mode);
[[nodiscard]] std::string_view name_of(Path path);
[[nodiscard]] std::string_view name_of(Modulation modulation);
[[nodiscard]] std::string_view name_of(Confidence confidence);

} // namespace meterbench::core::wireless
