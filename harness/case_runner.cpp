// SPDX-License-Identifier: Apache-2.0
#include "harness/case_runner.hpp"

#include "harness/framework.hpp"
#include "harness/lua/bindings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace meterbench::harness {

namespace {

using formats::Finished;
using formats::LoadError;
using formats::Phase;
using formats::Verdict;

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return std::nullopt;
    }
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The case file in a Lua state, or what is wrong with it.
std::optional<LoadError> load(lua::Scenario& scenario, const CaseSource& source) {
    const auto text = read_file(source.path);
    if (!text) {
        return LoadError{"the file cannot be read", source.name};
    }
    if (const auto loaded = scenario.load(*text, source.name); !loaded) {
        return LoadError{loaded.error().text, loaded.error().where};
    }
    return std::nullopt;
}

/// One case while it runs.
class CaseRun {
  public:
    CaseRun(lua::Scenario& scenario, std::size_t index, rig::Rig& rig, const RunSettings& settings,
            const StreamSink& sink)
        : scenario_{scenario}, index_{index}, info_{scenario.cases()[index]}, rig_{rig},
          sink_{sink}, judge_{info_, *settings.catalogue, settings.policy, sink},
          session_{rig, [this](formats::Step&& step) { judge_.step(std::move(step)); },
                   settings.ics.unit_loads},
          context_{session_, judge_, settings.ics, Random{settings.seed, info_.id}},
          levels_{settings.waveform ? rig.levels() : nullptr} {
        judge_.invert(settings.inverted);
    }

    void run() {
        scenario_.connect(context_);
        if (const auto verdict = skip()) {
            return finish(*verdict);
        }
        if (levels_ != nullptr) {
            levels_->record();
        }
        perform();
        note_unasked();
        (void)session_.wire(); // ends the last steps
        if (levels_ != nullptr) {
            sink_(formats::Waveform{levels_->recorded()});
        }
        finish(not_applicable_ ? Verdict::not_applicable : judge_.verdict());
    }

  private:
    /// Why the case does not run here, if it does not.
    std::optional<Verdict> skip() {
        for (const std::string& need : info_.needs) {
            if (!rig_.capabilities().offers(need)) {
                return skipped(Verdict::not_runnable, fmt::format("the rig lacks '{}'", need));
            }
        }
        const std::string_view role = rig_.dut().role == rig::Dut::Role::meter ? "meter" : "master";
        if (info_.role != role) {
            return skipped(
                Verdict::not_applicable,
                fmt::format("the case is for a {}, the device is a {}", info_.role, role));
        }
        const auto applies = scenario_.applies(index_);
        if (!applies) {
            judge_.reason(Verdict::error, applies.error().text, applies.error().where);
            return Verdict::error;
        }
        if (!*applies) {
            return skipped(Verdict::not_applicable,
                           "the implementation statement does not claim what it checks");
        }
        return std::nullopt;
    }

    Verdict skipped(Verdict verdict, std::string why) {
        sink_(formats::Reason{verdict, std::move(why), info_.file, {}});
        return verdict;
    }

    void perform() {
        if (!around(Phase::prologue)) {
            return;
        }
        judge_.set_phase(Phase::run);
        const auto ran = scenario_.run(index_);
        if (rig_.master() != nullptr) {
            session_.abandon_job();
        }
        if (!context_.unclaimed.empty() && judge_.verdict() < Verdict::fail) {
            not_applicable_ = true;
            return judge_.reason(Verdict::not_applicable, context_.unclaimed, info_.file);
        }
        const bool broken = scenario_.exhausted() || (!ran && !ran.error().ended);
        if (!context_.fault.empty()) {
            return judge_.reason(Verdict::error, context_.fault, "rig");
        }
        if (broken) {
            const std::string text = !ran && !ran.error().ended
                                         ? ran.error().text
                                         : "the script ran out of instructions or memory";
            return judge_.reason(Verdict::error, text, ran ? info_.file : ran.error().where);
        }
        if (ran && !judge_.judged()) {
            return judge_.reason(Verdict::error, "the case reached no expectation", info_.file);
        }
        (void)around(Phase::epilogue);
        check_evidence();
        session_.monitor().report(judge_);
    }

