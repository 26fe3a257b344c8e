// SPDX-License-Identifier: Apache-2.0
// Purpose: reading a meter to its last telegram (EN 13757-2, 5.7.8; EN 13757-7, 8.4; facts B.5,
// B.8, C.1): no telegram lost, none twice, whatever is lost or spoilt on the way, and always an
// end.
#include "core/master/readout.hpp"
#include "tests/support/fake_application.hpp"
#include "tests/support/octets.hpp"
#include "tests/support/wire.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>

BOOST_AUTO_TEST_SUITE(readout)

using namespace meterbench::core;
using namespace meterbench::core::link;
using namespace meterbench::core::master;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::FakeApplication;
using meterbench::tests::hex;
using meterbench::tests::octets;
using meterbench::tests::to_hex;
using meterbench::tests::Wire;

namespace {

constexpr Duration delay = 5ms;

/// A meter at address 5, the line to it, and what the line does to the n-th exchange.
struct Bench {
    FakeApplication application;
    SecondaryStation station{{.address = 5}, application};
    std::function<bool(std::size_t)> request_arrives = [](std::size_t) { return true; };
    std::function<void(std::size_t, std::vector<Octet>&)> answer_passes =
        [](std::size_t, std::vector<Octet>&) {};
    std::vector<std::string> requests;

    explicit Bench(std::size_t telegrams) : application{telegrams} {}

    std::vector<Octet> answer(const Wire<Readout>::Request& request) {
        const std::size_t number = requests.size();
        requests.push_back(to_hex(request.bytes));
        if (!request_arrives(number)) {
            return {};
        }
        station.receive(octets(request.bytes, request.start));
        const auto transmission = station.transmit();
        if (!transmission) {
            return {};
        }
        auto heard = octets(transmission->bytes, transmission->not_before);
        station.sent(heard.back().end);
        answer_passes(number, heard);
        return heard;
    }
    Readout read(const ReadoutConfig& config) {
        Readout readout{config};
        Wire<Readout> wire{readout, [this](const auto& request) { return answer(request); }};
        wire.run([&] { return readout.done(); });
        BOOST_TEST(readout.done());
        return readout;
    }
    Readout read() { return read({.target = std::uint8_t{5}}); }
};

/// The numbers of the telegrams that arrived, by the value of their record.
std::string numbers(const Readout& readout) {
    std::string text;
    for (const ReadTelegram& telegram : readout.telegrams()) {
        text += std::to_string(telegram.frame.at(9)) + " ";
    }
    return text;
}

const std::string nke = "10 40 05 45 16";
const std::string req_1 = "10 7B 05 80 16";
const std::string req_0 = "10 5B 05 60 16";

/// Answers by hand: E5 to all but requests, then these telegrams one after another, the last for
/// ever.
Readout read_from(const std::vector<Bytes>& telegrams, const ReadoutConfig& config,
                  std::size_t* requests = nullptr) {
    Readout readout{config};
    std::size_t next = 0;
    Wire<Readout> wire{readout, [&](const auto& request) {
                           if (request.bytes.size() != 5 || (request.bytes[1] & 0x0FU) != 0x0B) {
                               return octets(hex("E5"), request.end + delay);
                           }
                           const Bytes& data = telegrams[std::min(next++, telegrams.size() - 1)];
                           return octets(encode_long(rsp_ud, 5, data)->bytes(),
                                         request.end + delay);
                       }};
    wire.run([&] { return readout.done(); });
    if (requests != nullptr) {
        *requests = next;
    }
    return readout;
}

} // namespace

