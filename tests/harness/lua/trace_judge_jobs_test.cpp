// SPDX-License-Identifier: Apache-2.0
// Purpose: what a master hands on, finds and reports of its jobs is judged together with what the
// wire shows: each predicate of scenarios/judge/master that stands on jobs passes one that keeps
// its requirement, fails one that breaks it, and leaves open what the trace does not tell.
#include "harness/lua/trace_judge.hpp"
#include "paths.hpp"
#include "tests/harness/lua/conversation.hpp"
#include "tests/harness/lua/judged_by_jobs.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>

namespace {

using namespace meterbench;
using formats::Trace;
using harness::lua::Ruling;
using harness::lua::TraceJudge;
using tests::bit;
using tests::long_frame;
using tests::say;
using tests::short_frame;
using Texts = std::vector<std::string>;

constexpr std::int64_t patience = 350 * bit + 50'000'000;
constexpr std::int64_t answer_delay = 20'000'000;

const std::string reset = short_frame("40 05");
const std::string request = short_frame("7B 05"); // FCB = 1
const std::string toggled = short_frame("5B 05"); // FCB = 0
const std::string request_selected = short_frame("7B FD");
const std::string silence;
const std::string more = " 1F";

/// RSP_UD with this number, MBX, version 1, heat.
std::string telegram(const std::string& records, const std::string& number = "78 56 34 12",
                     const std::string& address = "05") {
    return long_frame("08 " + address + " 72 " + number + " 58 34 01 04 01 00 00 00 " + records);
}
std::string of_ci(const std::string& ci_and_data) {
    return long_frame("08 05 " + ci_and_data);
}
std::string select(const std::string& number, const std::string& device = "58 34 01 04") {
    return long_frame("73 FD 52 " + number + " " + device);
}
const std::string first = telegram("04 13 31 D4 00 00");
const std::string second = telegram("04 13 32 D4 00 00");
/// `first` with another checksum.
const std::string spoilt = first.substr(0, first.size() - 5) + "00 16";

/// A request, and what it is answered with.
struct Exchange {
    std::string from_master;
    std::string from_meter;
    std::uint16_t errors = 0; ///< of the answer
};

/// A job of which everything is told.
struct Job {
    std::string name;
    Texts arguments;
    std::vector<Exchange> exchanges;
    std::optional<int> status = 0;
    Texts telegrams{};
    Texts found{};
    Texts faults{};
};

Trace trace_of(const std::vector<Job>& jobs) {
    Trace trace;
    trace.case_id = "a.case";
    trace.role = "master";
    trace.needs = {"job", "octet_errors"};
    trace.ics = formats::parse_json(R"({"fcb":true})", "ics").value();
    for (const Job& job : jobs) {
        formats::TraceJob told{job.name, job.arguments, "run",     0, 0, job.status,
                               {},       job.found,     job.faults};
        told.start = trace.packets.empty() ? 0 : trace.packets.back().end + 1000;
        for (const Exchange& exchange : job.exchanges) {
            say(trace, false, exchange.from_master, patience);
            if (!exchange.from_meter.empty()) {
                say(trace, true, exchange.from_meter, answer_delay);
                trace.packets.back().errors = exchange.errors;
            }
        }
        told.end = trace.packets.back().end + 500;
        for (const std::string& handed_on : job.telegrams) {
            told.telegrams.push_back(test::bytes_of(handed_on));
        }
        trace.jobs.push_back(std::move(told));
    }
    return trace;
}

/// A read-out of meter 5.
Job read(std::vector<Exchange> exchanges, Texts telegrams, int status = 0) {
    exchanges.insert(exchanges.begin(), {reset, "E5"});
    return {"read", {"5"}, std::move(exchanges), status, std::move(telegrams)};
}
/// One by a secondary address.
Job read_selected(const std::string& digits, const std::string& number, const std::string& said,
                  Texts telegrams, int status = 0) {
    return {"read",
            {digits + "58340104"},
            {{select(number), "E5"}, {request_selected, said}},
            status,
            std::move(telegrams)};
}
Job search(std::vector<Exchange> exchanges, Texts found, Texts faults = {}) {
    return {"search", {}, std::move(exchanges), 0, {}, std::move(found), std::move(faults)};
}
Job scan(std::vector<Exchange> exchanges, Texts found) {
    return {"scan", {}, std::move(exchanges), 0, {}, std::move(found)};
}
Job write(const std::string& data, const std::string& sent, const std::string& said = "E5",
          int status = 0) {
    return {"write", {"5", data}, {{reset, "E5"}, {long_frame("73 05 " + sent), said}}, status};
}

/// Conversations that keep a requirement, that break it, and that leave it open.
struct Row {
    std::string requirement;
    std::vector<std::vector<Job>> kept;
    std::vector<std::vector<Job>> broken;
    std::vector<std::vector<Job>> open{};
};

/// Records that are read past: DIF 1Fh is found behind them, and no other telegram without it.
Row structure(const std::string& requirement, const std::string& records,
              const std::string& header = "01 00 00 00") {
    const auto made = [&header](const std::string& content) {
        return of_ci("72 78 56 34 12 58 34 01 04 " + header + " " + content);
    };
    const std::string one = made(records + more);
    const std::string alone = made(records);
    return {requirement,
            {{read({{request, one}, {toggled, second}}, {one, second})},
             {read({{request, alone}}, {alone})}},
            {{read({{request, one}}, {one})},
             {read({{request, alone}, {toggled, second}}, {alone, second})},
             {read({{request, one}, {toggled, second}}, {second})},
             {read({{request, alone}}, {})},
             {read({{request, alone}, {request, alone}}, {alone})}},
            {{read({{request, one}}, {}, 1)}, {read({{request, alone}}, {}, 1)}}};
}

/// What is handed on whole, and ends the read-out.
Row whole(const std::string& requirement, const std::string& said) {
    return {requirement,
            {{read({{request, said}}, {said})}},
            {{read({{request, said}, {toggled, second}}, {said, second})},
             {read({{request, said}, {request, said}}, {said})},
             {read({{request, said}}, {})},
             {read({{request, said}}, {}, 1)}},
            {{read({{request, spoilt}, {request, said}}, {}, 1)}}};
}

/// The same where it may be refused, and asked for again.
Row refusable(const std::string& requirement, const std::string& said) {
    return {requirement,
            {{read({{request, said}}, {said})},
             {read({{request, said}}, {}, 1)},
             {read({{request, said}, {request, said}}, {}, 1)}},
            {{read({{request, said}, {toggled, second}}, {said, second})},
             {read({{request, said}}, {})}}};
}

std::vector<Row> record_rows() {
    const std::string blocks = "1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F";
    const std::string encrypted = "01 00 10 05";
    return {
        structure("MB3-RC-002", "84 81 81 81 81 81 81 81 81 81 81 00 06 2A 00 00 00"),
        structure("MB3-RC-026", "04 7B 1F 1F 1F 1F"),
        structure("MB3-RC-038", "02 86 C4 7C 1F 1F"),
        structure("MB3-TY-018", "04 6C 1F 1F 1F 1F"),
        structure("MB7-TL-013", blocks + " 04 06 2A 00 00 00", encrypted),
        structure("MB7-TL-016", blocks + " 04 06 2A 00 00 00", encrypted),
        structure("MB7-TL-017", blocks + " 04 06 2A 00 00 00", encrypted),
    };
}

std::vector<Row> content_rows() {
    const std::string filled = "1F 1F 1F 1F 1F 1F";
    return {
        whole("MB3-AP-026", of_ci("79 31 3B 4E 50 " + filled)),
        whole("MB3-AP-030", of_ci("7B 01 00 00 00 31 3B 4E 50 " + filled)),
        whole("MB3-AP-029", of_ci("69 08 31 3B 02 02 02 15 02 2A")),
        whole("MB3-AP-036", of_ci("73 78 56 34 12 1F 01 E9 7E 1F 1F 00 00 1F 00 00 00")),
        whole("MB7-TL-020", of_ci("73 78 56 34 12 58 34 01 04 01 00 00 00 31 3B 4E 50 " + filled)),
        whole("MB3-AP-038", of_ci("B7 " + filled)),
        whole("MB3-RC-011", telegram("04 06 2A 00 00 00 0F 1F 1F 1F")),
        whole("MB3-RC-042", telegram("04 06 2A 00 00 00 0D FD 0C 04 1F 1F")),
        refusable("MB7-TL-018", of_ci("72 1F 1F 1F 1F 1F")),
        refusable("MB7-TL-019", of_ci("4F " + filled)),
        refusable("MB3-RC-015", telegram("3F " + filled)),
        refusable("MB3-RC-023", telegram("0D 06 CA " + filled)),
    };
}

std::vector<Row> answer_rows() {
    const std::string other = telegram("04 13 31 D4 00 00", "78 56 34 12", "06");
    const std::string stranger = telegram("04 13 31 D4 00 00", "21 43 65 87");
    return {
        {"MB2-LL-074",
         {{read({{request, spoilt}, {request, first}}, {first})},
          {read({{request, first, 1}, {request, first}}, {first})}},
         {{read({{request, spoilt}}, {spoilt})}, {read({{request, first, 1}}, {first})}},
         {{read({{request, first}}, {first})}}},
        {"MB2-LL-075",
         {{read({{request, other}, {request, first}}, {first})},
          {read_selected("12345678", "78 56 34 12", stranger, {}, 1)}},
         {{read({{request, other}}, {other})},
          {read_selected("12345678", "78 56 34 12", stranger, {stranger})}},
         {{read({{request, first}}, {first})}}},
        {"MB2-LL-068",
         {{read({{request, first + " E5 E5"}, {request, first}}, {first})},
          {read({{request, first + " E5 E5"}}, {}, 1)}},
         {{read({{request, first + " E5 E5"}}, {first})}},
         {{read({{request, first}}, {first})}}},
        {"MB2-LL-020",
         {{read({{request, silence}, {request, silence}}, {}, 1)},
          {{"read", {"5"}, {{reset, silence}, {reset, silence}}, 1}},
          {write("50", "50", silence, 1)}},
         {{read({{request, silence}, {request, silence}}, {})},
          {read({{request, spoilt}}, {spoilt})},
          {{"read", {"5"}, {{reset, silence}, {reset, silence}}, 0}},
          {write("50", "50", silence)}},
         {{read({{request, first}}, {first}, 1)},
          {read({{request, first}, {reset, silence}}, {first})}}},
    };
}

std::vector<Row> job_rows() {
    const std::string announcing = telegram("04 13 31 D4 00 00 1F");
    const Job broken_off = read({{request, announcing}, {toggled, silence}}, {announcing}, 1);
    const Job whole_again = read({{request, announcing}, {toggled, second}}, {announcing, second});
    Job goes_on = whole_again;
    goes_on.exchanges.erase(goes_on.exchanges.begin());
    const std::string next = telegram("04 13 31 D4 00 00", "79 56 34 12");
    return {
        {"MB2-LL-047",
         {{broken_off, whole_again}},
         {{broken_off, goes_on}},
         {{broken_off}, {read({{request, first}}, {first}), goes_on}}},
        {"MB3-AP-042",
         {{write("5010", "50 10")}},
         {{write("5010", "50 11")}, {write("5010", "5A 10")}},
         {{write("5A01", "5A 02")}, {{"write", {"5", "50"}, {{reset, silence}}, 1}}}},
        {"MB7-SA-014",
         {{read_selected("12345678", "78 56 34 12", first, {first}),
           read_selected("12345679", "79 56 34 12", next, {next})}},
         {{read_selected("12345679", "79 56 34 12", first, {first})}},
         {{read_selected("12345678", "78 56 34 12", first, {first})}}},
    };
}

std::vector<Row> search_rows() {
    const std::string any = select("FF FF FF FF", "FF FF FF FF");
    const std::string hexadecimal = telegram("04 13 31 D4 00 00", "7A 56 34 12");
    const Exchange asked{any, "E5"};
    const std::string at_7 = short_frame("7B 07");
    return {
        {"MB7-TL-006",
         {{search({asked, {request_selected, first}}, {"1234567858340104"})}},
         {{search({asked, {request_selected, first}}, {"7856341258340104"})},
          {search({asked, {request_selected, first}}, {"1FFFFFFFFFFFFFFF"})}},
         {{search({asked, {request_selected, silence}}, {})},
          {search({{select("79 56 34 12", "FF FF FF FF"), "E5"}}, {"12345679FFFFFFFF"})}}},
        {"MB7-SA-021",
         {{search({asked, {request_selected, hexadecimal}}, {"1234567A58340104"})},
          {search({asked, {request_selected, hexadecimal}}, {}, {": no number"})}},
         {{search({asked, {request_selected, hexadecimal}}, {"1234568058340104"})},
          {search({asked, {request_selected, hexadecimal}}, {})}},
         {{search({asked, {request_selected, first}}, {"1234567858340104"})}}},
        {"MB2-LL-069",
         {{scan({{reset, "E5", 8}, {request, "68 55 F1 00 16"}, {at_7, first}}, {"7"})}},
         {{scan({{reset, "E5", 8}}, {"5"})},
          {scan({{reset, "E5"}, {request, "68 55 F1 00 16"}}, {"5"})}},
         {{scan({{reset, "E5"}, {request, first}}, {"5"})},
          {scan({{request, "68 55 F1 00 16"}, {request, first}}, {"5"})}}},
    };
}

std::vector<Row> rows() {
    std::vector<Row> list;
    for (const auto& part :
         {record_rows(), content_rows(), answer_rows(), job_rows(), search_rows()}) {
        list.insert(list.end(), part.begin(), part.end());
    }
    return list;
}

Ruling ruling_of(const Trace& trace, const std::string& requirement) {
    static TraceJudge judge = TraceJudge::load(METERBENCH_SOURCE_DIR "/scenarios/judge").value();
    const auto rulings = judge.judge(trace, {}, std::span{&requirement, 1});
    BOOST_REQUIRE_MESSAGE(rulings.has_value(), rulings.error());
    BOOST_REQUIRE_MESSAGE(rulings->size() == 1U, "no predicate for " << requirement);
    return rulings->front();
}

void expect_all(const std::string& requirement, const std::vector<std::vector<Job>>& conversations,
                Ruling::Verdict due, const std::function<void(Trace&)>& change = {}) {
    for (std::size_t i = 0; i < conversations.size(); ++i) {
        Trace trace = trace_of(conversations[i]);
        if (change) {
            change(trace);
        }
        const Ruling ruling = ruling_of(trace, requirement);
        BOOST_TEST((ruling.verdict == due), requirement << " [" << i << "] is " << name_of(due)
                                                        << ": " << name_of(ruling.verdict) << " "
                                                        << ruling.text);
        BOOST_TEST((due != Ruling::Verdict::fail || ruling.packet != 0U),
                   requirement << " [" << i << "] names no packet");
    }
}

} // namespace

