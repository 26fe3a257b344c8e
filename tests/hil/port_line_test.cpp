// SPDX-License-Identifier: Apache-2.0
#include "hil/clock.hpp"
#include "hil/port.hpp"
#include "hil/port_line.hpp"
#include "hil/pty_endpoint.hpp"
#include "hil/tcp_endpoint.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <vector>

namespace {

using namespace meterbench;
using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;
using rig::Match;

/// Long enough for the slowest machine; no test that passes waits for it.
constexpr core::Duration patience = 20s;
constexpr core::Baud rate{2400};

/// What the endpoint hears, at least `count` bytes of it; nothing blocks for ever.
Bytes read_from(rig::Endpoint& endpoint, std::size_t count) {
    const core::Instant deadline = hil::monotonic_now() + patience;
    Bytes bytes;
    while (bytes.size() < count && hil::monotonic_now() < deadline) {
        pollfd item{endpoint.descriptor(), POLLIN, 0};
        (void)::poll(&item, 1, 100);
        std::array<std::uint8_t, 256> buffer;
        const auto got = endpoint.read(buffer);
        BOOST_REQUIRE(got);
        bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + static_cast<long>(*got));
    }
    return bytes;
}

/// Takes the client that has connected.
void accept(hil::TcpEndpoint& endpoint) {
    const int listener = endpoint.descriptor();
    pollfd item{listener, POLLIN, 0};
    BOOST_REQUIRE(::poll(&item, 1, 20'000) == 1);
    std::array<std::uint8_t, 1> none;
    BOOST_TEST(endpoint.read(none).value() == 0U);
    BOOST_REQUIRE(endpoint.descriptor() != listener);
}

std::unique_ptr<rig::Line> open(const std::string& spec) {
    auto line = hil::open_port(spec, rate);
    BOOST_REQUIRE_MESSAGE(line, line.error());
    return std::move(*line);
}

Bytes values(std::span<const core::Octet> octets) {
    Bytes result;
    for (const core::Octet& octet : octets) {
        result.push_back(octet.value);
    }
    return result;
}

Bytes every_byte() {
    Bytes bytes(256);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(i);
    }
    return bytes;
}

/// A line to a served pty.
struct OnPty {
    tests::TemporaryFolder folder;
    std::unique_ptr<hil::PtyEndpoint> peer =
        hil::PtyEndpoint::create(folder.path() / "bus", core::Baud{300}).value();
    std::unique_ptr<rig::Line> line = open((folder.path() / "bus").string());
};

/// A line to a served TCP port.
struct OnTcp {
    std::unique_ptr<hil::TcpEndpoint> peer = hil::TcpEndpoint::create({"", 0}).value();
    std::unique_ptr<rig::Line> line = open(fmt::format("tcp://127.0.0.1:{}", peer->port()));
    OnTcp() { accept(*peer); }
};

/// Every value of an octet passes unchanged in both directions.
void passes_every_byte(rig::Endpoint& peer, rig::Line& line) {
    const Bytes sent = every_byte();
    line.start({.bytes = sent, .baud = rate});
    BOOST_TEST(read_from(peer, sent.size()) == sent, boost::test_tools::per_element());
    line.abort();
    BOOST_REQUIRE(peer.write(sent));
    Bytes heard;
    while (heard.size() < sent.size()) {
        const auto wake = line.wait({.match = Match::octet, .deadline = line.now() + patience});
        BOOST_REQUIRE(wake);
        BOOST_REQUIRE((wake->match == Match::octet));
        for (const core::Octet& octet : line.heard()) {
            BOOST_TEST((octet.errors == core::OctetErrors::none));
            heard.push_back(octet.value);
        }
    }
    BOOST_TEST(heard == sent, boost::test_tools::per_element());
}

/// `sent` is the write plus the characters at the line's rate.
void reports_sent(rig::Line& line) {
    const Bytes frame{0x10, 0x40, 0x05, 0x45, 0x16};
    const core::Instant before = line.now();
    line.start({.bytes = frame, .baud = core::Baud{38400}});
    const core::Instant after = line.now();
    const auto wake = line.wait({.match = Match::sent, .deadline = before + patience});
    BOOST_REQUIRE(wake);
    BOOST_TEST((wake->match == Match::sent));
    const auto end = line.sent();
    BOOST_REQUIRE(end);
    const core::Duration frame_time = core::bit_edge(core::Baud{38400}, 55);
    BOOST_TEST((*end >= before + frame_time));
    BOOST_TEST((*end <= after + frame_time));
    BOOST_TEST(!line.sent(), "told once");
    BOOST_TEST(line.baud().value == 38400U);
}

void reports_loss(rig::Line& line) {
    const auto wake = line.wait({.match = Match::octet, .deadline = line.now() + patience});
    BOOST_REQUIRE(!wake);
    BOOST_TEST((wake.error().code == core::FaultCode::port_lost));
    const auto again = line.wait({.match = Match::octet, .deadline = line.now()});
    BOOST_TEST(!again.has_value(), "a lost port stays lost");
}

} // namespace

