// SPDX-License-Identifier: Apache-2.0
#include "formats/journal.hpp"

#include "formats/result_stream.hpp"

#include <optional>
#include <utility>

namespace meterbench::formats {
namespace {

/// A line's end is the last thing written: without one it is not whole.
std::optional<std::string_view> next_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

/// `{"case":ID}` travels as the id of a Loaded item: one case, nothing else of it.
std::string id_line(const std::string& id) {
    CaseInfo info;
    info.id = id;
    return encode(Loaded{{info}});
}

} // namespace

std::string journal_head(std::string_view fingerprint) {
    return std::string{"meterbench.journal/1 "}.append(fingerprint).append("\n");
}

std::string journal_entry(const CaseResult& result) {
    std::string text = id_line(result.info.id);
    for (const Step& step : result.steps) {
        text += encode(step);
    }
    for (const Reason& reason : result.reasons) {
        text += encode(reason);
    }
    if (result.waveform) {
        text += encode(Waveform{*result.waveform});
    }
    return text + encode(Finished{result.verdict, result.duration, result.spoilt});
}

FileResult<std::vector<CaseResult>> read_journal(std::string_view text, std::string_view file,
                                                 std::string_view fingerprint) {
    const std::string head = journal_head(fingerprint);
    const auto first = next_line(text);
    if (!first || std::string{*first} + "\n" != head) {
        return std::unexpected{
            std::string{file} +
            ": is of another run (other cases, rig, statement, seed or policy): start over "
            "without --resume"};
    }
    std::vector<CaseResult> cases;
    CaseResult result;
    std::size_t number = 1;
    for (auto line = next_line(text); line; line = next_line(text)) {
        ++number;
        auto item = decode(*line);
        if (!item) {
            return std::unexpected{std::string{file} + ":" + std::to_string(number) + ": " +
                                   item.error()};
        }
        if (auto* const loaded = std::get_if<Loaded>(&*item)) {
            result = {};
            result.info.id = loaded->cases.empty() ? std::string{} : loaded->cases.front().id;
        } else if (auto* const step = std::get_if<Step>(&*item)) {
            result.steps.push_back(std::move(*step));
        } else if (auto* const reason = std::get_if<Reason>(&*item)) {
            result.reasons.push_back(std::move(*reason));
        } else if (auto* const waveform = std::get_if<Waveform>(&*item)) {
            result.waveform = std::move(waveform->trace);
        } else if (const auto* const end = std::get_if<Finished>(&*item)) {
            result.verdict = end->verdict;
            result.duration = end->duration;
            result.spoilt = end->spoilt;
            cases.push_back(std::exchange(result, {}));
        }
    }
    return cases;
}

} // namespace meterbench::formats
