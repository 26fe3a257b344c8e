// SPDX-License-Identifier: Apache-2.0
#include "reports/waveform.hpp"

#include "reports/html.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <limits>
#include <string_view>

namespace meterbench::reports {
namespace {

using core::LevelTrace;
using formats::Step;

// In the units of the drawing.
constexpr double bit_width = 3;
constexpr double row_width = 960;
constexpr double left = 64;
constexpr double cut_width = 54; ///< of an idle time that is cut out
constexpr double visible = 0.3;  ///< steps of a slope nearer than this are drawn as one
constexpr int lane_height = 40;
constexpr int voltage_top = 34;
constexpr int current_top = 90;
constexpr int row_height = 152;
constexpr std::size_t most_rows = 48;

constexpr std::int64_t idle_bits = 24;  ///< idle time that is drawn as it is
constexpr std::int64_t margin_bits = 3; ///< of it at either side of a cut
constexpr int bits_per_octet = 11;

std::int64_t ns_of(core::Instant instant) {
    return instant.time_since_epoch().count();
}

/// A stretch of time in which something happens, at the width of its bits.
struct Stretch {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    double bit = 0;    ///< ns
    double x = 0;      ///< where it begins, over all rows
    std::int64_t idle; ///< before it, cut out; 0: the first
    [[nodiscard]] double x_of(std::int64_t at) const {
        return x + static_cast<double>(at - begin) / bit * bit_width;
    }
    [[nodiscard]] double right() const { return x_of(end); }
};

bool is_frame(const Step& step) {
    return (step.kind == Step::Kind::sent || step.kind == Step::Kind::heard) && step.baud != 0 &&
           !step.bytes.empty();
}

double bit_of(std::uint32_t baud) {
    return 1e9 / baud;
}

/// Every instant at which something changes, with the length of a bit there.
struct Moment {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    double bit = 0;
};

std::vector<Moment> moments_of(const formats::CaseResult& result, const LevelTrace& trace) {
    std::vector<Moment> moments;
    double bit = 0;
    for (const Step& step : result.steps) {
        if (is_frame(step)) {
            moments.push_back({step.start, step.end, bit_of(step.baud)});
            bit = bit == 0 ? bit_of(step.baud) : bit;
        }
    }
    bit = bit == 0 ? bit_of(2400) : bit;
    const auto add = [&](const auto& points) {
        for (const auto& point : points) {
            if (point.at > trace.begin && point.at <= trace.end) {
                moments.push_back({ns_of(point.at), ns_of(point.at), 0});
            }
        }
    };
    add(trace.sent);
    add(trace.heard);
    add(trace.voltage);
    add(trace.current);
    std::ranges::sort(moments, {}, &Moment::begin);
    for (Moment& moment : moments) { // an edge has the rate of the frame before it
        bit = moment.bit == 0 ? bit : moment.bit;
        moment.bit = bit;
    }
    return moments;
}

std::vector<Stretch> stretches_of(const formats::CaseResult& result, const LevelTrace& trace) {
    std::vector<Stretch> stretches;
    for (const Moment& moment : moments_of(result, trace)) {
        const auto bits = [&](std::int64_t count) {
            return std::llround(moment.bit * static_cast<double>(count));
        };
        const std::int64_t end = moment.end + bits(margin_bits);
        if (!stretches.empty() && moment.begin - stretches.back().end < bits(idle_bits)) {
            stretches.back().end = std::max(stretches.back().end, end);
            continue;
        }
        Stretch stretch;
        stretch.begin = moment.begin - bits(margin_bits);
        stretch.end = end;
        stretch.bit = moment.bit;
        stretch.idle = stretches.empty() ? 0 : stretch.begin - stretches.back().end;
        stretch.x = stretches.empty() ? 0 : stretches.back().right() + cut_width;
        stretches.push_back(stretch);
    }
    return stretches;
}

/// The lowest and highest value that a lane shows.
struct Range {
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    explicit Range(const std::vector<LevelTrace::Level>& levels) {
        for (const LevelTrace::Level& level : levels) {
            low = std::min(low, level.value);
            high = std::max(high, level.value);
        }
        if (low > high) {
            low = high = 0;
        }
    }
    [[nodiscard]] double y_of(double value, int top) const {
        const double span = high - low;
        return top + (span <= 0 ? lane_height / 2.0 : (high - value) / span * lane_height);
    }
};

class Drawing {
  public:
    Drawing(const formats::CaseResult& result, const LevelTrace& trace)
        : result_{result}, trace_{trace}, stretches_{stretches_of(result, trace)},
          voltage_{trace.voltage}, current_{trace.current} {
        if (!stretches_.empty()) {
            const double rows = std::ceil(stretches_.back().right() / row_width);
            rows_.resize(std::min(most_rows, static_cast<std::size_t>(std::max(rows, 1.0))));
            whole_ = static_cast<double>(rows_.size()) >= rows;
        }
    }

    std::string draw() {
        if (stretches_.empty()) {
            return "<p>Nothing changed on the bus.</p>\n";
        }
        lane(trace_.voltage, voltage_, voltage_top, "volt");
        lane(trace_.current, current_, current_top, "ampere");
        for (const Step& step : result_.steps) {
            if (is_frame(step)) {
                octets(step);
            }
        }
        for (const Stretch& stretch : stretches_) {
            marks(stretch);
        }
        std::string markup;
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            markup += assemble(row);
        }
        return whole_ ? markup : markup + "<p class=\"dim\">The rest is in waveform.vcd.</p>\n";
    }

