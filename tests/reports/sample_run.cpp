// SPDX-License-Identifier: Apache-2.0
#include "tests/reports/sample_run.hpp"

#include <array>
#include <span>
#include <string_view>

namespace meterbench::tests {
namespace {

using formats::CaseResult;
using formats::Phase;
using formats::Reason;
using formats::RunResult;
using formats::Step;
using formats::Verdict;
using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::uint32_t baud = 2400;

Bytes with_checksum(Bytes frame, std::size_t from) {
    std::uint8_t sum = 0;
    for (std::size_t i = from; i < frame.size(); ++i) {
        sum = static_cast<std::uint8_t>(sum + frame[i]);
    }
    frame.push_back(sum);
    frame.push_back(0x16);
    return frame;
}

Bytes short_frame(std::uint8_t control, std::uint8_t address) {
    return with_checksum({0x10, control, address}, 1);
}

/// RSP_UD with the long header and one record, then `filler` bytes 2Fh.
Bytes response(std::uint8_t address, std::size_t filler = 0) {
    Bytes data{0x08, address, 0x72, 0x78, 0x56, 0x34, 0x12, 0x58, 0x36, 0x01, 0x04,
               0x2A, 0x00,    0x00, 0x00, 0x04, 0x06, 0xB8, 0x88, 0x00, 0x00};
    data.insert(data.end(), filler, 0x2F);
    const auto length = static_cast<std::uint8_t>(data.size());
    Bytes frame{0x68, length, length, 0x68};
    frame.insert(frame.end(), data.begin(), data.end());
    return with_checksum(std::move(frame), 4);
}

/// Builds a case step by step on its own clock.
class Story {
  public:
    Story(std::string id, std::string title, std::vector<std::string> checks) {
        result_.info = {std::move(id),
                        std::move(title),
                        "wired/meter/link.lua",
                        std::move(checks),
                        "meter",
                        {"line"},
                        {},
                        {"link"}};
        result_.seed = 7;
        result_.replay =
            "meterbench run scenarios/wired/meter --select " + result_.info.id + " --seed 1";
    }
    Story& phase(Phase phase) {
        phase_ = phase;
        return *this;
    }
    Story& frame(Step::Kind kind, Bytes bytes, std::int64_t after, Bytes errors = {}) {
        Step& step = add(kind, {});
        step.start = now_ + after;
        step.end = step.start + static_cast<std::int64_t>(bytes.size()) * 11 * 1'000'000'000 / baud;
        step.baud = baud;
        step.bytes = std::move(bytes);
        step.errors = std::move(errors);
        now_ = step.end;
        return *this;
    }
    Story& send(Bytes bytes) { return frame(Step::Kind::sent, std::move(bytes), 20 * millisecond); }
    Story& hear(Bytes bytes, Bytes errors = {}) {
        return frame(Step::Kind::heard, std::move(bytes), 20'416'666, std::move(errors));
    }
    Story& silence(std::int64_t duration) {
        Step& step = add(Step::Kind::silence, {});
        step.end = now_ += duration;
        step.baud = baud;
        return *this;
    }
    Story& expect(std::string what, bool passed = true, std::string expected = "E5",
                  std::string actual = "E5", std::string requirement = {}) {
        return judge(Step::Kind::expectation, std::move(what), passed, std::move(expected),
                     std::move(actual), std::move(requirement));
    }
    Story& measure(std::string what, bool passed, std::string limits, std::string actual) {
        return judge(Step::Kind::measurement, std::move(what), passed, std::move(limits),
                     std::move(actual), "MB2-LL-013");
    }
    Story& say(Step::Kind kind, std::string text, Bytes bytes = {}) {
        add(kind, std::move(text)).bytes = std::move(bytes);
        return *this;
    }
    /// The three steps the framework puts around a case.
    Story& probe(Phase phase_of_probe) {
        phase(phase_of_probe);
        send(short_frame(0x40, 5)).hear({0xE5}).expect("reset: SND_NKE is acknowledged");
        send(short_frame(0x7B, 5)).hear(response(5));
        expect("request: a valid RSP_UD from address 5");
        send(short_frame(0x7B, 99)).silence(3000 * millisecond);
        expect("foreign: an unused address stays silent");
        return phase(Phase::run);
    }
    CaseResult end(Verdict verdict, std::vector<Reason> reasons = {}) {
        result_.verdict = verdict;
        result_.reasons = std::move(reasons);
        result_.duration = now_;
        return std::move(result_);
    }

