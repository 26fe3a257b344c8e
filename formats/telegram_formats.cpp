// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_formats.hpp"

#include "core/bytes/crc.hpp"
#include "formats/telegram_sink.hpp"

#include <algorithm>

namespace meterbench::formats {

using namespace core::application;

std::string write_formats(const FormatCache& cache) {
    auto entries = cache.entries();
    std::ranges::sort(entries, {}, &FormatCache::Entry::used);
    std::string text;
    Sink out{text};
    out.text(R"({"schema":"meterbench.formats/1","formats":[)");
    bool first = true;
    for (const FormatCache::Entry& entry : entries) {
        out.text(first ? "\n " : ",\n ");
        first = false;
        out.text(R"({"manufacturer":)");
        out.number(entry.key.manufacturer);
        out.text(R"(,"version":)");
        out.number(entry.key.version);
        out.text(R"(,"device_type":)");
        out.number(entry.key.device_type);
        out.text(R"(,"format":")");
        out.hex(entry.format());
        out.text("\"}");
    }
    out.text("]}\n");
    out.flush();
    return text;
}

FileResult<void> read_formats(FormatCache& cache, std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    const JsonReader reader{*json, report};
    const JsonObject document = reader.document("meterbench.formats/1", {"schema", "formats"});
    for (const JsonReader& item : document.required("formats").items()) {
        const JsonObject object = item.object({"manufacturer", "version", "device_type", "format"});
        const DeviceId device{
            0, static_cast<std::uint16_t>(object.required("manufacturer").integer(0, 0xFFFF)),
            static_cast<std::uint8_t>(object.required("version").integer(0, 0xFF)),
            static_cast<std::uint8_t>(object.required("device_type").integer(0, 0xFF))};
        const auto format = object.required("format").bytes();
        if (format.size() > max_records) {
            object.complain("format", "has more than 252 bytes");
        }
        if (!report.failed()) {
            cache.learn(FormatCache::key_of(device, core::bytes::crc_en13757(format)), format);
        }
    }
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return {};
}

} // namespace meterbench::formats
