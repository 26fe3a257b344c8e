// SPDX-License-Identifier: Apache-2.0
// Purpose: the link layer of a master (EN 13757-2, 5.7; facts B.7): time-out, retries, what counts
// as an answer, idle time before each request.
#include "core/link/primary_station.hpp"
#include "tests/support/octets.hpp"
#include "tests/support/wire.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(primary_station)

using namespace meterbench::core;
using namespace meterbench::core::link;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::end_of;
using meterbench::tests::hex;
using meterbench::tests::octets;
using meterbench::tests::to_hex;
using meterbench::tests::Wire;

namespace {

constexpr Duration idle_33 = std::chrono::microseconds{13'750};
constexpr Duration earliest = std::chrono::nanoseconds{4'583'334};
constexpr Duration latest = std::chrono::microseconds{187'500};
const Bytes data_5 = hex("68 04 04 68 08 05 72 00 7F 16");

Request reset_request() {
    return {.frame = encode_short(snd_nke, 5), .address = {}, .retries = {}};
}
Request data_request() {
    return {.frame = encode_short(req_ud2(true), 5),
            .answer = Answer::data,
            .address = std::uint8_t{5},
            .retries = {}};
}

struct Result {
    Outcome outcome;
    std::vector<Wire<PrimaryStation>::Request> requests;
    Instant delivered{};
};

/// One request to its end; `answer` gives bytes and delay for each attempt, from 0.
template <class Answers>
Result exchange(const Request& request, Answers answer, PrimaryConfig config = {}) {
    PrimaryStation station{config};
    std::size_t attempt = 0;
    Wire<PrimaryStation> wire{station,
                              [&](const auto& sent) { return answer(attempt++, sent.end); }};
    BOOST_REQUIRE(station.start(request));
    std::optional<Outcome> outcome;
    wire.run([&] { return (outcome = station.event()).has_value(); });
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST(station.idle());
    return {*outcome, wire.requests(), wire.now()};
}

auto always(const Bytes& bytes, Duration delay = earliest) {
    return [bytes, delay](std::size_t, Instant end) {
        return bytes.empty() ? std::vector<Octet>{} : octets(bytes, end + delay);
    };
}

FaultCode fault_after(const Request& request, const Bytes& answer) {
    const Result result = exchange(request, always(answer));
    BOOST_REQUIRE(result.outcome.fault.has_value());
    BOOST_TEST(result.requests.size() == 3U, "it was retried");
    return result.outcome.fault->code;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_good_answer_is_delivered_when_the_line_has_been_idle) {
    const Result result = exchange(data_request(), always(data_5));
    BOOST_TEST(!result.outcome.fault.has_value());
    BOOST_TEST(to_hex(result.outcome.answer.bytes()) == to_hex(data_5));
    BOOST_TEST(result.outcome.attempts == 1);
    BOOST_TEST(!result.outcome.early);
    BOOST_REQUIRE(result.requests.size() == 1U);
    BOOST_TEST(to_hex(result.requests[0].bytes) == "10 7B 05 80 16");
    BOOST_TEST((result.outcome.request_end == result.requests[0].end));
    BOOST_TEST((result.outcome.answer_start == result.requests[0].end + earliest));
    BOOST_TEST((result.delivered == result.outcome.answer_end + idle_33));
}

BOOST_AUTO_TEST_CASE(what_answers_what) {
    const Bytes e5 = hex("E5");
    for (const Answer wanted : {Answer::acknowledge, Answer::data, Answer::acknowledge_or_data}) {
        Request request = data_request();
        request.answer = wanted;
        const bool takes_e5 = wanted != Answer::data;
        const bool takes_data = wanted != Answer::acknowledge;
        BOOST_TEST(!exchange(request, always(e5)).outcome.fault.has_value() == takes_e5);
        BOOST_TEST(!exchange(request, always(data_5)).outcome.fault.has_value() == takes_data);
    }
}

// MB2-LL-018: the last instant of the window counts, the nanosecond after it does not.
BOOST_AUTO_TEST_CASE(the_window_ends_to_the_nanosecond) {
    const Result last = exchange(reset_request(), always(hex("E5"), latest));
    BOOST_TEST(!last.outcome.fault.has_value());
    BOOST_TEST(last.outcome.attempts == 1);
    // The station ends its wait one character after the window, rounded up to a nanosecond.
    PrimaryStation station{PrimaryConfig{}};
    BOOST_REQUIRE(station.start(reset_request()));
    station.sent(at(0ms));
    const Instant end = at(latest + character_bits.ceil(Baud{}));
    BOOST_REQUIRE(station.deadline().has_value());
    BOOST_TEST((*station.deadline() == end));
    station.expire(end - 1ns);
    BOOST_TEST(!station.transmit(), "still waiting");
    station.expire(end);
    BOOST_TEST(station.transmit().has_value(), "the retry");
    const Result late = exchange(reset_request(), always(hex("E5"), latest + 2ns));
    BOOST_TEST(late.outcome.fault.has_value());
    BOOST_TEST(late.outcome.attempts == 3);
}

// The latency of a port is added to the window.
BOOST_AUTO_TEST_CASE(latency_lengthens_the_wait) {
    PrimaryConfig config;
    config.limits.latency = 100ms;
    BOOST_TEST(!exchange(reset_request(), always(hex("E5"), latest + 100ms), config)
                    .outcome.fault.has_value());
    BOOST_TEST(exchange(reset_request(), always(hex("E5"), latest + 100ms + 2ns), config)
                   .outcome.fault.has_value());
}

// MB2-LL-019, -020: three times the same frame, then a link failure.
BOOST_AUTO_TEST_CASE(silence_is_retried_twice_with_the_same_frame) {
    const Result result = exchange(data_request(), always({}));
    BOOST_REQUIRE(result.outcome.fault.has_value());
    BOOST_TEST((*result.outcome.fault == make_fault(FaultCode::silence)));
    BOOST_TEST(result.outcome.answer.empty());
    BOOST_TEST(result.outcome.attempts == 3);
    BOOST_REQUIRE(result.requests.size() == 3U);
    for (const auto& request : result.requests) {
        BOOST_TEST(request.bytes == result.requests[0].bytes);
    }
    const Duration wait = latest + character_bits.ceil(Baud{});
    BOOST_TEST((result.requests[1].start == result.requests[0].end + wait));
}

BOOST_AUTO_TEST_CASE(a_request_may_have_retries_of_its_own) {
    Request request = data_request();
    for (const std::uint8_t retries : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{5}}) {
        request.retries = retries;
        BOOST_TEST(exchange(request, always({})).requests.size() == retries + 1U);
    }
}

BOOST_AUTO_TEST_CASE(the_answer_to_a_retry_is_as_good) {
    for (const std::size_t good : {1U, 2U}) {
        const Result result = exchange(data_request(), [&](std::size_t attempt, Instant end) {
            return attempt < good ? std::vector<Octet>{} : octets(data_5, end + earliest);
        });
        BOOST_TEST(!result.outcome.fault.has_value());
        BOOST_TEST(result.outcome.attempts == good + 1);
        BOOST_TEST((result.outcome.request_end == result.requests[good].end));
    }
}

// MB2-LL-074, -024, -075: what is no answer to the request; each is retried and reported by its
// name.
BOOST_AUTO_TEST_CASE(answers_that_do_not_count) {
    const Request data = data_request();
    const Request reset = reset_request();
    BOOST_TEST(
        (fault_after(data, hex("68 04 04 68 08 05 72 00 80 16")) == FaultCode::checksum_mismatch));
    BOOST_TEST(
        (fault_after(data, hex("68 04 04 68 08 05 72 00 7F 17")) == FaultCode::stop_missing));
    BOOST_TEST(
        (fault_after(data, hex("68 04 05 68 08 05 72 00 7F 16")) == FaultCode::length_mismatch));
    BOOST_TEST((fault_after(data, hex("68 04 04 68 08 05 72 00")) == FaultCode::truncated));
    BOOST_TEST((fault_after(data, hex("00")) == FaultCode::unknown_start));
    BOOST_TEST((fault_after(data, hex("E5")) == FaultCode::unexpected_frame));
    BOOST_TEST(
        (fault_after(data, hex("68 04 04 68 53 05 72 00 CA 16")) == FaultCode::wrong_direction));
    BOOST_TEST((fault_after(data, hex("10 7B 05 80 16")) == FaultCode::wrong_direction));
    BOOST_TEST((fault_after(data, hex("10 00 05 05 16")) == FaultCode::unexpected_frame));
    BOOST_TEST(
        (fault_after(data, hex("68 04 04 68 0B 05 72 00 82 16")) == FaultCode::unexpected_frame));
    BOOST_TEST(
        (fault_after(data, hex("68 04 04 68 08 06 72 00 80 16")) == FaultCode::wrong_address));
    BOOST_TEST((fault_after(reset, data_5) == FaultCode::unexpected_frame));
}

BOOST_AUTO_TEST_CASE(a_bad_answer_is_kept_as_far_as_it_was_heard) {
    const Result result = exchange(data_request(), always(hex("68 04 04 68 08 06 72 00 80 16")));
    BOOST_TEST((*result.outcome.fault == make_fault(FaultCode::wrong_address, 5, 5, 6)));
    BOOST_TEST(to_hex(result.outcome.answer.bytes()) == "68 04 04 68 08 06 72 00 80 16");
}

// MB2-LL-055: requests to FDh and FEh name no address.
BOOST_AUTO_TEST_CASE(without_an_address_any_is_taken) {
    Request request = data_request();
    request.address.reset();
    BOOST_TEST(
        !exchange(request, always(hex("68 04 04 68 08 06 72 00 80 16"))).outcome.fault.has_value());
}

BOOST_AUTO_TEST_CASE(characters_with_errors_are_faults_of_the_line) {
    for (const auto& [errors, code] : {std::pair{OctetErrors::parity, FaultCode::parity_error},
                                       std::pair{OctetErrors::framing, FaultCode::framing_error},
                                       std::pair{OctetErrors::collision, FaultCode::collision},
                                       std::pair{OctetErrors::break_, FaultCode::break_received}}) {
        const Result result = exchange(data_request(), [&](std::size_t, Instant end) {
            auto heard = octets(data_5, end + earliest);
            heard[7].errors = errors;
            return heard;
        });
        BOOST_TEST((result.outcome.fault == make_fault(code, 7)));
        BOOST_TEST(result.outcome.attempts == 3);
    }
}

// MB2-LL-068: an octet within 33 bit times of a good answer makes it a disturbed one.
BOOST_AUTO_TEST_CASE(surplus_octets_spoil_a_good_answer) {
    Bytes more = data_5;
    more.push_back(0xE5);
    const Result result = exchange(data_request(), always(more));
    BOOST_TEST(
        (result.outcome.fault == make_fault(FaultCode::surplus_octets, data_5.size(), -1, 0xE5)));
    BOOST_TEST(result.outcome.attempts == 3);
    // Once only: the retry is good.
    const Result second = exchange(data_request(), [&](std::size_t attempt, Instant end) {
        return octets(attempt == 0 ? more : data_5, end + earliest);
    });
    BOOST_TEST(!second.outcome.fault.has_value());
    BOOST_TEST(second.outcome.attempts == 2);
}

// MB2-LL-016: an answer before the window opens is taken, and said to be early.
BOOST_AUTO_TEST_CASE(an_early_answer_is_flagged) {
    const Duration opens = character_bits.floor(Baud{});
    BOOST_TEST(exchange(data_request(), always(data_5, opens - 1ns)).outcome.early);
    BOOST_TEST(!exchange(data_request(), always(data_5, opens)).outcome.early);
}

BOOST_AUTO_TEST_CASE(what_an_earlier_attempt_heard_is_not_told_of_the_last) {
    const Result result = exchange(data_request(), [&](std::size_t attempt, Instant end) {
        return attempt == 0 ? octets(hex("00"), end + 1ms) : std::vector<Octet>{};
    });
    BOOST_TEST((result.outcome.fault == make_fault(FaultCode::silence)));
    BOOST_TEST(!result.outcome.early);
    BOOST_TEST((result.outcome.answer_start == Instant{}));
    BOOST_TEST(result.outcome.answer.empty());
}

BOOST_AUTO_TEST_CASE(a_request_without_answer_is_done_when_sent) {
    Request request = reset_request();
    request.answer = Answer::none;
    const Result result = exchange(request, always({}));
    BOOST_TEST(!result.outcome.fault.has_value());
    BOOST_TEST((result.delivered == result.requests[0].end));
}

// MB2-LL-021: 33 bit times between what was heard or sent and each request.
BOOST_AUTO_TEST_CASE(the_line_is_idle_before_each_request) {
    PrimaryStation station{PrimaryConfig{}};
    BOOST_REQUIRE(station.start(reset_request()));
    BOOST_TEST((station.transmit()->not_before == Instant{}), "nothing was heard yet");
    station.sent(at(100ms));
    const auto bad = octets(hex("00"), at(110ms));
    station.receive(bad);
    BOOST_TEST((*station.deadline() == end_of(bad) + idle_33));
    const auto noise = octets(hex("00"), at(120ms));
    station.receive(noise);
    BOOST_TEST((*station.deadline() == end_of(noise) + idle_33), "the pause begins again");
    station.expire(end_of(noise) + idle_33 - 1ns);
    BOOST_TEST(!station.transmit());
    station.expire(end_of(noise) + idle_33);
    BOOST_REQUIRE(station.transmit().has_value());
    BOOST_TEST((station.transmit()->not_before == end_of(noise) + idle_33));
    // Noise before the retry's first start bit puts it off.
    const auto again = octets(hex("00"), at(150ms));
    station.receive(again);
    BOOST_TEST((station.transmit()->not_before == end_of(again) + idle_33));
}

BOOST_AUTO_TEST_CASE(one_request_at_a_time) {
    PrimaryStation station{PrimaryConfig{}};
    BOOST_TEST(station.start(reset_request()));
    BOOST_TEST(!station.start(data_request()));
    BOOST_TEST(to_hex(station.transmit()->bytes) == "10 40 05 45 16");
    station.sent(at(1ms));
    BOOST_TEST(!station.start(data_request()));
}

BOOST_AUTO_TEST_CASE(a_transmission_broken_off_ends_the_request) {
    PrimaryStation station{PrimaryConfig{}};
    BOOST_REQUIRE(station.start(reset_request()));
    station.aborted(at(1ms));
    BOOST_TEST((station.event()->fault == make_fault(FaultCode::port_lost)));
    BOOST_TEST(!station.event(), "told once");
    BOOST_TEST(station.idle());
}

BOOST_AUTO_TEST_CASE(a_restart_forgets_the_request) {
    PrimaryStation station{PrimaryConfig{}};
    BOOST_REQUIRE(station.start(data_request()));
    station.sent(at(1ms));
    station.receive(octets(hex("68 04"), at(10ms)));
    station.restart(at(30ms));
    BOOST_TEST(station.idle());
    BOOST_TEST(!station.transmit());
    BOOST_TEST(!station.deadline());
    BOOST_TEST(!station.event());
    BOOST_REQUIRE(station.start(reset_request()));
    BOOST_TEST((station.transmit()->not_before == at(30ms) + idle_33));
}

BOOST_AUTO_TEST_CASE(octets_while_idle_only_count_as_activity) {
    PrimaryStation station{PrimaryConfig{}};
    const auto noise = octets(hex("68 04 04"), at(10ms));
    station.receive(noise);
    BOOST_TEST(!station.event());
    BOOST_REQUIRE(station.start(reset_request()));
    BOOST_TEST((station.transmit()->not_before == end_of(noise) + idle_33));
    BOOST_TEST((station.listens() == Baud{2400}));
    station.set_baud(Baud{9600});
    BOOST_TEST((station.transmit()->baud == Baud{9600}));
}

// ---- a device that sends without end

namespace {

/// Octets without a pause, from `start` on, for `duration`.
std::vector<Octet> babble(Instant start, Duration duration) {
    const auto count = static_cast<std::size_t>(duration / character_bits.floor(Baud{}));
    return octets(Bytes(count, 0x55), start);
}

const Duration babble_limit = babble_after.ceil(Baud{});

} // namespace

// The line is held before the first bit can leave: the request is given up in bounded time.
BOOST_AUTO_TEST_CASE(a_babbler_before_the_request_ends_it) {
    PrimaryStation station{PrimaryConfig{}};
    Wire<PrimaryStation> wire{station, [](const auto&) { return std::vector<Octet>{}; }};
    wire.say(babble(at(0ms), 20s));
    station.receive(octets(hex("55"), at(0ms)));
    BOOST_REQUIRE(station.start(data_request()));
    std::optional<Outcome> outcome;
    wire.run([&] { return (outcome = station.event()).has_value(); });
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->fault == make_fault(FaultCode::babble)));
    BOOST_TEST(wire.requests().empty());
    BOOST_TEST((wire.now() <= at(babble_limit + 10ms)));
    BOOST_TEST(station.idle());
}

