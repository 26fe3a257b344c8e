// SPDX-License-Identifier: Apache-2.0
#include "core/device/record_application.hpp"

#include "core/application/selection.hpp"
#include "core/application/telegram.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace meterbench::core::device {

namespace {

constexpr std::uint8_t ci_response = 0x72;
constexpr std::uint8_t ci_application_error = 0x70;
constexpr std::uint8_t ci_selected_application = 0x66;
constexpr std::uint8_t ci_request_of_application = 0x54;
constexpr std::uint8_t ci_request_of_application_long = 0x55;
constexpr std::uint8_t ci_synchronise_action = 0x5C;
constexpr std::uint8_t ci_first_rate = 0xB8;
constexpr std::uint8_t ci_last_rate = 0xBF;
constexpr std::uint8_t dif_more_follows = 0x1F;
constexpr std::uint8_t record_error_overflow = 0x16; ///< EN 13757-3, table 18

/// EN 13757-3, clause 10.
constexpr std::uint8_t error_unspecified = 0x00;
constexpr std::uint8_t error_ci_not_implemented = 0x01;

/// EN 13757-7, 8.2: CI B8h to BFh.
constexpr std::array<Baud, 8> rates{
    {{300}, {600}, {1200}, {2400}, {4800}, {9600}, {19200}, {38400}}};

/// A record that says why its value cannot be sent.
Expected<std::size_t> encode_overflow(const Point& point, std::span<std::uint8_t> into) {
    const application::Qualifier error{application::Qualifier::Table::error, record_error_overflow};
    application::RecordSpec record = point.spec;
    record.coding = application::Coding::none;
    record.type = application::ValueType::none;
    record.qualifiers = std::span{&error, 1};
    return application::encode_record(record, into);
}

/// A point that cannot say its value sends the record error: one value must not silence a meter.
Expected<std::size_t> encode_point(const Point& point, Instant now, std::span<std::uint8_t> into) {
    const auto size = point.encode(now, into);
    if (!size && size.error().code == FaultCode::value_out_of_range) {
        return encode_overflow(point, into);
    }
    return size;
}

constexpr std::size_t header_end = 13; ///< the CI-field and the long header

} // namespace

RecordApplication::RecordApplication(RecordMeter meter)
    : meter_{std::move(meter)}, access_number_{meter_.access_number} {
    if (meter_.telegrams.empty()) {
        meter_.telegrams.emplace_back();
    }
}

Expected<void> RecordApplication::check() const {
    Buffer scratch{};
    std::uint32_t number = 0;
    const auto sound = [&](const TelegramList& telegrams) -> Expected<void> {
        for (std::size_t i = 0; i < telegrams.size(); ++i, ++number) {
            if (const auto size = build(telegrams, i, 0, Instant{}, scratch); !size) {
                Fault fault = size.error();
                fault.offset = number;
                return std::unexpected{fault};
            }
        }
        return {};
    };
    auto result = sound(meter_.telegrams);
    for (const SelectableApplication& application : meter_.applications) {
        if (result) {
            result = sound(application.telegrams);
        }
    }
    return result;
}

bool RecordApplication::matches(std::span<const std::uint8_t> mask) const {
    return application::selection_matches(mask, meter_.device, meter_.fabrication_number);
}

std::optional<link::Telegram> RecordApplication::class1(bool fresh, Instant /*now*/) {
    const auto alarm = alarm_.answer(fresh);
    if (!alarm) {
        return std::nullopt;
    }
    return link::Telegram{.user_data = *alarm};
}

void RecordApplication::execute(std::span<const std::uint8_t> user_data, Instant now) {
    last_command_ = now;
    const application::Telegram command = application::decode_telegram(user_data);
    if (command.fault) {
        error_ = command.fault->code == FaultCode::unknown_ci ||
                         command.fault->code == FaultCode::unsupported_ci
                     ? error_ci_not_implemented
                     : error_unspecified;
        return;
    }
    if (command.body == application::Body::reset) {
        return select_application(command.content);
    }
    if (command.body == application::Body::command) {
        return execute_command(command.content, now);
    }
    if (application::is_clock_sync(command.ci)) {
        const auto clock = application::decode_clock_sync(command.ci, command.content);
        if (!clock || !synchronise(meter_, *clock, now)) {
            error_ = error_unspecified;
        }
        return;
    }
    if (command.ci >= ci_first_rate && command.ci <= ci_last_rate) {
        return set_rate(command.ci);
    }
    if (command.ci == ci_request_of_application || command.ci == ci_request_of_application_long) {
        asked_for_application_ = true;
        return;
    }
    if (command.ci == ci_synchronise_action && freeze(meter_, std::nullopt, now)) {
        return;
    }
    error_ = error_ci_not_implemented; // MB2-LL-065
}

/// MB3-AP-001 to -004: without subcode, and for an application it does not have, the standard
/// response. The subcode is the first byte's high nibble; longer forms are known from one source.
void RecordApplication::select_application(std::span<const std::uint8_t> subcodes) {
    error_.reset();
    refused_.clear();
    answer_standard();
    if (subcodes.empty()) {
        return;
    }
    const auto number = static_cast<std::uint8_t>(subcodes.front() >> 4U);
    const auto found =
        std::ranges::find(meter_.applications, number, &SelectableApplication::number);
    if (found != meter_.applications.end()) {
        selected_ = found->telegrams;
        application_ = number;
    }
}

void RecordApplication::answer_standard() {
    selected_.reset();
    application_ = 0;
    rewind();
}

