// SPDX-License-Identifier: Apache-2.0
// The reference master over real descriptors: what a meter sends arrives byte for byte.
#include "core/master/readout.hpp"
#include "hil/open_endpoint.hpp"
#include "hil/port.hpp"
#include "rig/drive.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <poll.h>
#include <thread>
#include <vector>

namespace {

using namespace meterbench;
using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

/// Two telegrams of one read-out: CI 78h (no header), a record, and 1Fh for `more follows` in the
/// first. The second holds every value of a byte that a terminal might treat in a way of its own.
Bytes telegram(std::span<const std::uint8_t> user_data) {
    const auto frame = core::link::encode_long(core::link::rsp_ud, 5, user_data).value();
    return {frame.bytes().begin(), frame.bytes().end()};
}
std::vector<Bytes> telegrams() {
    Bytes special{0x78, 0x0F};
    for (const int value : {0x00, 0x03, 0x04, 0x0A, 0x0D, 0x11, 0x13, 0x1A, 0x7F, 0xFF, 0xFF}) {
        special.push_back(static_cast<std::uint8_t>(value));
    }
    return {telegram(Bytes{0x78, 0x01, 0x06, 0x2A, 0x1F}), telegram(special)};
}

/// A meter at address 5 on an endpoint, for the life of the object: answers a reset with E5h and
/// each request with the next telegram. `deaf` requests stay unanswered at first.
class Meter {
  public:
    Meter(rig::Endpoint& endpoint, int deaf)
        : thread_{[&endpoint, deaf](const std::stop_token& stop) { serve(endpoint, deaf, stop); }} {
    }

  private:
    static void serve(rig::Endpoint& endpoint, int deaf, const std::stop_token& stop) {
        const auto answers = telegrams();
        core::link::FrameScan scan;
        Bytes frame;
        std::size_t next = 0;
        while (!stop.stop_requested()) {
            pollfd item{endpoint.descriptor(), POLLIN, 0};
            (void)::poll(&item, 1, 20);
            std::array<std::uint8_t, 64> buffer;
            const std::size_t count = endpoint.read(buffer).value_or(0);
            for (const std::uint8_t byte : std::span{buffer}.first(count)) {
                frame.push_back(byte);
                if (scan.push(byte) || !scan.complete()) {
                    continue;
                }
                const bool reset = frame[1] == core::link::snd_nke.value;
                if (reset || deaf-- <= 0) {
                    const Bytes& answer = answers[next % answers.size()];
                    (void)endpoint.write(reset ? Bytes{0xE5} : answer);
                    next += reset ? 0 : 1;
                }
                scan.reset();
                frame.clear();
            }
        }
    }
    std::jthread thread_;
};

void reads_everything(const std::string& spec, core::Baud rate, int deaf) {
    const auto served = hil::open_endpoint(spec, rate);
    BOOST_REQUIRE_MESSAGE(served, served.error());
    const Meter meter{*served->endpoint, deaf};
    const auto line = hil::open_port(served->port, rate, {.uncertainty = 1s});
    BOOST_REQUIRE_MESSAGE(line, line.error());
    core::master::ReadoutConfig config;
    config.target = std::uint8_t{5};
    config.link.baud = rate;
    // A busy machine may keep the meter waiting; only an unanswered request takes this long.
    config.link.limits.response_timeout = {.bits = {}, .fixed = deaf > 0 ? 1s : 20s};
    core::master::Readout readout{config};
    BOOST_REQUIRE(rig::drive(readout, **line));
    BOOST_TEST(!readout.fault());
    const auto expected = telegrams();
    BOOST_REQUIRE(readout.telegrams().size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        BOOST_TEST(readout.telegrams()[i].frame == expected[i], boost::test_tools::per_element());
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(read_over_port)

BOOST_AUTO_TEST_CASE(over_tcp) {
    reads_everything("tcp://127.0.0.1:0", core::Baud{2400}, 0);
}

BOOST_AUTO_TEST_CASE(over_a_pty) {
    const tests::TemporaryFolder folder;
    for (const std::uint32_t rate : {300U, 38400U}) {
        reads_everything((folder.path() / "bus").string(), core::Baud{rate}, 0);
    }
}

// The first request is lost: the master repeats it.
BOOST_AUTO_TEST_CASE(a_lost_request_is_repeated) {
    reads_everything("tcp://127.0.0.1:0", core::Baud{38400}, 1);
}

BOOST_AUTO_TEST_SUITE_END()