// It answers, and never stops: the same after a bad answer and after a good one.
BOOST_AUTO_TEST_CASE(an_answer_that_never_ends) {
    for (const Bytes& begin : {Bytes{}, data_5}) {
        PrimaryStation station{PrimaryConfig{}};
        Wire<PrimaryStation> wire{station, [&](const auto& sent) {
                                      Bytes endless = begin;
                                      endless.resize(5000, 0x55);
                                      return octets(endless, sent.end + earliest);
                                  }};
        BOOST_REQUIRE(station.start(data_request()));
        std::optional<Outcome> outcome;
        wire.run([&] { return (outcome = station.event()).has_value(); });
        BOOST_REQUIRE(outcome.has_value());
        BOOST_TEST((outcome->fault == make_fault(FaultCode::babble)));
        BOOST_TEST(outcome->attempts == 1);
        BOOST_TEST((wire.now() <= outcome->request_end + babble_limit + 100ms));
    }
}

// The longest answer there is, twice in a row, is no babble.
BOOST_AUTO_TEST_CASE(a_long_answer_is_no_babble) {
    Bytes data(253, 0x2F);
    data[0] = 0x78;
    const FrameBuffer longest = encode_long(rsp_ud, 5, data).value();
    Bytes twice{longest.bytes().begin(), longest.bytes().end()};
    BOOST_REQUIRE(twice.size() == max_frame_size);
    twice.insert(twice.end(), longest.bytes().begin(), longest.bytes().end());
    const Result result = exchange(data_request(), always(twice));
    BOOST_TEST((result.outcome.fault->code == FaultCode::surplus_octets));
    BOOST_TEST(result.outcome.attempts == 3);
}

