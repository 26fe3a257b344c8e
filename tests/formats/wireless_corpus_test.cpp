// SPDX-License-Identifier: Apache-2.0
// Purpose: the radio telegrams of real meters mean what other projects read in them, number by
// number, and every telegram with a key opens. Where the two disagree a row says why: either the
// telegram does not say it in records of the standard, or the standard contradicts the expectation.
#include "core/application/compact.hpp"
#include "core/receiver/receiver.hpp"
#include "formats/telegram_json.hpp"
#include "telegram_corpus.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

using namespace meterbench;
using core::receiver::KeyStore;
using core::receiver::Receiver;
using core::security::Key;
using formats::JsonValue;

namespace {

constexpr std::string_view proprietary_ci = "proprietary CI-field A0h to B7h";
constexpr std::string_view proprietary_data = "behind DIF 0Fh: a layout of the manufacturer";
constexpr std::string_view proprietary_lvar =
    "in a block of bytes behind a VIF of the manufacturer's own (FFh)";
constexpr std::string_view proprietary_content =
    "records only by name: a layout of the manufacturer stands where they should";
constexpr std::string_view scaled_by_driver =
    "a manufacturer's VIF (FFh): how it is scaled, only a driver knows";
constexpr std::string_view computed_by_driver = "computed by the driver from other values";
constexpr std::string_view format_unknown =
    "a compact frame, and no telegram of the corpus has its format";
constexpr std::string_view not_a_value =
    "80000000h is the invalid value of type B (EN 13757-3, annex A); expected as a number";
constexpr std::string_view a_duration =
    "VIFE 56h is the duration of the last lower limit exceed, so this is no flow";
constexpr std::string_view a_multiplier =
    "VIFE 75h multiplies by 0.1, which the expectation leaves out";
constexpr std::string_view days_not_percent =
    "VIF FDh 74h is days of battery life; this meter sends percent";
constexpr std::string_view of_the_receiver = "the receiver's, not of the telegram";
constexpr std::string_view reserved_mode =
    "a reserved security mode: the manufacturer's own scrambling";

/// Numbers of the expectation that our decoder does not give. A star at the end stands for
/// anything.
struct Exception {
    std::string_view telegram;
    std::string_view field;
    std::string_view reason;
};
constexpr std::array exceptions{
    Exception{"apator08-*", "*", proprietary_ci},
    Exception{"apator162-*", "total_m3", proprietary_data},
    Exception{"apatoreitn-2", "*", proprietary_ci},
    Exception{"apatorna1-*", "*", proprietary_ci},
    Exception{"bfw240radio-*", "*", proprietary_content},
    Exception{"c5isf-0", "prev_*", not_a_value},
    Exception{"compact5-*", "*", proprietary_ci},
    Exception{"driver_qwater-1", "volume_flow_m3h", "the telegram has no such record"},
    Exception{"driver_qwater-1", "*", proprietary_lvar},
    Exception{"em24-*", "total_apparent_energy_consumption_kvah", computed_by_driver},
    Exception{"em24-0", "total_apparent_energy_production_kvah", computed_by_driver},
    Exception{"em24-0", "total_reactive_energy_*", a_multiplier},
    Exception{"emerlin868-1", "target_m3", not_a_value},
    Exception{"fhkvdataiii-*", "*", proprietary_ci},
    Exception{"gwfwater-0", "battery_y", proprietary_data},
    Exception{"hydroclimav2-*", "*", proprietary_data},
    Exception{"hydrodigit-*", "*", proprietary_data},
    Exception{"hydrus-3", "*", reserved_mode},
    Exception{"ime-*", "*", scaled_by_driver},
    Exception{"izarv2-*", "*", proprietary_ci},
    Exception{"kampress-1", "*", format_unknown},
    Exception{"kamwater-3", "*", format_unknown},
    Exception{"kamwater-7", "*", format_unknown},
    Exception{"mbp-vector-6", "*", proprietary_ci},
    Exception{"mbp-vector-19", "status", "it is the control field of the extended link layer"},
    Exception{"mkradio*", "*", proprietary_ci},
    Exception{"nemo-2", "frequency_hz", scaled_by_driver},
    Exception{"omnipower-1", "*", format_unknown},
    Exception{"q400-*", "battery_pct", days_not_percent},
    Exception{"qcaloric-1", "*", proprietary_lvar},
    Exception{"qheatv2-*", "*", proprietary_lvar},
    Exception{"qwaterv2-0", "volume_flow_m3h", a_duration},
    Exception{"qwaterv2-3", "*", "an odd number of digits: no bytes"},
    Exception{"qwaterv2-*", "volume_flow_m3h", a_duration},
    Exception{"qwaterv2-*", "*", proprietary_lvar},
    Exception{"rfmtx1-0", "*", reserved_mode},
    Exception{"serial_aes-*", "rssi_dbm", of_the_receiver},
    Exception{"serial_aes-0", "total_m3", proprietary_content},
    Exception{"sharky-0", "*", reserved_mode},
    Exception{"simulation_log_test-4", "*", proprietary_ci},
    Exception{"simulation_t1-25", "*", proprietary_data},
    Exception{"vario451-0", "*", proprietary_ci},
    Exception{"zenner0b-0", "*", proprietary_data},
};

bool matches(std::string_view pattern, std::string_view text) {
    return pattern.ends_with('*') ? text.starts_with(pattern.substr(0, pattern.size() - 1))
                                  : text == pattern;
}

/// What a number in our unit is in the unit that the end of the field's name says.
struct Conversion {
    std::string_view suffix;
    std::string_view unit;
    double factor;
};
constexpr double joule_per_kwh = 3.6e6;
constexpr double days_per_year = 365.2425;
constexpr std::array conversions{
    Conversion{"m3", "m3", 1},
    Conversion{"kwh", "Wh", 1e-3},
    Conversion{"kwh", "J", 1 / joule_per_kwh},
    Conversion{"kw", "W", 1e-3},
    Conversion{"kw", "J/h", 1 / joule_per_kwh},
    Conversion{"kw", "var", 1e-3},
    Conversion{"m3h", "m3/h", 1},
    Conversion{"m3h", "m3/min", 60},
    Conversion{"c", "degC", 1},
    Conversion{"c", "K", 1},
    Conversion{"v", "V", 1},
    Conversion{"a", "A", 1},
    Conversion{"hz", "Hz", 1},
    Conversion{"rh", "%", 1},
    Conversion{"bar", "bar", 1},
    Conversion{"pct", "%", 1},
    Conversion{"s", "s", 1},
    Conversion{"s", "min", 60},
    Conversion{"s", "h", 3600},
    Conversion{"s", "d", 86400},
    Conversion{"h", "s", 1.0 / 3600},
    Conversion{"h", "min", 1.0 / 60},
    Conversion{"h", "h", 1},
    Conversion{"h", "d", 24},
    Conversion{"y", "d", 1 / days_per_year},
    Conversion{"hca", "", 1},
    Conversion{"counter", "", 1},
    Conversion{"factor", "", 1},
    Conversion{"nr", "", 1},
    Conversion{"kvarh", "varh", 1e-3},
    // Some meters say what is reactive by a subunit only.
    Conversion{"kvarh", "Wh", 1e-3},
    Conversion{"kvah", "Wh", 1e-3},
};

/// Expectations are floats printed with six digits behind the point.
bool is_close(double expected, double ours) {
    return std::abs(expected - ours) <= std::max(6e-7, 1e-7 * std::abs(expected));
}

std::string_view text(const JsonValue& in, std::string_view key) {
    const JsonValue* value = in.member(key);
    return value == nullptr ? std::string_view{} : std::string_view{value->text};
}

bool value_agrees(const JsonValue& from, std::string_view field, std::string_view quantity,
                  std::string_view unit, double expected) {
    const std::string value{text(from, "value")};
    char* end = nullptr;
    const double ours = std::strtod(value.c_str(), &end);
    if (value.empty() || *end != '\0') {
        return false;
    }
    // A manufacturer's VIF has no unit: the number as it stands.
    if (quantity == "manufacturer specific" && is_close(expected, ours)) {
        return true;
    }
    const std::string_view suffix = field.substr(field.rfind('_') + 1);
    const bool known = std::ranges::any_of(
        conversions, [suffix](const Conversion& row) { return row.suffix == suffix; });
    return (!known && is_close(expected, ours)) ||
           std::ranges::any_of(conversions, [&](const Conversion& row) {
               return row.suffix == suffix && row.unit == unit &&
                      is_close(expected, ours * row.factor);
           });
}

bool record_agrees(const JsonValue& record, std::string_view field, double expected) {
    const std::string_view quantity = text(record, "quantity");
    const std::string_view unit = text(record, "unit");
    if (value_agrees(record, field, quantity, unit, expected)) {
        return true;
    }
    const JsonValue* series = record.member("series");
    return series != nullptr && std::ranges::any_of(series->items, [&](const JsonValue& element) {
               return value_agrees(element, field, quantity, unit, expected);
           });
}

/// Some expectations are of the header: the field there, in our line.
const std::map<std::string_view, std::pair<std::string_view, std::string_view>> header_fields{
    {"identification_number", {"link_address", "id"}}, {"version", {"link_address", "version"}},
    {"medium", {"link_address", "device_type"}},       {"status", {"status", "raw"}},
    {"access_number", {"access_number", ""}},
};

/// The number of the header; none where this is no field of it.
std::optional<double> header_number(const JsonValue& ours, std::string_view field) {
    const auto row = header_fields.find(field);
    if (row == header_fields.end()) {
        return std::nullopt;
    }
    const auto& [object, key] = row->second;
    const JsonValue* value = ours.member(object);
    if (value == nullptr && field == "access_number") {
        value = ours.member("ell"); // of the link where no other is readable
        value = value == nullptr ? nullptr : value->member("access_number");
    }
    if (value != nullptr && !key.empty()) {
        value = value->member(key);
    }
    if (value == nullptr) {
        return -1;
    }
    return value->kind == JsonValue::Kind::text ? std::stod(value->text) : value->real;
}

bool agrees(const JsonValue& ours, std::string_view field, double expected) {
    if (const auto number = header_number(ours, field)) {
        return *number == expected;
    }
    return std::ranges::any_of(ours.member("records")->items, [&](const JsonValue& record) {
        return record_agrees(record, field, expected);
    });
}

JsonValue decode(const test::CorpusLine& line, const std::vector<std::uint8_t>& bytes,
                 core::application::FormatCache& formats) {
    KeyStore keys;
    std::set<std::vector<std::uint8_t>> given;
    for (const auto& key : line.keys) {
        if (given.insert(key).second) {
            BOOST_REQUIRE(keys.add_nameless(Key::make(key).value()));
        }
    }
    Receiver receiver{keys, {.partial_messages = 1}};
    std::string out;
    formats::write_telegram_json(
        out, 1, bytes,
        {.formats = &formats, .link = formats::Link::unknown, .receiver = &receiver});
    const auto value = formats::parse_json(out, "line");
    BOOST_REQUIRE_MESSAGE(value, out);
    return *value;
}

/// The formats of compact frames that the full frames of the corpus show.
core::application::FormatCache learned(const std::vector<test::CorpusLine>& lines) {
    core::application::FormatCache formats;
    for (const test::CorpusLine& line : lines) {
        for (const auto& before : line.before) {
            static_cast<void>(decode(line, before, formats));
        }
        static_cast<void>(decode(line, line.bytes, formats));
    }
    return formats;
}

std::string fault_of(const JsonValue& line) {
    return std::string{text(*line.member("fault"), "code")};
}

/// Telegrams whose key does not open them, or opens something that is no records, and why.
const std::map<std::string_view, std::string_view> not_opened{
    {"jmbus-mad", "its L-field is one too small: 63 bytes for 4 encrypted blocks"},
    {"serial_aes-0", "proprietary bytes behind the check bytes, which are no records"},
    {"simulation_aes_removed-0", "stored in clear; proprietary bytes that are no records"},
    {"simulation_broken-1", "its encrypted records are broken on purpose"},
    {"simulation_broken-2", "its encrypted records are broken on purpose"},
    {"simulation_formulas-0", "a compact frame without its format"},
    {"unismart-0", "a record behind the encrypted ones is cut"},
    {"apatorna1-1", proprietary_ci},
    {"apatorna1-4", proprietary_ci},
    {"apatorna1-5", proprietary_ci},
    {"apatorna1-7", proprietary_ci},
    {"apatorna1-9", proprietary_ci},
};

} // namespace

