// SPDX-License-Identifier: Apache-2.0
#include "formats/result_json.hpp"

#include "formats/result_fields.hpp"
#include "formats/result_text.hpp"

#include <algorithm>
#include <array>

namespace meterbench::formats {
namespace {

using fields::Json;

constexpr std::string_view result_schema = "meterbench.result/1";
constexpr std::string_view run_schema = "meterbench.run/1";

/// Pointers to the items, sorted by id; of equal ids the first comes first.
template <class Item, class Id>
std::vector<const Item*> sorted(const std::vector<Item>& items, Id id_of) {
    std::vector<const Item*> result;
    for (const Item& item : items) {
        result.push_back(&item);
    }
    std::sort(result.begin(), result.end(), [&](const Item* a, const Item* b) {
        return id_of(*a) != id_of(*b) ? id_of(*a) < id_of(*b) : a < b;
    });
    return result;
}

struct CountRow {
    const char* key;
    std::size_t value;
};
std::array<CountRow, 10> rows_of(const Counts& counts) {
    return {{{"planned", counts.executed() + counts.skipped()},
             {"executed", counts.executed()},
             {"skipped", counts.skipped()},
             {"passed", counts.passed},
             {"failed", counts.failed},
             {"inconclusive", counts.inconclusive},
             {"errors", counts.errors},
             {"not_applicable", counts.not_applicable},
             {"not_runnable", counts.not_runnable},
             {"remarks", counts.remarks}}};
}

Json counts_of(const RunResult& run) {
    Json result;
    for (const CountRow& row : rows_of(count(run))) {
        result[row.key] = row.value;
    }
    return result;
}

Json remarks_of(const CaseResult& result) {
    Json remarks = Json::array();
    for (const Step& step : result.steps) {
        if (step.kind == Step::Kind::remark) {
            remarks.push_back(printable(step.text));
        }
    }
    return remarks;
}

Json measurements_of(const CaseResult& result) {
    Json measurements = Json::array();
    for (const Step& step : result.steps) {
        if (step.kind == Step::Kind::measurement) {
            Json row;
            row["what"] = printable(step.text);
            row["passed"] = step.passed;
            row["actual"] = printable(step.actual);
            row["limits"] = printable(step.expected);
            row["requirement"] = printable(step.requirement);
            measurements.push_back(std::move(row));
        }
    }
    return measurements;
}

template <class Item> Json list_of(const std::vector<Item>& items) {
    Json result = Json::array();
    for (const Item& item : items) {
        result.push_back(fields::json_of(item));
    }
    return result;
}

Json json_of(const CaseResult& result) {
    Json json = fields::json_of(result.info);
    json["verdict"] = name_of(result.verdict);
    json["seed"] = result.seed;
    json["duration_ns"] = result.duration;
    if (result.spoilt) {
        json["spoilt"] = true;
    }
    json["reasons"] = list_of(result.reasons);
    json["remarks"] = remarks_of(result);
    json["measurements"] = measurements_of(result);
    json["artefacts"] = fields::json_of(result.artefacts);
    json["replay"] = printable(result.replay);
    if (!result.ledger.change.empty()) {
        json["ledger"] = {{"change", printable(result.ledger.change)},
                          {"agrees", result.ledger.agrees},
                          {"reason", printable(result.ledger.reason)}};
    }
    json["steps"] = list_of(result.steps);
    return json;
}

Json json_of(const RequirementInfo& requirement) {
    Json json;
    json["id"] = printable(requirement.id);
    json["clause"] = printable(requirement.clause);
    json["text"] = printable(requirement.text);
    json["severity"] = printable(requirement.severity);
    json["confidence"] = printable(requirement.confidence);
    if (!requirement.decided_by.empty()) {
        json["decided_by"] = printable(requirement.decided_by);
    }
    if (!requirement.why_not_suite.empty()) {
        json["why_not_suite"] = printable(requirement.why_not_suite);
    }
    return json;
}

std::string text_of(const Json& json) {
    return json.dump(1) + '\n';
}

/// A derived value must be what its source gives: an edited record is refused.
void check_agreement(const JsonReader& reader, const Json& derived, std::string_view source) {
    if (!reader.report().failed() && fields::json_of(reader.value()) != derived) {
        reader.complain(std::string{"does not agree with "}.append(source));
    }
}

template <class Item, class Read>
std::vector<Item> read_list(const JsonReader& reader, Read read_item) {
    std::vector<Item> items;
    for (const JsonReader& item : reader.items()) {
        items.push_back(read_item(item));
    }
    return items;
}

CaseResult read_case(const JsonReader& reader) {
    const JsonObject object =
        reader.object({"id", "title", "file", "role", "checks", "needs", "judges", "tags",
                       "verdict", "seed", "duration_ns", "spoilt", "reasons", "remarks",
                       "measurements", "artefacts", "replay", "ledger", "steps"});
    CaseResult result;
    result.info = fields::read_case_info(object);
    result.verdict = fields::read_verdict(object.required("verdict"));
    result.seed = fields::read_unsigned(object.required("seed"));
    result.duration = fields::read_time(object.required("duration_ns"));
    if (const auto spoilt = object.optional("spoilt")) {
        result.spoilt = spoilt->boolean();
    }
    result.reasons = read_list<Reason>(object.required("reasons"), fields::read_reason);
    result.steps = read_list<Step>(object.required("steps"), fields::read_step);
    check_agreement(object.required("remarks"), remarks_of(result), "the steps");
    check_agreement(object.required("measurements"), measurements_of(result), "the steps");
    result.artefacts = fields::read_texts(object.required("artefacts"));
    result.replay = fields::read_text(object.required("replay"));
    if (const auto member = object.optional("ledger")) {
        const JsonObject ledger = member->object({"change", "agrees", "reason"});
        result.ledger = {ledger.required("change").text(),
                         fields::read_text(ledger.required("reason")),
                         ledger.required("agrees").boolean()};
    }
    return result;
}

std::string optional_text(const JsonObject& object, std::string_view key) {
    const auto member = object.optional(key);
    return member ? fields::read_text(*member) : std::string{};
}

RequirementInfo read_requirement(const JsonReader& reader) {
    const JsonObject object = reader.object(
        {"id", "clause", "text", "severity", "confidence", "decided_by", "why_not_suite"});
    return {fields::read_text(object.required("id")),
            fields::read_text(object.required("clause")),
            fields::read_text(object.required("text")),
            fields::read_text(object.required("severity")),
            fields::read_text(object.required("confidence")),
            optional_text(object, "decided_by"),
            optional_text(object, "why_not_suite")};
}

void read_setting(const JsonObject& object, RunResult& run) {
    const JsonObject policy = object.required("policy").object({"strict", "confidence"});
    run.policy.strict = policy.required("strict").boolean();
    run.policy.confidence = fields::read_text(policy.required("confidence"));
    const JsonObject rig =
        object.required("rig").object({"name", "kind", "file", "uncertainty_ns", "uncertainty_by"});
    run.rig = fields::read_text(rig.required("name"));
    run.rig_kind = fields::read_text(rig.required("kind"));
    run.rig_json = fields::read_embedded(rig.required("file"));
    run.uncertainty = fields::read_time(rig.required("uncertainty_ns"));
    run.uncertainty_by = fields::read_text(rig.required("uncertainty_by"));
    const JsonObject dut = object.required("dut").object({"description", "role", "address"});
    run.dut = fields::read_text(dut.required("description"));
    run.dut_role = fields::read_text(dut.required("role"));
    run.dut_address = fields::read_text(dut.required("address"));
    run.ics_json = fields::read_embedded(object.required("ics"));
}

RunResult read_run_result(const JsonReader& reader) {
    const JsonObject object =
        reader.document(result_schema, {"schema", "version", "files_hash", "seed", "policy", "rig",
                                        "dut", "ics", "counts", "requirements", "cases"});
    RunResult run;
    run.version = fields::read_text(object.required("version"));
    run.files_hash = fields::read_text(object.required("files_hash"));
    run.seed = fields::read_unsigned(object.required("seed"));
    read_setting(object, run);
    run.requirements =
        read_list<RequirementInfo>(object.required("requirements"), read_requirement);
    run.cases = read_list<CaseResult>(object.required("cases"), read_case);
    check_agreement(object.required("counts"), counts_of(run), "the cases");
    return run;
}

Json files_of(const RunHost& host) {
    Json files = Json::array();
    for (const auto& [path, hash] : host.files) {
        files.push_back(Json{{"path", printable(path)}, {"hash", printable(hash)}});
    }
    return files;
}

RunHost read_run_host(const JsonReader& reader) {
    const JsonObject object = reader.document(
        run_schema, {"schema", "command_line", "host", "started", "wall_seconds", "files"});
    RunHost host;
    host.command_line = fields::read_text(object.required("command_line"));
    host.host = fields::read_text(object.required("host"));
    host.started = fields::read_text(object.required("started"));
    host.wall_seconds = object.required("wall_seconds").number();
    for (const JsonReader& item : object.required("files").items()) {
        const JsonObject file = item.object({"path", "hash"});
        host.files.emplace_back(fields::read_text(file.required("path")),
                                fields::read_text(file.required("hash")));
    }
    return host;
}

template <class Record, class Read>
std::expected<Record, std::string> read_record(std::string_view text, std::string_view file,
                                               Read read) {
    const auto value = parse_json(text, file);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{file}};
    Record record = read(JsonReader{*value, report});
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return record;
}

} // namespace