// ---- converters that echo

// MB2-LL-067: the echo is no answer; the window begins at its end. The port reports the request
// sent when it has left, or when the first octet is heard.
BOOST_AUTO_TEST_CASE(an_echo_is_recognised_and_cancelled) {
    for (const bool while_sending : {true, false}) {
        PrimaryStation station{PrimaryConfig{}};
        BOOST_REQUIRE(station.start(data_request()));
        const Bytes request = hex("10 7B 05 80 16");
        const auto echo = octets(request, at(0ms));
        if (while_sending) {
            station.receive(echo);
            station.sent(end_of(echo));
        } else {
            station.sent(at(0ms));
            for (const Octet& octet : echo) {
                station.receive({&octet, 1});
            }
        }
        const Instant opens = end_of(echo) + earliest;
        BOOST_TEST(!station.event());
        station.receive(octets(data_5, opens));
        station.expire(opens + 1s);
        const auto outcome = station.event();
        BOOST_REQUIRE(outcome.has_value());
        BOOST_TEST(!outcome->fault.has_value());
        BOOST_TEST(outcome->echo);
        BOOST_TEST(!outcome->early);
        BOOST_TEST((outcome->request_end == end_of(echo)));
        BOOST_TEST(outcome->garbled == 0);
    }
}

BOOST_AUTO_TEST_CASE(an_echo_alone_is_silence) {
    const Result result = exchange(data_request(), [](std::size_t, Instant end) {
        return octets(hex("10 7B 05 80 16"), end);
    });
    BOOST_TEST((result.outcome.fault == make_fault(FaultCode::silence)));
    BOOST_TEST(result.outcome.attempts == 3);
    BOOST_TEST(result.outcome.echo);
}