  private:
    template <class... Args>
    void add(double x, fmt::format_string<Args...> format, Args&&... args) {
        if (const std::size_t row = row_of(x); row < rows_.size()) {
            fmt::format_to(std::back_inserter(rows_[row]), format, std::forward<Args>(args)...);
        }
    }
    static std::size_t row_of(double x) { return static_cast<std::size_t>(x / row_width); }
    /// Where it is drawn in its row.
    static double in_row(double x) { return left + std::fmod(x, row_width); }

    /// One signal, stretch by stretch; a line that runs over the end of a row goes on in the next.
    void lane(const std::vector<LevelTrace::Level>& levels, const Range& range, int top,
              std::string_view style) {
        std::size_t next = 0;
        double value = levels.empty() ? 0 : levels.front().value;
        for (const Stretch& stretch : stretches_) {
            for (; next < levels.size() && ns_of(levels[next].at) <= stretch.begin; ++next) {
                value = levels[next].value;
            }
            double x = stretch.x;
            begin_path(x, range.y_of(value, top), style);
            bool changed = false; // since the last point that was drawn
            for (; next < levels.size() && ns_of(levels[next].at) <= stretch.end; ++next) {
                const double to = stretch.x_of(ns_of(levels[next].at));
                if (to - x >= visible) {
                    if (changed) {
                        add(x, "V{:.1f}", range.y_of(value, top));
                    }
                    run_to(x, to, range.y_of(value, top), style);
                    x = to;
                }
                value = levels[next].value;
                changed = true;
            }
            if (changed) {
                add(x, "V{:.1f}", range.y_of(value, top));
            }
            run_to(x, stretch.right(), range.y_of(value, top), style);
            add(stretch.right(), "\"/>\n");
        }
    }
    void begin_path(double x, double y, std::string_view style) {
        add(x, "<path class=\"{}\" d=\"M{:.1f} {:.1f}", style, in_row(x), y);
    }
    void run_to(double from, double to, double y, std::string_view style) {
        for (std::size_t row = row_of(from); row < row_of(to); ++row) {
            const double edge = static_cast<double>(row + 1) * row_width;
            add(edge - 0.001, "H{:.1f}\"/>\n", left + row_width);
            begin_path(edge, y, style);
        }
        add(to, "H{:.1f}", in_row(to));
    }

    const Stretch* stretch_at(std::int64_t at) const {
        const auto after = std::ranges::upper_bound(stretches_, at, {}, &Stretch::begin);
        return after == stretches_.begin() ? nullptr : &*std::prev(after);
    }

    /// The octets as the record has them; where they did not follow each other without a pause,
    /// nobody knows from the record when each came, and only the first is written.
    void octets(const Step& step) {
        const Stretch* const stretch = stretch_at(step.start);
        if (stretch == nullptr) {
            return;
        }
        const bool sent = step.kind == Step::Kind::sent;
        const double octet = bit_of(step.baud) * bits_per_octet;
        const auto count = static_cast<double>(step.bytes.size());
        const bool even =
            std::abs(static_cast<double>(step.end - step.start) - count * octet) < octet / 4;
        const int y = sent ? voltage_top - 6 : current_top + lane_height + 14;
        for (std::size_t i = 0; i < (even ? step.bytes.size() : 1); ++i) {
            const double x = stretch->x_of(step.start) +
                             static_cast<double>(i) * octet / stretch->bit * bit_width;
            add(x, "<text class=\"{}\" x=\"{:.1f}\" y=\"{}\">{:02X}</text>\n", sent ? "tx" : "rx",
                in_row(x), y, step.bytes[i]);
        }
    }

    /// When a stretch begins, and how long nothing happened before it.
    void marks(const Stretch& stretch) {
        if (stretch.idle != 0) {
            const double x = stretch.x - cut_width;
            add(x + cut_width / 2, "<text class=\"cut\" x=\"{:.1f}\" y=\"{}\">{}</text>\n",
                in_row(x + cut_width / 2), voltage_top + lane_height + 12,
                duration_text(stretch.idle));
        }
        add(stretch.x, "<text class=\"at\" x=\"{:.1f}\" y=\"12\">{}</text>\n", in_row(stretch.x),
            duration_text(stretch.begin - origin()));
    }

    /// Time 0 of the sequence diagram.
    std::int64_t origin() const {
        return result_.steps.empty() ? ns_of(trace_.begin) : result_.steps.front().start;
    }

    std::string assemble(std::size_t row) const {
        const auto scale = [](const Range& range, int top, std::string_view unit) {
            return fmt::format("<text class=\"scale\" x=\"{0}\" y=\"{1}\">{2:.1f} {4}</text>"
                               "<text class=\"scale\" x=\"{0}\" y=\"{3}\">{5:.1f} {4}</text>\n",
                               left - 8, top + 8, range.high, top + lane_height, unit, range.low);
        };
        return fmt::format("<svg class=\"wave\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\""
                           "Voltage and current, row {}\">\n{}{}{}</svg>\n",
                           left + row_width + 8, row_height, row + 1,
                           scale(voltage_, voltage_top, "V"), scale(current_, current_top, "mA"),
                           rows_[row]);
    }

    const formats::CaseResult& result_;
    const LevelTrace& trace_;
    std::vector<Stretch> stretches_;
    Range voltage_;
    Range current_;
    std::vector<std::string> rows_;
    bool whole_ = true;
};

} // namespace

std::string waveform(const formats::CaseResult& result) {
    return result.waveform ? Drawing{result, *result.waveform}.draw() : std::string{};
}

} // namespace meterbench::reports
