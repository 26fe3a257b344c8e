// SPDX-License-Identifier: Apache-2.0
// Purpose: simulated time: tasks run at their instant, in the order agreed on, and pause() stops
// it.
#include "sim/host.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>

BOOST_AUTO_TEST_SUITE(host)

using namespace meterbench::core;
using namespace meterbench::sim;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::forked;

namespace {

/// Writes what it is run with, and then does what the test wants.
struct Note : Task {
    std::string& text;
    std::function<void(Instant, std::uint64_t)> then;
    explicit Note(std::string& to) : text{to} {}
    void run(Instant now, std::uint32_t kind, std::uint64_t token) override {
        text += std::to_string(now.time_since_epoch().count()) + ":" + std::to_string(kind) + "." +
                std::to_string(token) + " ";
        if (then) {
            then(now, token);
        }
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(tasks_run_by_instant_then_order_then_queue) {
    const auto result = forked([](std::string& text) {
        Host simulation;
        Note note{text};
        simulation.at(at(20ns), 1, note, 0, 1);
        simulation.at(at(10ns), 9, note, 0, 2);
        simulation.at(at(10ns), 3, note, 0, 3);
        simulation.at(at(10ns), 3, note, 7, 4);
        simulation.at(at(20ns), 0, note, 0, 5);
        text += std::to_string(simulation.next_due().time_since_epoch().count()) + " | ";
        const Instant stopped = simulation.run_until(at(15ns));
        text += "| " + std::to_string(stopped.time_since_epoch().count()) + " ";
        simulation.run_until(at(100ns));
        text += simulation.next_due() == Instant::max() ? "none" : "some";
    });
    BOOST_TEST(result.ended);
    BOOST_TEST(result.text == "10 | 10:0.3 10:7.4 10:0.2 | 15 20:0.5 20:0.1 none");
}

// What is due at the deadline has run when run_until() returns.
BOOST_AUTO_TEST_CASE(the_deadline_is_included) {
    const auto result = forked([](std::string& text) {
        Host simulation;
        Note note{text};
        simulation.at(at(10ns), 0, note, 0, 1);
        simulation.at(at(11ns), 0, note, 0, 2);
        simulation.run_until(at(10ns));
        text += "| ";
        simulation.run_until(at(10ns));
        text += "| ";
        simulation.run_until(at(11ns));
    });
    BOOST_TEST(result.ended);
    BOOST_TEST(result.text == "10:0.1 | | 11:0.2 ");
}

BOOST_AUTO_TEST_CASE(tasks_queue_tasks) {
    const auto result = forked([](std::string& text) {
        Host simulation;
        Note note{text};
        note.then = [&](Instant now, std::uint64_t token) {
            if (token == 1) {
                simulation.at(now, 0, note, 0, 2);       // now, after what is due
                simulation.at(now - 5ns, 0, note, 0, 3); // passed: now
                simulation.at(now + 5ns, 0, note, 0, 4);
            }
        };
        simulation.at(at(10ns), 1, note, 0, 1);
        simulation.at(at(10ns), 2, note, 0, 5);
        simulation.run_until(at(1us));
    });
    BOOST_TEST(result.ended);
    BOOST_TEST(result.text == "10:0.1 10:0.2 10:0.3 10:0.5 15:0.4 ");
}

BOOST_AUTO_TEST_CASE(an_earlier_task_overtakes) {
    const auto result = forked([](std::string& text) {
        Host simulation;
        Note note{text};
        simulation.at(at(100ns), 0, note, 0, 1);
        simulation.run_until(at(10ns));
        simulation.at(at(50ns), 0, note, 0, 2);
        simulation.run_until(at(200ns));
    });
    BOOST_TEST(result.ended);
    BOOST_TEST(result.text == "50:0.2 100:0.1 ");
}

BOOST_AUTO_TEST_CASE(pause_stops_at_the_instant_and_time_goes_on_from_there) {
    const auto result = forked([](std::string& text) {
        Host simulation;
        Note note{text};
        note.then = [&](Instant, std::uint64_t token) {
            if (token == 1) {
                simulation.pause();
            }
        };
        simulation.at(at(10ns), 0, note, 0, 1);
        simulation.at(at(10ns), 1, note, 0, 2);
        simulation.at(at(11ns), 0, note, 0, 3);
        const Instant stopped = simulation.run_until(at(1ms));
        text += "| " + std::to_string(stopped.time_since_epoch().count()) + " ";
        simulation.run_until(at(1ms));
        text += std::to_string(simulation.now().time_since_epoch().count());
    });
    BOOST_TEST(result.ended);
    BOOST_TEST(result.text == "10:0.1 10:0.2 | 10 11:0.3 1000000");
}

BOOST_AUTO_TEST_CASE(time_reaches_years_without_error) {
    const auto result = forked([](std::string& text) {
        Host simulation;
        Note note{text};
        simulation.at(at(24h * 365 * 30 + 1ns), 0, note, 0, 1);
        simulation.run_until(at(24h * 365 * 31));
    });
    BOOST_TEST(result.ended);
    BOOST_TEST(result.text == "946080000000000001:0.1 ");
}

BOOST_AUTO_TEST_SUITE_END()
