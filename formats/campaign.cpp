// SPDX-License-Identifier: Apache-2.0
#include "formats/campaign.hpp"

#include "formats/result_fields.hpp"
#include "formats/result_text.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>

namespace meterbench::formats {
namespace {

using fields::Json;

constexpr std::string_view schema = "meterbench.campaign/1";
constexpr std::string_view survivors_schema = "meterbench.survivors/1";

Json json_of(const DeviceRun& run) {
    Json json;
    json["name"] = printable(run.device.name);
    json["ring"] = name_of(run.device.ring);
    json["requirement"] = printable(run.device.requirement);
    json["visible"] = printable(run.device.visible);
    json["verdicts"] = run.verdicts;
    json["findings"] = Json::array();
    for (const CellFinding& finding : run.findings) {
        json["findings"].push_back(Json{{"seed", finding.seed},
                                        {"case", finding.index},
                                        {"requirement", printable(finding.requirement)},
                                        {"where", printable(finding.where)},
                                        {"text", printable(finding.text)}});
    }
    return json;
}

/// Everything that the shards of one campaign share.
Json shared_json(const Campaign& campaign) {
    Json json;
    json["schema"] = schema;
    json["version"] = printable(campaign.version);
    json["rig"] = printable(campaign.rig);
    json["fingerprint"] = printable(campaign.fingerprint);
    json["seeds"] = campaign.seeds;
    json["stop_at_kill"] = campaign.stop_at_kill;
    json["cases"] = Json::array();
    for (const CampaignCase& item : campaign.cases) {
        json["cases"].push_back(Json{{"id", printable(item.id)},
                                     {"title", printable(item.title)},
                                     {"checks", fields::json_of(item.checks)}});
    }
    json["requirements"] = Json::array();
    for (const CampaignRequirement& item : campaign.requirements) {
        json["requirements"].push_back(Json{{"id", printable(item.id)},
                                            {"clause", printable(item.clause)},
                                            {"text", printable(item.text)}});
    }
    json["explained"] = Json::object();
    for (const auto& [name, reason] : campaign.explained) {
        json["explained"][printable(name)] = printable(reason);
    }
    json["devices"] = fields::json_of(campaign.devices);
    return json;
}

std::uint64_t read_number(const JsonReader& reader, std::size_t below) {
    return static_cast<std::uint64_t>(reader.integer(0, static_cast<std::int64_t>(below) - 1));
}

CampaignCase read_case(const JsonReader& reader) {
    const JsonObject object = reader.object({"id", "title", "checks"});
    return {object.required("id").text(), fields::read_text(object.required("title")),
            fields::read_texts(object.required("checks"))};
}

Ring read_ring(const JsonReader& reader) {
    return static_cast<Ring>(
        reader.one_of({"good", "behavioural", "code", "table", "benign", "null"}));
}

/// One letter a case, a row a seed.
std::vector<std::string> read_verdicts(const JsonReader& reader, const Campaign& campaign) {
    std::vector<std::string> rows;
    for (const JsonReader& item : reader.items()) {
        rows.push_back(item.text());
        if (rows.back().size() != campaign.cases.size() ||
            rows.back().find_first_not_of("pifear.") != std::string::npos) {
            item.complain("must be one letter of p i f e a r . for each case");
        }
    }
    if (rows.size() != campaign.seeds.size()) {
        reader.complain("must be one row for each seed");
    }
    return rows;
}

DeviceRun read_device(const JsonReader& reader, const Campaign& campaign) {
    const JsonObject object =
        reader.object({"name", "ring", "requirement", "visible", "verdicts", "findings"});
    DeviceRun run;
    run.device = {object.required("name").text(), read_ring(object.required("ring")),
                  fields::read_text(object.required("requirement")),
                  fields::read_text(object.required("visible"))};
    run.verdicts = read_verdicts(object.required("verdicts"), campaign);
    for (const JsonReader& item : object.required("findings").items()) {
        const JsonObject finding = item.object({"seed", "case", "requirement", "where", "text"});
        run.findings.push_back({read_number(finding.required("seed"), campaign.seeds.size()),
                                read_number(finding.required("case"), campaign.cases.size()),
                                fields::read_text(finding.required("text")),
                                fields::read_text(finding.required("where")),
                                fields::read_text(finding.required("requirement"))});
    }
    if (!std::ranges::binary_search(campaign.devices, run.device.name)) {
        object.complain("name", "is not among the campaign's devices");
    }
    return run;
}

void read_shared(const JsonObject& object, Campaign& campaign) {
    campaign.version = fields::read_text(object.required("version"));
    campaign.rig = fields::read_text(object.required("rig"));
    campaign.fingerprint = fields::read_text(object.required("fingerprint"));
    for (const JsonReader& item : object.required("seeds").items()) {
        campaign.seeds.push_back(fields::read_unsigned(item));
    }
    campaign.stop_at_kill = object.required("stop_at_kill").boolean();
    for (const JsonReader& item : object.required("cases").items()) {
        campaign.cases.push_back(read_case(item));
    }
    for (const JsonReader& item : object.required("requirements").items()) {
        const JsonObject requirement = item.object({"id", "clause", "text"});
        campaign.requirements.push_back({fields::read_text(requirement.required("id")),
                                         fields::read_text(requirement.required("clause")),
                                         fields::read_text(requirement.required("text"))});
    }
    for (const auto& [name, reason] : object.required("explained").members()) {
        campaign.explained.emplace(name, reason.text());
    }
    campaign.devices = fields::read_texts(object.required("devices"));
    if (!std::ranges::is_sorted(campaign.devices)) {
        object.complain("devices", "must be sorted");
    }
}

Json json_of(const CampaignTableMutant& mutant) {
    return Json{{"name", printable(mutant.name)},
                {"outcome", printable(mutant.outcome)},
                {"requirement", printable(mutant.requirement)},
                {"witness", printable(mutant.witness)}};
}

CampaignTableMutant read_table_mutant(const JsonReader& reader) {
    const JsonObject object = reader.object({"name", "outcome", "requirement", "witness"});
    const JsonReader outcome = object.required("outcome");
    (void)outcome.one_of({"killed", "survived", "equal", "allowed"});
    return {fields::read_text(object.required("name")), fields::read_text(outcome),
            fields::read_text(object.required("requirement")),
            fields::read_text(object.required("witness"))};
}

/// Of two shards that do not belong together, the first key in which they differ.
std::string difference(const Campaign& a, const Campaign& b) {
    const Json left = shared_json(a);
    const Json right = shared_json(b);
    for (const auto& [key, value] : left.items()) {
        if (right[key] != value) {
            return key;
        }
    }
    return a.shards != b.shards ? "shard.count" : std::string{};
}

/// What is wrong with a set of shards, if anything.
std::optional<std::string> trouble_of(const std::vector<Campaign>& shards,
                                      const std::vector<std::string>& names) {
    std::map<unsigned, std::size_t> seen;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        const std::string key = difference(shards.front(), shards[i]);
        if (!key.empty()) {
            return names[i] + ": " + key + ": is not that of " + names.front() +
                   ", so the two are not of one campaign";
        }
        const auto [place, fresh] = seen.emplace(shards[i].shard, i);
        if (!fresh) {
            return names[i] + ": shard " + std::to_string(shards[i].shard) +
                   " is there already, from " + names[place->second];
        }
    }
    std::string missing;
    for (unsigned k = 1; k <= shards.front().shards; ++k) {
        if (!seen.contains(k)) {
            missing += (missing.empty() ? "" : " ") + std::to_string(k) + "/" +
                       std::to_string(shards.front().shards);
        }
    }
    return missing.empty() ? std::nullopt : std::optional{"shards missing: " + missing};
}

bool same(const DeviceRun& a, const DeviceRun& b) {
    return json_of(a) == json_of(b);
}

} // namespace

