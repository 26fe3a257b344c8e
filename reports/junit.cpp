// SPDX-License-Identifier: Apache-2.0
#include "reports/junit.hpp"

#include "formats/result_text.hpp"
#include "reports/findings.hpp"
#include "reports/html.hpp"
#include "reports/paths.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>
#include <sstream>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::RunResult;
using formats::Verdict;

void set(pugi::xml_node node, const char* name, std::string_view value) {
    node.append_attribute(name).set_value(formats::printable(value).c_str());
}

void add_property(pugi::xml_node properties, std::string_view name, std::string_view value) {
    pugi::xml_node property = properties.append_child("property");
    set(property, "name", name);
    set(property, "value", value);
}

std::string seconds(std::int64_t nanoseconds) {
    const std::int64_t whole = nanoseconds < 0 ? 0 : nanoseconds;
    return fmt::format("{}.{:09}", whole / 1'000'000'000, whole % 1'000'000'000);
}

/// The id up to its last dot, as CI systems group by it.
std::string class_of(const std::string& id) {
    const std::size_t dot = id.rfind('.');
    return dot == std::string::npos ? "meterbench" : id.substr(0, dot);
}

std::string detail_of(const CaseResult& result) {
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        text += value.empty() ? value : fmt::format("{}: {}\n", name, value);
    };
    for (const Finding& finding : findings_of(result)) {
        if (finding.reason != nullptr) {
            text +=
                fmt::format("{}: {}\n", formats::name_of(finding.verdict), finding.reason->text);
            line("  requirement", finding.reason->requirement);
            line("  where", finding.reason->where);
        }
        if (finding.judged != nullptr) {
            line("  judged", finding.judged->text);
            line("  expected", finding.judged->expected);
            line("  actual", finding.judged->actual);
        }
        line("  sent", finding.sent != nullptr ? spaced_hex(finding.sent->bytes) : "");
        line("  heard", finding.heard != nullptr ? spaced_hex(finding.heard->bytes) : "");
    }
    line("replay", result.replay);
    return text;
}

const char* element_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::fail:
    case Verdict::inconclusive: return "failure";
    case Verdict::none:
    case Verdict::error: return "error";
    case Verdict::not_applicable:
    case Verdict::not_runnable: return "skipped";
    case Verdict::pass: break;
    }
    return nullptr;
}

void add_verdict(pugi::xml_node node, const CaseResult& result) {
    const char* const element = element_of(result.verdict);
    if (element == nullptr) {
        return;
    }
    const formats::Reason* const reason = first_reason(result);
    pugi::xml_node child = node.append_child(element);
    if (std::string_view{element} != "skipped") {
        set(child, "type", formats::name_of(result.verdict));
    }
    set(child, "message",
        fmt::format("{}: {}", words_of(result.verdict),
                    reason != nullptr ? reason->text : "no reason was recorded"));
    if (std::string_view{element} != "skipped") {
        child.text().set(formats::printable(detail_of(result)).c_str());
    }
}

void add_case(pugi::xml_node suite, const CaseResult& result) {
    pugi::xml_node node = suite.append_child("testcase");
    set(node, "name", result.info.id);
    set(node, "classname", class_of(result.info.id));
    set(node, "file", result.info.file);
    set(node, "time", seconds(result.duration));
    pugi::xml_node properties = node.append_child("properties");
    add_property(properties, "title", result.info.title);
    add_property(properties, "verdict", formats::name_of(result.verdict));
    for (const std::string& id : result.info.checks) {
        add_property(properties, "requirement", id);
    }
    add_verdict(node, result);
    std::string output;
    for (const formats::Step& step : result.steps) {
        if (step.kind == formats::Step::Kind::remark) {
            output += fmt::format("remark: {}\n", step.text);
        }
    }
    for (const std::string& path : artefacts_of(result)) {
        output += fmt::format("[[ATTACHMENT|{}]]\n", path);
    }
    if (!output.empty()) {
        node.append_child("system-out").text().set(formats::printable(output).c_str());
    }
}

void add_totals(pugi::xml_node node, const RunResult& run) {
    const formats::Counts counts = formats::count(run);
    std::int64_t duration = 0;
    for (const CaseResult& result : run.cases) {
        duration += result.duration;
    }
    set(node, "name", "meterbench");
    set(node, "tests", std::to_string(counts.executed() + counts.skipped()));
    set(node, "failures", std::to_string(counts.failed + counts.inconclusive));
    set(node, "errors", std::to_string(counts.errors));
    set(node, "skipped", std::to_string(counts.skipped()));
    set(node, "time", seconds(duration));
}

} // namespace

std::string junit_xml(const RunResult& run) {
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    set(declaration, "version", "1.0");
    set(declaration, "encoding", "UTF-8");
    pugi::xml_node suites = document.append_child("testsuites");
    add_totals(suites, run);
    pugi::xml_node suite = suites.append_child("testsuite");
    add_totals(suite, run);
    pugi::xml_node properties = suite.append_child("properties");
    add_property(properties, "version", run.version);
    add_property(properties, "seed", std::to_string(run.seed));
    add_property(properties, "rig", run.rig);
    add_property(properties, "dut", run.dut);
    for (const CaseResult& result : run.cases) {
        add_case(suite, result);
    }
    std::ostringstream text;
    document.save(text, "  ");
    return std::move(text).str();
}

} // namespace meterbench::reports
