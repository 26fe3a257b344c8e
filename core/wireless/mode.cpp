// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/mode.hpp"

#include <algorithm>

namespace meterbench::core::wireless {

namespace {

using bytes::LineCode;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto sure = Confidence::confirmed;
constexpr auto once = Confidence::single;
constexpr auto memory = Confidence::memory;

// Sync words (facts A.3), air order. That of S is no valid Manchester (000111), that of T no valid
// 3-out-of-6 (000011).
constexpr ChipWord sync_s{0b000111011010010110, 18};
constexpr ChipWord sync_t{0b0000111101, 10};
constexpr ChipWord sync_c_a{0x543D54CD, 32};
constexpr ChipWord sync_c_b{0x543D543D, 32};
constexpr ChipWord sync_n_a{0xF68D, 16};
constexpr ChipWord sync_n_b{0xF672, 16};
// In 4-GFSK a 1 is sent as 11 and a 0 as 01 (outer levels), so F68D becomes FF7DD5F7. That of
// format B is made by the same rule; no source gives it.
constexpr ChipWord sync_ng_a{0xFF7DD5F7, 32};
constexpr ChipWord sync_ng_b{0xFF7D7F5D, 32};

constexpr Preamble long_header{.repeats = 279};
constexpr Preamble short_header{.repeats = 15};
constexpr Preamble t_header{.repeats = 19};
constexpr Preamble wide_header{.repeats = 39}; // R2 and F
constexpr Preamble c_header{.repeats = 16, .exact = true};
constexpr Preamble n_header{.repeats = 8, .exact = true};
constexpr Preamble ng_header{.unit = {0b0111, 4}, .repeats = 8, .exact = true};
constexpr Postamble two_to_eight{2, 8};

constexpr Hertz kilohertz(std::int64_t value) {
    return {1000 * value};
}
constexpr Marked<Channels> one(std::int64_t hertz, Confidence confidence = sure) {
    return {{{hertz}, {}, 1}, confidence};
}
constexpr Marked<CarrierTolerance> within(std::int32_t ppm) {
    return {{{ppm}, {}}, memory};
}
constexpr Marked<Ppm> percent_1_5{{15000}, memory};
constexpr Marked<Ppm> percent_10{{100000}, memory};
constexpr Marked<Ppm> ppm_100{{100}, memory};

// Response delays (facts B.1).
constexpr Marked<ResponseDelay> around(milliseconds typical, Confidence confidence) {
    constexpr microseconds half{500};
    return {{typical - half, typical, typical + half}, confidence};
}
constexpr Marked<ResponseDelay> between(microseconds min, microseconds typical, microseconds max,
                                        Confidence confidence) {
    return {{min, typical, max}, confidence};
}
constexpr std::array<std::uint8_t, 3> quick{2, 3, 5};    // S2, T2, C2, N2 g, F2
constexpr std::array<std::uint8_t, 3> patient{5, 7, 13}; // R2, N2 a to f
constexpr Access unidirectional{};
constexpr Access access_s2{
    .other_slow = between(milliseconds{3}, milliseconds{5}, milliseconds{50}, sure),
    .meter_slow = between(milliseconds{3}, milliseconds{5}, milliseconds{50}, memory),
    .frequent_access = quick};
constexpr Access access_t2{
    .other_slow = between(milliseconds{2}, microseconds{2500}, milliseconds{3}, sure),
    .meter_slow = between(milliseconds{2}, microseconds{2500}, milliseconds{3}, memory),
    .frequent_access = quick};
constexpr Access access_c2{.other_fast = around(milliseconds{100}, sure),
                           .other_slow = around(milliseconds{1000}, sure),
                           .meter_fast = around(milliseconds{100}, memory),
                           .meter_slow = around(milliseconds{1000}, memory),
                           .frequent_access = quick};
constexpr Access access_r2{
    .other_slow = between(milliseconds{3}, milliseconds{5}, milliseconds{50}, sure),
    .meter_slow = between(milliseconds{10}, milliseconds{15}, milliseconds{10000}, once),
    .frequent_access = patient};
constexpr Access access_f2{
    .other_fast = around(milliseconds{100}, once),
    .other_slow = around(milliseconds{1000}, once),
    .meter_fast = between(milliseconds{3}, milliseconds{50}, milliseconds{4000}, once),
    .meter_slow = between(milliseconds{3}, milliseconds{50}, milliseconds{4000}, once),
    .frequent_access = quick};
constexpr Access access_n2(milliseconds slow, std::array<std::uint8_t, 3> multiples) {
    return {.other_fast = around(milliseconds{100}, sure),
            .other_slow = around(slow, once),
            .meter_fast = around(milliseconds{100}, memory),
            .meter_slow = around(slow, memory),
            .frequent_access = multiples};
}

// Greatest nominal intervals (facts B.3): that of T and C is doubtful, one recollection has 90 s.
constexpr Marked<seconds> minutes_12{seconds{720}, once};
constexpr Marked<seconds> minutes_15{seconds{900}, once};
constexpr Marked<seconds> one_day{seconds{86400}, once};

constexpr ModeRow mode_s(Mode mode, Path path, Preamble preamble, std::int32_t meter_ppm,
                         const Access& access) {
    return {.mode = mode,
            .path = path,
            .channels = one(868'300'000),
            .chip_rate = {{32768}, sure},
            .coding = LineCode::manchester,
            .modulation = Modulation::fsk2,
            .deviation = {{kilohertz(40), kilohertz(50), kilohertz(80)}, memory},
            .preamble = preamble,
            .sync_a = {sync_s, sure},
            .postamble = two_to_eight,
            .carrier_meter = within(meter_ppm),
            .carrier_other = within(25),
            .rate_tolerance = percent_1_5,
            .access = access,
            .longest_interval = minutes_12,
            .clause = "6"};
}

constexpr ModeRow mode_t_up(Mode mode, const Access& access) {
    return {.mode = mode,
            .path = Path::meter_to_other,
            .channels = one(868'950'000),
            .chip_rate = {{100000}, sure},
            .coding = LineCode::three_of_six,
            .modulation = Modulation::fsk2,
            .deviation = {{kilohertz(40), kilohertz(50), kilohertz(80)}, memory},
            .preamble = t_header,
            .sync_a = {sync_t, sure},
            .postamble = two_to_eight,
            .carrier_meter = within(60),
            .carrier_other = within(25),
            .rate_tolerance = percent_10,
            .access = access,
            .longest_interval = minutes_15,
            .clause = "7",
            .note = "the rate may drift 1 % within a frame (memory)"};
}

constexpr ModeRow mode_t_down() {
    ModeRow row = mode_s(Mode::t2, Path::other_to_meter, short_header, 60, access_t2);
    row.longest_interval = minutes_15;
    row.clause = "7";
    return row;
}

constexpr ModeRow mode_c(Mode mode, Path path, const Access& access) {
    const bool up = path == Path::meter_to_other;
    return {.mode = mode,
            .path = path,
            .channels = up ? one(868'950'000) : one(869'525'000),
            .chip_rate = {{up ? 100000U : 50000U}, sure},
            .coding = LineCode::nrz,
            .modulation = up ? Modulation::fsk2 : Modulation::gfsk2,
            .deviation = up ? Marked<Deviation>{{{33750}, {45000}, {56250}}, memory}
                            : Marked<Deviation>{{{18750}, {25000}, {31250}}, memory},
            .preamble = c_header,
            .sync_a = {sync_c_a, sure},
            .sync_b = {sync_c_b, sure},
            .carrier_meter = within(25),
            .carrier_other = within(25),
            .rate_tolerance = ppm_100,
            .access = access,
            .longest_interval = minutes_15,
            .clause = "9"};
}

constexpr ModeRow mode_r2() {
    return {.mode = Mode::r2,
            .path = Path::both,
            .channels = {{{868'030'000}, kilohertz(60), 10}, sure},
            .chip_rate = {{4800}, sure},
            .coding = LineCode::manchester,
            .modulation = Modulation::fsk2,
            .deviation = {{{4800}, {6000}, {7200}}, memory},
            .preamble = wide_header,
            .sync_a = {sync_s, sure},
            .postamble = two_to_eight,
            .carrier_meter = within(20),
            .carrier_other = within(20),
            .rate_tolerance = percent_1_5,
            .access = access_r2,
            .longest_interval = one_day,
            .clause = "8",
            .note = "868.330 MHz is channel 5"};
}

/// The rates of mode N (facts A.1).
enum class RateN : std::uint8_t { slow_2k4, fast_4k8, dense_6k4, wide_19k2 };

constexpr Access access_of(RateN rate) {
    switch (rate) {
    case RateN::slow_2k4: return access_n2(milliseconds{2100}, patient);
    case RateN::fast_4k8: return access_n2(milliseconds{1100}, patient);
    case RateN::wide_19k2: return access_n2(milliseconds{1100}, quick);
    default: return unidirectional; // 6.4 kb/s: not known
    }
}

constexpr ModeRow mode_n(Mode mode, std::string_view letter, std::uint8_t index,
                         Marked<Channels> channels, RateN rate) {
    ModeRow row{.mode = mode,
                .path = mode == Mode::n1 ? Path::meter_to_other : Path::both,
                .channel = letter,
                .index_2019 = index,
                .channels = channels,
                .coding = LineCode::nrz,
                .modulation = Modulation::gfsk2,
                .deviation = {{{1680}, {2400}, {3120}}, memory},
                .preamble = n_header,
                .sync_a = {sync_n_a, sure},
                .sync_b = {sync_n_b, sure},
                .carrier_meter = {{{}, {1500}}, memory},
                .carrier_other = {{{}, {1500}}, memory},
                .rate_tolerance = ppm_100,
                .access = mode == Mode::n1 ? unidirectional : access_of(rate),
                .longest_interval = one_day,
                .clause = "10"};
    switch (rate) {
    case RateN::slow_2k4:
        row.chip_rate = {{2400}, sure};
        row.note = "the carrier tolerance may be 2.0 kHz (memory)";
        break;
    case RateN::fast_4k8: row.chip_rate = {{4800}, sure}; break;
    case RateN::dense_6k4:
        row.chip_rate = {{3200}, memory};
        row.modulation = Modulation::gfsk4;
        row.deviation = {{}, memory};
        row.preamble = {};
        row.sync_a = row.sync_b = {};
        row.note = "6.4 kb/s; modulation from one source, preamble and sync not known";
        break;
    case RateN::wide_19k2:
        row.chip_rate = {{9600}, sure};
        row.modulation = Modulation::gfsk4;
        row.deviation = {{{5040}, {7200}, {9360}}, memory};
        row.preamble = ng_header;
        row.sync_a = {sync_ng_a, once};
        row.sync_b = {sync_ng_b, memory};
        row.note =
            "deviation of the outer levels, inner ones 2.4 kHz; limits by the 30 % of a to f";
        break;
    }
    return row;
}

/// A channel that only EN 13757-4:2019 has, in a sub-band of which the raster is not known.
constexpr ModeRow mode_n_2019(std::uint8_t index, std::int64_t hertz, Confidence confidence,
                              RateN rate) {
    ModeRow row = mode_n(Mode::n2, {}, index, one(hertz, confidence), rate);
    row.chip_rate.confidence = rate == RateN::dense_6k4 ? memory : once;
    if (confidence == memory) {
        row.note = "the middle of its sub-band; its channels are not known";
    }
    return row;
}

constexpr ModeRow mode_f(Mode mode) {
    return {.mode = mode,
            .path = Path::both,
            .channels = one(433'820'000),
            .chip_rate = {{2400}, sure},
            .coding = LineCode::nrz,
            .modulation = Modulation::fsk2,
            .deviation = {{{4800}, {5500}, {7000}}, memory},
            .preamble = wide_header,
            .sync_a = {sync_n_a, sure},
            .sync_b = {sync_n_b, sure},
            .carrier_meter = within(16),
            .carrier_other = within(16),
            .rate_tolerance = ppm_100,
            .access = access_f2,
            .longest_interval = one_day,
            .clause = "11"};
}

constexpr std::array rows{
    mode_s(Mode::s1, Path::meter_to_other, long_header, 60, unidirectional),
    mode_s(Mode::s1_m, Path::meter_to_other, short_header, 60, unidirectional),
    mode_s(Mode::s2, Path::both, short_header, 25, access_s2),
    mode_t_up(Mode::t1, unidirectional),
    mode_t_up(Mode::t2, access_t2),
    mode_t_down(),
    mode_c(Mode::c1, Path::meter_to_other, unidirectional),
    mode_c(Mode::c2, Path::meter_to_other, access_c2),
    mode_c(Mode::c2, Path::other_to_meter, access_c2),
    mode_r2(),
    // Channels a to g of 2013. Their 2019 number is that of their rate in the same sub-band,
    // 169.4 to 169.475 MHz (single).
    mode_n(Mode::n1, "a", 2, one(169'406'250), RateN::fast_4k8),
    mode_n(Mode::n1, "b", 2, one(169'418'750), RateN::fast_4k8),
    mode_n(Mode::n1, "c", 1, one(169'431'250), RateN::slow_2k4),
    mode_n(Mode::n1, "d", 1, one(169'443'750), RateN::slow_2k4),
    mode_n(Mode::n1, "e", 2, one(169'456'250), RateN::fast_4k8),
    mode_n(Mode::n1, "f", 2, one(169'468'750), RateN::fast_4k8),
    mode_n(Mode::n2, "a", 2, one(169'406'250), RateN::fast_4k8),
    mode_n(Mode::n2, "b", 2, one(169'418'750), RateN::fast_4k8),
    mode_n(Mode::n2, "c", 1, one(169'431'250), RateN::slow_2k4),
    mode_n(Mode::n2, "d", 1, one(169'443'750), RateN::slow_2k4),
    mode_n(Mode::n2, "e", 2, one(169'456'250), RateN::fast_4k8),
    mode_n(Mode::n2, "f", 2, one(169'468'750), RateN::fast_4k8),
    mode_n(Mode::n2, "g", 4, one(169'437'500), RateN::wide_19k2),
    mode_n_2019(3, 169'437'500, memory, RateN::dense_6k4),
    mode_n_2019(5, 169'481'250, once, RateN::slow_2k4),
    mode_n_2019(6, 169'481'250, once, RateN::fast_4k8),
    mode_n_2019(7, 169'537'500, memory, RateN::slow_2k4),
    mode_n_2019(8, 169'537'500, memory, RateN::fast_4k8),
    mode_n_2019(9, 169'537'500, memory, RateN::dense_6k4),
    mode_n_2019(10, 169'700'000, memory, RateN::slow_2k4),
    mode_n_2019(11, 169'700'000, memory, RateN::fast_4k8),
    mode_n_2019(12, 169'700'000, memory, RateN::dense_6k4),
    mode_n_2019(13, 169'700'000, memory, RateN::wide_19k2),
    mode_f(Mode::f2_m),
    mode_f(Mode::f2),
};

consteval bool every_mode_sends() {
    for (std::size_t mode = 0; mode < mode_count; ++mode) {
        bool up = false;
        for (const ModeRow& row : rows) {
            up = up || (row.mode == static_cast<Mode>(mode) &&
                        carries(row.path, Direction::meter_to_other));
        }
        if (!up) {
            return false;
        }
    }
    return true;
}
static_assert(every_mode_sends(), "a row for the uplink of each mode");

consteval bool windows_in_order() {
    for (const ModeRow& row : rows) {
        for (const auto& delay : {row.access.other_fast, row.access.other_slow,
                                  row.access.meter_fast, row.access.meter_slow}) {
            if (delay &&
                (delay->value.min <= Duration{} || delay->value.min > delay->value.typical ||
                 delay->value.typical > delay->value.max)) {
                return false;
            }
        }
        const bool hears = row.access.other_slow.has_value();
        if (hears != row.access.meter_slow.has_value() ||
            hears != (row.access.frequent_access[0] != 0)) {
            return false;
        }
    }
    return true;
}
static_assert(windows_in_order(), "a mode that is answered has all windows, min to max");

consteval bool words_fit() {
    for (const ModeRow& row : rows) {
        for (const ChipWord word : {row.sync_a.value, row.sync_b.value, row.preamble.unit}) {
            if (word.length < 32 && word.chips >> word.length != 0) {
                return false;
            }
        }
        if (row.deviation.value.min > row.deviation.value.nominal ||
            row.deviation.value.nominal > row.deviation.value.max ||
            row.postamble.min > row.postamble.max || row.chip_rate.value.value == 0 ||
            row.channels.value.count == 0 || row.clause.empty()) {
            return false;
        }
    }
    return true;
}
static_assert(words_fit(), "chip words within their length, limits in order");

// Headers as a whole (facts A.3).
static_assert((long_header.chips() + Chips{sync_s.length}).value == 576);
static_assert((short_header.chips() + Chips{sync_s.length}).value == 48);
static_assert((t_header.chips() + Chips{sync_t.length}).value == 48);
static_assert((wide_header.chips() + Chips{sync_s.length}).value == 96);
static_assert((c_header.chips() + Chips{sync_c_a.length}).value == 64);
static_assert((n_header.chips() + Chips{sync_n_a.length}).value == 32);
static_assert((wide_header.chips() + Chips{sync_n_a.length}).value == 94);

} // namespace

std::span<const ModeRow> mode_table() {
    return rows;
}

const ModeRow* find_mode(Mode mode, Direction direction, std::string_view channel) {
    for (const ModeRow& row : rows) {
        if (row.mode == mode && carries(row.path, direction) &&
            (channel.empty() || row.channel == channel)) {
            return &row;
        }
    }
    return nullptr;
}

Chips chips_on_air(const ModeRow& row, FrameFormat format, std::size_t frame_bytes) {
    const auto body = static_cast<std::uint32_t>(frame_bytes * bytes::chips_per_byte(row.coding));
    return row.preamble.chips() + Chips{row.sync(format).length} + Chips{body} +
           Chips{row.postamble.min};
}

Duration air_time(const ModeRow& row, FrameFormat format, std::size_t frame_bytes) {
    return row.bit_rate().edge(chips_on_air(row, format, frame_bytes));
}

Duration detection_time(const ModeRow& row) {
    if (row.preamble.repeats == 0) {
        return detection_unknown;
    }
    constexpr std::uint32_t longer_preamble = 2;
    constexpr std::int64_t million = 1'000'000;
    const std::uint32_t preamble = row.preamble.chips().value;
    const std::int64_t header = std::int64_t{row.preamble.exact ? 1 : longer_preamble} * preamble +
                                std::max(row.sync_a.value.length, row.sync_b.value.length);
    // Chips in 1000000 s.
    const std::int64_t slowest =
        std::int64_t{row.bit_rate().value} * (million - row.rate_tolerance.value.value);
    return milliseconds{(header * std::milli::den * million + slowest - 1) / slowest};
}

std::string_view name_of(Mode mode) {
    constexpr std::array<std::string_view, mode_count> names{
        "S1", "S1-m", "S2", "T1", "T2", "C1", "C2", "R2", "N1", "N2", "F2-m", "F2"};
    return names[static_cast<std::size_t>(mode)];
}

std::string_view name_of(Path path) {
    constexpr std::array<std::string_view, 3> names{"meter to other", "other to meter", "both"};
    return names[static_cast<std::size_t>(path)];
}

std::string_view name_of(Modulation modulation) {
    constexpr std::array<std::string_view, 3> names{"2-FSK", "GFSK", "4-GFSK"};
    return names[static_cast<std::size_t>(modulation)];
}

std::string_view name_of(Confidence confidence) {
    constexpr std::array<std::string_view, 3> names{"confirmed", "single", "memory"};
    return names[static_cast<std::size_t>(confidence)];
}

} // namespace meterbench::core::wireless
