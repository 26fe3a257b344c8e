// SPDX-License-Identifier: Apache-2.0
#include "paths.hpp"
#include "tests/support/run_command.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>

namespace {

using meterbench::tests::Ran;
using meterbench::tests::run_command;

constexpr std::string_view single =
    R"({"schema":"meterbench.telegram/1","line":1,"link":"wired","frame":"single",)"
    R"("body":"none","records":[],"more_follows":false,"manufacturer_data":null,"fault":null})"
    "\n";

auto lines(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

} // namespace

BOOST_AUTO_TEST_SUITE(decode)

// What would let a wrong or changed telegram through: each is refused, and gives no record.
BOOST_AUTO_TEST_CASE(what_proves_nothing_is_refused) {
    struct Row {
        const char* what;
        const char* fault;
        const char* input;
    };
    constexpr std::string_view key = "0F0E0D0C0B0A09080706050403020100";
    constexpr std::array rows{
        Row{"the second fragment has 2 bytes of the 8 of its MAC", "afl-inconsistent",
            "1d082e4f7856341201078c20079009017865090000000b007a050000000c\n"
            "17082e4f7856341201078c20079004020400BC471399999999"},
        Row{"a MAC, and no message control field that says of which kind", "afl-inconsistent",
            "2f442e4f785634120107900e000c07000000eeeeeeeeeeeeeeee7a05001007102e3bac40f613dc5e4ec1b1"
            "90c5444057"},
        Row{"format A without its last bytes", "truncated",
            "10442e4f018802000107780f780c1378563412"},
        Row{"mode 5, all blocks encrypted, 10 bytes", "encrypted-length-mismatch",
            "18442e4f7856341201077a0500f005afbf3c5b6bd8d77df004"},
        Row{"a frame whose CRC the receiver found wrong", "block-crc-mismatch",
            "T1;0;1;2019-01-01 00:00:00.000;50;40;12345678;"
            "0x1F4493157856341233037A2A0000000C1427048502046D32371F1502FD170000"},
        Row{"a frame in whose chips the receiver found an error", "block-crc-mismatch",
            "T1;1;0;2019-01-01 00:00:00.000;50;40;12345678;"
            "0x1F4493157856341233037A2A0000000C1427048502046D32371F1502FD170000"},
        Row{"a session whose CRC is right by chance, not its records", "plaintext-implausible",
            "19442e4f7856341201078d20e9603a10201fc6f0fb5588bb4eb8"},
    };
    for (const Row& row : rows) {
        const bool chance = std::string_view{row.fault} == "plaintext-implausible";
        const std::string used = chance ? "8fdbdc0500000000000000000000005a" : std::string{key};
        const Ran ran = run_command("decode --key " + used + " -", row.input);
        BOOST_TEST(ran.status == 1, row.what);
        const std::string last = ran.out.substr(ran.out.rfind("{\"schema\""));
        BOOST_TEST(last.find("\"code\":\"" + std::string{row.fault}) != std::string::npos,
                   row.what << last);
        BOOST_TEST(last.find("\"records\":[]") != std::string::npos, row.what << last);
    }
}

// Bit 15 of the manufacturer: the address is not globally unique. It is part of the vector that the
// telegram is encrypted with, and no part of the name its key is found by.
BOOST_AUTO_TEST_CASE(soft_addresses_come_back_as_they_were) {
    const std::string soft = "1E442ECF7856341201077A05001005739B2AAE467B7D50366E519C539E144F";
    const std::string key = " --key 0F0E0D0C0B0A09080706050403020100";
    const Ran ran = run_command("decode" + key + " " + soft);
    BOOST_TEST(ran.status == 0, ran.out);
    BOOST_TEST(ran.out.find(R"("manufacturer":"SYN","soft_address":true)") != std::string::npos,
               ran.out);
    BOOST_TEST(run_command("encode" + key + " -", ran.out).out == soft + "\n");
}

BOOST_AUTO_TEST_CASE(a_line_with_a_fault_is_not_encoded) {
    const Ran broken = run_command("decode 68 04 04 68 08 03 72 00 7E 16");
    BOOST_TEST(broken.status == 1);
    const Ran ran = run_command("encode -", broken.out);
    BOOST_TEST(ran.status == 1);
    BOOST_TEST(ran.out == "");
    BOOST_TEST(ran.err.find("fault: ") != std::string::npos, ran.err);
}

// VIF FDh 3Bh: the telegram inside is decoded as well, with the same keys; encoding gives the bytes
// of the outer ones only.
BOOST_AUTO_TEST_CASE(telegrams_in_containers) {
    const std::string wired_in_radio =
        "34449315785634123303780DFD3B266820206808FD7278563412931533032A0000000C142704850204"
        "6D32371F1502FD1700008916";
    const std::string radio_in_wired =
        "684848680805727856341293153307010000000C13270485020DFD3B2F2E4493157856341233037A2A"
        "0020255923C95AAA26D1B2E7493B013EC4A6F6D3529B520EDFF0EA6DEFC99D6D69EBF35316";
    const std::string input = wired_in_radio + "\n" + radio_in_wired + "\n";
    const Ran ran = run_command("decode --key 0102030405060708090A0B0C0D0E0F11 -", input);
    BOOST_TEST(ran.status == 0, ran.out);
    BOOST_REQUIRE(lines(ran.out) == 4);
    for (const char* part :
         {R"("line":1,"link":"wireless")", R"("line":1,"container":1,"link":"wired")",
          R"("line":2,"link":"wired")", R"("line":2,"container":1,"link":"wireless")",
          R"("check bytes")"}) {
        BOOST_TEST(ran.out.find(part) != std::string::npos, part);
    }
    const Ran back = run_command("encode -", ran.out);
    BOOST_TEST(back.out == input);
    const Ran text = run_command("decode --format text -", input);
    BOOST_TEST(text.status == 1, "no key for the inner one");
    BOOST_TEST(text.out.find("in container 1 of 1: long frame") != std::string::npos, text.out);
    BOOST_TEST(text.out.find("in container 1 of 2: SND-NR") != std::string::npos, text.out);
    // Not a frame: bytes of the record, and no more.
    const Ran other = run_command("decode 34449315785634123303780DFD3B26" + std::string(76, '5'));
    BOOST_TEST(other.status == 0, other.out);
    BOOST_TEST(lines(other.out) == 1);
}

// The bytes come as one argument, as several, from a file, or from standard input.
BOOST_AUTO_TEST_CASE(where_the_bytes_come_from) {
    const meterbench::tests::TemporaryFolder folder;
    const auto file = folder.write("telegrams.txt", "E5\n");
    for (const Ran& ran : {run_command("decode E5"), run_command("decode " + file.string()),
                           run_command("decode -", "E5\r\n"), run_command("decode", "E5")}) {
        BOOST_TEST(ran.out == single);
        BOOST_TEST(ran.err == "");
        BOOST_TEST(ran.status == 0);
    }
    BOOST_TEST(run_command("decode 10 5B 05 60 16").out == run_command("decode 105B056016").out);
}

// One object for every line that is not empty, in order, also for a broken one.
BOOST_AUTO_TEST_CASE(every_line_gives_one_object) {
    const Ran ran = run_command("decode -", "E5\n\n  \n68zz\n10 5B\nE5\n");
    BOOST_TEST(lines(ran.out) == 4);
    for (const char* number : {"\"line\":1,", "\"line\":4,", "\"line\":5,", "\"line\":6,"}) {
        BOOST_TEST(ran.out.find(number) != std::string::npos, number);
    }
    BOOST_TEST(ran.out.find("\"code\":\"not-hex\"") != std::string::npos);
    BOOST_TEST(ran.out.find("\"code\":\"truncated\"") != std::string::npos);
    BOOST_TEST(ran.status == 1);
}

BOOST_AUTO_TEST_CASE(text_and_explanation) {
    const Ran text = run_command("decode --format text 105B056016");
    BOOST_TEST(text.out == "1: short frame, REQ_UD2, FCB 0, address 5\n");
    const Ran explained = run_command("decode --explain 105B056016");
    BOOST_TEST(lines(explained.out) == 6);
    BOOST_TEST(explained.out.find("start of a short frame") != std::string::npos);
    BOOST_TEST(run_command("decode --format text 105B056017").status == 1);
    BOOST_TEST(run_command("decode --format text 68zz").status == 2);
}

// EN 13757-4, annex C: the water meter in format B, its CRC whole and spoilt. No telegram says its
// mode; the caller may.
BOOST_AUTO_TEST_CASE(what_the_caller_knows_of_a_radio_frame) {
    const std::string good = "1444AE0C7856341201078C2027780B134365877AC5";
    const std::string wrong = "1444AE0C7856341201078C2027780B134365877AC4";
    const Ran known = run_command("decode --mode C1 --frame-format B " + good);
    BOOST_TEST(known.status == 0);
    BOOST_TEST(known.out.find(R"("mode":"C1","frame_format":"B")") != std::string::npos);
    BOOST_TEST(run_command("decode " + good).out.find(R"("mode":"C1")") == std::string::npos);
    const Ran spoilt = run_command("decode --frame-format B " + wrong);
    BOOST_TEST(spoilt.status == 1);
    BOOST_TEST(spoilt.out.find(R"("code":"block-crc-mismatch")") != std::string::npos);
    const Ran text = run_command("decode --format text --mode C1 " + good);
    BOOST_TEST(text.out.find("SND-NR, mode C1, frame format B") != std::string::npos);
    const Ran none = run_command("decode --mode X1 " + good);
    BOOST_TEST(none.status == 2);
}

BOOST_AUTO_TEST_CASE(lines_of_rtl_wmbus) {
    const Ran ran = run_command(
        "decode -",
        "T1;1;1;2024-01-02 03:04:05.678;97;148;12345678;0x0F44AE0C785634120107780B13436587\n");
    BOOST_TEST(ran.status == 0);
    BOOST_TEST(ran.out.find(R"("mode":"T1","frame_format":null)") != std::string::npos);
    BOOST_TEST(ran.out.find(R"("value":"876.543")") != std::string::npos);
}

// OMS Vol. 2 annex N, security profile B, twice, then its counter again with other records.
BOOST_AUTO_TEST_CASE(duplicates_and_counters_of_the_lines_before) {
    const std::string key = "--key 000102030405060708090A0B0C0D0E0F ";
    const std::string frame =
        "434493157856341233038C2075900F002C25B30A000021924D4F2FB66E017A75002007"
        "109058475F4BC91DF878B80A1B0F98B629024AAC727942BFC549233C0140829B93\n";
    const Ran twice = run_command("decode --duplicates --counters " + key + "-", frame + frame);
    BOOST_TEST(twice.status == 0);
    const std::size_t first = twice.out.find('\n');
    BOOST_TEST(twice.out.find(R"("duplicate":true)") > first);
    BOOST_TEST(twice.out.find(R"("duplicate":true)") != std::string::npos);
    BOOST_TEST(run_command("decode " + key + "-", frame + frame).out.find("duplicate") ==
               std::string::npos);
}

// No public text has the layout of ELL V: the caller says it, or the frame is not read.
BOOST_AUTO_TEST_CASE(extended_link_layer_five) {
    const std::string frame = "1544AE0C78563412010786A4750834780C1378563412";
    const Ran refused = run_command("decode " + frame);
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.out.find(R"("code":"profile-needed")") != std::string::npos);
    const Ran read = run_command("decode --ell-five 0,1,2,3 " + frame);
    BOOST_TEST(read.status == 0);
    BOOST_TEST(read.out.find(R"("reception_level":52)") != std::string::npos);
    BOOST_TEST(read.out.find(R"("value":"12345.678")") != std::string::npos);
    BOOST_TEST(run_command("decode --ell-five 0,1,2 " + frame).status == 2);
    BOOST_TEST(run_command("decode --ell-five 0,1,2,8 " + frame).status == 2);
}