BOOST_AUTO_TEST_CASE(an_echo_that_breaks_off_or_is_another_frame_is_no_answer) {
    for (const auto& [heard, code] : {std::pair{"10 7B 05", FaultCode::noise},
                                      std::pair{"10 7B 06 81 16", FaultCode::wrong_direction}}) {
        const Result result = exchange(data_request(), [&](std::size_t attempt, Instant end) {
            return attempt == 0 ? octets(hex(heard), end) : octets(data_5, end + earliest);
        });
        BOOST_TEST(!result.outcome.fault.has_value());
        BOOST_TEST(result.outcome.attempts == 2, heard);
        const Result always_so = exchange(
            data_request(), [&](std::size_t, Instant end) { return octets(hex(heard), end); });
        BOOST_TEST((always_so.outcome.fault->code == code), heard);
    }
}

// ---- late answers

// MB2-LL-068: a late answer is discarded; where a retry finds out, it is called by its name.
BOOST_AUTO_TEST_CASE(an_answer_after_the_window_is_named) {
    for (const Bytes& answer : {data_5, hex("E5")}) {
        for (const Duration lateness : {5ms, 8ms, 15ms}) {
            Request request = data_request();
            request.answer = Answer::acknowledge_or_data;
            const Result result = exchange(request, [&](std::size_t attempt, Instant end) {
                // While it answers the meter does not hear the retry.
                return attempt % 2 == 0 ? octets(answer, end + latest + lateness)
                                        : std::vector<Octet>{};
            });
            BOOST_REQUIRE(result.outcome.fault.has_value());
            BOOST_TEST((result.outcome.fault->code == FaultCode::late_answer));
            BOOST_TEST((result.outcome.late > 0ms));
            BOOST_TEST((result.outcome.late <= lateness));
        }
    }
}

