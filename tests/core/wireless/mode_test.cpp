// SPDX-License-Identifier: Apache-2.0
// Purpose: the table of modes says what the facts say (A.1, A.3, A.8, B.1, B.2), typed here a
// second time and in the facts' own units, and docs/wireless-modes.md prints it.
// METERBENCH_UPDATE=1 writes the page anew.
#include "core/wireless/mode.hpp"
#include "paths.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(wireless_mode)

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using enum Direction;

namespace {

const ModeRow& row_of(Mode mode, Direction direction, std::string_view channel = {}) {
    const ModeRow* const row = find_mode(mode, direction, channel);
    BOOST_REQUIRE(row != nullptr);
    return *row;
}

} // namespace

// Requirements MB4-PHY-001, 008, 009, 016, 019, 027 to 031.
BOOST_AUTO_TEST_CASE(frequencies_and_rates) {
    struct Key {
        Mode mode;
        Direction direction;
        std::string_view channel;
        double megahertz;
        double kilochips;
        bytes::LineCode coding;
        double deviation_khz;
    };
    using enum bytes::LineCode;
    constexpr Key keys[]{
        {Mode::s1, meter_to_other, "", 868.300, 32.768, manchester, 50},
        {Mode::s1_m, meter_to_other, "", 868.300, 32.768, manchester, 50},
        {Mode::s2, other_to_meter, "", 868.300, 32.768, manchester, 50},
        {Mode::t1, meter_to_other, "", 868.950, 100, three_of_six, 50},
        {Mode::t2, other_to_meter, "", 868.300, 32.768, manchester, 50},
        {Mode::c1, meter_to_other, "", 868.950, 100, nrz, 45},
        {Mode::c2, other_to_meter, "", 869.525, 50, nrz, 25},
        {Mode::r2, other_to_meter, "", 868.030, 4.8, manchester, 6},
        {Mode::n1, meter_to_other, "a", 169.40625, 4.8, nrz, 2.4},
        {Mode::n2, other_to_meter, "b", 169.41875, 4.8, nrz, 2.4},
        {Mode::n2, other_to_meter, "c", 169.43125, 2.4, nrz, 2.4},
        {Mode::n2, meter_to_other, "d", 169.44375, 2.4, nrz, 2.4},
        {Mode::n2, meter_to_other, "e", 169.45625, 4.8, nrz, 2.4},
        {Mode::n2, meter_to_other, "f", 169.46875, 4.8, nrz, 2.4},
        {Mode::n2, meter_to_other, "g", 169.43750, 9.6, nrz, 7.2},
        {Mode::f2, other_to_meter, "", 433.820, 2.4, nrz, 5.5},
    };
    for (const Key& key : keys) {
        BOOST_TEST_CONTEXT(name_of(key.mode) << " " << key.channel) {
            const ModeRow& row = row_of(key.mode, key.direction, key.channel);
            BOOST_TEST(row.channels.value.first.value == std::llround(key.megahertz * 1e6));
            BOOST_TEST(row.chip_rate.value.value == std::llround(key.kilochips * 1e3));
            BOOST_TEST(name_of(row.coding) == name_of(key.coding));
            BOOST_TEST(row.deviation.value.nominal.value == std::llround(key.deviation_khz * 1e3));
        }
    }
    BOOST_TEST(row_of(Mode::r2, meter_to_other).channels.value.centre(5).value == 868'330'000);
    BOOST_TEST(row_of(Mode::r2, meter_to_other).channels.value.centre(9).value == 868'570'000);
    BOOST_TEST((find_mode(Mode::t1, other_to_meter) == nullptr));
    BOOST_TEST((find_mode(Mode::n1, meter_to_other, "g") == nullptr), "g is for N2 alone");
}

