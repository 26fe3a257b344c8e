// SPDX-License-Identifier: Apache-2.0
#include "formats/readout_line.hpp"

#include "core/bytes/hex.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace meterbench::formats {

using core::master::ReadoutLine;

namespace {

ReadoutLine read_line(const JsonReader& reader) {
    const JsonObject object = reader.document("meterbench.readout/1",
                                              {"schema", "address", "telegram", "found", "fault"});
    ReadoutLine line;
    if (const auto address = object.optional("address")) {
        line.address = address->text();
    }
    const int said = (object.has("telegram") ? 1 : 0) + (object.has("found") ? 1 : 0) +
                     (object.has("fault") ? 1 : 0);
    if (said != 1) {
        reader.complain("needs one of telegram, found and fault");
    } else if (object.has("telegram")) {
        line.kind = ReadoutLine::Kind::telegram;
        line.telegram = object.required("telegram").bytes();
    } else if (object.has("found")) {
        line.kind = ReadoutLine::Kind::found;
        line.address = object.required("found").text();
        if (object.has("address")) {
            object.complain("address", "has no place beside found");
        }
    } else {
        line.kind = ReadoutLine::Kind::fault;
        line.text = object.required("fault").text();
    }
    return line;
}

} // namespace

FileResult<ReadoutLine> parse_readout_line(std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    ReadoutLine line = read_line({*json, report});
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return line;
}

std::string write_readout_line(const ReadoutLine& line) {
    nlohmann::ordered_json json{{"schema", "meterbench.readout/1"}};
    if (line.kind == ReadoutLine::Kind::found) {
        json["found"] = line.address;
        return json.dump();
    }
    if (!line.address.empty()) {
        json["address"] = line.address;
    }
    if (line.kind == ReadoutLine::Kind::telegram) {
        std::string hex;
        core::bytes::append_hex(hex, line.telegram);
        json["telegram"] = hex;
    } else {
        json["fault"] = line.text;
    }
    return json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace meterbench::formats