BOOST_AUTO_TEST_SUITE(port_line)

BOOST_FIXTURE_TEST_CASE(every_byte_over_a_pty, OnPty) {
    passes_every_byte(*peer, *line);
}
BOOST_FIXTURE_TEST_CASE(every_byte_over_tcp, OnTcp) {
    passes_every_byte(*peer, *line);
}

BOOST_FIXTURE_TEST_CASE(sent_on_a_pty, OnPty) {
    reports_sent(*line);
}
BOOST_FIXTURE_TEST_CASE(sent_on_tcp, OnTcp) {
    reports_sent(*line);
}

// The rate of a pty is what the other side sees.
BOOST_FIXTURE_TEST_CASE(the_rate_of_a_terminal_is_set, OnPty) {
    BOOST_TEST(peer->speed().value().value == 2400U);
    line->listen(core::Baud{19200});
    BOOST_TEST(peer->speed().value().value == 19200U);
    line->listen(std::nullopt);
    BOOST_TEST(line->baud().value == 19200U);
}

BOOST_FIXTURE_TEST_CASE(a_rate_that_is_none_is_refused, OnPty) {
    line->listen(core::Baud{2401});
    const auto wake = line->wait({.deadline = line->now() + patience});
    BOOST_REQUIRE(!wake);
    BOOST_TEST((wake.error().code == core::FaultCode::port_refused));
}

// Of n octets read at once the last ended then, each earlier one a character before.
BOOST_FIXTURE_TEST_CASE(times_are_counted_back_from_the_read, OnTcp) {
    // Ten characters at 2400 Bd take 46 ms: the line must be older than that.
    const auto idle = line->wait({.deadline = line->now() + 60ms});
    BOOST_REQUIRE(idle);
    const Bytes answer{0x68, 0x04, 0x04, 0x68, 0x08, 0x03, 0x72, 0x00, 0x7D, 0x16};
    BOOST_REQUIRE(peer->write(answer));
    const auto wake = line->wait({.match = Match::frame, .deadline = line->now() + patience});
    BOOST_REQUIRE(wake);
    BOOST_TEST((wake->match == Match::frame));
    const auto octets = line->heard();
    BOOST_TEST(values(octets) == answer, boost::test_tools::per_element());
    BOOST_TEST((octets.back().end <= line->now()));
    BOOST_TEST((wake->at == octets.back().end));
    const core::Duration character = core::bit_edge(rate, 11);
    for (const core::Octet& octet : octets) {
        BOOST_TEST((octet.end - octet.start - character <= 1ns));
        BOOST_TEST((character - (octet.end - octet.start) <= 1ns));
    }
    BOOST_TEST(line->heard().empty(), "told once");
}

// Octets that come faster than the rate allows are none of them earlier than the read before.
BOOST_FIXTURE_TEST_CASE(times_never_run_backwards, OnTcp) {
    core::Instant last{};
    for (int round = 0; round < 5; ++round) {
        const Bytes burst(100, 0x55);
        BOOST_REQUIRE(peer->write(burst));
        std::size_t count = 0;
        while (count < burst.size()) {
            const auto wake =
                line->wait({.match = Match::octet, .deadline = line->now() + patience});
            BOOST_REQUIRE(wake);
            for (const core::Octet& octet : line->heard()) {
                BOOST_TEST((octet.start <= octet.end));
                BOOST_TEST((octet.end >= last));
                last = octet.end;
                ++count;
            }
        }
    }
}

// Octets that a busy machine delivers late are not torn apart: within the uncertainty of the port a
// pause is none, beyond it is one.
BOOST_FIXTURE_TEST_CASE(a_pause_within_the_uncertainty_is_none, OnTcp) {
    const auto heard_apart = [this](core::Duration uncertainty) {
        line = hil::open_port(fmt::format("tcp://127.0.0.1:{}", peer->port()), rate,
                              {.uncertainty = uncertainty})
                   .value();
        std::array<std::uint8_t, 1> none;
        BOOST_TEST(peer->read(none).value() == 0U, "the client before leaves");
        accept(*peer);
        std::vector<core::Octet> octets;
        for (const std::uint8_t byte : Bytes{0x10, 0x5B}) {
            const auto pause = line->wait({.deadline = line->now() + 20ms});
            BOOST_REQUIRE(pause);
            BOOST_REQUIRE(peer->write(Bytes{byte}));
            const auto wake =
                line->wait({.match = Match::octet, .deadline = line->now() + patience});
            BOOST_REQUIRE(wake);
            const auto heard = line->heard();
            octets.insert(octets.end(), heard.begin(), heard.end());
        }
        BOOST_REQUIRE(octets.size() == 2U);
        return octets[1].start - octets[0].end;
    };
    BOOST_TEST((heard_apart(patience) == 0ns));
    BOOST_TEST((heard_apart(1ms) > 1ms));
}