// Facts A.8, in milliseconds, for user bytes 30, 44, 100 (the L-field of format A) and the longest
// frame. A column that the facts do not have is 0.
BOOST_AUTO_TEST_CASE(air_times) {
    struct Key {
        Mode mode;
        Direction direction;
        std::string_view channel;
        FrameFormat format;
        double ms[4];
    };
    using enum FrameFormat;
    constexpr Key keys[]{
        {Mode::s1, meter_to_other, "", a, {35.71, 43.52, 73.79, 159.24}},
        {Mode::s1_m, meter_to_other, "", a, {19.59, 27.40, 57.68, 143.13}},
        {Mode::t2, other_to_meter, "", a, {19.59, 27.40, 57.68, 143.13}},
        {Mode::t1, meter_to_other, "", a, {4.94, 6.86, 14.30, 35.30}},
        {Mode::c1, meter_to_other, "", a, {3.60, 4.88, 9.84, 23.84}},
        {Mode::c1, meter_to_other, "", b, {3.28, 4.40, 8.88, 21.12}},
        {Mode::c2, other_to_meter, "", b, {6.56, 8.80, 17.76, 42.24}},
        {Mode::r2, meter_to_other, "", a, {143.75, 197.08, 403.75, 987.08}},
        {Mode::n1, meter_to_other, "a", a, {68.33, 95.00, 198.33, 490.00}},
        {Mode::n1, meter_to_other, "c", a, {136.67, 190.00, 396.67, 980.00}},
        {Mode::f2, meter_to_other, "", a, {162.50, 215.83, 422.50, 1005.83}},
    };
    constexpr unsigned user_bytes[]{30, 44, 100};
    for (const Key& key : keys) {
        const ModeRow& row = row_of(key.mode, key.direction, key.channel);
        for (unsigned i = 0; i < 4; ++i) {
            // In format B the L-field also counts the CRC (one, up to 126 bytes before it).
            const unsigned user = i < 3 ? user_bytes[i] + (key.format == b ? 2 : 0) : 255;
            const std::size_t size = bytes_on_air(key.format, static_cast<std::uint8_t>(user));
            const double ms =
                std::chrono::duration<double, std::milli>{air_time(row, key.format, size)}.count();
            BOOST_TEST(std::abs(ms - key.ms[i]) <= 0.00501, name_of(key.mode)
                                                                << " " << user << " bytes: " << ms
                                                                << " ms, not " << key.ms[i]);
        }
    }
}

// Facts A.3: headers as hex, and the words that no data can imitate.
BOOST_AUTO_TEST_CASE(sync_words) {
    BOOST_TEST(row_of(Mode::s2, meter_to_other).sync_a.value.chips == 0x07696U);
    BOOST_TEST(row_of(Mode::t1, meter_to_other).sync_a.value.chips == 0x03DU);
    BOOST_TEST(row_of(Mode::c1, meter_to_other).sync_a.value.chips == 0x543D54CDU);
    BOOST_TEST(row_of(Mode::c2, other_to_meter).sync_b.value.chips == 0x543D543DU);
    BOOST_TEST(row_of(Mode::n1, meter_to_other, "a").sync_a.value.chips == 0xF68DU);
    BOOST_TEST(row_of(Mode::f2, meter_to_other).sync_b.value.chips == 0xF672U);
    BOOST_TEST(row_of(Mode::n2, meter_to_other, "g").sync_a.value.chips == 0xFF7DD5F7U);
}

// Four levels: a 1 as 11, a 0 as 01 (facts A.3, row of N g).
BOOST_AUTO_TEST_CASE(sync_words_of_channel_g_are_those_of_the_other_channels_in_outer_levels) {
    const ModeRow& g = row_of(Mode::n2, meter_to_other, "g");
    for (const FrameFormat format : {FrameFormat::a, FrameFormat::b}) {
        const std::uint32_t plain = row_of(Mode::n2, meter_to_other, "a").sync(format).chips;
        std::uint32_t levels = 0;
        for (unsigned bit = 16; bit-- > 0;) {
            levels = levels << 2U | ((plain >> bit & 1U) != 0 ? 0b11U : 0b01U);
        }
        BOOST_TEST(g.sync(format).chips == levels);
    }
}

// Facts A.2, A.3: header at the slowest rate, in whole milliseconds; a preamble that may be longer
// counts twice. By hand: S2 (60 + 18) / 32.768 / 0.985 = 2.42, C2 64 / 50 = 1.28, R2 (156 + 18) /
// 4.8 / 0.985 = 36.8, N a 32 / 4.8 = 6.67, N c 32 / 2.4 = 13.33, N g 64 / 19.2 = 3.33, F2 (156 +
// 16) / 2.4 = 71.67.
BOOST_AUTO_TEST_CASE(detection_times) {
    const auto ms = [](Mode mode, std::string_view channel = {}) {
        return detection_time(row_of(mode, other_to_meter, channel)) / std::chrono::milliseconds{1};
    };
    BOOST_TEST(ms(Mode::s2) == 3);
    BOOST_TEST(ms(Mode::t2) == 3);
    BOOST_TEST(ms(Mode::c2) == 2);
    BOOST_TEST(ms(Mode::r2) == 37);
    BOOST_TEST(ms(Mode::n2, "a") == 7);
    BOOST_TEST(ms(Mode::n2, "c") == 14);
    BOOST_TEST(ms(Mode::n2, "g") == 4);
    BOOST_TEST(ms(Mode::f2) == 72);
    for (const ModeRow& row : mode_table()) {
        if (row.preamble.repeats == 0) {
            BOOST_TEST((detection_time(row) == detection_unknown), "6.4 kbit/s of mode N");
            BOOST_TEST(!row.access.other_slow.has_value(), "and nothing rests on it");
        }
    }
    BOOST_TEST(ms(Mode::n2, "c") == detection_unknown / std::chrono::milliseconds{1});
}