std::set<std::string> meterbench::tests::judged_by_jobs() {
    std::set<std::string> ids;
    for (const Row& row : rows()) {
        ids.insert(row.requirement);
    }
    return ids;
}

BOOST_AUTO_TEST_SUITE(trace_judge_jobs)

BOOST_AUTO_TEST_CASE(what_is_kept_passes_what_is_broken_fails_and_the_rest_is_left_open) {
    for (const Row& row : rows()) {
        expect_all(row.requirement, row.kept, Ruling::Verdict::pass);
        expect_all(row.requirement, row.broken, Ruling::Verdict::fail);
        expect_all(row.requirement, row.open, Ruling::Verdict::none);
    }
}

// Steps: the same conversations as versions without jobs wrote them.
// Expectation: nothing is shown to be kept, and what is not broken is not said to be.
BOOST_AUTO_TEST_CASE(a_trace_without_jobs_shows_none_of_it) {
    for (const Row& row : rows()) {
        for (const auto* const list : {&row.kept, &row.open}) {
            expect_all(row.requirement, *list, Ruling::Verdict::none,
                       [](Trace& trace) { trace.jobs.clear(); });
        }
    }
}

// A program that crashed or was ended, and one that said more than a trace holds, tell nothing.
BOOST_AUTO_TEST_CASE(a_job_that_is_not_told_whole_shows_nothing) {
    for (const Row& row : rows()) {
        for (const auto* const list : {&row.kept, &row.broken}) {
            expect_all(row.requirement, *list, Ruling::Verdict::none, [](Trace& trace) {
                for (formats::TraceJob& job : trace.jobs) {
                    job.status.reset();
                }
            });
            expect_all(row.requirement, *list, Ruling::Verdict::none, [](Trace& trace) {
                for (formats::TraceJob& job : trace.jobs) {
                    job.cut = true;
                }
            });
        }
    }
}

// What belongs to a number is what the telegram with it says.
BOOST_AUTO_TEST_CASE(an_address_that_no_telegram_says_is_not_found) {
    const auto found = [](const std::string& digits) {
        return ruling_of(trace_of({search({{select("FF FF FF FF", "FF FF FF FF"), "E5"},
                                           {request_selected, first},
                                           {select("FF FF FF F0", "FF FF FF FF"), silence}},
                                          {digits})}),
                         "MB7-SA-025")
            .verdict;
    };
    BOOST_TEST((found("1234567858340104") == Ruling::Verdict::pass));
    BOOST_TEST((found("12345678FFFF0104") == Ruling::Verdict::fail));
}

// The next read-out begins with the request that a longer one would have gone on with.
BOOST_AUTO_TEST_CASE(the_request_of_the_next_job_is_not_one_too_many) {
    const Job one = read({{request, first}}, {first});
    Job another = read({{toggled, second}}, {second});
    another.exchanges.erase(another.exchanges.begin());
    for (const char* const id : {"MB2-LL-046", "MB3-RC-001"}) {
        BOOST_TEST((ruling_of(trace_of({one, another}), id).verdict == Ruling::Verdict::pass), id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
