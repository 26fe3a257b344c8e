// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "formats/data_path.hpp"
#include "formats/json_reader.hpp"
#include "formats/trace_reader.hpp"
#include "harness/lua/trace_judge.hpp"
#include "harness/second_judge.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::apps {
namespace {

namespace fs = std::filesystem;
using formats::JsonValue;
using harness::LiveJudgement;
using harness::lua::Ruling;
using harness::lua::TraceJudge;

constexpr const char* examples = R"(Examples:
  meterbench judge meterbench-report
  meterbench judge meterbench-report/cases/wired.link.fcb.repeat/trace.pcapng
  meterbench judge --json meterbench-report | jq 'select(.verdict == "fail")'

The second judge recomputes, from the trace alone and with code of its own, what each
requirement came to. Of a report folder its rulings are compared with the verdicts there.
Exit status: 0 nothing was broken; 1 a requirement was broken, as the report says too;
2 a file cannot be read; 3 the judges disagree, or a trace was edited.)";

struct Options {
    std::vector<std::string> paths;
    std::string data;
    std::string uncertainty = "0ms";
    bool json = false;
};

/// What the report says of its cases, by id.
using LiveCases = std::map<std::string, LiveJudgement>;

std::vector<std::string> texts_of(const JsonValue* list) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
        texts.push_back(list->items[i].text);
    }
    return texts;
}

std::string text_of(const JsonValue& object, std::string_view key) {
    const JsonValue* const value = object.member(key);
    return value == nullptr ? std::string{} : value->text;
}

formats::Verdict verdict_named(std::string_view name) {
    const auto found = std::ranges::find(formats::verdict_names, name);
    return found == formats::verdict_names.end()
               ? formats::Verdict::none
               : static_cast<formats::Verdict>(found - formats::verdict_names.begin());
}

std::expected<LiveCases, std::string> read_result(const fs::path& file) {
    const auto text = formats::read_text_file(file);
    if (!text) {
        return std::unexpected{text.error()};
    }
    const auto result = formats::parse_json(*text, file.string());
    if (!result) {
        return std::unexpected{result.error()};
    }
    const JsonValue* const cases = result->member("cases");
    if (text_of(*result, "schema") != "meterbench.result/1" || cases == nullptr) {
        return std::unexpected{fmt::format("{}: is no meterbench.result/1", file.string())};
    }
    LiveCases live;
    for (const JsonValue& entry : cases->items) {
        LiveJudgement& made = live[text_of(entry, "id")];
        made.verdict = verdict_named(text_of(entry, "verdict"));
        made.checks = texts_of(entry.member("checks"));
        const JsonValue* const steps = entry.member("steps");
        for (std::size_t i = 0; steps != nullptr && i < steps->items.size(); ++i) {
            if (text_of(steps->items[i], "kind") == "remark") {
                made.remarked.push_back(text_of(steps->items[i], "requirement"));
            }
        }
    }
    return live;
}

class Court {
  public:
    Court(TraceJudge judge, core::Duration uncertainty, bool json)
        : judge_{std::move(judge)}, uncertainty_{uncertainty}, json_{json} {}