// Facts B.1, in milliseconds; requirements MB4-ACC-019 to 024.
BOOST_AUTO_TEST_CASE(response_windows) {
    const auto check = [](const std::optional<Marked<ResponseDelay>>& delay, double min,
                          double typical, double max) {
        BOOST_REQUIRE(delay.has_value());
        const auto ms = [](Duration duration) {
            return std::chrono::duration<double, std::milli>{duration}.count();
        };
        BOOST_TEST(ms(delay->value.min) == min);
        BOOST_TEST(ms(delay->value.typical) == typical);
        BOOST_TEST(ms(delay->value.max) == max);
    };
    check(row_of(Mode::s2, meter_to_other).access.other_slow, 3, 5, 50);
    check(row_of(Mode::t2, meter_to_other).access.other_slow, 2, 2.5, 3);
    check(row_of(Mode::c2, meter_to_other).access.other_fast, 99.5, 100, 100.5);
    check(row_of(Mode::c2, meter_to_other).access.other_slow, 999.5, 1000, 1000.5);
    check(row_of(Mode::r2, meter_to_other).access.other_slow, 3, 5, 50);
    check(row_of(Mode::r2, meter_to_other).access.meter_slow, 10, 15, 10000);
    check(row_of(Mode::n2, meter_to_other, "a").access.other_slow, 1099.5, 1100, 1100.5);
    check(row_of(Mode::n2, meter_to_other, "c").access.other_slow, 2099.5, 2100, 2100.5);
    check(row_of(Mode::n2, meter_to_other, "g").access.other_fast, 99.5, 100, 100.5);
    check(row_of(Mode::f2, meter_to_other).access.meter_fast, 3, 50, 4000);
    BOOST_TEST(!row_of(Mode::s2, meter_to_other).access.other_fast.has_value());
    BOOST_TEST(!row_of(Mode::c1, meter_to_other).access.other_slow.has_value());
    BOOST_TEST(row_of(Mode::n2, meter_to_other, "g").access.frequent_access[0] == 2);
    BOOST_TEST(row_of(Mode::n2, meter_to_other, "a").access.frequent_access[2] == 13);
}

