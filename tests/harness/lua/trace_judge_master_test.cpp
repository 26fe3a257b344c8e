// SPDX-License-Identifier: Apache-2.0
// Purpose: each predicate of scenarios/judge/master passes a conversation as the standard has it
// and fails one with just that requirement broken; where a trace does not tell, it says so. The
// traces are written by hand: the master under test is heard, the meters are sent.
#include "harness/lua/trace_judge.hpp"
#include "paths.hpp"
#include "tests/harness/lua/conversation.hpp"
#include "tests/harness/lua/judged_by_jobs.hpp"

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
using tests::short_frame;
using Change = std::function<void(Trace&)>;

constexpr std::int64_t patience = 330 * bit + 50'000'000;
constexpr std::int64_t answer_delay = 20'000'000;

const std::string reset = short_frame("40 05");
const std::string request = short_frame("7B 05"); // FCB = 1
const std::string toggled = short_frame("5B 05"); // FCB = 0
const std::string request_selected = short_frame("7B FD");
const std::string toggled_selected = short_frame("5B FD");
const std::string volume = " 04 13 31 D4 00 00";
const std::string more = " 1F";
const std::string garbage = "68 FF 00 16 A5";

/// From the master.
void ask(Trace& trace, std::string_view hex, std::int64_t pause = patience + 20 * bit) {
    say(trace, false, hex, pause);
}
/// From a meter.
void answer(Trace& trace, std::string_view hex, std::int64_t pause = answer_delay) {
    say(trace, true, hex, pause);
}
void ask_and_answer(Trace& trace, std::string_view from_master, std::string_view from_meter) {
    ask(trace, from_master);
    answer(trace, from_meter);
}

/// RSP_UD of MBX 12345678, version 1, heat.
std::string telegram(const std::string& records, const std::string& address = "05") {
    return long_frame("08 " + address + " 72 78 56 34 12 58 34 01 04 01 00 00 00" + records);
}
std::string write(const std::string& ci_and_data) {
    return long_frame("73 05 " + ci_and_data);
}
std::string select(const std::string& mask) {
    return long_frame("73 FD 52 " + mask);
}
/// A mask of these eight digits, the most significant first.
std::string wild(std::string_view digits) {
    std::string mask;
    for (std::size_t at = 8; at > 0; at -= 2) {
        mask += std::string{digits.substr(at - 2, 2)} + " ";
    }
    return select(mask + "FF FF FF FF");
}
const std::string whole_address = select("78 56 34 12 58 34 01 04");

/// A read-out of one telegram.
Trace start() {
    Trace trace;
    trace.case_id = "a.case";
    trace.role = "master";
    trace.needs = {"job", "octet_errors"};
    trace.ics = formats::parse_json(R"({"fcb":true})", "ics").value();
    ask_and_answer(trace, reset, "E5");
    ask_and_answer(trace, request, telegram(volume));
    return trace;
}

/// The case's own part has ended, and with it the jobs in it.
void end_phase(Trace& trace) {
    ask(trace, short_frame("40 FA"));
    trace.packets.back().phase = "epilogue";
}

// ---- what happens after the read-out

/// Meter 5 is asked again from its reset on, and says `first`; then comes `next`.
Change asked_then(const std::string& first, const std::string& next) {
    return [first, next](Trace& trace) {
        ask_and_answer(trace, reset, "E5");
        ask_and_answer(trace, request, first);
        ask(trace, next);
    };
}
Change sent(const std::string& frame) {
    return [frame](Trace& trace) { ask(trace, frame); };
}
Change all(const std::vector<Change>& changes) {
    return [changes](Trace& trace) {
        for (const Change& change : changes) {
            change(trace);
        }
    };
}
Change exchanged(const std::string& from_master, const std::string& from_meter) {
    return
        [from_master, from_meter](Trace& trace) { ask_and_answer(trace, from_master, from_meter); };
}
void nothing(Trace& /*trace*/) {}

