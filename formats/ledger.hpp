// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"
#include "formats/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// Expected results, schema `meterbench.ledger/1`: a case is expected to pass, or to end otherwise
/// for a reason that is known.
struct Ledger {
    struct Entry {
        Verdict verdict = Verdict::pass;
        std::string reason; ///< of anything but a pass
    };
    std::map<std::string, Entry> expected; ///< by case id
};

/// Fails with one line that names `file` and the key: unknown keys and verdicts, a verdict that is
/// no pass without its reason, and `error`, which nobody can expect of a device.
[[nodiscard]] FileResult<Ledger> parse_ledger(std::string_view text, std::string_view file);
[[nodiscard]] FileResult<Ledger> load_ledger(const std::filesystem::path& path);

/// How a verdict compares with the ledger.
[[nodiscard]] LedgerState compare(const Ledger& ledger, const std::string& id, Verdict verdict);

} // namespace meterbench::formats
