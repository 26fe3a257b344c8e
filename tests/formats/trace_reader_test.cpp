// SPDX-License-Identifier: Apache-2.0
// Purpose: what trace_pcapng() writes is read back whole, edits show, and no bytes do harm.
#include "formats/trace_pcapng.hpp"
#include "formats/trace_reader.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench::formats;

Step step(Step::Kind kind, std::vector<std::uint8_t> bytes, std::int64_t start) {
    Step made;
    made.kind = kind;
    made.phase = Phase::epilogue;
    made.bytes = std::move(bytes);
    made.baud = 2400;
    made.station = 7;
    made.start = start;
    made.end = start + 22'916'666;
    return made;
}

std::vector<std::uint8_t> written() {
    RunResult run;
    run.ics_json = R"({"fcb":true,"telegrams":3})";
    run.dut_role = "master";
    run.dut_address = "5";
    CaseResult result;
    result.info.id = "a.case";
    result.info.needs = {"line", "levels"};
    result.spoilt = true;
    result.seed = 42;
    result.steps = {step(Step::Kind::sent, {0x10, 0x7B, 0x05, 0x80, 0x16}, 1),
                    step(Step::Kind::silence, {}, 2),
                    step(Step::Kind::heard, {0xE5}, 5'000'000'000'000)};
    result.steps[2].errors = {8};
    Step job;
    job.kind = Step::Kind::job;
    job.start = 1;
    job.end = 6'000'000'000'000;
    job.text = "read 5";
    job.actual = "1";
    job.said = {"telegram 68AB16", "found 12345678FFFFFFFF", "fault 5: silence"};
    result.steps.push_back(job);
    return trace_pcapng(result, run);
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_reader)

