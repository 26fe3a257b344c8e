// SPDX-License-Identifier: Apache-2.0
// Purpose: predicates about what a meter takes for a frame, about the frame count bit and about
// class 1 data (scenarios/judge/meter/frames.lua, counting.lua) pass what EN 13757-2 has, fail what
// breaks just that, and say nothing where a trace does not show it.
#include "tests/harness/lua/meter_conversation.hpp"

namespace {

using namespace meterbench;
using namespace meterbench::tests;
using formats::Trace;

constexpr std::string_view alarms = R"({"alarms":true,"telegrams":2,"fcb":true})";
constexpr std::string_view one = R"({"telegrams":1})";
constexpr std::string_view oms = R"({"oms":true})";

void reset_again(Trace& t) {
    reset(t);
}
/// What is sent is answered by silence or `answer`; then the meter answers a reset, or not.
Change then(const std::string& request, const std::string& answer = {}, bool alive = true) {
    return [request, answer, alive](Trace& t) {
        exchange(t, request, answer);
        ask(t, short_frame("40 05"));
        if (alive) {
            hear(t, "E5");
        }
    };
}
/// The same, and what follows comes `bits` bit times behind it.
Change spaced(const std::string& request, std::int64_t bits, bool alive) {
    return [request, bits, alive](Trace& t) {
        ask(t, request);
        say(t, true, short_frame("40 05"), bits * bit);
        if (alive) {
            hear(t, "E5");
        }
        reset(t);
    };
}
std::string fill(std::size_t count, const std::string& octet) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += octet + " ";
    }
    return text;
}
/// SND_NKE 12 bit times behind the first octets of an answer, whose rest is heard on top of it.
Change into_an_answer(std::string_view answer) {
    return [answer = std::string{answer}](Trace& t) {
        ask(t, short_frame("5B 05"));
        hear(t, "68 0F 0F 68 08 05 72");
        say(t, true, short_frame("40 05"), 12 * bit);
        formats::TracePacket rest;
        rest.baud = 2400;
        rest.phase = "run";
        rest.bytes = std::vector<std::uint8_t>(20, 0x55);
        rest.start = t.packets.back().start - bit;
        rest.end = rest.start + 220 * bit;
        t.packets.push_back(rest);
        if (!answer.empty()) {
            hear(t, answer);
        }
        reset(t);
    };
}
/// Requests to the meter and what it answers, by control field.
Change reads(std::vector<std::pair<std::string, std::string>> list) {
    return [list = std::move(list)](Trace& t) {
        for (const auto& [control, answer] : list) {
            read(t, control, answer);
        }
    };
}
/// FDh gets the second telegram, then the meter's own address is asked, then FDh with the other
/// bit.
Change crossed(const std::string& third) {
    return [third](Trace& t) {
        select(t, own_address);
        read_selected(t, "7B", first());
        read_selected(t, "5B", second());
        read(t, "7B", first());
        read_selected(t, "7B", third);
    };
}
std::string alarm(std::string_view code) {
    return long_frame("08 05 71 " + std::string{code});
}
std::string demanding() {
    return long_frame("28 05 72 " + std::string{own_address} + " 01 00 00 00 04 13 31 D4 00 00");
}

