// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace meterbench::formats {

/// A worker process loads case files or runs one case, and streams what happens to its parent
/// through a pipe, one JSON object a line, as it happens: a worker that dies keeps its trace.

/// The cases that the files given to the worker hold, in their order.
struct Loaded {
    std::vector<CaseInfo> cases;
};

/// The case has ended by itself. A stream that stops without one belongs to a worker that died.
struct Finished {
    Verdict verdict = Verdict::none;
    std::int64_t duration = 0; ///< of the rig's time, ns
    bool spoilt = false;       ///< CaseResult::spoilt
};

/// The case file could not be loaded: a usage error (exit status 2).
struct LoadError {
    std::string text;  ///< one clear line
    std::string where; ///< file:line, or the file
};

/// Voltage and current of the whole case, where they were wanted; comes before Finished. Exact to
/// 1 uV and 1 uA.
struct Waveform {
    core::LevelTrace trace;
};

using StreamItem = std::variant<Loaded, Step, Reason, Finished, LoadError, Waveform>;

/// One line, its newline at the end and no other in it. Texts may hold any bytes: what is not
/// printable UTF-8 travels as `\xNN` (see result_text.hpp), so that a round trip gives
/// printable(text). Bytes travel exactly.
[[nodiscard]] std::string encode(const StreamItem& item);

/// Reads a line of encode(), with or without its newline. Fails with one clear line of text on
/// anything else, unknown and missing keys included.
[[nodiscard]] std::expected<StreamItem, std::string> decode(std::string_view line);

} // namespace meterbench::formats
