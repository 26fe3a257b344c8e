// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <expected>
#include <filesystem>
#include <string>

namespace meterbench::reports {

/// Writes the report of a run into the folder `path`, which is made if it is not there:
///
///     result.json        the record (formats/result_json.hpp)
///     run.json           what differs from run to run
///     junit.xml          for CI systems
///     result.md          summary for the page of a CI job
///     result.tap         Test Anything Protocol
///     index.html         everything for a glance
///     cases/ID.html      a page per case
///     cases/ID/          its artefacts: trace.pcapng and what the case attached
///
/// Files of the same name are replaced, others are left alone. Everything but run.json depends on
/// `run` alone: equal runs give equal bytes. Fails with one clear line that names the path that
/// could not be written, or the id that two cases share.
[[nodiscard]] std::expected<void, std::string> write_report(const formats::RunResult& run,
                                                            const formats::RunHost& host,
                                                            const std::filesystem::path& path);

} // namespace meterbench::reports
