// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "formats/result.hpp"
#include "harness/lua/trace_judge.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::harness {

/// What the live judge said of a case, by requirement.
struct LiveJudgement {
    formats::Verdict verdict = formats::Verdict::none;
    std::vector<std::string> checks;   ///< requirements that the case is about
    std::vector<std::string> remarked; ///< broken, but at the cost of a remark
};
[[nodiscard]] LiveJudgement live_judgement(const formats::CaseResult& result);

/// Why the two judges disagree about a requirement; none: they do not. They do where a case passed
/// that is about a requirement which the trace shows broken, and left no remark about it. A case
/// may see more than a trace shows: that it failed for what the trace shows kept says nothing.
[[nodiscard]] std::optional<std::string> disagreement(const LiveJudgement& live,
                                                      const lua::Ruling& ruling);

/// The second judge beside a run: recomputes from the trace of each case, as the report holds it,
/// what its requirements came to.
class SecondJudge {
  public:
    /// `folder`: scenarios/judge. Fails with one line.
    [[nodiscard]] static std::expected<SecondJudge, std::string>
    load(const std::filesystem::path& folder);

    /// Makes a case an error about whose requirements the judges disagree, with both rulings as its
    /// reason. A case that did not run or ended as an error is left as it is. `run`: what the trace
    /// says of the run. `uncertainty`: of the trace's times.
    void review(formats::CaseResult& result, const formats::RunResult& run,
                core::Duration uncertainty);

  private:
    explicit SecondJudge(lua::TraceJudge judge) : judge_{std::move(judge)} {}
    lua::TraceJudge judge_;
};

} // namespace meterbench::harness