namespace {

std::string megahertz(const Channels& channels) {
    std::string text = fmt::format("{:.5f}", static_cast<double>(channels.first.value) / 1e6);
    if (channels.count > 1) {
        text += fmt::format(" + n x {:.3f}, n 0 to {}",
                            static_cast<double>(channels.spacing.value) / 1e6, channels.count - 1);
    }
    return text;
}

template <class T> std::string marked(const std::string& text, const Marked<T>& value) {
    return value.confidence == Confidence::confirmed
               ? text
               : fmt::format("{} ({})", text, name_of(value.confidence));
}

std::string kilo(Hertz hertz) {
    return fmt::format("{:g}", static_cast<double>(hertz.value) / 1e3);
}

std::string word(const Marked<ChipWord>& sync) {
    if (sync.value.length == 0) {
        return "-";
    }
    return marked(fmt::format("{:0{}X} ({})", sync.value.chips, (sync.value.length + 3) / 4,
                              sync.value.length),
                  sync);
}

std::string preamble(const Preamble& header) {
    if (header.repeats == 0) {
        return "not known";
    }
    return fmt::format("{}{} x {:0{}b}", header.exact ? "" : "at least ", header.repeats,
                       header.unit.chips, header.unit.length);
}

std::string carrier(const Marked<CarrierTolerance>& tolerance) {
    return marked(tolerance.value.absolute.value != 0
                      ? kilo(tolerance.value.absolute) + " kHz"
                      : fmt::format("{} ppm", tolerance.value.relative.value),
                  tolerance);
}

std::string window(const std::optional<Marked<ResponseDelay>>& delay) {
    if (!delay) {
        return "-";
    }
    const auto ms = [](Duration duration) {
        return std::chrono::duration<double, std::milli>{duration}.count();
    };
    return marked(fmt::format("{:g} / {:g} / {:g}", ms(delay->value.min), ms(delay->value.typical),
                              ms(delay->value.max)),
                  *delay);
}

std::string title(const ModeRow& row) {
    std::string text{name_of(row.mode)};
    if (!row.channel.empty()) {
        text += fmt::format(" {}", row.channel);
    }
    if (row.index_2019 != 0) {
        text += fmt::format(" ({})", row.index_2019);
    }
    return text;
}

std::string data_rate(const ModeRow& row) {
    const double bits = 8.0 / bytes::chips_per_byte(row.coding) * row.bit_rate().value;
    return fmt::format("{:.5g}", bits / 1e3);
}

std::string page() {
    std::string out =
        "# Modes of wireless M-Bus\n\nPrinted from the table of `core/wireless/mode.cpp`. Clauses: "
        "EN 13757-4. A value is confirmed\nby two or more independent sources unless marked: "
        "`single` has one source, `memory` none that was\nchecked again; such values are "
        "defaults, not limits that a verdict rests on. Mode N: letter of the\n2013 edition, in "
        "brackets the number of the 2019 edition (single).\n";
    out += "\n## Channels\n\n| mode | clause | who sends | centre, MHz | chips/s | kbit/s | coding "
           "| modulation | deviation min / nominal / max, kHz | note "
           "|\n|---|---|---|---|---|---|---|---|---|---|\n";
    for (const ModeRow& row : mode_table()) {
        out += fmt::format(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", title(row), row.clause,
            name_of(row.path), marked(megahertz(row.channels.value), row.channels),
            marked(std::to_string(row.chip_rate.value.value), row.chip_rate), data_rate(row),
            name_of(row.coding), name_of(row.modulation),
            row.deviation.value.nominal.value == 0
                ? "not known"
                : marked(kilo(row.deviation.value.min) + " / " + kilo(row.deviation.value.nominal) +
                             " / " + kilo(row.deviation.value.max),
                         row.deviation),
            row.note);
    }
    out += "\nThe mark of a deviation is that of its limits; nominal deviations are confirmed.\n"
           "\n## Frames on the air\n\nSync words in the order of the air, hexadecimal, with their "
           "length in chips.\n\n| mode | who sends | preamble | sync, format A | sync, format B | "
           "postamble, chips | carrier of the meter | of the other device | chip rate, ppm "
           "|\n|---|---|---|---|---|---|---|---|---|\n";
    for (const ModeRow& row : mode_table()) {
        out += fmt::format(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", title(row), name_of(row.path),
            preamble(row.preamble), word(row.sync_a), word(row.sync_b),
            row.postamble.max == 0 ? "none"
                                   : fmt::format("{} to {}", row.postamble.min, row.postamble.max),
            carrier(row.carrier_meter), carrier(row.carrier_other),
            marked(std::to_string(row.rate_tolerance.value.value), row.rate_tolerance));
    }
    out += "\n## Access\n\nDelays from the last chip of a frame to the first of its answer, "
           "min / typical / max in ms: tRO of\nthe other device, tRM of the meter, by the D bit "
           "of the frame that is answered. N: the frequent\naccess cycle repeats every N x 1000 "
           "ms. Interval: the greatest nominal one of synchronous\ntelegrams, s.\n\n| mode | tRO, "
           "D = 1 | tRO, D = 0 | tRM, D = 1 | tRM, D = 0 | N | interval "
           "|\n|---|---|---|---|---|---|---|\n";
    for (const ModeRow& row : mode_table()) {
        if (!carries(row.path, meter_to_other)) {
            continue;
        }
        const auto& n = row.access.frequent_access;
        out += fmt::format(
            "| {} | {} | {} | {} | {} | {} | {} |\n", title(row), window(row.access.other_fast),
            window(row.access.other_slow), window(row.access.meter_fast),
            window(row.access.meter_slow),
            n[0] == 0 ? "-" : fmt::format("{}, {} or {}", n[0], n[1], n[2]),
            marked(std::to_string(row.longest_interval.value.count()), row.longest_interval));
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_page_prints_the_table) {
    const std::string path = std::string{METERBENCH_SOURCE_DIR} + "/docs/wireless-modes.md";
    const std::string made = page();
    if (std::getenv("METERBENCH_UPDATE") != nullptr) {
        std::ofstream{path} << made;
    }
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    BOOST_TEST((text.str() == made), path << " is not what the table says; run with "
                                             "METERBENCH_UPDATE=1 to write it");
}

BOOST_AUTO_TEST_SUITE_END()
