// SPDX-License-Identifier: Apache-2.0
#include "formats/key_file.hpp"

#include "core/application/manufacturer.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace meterbench::formats {
namespace {

using core::receiver::DeviceKey;
using core::receiver::KeyStore;
using core::security::Key;

std::optional<std::uint32_t> id_of(std::string_view digits) {
    constexpr std::size_t size = 8;
    std::uint32_t id = 0;
    const char* const begin = digits.data();
    const char* const end = begin + digits.size();
    const auto result = std::from_chars(begin, end, id, 16);
    const bool whole = digits.size() == size && result.ec == std::errc{} && result.ptr == end;
    return whole ? std::optional{id} : std::nullopt;
}

std::optional<Key> key_of(std::string_view hex) {
    const auto bytes = parse_hex_text(hex);
    return bytes ? Key::make(*bytes) : std::nullopt;
}

/// `own`: those of this file alone.
void read_key(KeyStore& keys, KeyStore& own, const JsonReader& item) {
    const JsonObject object = item.object({"manufacturer", "id", "key"});
    const JsonReader hex = object.required("key");
    const auto key = hex.is(JsonValue::Kind::text) ? key_of(hex.value().text) : std::nullopt;
    if (!key) {
        object.complain("key", "must be 32 hex digits, or 16 for security modes 2 and 3");
        return;
    }
    const auto id = object.optional("id");
    const auto manufacturer = object.optional("manufacturer");
    if (!id) {
        if (manufacturer) {
            object.complain("id", "is missing: a manufacturer alone has no key");
        } else if (!keys.add_nameless(*key)) {
            object.complain("id", "is missing: at most 8 keys may have none");
        }
        return;
    }
    DeviceKey made{.key = *key};
    if (const auto digits = id_of(id->text())) {
        made.id = *digits;
    } else {
        object.complain("id", "must be eight digits");
    }
    if (manufacturer) {
        const auto code = core::application::manufacturer_code(manufacturer->text());
        if (!code) {
            object.complain("manufacturer", "must be three letters A to Z");
        }
        made.manufacturer = code.value_or(0);
    }
    const Key* const before = own.own(made.manufacturer, made.id);
    if (before != nullptr && !std::ranges::equal(before->bytes(), key->bytes())) {
        object.complain("id", "stands in the file twice, with two keys");
    }
    if (!item.report().failed()) {
        own.add(made);
        keys.add(made);
    }
}

/// Whether only the owner can get at the file.
bool is_private(const std::filesystem::path& path) {
    using std::filesystem::perms;
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    constexpr perms others = perms::group_all | perms::others_all;
    return error || (status.permissions() & others) == perms::none;
}

} // namespace

FileResult<void> parse_key_file(KeyStore& keys, std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        // Where it is wrong, but not what stands there: that may be a key.
        const std::string& message = json.error();
        const std::size_t at = message.find(": ", file.size());
        return std::unexpected{message.substr(0, at) + ": is no JSON, or a key is given twice"};
    }
    JsonReport report{std::string{file}};
    const JsonObject document =
        JsonReader{*json, report}.document("meterbench.keys/1", {"schema", "keys"});
    KeyStore own;
    for (const JsonReader& item : document.required("keys").items()) {
        read_key(keys, own, item);
    }
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return {};
}

FileResult<void> load_key_file(KeyStore& keys, const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    if (!is_private(path)) {
        return std::unexpected{
            fmt::format("{}: group or others may read or write it: run chmod 600 {}", path.string(),
                        path.string())};
    }
    return parse_key_file(keys, *text, path.string());
}

std::expected<void, std::string> add_key_text(KeyStore& keys, std::string_view text) {
    const std::size_t equals = text.find('=');
    const bool named = equals != std::string_view::npos;
    const auto key = key_of(named ? text.substr(equals + 1) : text);
    if (!key) {
        return std::unexpected{"a key is 32 hex digits, or 16 for security modes 2 and 3"};
    }
    if (!named) {
        if (!keys.add_nameless(*key)) {
            return std::unexpected{"at most 8 keys without an ID can be tried; give ID=HEX"};
        }
        return {};
    }
    const auto id = id_of(text.substr(0, equals));
    if (!id) {
        return std::unexpected{"the ID before = is the eight digits of an identification"};
    }
    keys.add({.id = *id, .key = *key});
    return {};
}

} // namespace meterbench::formats
