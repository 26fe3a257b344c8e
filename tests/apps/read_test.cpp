// SPDX-License-Identifier: Apache-2.0
#include "hil/tcp_endpoint.hpp"
#include "tests/support/run_command.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <thread>
#include <vector>

namespace {

using namespace meterbench;
using meterbench::tests::Ran;
using meterbench::tests::run_command;
using Bytes = std::vector<std::uint8_t>;

/// A device on a TCP port that answers each octet run it hears with the next of `answers`; after
/// the last it is silent, or gone when `leaves`.
class Device {
  public:
    Device(std::vector<Bytes> answers, bool leaves)
        : endpoint_{hil::TcpEndpoint::create({"", 0}).value()}, port_{endpoint_->port()},
          thread_{[this, answers = std::move(answers), leaves](const std::stop_token& stop) {
              serve(answers, leaves, stop);
          }} {}
    [[nodiscard]] std::string port() const { return fmt::format("tcp://127.0.0.1:{}", port_); }

  private:
    void serve(const std::vector<Bytes>& answers, bool leaves, const std::stop_token& stop) {
        std::size_t next = 0;
        Bytes heard;
        while (!stop.stop_requested()) {
            pollfd item{endpoint_->descriptor(), POLLIN, 0};
            (void)::poll(&item, 1, 20);
            std::array<std::uint8_t, 64> buffer;
            const std::size_t count = endpoint_->read(buffer).value_or(0);
            heard.insert(heard.end(), buffer.begin(), buffer.begin() + static_cast<long>(count));
            if (heard.empty() || heard.back() != 0x16) {
                continue; // every request ends with the stop byte
            }
            heard.clear();
            if (next < answers.size()) {
                (void)endpoint_->write(answers[next++]);
            } else if (leaves) {
                endpoint_.reset();
                return;
            }
        }
    }
    std::unique_ptr<hil::TcpEndpoint> endpoint_;
    std::uint16_t port_;
    std::jthread thread_;
};

const Bytes acknowledge{0xE5};
/// RSP_UD of address 5 without a header: energy 42 Wh.
const Bytes answer{0x68, 0x06, 0x06, 0x68, 0x08, 0x05, 0x78, 0x01, 0x03, 0x2A, 0xB3, 0x16};

} // namespace

BOOST_AUTO_TEST_SUITE(read_command)

BOOST_AUTO_TEST_CASE(a_meter_is_read) {
    const Device device{{acknowledge, answer}, false};
    const Ran ran = run_command("read --timeout 20s --port " + device.port() + " 5");
    // The device answers at once, and that is told; on a busy computer maybe of one answer only.
    BOOST_TEST(ran.err.starts_with("meterbench read: 5: "), ran.err);
    BOOST_TEST(ran.err.find(" answers came before the reply window") != std::string::npos, ran.err);
    BOOST_TEST(ran.status == 0);
    BOOST_TEST(ran.out.starts_with(R"({"schema":"meterbench.telegram/1","line":1,)"));
    BOOST_TEST(ran.out.find(R"("value":"42")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(silence_is_status_1) {
    const Device device{{}, false};
    const Ran ran = run_command("read --timeout 10ms --retries 1 --port " + device.port() + " 5");
    BOOST_TEST(ran.out == "");
    BOOST_TEST(ran.err ==
               "meterbench read: 5: silence: nothing was heard within the time allowed\n");
    BOOST_TEST(ran.status == 1);
}

BOOST_AUTO_TEST_CASE(a_wrong_answer_is_status_1) {
    const Device device{{acknowledge, answer}, false};
    const Ran ran = run_command("read --timeout 20s --retries 0 --port " + device.port() + " 6");
    BOOST_TEST(ran.status == 1);
    BOOST_TEST(ran.err.starts_with("meterbench read: 6: wrong-address: "));
}

BOOST_AUTO_TEST_CASE(a_port_that_vanishes_is_status_3) {
    const Device device{{acknowledge}, true};
    const Ran ran = run_command("read --timeout 20s --port " + device.port() + " 5");
    BOOST_TEST(ran.status == 3);
    BOOST_TEST(ran.err ==
               "meterbench read: " + device.port() + ": the port went away while in use\n");
}

BOOST_AUTO_TEST_CASE(usage_errors_are_one_line_and_status_2) {
    const auto refuses = [](const std::string& arguments, const std::string& message) {
        const Ran ran = run_command("read " + arguments);
        BOOST_TEST(ran.status == 2);
        BOOST_TEST(ran.out == "");
        BOOST_TEST(ran.err == "meterbench read: " + message + "\n");
    };
    refuses("--port /dev/no-such-port 5", "/dev/no-such-port: No such file or directory");
    refuses("--port x 251", "ADDRESS: \"251\" is neither 0 to 250 nor 16 hexadecimal digits");
    refuses("--port x 123456781234567", "ADDRESS: \"123456781234567\" is neither 0 to 250 nor 16 "
                                        "hexadecimal digits");
    refuses("--port x --baud 100 5", "--baud: 100 is neither auto nor one of 300, 600, 1200, 2400, "
                                     "4800, 9600, 19200, 38400");
    refuses("--port x --timeout 5 5",
            "--timeout: \"5\" is not a time such as 500ms or 2s, up to 10min");
    refuses("--port x --retries 11 5",
            "--retries: Value 11 not in range 0 to 10 (see meterbench read --help)");
    refuses("5", "--port PORT or --bus BUS.json is required");
    refuses("5 --port x --prot",
            "The following argument was not expected: --prot (see meterbench read --help)");
}

BOOST_AUTO_TEST_SUITE_END()
