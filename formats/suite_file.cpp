// SPDX-License-Identifier: Apache-2.0
#include "formats/suite_file.hpp"

namespace meterbench::formats {

FileResult<SuiteFile> parse_suite_file(std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    const JsonReader reader{*json, report};
    const JsonObject object = reader.document("meterbench.suite/1", {"schema", "rig", "ics"});
    const std::filesystem::path folder = std::filesystem::path{file}.parent_path();
    SuiteFile suite;
    suite.rig = folder / object.required("rig").text();
    suite.ics = folder / object.required("ics").text();
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return suite;
}

FileResult<SuiteFile> load_suite_file(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    return parse_suite_file(*text, path.string());
}

} // namespace meterbench::formats
