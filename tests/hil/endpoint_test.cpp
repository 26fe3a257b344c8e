// SPDX-License-Identifier: Apache-2.0
#include "hil/pty_endpoint.hpp"
#include "hil/tcp.hpp"
#include "hil/tcp_endpoint.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <vector>

namespace {

using namespace meterbench;
using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

constexpr core::Baud rate{2400};

/// One read() when poll says that there is something.
Bytes next(rig::Endpoint& endpoint) {
    pollfd item{endpoint.descriptor(), POLLIN, 0};
    BOOST_REQUIRE(::poll(&item, 1, 20'000) == 1);
    std::array<std::uint8_t, 64> buffer;
    const auto count = endpoint.read(buffer);
    BOOST_REQUIRE(count);
    return {buffer.begin(), buffer.begin() + static_cast<long>(*count)};
}

hil::Descriptor client_of(const hil::TcpEndpoint& endpoint) {
    auto client = hil::connect_tcp({"127.0.0.1", endpoint.port()}, 20s);
    BOOST_REQUIRE_MESSAGE(client, client.error());
    return std::move(*client);
}

void send(const hil::Descriptor& socket, std::uint8_t byte) {
    BOOST_REQUIRE(::send(socket.get(), &byte, 1, MSG_NOSIGNAL) == 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(pty_endpoint)

BOOST_AUTO_TEST_CASE(the_link_lives_as_long_as_the_endpoint) {
    const tests::TemporaryFolder folder;
    const auto link = folder.path() / "bus";
    auto endpoint = hil::PtyEndpoint::create(link, rate).value();
    BOOST_TEST(std::filesystem::is_symlink(link));
    BOOST_TEST(std::filesystem::read_symlink(link) == endpoint->terminal());
    BOOST_TEST(endpoint->speed().value().value == 2400U);
    endpoint.reset();
    BOOST_TEST(!std::filesystem::is_symlink(link));
}

BOOST_AUTO_TEST_CASE(nothing_to_read_is_no_fault) {
    const tests::TemporaryFolder folder;
    const auto endpoint = hil::PtyEndpoint::create(folder.path() / "bus", rate).value();
    std::array<std::uint8_t, 8> buffer;
    BOOST_TEST(endpoint->read(buffer).value() == 0U);
}

// A stale link, left by a program that was killed, is replaced; anything else is not touched.
BOOST_AUTO_TEST_CASE(only_a_link_is_replaced) {
    const tests::TemporaryFolder folder;
    const auto link = folder.path() / "bus";
    std::filesystem::create_symlink("/dev/pts/no-such", link);
    auto endpoint = hil::PtyEndpoint::create(link, rate).value();
    BOOST_TEST(std::filesystem::read_symlink(link) == endpoint->terminal());
    const auto file = folder.write("file", "precious");
    BOOST_TEST(hil::PtyEndpoint::create(file, rate).error() ==
               file.string() + ": exists and is not a symbolic link");
    BOOST_TEST(std::filesystem::file_size(file) == 8U);
    const auto nowhere = folder.path() / "no" / "bus";
    BOOST_TEST(hil::PtyEndpoint::create(nowhere, rate).error() ==
               nowhere.string() + ": No such file or directory");
}

// A second server took the link over: the first must not remove it.
BOOST_AUTO_TEST_CASE(a_link_taken_over_stays) {
    const tests::TemporaryFolder folder;
    const auto link = folder.path() / "bus";
    auto first = hil::PtyEndpoint::create(link, rate).value();
    const auto second = hil::PtyEndpoint::create(link, rate).value();
    first.reset();
    BOOST_TEST(std::filesystem::read_symlink(link) == second->terminal());
}

// Writing for nobody neither blocks nor fails.
BOOST_AUTO_TEST_CASE(what_nobody_reads_is_dropped) {
    const tests::TemporaryFolder folder;
    const auto endpoint = hil::PtyEndpoint::create(folder.path() / "bus", rate).value();
    const Bytes block(1000, 0x55);
    for (int i = 0; i < 1000; ++i) {
        BOOST_REQUIRE(endpoint->write(block));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tcp_endpoint)

BOOST_AUTO_TEST_CASE(one_client_after_the_other) {
    const auto endpoint = hil::TcpEndpoint::create({"", 0}).value();
    BOOST_TEST(endpoint->port() != 0);
    const int listener = endpoint->descriptor();
    auto first = client_of(*endpoint);
    send(first, 1);
    const auto second = client_of(*endpoint); // waits in the backlog
    send(second, 2);
    Bytes heard = next(*endpoint);
    if (heard.empty()) {
        heard = next(*endpoint); // the connection came before its byte
    }
    BOOST_TEST(heard == Bytes{1}, boost::test_tools::per_element());
    BOOST_TEST(endpoint->descriptor() != listener);
    first.reset();
    BOOST_TEST(next(*endpoint).empty(), "the first has left");
    BOOST_TEST(endpoint->descriptor() == listener);
    heard = next(*endpoint);
    if (heard.empty()) {
        heard = next(*endpoint);
    }
    BOOST_TEST(heard == Bytes{2}, boost::test_tools::per_element());
    BOOST_REQUIRE(endpoint->write(Bytes{0xE5}));
    pollfd item{second.get(), POLLIN, 0};
    BOOST_REQUIRE(::poll(&item, 1, 20'000) == 1);
    std::uint8_t byte = 0;
    BOOST_TEST(::recv(second.get(), &byte, 1, 0) == 1);
    BOOST_TEST(byte == 0xE5);
}

BOOST_AUTO_TEST_CASE(without_a_client_what_is_written_is_dropped) {
    const auto endpoint = hil::TcpEndpoint::create({"localhost", 0}).value();
    BOOST_TEST(endpoint->write(Bytes{1, 2, 3}).has_value());
    std::array<std::uint8_t, 8> buffer;
    BOOST_TEST(endpoint->read(buffer).value() == 0U);
    BOOST_TEST(!endpoint->speed());
}

// Neither a client that left nor one that does not read stops the server.
BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_or_is_gone) {
    const auto endpoint = hil::TcpEndpoint::create({"", 0}).value();
    auto client = client_of(*endpoint);
    send(client, 1);
    while (next(*endpoint).empty()) {
    }
    const Bytes block(100'000, 0x55);
    for (int i = 0; i < 200; ++i) {
        BOOST_REQUIRE(endpoint->write(block));
    }
    client.reset();
    for (int i = 0; i < 10; ++i) {
        BOOST_REQUIRE(endpoint->write(block));
    }
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_said_so) {
    const auto endpoint = hil::TcpEndpoint::create({"", 0}).value();
    const auto other = hil::TcpEndpoint::create({"", endpoint->port()});
    BOOST_TEST(other.error() ==
               "127.0.0.1:" + std::to_string(endpoint->port()) + ": Address already in use");
    BOOST_TEST(!hil::TcpEndpoint::create({"no.such.host.invalid", 0}));
}

BOOST_AUTO_TEST_SUITE_END()
