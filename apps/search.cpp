// SPDX-License-Identifier: Apache-2.0
#include "core/master/search.hpp"

#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/master.hpp"
#include "formats/search_file.hpp"

#include <filesystem>

namespace meterbench::apps {
namespace {

using core::master::Search;
using core::master::SearchState;

struct Options {
    MasterOptions master;
    std::string mask = "FFFFFFFFFFFFFFFF";
    std::string state;
    bool hex = false;
    int confirm = 0;
    bool no_proof = false;
};

constexpr const char* examples = R"(Examples:
  meterbench search --port /dev/ttyUSB0
  meterbench search --port /dev/ttyUSB0 --state cellar.json 1234FFFFFFFFFFFF
  meterbench search --bus scenarios/wired/meter/bus.json --confirm 1

MASK has 16 digits: identification number, manufacturer (as sent), version, device type;
F is any digit, FF any byte. One object of schema meterbench.readout/1 a meter: `found`,
16 digits that select it (and /8 more of its fabrication number where that alone tells it
apart); `address` and `fault` for what answered and is no meter. With --state the search
can be stopped (Ctrl-C) and goes on where it was when it is started again. Exit status 1
when nobody is found.)";

int refuse(std::string_view message) {
    fmt::print(stderr, "meterbench search: {}\n", message);
    return exit_status::usage;
}

/// The state to begin with: that of the file, where there is one.
std::expected<SearchState, std::string> initial_state(const Options& options) {
    const auto mask = core::master::parse_selection(options.mask);
    if (!mask || mask->fabrication_number) {
        return std::unexpected{
            fmt::format("MASK: \"{}\" is not 16 hexadecimal digits", options.mask)};
    }
    if (options.state.empty() || !std::filesystem::exists(options.state)) {
        return core::master::new_search(*mask, options.hex);
    }
    auto state = formats::load_search_file(options.state);
    if (state && (!(state->mask == *mask) || state->hex != options.hex)) {
        return std::unexpected{fmt::format(
            "{}: is of a search for {}{}; remove the file to begin another", options.state,
            core::master::to_text(state->mask), state->hex ? " with --hex" : "")};
    }
    return state;
}

/// Prints what has come since the last call, and keeps the state.
class Output {
  public:
    explicit Output(const Options& options) : options_{options} {}

    /// False when the state cannot be kept; told on stderr.
    [[nodiscard]] bool update(const SearchState& state, bool last) {
        if (found_ < state.found.size() || conflicts_ < state.conflicts.size()) {
            progress_.clear();
        }
        for (; found_ < state.found.size(); ++found_) {
            print_found(core::master::to_text(state.found[found_].address));
        }
        for (; conflicts_ < state.conflicts.size(); ++conflicts_) {
            const core::master::Conflict& conflict = state.conflicts[conflicts_];
            print_fault(core::master::to_text(conflict.mask), conflict.fault);
        }
        std::fflush(stdout);
        progress_.show([&] { return text_of(state); });
        if (last) {
            progress_.clear();
        }
        return keep(state, last);
    }

  private:
    static std::string text_of(const SearchState& state) {
        const core::master::SearchProgress progress = core::master::progress_of(state);
        return fmt::format("{:.0f} %, {} selections{}, {} found", progress.share * 100,
                           progress.selections,
                           progress.due ? fmt::format(", about {} to come", *progress.due) : "",
                           state.found.size());
    }
    bool keep(const SearchState& state, bool last) {
        constexpr std::uint64_t every = 10; // selections: at most some seconds are lost
        if (options_.state.empty() || (!last && state.selections < kept_ + every)) {
            return true;
        }
        kept_ = state.selections;
        const std::string why = formats::save_search_file(options_.state, state);
        if (!why.empty()) {
            fmt::print(stderr, "meterbench search: {}\n", why);
        }
        return why.empty();
    }

    const Options& options_;
    ProgressLine progress_;
    std::size_t found_ = 0;
    std::size_t conflicts_ = 0;
    std::uint64_t kept_ = 0;
};

int search(const Options& options) {
    const auto state = initial_state(options);
    if (!state) {
        return refuse(state.error());
    }
    auto master = open_master(options.master);
    if (!master) {
        return refuse(master.error());
    }
    if (master->rates.size() > 1) {
        return refuse("--baud: a search needs a rate; scan --baud auto finds one");
    }
    stop_on_signals();
    Search job{{.link = master->config,
                .retries = master->config.limits.retries,
                .confirmations = static_cast<std::uint8_t>(options.confirm),
                .prove = !options.no_proof},
               *state};
    Output output{options};
    bool kept = true;
    const bool alive = drive_job("search", job, *master,
                                 [&] { kept = kept && output.update(job.state(), false); });
    kept = output.update(job.state(), true) && kept;
    print_notes("search", job.notes());
    fmt::print(stderr, "meterbench search: {} found with {} selections, {} collisions{}\n",
               job.state().found.size(), job.state().selections, job.state().collisions,
               job.state().proofs == 0
                   ? ""
                   : fmt::format(", {} selections more to prove finds", job.state().proofs));
    if (!alive || !kept) {
        return exit_status::error;
    }
    if (job.fault()) {
        fmt::print(stderr, "meterbench search: {}\n", describe(*job.fault()));
        return exit_status::failure;
    }
    if (!job.done()) {
        fmt::print(stderr, "meterbench search: stopped{}\n",
                   options.state.empty() ? "; with --state FILE it could be resumed"
                                         : "; the same command goes on");
        return exit_status::failure;
    }
    return job.state().found.empty() ? exit_status::failure : exit_status::success;
}

} // namespace

void add_search(CLI::App& app, int& status) {
    CLI::App* const command =
        app.add_subcommand("search", "Search meters by secondary address, with wildcards");
    const auto options = std::make_shared<Options>();
    add_master_options(*command, options->master, 1);
    command->add_option("mask", options->mask, "Which meters: 16 digits, F for any")
        ->type_name("MASK")
        ->capture_default_str();
    command->add_option("--state", options->state, "Keeps the search; resumes it if it is there")
        ->type_name("FILE");
    command->add_flag("--hex", options->hex, "Also identification digits A to E");
    command
        ->add_option("--confirm", options->confirm,
                     "Select and read each find again, so often: finds meters that missed a "
                     "selection")
        ->check(CLI::Range(0, 3))
        ->capture_default_str();
    command->add_flag(
        "--no-proof", options->no_proof,
        "Do not select each find by its full address: a selection and a read-out less "
        "for each, and answers that overlap bit by bit may hide a meter");
    command->footer(examples);
    command->callback([options, &status] { status = search(*options); });
}

} // namespace meterbench::apps
