// SPDX-License-Identifier: Apache-2.0
// Purpose: the wired bus in simulated time: when characters begin and end, what each listener
// hears, alone, together, at another rate, broken off (EN 13757-2; MB2-PH-027, -036, MB2-LL-014,
// -069).
#include "sim/bus.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(bus)

using namespace meterbench::core;
using namespace meterbench::sim;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::forked;
using meterbench::tests::hex;
using Kind = CharacterException::Kind;

namespace {

/// A device that writes down what it hears, and sends what it is told when it is told.
struct Station : Participant {
    std::string name_text;
    std::string log;
    BusPort* port = nullptr;
    Bytes bytes;
    std::vector<CharacterException> exceptions;
    Transmission transmission{};
    bool aborts = false;
    std::string* common = nullptr; ///< what happens to all, in order
    std::function<void(const Octet&)> on_octet;

    explicit Station(std::string text) : name_text{std::move(text)} {}
    [[nodiscard]] std::string_view name() const override { return name_text; }
    void heard(std::span<const Octet> octets) override {
        for (const Octet& octet : octets) {
            note(octet);
            if (on_octet) {
                on_octet(octet);
            }
        }
    }
    void note(const Octet& octet) {
        std::string value;
        const std::uint8_t one[]{octet.value};
        bytes::append_hex(value, one);
        static constexpr std::pair<OctetErrors, char> letters[]{{OctetErrors::parity, 'p'},
                                                                {OctetErrors::framing, 'f'},
                                                                {OctetErrors::break_, 'b'},
                                                                {OctetErrors::collision, 'c'}};
        for (const auto& [error, letter] : letters) {
            value += has(octet.errors, error) ? std::string{letter} : "";
        }
        tell(value);
        log += value + "@" + std::to_string(octet.start.time_since_epoch().count()) + "-" +
               std::to_string(octet.end.time_since_epoch().count()) + " ";
    }
    void tell(const std::string& what) const {
        if (common != nullptr) {
            *common += name_text + " " + what + ", ";
        }
    }
    void sent(Instant now) override {
        tell("sent");
        log += "sent@" + std::to_string(now.time_since_epoch().count()) + " ";
    }
    void wake(Instant) override {
        if (aborts) {
            return port->abort();
        }
        tell("wakes");
        transmission.bytes = bytes;
        transmission.exceptions = exceptions;
        port->start(transmission);
    }
    void send(std::string_view text, Instant when, Baud baud = {}) {
        bytes = hex(text);
        transmission.baud = baud;
        port->wake_at(when);
    }
};

/// A bus with a master and some meters.
struct World {
    Host host;
    Bus wire{host};
    Station master{"master"};
    std::vector<std::unique_ptr<Station>> meters;

    World() { master.port = &wire.connect(master, Bus::Side::master); }
    Station& meter(const std::string& name) {
        meters.push_back(std::make_unique<Station>(name));
        meters.back()->port = &wire.connect(*meters.back(), Bus::Side::meter);
        return *meters.back();
    }
    void run() { host.run_until(host.now() + 10s); }
};

/// Runs `setup(World&, text)` in a child; `setup` lets time run itself.
template <class Setup> std::string simulate(Setup setup) {
    const auto result = forked([&](std::string& text) {
        World world;
        setup(world, text);
    });
    BOOST_TEST(result.ended, "the simulation crashed");
    return result.text;
}

} // namespace

// 4.583 ms a character at 2400 Bd, every edge counted from the frame's start: the third character
// ends at exactly 33 bit times, 13.75 ms.
BOOST_AUTO_TEST_CASE(characters_keep_their_time) {
    const std::string log = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        world.master.send("10 40 01", at(1ms));
        world.run();
        text = a.log + "| " + world.master.log;
    });
    BOOST_TEST(log ==
               "10@1000000-5583333 40@5583333-10166666 01@10166666-14750000 | sent@14750000 ");
}

BOOST_AUTO_TEST_CASE(a_long_frame_does_not_drift) {
    const std::string log = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        world.master.bytes = Bytes(261, 0x55);
        world.master.transmission.baud = Baud{9600};
        a.port->listen(Baud{9600});
        world.master.port->wake_at(at(0ms));
        world.run();
        text = a.log.substr(a.log.find_last_of(' ', a.log.size() - 2)) + world.master.log;
    });
    // 260 * 11 and 261 * 11 bits of 1/9600 s.
    BOOST_TEST(log == " 55@297916666-299062500 sent@299062500 ");
}