/// The meter with this secondary address is read below FDh, and says `first`.
Change selected_then(const std::string& first, const std::string& next) {
    return all({exchanged(whole_address, "E5"), exchanged(request_selected, first), sent(next)});
}
/// Nobody answers to this mask; one meter does and is read; several do.
Change silent(std::string_view digits) {
    return sent(wild(digits));
}
Change found(std::string_view digits) {
    return all({exchanged(wild(digits), "E5"), exchanged(request_selected, telegram(volume))});
}
Change collided(std::string_view digits) {
    return all({exchanged(wild(digits), "E5"), exchanged(request_selected, "68 55 F1 00 16 16")});
}
/// Masks of one digit that nobody answers to, from 0 on.
Change silent_digits(unsigned count) {
    return [count](Trace& trace) {
        for (unsigned digit = 0; digit < count; ++digit) {
            ask(trace, wild(std::to_string(digit) + "FFFFFFF"));
        }
    };
}
Change scanned(unsigned last) {
    return [last](Trace& trace) {
        for (unsigned address = 0; address <= last; ++address) {
            ask(trace, short_frame("40 " + octet(address)));
        }
    };
}
/// The command for 300 Bd; then SND_NKE at this rate, which nobody answers.
Change rate_change(std::uint32_t baud) {
    return [baud](Trace& trace) {
        ask_and_answer(trace, write("B8"), "E5");
        say(trace, false, reset, 300'000'000, baud);
    };
}
/// What the converter gives back of the request before.
void echo(Trace& trace) {
    formats::TracePacket copy = trace.packets.back();
    copy.sent = true;
    copy.start += 1000;
    copy.end += 1000;
    trace.packets.push_back(std::move(copy));
}
Change echoed_then(const std::string& next) {
    return [next](Trace& trace) {
        ask_and_answer(trace, reset, "E5");
        ask(trace, request);
        echo(trace);
        answer(trace, telegram(volume + more));
        ask(trace, next);
    };
}

/// A conversation in which a requirement is kept, and what breaks it.
struct Row {
    std::string requirement;
    Change good;
    Change bad;
    std::string_view kept = "pass"; ///< none: a trace can show it broken only
};

/// A requirement about records or headers: what announces more is asked for more.
Row structure(const std::string& requirement, const std::string& first) {
    return {requirement, asked_then(first, toggled),
            [first](Trace& trace) {
                trace.packets.clear();
                ask_and_answer(trace, request, first);
                end_phase(trace);
            },
            "none"};
}

std::vector<Row> frame_rows() {
    const std::string command = write("51 04 13 01 02 03 04");
    const auto changed = [command](std::size_t at, unsigned mask) -> Change {
        return [=](Trace& trace) {
            ask(trace, command);
            trace.packets.back().bytes[at] ^= static_cast<std::uint8_t>(mask);
        };
    };
    return {
        {"MB2-LL-002", nothing, sent("11 40 05 45 16")},
        {"MB2-LL-003", sent(command), changed(2, 0x10)},
        {"MB2-LL-004", sent(command),
         [=](Trace& trace) {
             changed(1, 0x02)(trace);
             trace.packets.back().bytes[2] ^= 0x02;
         }},
        {"MB2-LL-006", nothing, changed(13, 0x01)},
        {"MB2-LL-014", nothing, [](Trace& trace) { trace.packets[0].end += 60 * bit; }},
        {"MB2-LL-023", nothing, sent(short_frame("C0 05"))},
        {"MB2-LL-024", nothing, sent(short_frame("00 05"))},
        {"MB2-LL-057", nothing, sent(short_frame("7B FF"))},
        {"MB2-PH-035", nothing, [](Trace& trace) { trace.packets[0].baud = 2424; }},
        {"MB2-PH-036", nothing, [](Trace& trace) { trace.packets[0].errors = 1; }},
        {"MB3-AP-005", sent(command), sent(write("51 04 13 01 02 03"))},
    };
}

std::vector<Row> request_rows() {
    const std::string other = telegram(volume, "06");
    return {
        {"MB2-LL-018", all({sent(reset), sent(reset)}),
         [](Trace& trace) {
             ask(trace, reset);
             ask(trace, reset, patience - 10 * bit);
         }},
        {"MB2-LL-019", all({sent(reset), sent(reset), sent(reset)}),
         all({sent(reset), sent(reset), sent(reset), sent(reset)})},
        {"MB2-LL-021", nothing, [](Trace& trace) { ask(trace, reset, 11 * bit); }},
        {"MB2-LL-039", nothing, all({exchanged(reset, "E5"), sent(toggled)})},
        {"MB2-LL-040", sent(toggled), sent(request)},
        {"MB2-LL-041", all({exchanged(short_frame("7B 06"), other), sent(toggled)}),
         all({exchanged(short_frame("7B 06"), other), sent(request)})},
        {"MB2-LL-044", nothing, sent(short_frame("4B 05"))},
        {"MB2-LL-060", rate_change(300), rate_change(2400)},
        {"MB2-LL-062", all({rate_change(300), sent(reset)}), all({rate_change(300), end_phase})},
    };
}

