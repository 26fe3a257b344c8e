// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/profiles.hpp"
#include "formats/rig_file.hpp"
#include "harness/model/learner.hpp"
#include "harness/model/link_difference.hpp"
#include "harness/model/session_device.hpp"
#include "hil/line_rig.hpp"
#include "models/world.hpp"
#include "reports/state_diagram.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>

namespace meterbench::apps {
namespace {

namespace model = harness::model;

constexpr const char* examples = R"(Examples:
  meterbench learn --rig scenarios/wired/meter/rig.json
  meterbench learn --rig scenarios/wired/meter/rig.json --mutant link.fcb-ignored
  meterbench learn --rig rig.json --alphabet selection --max-steps 5000 --report machine
  meterbench learn --rig rig.json --alphabet nke-own --alphabet request-own-1

Asks the device under test until its link layer's state machine is known, prints it, one
transition a line, and draws DIR/machine.svg and DIR/difference.svg. What the standard's
table does not allow is marked with what was due and the requirement it breaks. The
alphabet is made of families (own, selection, data, ...; see meterbench model --help) and of single
stimuli; on a real line every step takes a reply window, so begin with a small one.
Exit status: 0 learned, and as the standard's table; 1 it differs, is not deterministic, or the
steps were used up; 2 usage; 3 the port was lost.)";

struct Options {
    std::string rig;
    std::string report = "./meterbench-learn";
    std::vector<std::string> alphabet{"own"};
    std::string reset;
    std::string mutant;
    std::string data;
    std::uint64_t seed = 1;
    model::LearnOptions learn;
};

template <class T> using Result = std::expected<T, std::string>;

Result<std::unique_ptr<rig::Rig>> open_rig(const Options& options) {
    auto file = formats::load_rig_file(options.rig);
    if (!file) {
        return std::unexpected{file.error()};
    }
    if (file->dut.role != formats::DutEntry::Role::meter ||
        file->kind == formats::RigFile::Kind::served) {
        return std::unexpected{fmt::format(
            "{}: the device under test is a master: only a meter can be learned", options.rig)};
    }
    const rig::Dut dut{.role = rig::Dut::Role::meter,
                       .name = file->dut.name,
                       .address = file->dut.address.value_or(0)};
    if (file->kind == formats::RigFile::Kind::line) {
        if (!options.mutant.empty()) {
            return std::unexpected{"--mutant: a real device has no faults to set"};
        }
        auto line = hil::LineRig::open(file->port, file->baud, file->uncertainty, dut);
        if (!line) {
            return std::unexpected{line.error()};
        }
        return std::unique_ptr<rig::Rig>{std::move(*line)};
    }
    auto world = models::World::make(file->bus, dut, options.seed,
                                     profile_loader(formats::DataPath{options.data}));
    if (!world) {
        return std::unexpected{world.error()};
    }
    std::unique_ptr<rig::Rig> made{std::move(*world)};
    if (!options.mutant.empty()) {
        const rig::Wish set =
            made->world()->set_fault(dut.name, {.name = options.mutant, .parameters = {}});
        if (!set) {
            return std::unexpected{"--mutant: " + set.error()};
        }
    }
    return made;
}

/// Families and stimuli as they are named, each stimulus once, without what the rig cannot send.
Result<std::vector<model::Stimulus>> choose_alphabet(const Options& options, const rig::Rig& rig) {
    std::vector<model::Stimulus> chosen;
    const auto add = [&](model::Stimulus stimulus) {
        const model::StimulusRow& row = model::row_of(stimulus);
        if (row.needs && !rig.capabilities().has(*row.needs)) {
            fmt::print(stderr, "{} is left out: the rig cannot send it\n", row.name);
        } else if (std::ranges::count(chosen, stimulus) == 0) {
            chosen.push_back(stimulus);
        }
    };
    for (const std::string& word : options.alphabet) {
        if (word == "all") {
            std::ranges::for_each(model::whole_alphabet(), add);
        } else if (const auto family = model::family_of(word)) {
            std::ranges::for_each(model::alphabet_of(*family), add);
        } else if (const auto stimulus = model::stimulus_of(word)) {
            add(*stimulus);
        } else {
            return std::unexpected{
                fmt::format("--alphabet {}: no family and no stimulus has this name", word)};
        }
    }
    if (chosen.empty()) {
        return std::unexpected{std::string{"--alphabet: nothing is left that the rig can send"}};
    }
    return chosen;
}

std::string draw(const model::Learned& learned, const std::vector<model::Stimulus>& alphabet,
                 const std::vector<model::LinkDifference>& differences, const std::string& title,
                 const std::string& subtitle) {
    reports::StateDiagram diagram{.title = title,
                                  .subtitle = subtitle,
                                  .states = learned.machine.states(),
                                  .transitions = {}};
    for (model::State state = 0; state < learned.machine.states(); ++state) {
        for (const model::Input input : model::each_input(alphabet.size())) {
            const model::Transition& step = learned.machine.at(state, input);
            if (!step.defined()) {
                continue;
            }
            const auto found = std::ranges::find_if(
                differences, [&](const auto& d) { return d.state == state && d.input == input; });
            const bool differs = found != differences.end();
            diagram.transitions.push_back(
                {.from = state,
                 .to = step.next,
                 .input = std::string{model::row_of(alphabet[input]).name},
                 .output = model::text_of(step.allowed),
                 .differs = differs,
                 .note =
                     differs ? model::text_of(found->allowed) + ", " + found->requirement : ""});
        }
    }
    return reports::draw_state_diagram(diagram);
}

Result<void> write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file{path, std::ios::binary};
    file << text;
    file.close();
    if (!file) {
        return std::unexpected{fmt::format("{}: cannot be written", path.string())};
    }
    return {};
}

