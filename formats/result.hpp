// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/level_trace.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meterbench::formats {

/// How a case ended. The first five are verdicts, worst last; the other two say that it did not
/// run.
enum class Verdict : std::uint8_t {
    none,
    pass,
    inconclusive,
    fail,
    error,
    not_applicable,
    not_runnable,
};
inline constexpr std::array<std::string_view, 7> verdict_names{
    "none", "pass", "inconclusive", "fail", "error", "not-applicable", "not-runnable"};
[[nodiscard]] constexpr std::string_view name_of(Verdict verdict) {
    return verdict_names[static_cast<std::size_t>(verdict)];
}

/// Which part of a case a step belongs to.
enum class Phase : std::uint8_t { prologue, run, epilogue };
[[nodiscard]] constexpr std::string_view name_of(Phase phase) {
    constexpr std::array<std::string_view, 3> names{"prologue", "run", "epilogue"};
    return names[static_cast<std::size_t>(phase)];
}

/// One thing that happened in a case, in order. Times are nanoseconds of the rig's time.
struct Step {
    enum class Kind : std::uint8_t {
        sent,        ///< octets from the harness: bytes, flags, baud, start, end
        heard,       ///< octets heard by the harness: bytes, flags, baud, start, end
        silence,     ///< the harness listened from start to end and heard nothing
        expectation, ///< what, passed, expected, actual
        measurement, ///< what, passed, actual, expected (the limits)
        note,        ///< text
        remark,      ///< text: a deviation that does not fail the case
        attachment,  ///< text: the name of an artefact; bytes: what it holds
        job,         ///< of a master under test, start to end: text (its words), said, actual
    };
    Kind kind = Kind::note;
    Phase phase = Phase::run;
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::uint32_t baud = 0;
    std::uint16_t station = 0;        ///< 0 unknown
    std::vector<std::uint8_t> bytes;  ///< sent, heard, attachment
    std::vector<std::uint8_t> errors; ///< sent, heard: core::OctetErrors of each byte; empty: none
    std::string text;                 ///< what was expected or measured; a note's words
    bool passed = true;
    std::string expected;
    std::string actual;            ///< of a job its exit status; empty: it did not end by itself
    std::vector<std::string> said; ///< `telegram HEX`, `found ADDRESS`, `fault ADDRESS: TEXT`
    std::string requirement;       ///< the catalogue id the expectation names, if it names one
    std::string where;             ///< file:line of the case
};
inline constexpr std::array<std::string_view, 9> step_kind_names{
    "sent", "heard",  "silence",    "expectation", "measurement",
    "note", "remark", "attachment", "job"};
[[nodiscard]] constexpr std::string_view name_of(Step::Kind kind) {
    return step_kind_names[static_cast<std::size_t>(kind)];
}

/// A reason for a verdict: the verdict it asks for, in one clear line, and where.
struct Reason {
    Verdict verdict = Verdict::none;
    std::string text;
    std::string where;       ///< file:line, or the prologue's step
    std::string requirement; ///< the catalogue id, if the reason has one
};

/// What is known of a case before it runs.
struct CaseInfo {
    std::string id;
    std::string title;
    std::string file; ///< as given on the command line, or below its data folder
    std::vector<std::string> checks;
    std::string role;
    std::vector<std::string> needs;
    std::vector<std::string> judges;
    std::vector<std::string> tags;
};

/// How a case compares with the ledger of expected results.
struct LedgerState {
    /// `pass`, `pass->FAIL`, `xfail` (did not pass, as expected), `xfail->PASS`, `NEW: FAIL`, ...;
    /// empty: the run has no ledger.
    std::string change;
    std::string reason;  ///< why the ledger expects anything but a pass
    bool agrees = false; ///< as expected, or a pass
};

struct CaseResult {
    CaseInfo info;
    Verdict verdict = Verdict::none;
    std::vector<Reason> reasons; ///< in order; the first with the case's verdict is the one to show
    std::vector<Step> steps;
    std::uint64_t seed = 0;
    std::int64_t duration = 0; ///< of the rig's time, ns
    /// The case itself spoilt the wire, or put another meter at the device's address: what was
    /// heard from then on need not be the device's doing.
    bool spoilt = false;
    std::vector<std::string> artefacts; ///< paths below the report's folder
    std::string replay;                 ///< the command that runs this case again
    LedgerState ledger;
    /// Voltage and current of the whole case, where they were recorded. Not in the record: an
    /// artefact.
    std::optional<core::LevelTrace> waveform;
};

/// A requirement as the report shows it.
struct RequirementInfo {
    std::string id;
    std::string clause;
    std::string text;
    std::string severity;   ///< shall, should, may
    std::string confidence; ///< confirmed, single, memory
    /// Who can decide it for a device of the run's role: suite, bench, not; empty: not said.
    std::string decided_by{};
    std::string why_not_suite{}; ///< why no case can
};

/// How a run judges.
struct Policy {
    bool strict = false;               ///< a should that is broken fails
    std::string confidence = "single"; ///< the least confidence at which a shall fails
};

/// The record of a run: result.json. It holds nothing that changes from one run to the next with
/// the same seed, rig and suite.
struct RunResult {
    std::uint64_t seed = 1;
    std::string version; ///< of meterbench
    Policy policy;
    std::string rig;               ///< name of the rig file, or of the suite's rig
    std::string rig_kind;          ///< simulated, line, served
    std::string rig_json;          ///< the rig file's text; empty: there is none
    std::int64_t uncertainty = 0;  ///< of measured times, ns
    std::string uncertainty_by;    ///< who says so: simulation, rig file
    std::string files_hash;        ///< of the names and contents of all files that were used
    std::string ics_json;          ///< the implementation statement's text; empty: there is none
    std::string dut;               ///< one line: role, name, address
    std::string dut_role;          ///< meter, master
    std::string dut_address;       ///< primary (`5`) or secondary (16 digits); empty: not known
    std::vector<CaseResult> cases; ///< sorted by id
    /// Those that the cases name, and all others that bind the role of the device.
    std::vector<RequirementInfo> requirements;
};

struct Counts {
    std::size_t passed = 0, failed = 0, inconclusive = 0, errors = 0, not_applicable = 0,
                not_runnable = 0, remarks = 0;
    [[nodiscard]] std::size_t executed() const { return passed + failed + inconclusive + errors; }
    [[nodiscard]] std::size_t skipped() const { return not_applicable + not_runnable; }
};
/// A case without a verdict counts as an error: it tested nothing.
[[nodiscard]] Counts count(const RunResult& run);

/// `N passed, N failed, N inconclusive, N errors, N not applicable, N not runnable, N remarks`
[[nodiscard]] std::string summary_line(const Counts& counts);

/// What differs from run to run: run.json.
struct RunHost {
    std::string command_line;
    std::string host;
    std::string started; ///< ISO 8601, UTC
    double wall_seconds = 0;
    /// Of each file that was used: path, SHA-256 or other hash.
    std::vector<std::pair<std::string, std::string>> files;
};

} // namespace meterbench::formats