std::vector<Row> answer_rows() {
    const std::string good = telegram(volume + more);
    std::string longest = volume;
    while (test::bytes_of(telegram(longest)).size() < 255 + 5) {
        longest += " 2F";
    }
    longest += more;
    const auto twice = [good](const std::string& next) {
        return all({exchanged(reset, "E5"), exchanged(request, garbage), exchanged(request, good),
                    sent(next)});
    };
    return {
        {"MB2-LL-001", all({exchanged(reset, "A2"), sent(reset)}),
         all({exchanged(reset, "A2"), sent(request)})},
        {"MB2-LL-015", twice(toggled), twice(request)},
        {"MB2-LL-055", selected_then(good, toggled_selected),
         selected_then(good, request_selected)},
        {"MB2-LL-067", echoed_then(toggled), echoed_then(request)},
        {"MB2-LL-072", asked_then(telegram(longest), toggled),
         asked_then(telegram(longest), request)},
        {"MB2-LL-073", all({exchanged(reset, "68 02 02 68 08 05 0D 16"), sent(reset)}),
         all({exchanged(reset, "68 02 02 68 08 05 0D 16"), sent(request)})},
    };
}

std::vector<Row> selection_rows() {
    return {
        {"MB7-SA-001", sent(whole_address), sent(long_frame("73 FD 52 78 56 34 12 58 34 01"))},
        {"MB7-SA-010", all({exchanged(whole_address, "E5"), sent(request_selected)}),
         all({exchanged(whole_address, "E5"), sent(toggled_selected)})},
        {"MB7-SA-022", all({collided("FFFFFFFF"), silent_digits(10)}),
         all({collided("FFFFFFFF"), silent_digits(9)})},
        {"MB7-SA-023", all({collided("FFFFFFFF"), silent("0FFFFFFF"), silent("1FFFFFFF")}),
         all({collided("FFFFFFFF"), silent("0FFFFFFF"), silent("01FFFFFF")})},
        {"MB7-SA-024", all({collided("1FFFFFFF"), silent("10FFFFFF")}),
         all({collided("1FFFFFFF"), silent("2FFFFFFF")})},
        {"MB7-SA-025", all({found("1FFFFFFF"), silent("2FFFFFFF")}),
         all({exchanged(wild("1FFFFFFF"), "E5"), silent("2FFFFFFF")})},
        {"MB7-SA-026",
         all({silent("0FFFFFFF"), collided("12345678"), sent(select("78 56 34 12 58 34 FF FF"))}),
         all({silent("0FFFFFFF"), collided("12345678")})},
        {"MB7-SA-027", all({found("1FFFFFFF"), silent("2FFFFFFF"), sent(whole_address)}),
         all({found("1FFFFFFF"), silent("2FFFFFFF")})},
        {"MB7-SA-028", all({sent(short_frame("40 FD")), silent("1FFFFFFF"), silent("2FFFFFFF")}),
         all({silent("1FFFFFFF"), silent("2FFFFFFF")})},
        {"MB7-SA-029", scanned(250), scanned(249)},
        {"MB7-SA-030", all({silent("1FFFFFFF"), silent("1FFFFFFF"), silent("2FFFFFFF")}),
         all({silent("1FFFFFFF"), silent("1FFFFFFF"), silent("1FFFFFFF"), silent("2FFFFFFF")})},
    };
}