BOOST_AUTO_TEST_CASE(one_composition_a_mode) {
    const std::string one = "decode --composition mode-8-address-counter ";
    BOOST_TEST(run_command(one + "--composition gmac-address-counter E5").status == 0);
    const Ran two = run_command(one + "--composition mode-8-address-counter-cmac E5");
    BOOST_TEST(two.status == 2);
    BOOST_TEST(two.err == "meterbench decode: --composition: mode-8-address-counter-cmac is a "
                          "second one for its mode: name one\n");
}

// The date of mode 3 is in no telegram. The same comes from OpenSSL: DES-CBC of
// 2F2F2F2F2F2F2F2F under IV 78563412 AE0C 1F3A.
BOOST_AUTO_TEST_CASE(the_date_of_mode_3) {
    const std::string with = "decode --key 0102030405060708 --composition "
                             "mode-3-identification-manufacturer-date ";
    const std::string frame = " 1944AE0C7856341201078C20757A750008035F55146CCB9B1F58";
    const Ran right = run_command(with + "--mode-3-date 2024-10-31" + frame);
    BOOST_TEST(right.status == 0, right.out);
    BOOST_TEST(right.out.find(R"("verified":["check bytes"])") != std::string::npos, right.out);
    BOOST_TEST(run_command(with + "--mode-3-date 2024-10-30" + frame).status == 1);
    BOOST_TEST(run_command(with + frame).err ==
               "meterbench decode: --composition: mode-3-identification-manufacturer-date needs "
               "--mode-3-date\n");
    for (const std::string date : {"2024-02-30", "1999-12-31", "24-1-1", "2024-1-31x"}) {
        const Ran ran = run_command(with + "--mode-3-date " + date + frame);
        BOOST_TEST(ran.status == 2);
        BOOST_TEST(ran.err == "meterbench decode: --mode-3-date: " + date +
                                  " is no date from 2000-01-01 to 2099-12-31\n");
    }
}