// ---- ports that hold octets back

namespace {

/// The first half of an answer at once, the rest after a pause.
std::vector<Octet> halves(const Bytes& answer, Instant start, Duration pause) {
    const std::size_t half = answer.size() / 2;
    auto heard = octets({answer.begin(), answer.begin() + half}, start);
    for (const Octet& octet :
         octets({answer.begin() + half, answer.end()}, end_of(heard) + pause)) {
        heard.push_back(octet);
    }
    return heard;
}

} // namespace

// A search cannot tell the rest of one meter's answer from another meter's.
BOOST_AUTO_TEST_CASE(a_pause_that_a_port_makes_within_an_answer_is_waited_for) {
    for (const Duration pause : {20ms, 100ms, 190ms}) {
        const auto paused = [pause](std::size_t, Instant end) {
            return halves(data_5, end + earliest, pause);
        };
        PrimaryConfig port;
        port.limits.latency = 25ms;
        const Outcome outcome = exchange(data_request(), paused, port).outcome;
        BOOST_TEST(!outcome.fault.has_value(), "pause in ns: " << pause.count());
        BOOST_TEST(outcome.attempts == 1);
        BOOST_TEST(exchange(data_request(), paused).outcome.fault.has_value(), "on a wire");
        Request several = data_request();
        several.whole_window = true;
        BOOST_TEST(exchange(several, paused, port).outcome.fault.has_value() == (pause > 30ms));
    }
}