const Rows& rows() {
    static const Rows all{
        {"MB2-LL-002", reset_again, then(short_frame("40 05")),
         [](Trace& t) { t.packets.clear(); }},
        {"MB2-LL-002", nullptr, then("10 40 05 45", "E5")},
        {"MB2-LL-013", then("11 40 05 45 16"), then("11 40 05 45 16", "E5"),
         [](Trace& t) { ask(t, "11 40 05 45 16"); }},
        {"MB2-LL-013", nullptr, spaced("11 40 05 45 16", 40, false)},
        // A frame may begin inside.
        {"MB2-LL-013", nullptr, nullptr, then("11 10 40 05 45 16", "E5")},
        {"MB2-LL-015", spaced("10 40 05 44 16", 40, true), spaced("10 40 05 44 16", 40, false),
         spaced("10 40 05 44 16", 31, false)},
        {"MB2-PH-007", spaced(fill(32, "00"), 40, true), spaced(fill(32, "00"), 40, false),
         spaced(fill(4, "00"), 40, false)},
        {"MB2-LL-025", then(long_frame("08 05 72 00")), then(long_frame("08 05 72 00"), "E5"),
         then(long_frame("08 05 72 00"), "", false)},
        // Of another: only what the meter itself says is held against it.
        {"MB2-LL-025", then(short_frame("00 0A")), then(short_frame("00 0A"), first()),
         then(short_frame("00 0A"), "E5")},
        {"MB2-LL-033", then(short_frame("49 05")), then(short_frame("49 05"), short_frame("0B 05")),
         then(short_frame("49 0A"))},
        {"MB2-LL-067", into_an_answer(""), into_an_answer("E5"), reset_again},
        {"MB2-LL-072", states(oms, then(long_frame("73 05 51 " + fill(252, "2F")), "E5")),
         states(oms, then(long_frame("73 05 51 " + fill(252, "2F")))),
         then(long_frame("73 05 51 " + fill(252, "2F")))},
        {"MB2-LL-073", then(long_frame("53 05")), then(long_frame("53 05"), "E5"),
         then(long_frame("53 0A"))},
        {"MB2-LL-073", then("68 00 00 68 00 16"), then("68 00 00 68 00 16", "E5")},
        {"MB2-LL-076", then(short_frame("53 05")), then(short_frame("53 05"), "E5"),
         then(short_frame("53 05"), "", false)},
        {"MB2-LL-076", then(long_frame("5B 05 51")), then(long_frame("5B 05 51"), first())},
        {"MB2-PH-038", [](Trace& t) { t.needs = {"octet_errors"}; },
         [](Trace& t) { t.packets[1].errors = 4; }, reset_again},

        {"MB2-LL-034", reads({{"5B", second()}, {"6B", ""}, {"5B", second()}}),
         reads({{"5B", second()}, {"6B", ""}, {"5B", first()}}),
         reads({{"5B", second()}, {"6B", ""}, {"7B", first()}})},
        {"MB2-LL-035",
         [](Trace& t) {
             read(t, "5B", second());
             reset(t);
             read(t, "7B", first());
         },
         [](Trace& t) {
             read(t, "5B", second());
             reset(t);
             read(t, "7B", second());
         },
         // The first one again tells nothing.
         [](Trace& t) {
             reset(t);
             read(t, "7B", first());
         }},
        {"MB2-LL-042", crossed(first()), crossed(second()), crossed("")},
        {"MB2-LL-045", states(one, reads({{"5B", first()}})),
         states(one, reads({{"5B", second()}})), reads({{"5B", second()}})},
        {"MB2-LL-029", states(alarms, reads({{"7A", "E5"}})), states(alarms, reads({{"7A", ""}})),
         reads({{"7A", ""}})},
        {"MB2-LL-029", states(alarms, reads({{"7A", alarm("04")}})),
         states(alarms, reads({{"7A", first()}}))},
        // A device with alarms may have had one between; not where it says so before and after.
        {"MB2-LL-031", states(alarms, reads({{"7A", "E5"}, {"5B", second()}})),
         states(alarms, reads({{"7A", "E5"}, {"5B", demanding()}, {"5A", "E5"}})),
         states(alarms, reads({{"7A", "E5"}, {"5B", demanding()}, {"5A", alarm("04")}}))},
        {"MB2-LL-031", reset_again, reads({{"5B", demanding()}})},
        {"MB3-AP-021", reads({{"7A", alarm("04")}, {"7A", alarm("04")}}),
         reads({{"7A", alarm("04")}, {"7A", "E5"}}), reads({{"7A", alarm("04")}, {"5A", "E5"}})},
        {"MB3-AP-021", nullptr, reads({{"7A", alarm("04")}, {"7A", alarm("08")}}),
         reads({{"7A", "E5"}, {"7A", alarm("08")}})},
    };
    return all;
}
const RowsAreTested tested{rows()};

} // namespace

BOOST_AUTO_TEST_SUITE(trace_judge_frames)

BOOST_AUTO_TEST_CASE(frames_and_counting) {
    judge_rows(meter_judge(), rows(), start);
}

BOOST_AUTO_TEST_SUITE_END()
