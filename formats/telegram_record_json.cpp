// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_record_json.hpp"

#include "core/application/profile.hpp"
#include "formats/telegram_value.hpp"

namespace meterbench::formats {
namespace {

using namespace core::application;

void append_string(Sink& out, std::string_view key, std::string_view value) {
    out.text(key);
    out.put('"');
    out.text(value);
    out.put('"');
}

template <class Number> void append_number(Sink& out, std::string_view key, Number value) {
    out.text(key);
    out.number(value);
}

void append_qualifiers(Sink& out, const Record& record) {
    if (record.vife_size == 0) {
        out.text(R"(,"qualifiers":[])");
        return;
    }
    out.text(R"(,"qualifiers":[)");
    std::array<char, max_qualifier_name> storage;
    bool first = true;
    for (const Qualifier qualifier : record.qualifiers()) {
        append_string(out, first ? "" : ",", qualifier_name(qualifier, storage));
        first = false;
    }
    out.put(']');
}

void append_date_flags(Sink& out, const Record& record) {
    const DateTime& date = record.value.date;
    if (date.daylight_saving) {
        out.text(R"(,"dst":true)");
    }
    if (date.leap_year) {
        out.text(R"(,"leap_year":true)");
    }
    if (date.weekday != 0) {
        append_number(out, R"(,"weekday":)", date.weekday);
    }
    if (date.week != 0) {
        append_number(out, R"(,"week":)", date.week);
    }
    if (date.deviation != 0) {
        append_number(out, R"(,"deviation":)", static_cast<int>(date.deviation));
    }
}

bool is_variable_number(Coding coding) {
    return coding == Coding::variable_bcd || coding == Coding::variable_negative_bcd ||
           coding == Coding::variable_binary;
}

void append_rare_keys(Sink& out, const Record& record) {
    if (record.value.invalid != Invalid::none) {
        append_string(out, R"(,"invalid":)", name_of(record.value.invalid));
    }
    if (record.error != 0) {
        const std::string_view name = record.error_name();
        append_string(out, R"(,"error":)", name.empty() ? "reserved" : name);
    }
    if (is_variable_number(record.coding)) {
        append_number(out, R"(,"length":)", record.data_size - 1);
    }
    if (record.vif_exponent != 0) {
        append_number(out, R"(,"exponent":)", static_cast<int>(record.vif_exponent));
    }
    if (record.vif_unit != record.unit) {
        append_string(out, R"(,"vif_unit":)", name_of(record.vif_unit));
    }
    if (record.plain_text == PlainText::after_vif && record.vife_size != 0) {
        append_string(out, R"(,"plain_text":)", "after VIF");
    }
    if (record.register_number) {
        out.text(R"(,"register_number":true)");
    }
    append_date_flags(out, record);
}

void append_value_and_type(Sink& out, const Record& record) {
    if (has_value(record)) {
        out.text(R"(,"value":")");
        append_value(out, record, true);
        out.text(R"(","type":")");
    } else {
        out.text(R"(,"value":null,"type":")");
    }
    out.text(name_of(record.value.type));
    out.put('"');
}

void append_series(Sink& out, const Record& record, std::span<const std::uint8_t> records) {
    const ProfileBase base = find_profile_base(records, record);
    ProfileReader reader{record, base};
    ProfileElement element;
    out.text(R"(,"series":[)");
    for (bool first = true; reader.next(element); first = false) {
        append_number(out, first ? R"({"storage":)" : R"(,{"storage":)", element.storage);
        if (element.time) {
            out.text(R"(,"time":")");
            append_date(out, *element.time, ValueType::datetime,
                        base.seconds || element.time->second != 0);
            out.text(R"(","value":)");
        } else {
            out.text(R"(,"time":null,"value":)");
        }
        if (element.invalid == Invalid::none) {
            out.put('"');
            append_decimal(out, element.value);
            out.text("\"}");
        } else {
            out.text("null}");
        }
    }
    out.put(']');
}

void append_fields(Sink& out, const Record& record) {
    out.text(R"("dib":")");
    out.hex(record.dib());
    out.text(R"(","vib":")");
    out.hex(record.vib());
    out.text(R"(","raw":")");
    out.hex(record.data());
    out.text(R"(","coding":")");
    out.text(name_of(record.coding));
    out.text(R"(","function":")");
    out.text(name_of(record.function));
    out.text(R"(","storage":)");
    out.number(record.storage);
    append_number(out, R"(,"tariff":)", record.tariff);
    append_number(out, R"(,"subunit":)", record.subunit);
    append_string(out, R"(,"quantity":)", name_of(record.quantity));
    out.text(R"(,"unit":")");
    append_unit(out, record, true);
    out.put('"');
    append_value_and_type(out, record);
    append_qualifiers(out, record);
    append_rare_keys(out, record);
}

} // namespace

void append_record(Sink& out, const Record& record) {
    out.put('{');
    append_fields(out, record);
    out.put('}');
}

void append_record(Sink& out, const Record& record, std::span<const std::uint8_t> records,
                   std::string_view name) {
    if (name.empty()) {
        out.put('{');
    } else {
        out.text(R"({"name":")");
        out.json_text(name);
        out.text(R"(",)");
    }
    append_fields(out, record);
    if (record.profile != 0) {
        append_series(out, record, records);
    }
    out.put('}');
}

void append_fixed_counter(Sink& out, const FixedCounter& counter) {
    out.text(R"({"dib":"","vib":"","raw":")");
    out.hex(counter.bytes);
    append_string(out, R"(","coding":)", counter.binary ? "int32" : "bcd8");
    append_number(out, R"(,"function":"instantaneous","storage":)", counter.historic ? 1 : 0);
    append_string(out, R"(,"tariff":0,"subunit":0,"quantity":)", name_of(counter.unit.quantity));
    append_string(out, R"(,"unit":)", name_of(counter.unit.unit));
    if (counter.value.invalid == Invalid::none) {
        out.text(R"(,"value":")");
        append_decimal(out, counter.value.decimal());
        out.text(R"(","type":"decimal","qualifiers":[])");
    } else {
        out.text(R"(,"value":null,"type":"decimal","qualifiers":[],"invalid":"invalid")");
    }
    if (counter.unit.exponent != 0) {
        append_number(out, R"(,"exponent":)", static_cast<int>(counter.unit.exponent));
    }
    out.put('}');
}

} // namespace meterbench::formats