BOOST_AUTO_TEST_CASE(a_frame_reaches_the_other_side_only) {
    const std::string log = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        Station& b = world.meter("b");
        world.master.send("E5", at(0ms));
        world.run();
        text = a.log + "| " + b.log + "| " + world.master.log + "| ";
        a.log.clear();
        b.log.clear();
        world.master.log.clear();
        a.send("E5", at(10s));
        world.run();
        text += a.log + "| " + b.log + "| " + world.master.log;
    });
    BOOST_TEST(log == "E5@0-4583333 | E5@0-4583333 | sent@4583333 | sent@10004583333 | | "
                      "E5@10000000000-10004583333 ");
}

// MB2-LL-014: a gap between characters where one is asked for; from the start, not added up.
BOOST_AUTO_TEST_CASE(gaps_and_stop_bits) {
    const std::string gap = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        world.master.transmission.gap = BitTime{1, 3};
        world.master.send("01 02 03 04", at(0ms));
        world.run();
        text = a.log + world.master.log;
    });
    // Starts at 0, 34/3, 68/3 and 34 bit times.
    BOOST_TEST(gap == "01@0-4583333 02@4722222-9305555 03@9444444-14027777 04@14166666-18750000 "
                      "sent@18750000 ");
    const std::string stops = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        world.master.transmission.stop_bits = 2;
        world.master.send("01 02", at(0ms));
        world.run();
        text = a.log + world.master.log;
    });
    BOOST_TEST(stops == "01@0-4583333 02@5000000-9583333 sent@10000000 ", "12 bits a character");
}

BOOST_AUTO_TEST_CASE(exceptions_are_heard_as_such) {
    const std::string log = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        world.master.exceptions = {{.index = 1, .kind = Kind::parity},
                                   {.index = 2, .kind = Kind::framing},
                                   {.index = 3, .kind = Kind::break_},
                                   {.index = 4, .kind = Kind::none, .gap_before = BitTime{33}}};
        world.master.send("10 11 12 13 14", at(0ms));
        world.run();
        text = a.log;
    });
    BOOST_TEST(log == "10@0-4583333 11p@4583333-9166666 12f@9166666-13750000 "
                      "00fb@13750000-18333333 14@32083333-36666666 ");
}

// MB2-LL-069: E5h of two meters, aligned, is a clean E5h; four of them are more than 50 mA.
BOOST_AUTO_TEST_CASE(aligned_acknowledges_look_like_one) {
    for (const int senders : {2, 3, 4}) {
        const std::string log = simulate([&](World& world, std::string& text) {
            for (int i = 0; i < senders; ++i) {
                world.meter("m" + std::to_string(i)).send("E5", at(1ms));
            }
            world.run();
            text = world.master.log;
        });
        BOOST_TEST(log == (senders < 4 ? "E5@1000000-5583333 " : "E5c@1000000-5583333 "));
    }
}

// Any space wins: the AND of the bytes, with the parity that comes of it.
BOOST_AUTO_TEST_CASE(aligned_characters_are_a_wired_and) {
    const std::string log = simulate([](World& world, std::string& text) {
        world.meter("a").send("F0 01", at(0ms));
        world.meter("b").send("CC 03", at(0ms));
        world.run();
        text = world.master.log;
    });
    // F0 & CC = C0, all three with even ones: clean. 01 (parity 1) & 03 (parity 0): 01 with 0.
    BOOST_TEST(log == "C0@0-4583333 01p@4583333-9166666 ");
}

// Half a character apart: what comes out carries errors.
BOOST_AUTO_TEST_CASE(misaligned_acknowledges_are_garbled) {
    int garbled = 0;
    for (int bit = 1; bit <= 10; ++bit) {
        const std::string log = simulate([&](World& world, std::string& text) {
            world.meter("a").send("E5", at(0ms));
            world.meter("b").send("E5", at(bit_edge(Baud{}, bit)));
            world.run();
            text = world.master.log;
        });
        BOOST_TEST(log != "E5@0-4583333 ", "two apart by " << bit << " are not one");
        garbled += log.find_first_of("pf") != std::string::npos ? 1 : 0;
    }
    BOOST_TEST(garbled >= 7);
}

