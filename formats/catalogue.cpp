// SPDX-License-Identifier: Apache-2.0
#include "formats/catalogue.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace meterbench::formats {

namespace {

/// Clauses may be empty where the facts name none.
std::string plain_text(const JsonObject& object, std::string_view key) {
    const JsonReader reader = object.required(key);
    return reader.is(JsonValue::Kind::text) ? reader.value().text : reader.text();
}

/// `{"by": "suite"}`, or `bench` or `not` with a reason.
Testability read_testability(const JsonReader& reader) {
    const JsonObject object = reader.object({"by", "reason"});
    Testability tested;
    tested.by = static_cast<Tested>(object.required("by").one_of(
        {name_of(Tested::suite), name_of(Tested::bench), name_of(Tested::none)}));
    if (const auto reason = object.optional("reason")) {
        tested.reason = reason->text();
    }
    if (tested.reason.empty() != (tested.by == Tested::suite)) {
        reader.complain("reason: due where a case cannot decide, and only there");
    }
    return tested;
}

/// How it is tested, of each role that it binds.
std::map<std::string, Testability, std::less<>> read_tested(const JsonObject& row,
                                                            std::size_t role) {
    constexpr std::array<std::string_view, 2> roles{"meter", "master"};
    const JsonReader reader = row.required("tested");
    const JsonObject object = reader.object({roles[0], roles[1]});
    std::map<std::string, Testability, std::less<>> tested;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto entry = object.optional(roles[i]);
        if (entry) {
            tested.emplace(roles[i], read_testability(*entry));
        }
        const bool binds = role == i || role == roles.size(); // the third role is both
        if (entry.has_value() != binds) {
            reader.complain(std::string{roles[i]} + ": does not go with role");
        }
    }
    return tested;
}

Requirement read_requirement(const JsonObject& row) {
    Requirement requirement;
    requirement.id = row.required("id").text();
    requirement.clause = plain_text(row, "source");
    const std::string clause = plain_text(row, "clause");
    requirement.clause += requirement.clause.empty() || clause.empty() ? clause : ", " + clause;
    requirement.text = row.required("text").text();
    requirement.severity = row.required("severity").text();
    requirement.confidence = row.required("confidence").text();
    requirement.layer = row.required("layer").text();
    requirement.role = row.required("role").text();
    requirement.method = plain_text(row, "method");
    (void)row.required("severity").one_of({"shall", "should", "may"});
    (void)row.required("confidence").one_of({"confirmed", "single", "memory"});
    (void)row.required("layer").one_of(
        {"physical", "link", "selection", "transport", "records", "types", "procedures"});
    requirement.tested = read_tested(row, row.required("role").one_of({"meter", "master", "both"}));
    return requirement;
}

} // namespace

const Requirement* Catalogue::find(std::string_view id) const {
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
                                            "confidence", "text", "method", "also", "tested"});
        Requirement info = read_requirement(row);
        if (const auto also = row.optional("also")) {
            for (const JsonReader& other : also->items()) {
                merged_[other.text()] = info.id;
            }
        }
        if (find(info.id) != nullptr) {
            item.complain("id: " + info.id + " is there twice");
        }
        std::string id = info.id;
        requirements_.emplace(std::move(id), std::move(info));
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