void RecordApplication::execute_command(std::span<const std::uint8_t> records, Instant now) {
    CommandOutcome outcome = carry_out(meter_, records, listed(), now);
    error_ = outcome.error;
    refused_ = std::move(outcome.refused);
    link_change_.address = outcome.address;
    if (outcome.whole_readout) {
        answer_standard();
    } else if (outcome.readout) {
        selected_ = packed(*outcome.readout, now);
        rewind();
    }
}

void RecordApplication::set_rate(std::uint8_t ci) {
    const Baud rate = rates[ci - ci_first_rate];
    if (std::ranges::find(meter_.rates, rate) == meter_.rates.end()) {
        error_ = error_ci_not_implemented; // MB2-LL-063
        return;
    }
    link_change_.baud = rate;
}

link::LinkChange RecordApplication::take_link_change() {
    return std::exchange(link_change_, {});
}

void RecordApplication::restart(Instant /*now*/) {
    error_.reset();
    refused_.clear();
    asked_for_application_ = false;
    answer_standard(); // MB3-AP-040
}

void RecordApplication::rewind() {
    index_.reset();
    size_ = 0;
}

const TelegramList& RecordApplication::active() const {
    return selected_ ? *selected_ : meter_.telegrams;
}

/// The points that are answered now.
std::vector<std::size_t> RecordApplication::listed() const {
    std::vector<std::size_t> points;
    for (const auto& telegram : active()) {
        points.insert(points.end(), telegram.begin(), telegram.end());
    }
    return points;
}

/// As many points a telegram as fit, in their order. A value may grow by its minus sign's place
/// only, so sizes do not change with time.
TelegramList RecordApplication::packed(const std::vector<std::size_t>& points, Instant now) const {
    TelegramList telegrams(1);
    Buffer scratch{};
    std::size_t used = header_end + 1; // DIF 1Fh
    for (const std::size_t point : points) {
        const std::size_t size = encode_point(meter_.points[point], now, scratch).value_or(0);
        if (used + size > scratch.size() && !telegrams.back().empty()) {
            telegrams.emplace_back();
            used = header_end + 1;
        }
        telegrams.back().push_back(point);
        used += size;
    }
    return telegrams;
}

link::Telegram RecordApplication::next(Instant now) {
    if (selected_ && now - last_command_ > meter_.response_lasts) {
        answer_standard();
    }
    if (report(now)) {
        return telegram();
    }
    const TelegramList& telegrams = active();
    const std::size_t index = index_ ? (*index_ + 1) % telegrams.size() : 0;
    index_ = index;
    size_ = build(telegrams, index, access_number_, now, telegram_).value_or(0);
    ++access_number_; // MB7-TL-008
    return telegram();
}

link::Telegram RecordApplication::current(Instant now) {
    return size_ == 0 ? next(now) : telegram();
}

link::Telegram RecordApplication::telegram() const {
    return {.user_data = std::span{telegram_}.first(size_), .access_demand = alarm_.standing()};
}

application::Status RecordApplication::status_now() const {
    constexpr std::uint8_t abnormal = 0x03; ///< EN 13757-7, 7.5.6
    const auto alarm = alarm_.standing() ? abnormal : std::uint8_t{0};
    return {static_cast<std::uint8_t>(meter_.status.raw | alarm)};
}

/// Puts what is to be reported instead of data into the telegram, if anything.
bool RecordApplication::report(Instant /*now*/) {
    if (error_) {
        telegram_[0] = ci_application_error;
        telegram_[1] = *error_;
        size_ = 2;
        error_.reset();
        return true;
    }
    if (asked_for_application_) {
        telegram_[0] = ci_selected_application;
        telegram_[1] = static_cast<std::uint8_t>(application_ << 4U);
        size_ = 2;
        asked_for_application_ = false;
        return true;
    }
    if (refused_.empty()) {
        return false;
    }
    constexpr std::uint8_t application_error = 0x02; ///< EN 13757-7, 7.5.6
    const auto kept = static_cast<std::uint8_t>(meter_.status.raw & ~0x03U);
    const auto head = put_header(access_number_,
                                 {static_cast<std::uint8_t>(kept | application_error)}, telegram_);
    const std::size_t room = telegram_.size() - header_end;
    const std::size_t size = std::min(refused_.size(), room);
    std::copy_n(refused_.begin(), size, telegram_.begin() + header_end);
    size_ = head.value_or(0) + size;
    refused_.clear();
    ++access_number_;
    return true;
}

Expected<std::size_t> RecordApplication::put_header(std::uint8_t access_number,
                                                    application::Status status,
                                                    Buffer& into) const {
    into[0] = ci_response;
    const application::LongHeader header{meter_.device,
                                         {.access_number = access_number, .status = status}};
    const auto head = application::encode_long_header(header, std::span{into}.subspan(1));
    return head ? Expected<std::size_t>{*head + 1} : head;
}

Expected<std::size_t> RecordApplication::build(const TelegramList& telegrams, std::size_t index,
                                               std::uint8_t access_number, Instant now,
                                               Buffer& into) const {
    const auto head = put_header(access_number, status_now(), into);
    if (!head) {
        return head;
    }
    std::size_t size = *head;
    for (const std::size_t point : telegrams[index]) {
        const auto record = encode_point(meter_.points[point], now, std::span{into}.subspan(size));
        if (!record) {
            return record;
        }
        size += *record;
    }
    if (index + 1 < telegrams.size()) {
        if (size == into.size()) {
            return failure(FaultCode::data_too_long);
        }
        into[size++] = dif_more_follows;
    }
    return size;
}

} // namespace meterbench::core::device
