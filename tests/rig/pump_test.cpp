// SPDX-License-Identifier: Apache-2.0
// Purpose: the Pump moves octets between an object and a medium: to the instant, and with every
// transmission ended by sent() or aborted(), whatever its owner does.
#include "rig/pump.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(pump)

using namespace meterbench::core;
using namespace meterbench::rig;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::end_of;
using meterbench::tests::hex;
using meterbench::tests::octets;

namespace {

/// Both sides write into one log.
struct Log {
    std::vector<std::string> lines;
    void add(const std::string& what, Instant now) {
        lines.push_back(what + "@" + std::to_string(now.time_since_epoch().count()));
    }
    void add(const std::string& what) { lines.push_back(what); }
    std::string take() {
        std::string text;
        for (const std::string& line : lines) {
            text += line + " ";
        }
        lines.clear();
        return text;
    }
};

/// Does what the test puts into it.
struct Object {
    Log& log;
    std::optional<Transmission> transmission;
    std::optional<Instant> due;
    std::optional<Baud> rate = Baud{};

    void receive(std::span<const Octet> heard) {
        log.add("receive" + std::to_string(heard.size()));
    }
    [[nodiscard]] std::optional<Transmission> transmit() const { return transmission; }
    void sent(Instant now) {
        log.add("sent", now);
        transmission.reset();
    }
    void aborted(Instant now) {
        log.add("aborted", now);
        transmission.reset();
    }
    [[nodiscard]] std::optional<Baud> listens() const { return rate; }
    void restart(Instant now) { log.add("restart", now); }
    [[nodiscard]] std::optional<Instant> deadline() const { return due; }
    void expire(Instant now) {
        log.add("expire", now);
        due.reset();
    }
};
static_assert(ProtocolObject<Object>);

struct FakeMedium : Medium {
    explicit FakeMedium(Log& to) : log{to} {}
    Log& log;
    std::optional<Baud> rate;
    void start(const Transmission&) override { log.add("start"); }
    void abort() override { log.add("abort"); }
    void listen(std::optional<Baud> baud) override { rate = baud; }
};

struct Bench {
    Log log;
    Object object{log, {}, {}};
    FakeMedium medium{log};
    Pump<Object> pump{object, medium};
    Bytes bytes = hex("E5");

