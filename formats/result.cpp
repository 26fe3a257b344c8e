// SPDX-License-Identifier: Apache-2.0
#include "formats/result.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::formats {

Counts count(const RunResult& run) {
    Counts counts;
    for (const CaseResult& result : run.cases) {
        switch (result.verdict) {
        case Verdict::pass: ++counts.passed; break;
        case Verdict::fail: ++counts.failed; break;
        case Verdict::inconclusive: ++counts.inconclusive; break;
        case Verdict::not_applicable: ++counts.not_applicable; break;
        case Verdict::not_runnable: ++counts.not_runnable; break;
        // A case that ended without a verdict tested nothing.
        case Verdict::none:
        case Verdict::error: ++counts.errors; break;
        }
        counts.remarks += static_cast<std::size_t>(
            std::count_if(result.steps.begin(), result.steps.end(),
                          [](const Step& step) { return step.kind == Step::Kind::remark; }));
    }
    return counts;
}

std::string summary_line(const Counts& counts) {
    return fmt::format("{} passed, {} failed, {} inconclusive, {} errors, {} not applicable, "
                       "{} not runnable, {} remarks",
                       counts.passed, counts.failed, counts.inconclusive, counts.errors,
                       counts.not_applicable, counts.not_runnable, counts.remarks);
}

} // namespace meterbench::formats
