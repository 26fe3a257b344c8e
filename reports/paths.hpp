// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::reports {

/// A file name for a case id or an attachment: letters, digits, `.`, `-` and `_` stay, any other
/// byte and a leading dot become `~XX`; so different names give different files, none of them
/// outside its folder. Names beyond 180 bytes end in a hash instead. Never empty.
[[nodiscard]] std::string file_stem(std::string_view name);

/// `cases/ID.html`, below the report's folder.
[[nodiscard]] std::string case_page_path(const formats::CaseResult& result);
/// `cases/ID`, the folder of a case's artefacts.
[[nodiscard]] std::string case_folder(const formats::CaseResult& result);
/// `cases/ID/trace.pcapng`
[[nodiscard]] std::string trace_path(const formats::CaseResult& result);
/// `cases/ID/waveform.vcd`
[[nodiscard]] std::string waveform_path(const formats::CaseResult& result);

/// What a case attached, and where it goes.
struct Attachment {
    std::string path; ///< below the report's folder
    const formats::Step* step = nullptr;
};
/// In order; a name given twice gets a number.
[[nodiscard]] std::vector<Attachment> attachments_of(const formats::CaseResult& result);

/// The artefacts the result names already, then those that the report writes for it: the trace,
/// where anything was sent or heard, and the attachments.
[[nodiscard]] std::vector<std::string> artefacts_of(const formats::CaseResult& result);

/// A path as a link: all but letters, digits, `/`, `.`, `-`, `_` and `~` percent-encoded.
[[nodiscard]] std::string url_of(std::string_view path);

} // namespace meterbench::reports