BOOST_AUTO_TEST_CASE(what_was_written_comes_back) {
    const auto trace = read_trace_pcapng(written(), "t");
    BOOST_REQUIRE(trace.has_value());
    BOOST_TEST(trace->edited == "");
    BOOST_TEST(trace->case_id == "a.case");
    BOOST_TEST(trace->needs == (std::vector<std::string>{"line", "levels"}),
               boost::test_tools::per_element());
    BOOST_TEST(trace->spoilt);
    BOOST_TEST(trace->seed == 42U);
    BOOST_TEST(trace->role == "master");
    BOOST_TEST(trace->dut == "5");
    BOOST_TEST(trace->ics.member("telegrams")->integer == 3);
    BOOST_REQUIRE(trace->packets.size() == 2U);
    const TracePacket& request = trace->packets[0];
    BOOST_TEST(request.sent);
    BOOST_TEST(request.baud == 2400U);
    BOOST_TEST(request.station == 7);
    BOOST_TEST(request.start == 1);
    BOOST_TEST(request.end == 22'916'667);
    BOOST_TEST(request.bytes.size() == 5U);
    BOOST_TEST(request.phase == "epilogue");
    const TracePacket& answer = trace->packets[1];
    BOOST_TEST(!answer.sent);
    BOOST_TEST(answer.errors == 8);
    BOOST_TEST(answer.start == 5'000'000'000'000);
    BOOST_TEST(answer.bytes == std::vector<std::uint8_t>{0xE5}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(jobs_come_back_with_what_was_said_of_them) {
    const auto trace = read_trace_pcapng(written(), "t");
    BOOST_REQUIRE(trace.has_value());
    BOOST_REQUIRE(trace->jobs.size() == 1U);
    const TraceJob& job = trace->jobs[0];
    BOOST_TEST(job.name == "read");
    BOOST_TEST(job.arguments == std::vector<std::string>{"5"}, boost::test_tools::per_element());
    BOOST_TEST(job.phase == "run");
    BOOST_TEST(job.start == 1);
    BOOST_TEST(job.end == 6'000'000'000'000);
    BOOST_TEST((job.status == 1));
    BOOST_REQUIRE(job.telegrams.size() == 1U);
    BOOST_TEST((job.telegrams[0] == std::vector<std::uint8_t>{0x68, 0xAB, 0x16}));
    BOOST_TEST(job.found == std::vector<std::string>{"12345678FFFFFFFF"},
               boost::test_tools::per_element());
    BOOST_TEST(job.faults == std::vector<std::string>{"5: silence"},
               boost::test_tools::per_element());
    BOOST_TEST(!job.cut);
}

// A comment of pcapng holds 65535 bytes: what a job said beyond them is left out, and said to be.
BOOST_AUTO_TEST_CASE(a_job_that_said_too_much_is_cut) {
    CaseResult result;
    result.info.id = "a.case";
    Step job;
    job.kind = Step::Kind::job;
    job.text = "read 5";
    job.said.assign(200, "telegram " + std::string(522, 'A'));
    result.steps = {job};
    const auto trace = read_trace_pcapng(trace_pcapng(result, RunResult{}), "t");
    BOOST_REQUIRE(trace.has_value());
    BOOST_TEST(trace->edited == "");
    BOOST_REQUIRE(trace->jobs.size() == 1U);
    BOOST_TEST(trace->jobs[0].cut);
    BOOST_TEST(!trace->jobs[0].status);
    BOOST_TEST(trace->jobs[0].telegrams.size() == 124U);
}

BOOST_AUTO_TEST_CASE(a_changed_job_shows) {
    auto file = written();
    const std::string_view text{reinterpret_cast<const char*>(file.data()), file.size()};
    file[text.find("68AB16")] = '7';
    const auto trace = read_trace_pcapng(file, "t");
    BOOST_REQUIRE(trace.has_value());
    BOOST_TEST(trace->edited == "the jobs and packets are not those that were written");
}

BOOST_AUTO_TEST_CASE(a_changed_octet_and_a_missing_packet_show) {
    auto file = written();
    // The last 7Bh: others are braces of the comment.
    for (std::size_t at = file.size(); at > 0; --at) {
        if (file[at - 1] == 0x7B) {
            file[at - 1] = 0x5B;
            break;
        }
    }
    const auto changed = read_trace_pcapng(file, "t");
    BOOST_REQUIRE(changed.has_value());
    BOOST_TEST(changed->edited == "the jobs and packets are not those that were written");

    auto shorter = written();
    std::uint32_t length = 0; // of the last block
    for (std::size_t i = 0; i < 4; ++i) {
        length |= std::uint32_t{shorter[shorter.size() - 4 + i]} << (8 * i);
    }
    shorter.resize(shorter.size() - length);
    const auto dropped = read_trace_pcapng(shorter, "t");
    BOOST_REQUIRE(dropped.has_value());
    BOOST_TEST(dropped->edited == "1 packets, 2 were written");
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused_or_seen) {
    const auto file = written();
    for (std::size_t size = 0; size < file.size(); ++size) {
        const auto trace = read_trace_pcapng(std::span{file}.first(size), "t");
        if (trace) {
            BOOST_TEST(trace->edited != "", "cut to " << size);
        } else {
            BOOST_TEST(trace.error().starts_with("t: "), trace.error());
        }
    }
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_refused_seen_or_harmless) {
    const auto file = written();
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto broken = file;
            broken[at] = static_cast<std::uint8_t>(broken[at] ^ 1U << bit);
            const auto trace = read_trace_pcapng(broken, "t");
            if (trace && trace->edited.empty()) {
                BOOST_TEST(trace->packets.size() == 2U);
                BOOST_TEST(trace->packets[0].bytes.size() == 5U);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(other_files_are_refused_by_name_and_place) {
    const auto message = [](std::vector<std::uint8_t> file) {
        const auto trace = read_trace_pcapng(file, "x.pcapng");
        return trace ? std::string{} : trace.error();
    };
    BOOST_TEST(message({}) == "x.pcapng: no pcapng file, at byte 0");
    BOOST_TEST(message({'a', 'b'}) == "x.pcapng: a block is cut off, at byte 0");
    auto other_link = written();
    const std::size_t interface_at = [&] {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            length |= std::size_t{other_link[4 + i]} << (8 * i);
        }
        return length;
    }();
    other_link[interface_at + 8] = 1; // Ethernet
    BOOST_TEST(message(other_link) == "x.pcapng: another link type than USER0 (147), at byte " +
                                          std::to_string(interface_at));
}

BOOST_AUTO_TEST_SUITE_END()