    void wants(Instant not_before = {}) {
        object.transmission = Transmission{.bytes = bytes, .not_before = not_before};
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(not_before_is_held_to_the_instant) {
    Bench bench;
    bench.wants(at(100ns));
    bench.pump.tick(at(10ns));
    BOOST_TEST(bench.log.take() == "");
    BOOST_TEST((bench.pump.deadline() == at(100ns)));
    bench.pump.tick(at(99ns));
    BOOST_TEST(bench.log.take() == "");
    bench.pump.tick(at(100ns));
    BOOST_TEST(bench.log.take() == "start ");
    BOOST_TEST(bench.pump.transmitting());
    BOOST_TEST(!bench.pump.deadline());
}

BOOST_AUTO_TEST_CASE(without_not_before_it_starts_at_once) {
    Bench bench;
    bench.wants();
    bench.pump.tick(at(1ns));
    BOOST_TEST(bench.log.take() == "start ");
}

BOOST_AUTO_TEST_CASE(a_start_that_is_put_off_is_put_off) {
    Bench bench;
    bench.wants(at(100ns));
    bench.pump.tick(at(0ns));
    bench.wants(at(200ns)); // noise was heard
    bench.pump.heard(octets(hex("00"), at(0ns), Baud{1'000'000'000}));
    BOOST_TEST((bench.pump.deadline() == at(200ns)));
    bench.object.transmission.reset(); // it thought better of it
    bench.pump.tick(at(150ns));
    BOOST_TEST(!bench.pump.deadline());
    BOOST_TEST(bench.log.take() == "receive1 ");
}

BOOST_AUTO_TEST_CASE(one_transmission_at_a_time) {
    Bench bench;
    bench.wants();
    bench.pump.tick(at(1ns));
    bench.pump.tick(at(2ns));
    bench.pump.heard(octets(hex("00"), at(3ns)));
    BOOST_TEST(bench.log.take() == "start receive1 ", "transmit() is asked again, start() is not");
    bench.pump.sent(at(9ns));
    BOOST_TEST(bench.log.take() == "sent@9 ");
    BOOST_TEST(!bench.pump.transmitting());
    bench.wants();
    bench.pump.tick(at(10ns));
    BOOST_TEST(bench.log.take() == "start ");
}

// What the object wants once the last one has left begins at that very instant.
BOOST_AUTO_TEST_CASE(the_next_transmission_follows_at_once) {
    struct Chain : Object {
        int left = 2;
        Bytes bytes = hex("E5");
        explicit Chain(Log& to) : Object{to, {}, {}} {}
        void sent(Instant now) {
            Object::sent(now);
            if (--left > 0) {
                transmission = Transmission{.bytes = bytes};
            }
        }
    };
    Log log;
    Chain chain{log};
    FakeMedium medium{log};
    Pump<Chain> pump{chain, medium};
    chain.transmission = Transmission{.bytes = chain.bytes};
    pump.tick(at(1ns));
    pump.sent(at(5ns));
    pump.sent(at(9ns));
    BOOST_TEST(log.take() == "start sent@5 start sent@9 ");
    BOOST_TEST(!pump.transmitting());
}

BOOST_AUTO_TEST_CASE(stop_breaks_off_and_pairs_start_with_aborted) {
    Bench bench;
    bench.wants();
    bench.pump.tick(at(1ns));
    bench.pump.stop(at(2ns));
    bench.pump.stop(at(3ns));
    BOOST_TEST(bench.log.take() == "start abort aborted@2 ");
    bench.pump.stop(at(4ns));
    BOOST_TEST(bench.log.take() == "", "nothing is under way");
}

BOOST_AUTO_TEST_CASE(a_held_transmission_needs_no_abort) {
    Bench bench;
    bench.wants(at(100ns));
    bench.pump.tick(at(0ns));
    bench.pump.stop(at(1ns));
    BOOST_TEST(bench.log.take() == "");
}

BOOST_AUTO_TEST_CASE(a_restart_breaks_off_first) {
    Bench bench;
    bench.wants();
    bench.pump.tick(at(1ns));
    bench.pump.restart(at(5ns));
    BOOST_TEST(bench.log.take() == "start abort aborted@5 restart@5 ");
    BOOST_TEST(!bench.pump.transmitting());
    bench.pump.restart(at(6ns));
    BOOST_TEST(bench.log.take() == "restart@6 ");
}

BOOST_AUTO_TEST_CASE(the_deadline_is_the_earlier_one) {
    Bench bench;
    BOOST_TEST(!bench.pump.deadline());
    bench.object.due = at(70ns);
    BOOST_TEST((bench.pump.deadline() == at(70ns)));
    bench.wants(at(50ns));
    bench.pump.tick(at(0ns));
    BOOST_TEST((bench.pump.deadline() == at(50ns)));
    bench.object.due = at(40ns);
    BOOST_TEST((bench.pump.deadline() == at(40ns)));
}

BOOST_AUTO_TEST_CASE(deadlines_expire_at_their_instant_not_before) {
    Bench bench;
    bench.object.due = at(70ns);
    bench.pump.tick(at(69ns));
    BOOST_TEST(bench.log.take() == "");
    bench.pump.tick(at(70ns));
    BOOST_TEST(bench.log.take() == "expire@70 ");
}

// An octet that ends at the deadline is heard before the deadline counts.
BOOST_AUTO_TEST_CASE(octets_come_before_the_deadline) {
    Bench bench;
    const auto heard = octets(hex("E5"), at(10ns));
    bench.object.due = end_of(heard);
    bench.pump.heard(heard);
    BOOST_TEST(bench.log.take().starts_with("receive1 expire@"));
    bench.pump.heard({});
    BOOST_TEST(bench.log.take() == "", "no octets, no call");
}

BOOST_AUTO_TEST_CASE(the_rate_is_asked_after_every_verb) {
    Bench bench;
    bench.pump.tick(at(0ns));
    BOOST_TEST((bench.medium.rate == Baud{2400}));
    bench.object.rate = Baud{9600};
    bench.pump.heard(octets(hex("00"), at(0ns)));
    BOOST_TEST((bench.medium.rate == Baud{9600}));
    bench.object.rate.reset();
    bench.pump.sent(at(1ns));
    BOOST_TEST((bench.medium.rate == std::nullopt));
    bench.object.rate = Baud{300};
    bench.pump.restart(at(2ns));
    BOOST_TEST((bench.medium.rate == Baud{300}));
}

BOOST_AUTO_TEST_SUITE_END()
