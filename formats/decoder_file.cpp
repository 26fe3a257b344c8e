// SPDX-License-Identifier: Apache-2.0
#include "formats/decoder_file.hpp"

#include "core/application/device_type.hpp"
#include "core/application/manufacturer.hpp"
#include "core/application/value_decoder.hpp"
#include "formats/telegram_value.hpp"

#include <algorithm>
#include <array>

namespace meterbench::formats {
namespace {

using namespace core::application;

constexpr std::int64_t most_bytes = 252;

/// The codings of a field in manufacturer data.
struct FieldCoding {
    std::string_view name;
    DecoderField::Kind kind;
    std::uint8_t size; ///< 0: `length` says
};
constexpr std::array field_codings{
    FieldCoding{"uint8", DecoderField::Kind::unsigned_number, 1},
    FieldCoding{"uint16", DecoderField::Kind::unsigned_number, 2},
    FieldCoding{"uint24", DecoderField::Kind::unsigned_number, 3},
    FieldCoding{"uint32", DecoderField::Kind::unsigned_number, 4},
    FieldCoding{"uint48", DecoderField::Kind::unsigned_number, 6},
    FieldCoding{"uint64", DecoderField::Kind::unsigned_number, 8},
    FieldCoding{"int8", DecoderField::Kind::signed_number, 1},
    FieldCoding{"int16", DecoderField::Kind::signed_number, 2},
    FieldCoding{"int24", DecoderField::Kind::signed_number, 3},
    FieldCoding{"int32", DecoderField::Kind::signed_number, 4},
    FieldCoding{"int48", DecoderField::Kind::signed_number, 6},
    FieldCoding{"int64", DecoderField::Kind::signed_number, 8},
    FieldCoding{"bcd2", DecoderField::Kind::bcd, 1},
    FieldCoding{"bcd4", DecoderField::Kind::bcd, 2},
    FieldCoding{"bcd6", DecoderField::Kind::bcd, 3},
    FieldCoding{"bcd8", DecoderField::Kind::bcd, 4},
    FieldCoding{"bcd12", DecoderField::Kind::bcd, 6},
    FieldCoding{"bytes", DecoderField::Kind::bytes, 0},
};

void read_match(const JsonReader& reader, Decoder& into) {
    const JsonObject match = reader.object({"manufacturer", "version", "device_type"});
    const auto code = manufacturer_code(match.required("manufacturer").text());
    if (!code) {
        match.complain("manufacturer", "must be three letters A to Z");
    }
    into.manufacturer = code.value_or(0);
    if (const auto versions = match.optional("version")) {
        for (const JsonReader& item : versions->items()) {
            into.versions.push_back(static_cast<std::uint8_t>(item.integer(0, 255)));
        }
    }
    if (const auto types = match.optional("device_type")) {
        for (const JsonReader& item : types->items()) {
            const auto type = device_type_of(item.text());
            if (!type) {
                item.complain("unknown device type");
            }
            into.device_types.push_back(type.value_or(0));
        }
    }
}

DecoderPoint read_point(const JsonReader& reader) {
    const JsonObject object =
        reader.object({"name", "quantity", "function", "storage", "tariff", "subunit"});
    DecoderPoint point;
    point.name = object.required("name").text();
    const auto quantity = quantity_of(object.required("quantity").text());
    if (!quantity) {
        object.complain("quantity", "unknown quantity");
    }
    point.quantity = quantity.value_or(Quantity::unknown);
    if (const auto function = object.optional("function")) {
        point.function = function_of(function->text());
        if (!point.function) {
            object.complain("function", "unknown function");
        }
    }
    if (const auto storage = object.optional("storage")) {
        point.storage =
            static_cast<std::uint64_t>(storage->integer(0, static_cast<std::int64_t>(max_storage)));
    }
    if (const auto tariff = object.optional("tariff")) {
        point.tariff = static_cast<std::uint32_t>(tariff->integer(0, max_tariff));
    }
    if (const auto subunit = object.optional("subunit")) {
        point.subunit = static_cast<std::uint16_t>(subunit->integer(0, max_subunit));
    }
    return point;
}

DecoderField read_field(const JsonReader& reader) {
    const JsonObject object =
        reader.object({"name", "offset", "coding", "length", "unit", "exponent"});
    DecoderField field;
    field.name = object.required("name").text();
    field.offset = static_cast<std::size_t>(object.required("offset").integer(0, most_bytes));
    const std::string coding = object.required("coding").text();
    const auto* const known = std::ranges::find(field_codings, coding, &FieldCoding::name);
    if (known == field_codings.end()) {
        object.complain("coding", "unknown coding");
        return field;
    }
    field.kind = known->kind;
    field.size = known->size;
    if (known->size == 0) {
        field.size = static_cast<std::size_t>(object.required("length").integer(1, most_bytes));
    } else if (object.has("length")) {
        object.complain("length", "only bytes have one");
    }
    if (const auto unit = object.optional("unit")) {
        field.unit = unit->text();
    }
    if (const auto exponent = object.optional("exponent")) {
        field.exponent = static_cast<int>(exponent->integer(-64, 64));
    }
    return field;
}

} // namespace

bool Decoder::matches(const DeviceId& device) const {
    const auto allows = [](const std::vector<std::uint8_t>& list, std::uint8_t value) {
        return list.empty() || std::ranges::find(list, value) != list.end();
    };
    return device.manufacturer == manufacturer && allows(versions, device.version) &&
           allows(device_types, device.device_type);
}

std::string_view Decoder::name_of(const Record& record) const {
    const auto point = std::ranges::find_if(points, [&record](const DecoderPoint& wanted) {
        return wanted.quantity == record.quantity &&
               (!wanted.function || *wanted.function == record.function) &&
               (!wanted.storage || *wanted.storage == record.storage) &&
               (!wanted.tariff || *wanted.tariff == record.tariff) &&
               (!wanted.subunit || *wanted.subunit == record.subunit);
    });
    return point == points.end() ? std::string_view{} : std::string_view{point->name};
}

std::optional<std::string> value_of(const DecoderField& field,
                                    std::span<const std::uint8_t> manufacturer_data) {
    if (field.offset > manufacturer_data.size() ||
        field.size > manufacturer_data.size() - field.offset) {
        return std::nullopt;
    }
    const auto bytes = manufacturer_data.subspan(field.offset, field.size);
    std::string text;
    Sink sink{text};
    if (field.kind == DecoderField::Kind::bytes) {
        sink.hex(bytes);
        sink.flush();
        return text;
    }
    const auto size = static_cast<unsigned>(field.size);
    const std::uint64_t raw = detail::load(bytes.data(), size);
    Value value;
    switch (field.kind) {
    case DecoderField::Kind::signed_number:
        detail::convert_signed(raw, size, value);
        value.invalid = Invalid::none; // the standard's invalid codes are not the maker's
        break;
    case DecoderField::Kind::bcd: detail::convert_bcd(raw, size, value); break;
    default: value.magnitude = raw; break;
    }
    if (value.invalid != Invalid::none) {
        return std::nullopt;
    }
    value.exponent = static_cast<std::int8_t>(field.exponent);
    append_decimal(sink, value.decimal());
    sink.flush();
    return text;
}

FileResult<Decoder> parse_decoder(std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    const JsonReader reader{*json, report};
    const JsonObject document =
        reader.document("meterbench.decoder/1", {"schema", "match", "points", "manufacturer_data"});
    Decoder decoder;
    decoder.file = file;
    read_match(document.required("match"), decoder);
    if (const auto points = document.optional("points")) {
        for (const JsonReader& point : points->items()) {
            decoder.points.push_back(read_point(point));
        }
    }
    if (const auto fields = document.optional("manufacturer_data")) {
        for (const JsonReader& field : fields->items()) {
            decoder.fields.push_back(read_field(field));
        }
    }
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return decoder;
}

FileResult<DecoderSet> DecoderSet::load(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator at{folder, error}, end; !error && at != end;
         at.increment(error)) {
        if (at->path().extension() == ".json") {
            files.push_back(at->path());
        }
    }
    if (error) {
        return std::unexpected{folder.string() + ": " + error.message()};
    }
    std::ranges::sort(files);
    DecoderSet set;
    for (const std::filesystem::path& path : files) {
        const auto text = read_text_file(path);
        if (!text) {
            return std::unexpected{text.error()};
        }
        auto decoder = parse_decoder(*text, path.string());
        if (!decoder) {
            return std::unexpected{decoder.error()};
        }
        set.add(std::move(*decoder));
    }
    return set;
}

const Decoder* DecoderSet::find(const DeviceId& device) const {
    const auto found = std::ranges::find_if(
        decoders_, [&device](const Decoder& decoder) { return decoder.matches(device); });
    return found == decoders_.end() ? nullptr : &*found;
}

} // namespace meterbench::formats
