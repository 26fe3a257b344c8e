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
#include <memory>
#include <string>

namespace meterbench::harness {

/// Where a case stands: its file, and the suite folder that `require` reads from.
struct CaseSource {
    std::filesystem::path path; ///< of the file
    std::string name;           ///< as messages and records show it
    std::filesystem::path suite;
};

/// What every case of a run shares.
struct RunSettings {
    std::uint64_t seed = 1;
    formats::Policy policy{};
    formats::Ics ics{};
    const formats::Catalogue* catalogue = nullptr;
    lua::Limits limits{};
};

/// Loads a case file and streams formats::Loaded, or formats::LoadError.
void load_cases(const CaseSource& source, const lua::Limits& limits, const StreamSink& sink);

/// Runs one case of a file on a rig: what the rig lacks, what the device does not claim, the
/// framework's prologue, the case, the epilogue. Streams all that happens, and formats::Finished
/// last.
void run_case(const CaseSource& source, const std::string& id, rig::Rig& rig,
              const RunSettings& settings, const StreamSink& sink);

} // namespace meterbench::harness
