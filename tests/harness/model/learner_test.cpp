// SPDX-License-Identifier: Apache-2.0
// The learner: machines of the textbooks, the reference meter, mutants of it; noise, devices that
// are not deterministic, and bounded effort.
#include "core/link/secondary_table.hpp"
#include "harness/model/learner.hpp"
#include "harness/model/link_difference.hpp"
#include "harness/model/link_model.hpp"
#include "harness/model/station_device.hpp"
#include "tests/harness/model/textbook.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <random>
#include <utility>

using namespace meterbench;
using namespace meterbench::harness::model;
using namespace meterbench::tests::model;

namespace {

const auto nobody_watches = [](const LearnProgress&) {};

/// Stands in for the inputs of a textbook machine.
std::vector<Stimulus> alphabet_of_size(std::size_t inputs) {
    const auto all = whole_alphabet();
    return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(inputs)};
}

/// A device that is a machine; `disturb` may change an output, and is told which step it is.
class MachineDevice : public LinkDevice {
  public:
    using Disturb = std::function<OutputSet(OutputSet, std::size_t)>;
    explicit MachineDevice(
        Mealy machine, Disturb disturb = [](OutputSet o, std::size_t) { return o; })
        : machine_{std::move(machine)}, disturb_{std::move(disturb)} {}
    core::Expected<void> reset() override {
        state_ = 0;
        return {};
    }
    core::Expected<OutputSet> step(Stimulus stimulus) override {
        const Transition& taken = machine_.at(state_, static_cast<Input>(stimulus));
        state_ = taken.next;
        return disturb_(taken.allowed, ++steps_);
    }

  private:
    Mealy machine_;
    Disturb disturb_;
    State state_ = 0;
    std::size_t steps_ = 0;
};

const Learned& expect_learned(const std::variant<Learned, NotLearned>& outcome) {
    BOOST_REQUIRE(std::holds_alternative<Learned>(outcome));
    const auto& learned = std::get<Learned>(outcome);
    BOOST_REQUIRE(learned.complete);
    return learned;
}

std::vector<core::link::SecondaryRow> edited_table(core::link::SecondaryEvent event,
                                                   core::link::SecondaryGuard guard,
                                                   core::link::SecondaryAction action) {
    const auto table = core::link::secondary_table();
    std::vector<core::link::SecondaryRow> rows{table.begin(), table.end()};
    for (auto& row : rows) {
        if (row.event == event && row.guard == guard) {
            row.action = action;
        }
    }
    return rows;
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_learner)

// Every 53rd of the 46656 machines with three states, two inputs and two outputs.
BOOST_AUTO_TEST_CASE(small_machines_are_learned_exactly) {
    std::size_t count = 0;
    std::size_t learned = 0;
    const LearnOptions options{.extra_states = 2};
    all_machines(3, 2, [&](const Mealy& machine) {
        if (++count % 53 != 0) {
            return;
        }
        MachineDevice device{machine};
        const auto outcome = learn(device, alphabet_of_size(2), options, nobody_watches);
        if (expect_learned(outcome).machine != minimised(machine)) {
            BOOST_FAIL("machine " << count << " was learned wrongly");
        }
        ++learned;
    });
    BOOST_TEST(learned == 880U);
}

// Purpose: the reference meter comes out as the table's reference, state by state.
BOOST_DATA_TEST_CASE(the_reference_meter_is_learned_exactly, // NOLINT
                     boost::unit_test::data::make({0, 1, 2}), which) {
    const std::vector<Stimulus> alphabet = alphabet_of(std::array{
        Family::own, Family::selection, Family::ignored}[static_cast<std::size_t>(which)]);
    StationDevice device{reference_meter(3), 5};
    const auto outcome = learn(device, alphabet, {}, nobody_watches);
    const Learned& learned = expect_learned(outcome);
    const LinkModel reference{alphabet, {.telegrams = 3}, Reading::reference};
    BOOST_TEST((learned.machine == minimised(reference.machine())));
    const LinkModel standard{alphabet, {.telegrams = 3}, Reading::standard};
    BOOST_TEST(differences(learned.machine, standard).empty());
}

// A meter that sends the next telegram when the frame count bit is repeated: the machine shows it,
// and the differences name the requirement and nothing else.
BOOST_AUTO_TEST_CASE(a_mutant_shows_its_difference) {
    const auto table = edited_table(core::link::SecondaryEvent::request2_own,
                                    core::link::SecondaryGuard::fcb_repeated,
                                    core::link::SecondaryAction::send_next);
    const std::vector<Stimulus> alphabet = alphabet_of(Family::own);
    StationDevice device{reference_meter(3), 5, table};
    const auto outcome = learn(device, alphabet, {}, nobody_watches);
    const LinkModel standard{alphabet, {.telegrams = 3}, Reading::standard};
    const auto found = differences(expect_learned(outcome).machine, standard);
    BOOST_TEST(!found.empty());
    for (const LinkDifference& difference : found) {
        BOOST_TEST(difference.requirement == "MB2-LL-038");
        BOOST_TEST((difference.is & any_telegram) != 0U);
    }
    const std::string text = machine_text(expect_learned(outcome).machine, alphabet, found);
    BOOST_TEST(text.find("due: telegram 1 (MB2-LL-038)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_disturbed_answer_is_noise) {
    for (const std::size_t when : {3U, 20U, 40U, 100U}) {
        MachineDevice device{counter(), [when](OutputSet output, std::size_t step) {
                                 return step == when ? anything_else : output;
                             }};
        const auto outcome =
            learn(device, alphabet_of_size(2), {.extra_states = 2}, nobody_watches);
        BOOST_TEST((expect_learned(outcome).machine == minimised(counter())));
    }
}

// A port that now and then loses an answer, also of the words that are asked again.
BOOST_AUTO_TEST_CASE(answers_disturbed_now_and_then_are_noise) {
    for (const unsigned seed : {1U, 2U, 3U, 4U, 5U}) {
        std::mt19937 random{seed};
        MachineDevice device{counter(), [&random](OutputSet output, std::size_t) {
                                 return random() % 200 == 0 ? anything_else : output;
                             }};
        const auto outcome =
            learn(device, alphabet_of_size(2), {.extra_states = 2}, nobody_watches);
        BOOST_TEST((expect_learned(outcome).machine == minimised(counter())));
    }
}

BOOST_AUTO_TEST_CASE(a_device_that_cannot_decide_is_reported_with_its_word) {
    MachineDevice device{toggle(), [](OutputSet output, std::size_t step) {
                             return step % 7 == 0 ? anything_else : output;
                         }};
    const auto outcome = learn(device, alphabet_of_size(2), {}, nobody_watches);
    BOOST_REQUIRE(std::holds_alternative<NotLearned>(outcome));
    const auto& why = std::get<NotLearned>(outcome);
    BOOST_TEST((why.why != NotLearned::Why::lost));
    BOOST_TEST(!why.word.empty());
}

BOOST_AUTO_TEST_CASE(the_effort_is_bounded_and_told) {
    StationDevice device{reference_meter(3), 5};
    std::size_t told = 0;
    const auto outcome = learn(device, alphabet_of(Family::selection), {.max_steps = 500},
                               [&](const LearnProgress& effort) { told = effort.steps; });
    BOOST_REQUIRE(std::holds_alternative<Learned>(outcome));
    BOOST_TEST(!std::get<Learned>(outcome).complete);
    BOOST_TEST(told <= 500U);
    BOOST_TEST(told > 400U);
}

BOOST_AUTO_TEST_SUITE_END()