std::string write_result(const RunResult& run) {
    Json json;
    json["schema"] = result_schema;
    json["version"] = printable(run.version);
    json["files_hash"] = printable(run.files_hash);
    json["seed"] = run.seed;
    json["policy"] = {{"strict", run.policy.strict},
                      {"confidence", printable(run.policy.confidence)}};
    json["rig"] = {{"name", printable(run.rig)},
                   {"kind", printable(run.rig_kind)},
                   {"file", fields::embedded(run.rig_json)},
                   {"uncertainty_ns", run.uncertainty},
                   {"uncertainty_by", printable(run.uncertainty_by)}};
    json["dut"] = {{"description", printable(run.dut)},
                   {"role", printable(run.dut_role)},
                   {"address", printable(run.dut_address)}};
    json["ics"] = fields::embedded(run.ics_json);
    json["counts"] = counts_of(run);
    json["requirements"] = Json::array();
    for (const RequirementInfo* requirement :
         sorted(run.requirements,
                [](const RequirementInfo& item) -> const std::string& { return item.id; })) {
        json["requirements"].push_back(json_of(*requirement));
    }
    json["cases"] = Json::array();
    for (const CaseResult* result :
         sorted(run.cases,
                [](const CaseResult& item) -> const std::string& { return item.info.id; })) {
        json["cases"].push_back(json_of(*result));
    }
    return text_of(json);
}

std::expected<RunResult, std::string> read_result(std::string_view text, std::string_view file) {
    return read_record<RunResult>(text, file, read_run_result);
}

std::string write_run(const RunHost& host) {
    Json json;
    json["schema"] = run_schema;
    json["command_line"] = printable(host.command_line);
    json["host"] = printable(host.host);
    json["started"] = printable(host.started);
    json["wall_seconds"] = host.wall_seconds;
    json["files"] = files_of(host);
    return text_of(json);
}

std::expected<RunHost, std::string> read_run(std::string_view text, std::string_view file) {
    return read_record<RunHost>(text, file, read_run_host);
}

} // namespace meterbench::formats
