// SPDX-License-Identifier: Apache-2.0
#include "reports/report.hpp"

#include "formats/result_json.hpp"
#include "formats/trace_pcapng.hpp"
#include "formats/vcd_file.hpp"
#include "reports/case_page.hpp"
#include "reports/folder.hpp"
#include "reports/index_page.hpp"
#include "reports/junit.hpp"
#include "reports/markdown.hpp"
#include "reports/paths.hpp"
#include "reports/tap.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::RunResult;
using Outcome = std::expected<void, std::string>;

/// The run as the report shows it: sorted by id, artefacts named.
RunResult arranged(const RunResult& run) {
    RunResult result = run;
    std::sort(result.cases.begin(), result.cases.end(),
              [](const CaseResult& a, const CaseResult& b) { return a.info.id < b.info.id; });
    for (CaseResult& item : result.cases) {
        item.artefacts = artefacts_of(item);
    }
    return result;
}

const CaseResult* first_double(const RunResult& sorted) {
    const auto found = std::adjacent_find(
        sorted.cases.begin(), sorted.cases.end(),
        [](const CaseResult& a, const CaseResult& b) { return a.info.id == b.info.id; });
    return found == sorted.cases.end() ? nullptr : &*found;
}

void write_artefacts(Folder& folder, const CaseResult& result, const RunResult& run) {
    const auto has = [&](const std::string& path) {
        return std::find(result.artefacts.begin(), result.artefacts.end(), path) !=
               result.artefacts.end();
    };
    if (has(trace_path(result))) {
        folder.write(trace_path(result), formats::trace_pcapng(result, run));
    }
    if (result.waveform) {
        folder.write(waveform_path(result), formats::write_vcd(*result.waveform));
    }
    for (const Attachment& attachment : attachments_of(result)) {
        folder.write(attachment.path, attachment.step->bytes);
    }
}

} // namespace

Outcome write_report(const RunResult& run, const formats::RunHost& host,
                     const std::filesystem::path& path) {
    const RunResult sorted = arranged(run);
    if (const CaseResult* result = first_double(sorted)) {
        return std::unexpected{fmt::format("{}: two cases have this id", result->info.id)};
    }
    Folder folder{path};
    for (std::size_t i = 0; i < sorted.cases.size(); ++i) {
        folder.write(case_page_path(sorted.cases[i]), case_page(sorted, i));
        write_artefacts(folder, sorted.cases[i], sorted);
    }
    folder.write("index.html", index_page(sorted));
    folder.write("junit.xml", junit_xml(sorted));
    folder.write("result.md", markdown(sorted));
    folder.write("result.tap", tap(sorted));
    folder.write("run.json", formats::write_run(host));
    // The record comes last: where it is, the report is whole.
    folder.write("result.json", formats::write_result(sorted));
    return folder.outcome();
}

} // namespace meterbench::reports
