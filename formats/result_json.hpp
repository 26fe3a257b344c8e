// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace meterbench::formats {

/// result.json, schema `meterbench.result/1` (docs/report.md names every key). Cases and
/// requirements come out sorted by id, texts as printable() makes them; equal runs give equal
/// bytes.
[[nodiscard]] std::string write_result(const RunResult& run);

/// Reads what write_result() wrote. Fails with one clear line that names `file` and the key: an
/// unknown or missing key, a value that does not fit, or a derived value (counts, a case's remarks
/// and measurements) that does not agree with the cases and steps it is derived from.
[[nodiscard]] std::expected<RunResult, std::string> read_result(std::string_view text,
                                                                std::string_view file);

/// run.json, schema `meterbench.run/1`: what differs from run to run.
[[nodiscard]] std::string write_run(const RunHost& host);
[[nodiscard]] std::expected<RunHost, std::string> read_run(std::string_view text,
                                                           std::string_view file);

} // namespace meterbench::formats
