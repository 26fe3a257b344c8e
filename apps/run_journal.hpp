// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/run_plan.hpp"
#include "formats/result.hpp"

#include <expected>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace meterbench::apps {

/// The journal of a run under way, `unfinished.jsonl` in the folder of its report: each case goes
/// there as it ends, and the file goes when the report is whole.
class RunJournal {
  public:
    explicit RunJournal(const RunOptions& options);

    /// Takes what an earlier run left, if `resume` wants it: the cases that have ended. Says on
    /// stderr what is missing. Fails with one line on a journal of another run and a folder that
    /// cannot be written.
    [[nodiscard]] std::expected<std::vector<formats::CaseResult>, std::string>
    begin(const RunPlan& plan, bool resume);
    /// A case has ended.
    void add(const formats::CaseResult& result);
    /// The report is whole.
    void end();

  private:
    std::filesystem::path path_;
    std::string suffix_; ///< of the fingerprint
    std::ofstream file_;
};

} // namespace meterbench::apps
