// SPDX-License-Identifier: Apache-2.0
#include "reports/sequence_diagram.hpp"

#include "reports/frame_label.hpp"
#include "reports/html.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <string_view>

namespace meterbench::reports {
namespace {

using formats::Phase;
using formats::Step;

// Columns, in the units of the drawing.
constexpr int width = 1040;
constexpr int ruler = 112;
constexpr int harness = 176;
constexpr int device = 700;
constexpr int right = 716;
constexpr int text_left = harness + 20;
constexpr std::size_t text_width = 74;
constexpr std::size_t side_width = 44;
constexpr int line_height = 17;
constexpr std::size_t hex_per_line = 16;
constexpr int header = 64;

/// Draws one step after the other, downwards.
class Drawing {
  public:
    explicit Drawing(const formats::CaseResult& result) : result_{result} {}

    std::string draw() {
        const auto& steps = result_.steps;
        origin_ = steps.front().start;
        const std::size_t count = std::min(steps.size(), max_drawn_steps);
        for (std::size_t i = 0; i < count; ++i) {
            enter(steps[i].phase);
            draw_step(steps[i]);
        }
        if (count < steps.size()) {
            say("small", fmt::format("{} more steps are not drawn; result.json holds them all",
                                     steps.size() - count));
        }
        leave();
        return assemble();
    }

  private:
    template <class... Args> void add(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(body_), format, std::forward<Args>(args)...);
    }

    void enter(Phase phase) {
        if (phase_ && *phase_ == phase) {
            return;
        }
        leave();
        phase_ = phase;
        phase_top_ = y_;
        y_ += phase == Phase::run ? 10 : 24;
    }

    /// Closes the phase that is open: the framework's own steps get a shaded ground.
    void leave() {
        if (!phase_) {
            return;
        }
        y_ += 8;
        if (*phase_ != Phase::run) {
            fmt::format_to(std::back_inserter(ground_),
                           "<rect class=\"framework\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
                           "rx=\"8\"/><text class=\"phase\" x=\"{}\" y=\"{}\">{}</text>\n",
                           ruler + 8, phase_top_, width - ruler - 16, y_ - phase_top_, width - 18,
                           phase_top_ + 16,
                           *phase_ == Phase::prologue ? "prologue of the framework"
                                                      : "epilogue of the framework");
        }
        y_ += 6;
    }

    void draw_step(const Step& step) {
        switch (step.kind) {
        case Step::Kind::sent:
        case Step::Kind::heard: draw_frame(step); break;
        case Step::Kind::silence: draw_silence(step); break;
        case Step::Kind::expectation:
        case Step::Kind::measurement: draw_judgement(step); break;
        case Step::Kind::note: say("say", step.text); break;
        case Step::Kind::remark: say("remark", "Remark: " + step.text); break;
        case Step::Kind::attachment: say("say", "Attached: " + step.text); break;
        case Step::Kind::job: draw_job(step); break;
        }
    }

    void draw_job(const Step& step) {
        std::string text = "Job " + step.text + ": ";
        text += step.actual.empty() ? "did not end by itself" : "status " + step.actual;
        // The telegrams stand above, byte for byte.
        const auto telegrams = std::ranges::count_if(
            step.said, [](const std::string& line) { return line.starts_with("telegram "); });
        if (telegrams != 0) {
            text += fmt::format("; {} {} handed on", telegrams,
                                telegrams == 1 ? "telegram" : "telegrams");
        }
        for (const std::string& line : step.said) {
            if (!line.starts_with("telegram ")) {
                text += "; " + line;
            }
        }
        say("say", text);
    }

    /// A tick of the ruler; its label is left out where it would run into the one above.
    void time(std::int64_t instant, int y) {
        add("<path class=\"tick\" d=\"M{} {}h8\"/>", ruler - 4, y);
        if (y - last_label_ < 12) {
            return;
        }
        last_label_ = y;
        add("<text class=\"t\" x=\"{}\" y=\"{}\">{}</text>\n", ruler - 10, y + 4,
            duration_text(instant - origin_));
    }

