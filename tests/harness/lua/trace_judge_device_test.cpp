// SPDX-License-Identifier: Apache-2.0
// Purpose: predicates about rates and addresses of a meter (scenarios/judge/meter/rates.lua,
// addresses.lua) pass what EN 13757-2 and -7 have, fail what breaks just that, and say nothing
// where a trace leaves open at which rate or address the meter is.
#include "tests/harness/lua/meter_conversation.hpp"

namespace {

using namespace meterbench;
using namespace meterbench::tests;
using formats::Trace;

constexpr std::string_view rates =
    R"({"baud_switch":[300,2400,9600],"baud_fallback":"10min","baud":[2400]})";
constexpr std::string_view automatic = R"({"auto_baud":true,"baud":[300,2400]})";
constexpr std::string_view movable = R"({"address_writable":true})";
constexpr std::string_view renamed = R"({"identification_writable":true})";
constexpr std::string_view adapter = R"({"adapter":true})";

/// CI BDh is 9600 Bd, B8h is 300 Bd.
void to_9600(Trace& t) {
    command(t, "BD");
}
void ask_reset(Trace& t, std::uint32_t baud) {
    ask(t, short_frame("40 05"), baud);
}
void pass_time(Trace& t, std::int64_t ns) {
    say(t, true, short_frame("40 0A"), ns); // for somebody else
}
Change after(const Change& one, const Change& other) {
    return [one, other](Trace& t) {
        one(t);
        other(t);
    };
}
void alive_at_9600(Trace& t) {
    reset(t, 9600);
}
void dead_at_9600(Trace& t) {
    ask_reset(t, 9600);
}
void alive(Trace& t) {
    reset(t);
}
void dead(Trace& t) {
    ask_reset(t, 2400);
}
Change switched(const Change& then) {
    return states(rates, after(to_9600, then));
}
Change power_cut(std::uint32_t baud) {
    return switched([baud](Trace& t) {
        t.needs = {"power"};
        reset(t, 9600);
        pass_time(t, 5'000'000'000);
        reset(t, baud);
    });
}
Change written(std::string_view address, const Change& then) {
    return states(movable, [address = std::string{address}, then](Trace& t) {
        command(t, "51 01 7A " + address);
        then(t);
    });
}
Change at_seven(std::string_view answer) {
    return [answer = std::string{answer}](Trace& t) { exchange(t, short_frame("40 07"), answer); };
}
/// A write of the fabrication number, and the telegram behind it.
Change number_is(std::string_view number, std::string_view write = "0C 78 11 22 33 44") {
    return [number = std::string{number}, write = std::string{write}](Trace& t) {
        command(t, "51 " + write);
        reset(t);
        read(t, "7B", telegram("0C 78 " + number));
    };
}
Change answers(std::string_view write, std::string_view address) {
    return states(renamed, [write = std::string{write}, address = std::string{address}](Trace& t) {
        reset(t);
        command(t, "51 " + write);
        reset(t);
        read(t, "7B", telegram("04 13 31 D4 00 00", "05", address));
    });
}

const Rows& rows() {
    static const Rows all{
        {"MB2-LL-058", switched(alive_at_9600), switched(dead_at_9600), states(rates, to_9600)},
        {"MB2-LL-058", nullptr, switched([](Trace& t) {
             reset(t, 9600);
             reset(t);
         }),
         // No valid frame followed: either rate may be the one for a while.
         switched([](Trace& t) {
             pass_time(t, 60'000'000'000);
             ask_reset(t, 9600);
         })},
        {"MB2-LL-058", nullptr, states(rates, [](Trace& t) { command(t, "BD", ""); }),
         // The supply may have failed.
         switched([](Trace& t) {
             t.needs = {"power"};
             pass_time(t, 5'000'000'000);
             ask_reset(t, 9600);
         })},
        {"MB2-LL-059",
         states(rates,
                [](Trace& t) {
                    command(t, "BD", "", "53 FF");
                    reset(t, 9600);
                }),
         states(rates,
                [](Trace& t) {
                    command(t, "BD", "", "53 FF");
                    ask_reset(t, 9600);
                }),
         states(rates, [](Trace& t) { command(t, "BD", "", "53 FF"); })},
        {"MB2-LL-059", nullptr, states(rates, [](Trace& t) { command(t, "BD", "E5", "53 FF"); })},
        {"MB2-LL-061", switched([](Trace& t) {
             pass_time(t, 601'000'000'000);
             reset(t);
         }),
         switched([](Trace& t) {
             pass_time(t, 601'000'000'000);
             ask_reset(t, 2400);
         }),
         switched([](Trace& t) {
             pass_time(t, 300'000'000'000);
             ask_reset(t, 2400);
         })},
        {"MB2-LL-063", states(rates, after([](Trace& t) { command(t, "BF", ""); }, alive)),
         states(rates, after([](Trace& t) { command(t, "BF"); }, dead)), switched(dead_at_9600)},
        {"MB2-LL-064", states(automatic, [](Trace& t) { reset(t, 300); }),
         states(automatic, [](Trace& t) { ask_reset(t, 300); }),
         [](Trace& t) { ask_reset(t, 300); }},
        {"MB2-PH-031", states(automatic, [](Trace& t) { reset(t, 300); }),
         states(automatic, [](Trace& t) { ask_reset(t, 300); }),
         [](Trace& t) { ask_reset(t, 300); }},
        {"MB2-PH-032", alive, dead},
        {"MB2-PH-034", power_cut(9600), power_cut(2400), switched(alive_at_9600)},
        {"MB2-PH-034", power_cut(300), nullptr},
        {"MB2-PH-035", alive,
         [](Trace& t) { t.packets[3].end -= (t.packets[3].end - t.packets[3].start) / 100; },
         // Idle time between the characters, or a rate that is too low.
         [](Trace& t) { t.packets[3].end += (t.packets[3].end - t.packets[3].start) / 100; }},

        {"MB2-LL-048",
         [](Trace& t) {
             t.ics = formats::parse_json(R"({"unconfigured":true})", "ics").value();
             t.dut = "0";
             exchange(t, short_frame("40 00"), "E5");
         },
         [](Trace& t) {
             t.ics = formats::parse_json(R"({"unconfigured":true})", "ics").value();
             t.dut = "0";
             ask(t, short_frame("40 00"));
         },
         alive},
        {"MB2-LL-049", written("07", at_seven("E5")), written("07", at_seven("")), alive},
        {"MB3-AP-010", written("07", at_seven("E5")), written("07", at_seven("")),
         written("07", [](Trace&) {})},
        {"MB3-AP-010", nullptr, written("07", after(at_seven("E5"), alive)),
         // Not claimed: no address can be written.
         [](Trace& t) { command(t, "51 01 7A 07", ""); }},
        {"MB2-LL-050", written("FB", alive), written("FB", dead), written("FD", dead)},
        {"MB3-AP-011", written("FF", alive), written("FF", dead), written("FC", dead)},
        {"MB2-LL-055",
         [](Trace& t) {
             select(t, own_address);
             read_selected(t, "7B", first("FD"));
         },
         [](Trace& t) {
             select(t, own_address);
             read_selected(t, "7B", first("06"));
         },
         // Another meter.
         [](Trace& t) {
             read_selected(t, "7B", telegram("04 13 31 D4 00 00", "06", "79 56 34 12 58 34 01 04"));
         }},
        {"MB3-AP-012", answers("0C 79 11 22 33 44", "11 22 33 44 58 34 01 04"),
         answers("0C 79 11 22 33 44", own_address), number_is("78 56 34 12")},
        {"MB7-SA-020", answers("07 79 11 22 33 44 58 34 02 04", "11 22 33 44 58 34 02 04"),
         answers("07 79 11 22 33 44 58 34 02 04", own_address), number_is("78 56 34 12")},
        {"MB7-SA-019", number_is("78 56 34 12"), number_is("11 22 33 44"), alive},
        {"MB7-SA-019", nullptr,
         [](Trace& t) {
             command(t, "51 0C 79 11 22 33 44");
             reset(t);
             read(t, "7B", telegram("04 13 31 D4 00 00", "05", "11 22 33 44 58 34 01 04"));
         },
         states(renamed, alive)},
        {"MB7-SA-032", states(adapter, number_is("78 56 34 12")),
         states(adapter, number_is("7A 56 34 12")), number_is("7A 56 34 12")},
    };
    return all;
}
const RowsAreTested tested{rows()};

} // namespace

BOOST_AUTO_TEST_SUITE(trace_judge_device)

BOOST_AUTO_TEST_CASE(rates_and_addresses) {
    judge_rows(meter_judge(), rows(), start);
}

BOOST_AUTO_TEST_SUITE_END()
