// SPDX-License-Identifier: Apache-2.0
#include "apps/run_journal.hpp"

#include "formats/journal.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::apps {

using formats::CaseResult;

namespace {

/// Says what an unfinished run lacks.
void tell(const RunPlan& plan, const std::vector<CaseResult>& done, bool resume) {
    const auto left = std::ranges::count_if(plan.cases, [&](const auto& planned) {
        return std::ranges::none_of(
            done, [&](const CaseResult& result) { return result.info.id == planned.info.id; });
    });
    if (resume) {
        fmt::print(stderr, "resuming: {} of {} cases are missing\n", left, plan.cases.size());
        return;
    }
    fmt::print(stderr,
               "an unfinished run is there, {} of its {} cases missing; all run again (--resume "
               "goes on with it)\n",
               left, plan.cases.size());
}

} // namespace

RunJournal::RunJournal(const RunOptions& options)
    : path_{std::filesystem::path{options.report} / "unfinished.jsonl"},
      suffix_{options.invert ? "-inverted" : ""} {}

std::expected<std::vector<CaseResult>, std::string> RunJournal::begin(const RunPlan& plan,
                                                                      bool resume) {
    const std::string fingerprint = fingerprint_of(plan) + suffix_;
    std::vector<CaseResult> done;
    if (std::filesystem::exists(path_)) {
        const auto text = formats::read_text_file(path_);
        if (!text) {
            return std::unexpected{text.error()};
        }
        auto read = formats::read_journal(*text, path_.string(), fingerprint);
        if (resume && !read) {
            return std::unexpected{read.error()};
        }
        if (read) {
            tell(plan, *read, resume);
        }
        if (resume) {
            done = std::move(*read);
        }
    } else if (resume) {
        fmt::print(stderr, "nothing to resume in {}: all cases run\n",
                   path_.parent_path().string());
    }
    std::error_code ignored; // the file that cannot be opened tells it
    std::filesystem::create_directories(path_.parent_path(), ignored);
    file_.open(path_, std::ios::binary | std::ios::trunc);
    file_ << formats::journal_head(fingerprint);
    for (const CaseResult& result : done) {
        file_ << formats::journal_entry(result);
    }
    file_.flush();
    if (!file_) {
        return std::unexpected{fmt::format("{}: cannot be written", path_.string())};
    }
    return done;
}

void RunJournal::add(const CaseResult& result) {
    if (!file_.is_open()) {
        return;
    }
    file_ << formats::journal_entry(result);
    file_.flush();
}

void RunJournal::end() {
    file_.close();
    std::error_code ignored; // a journal too many harms nobody
    std::filesystem::remove(path_, ignored);
}

} // namespace meterbench::apps