std::string names(const model::Word& word, const std::vector<model::Stimulus>& alphabet) {
    std::string text;
    for (const model::Input input : word) {
        text += fmt::format("{}{}", text.empty() ? "" : ", ", model::row_of(alphabet[input]).name);
    }
    return text;
}

int tell_why(const model::NotLearned& not_learned, const std::vector<model::Stimulus>& alphabet) {
    using Why = model::NotLearned::Why;
    if (not_learned.why == Why::lost) {
        fmt::print(stderr, "meterbench learn: {}\n", core::meaning_of(not_learned.fault.code));
        return exit_status::error;
    }
    if (not_learned.why == Why::noisy) {
        fmt::print("not learned: {} words came out in two ways, the last of them: {}. Either the "
                   "line is noisy, or the reset does not reset the device (try --reset power)\n",
                   not_learned.effort.noise, names(not_learned.word, alphabet));
        return exit_status::failure;
    }
    std::vector<std::string> outcomes;
    for (const model::OutputSet output : not_learned.outcomes) {
        outcomes.push_back(model::text_of(output));
    }
    fmt::print("not deterministic: {}: repeated after the same reset, its last answer was {}. "
               "Either the device is not, or the reset does not reset it (try --reset power)\n",
               names(not_learned.word, alphabet), fmt::join(outcomes, ", "));
    return exit_status::failure;
}

void print_differences(const std::vector<model::LinkDifference>& differences,
                       const std::vector<model::Stimulus>& alphabet) {
    for (const model::LinkDifference& d : differences) {
        fmt::print("differs: after {}: {}, due: {} ({})\n", names(d.word, alphabet),
                   model::text_of(d.is), model::text_of(d.allowed), d.requirement);
    }
}

Result<int> report(const Options& options, const model::Learned& learned,
                   const std::vector<model::Stimulus>& alphabet, const model::LinkClaims& claims,
                   const std::string& device) {
    const model::LinkModel standard{alphabet, claims, model::Reading::standard};
    const auto differences = model::differences(learned.machine, standard);
    fmt::print("{}", model::machine_text(learned.machine, alphabet, differences));
    print_differences(differences, alphabet);
    const std::string effort = fmt::format(
        "{} states, {} words, {} steps{}", learned.machine.states(), learned.effort.words,
        learned.effort.steps,
        learned.effort.noise != 0 ? fmt::format(", {} disturbed", learned.effort.noise) : "");
    std::error_code error;
    std::filesystem::create_directories(options.report, error);
    const std::filesystem::path folder{options.report};
    Result<void> done = write(folder / "machine.svg",
                              draw(learned, alphabet, {}, "Link layer of " + device, effort));
    if (done) {
        done = write(folder / "difference.svg",
                     draw(learned, alphabet, differences,
                          "Link layer of " + device + " against the standard's table",
                          fmt::format("{}; {} transitions differ", effort, differences.size())));
    }
    if (!done) {
        return std::unexpected{done.error()};
    }
    const bool good = learned.complete && differences.empty();
    fmt::print("{}: {}; {}\n", device, effort,
               !learned.complete ? "the steps were used up: this is what is known so far"
               : good            ? "as the standard's table allows"
                                 : fmt::format("{} transitions differ", differences.size()));
    fmt::print(stderr, "drawn: {0}/machine.svg, {0}/difference.svg\n", options.report);
    return good ? exit_status::success : exit_status::failure;
}