    static std::vector<std::string> hex_lines(const Step& step) {
        const std::span<const std::uint8_t> bytes{step.bytes};
        if (bytes.size() <= hex_per_line) {
            return {spaced_hex(bytes)};
        }
        std::vector<std::string> lines{spaced_hex(bytes.first(hex_per_line))};
        if (bytes.size() <= 2 * hex_per_line) {
            lines.push_back(spaced_hex(bytes.subspan(hex_per_line)));
        } else {
            const auto rest = bytes.size() - hex_per_line - 4;
            lines.push_back(fmt::format("({} more bytes) {}", rest, spaced_hex(bytes.last(4))));
        }
        return lines;
    }

    void draw_frame(const Step& step) {
        const bool sent = step.kind == Step::Kind::sent;
        y_ += sent ? 14 : 12;
        if (!sent && request_) {
            y_ += 26;
        }
        const std::string spoilt = error_summary(step);
        const auto lines = hex_lines(step);
        const int top = y_;
        const int height = 28 + 16 * static_cast<int>(lines.size());
        if (!sent && request_) {
            span("bracket", step.start - *request_, step.baud, request_end_, top);
            request_.reset();
        }
        add("<a href=\"#frame-{}\"><g class=\"{}{}\"><title>{}</title>", ++frames_,
            formats::name_of(step.kind), spoilt.empty() ? "" : " spoilt",
            escape(spaced_hex(step.bytes)));
        band(sent, top, height);
        const int x = harness + 26;
        add("<text class=\"label\" x=\"{}\" y=\"{}\">{}</text>", x, top + 18,
            escape(frame_label(step.bytes)));
        for (std::size_t i = 0; i < lines.size(); ++i) {
            add("<text class=\"hex\" x=\"{}\" y=\"{}\">{}</text>", x,
                top + 35 + 16 * static_cast<int>(i), lines[i]);
        }
        add("</g></a>\n");
        beside_frame(step, spoilt, top + 18);
        time(step.start, top);
        time(step.end, top + height);
        y_ = top + height;
        if (sent) {
            request_ = step.end;
            request_end_ = y_;
        }
    }

    /// A band with an arrow's point at the side of the one who hears it.
    void band(bool to_device, int top, int height) {
        const int left = harness + 4;
        const int far = device - 4;
        const int middle = top + height / 2;
        if (to_device) {
            add("<path class=\"band\" d=\"M{} {}H{}L{} {}L{} {}H{}Z\"/>", left, top, far - 14, far,
                middle, far - 14, top + height, left);
        } else {
            add("<path class=\"band\" d=\"M{} {}H{}L{} {}L{} {}H{}Z\"/>", far, top, left + 14, left,
                middle, left + 14, top + height, far);
        }
    }

    void beside_frame(const Step& step, const std::string& spoilt, int y) {
        std::string text =
            fmt::format("{} byte{}", step.bytes.size(), step.bytes.size() == 1 ? "" : "s");
        if (step.baud != 0) {
            text += fmt::format(", {} Bd", step.baud);
        }
        add("<text class=\"small\" x=\"{}\" y=\"{}\">{}, {}</text>\n", right, y, text,
            duration_text(step.end - step.start));
        if (!spoilt.empty()) {
            add("<text class=\"small bad\" x=\"{}\" y=\"{}\">{}</text>\n", right, y + line_height,
                spoilt);
        }
    }

    /// A measured stretch of time, as a bracket at the side of the device under test.
    void span(std::string_view style, std::int64_t duration, std::uint32_t baud, int top,
              int bottom) {
        add("<path class=\"{0}\" d=\"M{1} {2}h12M{1} {3}h12M{4} {2}V{3}\"/>", style, device + 4,
            top, bottom, device + 10);
        const std::string bits = bit_times(duration, baud);
        add("<text class=\"gap\" x=\"{}\" y=\"{}\">{}{}{}</text>\n", right + 4,
            (top + bottom) / 2 + 4, duration_text(duration), bits.empty() ? "" : " = ", bits);
    }

