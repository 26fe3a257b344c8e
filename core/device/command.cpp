// SPDX-License-Identifier: Apache-2.0
#include "core/device/command.hpp"

#include "core/link/address.hpp"
#include "core/link/frame.hpp"

#include <algorithm>
#include <array>
#include <expected>
#include <utility>

namespace meterbench::core::device {

namespace {

using application::Coding;
using application::Quantity;
using application::Record;
using application::RecordReader;
using application::ValueType;
using Indices = std::vector<std::size_t>;

/// EN 13757-3, table 18.
namespace record_error {
constexpr std::uint8_t none = 0x00;
constexpr std::uint8_t storage = 0x02;
constexpr std::uint8_t subunit = 0x03;
constexpr std::uint8_t tariff = 0x04;
constexpr std::uint8_t function = 0x05;
constexpr std::uint8_t data_class = 0x06;
constexpr std::uint8_t vif = 0x0C;
constexpr std::uint8_t exponent = 0x0D;
constexpr std::uint8_t action = 0x0F;
constexpr std::uint8_t overflow = 0x16;
constexpr std::uint8_t data = 0x18;
} // namespace record_error

/// EN 13757-3, table 17.
enum class Action : std::uint8_t {
    write = 0x00,
    add = 0x01,
    subtract = 0x02,
    set_bits = 0x03,
    mask_bits = 0x04,
    toggle_bits = 0x05,
    clear_bits = 0x06,
    clear = 0x07,
    freeze = 0x0B,
    add_to_readout = 0x0C,
    delete_from_readout = 0x0D,
};

Action action_of(const Record& record) {
    for (const application::Qualifier qualifier : record.qualifiers()) {
        if (qualifier.table == application::Qualifier::Table::action) {
            return static_cast<Action>(qualifier.code);
        }
    }
    return Action::write;
}

/// The VIFEs that are no action are the point's.
bool same_qualifiers(const Record& record, const Point& point) {
    std::size_t at = 0;
    for (const application::Qualifier qualifier : record.qualifiers()) {
        if (qualifier.table == application::Qualifier::Table::action) {
            continue;
        }
        if (at >= point.qualifiers.size() || point.qualifiers[at] != qualifier) {
            return false;
        }
        ++at;
    }
    return at == point.qualifiers.size();
}

/// Clause 10, for what the reader stopped at.
std::uint8_t application_error(FaultCode code) {
    switch (code) {
    case FaultCode::record_truncated:
    case FaultCode::vif_missing: return 0x04;
    case FaultCode::too_many_difes: return 0x05;
    case FaultCode::too_many_vifes: return 0x06;
    default: return 0x00; // unspecified
    }
}

/// Carries out one command.
class Executor {
  public:
    Executor(RecordMeter& meter, const Indices& readout, Instant now)
        : meter_{meter}, readout_{readout}, now_{now} {}

    void carry_out(const Record& record) {
        if (record.global_readout) {
            outcome_.whole_readout = true;
            outcome_.readout.reset();
            return;
        }
        if (const std::uint8_t error = execute(record); error != record_error::none) {
            refuse(record, error);
        }
    }
    [[nodiscard]] CommandOutcome take() { return std::move(outcome_); }

  private:
    [[nodiscard]] std::uint8_t execute(const Record& record);
    [[nodiscard]] std::uint8_t select(const Record& record);
    [[nodiscard]] std::uint8_t list(const Record& record, Action action);
    [[nodiscard]] std::uint8_t write_address(const Record& record, Action action);
    [[nodiscard]] std::uint8_t write_identification(const Record& record, Action action);
    [[nodiscard]] std::uint8_t write_clock(const Record& record, Action action);
    [[nodiscard]] std::uint8_t write_point(const Record& record, Action action);
    [[nodiscard]] std::uint8_t change(Point& point, const Record& record, Action action) const;
    [[nodiscard]] std::uint8_t change_number(Point& point, const Record& record,
                                             Action action) const;
    [[nodiscard]] std::expected<Indices, std::uint8_t> find(const Record& record) const;
    void refuse(const Record& record, std::uint8_t error);

