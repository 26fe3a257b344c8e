// SPDX-License-Identifier: Apache-2.0
#include "formats/result_stream.hpp"
#include "formats/result_text.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

namespace {

using namespace meterbench::formats;

/// Items of every kind, their texts and bytes at random.
class RandomItems {
  public:
    explicit RandomItems(unsigned seed) : random_{seed} {}

    StreamItem next() {
        switch (below(6)) {
        case 0: return loaded();
        case 1: return step();
        case 2: return Reason{verdict(), text(), text(), text()};
        case 3: return Finished{verdict(), number(), verdict() == Verdict::pass};
        case 4: return waveform();
        default: return LoadError{text(), text()};
        }
    }

  private:
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    std::int64_t number() { return static_cast<std::int64_t>(random_()); }
    Verdict verdict() { return static_cast<Verdict>(below(verdict_names.size())); }
    std::string text() {
        std::string result;
        for (std::uint64_t i = below(30); i > 0; --i) {
            result += static_cast<char>(below(256));
        }
        return result;
    }
    std::vector<std::uint8_t> bytes(std::size_t count) {
        std::vector<std::uint8_t> result(count);
        for (std::uint8_t& byte : result) {
            byte = static_cast<std::uint8_t>(below(256));
        }
        return result;
    }
    std::vector<std::string> texts() {
        std::vector<std::string> result(below(4));
        for (std::string& item : result) {
            item = text();
        }
        return result;
    }
    Waveform waveform() {
        using meterbench::core::Duration;
        using meterbench::core::Instant;
        Waveform result;
        meterbench::core::LevelTrace& trace = result.trace;
        trace.begin = Instant{Duration{static_cast<std::int64_t>(below(1'000'000))}};
        trace.end = trace.begin + Duration{static_cast<std::int64_t>(below(1'000'000))};
        for (std::uint64_t i = below(5); i > 0; --i) {
            const Instant at = trace.begin + Duration{static_cast<std::int64_t>(below(1000))};
            const double value = static_cast<double>(below(50'000'000)) / 1e6;
            trace.sent.push_back({at, below(2) == 0});
            trace.heard.push_back({at, below(2) == 0});
            trace.voltage.push_back({at, value});
            trace.current.push_back({at, -value});
        }
        return result;
    }
    Loaded loaded() {
        Loaded result;
        for (std::uint64_t i = below(3); i > 0; --i) {
            result.cases.push_back(
                {text(), text(), text(), texts(), text(), texts(), texts(), texts()});
        }
        return result;
    }
    Step step() {
        Step result;
        result.kind = static_cast<Step::Kind>(below(step_kind_names.size()));
        result.phase = static_cast<Phase>(below(3));
        result.start = number();
        result.end = number();
        result.baud = static_cast<std::uint32_t>(random_());
        result.station = static_cast<std::uint16_t>(random_());
        result.bytes = bytes(below(300));
        result.errors = below(2) == 0 ? bytes(result.bytes.size()) : std::vector<std::uint8_t>{};
        result.text = text();
        result.passed = below(2) == 0;
        result.expected = text();
        result.actual = text();
        result.said = texts();
        result.requirement = text();
        result.where = text();
        return result;
    }

    std::mt19937_64 random_;
};

// Purpose: every item, with any bytes in its texts, is one line that gives the same item again.
// Texts come back as printable() makes them, and then encode to the same line.
BOOST_AUTO_TEST_SUITE(result_stream)

BOOST_AUTO_TEST_CASE(round_trip_of_random_items) {
    RandomItems items{1};
    for (int i = 0; i < 3000; ++i) {
        const StreamItem item = items.next();
        const std::string line = encode(item);
        BOOST_REQUIRE(line.find('\n') == line.size() - 1);
        const auto read = decode(line);
        BOOST_REQUIRE_MESSAGE(read, read.error() << ": " << line);
        BOOST_REQUIRE(read->index() == item.index());
        BOOST_REQUIRE(encode(*read) == line);
    }
}

BOOST_AUTO_TEST_CASE(a_step_keeps_every_member) {
    const Step step{.kind = Step::Kind::heard,
                    .phase = Phase::epilogue,
                    .start = -1,
                    .end = std::numeric_limits<std::int64_t>::max(),
                    .baud = 2400,
                    .station = 7,
                    .bytes = {0x00, 0xE5},
                    .errors = {1, 8},
                    .text = "a\xFF",
                    .passed = false,
                    .expected = "b",
                    .actual = "c",
                    .said = {"found 5", "fault 6: silence"},
                    .requirement = "MB2-LL-038",
                    .where = "case.lua:3"};
    const auto read = decode(encode(step));
    BOOST_REQUIRE(read.has_value());
    const Step& same = std::get<Step>(*read);
    BOOST_TEST((same.kind == step.kind && same.phase == step.phase));
    BOOST_TEST(same.start == step.start);
    BOOST_TEST(same.end == step.end);
    BOOST_TEST(same.baud == step.baud);
    BOOST_TEST(same.station == step.station);
    BOOST_TEST(same.bytes == step.bytes, boost::test_tools::per_element());
    BOOST_TEST(same.errors == step.errors, boost::test_tools::per_element());
    BOOST_TEST(same.text == "a\\xFF");
    BOOST_TEST(!same.passed);
    BOOST_TEST(same.expected == step.expected);
    BOOST_TEST(same.actual == step.actual);
    BOOST_TEST(same.said == step.said, boost::test_tools::per_element());
    BOOST_TEST(same.requirement == step.requirement);
    BOOST_TEST(same.where == step.where);
}

// Purpose: a line of a worker that died in its middle, or of something else, is refused by name.
BOOST_AUTO_TEST_CASE(refuses_what_it_did_not_write) {
    const std::string line = encode(Finished{Verdict::pass, 5, false});
    BOOST_TEST(line == R"({"finished":{"verdict":"pass","duration_ns":5,"spoilt":false}})"
                       "\n");
    for (std::size_t length = 0; length < line.size() - 1; ++length) {
        BOOST_TEST(!decode(line.substr(0, length)));
    }
    BOOST_TEST(decode(R"({"finished":{"verdict":"pass","duration_ns":5,"spoilt":false,"more":1}})")
                   .error() == "worker's stream: finished.more: unknown key");
    BOOST_TEST(decode(R"({"finished":{"verdict":"good","duration_ns":5,"spoilt":false}})")
                   .error()
                   .starts_with("worker's stream: finished.verdict: must be "));
    BOOST_TEST(decode(R"({"waveform":{"begin_ns":0,"length_ns":9,"sent":"1 x ","heard":"",)"
                      R"("voltage_uv":"","current_ua":""}})")
                   .error() ==
               "worker's stream: waveform.sent: must be numbers with a blank behind each");
    BOOST_TEST(decode(R"({"done":{}})").error() == "worker's stream: done: unknown key");
    BOOST_TEST(decode("{}").error() == "worker's stream: must have exactly one member");
    BOOST_TEST(decode(R"({"step":{"kind":"note","phase":"run","start_ns":0,"end_ns":0,)"
                      R"("bytes":"00","errors":"0000"}})")
                   .error() ==
               "worker's stream: step.errors: must have as many bytes as the bytes");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