/// Records that nothing is special about but what the requirement names; 1Fh behind them.
std::vector<Row> structure_rows() {
    const std::string announcing = volume + more;
    std::vector<Row> rows;
    const auto of_records = [&rows](const std::string& id, const std::string& records) {
        rows.push_back(structure(id, telegram(" " + records + more)));
    };
    for (const char* const id :
         {"MB2-LL-046", "MB3-RC-001", "MB3-RC-004", "MB3-RC-012", "MB7-TL-001", "MB7-TL-004"}) {
        of_records(id, volume);
    }
    of_records("MB3-RC-007", "84 1F 06 2A 00 00 00");
    of_records("MB3-RC-009", "C4 9F 00 06 2A 00 00 00");
    of_records("MB3-RC-010", "2F 2F 04 06 2A 00 00 00");
    of_records("MB3-RC-019", "0D FD 0C 02 41 42");
    of_records("MB3-RC-020", "0D FD 0C 02 41 42");
    of_records("MB3-RC-021", "0D 06 C2 34 12");
    of_records("MB3-RC-022", "0D 06 E2 34 12");
    of_records("MB3-RC-024", "0D FD 3B 02 1F 1F");
    of_records("MB3-RC-025", "04 FD 1F 2A 00 00 00");
    of_records("MB3-RC-034", "04 7C 03 1F 1F 1F 2A 00 00 00");
    of_records("MB3-RC-035", "02 7F 1F 1F");
    of_records("MB3-RC-037", "02 86 FF 1F 1F 1F");
    of_records("MB3-RC-039", "02 6F 1F 1F");
    for (const char* const id : {"MB7-TL-002", "MB7-TL-005"}) {
        rows.push_back(structure(id, long_frame("08 05 7A 01 00 00 00" + announcing)));
    }
    rows.push_back(structure("MB7-TL-003", long_frame("08 05 78" + announcing)));
    return rows;
}

std::vector<Row> rows() {
    std::vector<Row> list;
    for (const auto& part :
         {frame_rows(), request_rows(), answer_rows(), selection_rows(), structure_rows()}) {
        list.insert(list.end(), part.begin(), part.end());
    }
    return list;
}

TraceJudge& judge() {
    static TraceJudge loaded = TraceJudge::load(METERBENCH_SOURCE_DIR "/scenarios/judge").value();
    return loaded;
}

Ruling ruling_of(const Trace& trace, std::string_view requirement) {
    const auto rulings = judge().judge(trace);
    BOOST_REQUIRE_MESSAGE(rulings.has_value(), rulings.error());
    for (const Ruling& ruling : *rulings) {
        if (ruling.requirement == requirement) {
            return ruling;
        }
    }
    BOOST_FAIL("no predicate for " << requirement);
    return {};
}

std::string_view verdict_of(const Change& change, std::string_view requirement) {
    Trace trace = start();
    change(trace);
    return name_of(ruling_of(trace, requirement).verdict);
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_judge_master)

BOOST_AUTO_TEST_CASE(every_predicate_has_a_row) {
    std::set<std::string> tested = tests::judged_by_jobs();
    for (const Row& row : rows()) {
        BOOST_TEST(tested.insert(row.requirement).second, row.requirement << " twice");
    }
    for (const std::string& requirement : judge().requirements("master")) {
        BOOST_TEST(tested.contains(requirement), requirement << " is not tested here");
    }
}

BOOST_AUTO_TEST_CASE(what_is_kept_passes_and_what_is_broken_fails) {
    for (const Row& row : rows()) {
        Trace good = start();
        row.good(good);
        const Ruling kept = ruling_of(good, row.requirement);
        BOOST_TEST(name_of(kept.verdict) == row.kept, row.requirement << ": " << kept.text);
        Trace bad = start();
        row.bad(bad);
        const Ruling broken = ruling_of(bad, row.requirement);
        BOOST_TEST((broken.verdict == Ruling::Verdict::fail),
                   row.requirement << " broken: " << name_of(broken.verdict));
        BOOST_TEST(broken.packet != 0U, row.requirement << " names no packet");
    }
}

// A conversation in which nothing is broken fails no predicate at all.
BOOST_AUTO_TEST_CASE(a_read_out_and_a_search_break_nothing) {
    Trace trace = start();
    all({exchanged(reset, "E5"), exchanged(request, telegram(volume + more)),
         exchanged(toggled, telegram(volume)), sent(short_frame("40 FD")), collided("FFFFFFFF"),
         silent("0FFFFFFF"), found("1FFFFFFF")})(trace);
    ask_and_answer(trace, whole_address, "E5");
    for (unsigned digit = 2; digit < 10; ++digit) {
        ask(trace, wild(std::to_string(digit) + "FFFFFFF"));
    }
    const auto rulings = judge().judge(trace);
    BOOST_REQUIRE(rulings.has_value());
    for (const Ruling& ruling : *rulings) {
        BOOST_TEST((ruling.verdict != Ruling::Verdict::fail),
                   ruling.requirement << ": " << ruling.text);
    }
}

