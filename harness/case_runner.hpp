// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/catalogue.hpp"
#include "formats/ics_file.hpp"
#include "formats/result.hpp"
#include "harness/judge.hpp"
#include "harness/lua/limits.hpp"
#include "rig/rig.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

namespace meterbench::harness {

/// Where a case stands: its file, and the suite folder that `require` reads from.
struct CaseSource {
    std::filesystem::path path; ///< of the file
    std::string name;           ///< as messages and records show it
    std::filesystem::path suite;
};

/// A case and where it stands.
struct PlannedCase {
    CaseSource source;
    formats::CaseInfo info;
};

/// What every case of a run shares.
struct RunSettings {
    std::uint64_t seed = 1;
    formats::Policy policy{};
    formats::Ics ics{};
    const formats::Catalogue* catalogue = nullptr;
    lua::Limits limits{};
    bool waveform = false; ///< records voltage and current, where the rig has levels
    bool terse = false;    ///< of the steps only remarks are told: for verdicts without a report
    /// Looks at each case that has ended, in its worker, before anybody hears of it: what it adds
    /// to the reasons, and the verdict that it leaves. None: nobody does.
    std::function<void(formats::CaseResult&)> review{};
    std::string inverted; ///< place of the expectation to turn around (Judge::invert); empty: none
};

/// Loads a case file and streams formats::Loaded, or formats::LoadError.
void load_cases(const CaseSource& source, const lua::Limits& limits, const StreamSink& sink);

/// The case files of a plan, each parsed once, in a process that forks a worker for each case: the
/// worker has its file ready in its memory, and what it does to it is gone with the worker.
class CaseLibrary {
  public:
    /// Loads each file once. The files have been loaded in limited workers before (plan_cases), so
    /// that none can do harm here. One that cannot be loaded any more is the error of its cases.
    CaseLibrary(std::span<const PlannedCase> cases, const lua::Limits& limits);
    ~CaseLibrary();
    CaseLibrary(const CaseLibrary&) = delete;
    CaseLibrary& operator=(const CaseLibrary&) = delete;

    /// Runs a case of the plan on a rig, once in a process: what the rig lacks, what the device
    /// does not claim, the framework's prologue, the case, the epilogue. Streams all that happens,
    /// and formats::Finished last.
    void run(const PlannedCase& planned, rig::Rig& rig, const RunSettings& settings,
             const StreamSink& sink) const;

  private:
    struct File;
    std::map<std::string, std::unique_ptr<File>> files_; ///< by path
};

} // namespace meterbench::harness