    void hear(const fs::path& path) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            hear_trace(path, nullptr);
            return;
        }
        const auto live = read_result(path / "result.json");
        if (!live) {
            refuse(live.error());
            return;
        }
        std::size_t heard = 0;
        for (const auto& [id, entry] : *live) {
            const fs::path trace = path / "cases" / id / "trace.pcapng";
            if (fs::exists(trace, error)) {
                hear_trace(trace, &entry);
                ++heard;
            }
        }
        if (heard == 0) {
            refuse(fmt::format("{}: holds no trace of a case", path.string()));
        }
    }

    /// Prints the closing line and returns the exit status.
    int close() {
        fmt::print(
            stderr,
            "{} traces, {} rulings pass, {} fail, {} not shown; {} disagreements, {} edited\n",
            traces_, passed_, failed_, none_, disagreements_, edited_);
        if (refused_) {
            return exit_status::usage;
        }
        if (disagreements_ != 0 || edited_ != 0 || broken_) {
            return exit_status::error;
        }
        return failed_ != 0 ? exit_status::failure : exit_status::success;
    }

  private:
    void refuse(const std::string& message) {
        fmt::print(stderr, "meterbench judge: {}\n", message);
        refused_ = true;
    }

    void hear_trace(const fs::path& file, const LiveJudgement* live) {
        std::ifstream stream{file, std::ios::binary};
        if (!stream) {
            refuse(fmt::format("{}: cannot be read", file.string()));
            return;
        }
        const std::vector<char> bytes{std::istreambuf_iterator<char>{stream}, {}};
        const auto trace = formats::read_trace_pcapng(
            {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, file.string());
        if (!trace) {
            refuse(trace.error());
            return;
        }
        ++traces_;
        if (!trace->edited.empty()) {
            ++edited_;
            print(trace->case_id, {}, "edited", trace->edited, 0, {});
            return;
        }
        const auto rulings = judge_.judge(*trace, uncertainty_);
        if (!rulings) {
            fmt::print(stderr, "meterbench judge: {}: {}\n", file.string(), rulings.error());
            broken_ = true;
            return;
        }
        for (const Ruling& ruling : *rulings) {
            take(trace->case_id, ruling, live);
        }
    }

    void take(const std::string& id, const Ruling& ruling, const LiveJudgement* live) {
        const auto against = live == nullptr ? std::nullopt : harness::disagreement(*live, ruling);
        passed_ += ruling.verdict == Ruling::Verdict::pass ? 1U : 0U;
        none_ += ruling.verdict == Ruling::Verdict::none ? 1U : 0U;
        failed_ += ruling.verdict == Ruling::Verdict::fail ? 1U : 0U;
        disagreements_ += against ? 1U : 0U;
        if (json_ || against || ruling.verdict == Ruling::Verdict::fail) {
            print(id, ruling.requirement, name_of(ruling.verdict), ruling.text, ruling.packet,
                  against.value_or(""));
        }
    }

    void print(const std::string& id, const std::string& requirement, std::string_view verdict,
               const std::string& text, std::size_t packet, const std::string& against) const {
        if (json_) {
            nlohmann::ordered_json line{{"schema", "meterbench.ruling/1"}, {"case", id}};
            line["requirement"] = requirement.empty() ? nlohmann::ordered_json{nullptr}
                                                      : nlohmann::ordered_json(requirement);
            line["verdict"] = verdict;
            line["text"] = text;
            line["packet"] = packet;
            line["disagreement"] = against;
            fmt::print("{}\n", line.dump());
            return;
        }
        const std::string place = packet == 0 ? "" : fmt::format(" (packet {})", packet);
        const std::string dispute = against.empty() ? "" : " [disagreement: " + against + "]";
        fmt::print("{:<40} {:<12} {:<6} {}{}{}\n", id, requirement, verdict, text, place, dispute);
    }

    TraceJudge judge_;
    core::Duration uncertainty_;
    bool json_;
    std::size_t traces_ = 0, passed_ = 0, failed_ = 0, none_ = 0, disagreements_ = 0, edited_ = 0;
    bool refused_ = false;
    bool broken_ = false;
};

int judge(const Options& options) {
    const auto uncertainty = formats::parse_duration(options.uncertainty);
    if (!uncertainty) {
        fmt::print(stderr, "meterbench judge: --uncertainty {}: is no duration such as 2ms\n",
                   options.uncertainty);
        return exit_status::usage;
    }
    const auto folder = formats::DataPath{options.data}.resolve("scenarios/judge");
    if (!folder) {
        fmt::print(stderr, "meterbench judge: {}\n", folder.error());
        return exit_status::usage;
    }
    auto loaded = TraceJudge::load(*folder);
    if (!loaded) {
        fmt::print(stderr, "meterbench judge: {}\n", loaded.error());
        return exit_status::usage;
    }
    Court court{std::move(*loaded), *uncertainty, options.json};
    for (const std::string& path : options.paths) {
        court.hear(path);
    }
    return court.close();
}

} // namespace

void add_judge(CLI::App& app, int& status) {
    const auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand(
        "judge", "Judge traces a second time, by other code, and compare with the report");
    command->footer(examples);
    command->add_option("path", options->paths, "Traces (trace.pcapng), or report folders of run")
        ->required()
        ->type_name("TRACE | REPORT");
    command
        ->add_option("--uncertainty", options->uncertainty,
                     "How far the traces' times may be from the truth; 0ms in simulation")
        ->type_name("TIME")
        ->capture_default_str();
    command->add_option("--data", options->data, "Look for scenarios/judge in this folder first")
        ->type_name("DIR");
    command->add_flag("--json", options->json,
                      "Every ruling as an object of schema meterbench.ruling/1");
    command->callback([options, &status] { status = judge(*options); });
}

} // namespace meterbench::apps