// The other end has a queue: what it answers is a request late, until it is given time.
BOOST_AUTO_TEST_CASE(answers_a_request_late_are_caught_up_with) {
    Instant free{};
    bool stalled = false;
    const Bytes answer =
        hex("68 15 15 68 08 05 72 78 56 34 12 24 40 01 07 01 00 00 00 0C 13 01 00 00 00 20 16");
    const Result result = exchange(data_request(), [&](std::size_t, Instant end) {
        const Duration stall = std::exchange(stalled, true) ? Duration{} : 260ms;
        const auto heard = octets(answer, std::max(end + earliest + stall, free));
        free = end_of(heard);
        return heard;
    });
    BOOST_REQUIRE(result.requests.size() >= 2U);
    BOOST_TEST(!result.outcome.fault.has_value());
}

// ---- noise and collisions

BOOST_AUTO_TEST_CASE(what_was_garbled_is_counted) {
    const Result silent = exchange(data_request(), always({}));
    BOOST_TEST(silent.outcome.silent == 3);
    BOOST_TEST(!silent.outcome.collided());
    const auto torn = [](std::size_t, Instant end) {
        auto heard = octets(data_5, end + earliest);
        heard[3].errors = OctetErrors::framing;
        heard[5].errors = OctetErrors::parity;
        return heard;
    };
    const Result collision = exchange(data_request(), torn);
    BOOST_TEST(collision.outcome.garbled == 3);
    BOOST_TEST(collision.outcome.collided());
    // The same once, and then nothing: noise.
    const Result noise = exchange(data_request(), [&](std::size_t attempt, Instant end) {
        return attempt == 0 ? torn(0, end) : std::vector<Octet>{};
    });
    BOOST_TEST(noise.outcome.garbled == 1);
    BOOST_TEST(noise.outcome.silent == 2);
    BOOST_TEST(!noise.outcome.collided());
    // A wrong checksum every time, every bit in place: the meter's own doing.
    const Result wrong = exchange(data_request(), always(hex("68 04 04 68 08 05 72 00 80 16")));
    BOOST_TEST(wrong.outcome.garbled == 3);
    BOOST_TEST(!wrong.outcome.collided());
}

BOOST_AUTO_TEST_CASE(a_garbled_answer_may_have_retries_of_its_own) {
    Request request = data_request();
    request.retries = std::uint8_t{1};
    request.garbled_retries = std::uint8_t{0};
    BOOST_TEST(exchange(request, always({})).requests.size() == 2U);
    BOOST_TEST(exchange(request, always(hex("00"))).requests.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
