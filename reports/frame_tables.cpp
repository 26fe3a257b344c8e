// SPDX-License-Identifier: Apache-2.0
#include "reports/frame_tables.hpp"

#include "formats/explain.hpp"
#include "reports/frame_label.hpp"
#include "reports/html.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::reports {
namespace {

using formats::Step;

std::string errors_between(const Step& step, std::size_t offset, std::size_t length) {
    unsigned errors = 0;
    for (std::size_t i = offset; i < offset + length; ++i) {
        errors |= errors_at(step, i);
    }
    const std::string names = error_names(static_cast<std::uint8_t>(errors));
    return names.empty() ? names : fmt::format(" <span class=\"wrongly\">({} error)</span>", names);
}

std::string rows_of(const Step& step) {
    std::string rows;
    const std::span<const std::uint8_t> bytes{step.bytes};
    for (const formats::Explanation& row : formats::explain(bytes)) {
        const std::string hex = spaced_hex(bytes.subspan(row.offset, row.length));
        rows += fmt::format(
            "<tr{}><td class=\"at\">{}</td><td class=\"hex\">{}</td><td>{}{}</td></tr>\n",
            row.meaning.starts_with("fault:") ? " class=\"wrongly\"" : "", row.offset, hex,
            escape(row.meaning), errors_between(step, row.offset, row.length));
    }
    return rows;
}

std::string table_of(const Step& step, std::size_t number, std::int64_t origin) {
    const bool sent = step.kind == Step::Kind::sent;
    const std::string spoilt = error_summary(step);
    return fmt::format(
        "<details class=\"frame {}\" id=\"frame-{}\"{}><summary><b>{}</b><span>{}</span>"
        "<span class=\"dim\">at {}, {} byte{}</span>{}</summary>\n<table>"
        "<thead><tr><th>Offset</th><th>Bytes</th><th>Meaning</th></tr></thead><tbody>\n{}"
        "</tbody></table></details>\n",
        formats::name_of(step.kind), number,
        step.phase == formats::Phase::run ? " open=\"open\"" : "", sent ? "Sent" : "Heard",
        escape(frame_label(step.bytes)), duration_text(step.start - origin), step.bytes.size(),
        step.bytes.size() == 1 ? "" : "s",
        spoilt.empty() ? spoilt : fmt::format("<span class=\"wrongly\">{}</span>", spoilt),
        rows_of(step));
}

} // namespace

std::string frame_tables(const formats::CaseResult& result) {
    std::string tables;
    std::size_t number = 0;
    for (const Step& step : result.steps) {
        if (step.kind != Step::Kind::sent && step.kind != Step::Kind::heard) {
            continue;
        }
        if (++number <= max_frame_tables) {
            tables += table_of(step, number, result.steps.front().start);
        }
    }
    if (number > max_frame_tables) {
        tables += fmt::format("<p class=\"dim\">{} more frames are not shown here; the trace and "
                              "result.json hold them all.</p>\n",
                              number - max_frame_tables);
    }
    return tables;
}

} // namespace meterbench::reports
