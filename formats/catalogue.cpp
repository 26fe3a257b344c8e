// SPDX-License-Identifier: Apache-2.0
#include "formats/catalogue.hpp"

#include <algorithm>
#include <vector>

namespace meterbench::formats {

namespace {

/// Clauses may be empty where the facts name none.
std::string plain_text(const JsonObject& object, std::string_view key) {
    const JsonReader reader = object.required(key);
    return reader.is(JsonValue::Kind::text) ? reader.value().text : reader.text();
}

} // namespace

const RequirementInfo* Catalogue::find(std::string_view id) const {
    const auto merged = merged_.find(id);
    const auto found = requirements_.find(merged == merged_.end() ? id : merged->second);
    return found == requirements_.end() ? nullptr : &found->second;
}

FileResult<void> Catalogue::add(std::string_view text, std::string_view file) {
    const auto value = parse_json(text, file);
    if (!value) {
        return std::unexpected{value.error()};
    }
    JsonReport report{std::string{file}};
    const JsonReader document{*value, report};
    const JsonObject object =
        document.document("meterbench.catalogue/1", {"schema", "requirements"});
    for (const JsonReader& item : object.required("requirements").items()) {
        const JsonObject row = item.object({"id", "source", "clause", "layer", "role", "severity",
                                            "confidence", "text", "method", "also"});
        RequirementInfo info;
        info.id = row.required("id").text();
        info.clause = plain_text(row, "source");
        const std::string clause = plain_text(row, "clause");
        info.clause += info.clause.empty() || clause.empty() ? clause : ", " + clause;
        info.text = row.required("text").text();
        info.severity = row.required("severity").text();
        info.confidence = row.required("confidence").text();
        (void)row.required("severity").one_of({"shall", "should", "may"});
        (void)row.required("confidence").one_of({"confirmed", "single", "memory"});
        (void)row.required("role").one_of({"meter", "master", "both"});
        if (const auto also = row.optional("also")) {
            for (const JsonReader& other : also->items()) {
                merged_[other.text()] = info.id;
            }
        }
        if (find(info.id) != nullptr) {
            item.complain("id: " + info.id + " is there twice");
        }
        requirements_.emplace(info.id, info);
    }
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return {};
}

FileResult<Catalogue> load_catalogue(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
        if (entry.path().extension() == ".json") {
            files.push_back(entry.path());
        }
    }
    if (error || files.empty()) {
        return std::unexpected{folder.string() + ": no requirement catalogue here"};
    }
    std::ranges::sort(files);
    Catalogue catalogue;
    for (const auto& file : files) {
        const auto text = read_text_file(file);
        if (!text) {
            return std::unexpected{text.error()};
        }
        if (const auto added = catalogue.add(*text, file.string()); !added) {
            return std::unexpected{added.error()};
        }
    }
    return catalogue;
}

} // namespace meterbench::formats
