// SPDX-License-Identifier: Apache-2.0
// Purpose: each predicate of scenarios/judge/meter passes a conversation as the standard has it and
// fails one with just that requirement broken. The traces are written by hand. Predicates about
// records, headers and errors: trace_judge_records_test.cpp, trace_judge_header_test.cpp; those of
// scenarios/judge/master: trace_judge_master_test.cpp.
#include "harness/lua/trace_judge.hpp"
#include "paths.hpp"
#include "tests/core/application/bytes_of.hpp"
#include "tests/harness/lua/conversation.hpp"
#include "tests/harness/lua/meter_rows.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>

namespace {

using namespace meterbench;
using formats::Trace;
using harness::lua::Ruling;
using harness::lua::TraceJudge;
using tests::bit;
using tests::long_frame;
using tests::octet;
using tests::say;

constexpr std::int64_t delay = 20'000'000;

void ask(Trace& trace, std::string_view hex) {
    say(trace, true, hex, 300'000'000);
}
void hear(Trace& trace, std::string_view hex) {
    say(trace, false, hex, delay);
}

/// RSP_UD of meter 5, MBX 12345678, version 1, heat, with one volume; access number and the first
/// DIF (its storage tells the telegrams apart) vary.
std::string response(unsigned access_number, std::string_view dif = "04",
                     std::string_view address = "05") {
    const std::string body = "08 " + std::string{address} + " 72 78 56 34 12 58 34 01 04 " +
                             octet(access_number) + " 00 00 00 " + std::string{dif} +
                             " 13 31 D4 00 00";
    return long_frame(body);
}

Trace start() {
    Trace trace;
    trace.case_id = "a.case";
    trace.role = "meter";
    trace.dut = "5";
    trace.ics = formats::parse_json(R"({"telegrams":2})", "ics").value();
    ask(trace, "10 40 05 45 16");
    hear(trace, "E5");
    ask(trace, "10 7B 05 80 16");
    hear(trace, response(1));
    return trace;
}

TraceJudge& judge() {
    static TraceJudge loaded = TraceJudge::load(METERBENCH_SOURCE_DIR "/scenarios/judge").value();
    return loaded;
}

Ruling ruling_of(const Trace& trace, std::string_view requirement) {
    const auto rulings = judge().judge(trace);
    BOOST_REQUIRE(rulings.has_value());
    for (const Ruling& ruling : *rulings) {
        if (ruling.requirement == requirement) {
            return ruling;
        }
    }
    BOOST_FAIL("no predicate for " << requirement);
    return {};
}

/// A conversation in which a requirement is kept, and what breaks it.
struct Row {
    std::string_view requirement;
    std::function<void(Trace&)> good;
    std::function<void(Trace&)> bad;
};

void last_octets(Trace& trace, std::string_view hex) {
    trace.packets.back().bytes = test::bytes_of(hex);
}
/// After `request` there is silence or `answer`, then the device answers a reset.
std::function<void(Trace&)> then(const std::string& request, const std::string& answer = {}) {
    return [request, answer](Trace& trace) {
        ask(trace, request);
        if (!answer.empty()) {
            hear(trace, answer);
        }
        ask(trace, "10 40 05 45 16");
        hear(trace, "E5");
    };
}
void nothing(Trace& /*trace*/) {}

Trace of_a_meter() {
    Trace trace;
    trace.role = "meter";
    return trace;
}

/// SND_UD to FDh with CI 52h and this mask.
std::string select(std::string_view mask) {
    return long_frame("73 FD 52 " + std::string{mask});
}
constexpr std::string_view request_selected = "10 7B FD 78 16";

const std::vector<Row>& rows() {
    static const std::vector<Row> all{
        {"MB2-LL-001", nothing, [](Trace& t) { t.packets[1].bytes = {0xA2}; }},
        {"MB2-LL-003", nothing, [](Trace& t) { t.packets[3].bytes[2] = 0x16; }},
        {"MB2-LL-004", nothing, [](Trace& t) { t.packets[3].bytes.push_back(0); }},
        {"MB2-LL-006", nothing, [](Trace& t) { t.packets[3].bytes[25] ^= 1; }},
        {"MB2-LL-007", then("10 40 05 46 16"), then("10 40 05 46 16", "E5")},
        {"MB2-LL-008", then("10 40 05 45 17"), then("10 40 05 45 17", "E5")},
        {"MB2-LL-009", then("68 03 04 68 53 05 50 A8 16"),
         then("68 03 04 68 53 05 50 A8 16", "E5")},
        {"MB2-LL-010", then("68 03 03 69 53 05 50 A8 16"),
         then("68 03 03 69 53 05 50 A8 16", "E5")},
        {"MB2-LL-012", then("68 03 03 68 53 05"), then("68 03 03 68 53 05", "E5")},
        {"MB2-LL-011",
         [](Trace& t) {
             ask(t, "10 40 05 45 16");
             t.packets.back().errors = 1;
             ask(t, "10 40 05 45 16");
             hear(t, "E5");
         },
         [](Trace& t) {
             ask(t, "10 40 05 45 16");
             t.packets.back().errors = 1;
             hear(t, "E5");
             ask(t, "10 40 05 45 16");
             hear(t, "E5");
         }},
        {"MB2-LL-014", nothing, [](Trace& t) { t.packets[3].end += 12 * bit; }},
        {"MB2-LL-016", nothing, [](Trace& t) { t.packets[3].start = t.packets[2].end + 10 * bit; }},
        {"MB2-LL-017", nothing,
         [](Trace& t) { t.packets[3].start = t.packets[2].end + 340 * bit + 50'000'000; }},
        {"MB2-LL-022", nothing, [](Trace& t) { hear(t, "E5"); }},
        {"MB2-LL-023", nothing,
         [](Trace& t) { t.packets[3].bytes[4] = 0x88, t.packets[3].bytes[25] ^= 0x80; }},
        {"MB2-LL-024", nothing,
         [](Trace& t) {
             t.packets[3].bytes[4] = 0x48;
             t.packets[3].bytes[25] = static_cast<std::uint8_t>(t.packets[3].bytes[25] + 0x40);
         }},
        {"MB2-LL-030", nothing,
         [](Trace& t) {
             t.packets[3].bytes[4] = 0x09;
             t.packets[3].bytes[25] = static_cast<std::uint8_t>(t.packets[3].bytes[25] + 1);
         }},
        {"MB2-LL-026", nothing, [](Trace& t) { t.packets.erase(t.packets.begin() + 1); }},
        {"MB2-LL-027", then("68 03 03 68 53 05 50 A8 16", "E5"),
         then("68 03 03 68 53 05 50 A8 16")},
        {"MB2-LL-028", nothing, [](Trace& t) { t.packets[3].bytes = {0xE5}; }},
        {"MB2-LL-036", then("10 40 05 45 16", "E5"),
         [](Trace& t) {
             ask(t, "10 40 05 45 16");
             hear(t, "E5");
             ask(t, "10 7B 05 80 16");
             hear(t, response(2, "44"));
         }},
        {"MB2-LL-037",
         [](Trace& t) {
             ask(t, "10 5B 05 60 16");
             hear(t, response(2, "44"));
         },
         [](Trace& t) {
             ask(t, "10 5B 05 60 16");
             hear(t, response(2));
         }},
        {"MB2-LL-038",
         [](Trace& t) {
             ask(t, "10 7B 05 80 16");
             hear(t, response(1));
         },
         [](Trace& t) {
             ask(t, "10 7B 05 80 16");
             hear(t, response(2, "44"));
         }},
        {"MB2-LL-051", then("10 40 FD 3D 16"), nullptr},
        {"MB2-LL-052", then("10 7B FE 79 16", response(2)), then("10 7B FE 79 16")},
        {"MB2-LL-053", then("10 40 FF 3F 16"), then("10 40 FF 3F 16", "E5")},
        {"MB2-LL-054", then("10 7B FE 79 16", response(2)),
         then("10 7B FE 79 16", response(2, "04", "06"))},
        {"MB2-LL-056", then("10 7B 0A 85 16"), then("10 7B 0A 85 16", response(2))},
        {"MB2-PH-036", nothing, [](Trace& t) { t.packets[3].errors = 1; }},
        {"MB3-RC-001", nothing,
         [](Trace& t) {
             t.packets[3].bytes[19] = 0x07;
             t.packets[3].bytes[25] += 3;
         }},
        {"MB7-SA-002", then(select("78 56 34 12 58 34 01 04"), "E5"),
         then(select("78 56 34 12 58 34 01 04"))},
        {"MB7-SA-004", then(select("78 56 34 F2 58 34 01 04"), "E5"),
         then(select("78 56 34 F2 58 34 01 04"))},
        {"MB7-SA-005", then(select("78 56 34 12 FF FF FF FF"), "E5"),
         then(select("78 56 34 12 FF FF FF FF"))},
        {"MB7-SA-003",
         [](Trace& t) {
             ask(t, select("79 56 34 12 58 34 01 04"));
             ask(t, request_selected);
         },
         [](Trace& t) {
             ask(t, select("79 56 34 12 58 34 01 04"));
             ask(t, request_selected);
             hear(t, response(2));
         }},
        {"MB7-SA-007",
         [](Trace& t) {
             ask(t, select("78 56 34 12 58 34 01 04"));
             hear(t, "E5");
             ask(t, "10 40 FD 3D 16");
             hear(t, "E5");
             ask(t, request_selected);
         },
         [](Trace& t) {
             ask(t, select("78 56 34 12 58 34 01 04"));
             hear(t, "E5");
             ask(t, "10 40 FD 3D 16");
             hear(t, "E5");
             ask(t, request_selected);
             hear(t, response(2));
         }},
        {"MB7-TL-004", nothing,
         [](Trace& t) { last_octets(t, "68 08 08 68 08 05 72 78 56 34 12 58 EB 16"); }},
        {"MB7-TL-006", nothing,
         [](Trace& t) {
             t.packets[3].bytes[7] = 0x7A;
             t.packets[3].bytes[25] += 2;
         }},
        {"MB7-TL-007", nothing,
         [](Trace& t) {
             t.packets[3].bytes[12] = 0xB4;
             t.packets[3].bytes[25] += 0x80;
         }},
        {"MB7-TL-008",
         [](Trace& t) {
             ask(t, "10 5B 05 60 16");
             hear(t, response(2, "44"));
         },
         [](Trace& t) {
             ask(t, "10 5B 05 60 16");
             hear(t, response(1, "44"));
         }},
        {"MB7-TL-013", nothing,
         [](Trace& t) {
             t.packets[3].bytes[19] = 0x07;
             t.packets[3].bytes[25] += 3;
         }},
        {"MB7-TL-014", nothing,
         [](Trace& t) {
             t.packets[3].bytes[18] = 0x80;
             t.packets[3].bytes[25] += 0x80;
         }},
    };
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_judge)

BOOST_AUTO_TEST_CASE(every_predicate_has_a_row) {
    std::set<std::string> tested = tests::requirements_with_rows();
    for (const Row& row : rows()) {
        tested.emplace(row.requirement);
    }
    for (const std::string& requirement : judge().requirements("meter")) {
        BOOST_TEST(tested.contains(requirement), requirement << " is not tested anywhere");
    }
}

BOOST_AUTO_TEST_CASE(what_is_kept_passes_and_what_is_broken_fails) {
    for (const Row& row : rows()) {
        if (row.bad == nullptr) {
            continue;
        }
        Trace good = start();
        row.good(good);
        const Ruling kept = ruling_of(good, row.requirement);
        BOOST_TEST((kept.verdict == Ruling::Verdict::pass),
                   row.requirement << " kept: " << name_of(kept.verdict) << " " << kept.text);
        Trace bad = start();
        row.bad(bad);
        const Ruling broken = ruling_of(bad, row.requirement);
        BOOST_TEST((broken.verdict == Ruling::Verdict::fail),
                   row.requirement << " broken: " << name_of(broken.verdict));
        BOOST_TEST(broken.packet != 0U, row.requirement << " names no packet");
    }
}

// A meter that is not selected answers at FDh: SA-003, SA-007 and LL-051 say the same of it.
BOOST_AUTO_TEST_CASE(an_answer_of_the_unselected_breaks_fdh) {
    Trace trace = start();
    ask(trace, select("79 56 34 12 58 34 01 04"));
    ask(trace, request_selected);
    BOOST_TEST((ruling_of(trace, "MB2-LL-051").verdict == Ruling::Verdict::pass));
    hear(trace, response(2));
    BOOST_TEST((ruling_of(trace, "MB2-LL-051").verdict == Ruling::Verdict::fail));
}

// Two telegrams of a sequence may have the same records and differ in their values: then a trace
// does not show whether the toggled request got another one.
BOOST_AUTO_TEST_CASE(telegrams_with_the_same_records_are_told_apart_by_their_values) {
    Trace trace = start();
    ask(trace, "10 5B 05 60 16");
    hear(trace, response(2));
    BOOST_TEST((ruling_of(trace, "MB2-LL-037").verdict == Ruling::Verdict::fail));
    constexpr std::size_t value = 21;
    std::vector<std::uint8_t>& bytes = trace.packets.back().bytes;
    ++bytes[value];
    ++bytes[bytes.size() - 2];
    BOOST_TEST((ruling_of(trace, "MB2-LL-037").verdict == Ruling::Verdict::none));
}

// Only 5Bh and 7Bh must be answered (MB2-LL-028); 6Bh, with FCV = 0, may be left alone.
BOOST_AUTO_TEST_CASE(a_request_without_a_valid_frame_count_bit_may_be_left_alone) {
    Trace trace = start();
    ask(trace, "10 6B 05 70 16");
    ask(trace, "10 40 05 45 16");
    hear(trace, "E5");
    BOOST_TEST((ruling_of(trace, "MB2-LL-028").verdict == Ruling::Verdict::pass));
    ask(trace, "10 7B 05 80 16");
    ask(trace, "10 40 05 45 16");
    hear(trace, "E5");
    BOOST_TEST((ruling_of(trace, "MB2-LL-028").verdict == Ruling::Verdict::fail));
}

// Silence is evidence only where the device lives: without the reset behind it nothing is shown.
BOOST_AUTO_TEST_CASE(silence_of_a_dead_device_shows_nothing) {
    Trace trace = start();
    ask(trace, "10 40 05 46 16");
    BOOST_TEST((ruling_of(trace, "MB2-LL-007").verdict == Ruling::Verdict::none));
}

// A trace has no voltages: where a case sets them, silence at FEh may be what is due.
BOOST_AUTO_TEST_CASE(silence_counts_for_nothing_where_the_case_sets_voltages) {
    Trace trace = start();
    ask(trace, "10 7B FE 79 16");
    ask(trace, "10 40 05 45 16");
    hear(trace, "E5");
    BOOST_TEST((ruling_of(trace, "MB2-LL-052").verdict == Ruling::Verdict::fail));
    trace.needs = {"line", "levels"};
    BOOST_TEST((ruling_of(trace, "MB2-LL-052").verdict != Ruling::Verdict::fail));
}

// What is heard while the case cuts the cable is not the device's doing.
BOOST_AUTO_TEST_CASE(nothing_is_judged_where_the_case_spoils_the_wire) {
    Trace trace = start();
    ask(trace, "10 7B 05 80 16");
    hear(trace, "E5");
    BOOST_TEST((ruling_of(trace, "MB2-LL-028").verdict == Ruling::Verdict::fail));
    trace.spoilt = true;
    BOOST_TEST((ruling_of(trace, "MB2-LL-028").verdict == Ruling::Verdict::none));
}

BOOST_AUTO_TEST_CASE(uncertain_times_widen_the_window) {
    Trace trace = start();
    trace.packets[3].start = trace.packets[2].end + 10 * bit;
    const auto rulings = judge().judge(trace, std::chrono::milliseconds{1});
    BOOST_REQUIRE(rulings.has_value());
    for (const Ruling& ruling : *rulings) {
        if (ruling.requirement == "MB2-LL-016") {
            BOOST_TEST((ruling.verdict == Ruling::Verdict::pass));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_empty_trace_shows_nothing) {
    Trace trace;
    trace.case_id = "a.case";
    trace.role = "meter";
    const auto rulings = judge().judge(trace);
    BOOST_REQUIRE(rulings.has_value());
    for (const Ruling& ruling : *rulings) {
        BOOST_TEST((ruling.verdict == Ruling::Verdict::none), ruling.requirement);
    }
}

// Each predicate judges devices of one role: requests and answers change sides with it.
BOOST_AUTO_TEST_CASE(a_role_without_predicates_is_not_judged) {
    Trace trace = start();
    for (const std::string role : {"", "repeater"}) {
        trace.role = role;
        const auto rulings = judge().judge(trace);
        BOOST_REQUIRE(!rulings.has_value());
        BOOST_TEST(rulings.error() == "there are no predicates for devices of role '" + role + "'");
    }
}

// The judge has no way to the code of the live judge: no frames, no scenario API, no files.
BOOST_AUTO_TEST_CASE(a_predicate_has_neither_frames_nor_files) {
    for (const std::string name : {"frame", "hex", "expect", "io", "os", "load", "print"}) {
        const tests::TemporaryFolder folder;
        (void)folder.write("meter/a.lua", "return { A = function() return " + name +
                                              " == nil and 'pass' or 'fail', 'is there', 1 end }");
        auto loaded = TraceJudge::load(folder.path());
        BOOST_REQUIRE(loaded.has_value());
        const auto rulings = loaded->judge(of_a_meter());
        BOOST_REQUIRE(rulings.has_value());
        BOOST_TEST((rulings->at(0).verdict == Ruling::Verdict::pass), name);
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_predicates_is_said_with_its_place) {
    const auto message = [](std::string_view text) {
        const tests::TemporaryFolder folder;
        (void)folder.write("meter/a.lua", text);
        auto loaded = TraceJudge::load(folder.path());
        if (!loaded) {
            return loaded.error().substr(folder.path().string().size() + 7);
        }
        const auto rulings = loaded->judge(of_a_meter());
        return rulings ? std::string{"judged"} : rulings.error();
    };
    BOOST_TEST(message("return 1") == "a.lua: returns no table of predicates");
    BOOST_TEST(message("return { A = 1 }") ==
               "a.lua: a key that is no id, or a value that is no function");
    BOOST_TEST(message("return { A = function() return 'maybe' end }") ==
               "A: the predicate returned 'maybe'");
    BOOST_TEST(message("return {").starts_with("a.lua:1: "));
    BOOST_TEST(message("return { A = function(t) return t.x.y end }").starts_with("A: "));
    const tests::TemporaryFolder folder;
    (void)folder.write("meter/a.lua", "return { A = function() return 'none' end }");
    (void)folder.write("meter/b.lua", "return { A = function() return 'none' end }");
    BOOST_TEST(TraceJudge::load(folder.path()).error() ==
               folder.path().string() + "/meter: two predicates for A");
    BOOST_TEST(TraceJudge::load(folder.path() / "none").error().ends_with(": no predicates there"));
}

BOOST_AUTO_TEST_SUITE_END()
