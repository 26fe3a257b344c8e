// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"
#include "formats/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// What a run leaves behind while it is under way, so that it can go on after it was killed: a
/// line that says which run it is, then each case that has ended, as the worker streamed it.

/// `fingerprint`: of everything that the results depend on.
[[nodiscard]] std::string journal_head(std::string_view fingerprint);
/// A case that has ended: lines, to be written at once.
[[nodiscard]] std::string journal_entry(const CaseResult& result);

/// The cases that have ended: of `info` only the id. What was being written when the run was killed
/// is left out. Fails with one line on a journal of another run, or none.
[[nodiscard]] FileResult<std::vector<CaseResult>>
read_journal(std::string_view text, std::string_view file, std::string_view fingerprint);

} // namespace meterbench::formats
