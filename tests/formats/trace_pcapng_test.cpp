// SPDX-License-Identifier: Apache-2.0
#include "formats/json_reader.hpp"
#include "formats/trace_pcapng.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <span>

namespace {

using namespace meterbench;
using namespace meterbench::formats;
using Bytes = std::vector<std::uint8_t>;

std::uint64_t number(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = (value << 8U) | bytes[at + i - 1];
    }
    return value;
}

struct Block {
    std::uint64_t type = 0;
    Bytes body;
};

/// Reads blocks by the rules of draft-ietf-opsawg-pcapng: length twice, a multiple of four.
std::vector<Block> blocks_of(std::span<const std::uint8_t> file) {
    std::vector<Block> blocks;
    for (std::size_t at = 0; at < file.size();) {
        const std::uint64_t length = number(file, at + 4, 4);
        BOOST_REQUIRE(length % 4 == 0);
        BOOST_REQUIRE(length >= 12);
        BOOST_REQUIRE(at + length <= file.size());
        BOOST_REQUIRE(number(file, at + length - 4, 4) == length);
        const auto body = file.subspan(at + 8, length - 12);
        blocks.push_back({number(file, at, 4), {body.begin(), body.end()}});
        at += length;
    }
    return blocks;
}

std::map<std::uint64_t, std::string> options_of(const Bytes& body, std::size_t at) {
    std::map<std::uint64_t, std::string> options;
    while (at < body.size()) {
        const std::uint64_t code = number(body, at, 2);
        const std::uint64_t length = number(body, at + 2, 2);
        if (code == 0) {
            BOOST_TEST(length == 0U);
            BOOST_TEST(at + 4 == body.size());
            break;
        }
        options[code] = {body.begin() + static_cast<std::ptrdiff_t>(at + 4),
                         body.begin() + static_cast<std::ptrdiff_t>(at + 4 + length)};
        at += 4 + (length + 3) / 4 * 4;
    }
    return options;
}

RunResult small_run() {
    RunResult run;
    run.version = "0.1.0";
    run.ics_json = R"({"fcb":true})";
    run.dut_role = "meter";
    run.dut_address = "5";
    CaseResult& result = run.cases.emplace_back();
    result.info.id = "wired.link.\"quoted\"";
    result.seed = 42;
    Step sent;
    sent.kind = Step::Kind::sent;
    sent.start = 5'000'000'001; // more than 32 bits of nanoseconds
    sent.end = sent.start + 22'916'666;
    sent.baud = 2400;
    sent.station = 5;
    sent.bytes = {0x10, 0x7B, 0x05, 0x80, 0x16};
    Step note;
    note.text = "not on the wire";
    Step heard = sent;
    heard.kind = Step::Kind::heard;
    heard.phase = Phase::epilogue;
    heard.start = 6'000'000'000;
    heard.end = 6'004'583'333;
    heard.station = 0;
    heard.bytes = {0xE5, 0x00};
    heard.errors = {1, 8};
    result.steps = {sent, note, heard};
    return run;
}

BOOST_AUTO_TEST_SUITE(trace_pcapng_file)

// Purpose: the trace says what the chapter Trace of docs/report.md says, byte for byte.
BOOST_AUTO_TEST_CASE(holds_what_was_sent_and_heard) {
    const RunResult run = small_run();
    const auto blocks = blocks_of(trace_pcapng(run.cases[0], run));
    BOOST_REQUIRE(blocks.size() == 4U);

    BOOST_TEST(blocks[0].type == 0x0A0D0D0AU);
    BOOST_TEST(number(blocks[0].body, 0, 4) == 0x1A2B3C4DU);
    const auto comment = parse_json(options_of(blocks[0].body, 16).at(1), "comment");
    BOOST_REQUIRE(comment.has_value());
    BOOST_TEST(comment->member("case")->text == run.cases[0].info.id);
    BOOST_TEST(comment->member("seed")->integer == 42);
    BOOST_TEST(comment->member("ics")->member("fcb")->boolean);
    BOOST_TEST(comment->member("role")->text == "meter");
    BOOST_TEST(comment->member("dut")->text == "5");

    BOOST_TEST(blocks[1].type == 1U);
    BOOST_TEST(number(blocks[1].body, 0, 2) == 147U);
    BOOST_TEST(options_of(blocks[1].body, 8).at(9) == "\x09"); // nanoseconds

    const Bytes& sent = blocks[2].body;
    BOOST_TEST(blocks[2].type == 6U);
    BOOST_TEST(((number(sent, 4, 4) << 32U) | number(sent, 8, 4)) == 5'000'000'001U);
    BOOST_TEST(number(sent, 12, 4) == 25U); // captured: 20 bytes of pseudo header, 5 octets
    BOOST_TEST(number(sent, 16, 4) == 25U);
    BOOST_TEST(number(sent, 20, 1) == 1U);          // version
    BOOST_TEST(number(sent, 21, 1) == 0U);          // sent by the harness
    BOOST_TEST(number(sent, 22, 2) == 5U);          // station
    BOOST_TEST(number(sent, 24, 4) == 2400U);       // rate
    BOOST_TEST(number(sent, 28, 2) == 0U);          // no errors
    BOOST_TEST(number(sent, 30, 2) == 5U);          // octets
    BOOST_TEST(number(sent, 32, 8) == 22'916'666U); // duration
    BOOST_TEST(number(sent, 40, 5) == 0x1680057B10U);
    BOOST_TEST(options_of(sent, 48).at(1) == "run");

    const Bytes& heard = blocks[3].body;
    BOOST_TEST(number(heard, 21, 1) == 1U);
    BOOST_TEST(number(heard, 28, 2) == 9U); // parity and collision
    BOOST_TEST(number(heard, 30, 2) == 2U);
    BOOST_TEST(options_of(heard, 44).at(1) == "epilogue");
}

// Purpose: a case that never reached the wire has a valid, empty trace.
BOOST_AUTO_TEST_CASE(of_a_case_without_frames) {
    const RunResult run;
    BOOST_TEST(blocks_of(trace_pcapng(CaseResult{}, run)).size() == 2U);
}

std::string output_of(const std::string& command) {
    std::string output;
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    BOOST_REQUIRE(pipe != nullptr);
    std::array<char, 512> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        output.append(buffer.data(), count);
    }
    ::pclose(pipe);
    return output;
}

// Purpose: an independent reader, tshark, finds the same packets at the same times.
BOOST_AUTO_TEST_CASE(opens_in_tshark) {
    if (std::system("command -v tshark >/dev/null 2>&1") != 0) {
        std::cout << "skipped: trace_pcapng opens_in_tshark: tshark is not installed\n";
        return;
    }
    const tests::TemporaryFolder folder;
    const RunResult run = small_run();
    const Bytes bytes = trace_pcapng(run.cases[0], run);
    const auto file = folder.write("trace.pcapng", std::string{bytes.begin(), bytes.end()});
    BOOST_TEST(output_of("tshark -r '" + file.string() +
                         "' -T fields -e frame.time_epoch -e frame.len -e frame.comment "
                         "-e frame.encap_type 2>/dev/null") ==
               "5.000000001\t25\trun\t45\n6.000000000\t22\tepilogue\t45\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