// An answer that comes before the transmission can have left at the rate: it had left.
BOOST_FIXTURE_TEST_CASE(the_first_octet_heard_ends_a_transmission, OnTcp) {
    const Bytes frame(200, 0x00); // 917 ms at 2400 Bd
    const core::Instant before = line->now();
    line->start({.bytes = frame, .baud = rate});
    BOOST_REQUIRE(peer->write(Bytes{0xE5}));
    const auto wake =
        line->wait({.match = Match::octet | Match::sent, .deadline = before + patience});
    BOOST_REQUIRE(wake);
    const auto end = line->sent();
    BOOST_REQUIRE(end);
    const auto octets = line->heard();
    BOOST_REQUIRE(octets.size() == 1U);
    BOOST_TEST((*end <= octets[0].start));
}

BOOST_FIXTURE_TEST_CASE(silence_and_the_deadline_end_a_wait, OnTcp) {
    const core::Instant before = line->now();
    const auto silent = line->wait(
        {.match = Match::octet | Match::silence, .deadline = before + patience, .silence = 5ms});
    BOOST_REQUIRE(silent);
    BOOST_TEST((silent->match == Match::silence));
    BOOST_TEST((silent->at - before >= 5ms));
    const auto late = line->wait({.match = Match::octet, .deadline = before});
    BOOST_REQUIRE(late);
    BOOST_TEST((late->match == Match::none));
}

// More than the kernel buffers: it leaves as the other side reads.
BOOST_FIXTURE_TEST_CASE(long_transmissions_leave_in_parts, OnPty) {
    Bytes sent(100'000);
    for (std::size_t i = 0; i < sent.size(); ++i) {
        sent[i] = static_cast<std::uint8_t>(i * 7);
    }
    line->start({.bytes = sent, .baud = core::Baud{38400}});
    Bytes arrived;
    while (arrived.size() < sent.size()) {
        const auto wake = line->wait({.deadline = line->now()});
        BOOST_REQUIRE(wake);
        const Bytes part = read_from(*peer, 1);
        BOOST_REQUIRE(!part.empty());
        arrived.insert(arrived.end(), part.begin(), part.end());
    }
    BOOST_TEST((arrived == sent));
}

BOOST_FIXTURE_TEST_CASE(a_pty_that_vanishes_is_lost, OnPty) {
    peer.reset();
    reports_loss(*line);
}

BOOST_FIXTURE_TEST_CASE(a_connection_that_ends_is_lost, OnTcp) {
    peer.reset();
    reports_loss(*line);
}

BOOST_FIXTURE_TEST_CASE(sending_into_a_lost_port_is_no_signal, OnTcp) {
    peer.reset();
    const Bytes frame{0xE5};
    // The first write may still be taken; the reset comes back for it.
    line->start({.bytes = frame, .baud = rate});
    line->abort();
    reports_loss(*line);
    line->start({.bytes = frame, .baud = rate});
    line->abort();
}

// What was heard before the end comes first.
BOOST_FIXTURE_TEST_CASE(the_last_octets_before_a_loss_are_heard, OnTcp) {
    BOOST_REQUIRE(peer->write(Bytes{0xE5}));
    peer.reset();
    const auto wake = line->wait({.match = Match::frame, .deadline = line->now() + patience});
    BOOST_REQUIRE(wake);
    BOOST_TEST((wake->match == Match::frame));
    BOOST_TEST(values(line->heard()) == Bytes{0xE5}, boost::test_tools::per_element());
    reports_loss(*line);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(port)

BOOST_AUTO_TEST_CASE(a_port_that_does_not_exist) {
    BOOST_TEST(hil::open_port("/dev/no-such-port", rate).error() ==
               "/dev/no-such-port: No such file or directory");
    BOOST_TEST(hil::open_port("/dev/null", rate).error() == "/dev/null: is not a serial port");
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_refused) {
    std::uint16_t port = 0;
    {
        port = hil::TcpEndpoint::create({"", 0}).value()->port();
    }
    BOOST_TEST(hil::open_port(fmt::format("tcp://127.0.0.1:{}", port), rate).error() ==
               fmt::format("tcp://127.0.0.1:{}: Connection refused", port));
}

BOOST_FIXTURE_TEST_CASE(a_port_is_opened_once, OnPty) {
    const std::string path = (folder.path() / "bus").string();
    BOOST_TEST(hil::open_port(path, rate).error() == path + ": is in use by another program");
    line.reset();
    BOOST_TEST(hil::open_port(path, rate).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_rate_the_port_does_not_take, OnPty) {
    const std::string path = (folder.path() / "bus").string();
    line.reset();
    BOOST_TEST(hil::open_port(path, core::Baud{2401}).error() == path + ": does not take 2401 Bd");
}

// What an earlier client left in the terminal is not heard.
BOOST_FIXTURE_TEST_CASE(what_was_waiting_is_discarded, OnPty) {
    line.reset();
    BOOST_REQUIRE(peer->write(Bytes{1, 2, 3}));
    line = open((folder.path() / "bus").string());
    BOOST_REQUIRE(peer->write(Bytes{0xE5}));
    const auto wake = line->wait({.match = Match::octet, .deadline = line->now() + patience});
    BOOST_REQUIRE(wake);
    BOOST_TEST(values(line->heard()) == Bytes{0xE5}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
