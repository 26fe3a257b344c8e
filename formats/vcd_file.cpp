// SPDX-License-Identifier: Apache-2.0
#include "formats/vcd_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <vector>

namespace meterbench::formats {

namespace {

using core::Instant;
using core::LevelTrace;

struct Change {
    std::int64_t at = 0; ///< ns from the begin of the window
    std::string text;
    std::size_t order = 0;
};

std::string bit_change(bool mark, char id) {
    return fmt::format("{}{}", mark ? 1 : 0, id);
}

std::string real_change(double value, char id) {
    return fmt::format("r{:.6g} {}", value, id);
}

/// Adds the changes of one signal and its value at the begin of the window.
template <class Points, class Print>
void add_changes(std::vector<Change>& changes, const LevelTrace& trace, const Points& points,
                 std::string initial, Print print) {
    std::vector<Change> inside;
    for (const auto& point : points) {
        std::string text = print(point);
        if (point.at <= trace.begin) {
            initial = std::move(text);
        } else if (point.at <= trace.end) {
            inside.push_back({(point.at - trace.begin).count(), std::move(text), 0});
        }
    }
    changes.push_back({0, std::move(initial), 0});
    std::ranges::move(inside, std::back_inserter(changes));
}

} // namespace

std::string write_vcd(const LevelTrace& trace) {
    constexpr char tx = '!';
    constexpr char rx = '"';
    constexpr char volt = '#';
    constexpr char milliampere = '$';
    std::vector<Change> changes;
    const auto bits = [&](const std::vector<LevelTrace::Bit>& points, char id) {
        add_changes(changes, trace, points, bit_change(true, id),
                    [id](const LevelTrace::Bit& bit) { return bit_change(bit.mark, id); });
    };
    const auto levels = [&](const std::vector<LevelTrace::Level>& points, char id) {
        add_changes(changes, trace, points, real_change(0, id),
                    [id](const LevelTrace::Level& level) { return real_change(level.value, id); });
    };
    bits(trace.sent, tx);
    bits(trace.heard, rx);
    levels(trace.voltage, volt);
    levels(trace.current, milliampere);
    // std::stable_sort draws in what clang calls deprecated: equal instants keep their order by
    // number.
    for (std::size_t i = 0; i < changes.size(); ++i) {
        changes[i].order = i;
    }
    std::ranges::sort(changes, [](const Change& a, const Change& b) {
        return a.at != b.at ? a.at < b.at : a.order < b.order;
    });

    // No $comment after $enddefinitions: some readers then see no data at all.
    std::string text = "$timescale 1 ns $end\n"
                       "$scope module bus $end\n";
    text += fmt::format("$var wire 1 {} tx $end\n$var wire 1 {} rx $end\n"
                        "$var real 64 {} voltage $end\n$var real 64 {} current $end\n",
                        tx, rx, volt, milliampere);
    text += "$upscope $end\n$enddefinitions $end\n";
    std::int64_t last = -1;
    for (const Change& change : changes) {
        if (change.at != last) {
            text += fmt::format("#{}\n", change.at);
            last = change.at;
        }
        text += change.text;
        text += '\n';
    }
    const std::int64_t length = (trace.end - trace.begin).count();
    if (length > last) {
        text += fmt::format("#{}\n", length);
    }
    return text;
}

} // namespace meterbench::formats
