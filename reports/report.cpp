// SPDX-License-Identifier: Apache-2.0
#include "reports/report.hpp"

#include "formats/result_json.hpp"
#include "formats/trace_pcapng.hpp"
#include "reports/case_page.hpp"
#include "reports/index_page.hpp"
#include "reports/junit.hpp"
#include "reports/paths.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <span>
#include <string_view>
#include <system_error>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::RunResult;
using Outcome = std::expected<void, std::string>;

/// Writes files below one folder; after the first that cannot be written it does nothing more.
class Folder {
  public:
    explicit Folder(std::filesystem::path path) : path_{std::move(path)} {}

    void write(std::string_view name, std::string_view content) {
        if (!outcome_) {
            return;
        }
        const std::filesystem::path file = path_ / name;
        std::error_code error;
        std::filesystem::create_directories(file.parent_path(), error);
        if (error) {
            outcome_ = std::unexpected{
                fmt::format("{}: {}", file.parent_path().string(), error.message())};
            return;
        }
        std::ofstream stream{file, std::ios::binary | std::ios::trunc};
        stream.write(content.data(), static_cast<std::streamsize>(content.size()));
        stream.close();
        if (!stream) {
            outcome_ = std::unexpected{fmt::format("{}: cannot be written", file.string())};
        }
    }
    void write(std::string_view name, std::span<const std::uint8_t> bytes) {
        write(name, std::string{bytes.begin(), bytes.end()});
    }
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }

  private:
    std::filesystem::path path_;
    Outcome outcome_;
};

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
    folder.write("run.json", formats::write_run(host));
    // The record comes last: where it is, the report is whole.
    folder.write("result.json", formats::write_result(sorted));
    return folder.outcome();
}

} // namespace meterbench::reports