// Text and explanation open what JSON opens, on the wire, too; and a MAC in clear is told.
BOOST_AUTO_TEST_CASE(keys_are_for_every_output) {
    const std::string key = "--key 000102030405060708090A0B0C0D0E0F ";
    const std::string wired = "682C2C6808FD7288776655934455080004100500DFE2A782146D1513581CD2F83F39"
                              "040CFD10785634120C784433"
                              "22112616";
    for (const char* const output : {"--format text ", "--explain "}) {
        const Ran ran = run_command("decode " + key + output + wired);
        BOOST_TEST(ran.status == 0, ran.out);
        BOOST_TEST(ran.out.find("customer location: 12345678") != std::string::npos, ran.out);
        BOOST_TEST(run_command(std::string{"decode "} + output + wired).status == 1);
    }
    const Ran made = run_command(
        "encode " + key + "-",
        R"({"schema":"meterbench.telegram/1","link":"wireless","frame_format":"A","c":68,)"
        R"("link_address":{"manufacturer":"CEN","id":"12345678","version":1,"device_type":7},)"
        R"("afl":{"message_control":37,"message_counter":9},"ci":122,"access_number":1,)"
        R"("security":{"mode":0},"records":[]})");
    const auto security = [&made](const std::string& with) {
        const Ran ran = run_command("decode " + with + "-", made.out);
        const std::size_t at = ran.out.find(R"("security":)");
        return ran.out.substr(at, ran.out.find('}', at) - at);
    };
    BOOST_TEST(security(key) == R"("security":{"mode":0,"key":"without id 1","verified":["mac"])");
    BOOST_TEST(security("") == R"("security":{"mode":0,"verified":[])");
}