  private:
    Step& add(Step::Kind kind, std::string text) {
        Step& step = result_.steps.emplace_back();
        step.kind = kind;
        step.phase = phase_;
        step.start = step.end = now_;
        step.text = std::move(text);
        return step;
    }
    Story& judge(Step::Kind kind, std::string what, bool passed, std::string expected,
                 std::string actual, std::string requirement) {
        Step& step = add(kind, std::move(what));
        step.passed = passed;
        step.expected = std::move(expected);
        step.actual = std::move(actual);
        step.requirement = std::move(requirement);
        step.where = "wired/meter/link.lua:" + std::to_string(result_.steps.size());
        return *this;
    }

    CaseResult result_;
    Phase phase_ = Phase::run;
    std::int64_t now_ = 0;
};

std::string last_place(const Story&, std::size_t line) {
    return "wired/meter/link.lua:" + std::to_string(line);
}

CaseResult repeated_request() {
    Story story{"wired.link.fcb.repeat",
                "The same frame count bit gets the same telegram again",
                {"MB2-LL-037", "MB2-LL-038"}};
    story.probe(Phase::prologue);
    story.send(short_frame(0x40, 5)).hear({0xE5});
    story.send(short_frame(0x7B, 5)).hear(response(5));
    story.measure("reply time", true, "4.583 ms to 187.500 ms", "20.416 ms");
    story.send(short_frame(0x7B, 5)).hear(response(5));
    story.expect("answer to the repeated request", true, "the same telegram", "the same telegram",
                 "MB2-LL-038");
    return story.probe(Phase::epilogue).end(Verdict::pass);
}

CaseResult checksum() {
    Story story{"wired.link.frame.checksum",
                "A frame with a wrong checksum gets no answer",
                {"MB2-LL-012"}};
    story.probe(Phase::prologue);
    story.send({0x10, 0x7B, 0x05, 0x00, 0x16}).hear(response(5));
    story.expect("answer to a request whose checksum is wrong", false, "silence",
                 "RSP_UD from 5, 27 bytes", "MB2-LL-012");
    const std::string where = last_place(story, 12);
    story.probe(Phase::epilogue);
    return story.end(Verdict::fail,
                     {{Verdict::fail, "the meter answered a request whose checksum is wrong", where,
                       "MB2-LL-012"}});
}

CaseResult long_telegram() {
    Story story{
        "wired.link.frame.longest", "A telegram of 255 bytes arrives whole", {"MB2-LL-009"}};
    story.probe(Phase::prologue);
    story.send(short_frame(0x7B, 5)).hear(response(5, 200));
    story.say(Step::Kind::note, "the longest telegram that EN 13757-2 allows is 261 bytes");
    story.expect("length of the telegram", true, "227", "227", "MB2-LL-009");
    story.say(Step::Kind::remark, "the meter pads its telegram with 200 idle fillers");
    story.say(Step::Kind::attachment, "telegram.bin", response(5, 200));
    return story.probe(Phase::epilogue).end(Verdict::pass);
}

CaseResult spoilt() {
    Story story{
        "wired.line.parity", "A character with odd parity spoils the frame", {"MB2-LL-013"}};
    story.probe(Phase::prologue);
    story.frame(Step::Kind::sent, short_frame(0x7B, 5), 50 * millisecond, {0, 1, 0, 0, 0});
    story.silence(458'333'333);
    story.expect("silence after a parity error", true, "silence", "silence", "MB2-LL-013");
    story.send(short_frame(0x7B, 5)).hear({0x68, 0xFD, 0xFC}, {0, 8, 10});
    story.measure("reply time", false, "4.583 ms to 187.500 ms", "201.250 ms");
    return story.end(
        Verdict::inconclusive,
        {{Verdict::inconclusive, "the epilogue's step reset was not answered", "reset", ""}});
}

CaseResult hostile() {
    Story story{"wired.hostile.<script>",
                "<script>alert('x')</script> & \"quotes\" \xFF\xFE invalid UTF-8",
                {"MB2-<b>", "MB2-LL-038"}};
    story.say(Step::Kind::note, "</text></svg><script>alert(1)</script>");
    story.say(Step::Kind::remark, "right to left \xE2\x80\xAE mark, bell \x07");
    story.say(Step::Kind::attachment, "../../etc/<passwd>", {1, 2, 3});
    story.send({}).hear({0x00});
    story.expect("\"a\" onload='b' <i>", false, "<b>bold</b>", "]]> --> \x80", "MB2-<b>");
    const std::string very_long(900, 'w');
    story.say(Step::Kind::note, very_long);
    return story.end(Verdict::error,
                     {{Verdict::error, "lua: <unknown> \xC3\x28 " + very_long, "a\"b.lua:1", ""}});
}

CaseResult skipped(std::string id, std::string title, Verdict verdict, std::string reason) {
    Story story{std::move(id), std::move(title), {"MB2-PH-001"}};
    return story.end(verdict, {{verdict, std::move(reason), "", ""}});
}

void add_baud_family(RunResult& run) {
    for (const std::uint32_t rate : std::array{300U, 600U, 1200U, 2400U, 4800U, 9600U}) {
        Story story{"wired.baud." + std::to_string(rate),
                    "The meter answers at " + std::to_string(rate) + " Bd",
                    {"MB2-PH-030"}};
        story.probe(Phase::prologue);
        story.send(short_frame(0x40, 5)).hear({0xE5}).expect("acknowledge");
        run.cases.push_back(story.probe(Phase::epilogue).end(Verdict::pass));
    }
}

} // namespace

RunResult sample_run() {
    RunResult run;
    run.seed = 1;
    run.version = "0.1.0";
    run.rig = "scenarios/wired/rig.json";
    run.rig_kind = "simulated";
    run.rig_json = R"({"schema":"meterbench.rig/1","kind":"simulated","dut":{"role":"meter"}})";
    run.ics_json = R"({"schema":"meterbench.ics/1","role":"meter","baud":[300,2400],"fcb":true})";
    run.dut = "meter hall, address 5";
    run.dut_role = "meter";
    run.dut_address = "5";
    run.cases = {repeated_request(), checksum(), long_telegram(), spoilt(), hostile()};
    run.cases.push_back(skipped("wired.power.polarity", "Either polarity of the two wires works",
                                Verdict::not_runnable, "the rig lacks power"));
    run.cases.push_back(skipped("wired.selection.enhanced", "Enhanced selection by fabrication no",
                                Verdict::not_applicable,
                                "the implementation statement says enhanced_selection: false"));
    add_baud_family(run);
    run.requirements = {{"MB2-LL-038", "EN 13757-2, 5.7.4",
                         "A request with an unchanged frame count bit is "
                         "answered with the same telegram.",
                         "shall", "confirmed"},
                        {"MB2-LL-037", "EN 13757-2, 5.7.4",
                         "A request with a toggled frame count bit is answered "
                         "with the next telegram.",
                         "shall", "confirmed"},
                        {"MB2-LL-012", "EN 13757-2, 5.6.4",
                         "A frame with a wrong checksum is discarded without an "
                         "answer.",
                         "shall", "confirmed"},
                        {"MB2-LL-013", "EN 13757-2, 5.4",
                         "A frame with a parity error is discarded.", "shall", "single"},
                        {"MB2-PH-001", "EN 13757-2, 4.2.1",
                         "The slave operates with either polarity of the two bus "
                         "wires.",
                         "shall", "confirmed"},
                        {"MB2-PH-030", "EN 13757-2, 5.2",
                         "The slave communicates at the baud rates it declares.", "shall",
                         "memory"}};
    return run;
}

formats::RunHost sample_host() {
    return {"meterbench run scenarios/wired/meter",
            "bench-3",
            "2026-01-02T03:04:05Z",
            1.25,
            {{"scenarios/wired/rig.json", "00ff"}}};
}

} // namespace meterbench::tests
