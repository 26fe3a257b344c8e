// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <string>

namespace meterbench::reports {

/// junit.xml for CI systems: one test suite, one test case a case. fail and inconclusive are a
/// failure (the type says which), error is an error, not applicable and not runnable are skipped
/// with the reason. Requirement ids are properties named `requirement`; artefacts are
/// `[[ATTACHMENT|path]]` lines of system-out, paths below the report's folder. `time` is the rig's
/// time in seconds, so that equal runs give equal bytes.
[[nodiscard]] std::string junit_xml(const formats::RunResult& run);

} // namespace meterbench::reports