// Whether the MAC covers the key information: the same frame is right in one reading only.
BOOST_AUTO_TEST_CASE(a_mac_with_and_without_key_information) {
    const std::string key = " --key 000102030405060708090A0B0C0D0E0F -";
    const std::string line =
        R"({"schema":"meterbench.telegram/1","link":"wireless","frame_format":"A","c":68,)"
        R"("link_address":{"manufacturer":"CEN","id":"12345678","version":1,"device_type":7},)"
        R"("afl":{"fragment":0,"message_control":53,"key_version":1,"key_derivation":1,"key_id":2,)"
        R"("message_counter":9},"ci":122,"access_number":1,)"
        R"("security":{"mode":0},"records":[],"fault":null})";
    const std::string without = " --mac-without-key-information";
    for (const auto& made : {std::string{}, without}) {
        const Ran frame = run_command("encode" + made + key, line + "\n");
        BOOST_REQUIRE_MESSAGE(frame.status == 0, frame.err);
        for (const auto& read : {std::string{}, without}) {
            const Ran ran = run_command("decode" + read + key, frame.out);
            BOOST_TEST((ran.status == 0) == (made == read), ran.out);
            BOOST_TEST((ran.out.find("mac-mismatch") == std::string::npos) == (made == read));
        }
    }
}

BOOST_AUTO_TEST_CASE(usage_errors_are_one_line_and_status_2) {
    const auto refuses = [](const std::string& arguments, const std::string& message) {
        const Ran ran = run_command("decode " + arguments);
        BOOST_TEST(ran.status == 2);
        BOOST_TEST(ran.out == "");
        BOOST_TEST(ran.err == message);
    };
    refuses("/no/such/file", "meterbench decode: /no/such/file: neither pairs of hexadecimal "
                             "digits nor a file\n");
    refuses("68zz", "meterbench decode: 68zz: neither pairs of hexadecimal digits nor a file\n");
    refuses("/", "meterbench decode: /: cannot be read\n");
    refuses("--link radio E5", "meterbench decode: --link: radio not in {wired,wireless} (see "
                               "meterbench decode --help)\n");
    refuses("--explain --format json E5",
            "meterbench decode: --explain prints text: leave --format json out\n");
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_no_success) {
    const std::string line = std::string{METERBENCH_COMMAND} + " decode E5 > /dev/full 2>/dev/null";
    BOOST_TEST(WEXITSTATUS(std::system(line.c_str())) == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(command)

BOOST_AUTO_TEST_CASE(help_has_examples_everywhere) {
    for (const char* name : {"", "decode ", "encode ", "faults ", "read ", "run "}) {
        const Ran ran = run_command(std::string{name} + "--help");
        BOOST_TEST(ran.status == 0, name);
        BOOST_TEST(ran.out.find("Examples:\n  meterbench ") != std::string::npos, name);
    }
    const Ran version = run_command("--version");
    BOOST_TEST(version.status == 0);
    BOOST_TEST(version.out.starts_with("meterbench "));
}

BOOST_AUTO_TEST_CASE(a_command_that_is_none) {
    const Ran none = run_command("");
    BOOST_TEST(none.status == 2);
    BOOST_TEST(none.err == "meterbench: A subcommand is required (see meterbench --help)\n");
    const Ran unknown = run_command("decod E5");
    BOOST_TEST(unknown.status == 2);
    BOOST_TEST(unknown.err ==
               "meterbench: there is no command or option decod (see meterbench --help)\n");
}

BOOST_AUTO_TEST_SUITE_END()
