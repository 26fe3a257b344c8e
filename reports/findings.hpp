// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <string>
#include <vector>

namespace meterbench::reports {

/// One thing that went wrong in a case: a reason, what was judged there, and the bytes it was
/// judged by. Pointers are into the case; nullptr where there is none.
struct Finding {
    formats::Verdict verdict = formats::Verdict::none;
    const formats::Reason* reason = nullptr;
    const formats::Step* judged = nullptr; ///< an expectation or measurement that did not hold
    const formats::Step* sent = nullptr;   ///< the last frame sent before it, in its phase
    const formats::Step* heard = nullptr;  ///< the last frame heard after that, before it
};

/// The reasons in their order, each with the judgement that has its place (file:line); then the
/// judgements that did not hold and belong to no reason.
[[nodiscard]] std::vector<Finding> findings_of(const formats::CaseResult& result);

/// The findings as markup.
[[nodiscard]] std::string findings_section(const formats::RunResult& run,
                                           const formats::CaseResult& result);

} // namespace meterbench::reports
