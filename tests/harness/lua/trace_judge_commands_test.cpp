// SPDX-License-Identifier: Apache-2.0
// Purpose: predicates about commands to a meter and the answers behind them
// (scenarios/judge/meter/application.lua, writing.lua, clock.lua) pass what EN 13757-3 has, fail
// what breaks just that, and say nothing where the statement does not claim it or a trace does not
// show it.
#include "tests/harness/lua/meter_conversation.hpp"

namespace {

using namespace meterbench;
using namespace meterbench::tests;
using formats::Trace;

constexpr std::string_view resets =
    R"({"application_reset":true,"telegrams":2,"fcb":true,"applications":[1]})";
constexpr std::string_view selects = R"({"readout_selection":true})";
constexpr std::string_view synchronised =
    R"({"synchronised_action":true,"stored":[{"header":"44 13","takes":"04 13"}]})";
constexpr std::string_view synchronised_only = R"({"synchronised_action":true})";
constexpr std::string_view writes =
    R"({"fcb":true,"application_errors":true,"writable":[{"header":"01 FD 17","data":"05"}],
        "write_protected":[{"header":"04 13","data":"01 00 00 00"}],
        "actions":[{"action":"add","header":"01 FD 17","data":"03"}]})";

std::string error() {
    return long_frame("08 05 70 01");
}
std::string flags(std::string_view value) {
    return telegram("04 13 31 D4 00 00 01 FD 17 " + std::string{value});
}
/// A reset, a command, and the telegram that is asked for behind it.
Change behind(const std::string& user_data, const std::string& answer,
              const std::string& acknowledge = "E5") {
    return [user_data, answer, acknowledge](Trace& t) {
        reset(t);
        command(t, user_data, acknowledge);
        read(t, "7B", answer);
    };
}
/// Both telegrams, an application reset, and what comes then.
Change restarted(const std::string& answer, const std::string& control = "53 05",
                 const std::string& request = "7B") {
    return [answer, control, request](Trace& t) {
        read(t, "5B", second());
        read(t, "7B", first());
        read(t, "5B", second());
        command(t, "50", "E5", control);
        read(t, request, answer);
    };
}
/// One record is selected, and two requests follow.
Change kept(const std::string& one, const std::string& two) {
    return states(selects, [one, two](Trace& t) {
        reset(t);
        command(t, "51 08 13");
        read(t, "7B", one);
        read(t, "5B", two);
    });
}
/// A write with `count` tries of the same octets, a reset, and the value behind it; 02h was before.
Change written(const std::string& record, const std::string& answer, int count = 1,
               const std::string& acknowledge = "E5") {
    return states(writes, [record, answer, count, acknowledge](Trace& t) {
        reset(t);
        for (int i = 0; i < count; ++i) {
            command(t, "51 " + record, acknowledge);
        }
        reset(t);
        read(t, "7B", answer);
    });
}
/// The same, with a protected record, and an answer to the first request.
Change protected_write(const std::string& report, const std::string& after,
                       const std::string& acknowledge = "E5") {
    return states(writes, [report, after, acknowledge](Trace& t) {
        reset(t);
        command(t, "51 04 13 01 00 00 00", acknowledge);
        reset(t);
        read(t, "7B", report);
        reset(t);
        read(t, "7B", after);
    });
}
Change frozen(const std::string& after, std::string_view ics = synchronised) {
    return states(ics, [after](Trace& t) {
        reset(t);
        read(t, "7B", telegram("04 13 31 D4 00 00 44 13 00 00 00 00"));
        reset(t);
        command(t, "5C");
        read(t, "7B", after);
    });
}
/// 2027-03-04 05:06 is set, and the clock that is said behind it.
Change clock_is(const std::string& record, const std::string& timing = "00",
                const std::string& acknowledge = "E5") {
    return states(R"({"clock_writable":true})", [record, timing, acknowledge](Trace& t) {
        reset(t);
        command(t,
                "6C " + std::string{own_address} + " 01 00 00 00 " + timing +
                    " 00 06 05 64 33 00 00 00 00",
                acknowledge);
        reset(t);
        read(t, "7B", telegram(record));
    });
}
/// The clock says 05:06, and two hours are added.
Change clock_moves(const std::string& record) {
    return states(R"({"clock_writable":true})", [record](Trace& t) {
        reset(t);
        read(t, "7B", telegram("04 6D 06 05 64 33"));
        reset(t);
        command(t, "6D " + std::string{own_address} + " 01 00 00 00 01 00 00 02 00 00 00 00 00 00");
        reset(t);
        read(t, "7B", telegram(record));
    });
}
const std::string narrow = telegram("04 13 31 D4 00 00");

