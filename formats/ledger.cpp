// SPDX-License-Identifier: Apache-2.0
#include "formats/ledger.hpp"

#include <algorithm>
#include <cctype>

namespace meterbench::formats {
namespace {

Verdict read_expected(const JsonReader& reader) {
    constexpr std::array verdicts{Verdict::pass, Verdict::inconclusive, Verdict::fail,
                                  Verdict::not_applicable, Verdict::not_runnable};
    return verdicts.at(
        reader.one_of({"pass", "inconclusive", "fail", "not-applicable", "not-runnable"}));
}

Ledger::Entry read_entry(const JsonReader& reader) {
    if (reader.is(JsonValue::Kind::object)) {
        const JsonObject object = reader.object({"verdict", "reason"});
        return {read_expected(object.required("verdict")), object.required("reason").text()};
    }
    const Verdict verdict = read_expected(reader);
    if (verdict != Verdict::pass) {
        reader.complain("needs its reason: {\"verdict\": ..., \"reason\": ...}");
    }
    return {verdict, {}};
}

std::string upper(std::string_view word) {
    std::string text{word};
    std::ranges::transform(text, text.begin(), [](char c) {
        return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return text;
}

} // namespace

FileResult<Ledger> parse_ledger(std::string_view text, std::string_view file) {
    const auto value = parse_json(text, file);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{file}};
    const JsonObject object =
        JsonReader{*value, report}.document("meterbench.ledger/1", {"schema", "expected"});
    Ledger ledger;
    for (const auto& [id, entry] : object.required("expected").members()) {
        ledger.expected.emplace(id, read_entry(entry));
    }
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return ledger;
}

FileResult<Ledger> load_ledger(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    return parse_ledger(*text, path.string());
}

LedgerState compare(const Ledger& ledger, const std::string& id, Verdict verdict) {
    const Verdict actual = verdict == Verdict::none ? Verdict::error : verdict;
    const auto found = ledger.expected.find(id);
    if (found == ledger.expected.end()) {
        const bool fine = actual == Verdict::pass || actual == Verdict::not_applicable ||
                          actual == Verdict::not_runnable;
        return {"NEW: " + upper(name_of(actual)), {}, fine};
    }
    const Ledger::Entry& entry = found->second;
    const std::string before = entry.verdict == Verdict::pass ? "pass" : "xfail";
    if (actual == entry.verdict) {
        return {before, entry.reason, true};
    }
    return {before + "->" + upper(name_of(actual)), entry.reason, actual == Verdict::pass};
}

} // namespace meterbench::formats