bool cites(const CampaignCase& item, const std::string& requirement) {
    return std::ranges::find(item.checks, requirement) != item.checks.end();
}

unsigned shard_of(std::string_view device, unsigned shards) {
    std::uint64_t value = 14695981039346656037ULL; // FNV-1a, 64 bits
    for (const char c : device) {
        value = (value ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    const auto folded = static_cast<std::uint32_t>(value ^ (value >> 32U));
    return folded % shards + 1;
}

std::string write_campaign(const Campaign& campaign) {
    Json json = shared_json(campaign);
    json["shard"] = {{"index", campaign.shard}, {"count", campaign.shards}};
    json["runs"] = Json::array();
    for (const DeviceRun& run : campaign.runs) {
        json["runs"].push_back(json_of(run));
    }
    json["table_mutants"] = Json::array();
    for (const CampaignTableMutant& mutant : campaign.table_mutants) {
        json["table_mutants"].push_back(json_of(mutant));
    }
    return json.dump(1) + '\n';
}

FileResult<Campaign> read_campaign(std::string_view text, std::string_view file) {
    const auto value = parse_json(text, file);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{file}};
    const JsonObject object = JsonReader{*value, report}.document(
        schema, {"schema", "version", "rig", "fingerprint", "seeds", "stop_at_kill", "cases",
                 "requirements", "explained", "devices", "shard", "runs", "table_mutants"});
    Campaign campaign;
    read_shared(object, campaign);
    const JsonObject shard = object.required("shard").object({"index", "count"});
    constexpr std::int64_t most = std::numeric_limits<unsigned>::max();
    campaign.shards = static_cast<unsigned>(shard.required("count").integer(1, most));
    campaign.shard =
        static_cast<unsigned>(shard.required("index").integer(1, std::max(campaign.shards, 1U)));
    if (report.failed()) { // rows are read by what stands before them
        return std::unexpected{report.message()};
    }
    for (const JsonReader& item : object.required("runs").items()) {
        campaign.runs.push_back(read_device(item, campaign));
    }
    for (const JsonReader& item : object.required("table_mutants").items()) {
        campaign.table_mutants.push_back(read_table_mutant(item));
    }
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return campaign;
}

FileResult<Campaign> merge_campaigns(std::vector<Campaign> shards,
                                     const std::vector<std::string>& names) {
    if (shards.empty()) {
        return std::unexpected{std::string{"no shard to merge"}};
    }
    if (auto trouble = trouble_of(shards, names)) {
        return std::unexpected{std::move(*trouble)};
    }
    std::map<std::string, std::pair<DeviceRun, std::size_t>> runs;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        for (DeviceRun& run : shards[i].runs) {
            const auto [place, fresh] = runs.try_emplace(run.device.name, run, i);
            // Every shard runs the good device: the others are judged by it.
            if (!fresh && !same(place->second.first, run)) {
                return std::unexpected{names[i] + ": device " + run.device.name +
                                       ": another result than in " + names[place->second.second]};
            }
        }
    }
    std::vector<CampaignTableMutant> table_mutants;
    for (Campaign& shard : shards) {
        std::ranges::move(shard.table_mutants, std::back_inserter(table_mutants));
    }
    std::ranges::sort(table_mutants, {}, &CampaignTableMutant::name);
    Campaign merged = std::move(shards.front());
    merged.table_mutants = std::move(table_mutants);
    merged.shard = 1;
    merged.shards = 1;
    merged.runs.clear();
    for (const std::string& name : merged.devices) {
        const auto found = runs.find(name);
        if (found == runs.end()) {
            return std::unexpected{"device " + name + ": no shard has its result"};
        }
        merged.runs.push_back(std::move(found->second.first));
    }
    return merged;
}

FileResult<std::map<std::string, std::string>> parse_survivors(std::string_view text,
                                                               std::string_view file) {
    const auto value = parse_json(text, file);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{file}};
    const JsonObject object =
        JsonReader{*value, report}.document(survivors_schema, {"schema", "explained"});
    std::map<std::string, std::string> explained;
    for (const auto& [name, reason] : object.required("explained").members()) {
        explained.emplace(name, reason.text());
    }
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return explained;
}

} // namespace meterbench::formats