// MB2-LL-039, -040, -046: reset, then FCB = 1, 0, 1 until a telegram without DIF 1Fh.
BOOST_AUTO_TEST_CASE(a_sequence_with_its_frame_count_bits) {
    for (std::size_t count = 1; count <= 5; ++count) {
        Bench bench{count};
        const Readout readout = bench.read();
        BOOST_TEST(!readout.fault().has_value());
        std::string expected;
        BOOST_REQUIRE(bench.requests.size() == count + 1);
        BOOST_TEST(bench.requests[0] == nke);
        for (std::size_t i = 0; i < count; ++i) {
            expected += std::to_string(i) + " ";
            BOOST_TEST(bench.requests[i + 1] == (i % 2 == 0 ? req_1 : req_0));
        }
        BOOST_TEST(numbers(readout) == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_telegram_carries_its_frame_and_times) {
    Bench bench{1};
    const Readout readout = bench.read();
    BOOST_REQUIRE(readout.telegrams().size() == 1U);
    const ReadTelegram& telegram = readout.telegrams()[0];
    BOOST_TEST(to_hex(telegram.frame) == "68 06 06 68 08 05 78 01 13 00 99 16");
    BOOST_TEST((telegram.start - telegram.request_end == character_bits.ceil(Baud{})));
    BOOST_TEST((telegram.end - telegram.start == bit_edge(Baud{}, 12 * 11)));
    BOOST_TEST(telegram.attempts == 1);
    BOOST_TEST(!telegram.early);
}

// Property: whatever one or two exchanges are lost on the way there or back, or garbled, the
// reading is the same: nothing missing, nothing twice, no FCB out of step.
BOOST_AUTO_TEST_CASE(what_is_lost_or_spoilt_once_changes_nothing) {
    constexpr std::size_t count = 4;
    const std::string whole = "0 1 2 3 ";
    for (std::size_t n = 0; n <= count; ++n) {
        for (std::size_t m = n; m <= count + 1; ++m) {
            const std::set<std::size_t> bad{n, m};
            Bench requests{count};
            requests.request_arrives = [&](std::size_t i) { return !bad.contains(i); };
            BOOST_TEST(numbers(requests.read()) == whole, "request " << n << " and " << m);

            Bench answers{count};
            answers.answer_passes = [&](std::size_t i, std::vector<Octet>& heard) {
                if (bad.contains(i)) {
                    heard.clear();
                }
            };
            BOOST_TEST(numbers(answers.read()) == whole, "answer " << n << " and " << m);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_garbled_at_any_octet_is_asked_for_again) {
    constexpr std::size_t count = 3;
    for (std::size_t n = 0; n <= count; ++n) {
        for (std::size_t octet = 0; octet < 14; ++octet) {
            for (const int kind : {0, 1, 2, 3}) {
                Bench bench{count};
                bool garbled = false;
                bench.answer_passes = [&](std::size_t i, std::vector<Octet>& heard) {
                    if (i != n || octet >= heard.size()) {
                        return;
                    }
                    garbled = true;
                    switch (kind) {
                    case 0: heard[octet].errors = OctetErrors::parity; break;
                    case 1:
                        heard[octet].value = static_cast<std::uint8_t>(heard[octet].value ^ 1U);
                        break;
                    case 2: heard.erase(heard.begin() + static_cast<std::ptrdiff_t>(octet)); break;
                    default: heard.push_back(octets(hex("00"), heard.back().end).front()); break;
                    }
                };
                const Readout readout = bench.read();
                BOOST_TEST_CONTEXT("answer " << n << " octet " << octet << " kind " << kind) {
                    BOOST_TEST(!readout.fault().has_value());
                    BOOST_TEST(numbers(readout) == "0 1 2 ");
                    BOOST_TEST(bench.requests.size() == count + 1 + (garbled ? 1 : 0));
                }
            }
        }
    }
}

// MB2-LL-020: what arrived before a link failure is kept, and the failure is told.
BOOST_AUTO_TEST_CASE(a_meter_that_falls_silent) {
    for (std::size_t n = 0; n <= 3; ++n) {
        Bench bench{3};
        bench.request_arrives = [&](std::size_t i) { return i < n; };
        const Readout readout = bench.read();
        BOOST_TEST((readout.fault() == make_fault(FaultCode::silence)));
        BOOST_TEST(readout.telegrams().size() == (n == 0 ? 0 : n - 1));
        BOOST_TEST(bench.requests.size() == n + 3, "three attempts");
    }
}

// ---- endless sequences

BOOST_AUTO_TEST_CASE(a_sequence_is_bounded) {
    std::vector<Bytes> telegrams;
    for (int i = 0; i < 100; ++i) {
        telegrams.push_back({0x78, 0x01, 0x13, static_cast<std::uint8_t>(i), 0x1F});
    }
    const Readout readout = read_from(telegrams, {.target = std::uint8_t{5}});
    BOOST_TEST((readout.fault() == make_fault(FaultCode::endless_sequence)));
    BOOST_TEST(readout.telegrams().size() == 64U);
    const Readout short_one = read_from(telegrams, {.target = std::uint8_t{5}, .max_telegrams = 2});
    BOOST_TEST(short_one.telegrams().size() == 2U);
    telegrams.resize(64);
    telegrams.back().pop_back();
    BOOST_TEST(!read_from(telegrams, {.target = std::uint8_t{5}}).fault().has_value(),
               "64 are allowed");
}

BOOST_AUTO_TEST_CASE(a_telegram_that_repeats_ends_it) {
    const Bytes a = hex("78 01 13 01 1F");
    const Bytes b = hex("78 01 13 02 1F");
    const Readout same = read_from({a, a}, {.target = std::uint8_t{5}});
    BOOST_TEST((same.fault() == make_fault(FaultCode::endless_sequence)));
    BOOST_TEST(numbers(same) == "1 ", "the repetition is not delivered");
    const Readout round = read_from({a, b, a}, {.target = std::uint8_t{5}});
    BOOST_TEST((round.fault() == make_fault(FaultCode::endless_sequence)));
    BOOST_TEST(numbers(round) == "1 2 ");
}

// The access number counts answers: a telegram is the same with another one.
BOOST_AUTO_TEST_CASE(the_access_number_makes_no_difference) {
    const auto telegram = [](std::uint8_t access, std::uint8_t value, bool more) {
        Bytes bytes = hex("72 78 56 34 12 24 40 01 07 00 00 00 00 01 13 00");
        bytes[9] = access;
        bytes[15] = value;
        if (more) {
            bytes.push_back(0x1F);
        }
        return bytes;
    };
    const Readout round =
        read_from({telegram(1, 7, true), telegram(2, 7, true)}, {.target = std::uint8_t{5}});
    BOOST_TEST((round.fault() == make_fault(FaultCode::endless_sequence)));
    BOOST_TEST(round.telegrams().size() == 1U);
    const Readout other =
        read_from({telegram(1, 7, true), telegram(2, 8, false)}, {.target = std::uint8_t{5}});
    BOOST_TEST(!other.fault().has_value());
    BOOST_TEST(other.telegrams().size() == 2U);
}

// Facts B.8: padding or manufacturer bytes after 1Fh; 1Fh inside a value is none.
BOOST_AUTO_TEST_CASE(dif_1fh_is_found_by_parsing) {
    std::size_t requests = 0;
    const Readout padded = read_from({hex("78 01 13 01 1F 00 00 00 00 00"), hex("78 01 13 02")},
                                     {.target = std::uint8_t{5}}, &requests);
    BOOST_TEST(!padded.fault().has_value());
    BOOST_TEST(numbers(padded) == "1 2 ");
    BOOST_TEST(requests == 2U);
    for (const char* const last : {"78 01 13 1F", "78 01 13 01 0F 1F", "78 0D 78 02 1F 1F"}) {
        read_from({hex(last)}, {.target = std::uint8_t{5}}, &requests);
        BOOST_TEST(requests == 1U, last);
    }
}

// ---- addresses

// MB2-LL-075.
BOOST_AUTO_TEST_CASE(an_answer_from_another_address) {
    const Readout readout = read_from({hex("78 01 13 01")}, {.target = std::uint8_t{6}});
    BOOST_TEST((readout.fault() == make_fault(FaultCode::wrong_address, 5, 6, 5)));
    BOOST_TEST(readout.telegrams().empty());
    const Readout any = read_from({hex("78 01 13 01")}, {.target = address::test});
    BOOST_TEST(!any.fault().has_value(), "FEh: whoever it is");
}

// MB7-SA-001, -010, -028: deselection, selection, then FCB = 1.
BOOST_AUTO_TEST_CASE(a_secondary_address) {
    Bench bench{3};
    const auto target = parse_secondary("1234567824400107").value();
    BOOST_TEST(numbers(bench.read({.target = target})) == "0 1 2 ");
    const std::vector<std::string> expected{"10 40 FD 3D 16",
                                            "68 0B 0B 68 53 FD 52 78 56 34 12 24 40 01 07 22 16",
                                            "10 7B FD 78 16", "10 5B FD 58 16", "10 7B FD 78 16"};
    BOOST_TEST(bench.requests == expected, boost::test_tools::per_element());
    const Readout second = bench.read({.target = target});
    BOOST_TEST(!second.fault().has_value(), "also when it is selected already");
}

BOOST_AUTO_TEST_CASE(nobody_has_the_secondary_address) {
    Bench bench{1};
    const Readout readout = bench.read({.target = parse_secondary("8765432124400107").value()});
    BOOST_TEST((readout.fault() == make_fault(FaultCode::not_selected)));
    BOOST_TEST(bench.requests.size() == 4U, "one deselection, three selections");
}

BOOST_AUTO_TEST_CASE(another_device_answers_the_selection) {
    const auto target = parse_secondary("12345678FFFFFFFF").value();
    const Bytes right = hex("72 78 56 34 12 24 40 01 07 00 00 00 00 01 13 01");
    Bytes wrong = right;
    wrong[1] = 0x79;
    BOOST_TEST(!read_from({right}, {.target = target}).fault().has_value());
    const Readout readout = read_from({wrong}, {.target = target});
    BOOST_TEST((readout.fault() == make_fault(FaultCode::wrong_identification, 7)));
    BOOST_TEST(readout.telegrams().empty());
}

BOOST_AUTO_TEST_CASE(a_secondary_reading_survives_losses_too) {
    const auto target = parse_secondary("1234567824400107").value();
    for (std::size_t n = 0; n <= 4; ++n) {
        Bench bench{3};
        bench.answer_passes = [&](std::size_t i, std::vector<Octet>& heard) {
            if (i == n) {
                heard.clear();
            }
        };
        BOOST_TEST(numbers(bench.read({.target = target})) == "0 1 2 ", "answer " << n);
    }
}

// ---- the verbs

BOOST_AUTO_TEST_CASE(a_transmission_broken_off_ends_the_reading) {
    for (const Target& target :
         {Target{std::uint8_t{5}}, Target{parse_secondary("1234567824400107").value()}}) {
        Readout readout{{.target = target}};
        BOOST_REQUIRE(readout.transmit().has_value());
        readout.aborted(at(1ms));
        BOOST_TEST(readout.done());
        BOOST_TEST((readout.fault() == make_fault(FaultCode::port_lost)));
        BOOST_TEST(!readout.transmit());
    }
}

BOOST_AUTO_TEST_CASE(a_restart_begins_again) {
    Bench bench{2};
    Readout readout{{.target = std::uint8_t{5}}};
    Wire<Readout> wire{readout, [&](const auto& request) { return bench.answer(request); }};
    wire.run([&] { return readout.telegrams().size() == 1; });
    readout.restart(wire.now());
    BOOST_TEST(readout.telegrams().empty());
    wire.run([&] { return readout.done(); });
    BOOST_TEST(numbers(readout) == "0 1 ");
}

BOOST_AUTO_TEST_SUITE_END()
