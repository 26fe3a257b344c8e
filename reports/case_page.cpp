// SPDX-License-Identifier: Apache-2.0
#include "reports/case_page.hpp"

#include "reports/findings.hpp"
#include "reports/frame_tables.hpp"
#include "reports/html.hpp"
#include "reports/paths.hpp"
#include "reports/sequence_diagram.hpp"
#include "reports/waveform.hpp"

#include <fmt/format.h>
#include <string_view>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::RunResult;
using formats::Step;

std::string link_to(const CaseResult& result, std::string_view kind, std::string_view words) {
    return fmt::format("<a class=\"{}\" href=\"{}.html\">{}</a>", kind,
                       url_of(file_stem(result.info.id)), words);
}

std::string navigation(const RunResult& run, std::size_t index) {
    std::string markup = "<nav><a href=\"../index.html\">&#8592; All cases</a>";
    if (index != 0) {
        markup += link_to(run.cases[index - 1], "next", "Previous case");
    }
    if (index + 1 < run.cases.size()) {
        markup += link_to(run.cases[index + 1], index == 0 ? "next" : "", "Next case");
    }
    return markup + "</nav>\n";
}

std::string banner(const CaseResult& result) {
    const formats::Reason* const reason = first_reason(result);
    return fmt::format("<div class=\"banner {}\"><strong>{}</strong><span>{}</span></div>\n",
                       formats::name_of(result.verdict), words_of(result.verdict),
                       reason != nullptr ? escape(reason->text) : std::string{});
}

std::string chips(const std::vector<std::string>& texts) {
    std::string markup;
    for (const std::string& text : texts) {
        markup += fmt::format("<span class=\"chip\">{}</span>", escape(text));
    }
    return markup.empty() ? markup : "<span class=\"chips\">" + markup + "</span>";
}

std::string requirement_chips(const std::vector<std::string>& ids) {
    std::string markup = "<span class=\"chips\">";
    for (const std::string& id : ids) {
        markup += fmt::format("<a class=\"chip\" href=\"../index.html#req-{}\">{}</a>",
                              url_of(file_stem(id)), escape(id));
    }
    return markup + "</span>";
}

std::string fact(std::string_view name, std::string_view markup) {
    return markup.empty() ? std::string{}
                          : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, markup);
}

std::string facts(const CaseResult& result) {
    const formats::CaseInfo& info = result.info;
    std::string markup = "<dl class=\"facts card keep\">\n";
    markup += info.checks.empty() ? "" : fact("Requirements", requirement_chips(info.checks));
    markup += fact("Device under test", escape(info.role));
    markup += fact("Duration, time of the rig", duration_text(result.duration));
    markup += fact("Seed", fmt::format("<code>{}</code>", result.seed));
    markup += fact("Case file", info.file.empty() ? "" : "<code>" + escape(info.file) + "</code>");
    markup += fact("Needs of the rig", chips(info.needs));
    markup += fact("Judges itself", chips(info.judges));
    markup += fact("Tags", chips(info.tags));
    return markup + "</dl>\n";
}

std::string replay(const CaseResult& result) {
    if (result.replay.empty()) {
        return {};
    }
    return fmt::format(
        "<h2>Run it again</h2>\n<div class=\"replay\"><pre><code>{}</code></pre></div>\n",
        escape(result.replay));
}

std::string artefacts(const CaseResult& result) {
    std::string markup;
    for (const std::string& path : artefacts_of(result)) {
        markup += fmt::format("<li><a href=\"../{}\">{}</a></li>\n", url_of(path), escape(path));
    }
    return markup.empty() ? markup
                          : "<h2>Artefacts</h2>\n<ul class=\"plain card\">\n" + markup + "</ul>\n";
}

std::string remarks(const CaseResult& result) {
    std::string markup;
    for (const Step& step : result.steps) {
        if (step.kind != Step::Kind::remark) {
            continue;
        }
        markup += fmt::format("<li>{} {}</li>\n", escape(step.text),
                              step.requirement.empty() ? std::string{}
                                                       : requirement_chips({step.requirement}));
    }
    return markup.empty() ? markup
                          : "<h2>Remarks</h2>\n<ul class=\"plain card\">\n" + markup + "</ul>\n";
}

std::string sequence(const CaseResult& result) {
    const std::string diagram = sequence_diagram(result);
    return diagram.empty()
               ? diagram
               : "<h2>Sequence</h2>\n<div class=\"card diagram\">\n" + diagram + "</div>\n";
}

std::string waveform_section(const CaseResult& result) {
    const std::string drawing = waveform(result);
    return drawing.empty()
               ? drawing
               : "<h2>Waveform</h2>\n<p class=\"dim\">Voltage and current at the master's "
                 "terminals; above what was sent, below what was heard. Times as in the sequence; "
                 "idle times are cut out.</p>\n<div class=\"card waves\">\n" +
                     drawing + "</div>\n";
}

std::string frames(const CaseResult& result) {
    const std::string tables = frame_tables(result);
    return tables.empty() ? tables : "<h2>Frames</h2>\n" + tables;
}

} // namespace

std::string case_page(const RunResult& run, std::size_t index) {
    const CaseResult& result = run.cases[index];
    std::string body = navigation(run, index);
    body += fmt::format("<header><div class=\"kicker mono\">{}</div>\n<h1>{}</h1></header>\n",
                        escape(result.info.id), escape(result.info.title));
    body += banner(result);
    body += facts(result);
    body += findings_section(run, result);
    body += remarks(result);
    body += sequence(result);
    body += waveform_section(result);
    body += frames(result);
    body += artefacts(result);
    body += replay(result);
    body += fmt::format("<footer>Meterbench {}. Device under test: {}.</footer>\n",
                        escape(run.version), escape(run.dut));
    return page(fmt::format("{}: {}", words_of(result.verdict), result.info.id), body);
}

} // namespace meterbench::reports