BOOST_AUTO_TEST_CASE(after_a_collision_the_bus_hears_clearly_again) {
    const std::string log = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        a.send("E5 00", at(0ms));
        world.meter("b").send("A5 FF", at(1ms));
        world.run();
        world.master.log.clear();
        a.send("68 04 04 68", at(10s));
        world.run();
        text = world.master.log;
    });
    BOOST_TEST(log == "68@10000000000-10004583333 04@10004583333-10009166666 "
                      "04@10009166666-10013750000 68@10013750000-10018333333 ");
}

// A listener at another rate hears what a UART makes of the wave; the others are none the worse for
// it.
BOOST_AUTO_TEST_CASE(a_listener_at_another_rate) {
    const std::string log = simulate([](World& world, std::string& text) {
        Station& slow = world.meter("slow");
        Station& fast = world.meter("fast");
        Station& right = world.meter("right");
        Station& any = world.meter("any");
        slow.port->listen(Baud{1200});
        fast.port->listen(Baud{4800});
        any.port->listen(std::nullopt);
        world.master.send("00 00", at(0ms));
        world.run();
        text = right.log + "| " + any.log + "| " + slow.log + "| " + fast.log;
    });
    const std::string own = "00@0-4583333 00@4583333-9166666 ";
    // At 1200 Bd its samples fall on spaces of both characters, the stop bit on that of the second.
    // At 4800 Bd eleven bits of half the length are all space.
    BOOST_TEST(log == own + "| " + own + "| 00@0-9166666 | 00fb@0-2291666 00fb@4583333-6874999 ");
}

// Broken off in the middle: the receiver makes sense of the rest of the wave as marks.
// Purpose: a meter that changes its rate at the end of a broadcast (CI B8h to BFh, MB2-LL-059) does
// not keep the sender from its end. Steps: it listens at another rate as soon as it has the last
// octet, and as soon as it has the first. Expectation: the sender is done when its frame is.
BOOST_AUTO_TEST_CASE(a_listener_that_changes_its_rate) {
    for (const char* const octet : {"16", "10"}) {
        const std::string seen = simulate([octet](World& world, std::string& text) {
            Station& meter = world.meter("meter");
            meter.port->listen(Baud{2400});
            meter.on_octet = [&meter, value = hex(octet)[0]](const Octet& heard) {
                if (heard.value == value) {
                    meter.port->listen(Baud{300});
                }
            };
            world.master.send("10 40 05 45 16", at(0ms));
            world.run();
            text = world.master.log;
        });
        BOOST_TEST(seen == "sent@22916666 ", octet);
    }
}

BOOST_AUTO_TEST_CASE(an_abort_in_mid_character) {
    struct Breaker : Station {
        using Station::Station;
        void wake(Instant now) override {
            if (bytes.empty()) {
                return port->abort();
            }
            Station::wake(now);
            sent_bytes = std::move(bytes);
            bytes.clear();
            transmission.bytes = sent_bytes;
            port->wake_at(now + bit_edge(Baud{}, 16)); // in the fifth bit of the second character
        }
        Bytes sent_bytes;
    };
    const std::string log = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        Breaker breaker{"breaker"};
        breaker.port = &world.wire.connect(breaker, Bus::Side::master);
        breaker.send("E5 00 11", at(0ms));
        world.run();
        text = a.log + "| " + breaker.log;
        a.log.clear();
        breaker.send("E5", at(10s));
        world.run();
        text += "| " + a.log;
    });
    // Start and four data bits of 00h left; the others are marks: F0h, parity 1 where 0 is due.
    BOOST_TEST(log == "E5@0-4583333 F0p@4583333-9166666 | | E5@10000000000-10004583333 ");
}

BOOST_AUTO_TEST_CASE(an_abort_between_characters_leaves_no_trace) {
    const std::string log = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        a.on_octet = [&](const Octet&) { world.master.port->abort(); };
        world.master.send("E5 00 11", at(0ms));
        world.run();
        world.master.port->abort(); // nothing is under way
        text = a.log + "| " + world.master.log;
    });
    BOOST_TEST(log == "E5@0-4583333 | ");
}

