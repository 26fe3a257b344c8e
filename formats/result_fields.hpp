// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON of the parts of a result, shared by result_json and result_stream; for those two only.

#include "formats/json_reader.hpp"
#include "formats/result.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats::fields {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json json_of(const std::vector<std::string>& texts);
/// Members whose value is empty or standard are left out, `kind` and the times never.
[[nodiscard]] Json json_of(const Step& step);
[[nodiscard]] Json json_of(const Reason& reason);
[[nodiscard]] Json json_of(const CaseInfo& info);
[[nodiscard]] Json json_of(const JsonValue& value);

// The readers complain to the report of their argument, like those of json_reader.

[[nodiscard]] std::string read_text(const JsonReader& reader); ///< may be empty
[[nodiscard]] std::uint64_t read_unsigned(const JsonReader& reader);
[[nodiscard]] std::int64_t read_time(const JsonReader& reader);
[[nodiscard]] std::vector<std::string> read_texts(const JsonReader& reader);
[[nodiscard]] Verdict read_verdict(const JsonReader& reader);
[[nodiscard]] Step read_step(const JsonReader& reader);
[[nodiscard]] Reason read_reason(const JsonReader& reader);
[[nodiscard]] CaseInfo read_case_info(const JsonReader& reader);
/// The members of a CaseInfo, from an object that has others too.
[[nodiscard]] CaseInfo read_case_info(const JsonObject& object);

/// `text` is an object's JSON: that object. Else the text itself; null when it is empty.
[[nodiscard]] Json embedded(const std::string& text);
/// The text that embedded() makes the same JSON of.
[[nodiscard]] std::string read_embedded(const JsonReader& reader);

} // namespace meterbench::formats::fields