// ---- what a trace does not show

BOOST_AUTO_TEST_CASE(an_empty_trace_shows_nothing) {
    Trace trace;
    trace.case_id = "a.case";
    trace.role = "master";
    const auto rulings = judge().judge(trace);
    BOOST_REQUIRE(rulings.has_value());
    for (const Ruling& ruling : *rulings) {
        BOOST_TEST((ruling.verdict == Ruling::Verdict::none), ruling.requirement);
    }
}

// It may have given up and begun another job: only what it would send in this one is evidence.
BOOST_AUTO_TEST_CASE(what_another_job_may_have_sent_is_no_evidence) {
    const std::string good = telegram(volume + more);
    BOOST_TEST(verdict_of(asked_then(good, reset), "MB2-LL-046") == "none");
    BOOST_TEST(verdict_of(all({exchanged(reset, "A2"), exchanged(reset, "A2"), sent(request)}),
                          "MB2-LL-001") == "pass");
    // Asked once, in a phase with other meters: a scan.
    BOOST_TEST(verdict_of(all({sent(short_frame("40 07")), end_phase}), "MB2-LL-019") == "none");
}

// Values of a compact frame have no DIBs: 1Fh among them announces nothing. A meter whose number
// has a hexadecimal digit can be selected by nothing else.
BOOST_AUTO_TEST_CASE(what_is_no_record_and_no_digit_breaks_nothing) {
    Trace trace = start();
    trace.packets.clear();
    ask_and_answer(trace, request,
                   long_frame("08 05 73 78 56 34 12 58 34 01 04 01 00 00 00 31 3B 4E 50 1F 1F"));
    end_phase(trace);
    BOOST_TEST(name_of(ruling_of(trace, "MB2-LL-046").verdict) == "none");
    BOOST_TEST(verdict_of(sent(select("7A 56 34 12 58 34 01 04")), "MB7-SA-001") == "pass");
}

// The last one of a phase that speaks with one meter alone: nothing else can have been meant.
BOOST_AUTO_TEST_CASE(a_request_that_is_never_repeated_breaks_the_repetition) {
    Trace trace = start();
    ask(trace, reset);
    end_phase(trace);
    BOOST_TEST((ruling_of(trace, "MB2-LL-019").verdict == Ruling::Verdict::fail));
}

// Nor is one that came too late: what a receiver makes of it is open.
BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_off_decides_no_count_bit) {
    const auto late = [](const std::string& next) -> Change {
        return [next](Trace& trace) {
            ask(trace, toggled);
            answer(trace, telegram(volume), patience + 40 * bit);
            ask(trace, next);
        };
    };
    // The first of the two is behind a good answer, and has toggled.
    BOOST_TEST(verdict_of(late(toggled), "MB2-LL-040") == "pass");
    BOOST_TEST(verdict_of(late(request), "MB2-LL-040") == "pass");
}

BOOST_AUTO_TEST_CASE(a_statement_without_count_bits_asks_for_none) {
    Trace trace = start();
    trace.ics = formats::parse_json(R"({"fcb":false})", "ics").value();
    ask(trace, short_frame("4B 05"));
    BOOST_TEST((ruling_of(trace, "MB2-LL-044").verdict == Ruling::Verdict::none));
    BOOST_TEST((ruling_of(trace, "MB7-SA-010").verdict == Ruling::Verdict::none));
}

// A rig that hears no parity shows none: then the right one is not shown either.
BOOST_AUTO_TEST_CASE(parity_is_shown_by_rigs_that_hear_it) {
    Trace trace = start();
    trace.needs = {"job"};
    BOOST_TEST((ruling_of(trace, "MB2-PH-036").verdict == Ruling::Verdict::none));
}

BOOST_AUTO_TEST_CASE(uncertain_times_widen_the_wait) {
    Trace trace = start();
    ask(trace, reset);
    ask(trace, reset, patience - 10 * bit);
    for (const auto uncertainty : {std::chrono::milliseconds{0}, std::chrono::milliseconds{5}}) {
        const auto rulings = judge().judge(trace, uncertainty);
        BOOST_REQUIRE(rulings.has_value());
        for (const Ruling& ruling : *rulings) {
            if (ruling.requirement == "MB2-LL-018") {
                BOOST_TEST((ruling.verdict == Ruling::Verdict::fail) == (uncertainty.count() == 0));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