Result<int> learn(const Options& options) {
    auto rig = open_rig(options);
    if (!rig) {
        return std::unexpected{rig.error()};
    }
    const auto alphabet = choose_alphabet(options, **rig);
    if (!alphabet) {
        return std::unexpected{alphabet.error()};
    }
    const bool has_power = (*rig)->power() != nullptr;
    if (options.reset == "power" && !has_power) {
        return std::unexpected{std::string{"--reset power: the rig does not switch the power"}};
    }
    const bool by_power = options.reset.empty() ? has_power : options.reset == "power";
    model::SessionDevice device{**rig, by_power ? model::ResetWay::power : model::ResetWay::link};
    if (const auto trouble = device.prepare()) {
        fmt::print("{}\n", *trouble);
        return exit_status::failure;
    }
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    const auto outcome =
        model::learn(device, *alphabet, options.learn, [&](const model::LearnProgress& effort) {
            if (terminal) {
                fmt::print(stderr, "\r{} states, {} words, {} of {} steps{}\033[K", effort.states,
                           effort.words, effort.steps, options.learn.max_steps,
                           effort.searching ? ", looking for more" : "");
            }
        });
    if (terminal) {
        fmt::print(stderr, "\n");
    }
    if (const auto* const not_learned = std::get_if<model::NotLearned>(&outcome)) {
        return tell_why(*not_learned, *alphabet);
    }
    const rig::Dut& dut = (*rig)->dut();
    const std::string name =
        fmt::format("{}{}meter {}", dut.name, dut.name.empty() ? "" : ", ", dut.address) +
        (options.mutant.empty() ? "" : ", " + options.mutant);
    return report(options, std::get<model::Learned>(outcome), *alphabet,
                  {.telegrams = device.telegrams(), .more = device.more()}, name);
}

} // namespace

void add_learn(CLI::App& app, int& status) {
    const auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand(
        "learn", "Learn the state machine of a meter's link layer, and what differs in it");
    command->footer(examples);
    command->add_option("--rig", options->rig, "Rig file, simulated or line")->required();
    command->add_option("--report", options->report, "Folder of the drawings")
        ->capture_default_str();
    command->add_option("--alphabet", options->alphabet, "Family, stimulus or all; may be repeated")
        ->capture_default_str();
    command
        ->add_option("--reset", options->reset,
                     "power, or link; without it power where the rig switches it")
        ->check(CLI::IsMember({"link", "power"}));
    command->add_option("--mutant", options->mutant,
                        "Set this fault on a simulated device (see meterbench faults)");
    command->add_option("--max-steps", options->learn.max_steps, "Stimuli that may be sent")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command
        ->add_option("--extra-states", options->learn.extra_states,
                     "States that the device may have beyond those found")
        ->check(CLI::Range(0U, 2U))
        ->capture_default_str();
    command
        ->add_option("--random-words", options->learn.random_words,
                     "Random words that are tried at the end, for what is hidden deeper")
        ->check(CLI::Range(0U, 100'000U))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Root of all random streams")
        ->capture_default_str();
    command->add_option("--data", options->data, "Folder with scenarios, profiles, catalogue");
    command->callback([options, &status] {
        const auto done = learn(*options);
        if (!done) {
            fmt::print(stderr, "meterbench learn: {}\n", done.error());
        }
        status = done.value_or(exit_status::usage);
    });
}

} // namespace meterbench::apps