    RecordMeter& meter_;
    const Indices& readout_;
    Instant now_;
    CommandOutcome outcome_;
};

/// The points a record means; the error says what of its DIB or VIB none has. Of a selection, bits
/// that are all ones in DIF and DIFEs mean any storage and any tariff, VIF 7Eh any VIF (MB3-AP-007,
/// from memory).
std::expected<Indices, std::uint8_t> Executor::find(const Record& record) const {
    const bool selection = record.coding == Coding::selection;
    const bool any_vif = selection && record.quantity == Quantity::any;
    const unsigned difes = record.dib_size - 1U;
    const bool any_storage =
        selection && difes != 0 && record.storage == (std::uint64_t{1} << (1 + 4 * difes)) - 1;
    const bool any_tariff =
        selection && difes != 0 && record.tariff == (std::uint32_t{1} << (2 * difes)) - 1;
    Indices found(meter_.points.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        found[i] = i;
    }
    std::uint8_t error = record_error::none;
    const auto keep = [&](std::uint8_t code, auto fits) {
        if (error == record_error::none) {
            std::erase_if(found, [&](std::size_t i) { return !fits(meter_.points[i]); });
            error = found.empty() ? code : record_error::none;
        }
    };
    keep(record_error::vif, [&](const Point& point) {
        return any_vif || (point.spec.quantity == record.quantity &&
                           point.spec.unit == record.vif_unit && same_qualifiers(record, point));
    });
    keep(record_error::exponent, [&](const Point& point) {
        return !selection || any_vif || point.spec.exponent == record.vif_exponent;
    });
    keep(record_error::function,
         [&](const Point& point) { return point.spec.function == record.function; });
    keep(record_error::storage,
         [&](const Point& point) { return any_storage || point.spec.storage == record.storage; });
    keep(record_error::tariff,
         [&](const Point& point) { return any_tariff || point.spec.tariff == record.tariff; });
    keep(record_error::subunit,
         [&](const Point& point) { return point.spec.subunit == record.subunit; });
    if (error != record_error::none) {
        return std::unexpected{error};
    }
    return found;
}

std::uint8_t Executor::execute(const Record& record) {
    if (record.coding == Coding::selection) {
        return select(record);
    }
    const Action action = action_of(record);
    if (action == Action::add_to_readout || action == Action::delete_from_readout) {
        return list(record, action);
    }
    switch (record.quantity) {
    case Quantity::address: return write_address(record, action);
    case Quantity::identification: return write_identification(record, action);
    case Quantity::fabrication_number: return record_error::action; // MB7-SA-019: it stays
    case Quantity::date_and_time:
        if (record.storage == 0) {
            return write_clock(record, action);
        }
        return write_point(record, action);
    default: return write_point(record, action);
    }
}

std::uint8_t Executor::select(const Record& record) {
    const auto found = find(record);
    if (!found) {
        return found.error();
    }
    if (!outcome_.readout) {
        outcome_.readout.emplace();
    }
    outcome_.whole_readout = false;
    outcome_.readout->insert(outcome_.readout->end(), found->begin(), found->end());
    return record_error::none;
}

std::uint8_t Executor::list(const Record& record, Action action) {
    const auto found = find(record);
    if (!found) {
        return found.error();
    }
    if (!outcome_.readout) {
        outcome_.readout = readout_;
    }
    Indices& listed = *outcome_.readout;
    for (const std::size_t index : *found) {
        std::erase(listed, index);
        if (action == Action::add_to_readout) {
            listed.push_back(index);
        }
    }
    return record_error::none;
}

std::uint8_t Executor::write_address(const Record& record, Action action) {
    if (!meter_.address_writable || action != Action::write) {
        return record_error::action;
    }
    if (record.value.type != ValueType::decimal ||
        record.value.invalid != application::Invalid::none || record.value.negative ||
        record.value.magnitude > link::address::last_individual) {
        return record_error::data; // MB3-AP-011
    }
    outcome_.address = static_cast<std::uint8_t>(record.value.magnitude);
    return record_error::none;
}

std::uint8_t Executor::write_identification(const Record& record, Action action) {
    if (!meter_.identification_writable || action != Action::write) {
        return record_error::action;
    }
    constexpr std::size_t number_size = 4;
    constexpr std::size_t whole_size = 8;
    std::array<std::uint8_t, whole_size> bytes{};
    const auto data = record.data();
    if (record.coding == Coding::bcd8 && record.value.invalid == application::Invalid::none) {
        std::copy_n(data.begin(), number_size, bytes.begin());
        meter_.device.id = application::decode_device_id(bytes).id;
        return record_error::none;
    }
    if (record.coding == Coding::int64) { // MB7-SA-020
        std::copy_n(data.begin(), whole_size, bytes.begin());
        meter_.device = application::decode_device_id(bytes);
        return record_error::none;
    }
    return record_error::data_class;
}

std::uint8_t Executor::write_clock(const Record& record, Action action) {
    if (!meter_.clock_writable || action != Action::write) {
        return record_error::action;
    }
    if (record.value.type != ValueType::datetime ||
        record.value.invalid != application::Invalid::none) {
        return record_error::data;
    }
    bool set = false;
    for (Point& point : meter_.points) {
        if (point.is_clock()) {
            point.set(record.value.date, now_);
            set = true;
        }
    }
    return set ? record_error::none : record_error::vif;
}

std::uint8_t Executor::write_point(const Record& record, Action action) {
    const auto found = find(record);
    if (!found) {
        return found.error();
    }
    const std::size_t index = found->front();
    Point& point = meter_.points[index];
    if (action == Action::freeze) {
        return freeze(meter_, index, now_) ? record_error::none : record_error::action;
    }
    if (!point.writable) {
        return record_error::action;
    }
    const Point before = point;
    std::uint8_t error = change(point, record, action);
    std::array<std::uint8_t, link::max_data> scratch{};
    if (error == record_error::none && !point.encode(now_, scratch)) {
        error = record_error::overflow;
    }
    if (error != record_error::none) {
        point = before;
    }
    return error;
}

std::uint8_t Executor::change(Point& point, const Record& record, Action action) const {
    const bool valid = record.value.invalid == application::Invalid::none;
    switch (point.spec.type) {
    case ValueType::decimal:
    case ValueType::bits: return change_number(point, record, action);
    case ValueType::date:
    case ValueType::datetime:
        if (action != Action::write) {
            return record_error::action;
        }
        if (record.value.type != point.spec.type || !valid) {
            return record_error::data;
        }
        point.set(record.value.date, now_);
        return record_error::none;
    case ValueType::text: {
        if (action != Action::write) {
            return record_error::action;
        }
        if (record.coding != Coding::text) {
            return record_error::data_class;
        }
        const auto sent = record.content(); // last character first
        point.content.assign(sent.rbegin(), sent.rend());
        return record_error::none;
    }
    default: return record_error::data_class;
    }
}

std::uint8_t Executor::change_number(Point& point, const Record& record, Action action) const {
    if (action == Action::clear) {
        point.set(bytes::Decimal{false, 0, point.spec.exponent}, now_);
        return record_error::none;
    }
    const bool is_number =
        record.value.type == ValueType::decimal || record.value.type == ValueType::bits;
    if (!is_number || record.value.invalid != application::Invalid::none) {
        return record.coding == Coding::none ? record_error::data : record_error::data_class;
    }
    const auto now = point.at(now_);
    if (!now) {
        return record_error::overflow;
    }
    bytes::Decimal given = record.value.decimal();
    std::optional<bytes::Decimal> result;
    switch (action) {
    case Action::write: result = given; break;
    case Action::subtract: given.negative = !given.negative; [[fallthrough]];
    case Action::add: result = bytes::add(now->value, given); break;
    case Action::set_bits:
    case Action::mask_bits:
    case Action::toggle_bits:
    case Action::clear_bits: {
        if (point.spec.type != ValueType::bits) {
            return record_error::action;
        }
        const std::uint64_t own = now->value.magnitude;
        const std::uint64_t mask = given.magnitude;
        const std::uint64_t bits = action == Action::set_bits      ? own | mask
                                   : action == Action::mask_bits   ? own & mask
                                   : action == Action::toggle_bits ? own ^ mask
                                                                   : own & ~mask;
        result = bytes::Decimal{false, bits, 0};
        break;
    }
    default: return record_error::action;
    }
    const auto fitting = result ? bytes::rescale(*result, point.spec.exponent) : std::nullopt;
    if (!fitting) {
        return record_error::data;
    }
    point.set(*fitting, now_);
    return record_error::none;
}

/// DIB and VIF as they came, without data, and the error as the VIFE.
void Executor::refuse(const Record& record, std::uint8_t error) {
    constexpr std::uint8_t data_field_bits = 0x0F;
    constexpr std::uint8_t extension_bit = 0x80;
    std::vector<std::uint8_t>& out = outcome_.refused;
    const std::size_t begin = out.size();
    const auto dib = record.dib();
    const auto vif = record.vib().first(record.vif_size);
    out.insert(out.end(), dib.begin(), dib.end());
    out[begin] &= static_cast<std::uint8_t>(~data_field_bits);
    out.insert(out.end(), vif.begin(), vif.end());
    out.back() |= extension_bit;
    out.push_back(error);
}

} // namespace

CommandOutcome carry_out(RecordMeter& meter, std::span<const std::uint8_t> records,
                         const std::vector<std::size_t>& readout, Instant now) {
    const RecordReader::Options options{.direction = application::Direction::from_master};
    RecordReader whole{records, options};
    Record record;
    RecordReader::Step step = RecordReader::Step::record;
    while (step == RecordReader::Step::record) {
        step = whole.next(record);
    }
    if (step == RecordReader::Step::fault) {
        CommandOutcome refused;
        refused.error = application_error(whole.fault().code);
        return refused;
    }
    Executor executor{meter, readout, now};
    RecordReader reader{records, options};
    while (reader.next(record) == RecordReader::Step::record) {
        executor.carry_out(record);
    }
    return executor.take();
}

bool freeze(RecordMeter& meter, std::optional<std::size_t> only, Instant now) {
    bool done = false;
    for (Point& point : meter.points) {
        if (!point.freezes || (only && *only != *point.freezes)) {
            continue;
        }
        if (const auto source = meter.points[*point.freezes].at(now)) {
            point.set(source->value, now);
            point.spec.date = source->date;
            done = true;
        }
    }
    return done;
}

bool synchronise(RecordMeter& meter, const application::ClockSync& clock, Instant now) {
    const bool fits = clock.absolute ? clock.action() == application::ClockAction::set
                                     : clock.action() == application::ClockAction::add ||
                                           clock.action() == application::ClockAction::subtract;
    if (!fits || clock.time.invalid != application::Invalid::none || !meter.clock_writable) {
        return false;
    }
    const application::DateTime& time = clock.time.date;
    const Duration step = std::chrono::hours{time.hour} + std::chrono::minutes{time.minute} +
                          std::chrono::seconds{time.second};
    const bool back = clock.action() == application::ClockAction::subtract;
    bool done = false;
    for (Point& point : meter.points) {
        if (!point.is_clock()) {
            continue;
        }
        if (clock.absolute) {
            point.set(time, now);
        } else {
            point.set(advanced(point.spec.date, now - point.since + (back ? -step : step)), now);
        }
        done = true;
    }
    return done;
}

} // namespace meterbench::core::device
