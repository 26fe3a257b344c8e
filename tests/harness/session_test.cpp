// SPDX-License-Identifier: Apache-2.0
// The harness's conversation over a line that tells late: a computer with other things to do learns
// in one go that the request has left and what was answered.
#include "harness/session.hpp"
#include "tests/support/fake_line.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace meterbench;
using core::Duration;
using core::Octet;
using formats::Step;
using std::chrono::milliseconds;

namespace {

constexpr core::Baud baud{9600};

/// Where it `dawdles` a wait for the end of a transmission returns when the answer is over.
class LateLine : public tests::FakeLine {
  public:
    bool dawdles = false;
    Duration late{};

    [[nodiscard]] core::Expected<rig::Wake> wait(const rig::Wait& wait) override {
        const auto wake = FakeLine::wait(wait);
        while (dawdles && wake && wake->match == rig::Match::sent &&
               FakeLine::wait({.match = rig::Match::octet, .deadline = now() + milliseconds{50}})
                       ->match == rig::Match::octet) {
        }
        return wake;
    }
    [[nodiscard]] Duration uncertainty() const override { return late; }
};

class OneLineRig : public rig::Rig {
  public:
    LateLine port;

    [[nodiscard]] const rig::Capabilities& capabilities() const override { return offered_; }
    [[nodiscard]] const rig::Dut& dut() const override { return dut_; }
    [[nodiscard]] rig::Line& line() override { return port; }
    [[nodiscard]] std::uint8_t unused_address() const override { return 250; }

  private:
    rig::Capabilities offered_;
    rig::Dut dut_{rig::Dut::Role::meter, "hall", 5};
};

/// The answer E5, `delay` after the request.
std::function<std::vector<Octet>(const tests::FakeLine::Sent&)> acknowledges(Duration delay) {
    return [delay](const tests::FakeLine::Sent& request) {
        const tests::Bytes single{0xE5};
        return tests::octets(single, request.end + delay, baud);
    };
}

const tests::Bytes reset{0x10, 0x40, 0x05, 0x45, 0x16};

} // namespace

BOOST_AUTO_TEST_SUITE(session)

// Expectation: what began after the request's last stop bit is its answer, and comes after it in
// the record, so that monitors and judges see it so.
BOOST_AUTO_TEST_CASE(an_answer_known_with_the_end_of_its_request_is_its_answer) {
    OneLineRig rig;
    rig.port.listen(baud);
    rig.port.dawdles = true;
    rig.port.answer = acknowledges(milliseconds{20});
    std::vector<Step::Kind> kinds;
    harness::Session session{rig, [&](Step&& step) { kinds.push_back(step.kind); }};
    for (int i = 0; i < 2; ++i) {
        BOOST_REQUIRE(session.send(reset));
        const auto answer = session.receive(milliseconds{100});
        BOOST_REQUIRE((answer && *answer));
        BOOST_TEST((*answer)->valid());
    }
    BOOST_TEST(session.unasked() == 0U);
    const std::vector<Step::Kind> expected{Step::Kind::sent, Step::Kind::heard, Step::Kind::sent,
                                           Step::Kind::heard};
    BOOST_TEST((kinds == expected));
}

// Expectation: what began before that end answers nothing.
BOOST_AUTO_TEST_CASE(what_began_while_the_request_was_sent_is_no_answer) {
    OneLineRig rig;
    rig.port.listen(baud);
    rig.port.dawdles = true;
    rig.port.answer = acknowledges(milliseconds{-2});
    harness::Session session{rig, [](Step&&) {}};
    BOOST_REQUIRE(session.send(reset));
    const auto answer = session.receive(milliseconds{100});
    BOOST_REQUIRE(answer);
    BOOST_TEST(!*answer);
    BOOST_TEST(session.unasked() == 1U);
}

// A port may send later than it says, by its uncertainty: the pause before the next frame is so
// much longer, or a good receiver would not see the 33 idle bit times (MB2-LL-015).
BOOST_AUTO_TEST_CASE(the_pause_between_frames_allows_for_a_late_port) {
    for (const Duration late : {Duration{}, Duration{milliseconds{30}}}) {
        OneLineRig rig;
        rig.port.listen(baud);
        rig.port.late = late;
        harness::Session session{rig, [](Step&&) {}};
        BOOST_REQUIRE(session.send(reset));
        BOOST_REQUIRE(session.send(reset));
        const auto pause = rig.port.log[1].start - rig.port.log[0].end;
        BOOST_TEST((pause >= core::link::idle_after_error.ceil(baud) + late));
    }
}

BOOST_AUTO_TEST_SUITE_END()