BOOST_AUTO_TEST_SUITE(wireless_corpus)

// Steps: learn all formats, decode each telegram, look for a record with each number expected, in
// its unit. Expectation: there is one, or a row says why not; and no row is left over.
BOOST_AUTO_TEST_CASE(numbers_agree) {
    const auto lines = test::read_corpus("wireless.jsonl");
    auto formats = learned(lines);
    std::size_t agreed = 0;
    std::set<const Exception*> used;
    for (const test::CorpusLine& line : lines) {
        const JsonValue ours = decode(line, line.bytes, formats);
        for (const auto& [field, value] : line.expect.members) {
            if (value.kind != JsonValue::Kind::integer && value.kind != JsonValue::Kind::real) {
                continue;
            }
            if (agrees(ours, field, value.real)) {
                ++agreed;
                continue;
            }
            const auto row = std::ranges::find_if(exceptions, [&](const Exception& exception) {
                return matches(exception.telegram, line.id) && matches(exception.field, field);
            });
            BOOST_TEST((row != exceptions.end()), line.id << ": " << field << " is not "
                                                          << value.real << ", fault "
                                                          << fault_of(ours));
            if (row != exceptions.end()) {
                used.insert(&*row);
            }
        }
    }
    BOOST_TEST_MESSAGE(agreed << " numbers agree");
    for (const Exception& exception : exceptions) {
        BOOST_TEST((lines.empty() || used.contains(&exception)),
                   exception.telegram << ' ' << exception.field << ": this row serves for nothing");
    }
}

BOOST_AUTO_TEST_CASE(telegrams_with_a_key_open) {
    const auto lines = test::read_corpus("wireless.jsonl");
    auto formats = learned(lines);
    std::size_t opened = 0;
    for (const test::CorpusLine& line : lines) {
        if (line.keys.empty()) {
            continue;
        }
        const JsonValue ours = decode(line, line.bytes, formats);
        const std::string fault = fault_of(ours);
        BOOST_TEST(fault.empty() != not_opened.contains(line.id), line.id << ": " << fault);
        opened += fault.empty() ? 1U : 0U;
        if (!fault.empty()) {
            continue;
        }
        const JsonValue* session = ours.member("ell");
        const bool encrypted = ours.member("security") != nullptr || session != nullptr;
        BOOST_TEST(encrypted, line.id);
        BOOST_TEST(!ours.member("records")->items.empty(), line.id);
    }
    BOOST_TEST_MESSAGE(opened << " telegrams opened");
    BOOST_TEST((lines.empty() || opened == 17U), opened);
}

BOOST_AUTO_TEST_SUITE_END()
