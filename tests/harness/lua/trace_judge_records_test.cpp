// SPDX-License-Identifier: Apache-2.0
// Purpose: each predicate of scenarios/judge/meter about records (structure, label, types) passes
// records as EN 13757-3 has them, fails those with just that requirement broken, and says where a
// trace does not tell. The records are written by hand, some of them are worked examples.
#include "paths.hpp"
#include "tests/harness/lua/conversation.hpp"
#include "tests/harness/lua/meter_rows.hpp"

namespace {

using namespace meterbench;
using formats::Trace;
using harness::lua::TraceJudge;
using tests::long_frame;
using tests::octet;
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

/// RSP_UD of meter 5, MBX 12345678, version 1, heat; status and configuration field 0.
std::string telegram(std::string_view records, unsigned access_number = 1) {
    return long_frame("08 05 72 78 56 34 12 58 34 01 04 " + octet(access_number) + " 00 00 00 " +
                      std::string{records});
}
/// SND_UD with these records.
std::string write(std::string_view records) {
    return long_frame("73 05 51 " + std::string{records});
}

Trace start() {
    Trace trace;
    trace.case_id = "a.case";
    trace.role = "meter";
    trace.dut = "5";
    trace.ics = formats::parse_json(R"({"telegrams":1})", "ics").value();
    ask(trace, short_frame("40 05"));
    hear(trace, "E5");
    ask(trace, short_frame("7B 05"));
    return trace;
}

Change states(std::string_view ics, const Change& change) {
    return [ics = std::string{ics}, change](Trace& trace) {
        trace.ics = formats::parse_json(ics, "ics").value();
        change(trace);
    };
}
/// The first telegram has these records.
Change says(std::string_view records) {
    return [records = std::string{records}](Trace& trace) { hear(trace, telegram(records)); };
}
/// The same of a device whose statement has one record, with these members.
Change shows(std::string_view item, std::string_view records) {
    return states(R"({"telegrams":1,"records":[{)" + std::string{item} + "}]}", says(records));
}
/// After a normal answer this is written, and the device says this.
Change told(std::string_view ics, std::string_view data, std::string_view then) {
    return states(ics, [data = std::string{data}, then = std::string{then}](Trace& trace) {
        hear(trace, telegram("04 13 31 D4 00 00"));
        ask(trace, write(data));
        hear(trace, "E5");
        ask(trace, short_frame("40 05"));
        hear(trace, "E5");
        ask(trace, short_frame("7B 05"));
        hear(trace, then);
    });
}
/// Another answer to a toggled request.
Change goes_on(std::string_view ics, std::string_view first, std::string_view second) {
    return states(ics, [first = std::string{first}, second = std::string{second}](Trace& trace) {
        hear(trace, telegram(first));
        ask(trace, short_frame("5B 05"));
        hear(trace, telegram(second, 2));
    });
}

constexpr std::string_view plain = "04 13 31 D4 00 00";
const std::string eleven_difes = "84 81 81 81 81 81 81 81 81 81 81 01 13 00 00 00 00";
const std::string ten_difes =
    "84 81 81 81 81 81 81 81 81 81 81 00 13 00 00 00 00"; // and a register
const std::string eleven_vifes = "04 93 A9 A9 A9 A9 A9 A9 A9 A9 A9 A9 29 00 00 00 00";
const std::string ten_vifes = "04 93 A9 A9 A9 A9 A9 A9 A9 A9 A9 29 00 00 00 00";
constexpr std::string_view reports_errors = R"({"application_errors":true})";
const std::string refusal = long_frame("08 05 70 05");
constexpr std::string_view oms = R"({"oms":true})";
constexpr std::string_view two = R"({"telegrams":2})";
constexpr std::string_view writable =
    R"({"writable":[{"header":"01 FD 17","data":"05"}],"records":[]})";

const Rows structure_rows{
    {"MB3-RC-002", says(ten_difes), says(eleven_difes)},
    {"MB3-RC-002", told(reports_errors, eleven_difes, refusal),
     told(reports_errors, eleven_difes, telegram(plain))},
    {"MB3-RC-003", says(ten_vifes), says(eleven_vifes)},
    {"MB3-RC-003", told(reports_errors, eleven_vifes, long_frame("08 05 70")),
     told(reports_errors, eleven_vifes, telegram(plain))},
    // Who does not claim to report errors may drop the record in silence; a record error says it.
    {"MB3-RC-003", told("{}", eleven_vifes, telegram("00 93 0B")), nullptr},
    {"MB3-RC-004", says(plain), says("07 13 31 D4 00 00"), says("3F 00")},
    // A unit in plain text before the VIFEs: the sizes need not fit.
    {"MB3-RC-004", nullptr, nullptr, says("01 FC 03 69 63 77 00 01")},
    {"MB3-RC-010", told(writable, "2F 2F 01 FD 17 05 2F", telegram("01 FD 17 05")),
     told(writable, "2F 2F 01 FD 17 05 2F", telegram("01 FD 17 00")),
     told(writable, "01 FD 17 05", telegram("01 FD 17 05"))},
    {"MB3-RC-012", goes_on(two, "04 13 31 D4 00 00 1F", "44 13 31 D4 00 00"),
     goes_on(two, "04 13 31 D4 00 00 1F", "44 13 31 D4 00 00 1F")},
    {"MB3-RC-012", nullptr, goes_on(two, plain, "44 13 31 D4 00 00")},
    // Where a reset does not lead back to the first telegram, which one it is cannot be told.
    {"MB3-RC-012",
     [](Trace& t) {
         goes_on(two, "04 13 31 D4 00 00 1F", "44 13 31 D4 00 00")(t);
         ask(t, short_frame("40 05"));
         hear(t, "E5");
         ask(t, short_frame("7B 05"));
         hear(t, telegram("44 13 31 D4 00 00", 3));
     },
     nullptr},
    {"MB3-RC-014", says("04 13 31 D4 00 00 1F"),
     [](Trace& t) {
         hear(t, long_frame("08 05 72 78 56 34 12 58 34 01 04 01 00 10 05 "
                            "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 01 13 05 1F"));
     },
     says(plain)},
    {"MB3-RC-015", says(plain), says("04 13 31 D4 00 00 3F")},
    {"MB3-RC-015", nullptr, says("6F 04 13 31 D4 00 00"), says("7F")},
    {"MB3-RC-016", says(plain), says("04 13 31 D4 00 00 7F"), says("3F")},
    {"MB3-RC-017", says(plain), says("08 13")},
    {"MB3-RC-019", says("0D 13 E2 01 02"), says("0D 13"), says(plain)},
    {"MB3-RC-019", nullptr, says("0D 13 E3 01 02")},
    {"MB3-RC-023", says("0D 13 E2 01 02"), says("0D 13 CA 01 02"), says(plain)},
    {"MB3-RC-023", nullptr, says("0D 13 FF 01 02")},
    {"MB3-RC-025", says("01 FD 17 00"), says("01 7B 00"), says(plain)},
    {"MB3-RC-025", nullptr, says("04 13 31 D4 00 00 01 FD")},
    {"MB3-RC-033", says(plain), says("01 EF 00 00")},
    {"MB3-RC-036", says(plain), says("01 7E 00")},
    {"MB3-RC-040", says("00 93 05"), says("00 93 0A"), says("04 93 3C 00 00 00 00")},
    {"MB3-RC-041", says("00 93 15"), says("00 93 19"), says("00 93 05")},
    // After FCh the codes are of another table, after FFh the manufacturer's, after FDh no VIFE.
    {"MB3-RC-040", nullptr, nullptr, says("01 93 FC 08 00 01 FD 08 00 01 93 FF 09 00")},
    {"MB3-TY-018", says("42 6C BF 1C 04 6D 32 37 1F 15"), says("44 6C BF 1C 00 00"), says(plain)},
    {"MB3-TY-018", says("03 6D 01 02 03"), says("02 6D BF 1C")},
    // The duration of an exceeded limit is no date; a record without data says nothing.
    {"MB3-TY-018", nullptr, nullptr, says("01 EC 50 05 00 6C")},
    {"MB3-AP-041", states(oms, says("04 13 00 00 00 00 44 13 00 00 00 00 04 06 00 00 00 00")),
     states(oms, says("04 13 00 00 00 00 04 13 00 00 00 00")),
     says("04 13 00 00 00 00 04 13 00 00 00 00")},
    // The same volume with other digits; a maximum is another thing.
    {"MB3-AP-041", states(oms, says("04 13 00 00 00 00 14 13 00 00 00 00")),
     states(oms, says("04 13 00 00 00 00 0C 14 00 00 00 00"))},
};

const Rows label_rows{
    {"MB3-RC-005",
     shows(R"("header":"14 06","value":"35","function":"maximum")", "14 06 23 00 00 00"),
     shows(R"("header":"14 06","value":"35","function":"maximum")", "24 06 23 00 00 00"),
     shows(R"("header":"04 06","value":"35")", "04 06 23 00 00 00")},
    {"MB3-RC-006", shows(R"("header":"C4 01 06","value":"35","storage":3)", "C4 01 06 23 00 00 00"),
     shows(R"("header":"C4 01 06","value":"35","storage":3)", "84 01 06 23 00 00 00"),
     shows(R"("header":"C4 01 06","value":"35","storage":3)", "44 03 23 00 00 00")},
    // 8x 80 81 00: storage 32, and a register number (example F.2.6).
    {"MB3-RC-006",
     shows(R"("header":"86 80 81 00 06","value":"35","storage":32)",
           "86 80 81 00 06 23 00 00 00 00 00"),
     shows(R"("header":"86 80 81 00 06","value":"35","storage":16)",
           "86 80 81 00 06 23 00 00 00 00 00")},
    {"MB3-RC-007",
     shows(R"("header":"84 60 06","value":"35","tariff":2,"subunit":1)", "84 60 06 23 00 00 00"),
     shows(R"("header":"84 60 06","value":"35","tariff":2,"subunit":1)", "84 50 06 23 00 00 00"),
     shows(R"("header":"04 06","value":"35")", "04 06 23 00 00 00")},
    {"MB3-RC-018", shows(R"("header":"04 13","value":"54.321")", plain),
     shows(R"("header":"04 13","value":"54.321")", "04 13 00 00 D4 31"),
     shows(R"("header":"04 13","value":"0")", "04 13 00 00 00 00")},
    {"MB3-RC-020",
     shows(R"("header":"0D FD 11","value":"ABC","coding":"text")", "0D FD 11 03 43 42 41"),
     shows(R"("header":"0D FD 11","value":"ABC","coding":"text")", "0D FD 11 03 41 42 43"),
     shows(R"("header":"0D FD 3B","value":"ABC","coding":"text")", "0D FD 3B 03 41 42 43")},
    {"MB3-RC-021",
     shows(R"("header":"0D 13","value":"-0.201","coding":"variable-negative-bcd")",
           "0D 13 D2 01 02"),
     shows(R"("header":"0D 13","value":"-0.201","coding":"variable-negative-bcd")",
           "0D 13 C2 01 02"),
     says("0D 13 D2 01 02")},
    {"MB3-RC-022",
     shows(R"("header":"0D 13","value":"197.121","coding":"variable-binary")", "0D 13 E3 01 02 03"),
     shows(R"("header":"0D 13","value":"197.121","coding":"variable-binary")", "0D 13 E3 03 02 01"),
     says("0D 13 E3 01 02 03")},
    {"MB3-RC-027",
     shows(R"("header":"04 13","value":"54.321","quantity":"volume","unit":"m3")", plain),
     shows(R"("header":"04 13","value":"54.321","quantity":"energy","unit":"Wh")", plain),
     says(plain)},
    {"MB3-RC-027",
     shows(R"("header":"02 5B","value":"61","quantity":"flow temperature","unit":"degC")",
           "02 5B 3D 00"),
     shows(R"("header":"02 5A","value":"61","quantity":"flow temperature","unit":"degC")",
           "02 5A 3D 00")},
    {"MB3-RC-028", shows(R"("header":"02 FD 48","value":"230.0")", "02 FD 48 FC 08"),
     shows(R"("header":"02 FD 48","value":"2300")", "02 FD 48 FC 08"), says(plain)},
    {"MB3-RC-028", nullptr, says("01 FD 7A 00")},
    {"MB3-RC-029", shows(R"("header":"01 FD FD 02","value":"24")", "01 FD FD 02 18"),
     says("01 FD FD 01 18"), says("01 FD 17 00")},
    {"MB3-RC-030", shows(R"("header":"02 FB 1A","value":"3.7")", "02 FB 1A 25 00"),
     shows(R"("header":"02 FB 1A","value":"37")", "02 FB 1A 25 00"), says(plain)},
    {"MB3-RC-030", nullptr, says("01 FB 06 00")},
    // US gallons had codes until 2004.
    {"MB3-RC-030", nullptr, nullptr, says("01 FB 23 00")},
    {"MB3-RC-031", shows(R"("header":"04 93 3C","value":"54.321")", "04 93 3C 31 D4 00 00"),
     shows(R"("header":"04 93 3C","value":"54321")", "04 93 3C 31 D4 00 00"),
     says("04 93 3C 31 D4 00 00")},
    {"MB3-RC-032", shows(R"("header":"04 93 FC 10","value":"54.321")", "04 93 FC 10 31 D4 00 00"),
     shows(R"("header":"04 93 FC 10","value":"54321")", "04 93 FC 10 31 D4 00 00"),
     says("04 93 FC 10 31 D4 00 00")},
    // Unsigned where FC 11 says so.
    {"MB3-RC-032", shows(R"("header":"01 93 FC 11","value":"0.254")", "01 93 FC 11 FE"),
     shows(R"("header":"01 93 FC 11","value":"-0.002")", "01 93 FC 11 FE")},
    {"MB3-RC-034",
     shows(R"("header":"04 7C","value":"5","unit":"kg")", "04 7C 02 67 6B 05 00 00 00"),
     shows(R"("header":"04 7C","value":"5","unit":"kg")", "04 7C 02 6B 67 05 00 00 00"),
     says("04 7C 02 67 6B 05 00 00 00")},
    {"MB3-RC-043", shows(R"("header":"42 EC 7E","value":"2014-09-28")", "42 EC 7E DC 19"),
     shows(R"("header":"42 EC 7E","value":"2014-09-29")", "42 EC 7E DC 19"),
     says("42 EC 7E DC 19")},
    {"MB3-RC-043",
     shows(R"("header":"04 ED 39","value":"2008-05-31T23:50")", "04 ED 39 32 37 1F 15"),
     shows(R"("header":"04 ED 39","value":"2009-05-31T23:50")", "04 ED 39 32 37 1F 15")},
    {"MB3-RC-044", shows(R"("header":"04 93 74","value":"0.00016")", "04 93 74 10 00 00 00"),
     shows(R"("header":"04 93 74","value":"0.016")", "04 93 74 10 00 00 00"),
     says("04 93 74 10 00 00 00")},
    {"MB3-RC-044", shows(R"("header":"04 93 7D","value":"16")", "04 93 7D 10 00 00 00"), nullptr},
};

const Rows type_rows{
    // 23 F1 is -123.
    {"MB3-TY-001", shows(R"("header":"0A 16","value":"-123")", "0A 16 23 F1"),
     shows(R"("header":"0A 16","value":"123")", "0A 16 2A 01"), says("0A 16 23 F1")},
    {"MB3-TY-001", nullptr, shows(R"("header":"0B 16","value":"123")", "0B 16 23 F1 00")},
    {"MB3-TY-003", shows(R"("header":"02 66","value":"-3.5")", "02 66 DD FF"),
     shows(R"("header":"02 66","value":"65501")", "02 66 DD FF"),
     shows(R"("header":"02 66","value":"3.5")", "02 66 23 00")},
    // The most negative one is none.
    {"MB3-TY-003", nullptr, shows(R"("header":"01 67","value":"-128")", "01 67 80")},
    {"MB3-TY-004", shows(R"("header":"01 7A","value":"250")", "01 7A FA"),
     shows(R"("header":"01 7A","value":"-6")", "01 7A FA"),
     shows(R"("header":"01 7A","value":"5")", "01 7A 05")},
    {"MB3-TY-004", nullptr, shows(R"("header":"01 7A","value":"255")", "01 7A FF")},
    {"MB3-TY-005", shows(R"("header":"02 FD 17","value":"65535")", "02 FD 17 FF FF"),
     shows(R"("header":"02 FD 17","value":"1")", "02 FD 17 00 01"), says("02 FD 17 FF FF")},
    {"MB3-TY-006", shows(R"("header":"05 5B","value":"1")", "05 5B 00 00 80 3F"),
     shows(R"("header":"05 5B","value":"1")", "05 5B 00 00 C0 7F"), says("05 5B 00 00 80 3F")},
    {"MB3-TY-007", shows(R"("header":"01 5B","value":"-1")", "01 5B FF"),
     shows(R"("header":"01 5B","value":"254")", "01 5B FE"),
     shows(R"("header":"01 5B","value":"1")", "01 5B 01")},
    {"MB3-TY-008", shows(R"("header":"04 6D","value":"2008-05-31T23:50")", "04 6D 32 37 1F 15"),
     says("04 6D 3C 37 1F 15"), says("04 6D 32 37 1F 15")},
    {"MB3-TY-008", nullptr, says("04 6D 32 38 1F 15")},
    {"MB3-TY-008", nullptr, says("04 6D 32 37 1F 1D")},
    // Every minute of every hour; a date that was never set; one that says itself that it is none.
    {"MB3-TY-008", nullptr, nullptr, says("04 6D 3F 1F 1F 15 04 6D 00 00 00 00 04 6D A1 15 E9 1D")},
    {"MB3-TY-010", shows(R"("header":"04 6D","value":"1996-05-05T09:16")", "04 6D 10 09 05 C5"),
     shows(R"("header":"04 6D","value":"2096-05-05T09:16")", "04 6D 10 09 05 C5"),
     says("04 6D 10 09 05 C5")},
    {"MB3-TY-012", shows(R"("header":"42 6C","value":"2013-12-31")", "42 6C BF 1C"),
     shows(R"("header":"42 6C","value":"2013-12-31")", "42 6C BF 1D"), says("42 6C BF 1D")},
    // There is no 31 April.
    {"MB3-TY-012", shows(R"("header":"42 6C","value":"2013-04-30")", "42 6C BE 14"),
     shows(R"("header":"42 6C","value":"2013-04-30")", "42 6C BF 14"), says("42 6C BF 14")},
    {"MB3-TY-014",
     shows(R"("header":"06 6D","value":"2010-03-25T13:12")", "06 6D 0B 0C 8D 59 13 0C"),
     shows(R"("header":"06 6D","value":"2010-03-25T13:13")", "06 6D 0B 0C 8D 59 13 0C"),
     says("06 6D 0B 0C 8D 59 13 0C")},
    {"MB3-TY-014", nullptr, says("06 6D 3C 0C 8D 59 13 0C")},
    {"MB3-TY-014", nullptr, says("06 6D 0B 0C 8D 59 13 36")},
    // 2010 has no 29 February, 2012 has.
    {"MB3-TY-015", says("06 6D 0B 0C 8D 59 13 0C"), says("06 6D 8B 0C 8D 59 13 0C"),
     says("06 6D 8B 8C 8D 59 13 0C")},
    {"MB3-TY-015", says("06 6D 8B 0C 8D 99 13 0C"), says("06 6D 0B 0C 8D 99 13 0C")},
    {"MB3-TY-016", shows(R"("header":"03 6D","value":"03:02")", "03 6D 01 02 03"),
     says("03 6D 01 02 18"), says("03 6D FF FF FF")},
};

const tests::RowsAreTested of_structure{structure_rows};
const tests::RowsAreTested of_label{label_rows};
const tests::RowsAreTested of_types{type_rows};

TraceJudge& judge() {
    static TraceJudge loaded = TraceJudge::load(METERBENCH_SOURCE_DIR "/scenarios/judge").value();
    return loaded;
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_judge_records)

BOOST_AUTO_TEST_CASE(the_structure_of_records) {
    tests::judge_rows(judge(), structure_rows, start);
}
BOOST_AUTO_TEST_CASE(values_against_the_label) {
    tests::judge_rows(judge(), label_rows, start);
}
BOOST_AUTO_TEST_CASE(types_of_data) {
    tests::judge_rows(judge(), type_rows, start);
}

// What is written changes values; what moves on is not held against the label after a while.
BOOST_AUTO_TEST_CASE(a_value_counts_while_it_is_fresh_and_nothing_was_written) {
    const Rows rows{
        {"MB3-RC-018", nullptr, nullptr,
         states(R"({"records":[{"header":"04 13","value":"54.321"}]})",
                [](Trace& t) {
                    hear(t, "E5");
                    ask(t, write("04 13 00 00 00 00"));
                    hear(t, "E5");
                    ask(t, short_frame("7B 05"));
                    hear(t, telegram("04 13 00 01 00 00"));
                })},
        {"MB3-RC-018", nullptr, nullptr,
         states(R"({"records":[{"header":"04 13","value":"54.321"}]})",
                [](Trace& t) {
                    hear(t, "E5");
                    ask(t, short_frame("7B 05"), 3'600'000'000'000);
                    hear(t, telegram("04 13 00 01 00 00"));
                })},
    };
    tests::judge_rows(judge(), rows, start);
}

// A selection for readout, a write: what the next answer carries may be its echo.
BOOST_AUTO_TEST_CASE(an_answer_behind_a_command_is_not_a_standard_one) {
    const Rows rows{
        {"MB3-RC-017", told("{}", "08 13", telegram("08 13")), nullptr},
        {"MB3-RC-036", told("{}", "08 7E", telegram("08 7E")), nullptr},
    };
    tests::judge_rows(judge(), rows, start);
}

BOOST_AUTO_TEST_SUITE_END()
