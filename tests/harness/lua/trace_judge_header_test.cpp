// SPDX-License-Identifier: Apache-2.0
// Purpose: each predicate of scenarios/judge/meter about CI-fields, headers, application errors and
// application select passes answers as EN 13757-3 and -7 have them, fails those with just that
// requirement broken, and says where a trace does not tell.
#include "paths.hpp"
#include "tests/harness/lua/conversation.hpp"
#include "tests/harness/lua/meter_rows.hpp"

namespace {

using namespace meterbench;
using formats::Trace;
using harness::lua::TraceJudge;
using tests::long_frame;
using tests::say;
using tests::short_frame;
using Change = tests::MeterRow::Change;
using Rows = std::vector<tests::MeterRow>;

void ask(Trace& trace, std::string_view hex, std::int64_t pause = 300'000'000) {
    say(trace, true, hex, pause);
}
void hear(Trace& trace, std::string_view hex) {
    say(trace, false, hex, 20'000'000);
}

const std::string reset = short_frame("40 05");
const std::string request = short_frame("7B 05"); // FCB = 1
const std::string toggled = short_frame("5B 05"); // FCB = 0
const std::string address = "78 56 34 12 58 34 01 04 ";
const std::string records = "04 13 31 D4 00 00 04 06 00 00 00 00";

/// From CI-field on: RSP_UD of meter 5.
std::string answer(std::string_view ci_and_data) {
    return long_frame("08 05 " + std::string{ci_and_data});
}
/// SND_UD for it.
std::string command(std::string_view ci_and_data) {
    return long_frame("73 05 " + std::string{ci_and_data});
}
/// With a long header; access number, status, configuration field.
std::string telegram(std::string_view rest = "01 00 00 00", std::string_view data = records) {
    return answer("72 " + address + std::string{rest} + " " + std::string{data});
}
const std::string normal = telegram();

Trace start() {
    Trace trace;
    trace.case_id = "a.case";
    trace.role = "meter";
    trace.dut = "5";
    trace.ics = formats::parse_json("{}", "ics").value();
    ask(trace, reset);
    hear(trace, "E5");
    ask(trace, request);
    return trace;
}

Change states(std::string_view ics, const Change& change) {
    return [ics = std::string{ics}, change](Trace& trace) {
        trace.ics = formats::parse_json(ics, "ics").value();
        change(trace);
    };
}
Change hears(const std::string& frame) {
    return [frame](Trace& trace) { hear(trace, frame); };
}
void fetch(Trace& trace, const std::string& frame) {
    ask(trace, reset);
    hear(trace, "E5");
    ask(trace, request);
    hear(trace, frame);
}
/// After a normal answer the device is told this, and says that.
Change told(const std::string& frame, const std::string& then) {
    return [frame, then](Trace& trace) {
        hear(trace, normal);
        ask(trace, frame);
        hear(trace, "E5");
        fetch(trace, then);
    };
}
/// The same request once more.
Change repeats(const std::string& then) {
    return [then](Trace& trace) {
        hear(trace, normal);
        ask(trace, request);
        hear(trace, then);
    };
}
/// What the device cannot do, its report, and the next answer.
Change reports_then(const std::string& report, const std::string& then) {
    return [report, then](Trace& trace) {
        told(command("A7 00"), report)(trace);
        ask(trace, toggled);
        hear(trace, then);
    };
}
Change alarm(const std::string& then) {
    return states(R"({"alarms":true})", [then](Trace& trace) {
        hear(trace, normal);
        ask(trace, short_frame("7A 05"));
        hear(trace, then);
    });
}
/// Another application is selected, and this long afterwards the first telegram is asked for.
Change rests(std::int64_t pause, const std::string& then, const std::string& between = {}) {
    return states(R"({"oms":true})", [pause, then, between](Trace& trace) {
        hear(trace, normal);
        ask(trace, command("50 10"));
        hear(trace, "E5");
        if (!between.empty()) {
            ask(trace, between, pause / 2);
            hear(trace, "E5");
        }
        ask(trace, reset, pause);
        hear(trace, "E5");
        ask(trace, request);
        hear(trace, then);
    });
}
constexpr std::int64_t second = 1'000'000'000;

constexpr std::string_view oms = R"({"oms":true})";
constexpr std::string_view errors = R"({"application_errors":true})";
const std::string unknown = command("A7 00");
const std::string reserved = command("20 01");
const std::string eleven_difes = command("51 84 81 81 81 81 81 81 81 81 81 81 01 13 00 00 00 00");
const std::string eleven_vifes = command("51 04 93 A9 A9 A9 A9 A9 A9 A9 A9 A9 A9 29 00 00 00 00");
const std::string another = telegram("02 00 00 00", "0C 06 00 00 00 00");
const std::string block = "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F ";

/// The device does what every end-device of OMS must: CI 50h twice, and this to a bad command.
Change selects_and_says(const std::string& then) {
    return states(R"({"oms":true,"application_errors":true})", [then](Trace& trace) {
        hear(trace, normal);
        for (const std::string& frame : {command("50"), command("50 10")}) {
            ask(trace, frame);
            hear(trace, "E5");
        }
        ask(trace, unknown);
        hear(trace, "E5");
        fetch(trace, then);
    });
}

const Rows header_rows{
    {"MB7-TL-001", hears(normal), hears(answer("72 " + address + "01")),
     hears(answer("78 " + records))},
    // The records begin four octets behind the CI-field.
    {"MB7-TL-001", nullptr, hears(answer("72 01 00 00 00 04 13 31 D4 00 00 01 20 05 02 5A 00 00"))},
    {"MB7-TL-001", told(unknown, answer("6F " + address + "01 00 00 00 01")),
     hears(answer("5B " + address + "01 00 00 00"))},
    {"MB7-TL-001", nullptr, hears(answer("76 " + address + "01 00 00 00"))},
    // Encrypted: nobody can tell.
    {"MB7-TL-001", nullptr, nullptr, hears(telegram("01 00 10 05", block))},
    {"MB7-TL-002", hears(answer("7A 01 00 00 00 " + records)),
     states(oms, hears(answer("7A 01 00 00 00 " + records))), hears(normal)},
    {"MB7-TL-002", nullptr, hears(answer("7A 78 56 34 00 3F 34 01 04 01 00 00 00 " + records))},
    {"MB7-TL-003", hears(answer("78 " + records)), hears(answer("78 3F 00 00 00 " + records)),
     hears(normal)},
    {"MB7-TL-003", told(unknown, answer("70 01")), nullptr},
    {"MB7-TL-005", hears(answer("7A 01 00 00 00 " + records)), hears(answer("7A 01 00")),
     hears(normal)},
    {"MB7-TL-005", told(unknown, answer("6E 01 00 00 00 01")), told(unknown, answer("6E 01"))},
    {"MB7-TL-009", repeats(normal), repeats(telegram("02 00 00 00")),
     states(R"({"repeat_refreshes":true})", repeats(telegram("02 00 00 00")))},
    {"MB7-TL-009", nullptr, repeats(another)},
    {"MB7-TL-010", hears(normal), hears(telegram("01 02 00 00")), hears(answer("78 " + records))},
    {"MB7-TL-011", hears(normal), hears(telegram("01 08 00 00")),
     states(R"({"status":8})", repeats(telegram("01 08 00 00")))},
    {"MB7-TL-011", states(R"({"status":8})", hears(telegram("01 08 00 00"))),
     states(R"({"status":8})", hears(normal)), hears(answer("78 " + records))},
    {"MB7-TL-015", hears(normal), hears(telegram("01 00 01 00")), hears(telegram("01 00 01 07"))},
    {"MB7-TL-015", nullptr, hears(telegram("01 00 12 05", block))},
    {"MB7-TL-016", hears(telegram("01 00 10 05", block)), hears(telegram("01 00 20 05", block)),
     hears(normal)},
    {"MB7-TL-017", hears(telegram("01 00 10 05", block + records)),
     hears(telegram("01 00 10 05", block + "04 13 31")), hears(telegram("01 00 10 05", block))},
    {"MB7-TL-019", told(reserved, answer("70 01")), told(reserved, answer("70 05")), hears(normal)},
    {"MB7-TL-019", told(reserved, normal), hears(answer("20 " + address + "01 00 00 00"))},
    {"MB7-TL-021", states(oms, hears(normal)), states(oms, hears(answer("78 " + records))),
     hears(normal)},
    {"MB7-TL-021", nullptr, states(oms, hears(answer("7A 01 00 00 00 " + records))),
     states(oms, hears(answer("70 01")))},
};

const Rows error_rows{
    {"MB3-AP-019", alarm(answer("71 04")), alarm(answer("70 04")), alarm("E5")},
    {"MB3-AP-019", alarm(answer("75 " + address + "01 00 00 00 04")), alarm(answer("71"))},
    {"MB3-AP-019", nullptr, alarm(answer("74 01 00 00 00 04 05"))},
    {"MB3-AP-022", told(unknown, answer("70 01")), told(unknown, answer("6E 01 00")),
     hears(normal)},
    {"MB3-AP-022", told(unknown, answer("70")),
     told(unknown, answer("6F " + address + "01 00 00 00 01 01"))},
    // A dynamic error brings a record.
    {"MB3-AP-022", told(unknown, answer("70 F0 01 FD 17 00")),
     told(unknown, answer("70 01 01 FD 17 00"))},
    {"MB3-AP-042", told(unknown, answer("70 01")), told(unknown, answer("70 01 02")),
     hears(normal)},
    {"MB3-AP-023", told(unknown, answer("70 01")), told(unknown, answer("70 07")),
     told(unknown, answer("70 12"))},
    {"MB3-AP-023", told(eleven_difes, answer("70 05")), told(eleven_difes, answer("70 06"))},
    {"MB3-AP-023", told(eleven_vifes, answer("70 06")), told(eleven_vifes, answer("70 05"))},
    {"MB3-AP-023", told(eleven_vifes, answer("70 08")), told(unknown, answer("70 04"))},
    {"MB3-AP-024", told(unknown, answer("70 12")), told(unknown, answer("70 18")),
     told(unknown, answer("70 01"))},
    {"MB3-AP-024", told(unknown, answer("70 F7")), told(unknown, answer("70 EF"))},
    {"MB3-AP-025", reports_then(answer("70 01"), normal),
     reports_then(answer("70 01"), answer("70 01")), hears(normal)},
    // Busy may go on.
    {"MB3-AP-025", nullptr, nullptr, reports_then(answer("70 08"), answer("70 08"))},
    {"MB3-AP-025",
     [](Trace& t) {
         told(unknown, answer("70 01"))(t);
         ask(t, command("50"));
         hear(t, "E5");
         fetch(t, normal);
     },
     nullptr},
    {"MB3-AP-039", selects_and_says(answer("70 01")), selects_and_says(normal), hears(normal)},
    {"MB3-AP-039", selects_and_says(telegram("02 02 00 00")),
     states(oms,
            [](Trace& t) {
                hear(t, normal);
                ask(t, command("50"));
                ask(t, reset);
                hear(t, "E5");
            }),
     states(oms, told(command("50"), normal))},
    {"MB3-AP-040", rests(260 * second, normal), rests(260 * second, another),
     rests(10 * second, another)},
    // Asked every two minutes it need not fall back.
    {"MB3-AP-040", nullptr, nullptr, rests(200 * second, another, reset)},
    {"MB7-TL-012", told(unknown, answer("70 01")), states(errors, told(unknown, normal)),
     told(unknown, normal)},
    {"MB7-TL-012", told(unknown, telegram("02 02 00 00")),
     states(errors, told(eleven_difes, normal)), states(errors, told(reserved, normal))},
};

const tests::RowsAreTested of_headers{header_rows};
const tests::RowsAreTested of_errors{error_rows};

TraceJudge& judge() {
    static TraceJudge loaded = TraceJudge::load(METERBENCH_SOURCE_DIR "/scenarios/judge").value();
    return loaded;
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_judge_header)

BOOST_AUTO_TEST_CASE(headers_by_their_ci_fields) {
    tests::judge_rows(judge(), header_rows, start);
}
BOOST_AUTO_TEST_CASE(application_errors_and_alarms) {
    tests::judge_rows(judge(), error_rows, start);
}

// Of a new answer the access number is the next one; a configuration field is the statement's.
BOOST_AUTO_TEST_CASE(what_a_header_counts_and_claims) {
    const auto next = [](const std::string& then) {
        return [then](Trace& trace) {
            hear(trace, telegram("FF 00 00 00"));
            ask(trace, toggled);
            hear(trace, then);
        };
    };
    const Rows rows{
        {"MB7-TL-008", next(telegram("00 00 00 00")), next(telegram("01 00 00 00"))},
        {"MB7-TL-008", nullptr, next(telegram("FE 00 00 00"))},
        {"MB7-TL-013", states(R"({"security_mode":5})", hears(telegram("01 00 10 05", block))),
         hears(telegram("01 00 10 05", block))},
        {"MB7-TL-013", nullptr, hears(telegram("01 00 00 06"))},
    };
    tests::judge_rows(judge(), rows, start);
}

BOOST_AUTO_TEST_SUITE_END()
