// SPDX-License-Identifier: Apache-2.0
#include "formats/telegram_words.hpp"

#include "core/application/manufacturer.hpp"
#include "core/link/address.hpp"
#include "formats/telegram_json.hpp"
#include "formats/telegram_value.hpp"

#include <fmt/format.h>

namespace meterbench::formats {

using namespace core::application;

namespace {

void add_qualifiers(std::string& text, const Record& record) {
    std::array<char, max_qualifier_name> storage;
    for (const Qualifier qualifier : record.qualifiers()) {
        text += ", ";
        text += qualifier_name(qualifier, storage);
    }
}

} // namespace

std::string control_in_words(core::link::ControlField control) {
    std::string text{name_of(control.function())};
    if (control.from_master()) {
        if (control.fcv()) {
            text += control.fcb() ? ", FCB 1" : ", FCB 0";
        }
        return text;
    }
    text += control.acd() ? ", ACD: an alarm is waiting" : "";
    text += control.dfc() ? ", DFC: no further data accepted" : "";
    return text;
}

std::string address_in_words(std::uint8_t address) {
    using namespace core::link;
    switch (address) {
    case address::selected: return "address FDh: the selected meter";
    case address::test: return "address FEh: every meter, answering";
    case address::broadcast: return "address FFh: every meter, nobody answers";
    default: break;
    }
    return fmt::format("{} {}", address > address::last_individual ? "reserved address" : "address",
                       address);
}

std::string manufacturer_in_words(std::uint16_t code) {
    if (const auto letters = manufacturer_letters(code)) {
        return {letters->begin(), letters->end()};
    }
    return fmt::format("{:04X}h", code);
}

std::string status_in_words(Status status) {
    std::string text;
    const auto add = [&text](bool set, std::string_view words) {
        if (set) {
            text += text.empty() ? "" : ", ";
            text += words;
        }
    };
    add(status.application() == Status::Application::busy, "application busy");
    add(status.application() == Status::Application::error, "application error");
    add(status.application() == Status::Application::alarm, "alarm");
    add(status.power_low(), "power low");
    add(status.permanent_error(), "permanent error");
    add(status.temporary_error(), "temporary error");
    if (status.manufacturer() != 0) {
        add(true, fmt::format("manufacturer bits {}", status.manufacturer()));
    }
    return text.empty() ? "no error" : text;
}

std::string dib_in_words(const Record& record) {
    if (record.global_readout) {
        return "global readout request";
    }
    std::string text{name_of(record.coding)};
    if (record.function != Function::instantaneous) {
        text += fmt::format(", {}", name_of(record.function));
    }
    if (record.storage != 0 || record.register_number) {
        text +=
            fmt::format(", {} {}", record.register_number ? "register" : "storage", record.storage);
    }
    if (record.tariff != 0) {
        text += fmt::format(", tariff {}", record.tariff);
    }
    if (record.subunit != 0) {
        text += fmt::format(", subunit {}", record.subunit);
    }
    return text;
}

std::string vib_in_words(const Record& record) {
    std::string text{name_of(record.quantity)};
    std::string unit;
    {
        Sink sink{unit};
        if (record.quantity == Quantity::plain_text) {
            append_unit(sink, record, false);
        } else {
            sink.text(name_of(record.vif_unit));
        }
    }
    if (record.vif_exponent != 0) {
        text += fmt::format(", 10^{} {}", static_cast<int>(record.vif_exponent), unit);
    } else if (!unit.empty()) {
        text += ", " + unit;
    }
    add_qualifiers(text, record);
    return text;
}

std::string quantity_in_words(const Record& record) {
    std::string text{name_of(record.quantity)};
    add_qualifiers(text, record);
    return text;
}

std::string value_in_words(const Record& record) {
    if (record.value.type == ValueType::none) {
        return "no data";
    }
    if (!has_value(record)) {
        return fmt::format("no value ({})", name_of(record.value.invalid));
    }
    std::string text;
    {
        Sink sink{text};
        append_value(sink, record, false);
        if (record.unit != Unit::none || record.quantity == Quantity::plain_text) {
            sink.put(' ');
            append_unit(sink, record, false);
        }
    }
    return text;
}

std::string fault_in_words(const core::Fault& fault) {
    return fmt::format("{}: {}", name_of(fault.code), fault_detail(fault));
}

} // namespace meterbench::formats