    /// The framework's steps; false where the case ends with them.
    bool around(Phase phase) {
        judge_.set_phase(phase);
        const bool of_master = rig_.dut().role == rig::Dut::Role::master;
        if (of_master && phase == Phase::epilogue && rig_.world() != nullptr) {
            rig_.world()->isolate(); // what the case has put on the bus
        }
        const auto held = of_master
                              ? run_master_step(session_, judge_, context_.random, info_.judges)
                              : run_framework_steps(session_, judge_, info_.judges);
        if (!held) {
            judge_.reason(Verdict::error, std::string{core::meaning_of(held.error().code)}, "rig");
            return false;
        }
        return *held;
    }

    /// A case that judges both reset and request needs one valid answer from somewhere.
    void check_evidence() {
        const auto own = [this](std::string_view step) {
            return std::ranges::find(info_.judges, step) != info_.judges.end();
        };
        if (own("reset") && own("request") && session_.valid_frames() == 0) {
            judge_.reason(Verdict::inconclusive, "the device gave no valid answer at all",
                          info_.file);
        }
    }

    void note_unasked() {
        if (session_.unasked() == 0) {
            return;
        }
        formats::Step note;
        note.start = nanoseconds(session_.now());
        note.end = note.start;
        note.text = fmt::format("{} octets came that belong to no answer", session_.unasked());
        judge_.step(std::move(note));
    }

    void finish(Verdict verdict) {
        sink_(Finished{verdict, (session_.now() - began_).count(), session_.monitor().suspended()});
    }

    bool not_applicable_ = false; ///< the master does not have a job that the case asks for
    lua::Scenario& scenario_;
    std::size_t index_;
    const formats::CaseInfo& info_;
    rig::Rig& rig_;
    const StreamSink& sink_;
    Judge judge_;
    Session session_;
    const core::Instant began_{session_.now()};
    lua::CaseContext context_;
    rig::Levels* levels_; ///< to record; null: not wanted, or there are none
};

} // namespace

void load_cases(const CaseSource& source, const lua::Limits& limits, const StreamSink& sink) {
    lua::Scenario scenario{{.memory = limits.memory, .instructions = limits.to_load}, source.suite};
    if (const auto wrong = load(scenario, source)) {
        return sink(*wrong);
    }
    sink(formats::Loaded{scenario.cases()});
}

struct CaseLibrary::File {
    File(const CaseSource& source, const lua::Limits& limits)
        : scenario{limits, source.suite}, wrong{load(scenario, source)} {}
    lua::Scenario scenario;
    std::optional<LoadError> wrong;
};

CaseLibrary::CaseLibrary(std::span<const PlannedCase> cases, const lua::Limits& limits) {
    for (const PlannedCase& planned : cases) {
        auto& file = files_[planned.source.path.string()];
        if (!file) {
            file = std::make_unique<File>(planned.source, limits);
        }
    }
}

CaseLibrary::~CaseLibrary() = default;

void CaseLibrary::run(const PlannedCase& planned, rig::Rig& rig, const RunSettings& settings,
                      const StreamSink& sink) const {
    File& file = *files_.at(planned.source.path.string());
    if (file.wrong) {
        return sink(*file.wrong);
    }
    const auto& cases = file.scenario.cases();
    const auto found = std::ranges::find(cases, planned.info.id, &formats::CaseInfo::id);
    if (found == cases.end()) {
        return sink(LoadError{fmt::format("the file has no case '{}' any more", planned.info.id),
                              planned.source.name});
    }
    CaseRun{file.scenario, static_cast<std::size_t>(found - cases.begin()), rig, settings, sink}
        .run();
}

} // namespace meterbench::harness
