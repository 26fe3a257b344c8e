// SPDX-License-Identifier: Apache-2.0
// What watches the wire over a whole case: each monitor just inside and just outside its limit.
#include "harness/monitor.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <vector>

using namespace meterbench;
using core::Duration;
using core::Instant;
using core::Octet;
using core::OctetErrors;
using formats::Verdict;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

namespace {

constexpr core::Baud baud{2400};
constexpr std::array<std::uint8_t, 5> request{0x10, 0x5B, 0x05, 0x60, 0x16};
constexpr std::array<std::uint8_t, 5> elsewhere{0x10, 0x5B, 0x06, 0x61, 0x16};
/// RSP_UD of address 5, CI 70h.
const std::vector<std::uint8_t> answer{0x68, 0x04, 0x04, 0x68, 0x08, 0x05, 0x70, 0x00, 0x7D, 0x16};
constexpr Duration character = core::character_bits.floor(baud);

formats::Catalogue make_catalogue() {
    std::string text = R"({"schema":"meterbench.catalogue/1","requirements":[)";
    for (const char* const id :
         {"MB2-LL-014", "MB2-LL-016", "MB2-LL-017", "MB2-LL-022", "MB2-PH-008", "MB2-PH-036"}) {
        text += (text.ends_with('[') ? "" : ",") + std::string{R"({"id":")"} + id +
                R"(","source":"EN","clause":"1","layer":"link","role":"meter","severity":"shall",
                "confidence":"confirmed","text":"t","method":"m","tested":{"meter":{"by":"suite"}}})";
    }
    formats::Catalogue catalogue;
    BOOST_REQUIRE(catalogue.add(text + "]}", "catalogue.json"));
    return catalogue;
}

/// One request and its answer, watched.
struct Bench {
    formats::Catalogue catalogue = make_catalogue();
    formats::CaseInfo info;
    formats::Policy policy;
    harness::Monitor monitor{{.address = 5, .timing = true, .gaps = true, .octet_errors = true}};
    Instant now{};
    std::vector<formats::Reason> reasons;
    std::size_t measurements = 0;

    template <class Bytes> void send(const Bytes& bytes) {
        const Instant start = now;
        now += core::bit_edge(baud, 11 * static_cast<std::int64_t>(bytes.size()));
        monitor.sent(bytes, start, now, baud);
    }
    void hear(std::uint8_t value, Duration before, OctetErrors errors = OctetErrors::none) {
        now += before;
        const Octet octet{.value = value, .errors = errors, .start = now, .end = now + character};
        now += character;
        monitor.heard({&octet, 1});
    }
    void hear_answer(Duration delay) {
        for (std::size_t i = 0; i < answer.size(); ++i) {
            hear(answer[i], i == 0 ? delay : Duration{});
        }
    }
    /// The verdict, and the requirement of its reason.
    std::pair<Verdict, std::string> judge() {
        harness::Judge judge{info, catalogue, policy, [this](const formats::StreamItem& item) {
                                 if (const auto* reason = std::get_if<formats::Reason>(&item)) {
                                     reasons.push_back(*reason);
                                 }
                                 if (const auto* step = std::get_if<formats::Step>(&item)) {
                                     measurements +=
                                         step->kind == formats::Step::Kind::measurement ? 1 : 0;
                                 }
                             }};
        monitor.report(judge);
        return {judge.verdict(), reasons.empty() ? "" : reasons.front().requirement};
    }
};

using Result = std::pair<Verdict, std::string>;
const Result good{Verdict::none, ""};

void check(const Result& actual, const Result& expected) {
    BOOST_TEST(formats::name_of(actual.first) == formats::name_of(expected.first));
    BOOST_TEST(actual.second == expected.second);
}

/// 11 bit times less 0.5 % and 330 bit times plus 0.5 % + 50 ms, at 2400 Bd.
constexpr Duration earliest{4'560'416};
constexpr Duration latest{188'187'500};

} // namespace

BOOST_AUTO_TEST_SUITE(monitor)

BOOST_AUTO_TEST_CASE(a_good_answer_leaves_its_measurements) {
    Bench bench;
    bench.send(request);
    bench.hear_answer(milliseconds{20});
    check(bench.judge(), good);
    BOOST_TEST(bench.measurements == 5U);
}

// MB2-PH-008: the highest current counts; one unit load is 1.5 mA.
BOOST_AUTO_TEST_CASE(current_at_rest) {
    Bench bench;
    bench.monitor.drawn(1.5, bench.now);
    check(bench.judge(), good);
    BOOST_TEST(bench.measurements == 1U);
    bench.monitor.drawn(1.6, bench.now);
    bench.monitor.drawn(1.4, bench.now);
    check(bench.judge(), {Verdict::fail, "MB2-PH-008"});
    Bench spoilt;
    spoilt.monitor.suspend();
    spoilt.monitor.drawn(3, spoilt.now);
    check(spoilt.judge(), good);
}

