// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "paths.hpp"
#include "tests/harness/lua/conversation.hpp"
#include "tests/harness/lua/meter_rows.hpp"

/// Conversations with a meter at address 5, MBX 12345678, version 1, heat.
namespace meterbench::tests {

using Rows = std::vector<MeterRow>;
using Change = MeterRow::Change;

inline constexpr std::string_view own_address = "78 56 34 12 58 34 01 04";

inline void ask(formats::Trace& trace, std::string_view hex, std::uint32_t baud = 2400) {
    say(trace, true, hex, 300'000'000, baud);
}
inline void hear(formats::Trace& trace, std::string_view hex, std::uint32_t baud = 2400) {
    say(trace, false, hex, 20'000'000, baud);
}
/// A request and its answer; none where it is empty.
inline void exchange(formats::Trace& trace, std::string_view request, std::string_view answer,
                     std::uint32_t baud = 2400) {
    ask(trace, request, baud);
    if (!answer.empty()) {
        hear(trace, answer, baud);
    }
}

/// RSP_UD with these records.
inline std::string telegram(std::string_view records, std::string_view address = "05",
                            std::string_view from = own_address) {
    return long_frame("08 " + std::string{address} + " 72 " + std::string{from} + " 01 00 00 00 " +
                      std::string{records});
}
inline std::string first(std::string_view address = "05") {
    return telegram("0C 78 78 56 34 12 04 13 31 D4 00 00 01 FD 17 02 1F", address);
}
inline std::string second(std::string_view address = "05") {
    return telegram("44 13 31 D4 00 00", address);
}

inline void reset(formats::Trace& trace, std::uint32_t baud = 2400) {
    exchange(trace, short_frame("40 05"), "E5", baud);
}
/// REQ_UD2 with this control field.
inline void read(formats::Trace& trace, std::string_view control, std::string_view answer) {
    exchange(trace, short_frame(std::string{control} + " 05"), answer);
}
/// SND_UD with this CI-field and data.
inline void command(formats::Trace& trace, std::string_view user_data,
                    std::string_view answer = "E5",
                    std::string_view control_and_address = "73 05") {
    exchange(trace, long_frame(std::string{control_and_address} + " " + std::string{user_data}),
             answer);
}
inline void select(formats::Trace& trace, std::string_view mask, std::string_view answer = "E5",
                   std::string_view ci = "52") {
    command(trace, std::string{ci} + " " + std::string{mask}, answer, "73 FD");
}
inline void read_selected(formats::Trace& trace, std::string_view control,
                          std::string_view answer) {
    exchange(trace, short_frame(std::string{control} + " FD"), answer);
}

/// A reset and the first telegram of two.
inline formats::Trace start() {
    formats::Trace trace;
    trace.case_id = "a.case";
    trace.role = "meter";
    trace.dut = "5";
    trace.ics = formats::parse_json(R"({"telegrams":2,"fcb":true})", "ics").value();
    reset(trace);
    read(trace, "7B", first());
    return trace;
}

/// The same change under another statement.
inline Change states(std::string_view ics, const Change& change) {
    return [ics = std::string{ics}, change](formats::Trace& trace) {
        trace.ics = formats::parse_json(ics, "ics").value();
        change(trace);
    };
}

inline harness::lua::TraceJudge& meter_judge() {
    static auto loaded =
        harness::lua::TraceJudge::load(METERBENCH_SOURCE_DIR "/scenarios/judge").value();
    return loaded;
}

} // namespace meterbench::tests