BOOST_AUTO_TEST_CASE(wake_at_replaces_the_instant_before) {
    const std::string log = simulate([](World& world, std::string& text) {
        Station& a = world.meter("a");
        a.bytes = hex("E5");
        a.port->wake_at(at(5ms));
        a.port->wake_at(at(9ms));
        world.run();
        a.port->wake_at(at(11s));
        a.port->wake_at(std::nullopt);
        world.run();
        text = world.master.log;
    });
    BOOST_TEST(log == "E5@9000000-13583333 ");
}

BOOST_AUTO_TEST_CASE(a_disturbance_changes_what_all_hear) {
    struct Flip : Disturbance {
        void disturb(Character& character, bool) override {
            character.bits = static_cast<std::uint16_t>(character.bits ^ 0b10U);
        }
    };
    const std::string log = simulate([](World& world, std::string& text) {
        Flip flip;
        Station& a = world.meter("a");
        world.wire.set_disturbance(&flip);
        world.master.send("E5", at(0ms));
        world.run();
        world.wire.set_disturbance(nullptr);
        world.master.send("E5", at(10s));
        world.run();
        text = a.log;
    });
    BOOST_TEST(log == "E4p@0-4583333 E5@10000000000-10004583333 ");
}

// Same bus, devices connected in another order: the same log to the letter, collisions included,
// and all that happens at one instant in the same order.
BOOST_AUTO_TEST_CASE(the_order_of_connection_makes_no_difference) {
    std::vector<std::string> names{"alpha", "beta", "gamma", "delta"};
    const auto scene = [&](World& world, std::string& text) {
        std::string common;
        for (const std::string& name : names) {
            Station& meter = world.meter(name);
            meter.common = &common;
            // The first to hear breaks the second's character by its own, at the same instant.
            meter.on_octet = [&meter](const Octet& octet) {
                if (octet.value == 0x16) {
                    meter.send(meter.name_text == "beta" ? "F0 0F" : "3C A5", octet.end + 3ms);
                }
            };
            if (name == "gamma") {
                meter.port->listen(Baud{1200});
            }
        }
        world.master.send("10 40 FE 3E 16", at(0ms));
        world.run();
        std::ranges::sort(world.meters, {}, [](const auto& meter) { return meter->name_text; });
        text = world.master.log;
        for (const auto& meter : world.meters) {
            text += "| " + meter->name_text + ": " + meter->log;
        }
        text += "| " + common;
    };
    std::ranges::sort(names);
    const std::string first = simulate(scene);
    BOOST_TEST(first.find("sent@") != std::string::npos);
    for (int other = 0; other < 5; ++other) {
        std::ranges::next_permutation(names);
        BOOST_TEST(simulate(scene) == first);
    }
}

// Property: two meters at any distance; the master hears what sampling of the sum gives. The
// reference looks at the wire 20 times a bit, without the code under test.
BOOST_AUTO_TEST_CASE(overlap_is_what_a_sampler_hears) {
    constexpr std::int64_t bit = 416'666;
    const auto level = [](std::int64_t since, std::uint8_t value) { // of one E5-like character
        if (since < 0 || since >= bit_edge(Baud{}, 11).count()) {
            return true;
        }
        std::int64_t n = 0;
        while (bit_edge(Baud{}, n + 1).count() <= since) {
            ++n;
        }
        return ((character_pattern(value, Kind::none, 1) >> n) & 1U) != 0;
    };
    for (std::int64_t shift = 0; shift < 11 * bit; shift += bit / 3 + 1) {
        const std::string log = simulate([&](World& world, std::string& text) {
            world.meter("a").send("E5", at(0ms));
            world.meter("b").send("99", at(Duration{shift}));
            world.run();
            text = world.master.log;
        });
        std::uint8_t value = 0;
        for (int n = 0; n < 8; ++n) {
            const std::int64_t when = BitTime{2 * n + 3, 2}.floor(Baud{}).count();
            if (level(when, 0xE5) && level(when - shift, 0x99)) {
                value = static_cast<std::uint8_t>(value | 1U << n);
            }
        }
        std::string expected;
        const std::uint8_t one[]{value};
        bytes::append_hex(expected, one);
        BOOST_TEST(log.substr(0, 2) == expected, "shifted by " << shift << ": " << log);
    }
}

BOOST_AUTO_TEST_SUITE_END()