    /// A wait between dashed lines, from where listening began to where it ended.
    void draw_silence(const Step& step) {
        y_ += 10;
        const int top = y_;
        const int height = 40;
        add("<path class=\"wait\" d=\"M{0} {1}H{2}M{0} {3}H{2}M{4} {1}V{3}\"/>", harness + 8, top,
            device - 8, top + height, (harness + device) / 2);
        add("<text class=\"label\" x=\"{}\" y=\"{}\">silence</text>\n", (harness + device) / 2 + 14,
            top + height / 2 + 5);
        span("wait", step.end - step.start, step.baud, top, top + height);
        time(step.start, top);
        time(step.end, top + height);
        y_ = top + height;
        request_.reset();
    }

    void draw_judgement(const Step& step) {
        y_ += 10;
        const int middle = y_ + 9;
        add("<g class=\"{}\"><circle class=\"disc\" cx=\"{}\" cy=\"{}\" r=\"9\"/>",
            step.passed ? "pass" : "fail", harness, middle);
        if (step.passed) {
            add("<path class=\"mark\" d=\"M{} {}l3 3l5 -6\"/></g>\n", harness - 4, middle);
        } else {
            add("<path class=\"mark\" d=\"M{0} {1}l7 7M{2} {1}l-7 7\"/></g>\n", harness - 3,
                middle - 3, harness + 4);
        }
        if (!step.requirement.empty()) {
            add("<text class=\"req\" x=\"{}\" y=\"{}\">{}</text>\n", right, middle + 4,
                escape(wrap(step.requirement, side_width, 1).front()));
        }
        lines(step.passed ? "" : "label bad", step.text, 3);
        if (!step.passed) {
            lines("", "expected " + step.expected, 2);
            lines("", "actual " + step.actual, 2);
        } else if (step.kind == Step::Kind::measurement) {
            lines("small", fmt::format("{}, within {}", step.actual, step.expected), 2);
        }
        y_ += 6;
    }

    void say(std::string_view style, std::string_view text) {
        y_ += 6;
        lines(style, text, 4);
        y_ += 4;
    }

    void lines(std::string_view style, std::string_view text, std::size_t count) {
        for (const std::string& line : wrap(text, text_width, count)) {
            add("<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", style, text_left, y_ + 13,
                escape(line));
            y_ += line_height;
        }
    }

    std::string assemble() const {
        const int height = y_ + 12;
        const bool meter = result_.info.role != "master";
        std::string svg = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" "
            "aria-label=\"Sequence of frames between harness and device under test\">\n",
            width, height);
        svg += ground_;
        svg += fmt::format("<text class=\"head\" x=\"{}\" y=\"22\">Harness</text>"
                           "<text class=\"sub\" x=\"{}\" y=\"39\">{}</text>"
                           "<text class=\"head\" x=\"{}\" y=\"22\">Device under test</text>"
                           "<text class=\"sub\" x=\"{}\" y=\"39\">{}</text>\n"
                           "<text class=\"t\" x=\"{}\" y=\"39\">time</text>\n",
                           harness, harness, meter ? "master" : "meters", device, device,
                           meter ? "meter" : "master", ruler - 10);
        svg += fmt::format("<path class=\"ruler\" d=\"M{} 50V{}\"/>"
                           "<path class=\"life\" d=\"M{} 50V{}M{} 50V{}\"/>\n",
                           ruler, height - 6, harness, height - 6, device, height - 6);
        return svg + body_ + "</svg>\n";
    }

    const formats::CaseResult& result_;
    std::string ground_;
    std::string body_;
    int y_ = header;
    int last_label_ = -100;
    int phase_top_ = 0;
    std::int64_t origin_ = 0;
    std::size_t frames_ = 0;
    std::optional<Phase> phase_;
    std::optional<std::int64_t> request_; ///< end of the request that is not answered yet
    int request_end_ = 0;
};

} // namespace

std::string sequence_diagram(const formats::CaseResult& result) {
    return result.steps.empty() ? std::string{} : Drawing{result}.draw();
}

} // namespace meterbench::reports
