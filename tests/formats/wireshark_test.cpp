// SPDX-License-Identifier: Apache-2.0
// Purpose: the dissector formats/wireshark/meterbench.lua reads a trace as tshark runs it. What it
// must say is written down here by hand, from the worked telegrams.
#include "formats/trace_pcapng.hpp"
#include "paths.hpp"
#include "tests/core/application/bytes_of.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

using namespace meterbench;
using namespace meterbench::formats;

bool has_tshark() {
    return std::system("tshark --version >/dev/null 2>&1") == 0;
}

Step step(Step::Kind kind, std::string_view hex, std::int64_t start) {
    Step made;
    made.kind = kind;
    made.bytes = test::bytes_of(hex);
    made.errors.assign(made.bytes.size(), 0);
    made.baud = 2400;
    made.start = start;
    made.end = start + 22'916'666;
    return made;
}

/// What tshark prints of a trace of these steps, one line a packet.
std::string tshark(const std::vector<Step>& steps, const std::string& arguments) {
    CaseResult result;
    result.info.id = "a.case";
    result.steps = steps;
    const auto trace = trace_pcapng(result, RunResult{});
    const tests::TemporaryFolder folder;
    const auto file =
        folder.write("trace.pcapng", {reinterpret_cast<const char*>(trace.data()), trace.size()});
    const std::string command =
        "tshark -X lua_script:" METERBENCH_SOURCE_DIR "/formats/wireshark/meterbench.lua -r " +
        file.string() + " " + arguments + " 2>" + (folder.path() / "err").string();
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    BOOST_REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 4096> buffer{};
    for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) != 0;) {
        text.append(buffer.data(), size);
    }
    BOOST_TEST(::pclose(pipe) == 0);
    return text;
}

std::string fields(const std::vector<Step>& steps, std::string_view names) {
    std::string arguments = "-T fields -E separator=/s -E occurrence=a -E aggregator=,";
    while (!names.empty()) {
        const auto end = std::min(names.find(' '), names.size());
        arguments += " -e " + std::string{names.substr(0, end)};
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return tshark(steps, arguments);
}

constexpr std::string_view water = "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 "
                                   "15 31 00 DA 02 3B 13 01 8B 60 04 37 18 02 18 16";
constexpr std::string_view reserved = "68 15 15 68 08 02 72 78 56 34 12 24 40 01 07 13 00 00 00 0C "
                                      "78 04 03 02 01 9D 16";

} // namespace

BOOST_AUTO_TEST_SUITE(wireshark)

BOOST_AUTO_TEST_CASE(link_fields_of_each_kind_of_frame) {
    if (!has_tshark()) {
        std::cout << "skipped: tshark is not installed\n";
        return;
    }
    const std::vector<Step> steps{
        step(Step::Kind::sent, "10 7B 02 7D 16", 0), step(Step::Kind::heard, water, 50'000'000),
        step(Step::Kind::heard, "E5", 400'000'000),
        step(Step::Kind::sent, "68 03 03 68 53 FE BD 0E 16", 500'000'000)};
    BOOST_TEST(fields(steps, "meterbench.direction meterbench.baud mbus.frame mbus.c mbus.address "
                             "mbus.ci mbus.id mbus.manufacturer mbus.access_number") ==
               "0 2400 short frame 0x7b 2    \n"
               "1 2400 long frame 0x08 2 0x72 0x12345678 PAD 85\n"
               "1 2400 single character      \n"
               "0 2400 control frame 0x53 254 0xbd   \n");
}

// EN 13757-3:2018: 03 13 is a volume of 12565 * 10^-3 m3; DA 02 3B 13 01 BCD 113 * 10^-3 m3/h,
// maximum, storage 5; 8B 60 04 energy, BCD 21837 * 10^1 Wh, subunit 1, tariff 2.
BOOST_AUTO_TEST_CASE(records_with_storage_tariff_and_subunit) {
    if (!has_tshark()) {
        return;
    }
    const std::vector<Step> steps{step(Step::Kind::heard, water, 0)};
    BOOST_TEST(fields(steps, "mbus.record.storage mbus.record.tariff mbus.record.subunit") ==
               "0,5,0 0,0,2 0,0,1\n");
    const std::string text = tshark(steps, "-V");
    for (const std::string_view part : {"volume 12565 * 10^-3 m3, instantaneous, int24",
                                        "volume flow 113 * 10^-3 m3/h, maximum, "
                                        "bcd4",
                                        "energy 21837 * 10^1 Wh, instantaneous, bcd6"}) {
        BOOST_TEST((text.find(part) != std::string::npos), part << " is not in\n" << text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_can_be_filtered_for) {
    if (!has_tshark()) {
        return;
    }
    std::string broken{reserved};
    broken.replace(broken.size() - 5, 2, "9E"); // the checksum
    std::vector<Step> steps{step(Step::Kind::heard, reserved, 0),
                            step(Step::Kind::heard, broken, 400'000'000),
                            step(Step::Kind::heard, "68 03 04 68 FF", 900'000'000)};
    steps[2].errors[4] = 1;
    const auto filtered = [&](const std::string& filter) {
        return tshark(steps, "-Y " + filter + " -T fields -e frame.number");
    };
    BOOST_TEST(filtered("mbus.checksum.bad") == "2\n");
    BOOST_TEST(filtered("mbus.malformed") == "3\n");
    BOOST_TEST(filtered("meterbench.flags.parity==1") == "3\n");
    BOOST_TEST(filtered("mbus.c==8") == "1\n2\n");
}

// Every truncation of the records keeps the dissector from nothing but the record that is cut.
BOOST_AUTO_TEST_CASE(no_bytes_make_it_fail) {
    if (!has_tshark()) {
        return;
    }
    const auto whole = test::bytes_of(water);
    std::vector<Step> steps;
    for (std::size_t size = 1; size < whole.size(); ++size) {
        Step cut = step(Step::Kind::heard, "E5", static_cast<std::int64_t>(size) * 1'000'000);
        cut.bytes.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        if (size > 9) { // a valid link frame around what is left
            cut.bytes[1] = cut.bytes[2] = static_cast<std::uint8_t>(size - 4);
            std::uint8_t sum = 0;
            for (std::size_t i = 4; i < size; ++i) {
                sum = static_cast<std::uint8_t>(sum + cut.bytes[i]);
            }
            cut.bytes.push_back(sum);
            cut.bytes.push_back(0x16);
        }
        cut.errors.assign(cut.bytes.size(), 0);
        steps.push_back(cut);
    }
    const std::string text = tshark(steps, "-V");
    BOOST_TEST((text.find("Lua Error") == std::string::npos), text);
    BOOST_TEST((text.find("Wrong checksum") == std::string::npos));
}

BOOST_AUTO_TEST_SUITE_END()
