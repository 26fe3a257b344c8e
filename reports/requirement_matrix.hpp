// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <string>
#include <vector>

namespace meterbench::reports {

/// What a case says about one requirement. A case that fails for reasons that all name other
/// requirements leaves this one open: inconclusive.
[[nodiscard]] formats::Verdict verdict_on(const formats::CaseResult& result, const std::string& id);

/// A requirement and the cases that check it.
struct MatrixRow {
    formats::RequirementInfo requirement; ///< only the id where the catalogue does not know it
    bool known = true;
    std::vector<const formats::CaseResult*> cases;
    formats::Verdict verdict = formats::Verdict::none; ///< the worst of the cases that ran
};

/// One row for each requirement that the run or a case names, sorted by id.
[[nodiscard]] std::vector<MatrixRow> matrix_of(const formats::RunResult& run);

/// The matrix as markup; its rows are `req-ID`. Empty without requirements.
[[nodiscard]] std::string requirement_matrix(const formats::RunResult& run);

} // namespace meterbench::reports