BOOST_AUTO_TEST_CASE(nothing_heard_is_nothing_judged) {
    Bench bench;
    bench.send(request);
    check(bench.judge(), good);
    BOOST_TEST(bench.measurements == 0U);
}

BOOST_AUTO_TEST_CASE(reply_window) {
    for (const auto& [delay, result] :
         {std::pair{earliest, good}, std::pair{latest, good},
          std::pair{earliest - nanoseconds{1}, Result{Verdict::fail, "MB2-LL-016"}},
          std::pair{latest + nanoseconds{1}, Result{Verdict::fail, "MB2-LL-017"}}}) {
        Bench bench;
        bench.send(request);
        bench.hear_answer(delay);
        check(bench.judge(), result);
    }
}

// What lies within the rig's uncertainty is left to the cases about it.
BOOST_AUTO_TEST_CASE(uncertainty_is_the_devices_benefit) {
    for (const auto& [delay, result] : {std::pair{latest + milliseconds{2}, good},
                                        std::pair{latest + milliseconds{2} + nanoseconds{1},
                                                  Result{Verdict::fail, "MB2-LL-017"}}}) {
        Bench bench;
        bench.monitor = harness::Monitor{
            {.address = 5, .uncertainty = milliseconds{2}, .timing = true, .octet_errors = true}};
        bench.send(request);
        bench.hear_answer(delay);
        check(bench.judge(), result);
    }
}

BOOST_AUTO_TEST_CASE(gaps) {
    const Duration limit = core::BitTime{11}.ceil(baud);
    for (const auto& [gap, result] :
         {std::pair{limit, good},
          std::pair{limit + nanoseconds{1}, Result{Verdict::fail, "MB2-LL-014"}}}) {
        Bench bench;
        bench.send(request);
        for (std::size_t i = 0; i < answer.size(); ++i) {
            bench.hear(answer[i], i == 0 ? milliseconds{20} : i == 4 ? gap : Duration{});
        }
        check(bench.judge(), result);
    }
}

// A port hands over octets in bursts of its host: without the rig's word, a pause is no gap.
BOOST_AUTO_TEST_CASE(gaps_where_the_rig_cannot_time_characters) {
    Bench bench;
    bench.monitor = harness::Monitor{{.address = 5, .timing = true}};
    bench.send(request);
    for (std::size_t i = 0; i < answer.size(); ++i) {
        bench.hear(answer[i], i == 0 || i == 4 ? milliseconds{20} : Duration{});
    }
    check(bench.judge(), good);
}

BOOST_AUTO_TEST_CASE(parity) {
    Bench bench;
    bench.send(request);
    bench.hear(0xE5, milliseconds{20}, OctetErrors::parity);
    check(bench.judge(), {Verdict::fail, "MB2-PH-036"});
}

BOOST_AUTO_TEST_CASE(octets_after_the_answer) {
    Bench bench;
    bench.send(request);
    bench.hear_answer(milliseconds{20});
    bench.hear(0x00, milliseconds{500});
    check(bench.judge(), {Verdict::fail, "MB2-LL-022"});
}

// Two answers at once are not the device's doing.
BOOST_AUTO_TEST_CASE(a_collision_is_inconclusive) {
    Bench bench;
    bench.send(request);
    bench.hear(0xE5, milliseconds{20}, OctetErrors::collision);
    check(bench.judge(), {Verdict::inconclusive, ""});
}

// Who answers at another address is another device.
BOOST_AUTO_TEST_CASE(other_addresses_are_not_judged) {
    Bench bench;
    bench.send(elsewhere);
    bench.hear_answer(milliseconds{600});
    check(bench.judge(), good);
    BOOST_TEST(bench.measurements == 0U);
}

// A frame sent into an answer: what comes then is not judged, the next request is again.
BOOST_AUTO_TEST_CASE(sending_into_an_answer) {
    Bench bench;
    bench.send(request);
    bench.hear_answer(milliseconds{20});
    const Instant into = bench.now - 3 * character;
    bench.monitor.sent(request, into, into + core::bit_edge(baud, 55), baud);
    bench.now = into + core::bit_edge(baud, 55);
    bench.hear_answer(milliseconds{1});
    check(bench.judge(), good);
    bench.send(request);
    bench.hear_answer(milliseconds{1});
    check(bench.judge(), {Verdict::fail, "MB2-LL-016"});
}

BOOST_AUTO_TEST_CASE(a_rig_that_cannot_tell_judges_nothing_of_it) {
    Bench bench;
    bench.monitor = harness::Monitor{{.address = 5}};
    bench.send(request);
    bench.hear(0xE5, milliseconds{600}, OctetErrors::parity);
    check(bench.judge(), good);
}

BOOST_AUTO_TEST_CASE(a_case_that_spoils_the_wire_suspends_it) {
    Bench bench;
    bench.monitor.suspend();
    bench.send(request);
    bench.hear_answer(milliseconds{600});
    check(bench.judge(), good);
}

BOOST_AUTO_TEST_SUITE_END()