const Rows& rows() {
    static const Rows all{
        {"MB3-AP-001", states(resets, behind("50", first())), states(resets, behind("50", error())),
         behind("50", error())},
        {"MB3-AP-001", nullptr, states(resets, [](Trace& t) { command(t, "50", "E5", "53 FF"); })},
        {"MB3-AP-001", nullptr, states(resets, behind("50", first(), ""))},
        {"MB3-AP-002", states(resets, behind("50 10", second())),
         states(resets, behind("50 10", error())), behind("50 10", error())},
        {"MB3-AP-002", nullptr, states(resets, behind("50 10", ""))},
        {"MB3-AP-003", states(resets, behind("50 F0", first())),
         states(resets, behind("50 F0", error())), states(resets, behind("50 10", error()))},
        {"MB3-AP-004", states(resets, restarted(first(), "73 05")),
         states(resets, restarted(telegram("84 10 13 00 00 00 00"), "73 05")),
         // The bit of the last command: that one may be taken for a repetition.
         states(resets, restarted(second(), "53 05"))},
        {"MB3-AP-004", nullptr, nullptr,
         // The bit of the last command again: a repetition for who keeps one bit.
         states(resets, restarted(second(), "73 05", "7B"))},
        {"MB3-AP-006", states(selects, behind("51 08 13", narrow)),
         states(selects, behind("51 08 13", first())), behind("51 08 13", first())},
        {"MB3-AP-007", states(selects, behind("51 C8 3F 7E", first())),
         states(selects, behind("51 C8 3F 7E", narrow)), behind("51 C8 3F 7E", narrow)},
        {"MB3-AP-008", states(selects, behind("51 7F", first())),
         states(selects, behind("51 7F", narrow)), behind("51 7F", narrow)},
        {"MB3-AP-009", kept(narrow, narrow), kept(narrow, first()), kept(first(), second())},
        {"MB3-AP-017", frozen(telegram("04 13 31 D4 00 00 44 13 31 D4 00 00")),
         frozen(telegram("04 13 31 D4 00 00 44 13 01 02 00 00")), frozen(narrow)},
        {"MB3-AP-017", frozen(narrow, synchronised_only), frozen(error(), synchronised_only),
         frozen(narrow, "{}")},
        {"MB3-AP-017", nullptr,
         states(synchronised_only, [](Trace& t) { command(t, "5C", "E5", "53 FF"); })},
        {"MB3-AP-018", clock_is("04 6D 06 05 64 33"), clock_is("04 6D 06 06 64 33"),
         // Another time control than the one that sets.
         clock_is("04 6D 06 06 64 33", "02")},
        {"MB3-AP-018", clock_moves("04 6D 06 07 64 33"), clock_moves("04 6D 06 05 64 33"),
         clock_is("04 13 31 D4 00 00")},
        {"MB3-AP-018", nullptr, clock_is("04 6D 06 05 64 33", "00", "")},
        {"MB2-LL-065", behind("A7", error()), behind("A7", ""), behind("51", error())},
        {"MB2-LL-065", nullptr, behind("A7", error(), "")},

        {"MB3-AP-005", written("01 FD 17 05", flags("05")),
         written("01 FD 17 05", flags("02"), 1, ""), written("01 FD 17 05", flags("02"))},
        {"MB3-AP-014", written("01 FD 17 05", flags("05")), written("01 FD 17 05", flags("02")),
         written("02 FD 17 05 00", flags("02"))},
        {"MB3-AP-016", protected_write(error(), first()),
         protected_write(error(), telegram("04 13 01 00 00 00")),
         written("01 FD 17 05", flags("02"))},
        {"MB3-AP-016", protected_write(first(), first(), ""), protected_write(first(), first())},
        {"MB3-AP-013", written("01 FD 97 01 03", flags("05")),
         written("01 FD 97 01 03", flags("03")), written("01 FD 97 03 03", flags("07"))},
        {"MB2-LL-043", written("01 FD 97 01 03", flags("05"), 2),
         written("01 FD 97 01 03", flags("08"), 2), written("01 FD 97 01 03", flags("05"))},
        {"MB2-LL-043", nullptr,
         states(writes,
                [](Trace& t) {
                    command(t, "51 01 FD 97 01 03");
                    command(t, "51 01 FD 97 01 03", "");
                })},
        {"MB3-AP-015", written("01 FD 97 0E 03", error()), written("01 FD 97 0E 03", flags("02")),
         written("01 FD 97 01 03", flags("02"))},
    };
    return all;
}
const RowsAreTested tested{rows()};

} // namespace

BOOST_AUTO_TEST_SUITE(trace_judge_commands)

BOOST_AUTO_TEST_CASE(commands_and_writes) {
    judge_rows(meter_judge(), rows(), start);
}

BOOST_AUTO_TEST_SUITE_END()
