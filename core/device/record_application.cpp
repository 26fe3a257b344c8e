// SPDX-License-Identifier: Apache-2.0
#include "core/device/record_application.hpp"

#include "core/application/selection.hpp"

#include <utility>

namespace meterbench::core::device {

namespace {

constexpr std::uint8_t ci_application_reset = 0x50;
constexpr std::uint8_t ci_response = 0x72;
constexpr std::uint8_t ci_application_error = 0x70;
constexpr std::uint8_t error_ci_not_implemented = 0x01; ///< EN 13757-3, clause 10
constexpr std::uint8_t dif_more_follows = 0x1F;

} // namespace

RecordApplication::RecordApplication(RecordMeter meter)
    : meter_{std::move(meter)}, access_number_{meter_.access_number} {
    if (meter_.telegrams.empty()) {
        meter_.telegrams.emplace_back();
    }
}

Expected<void> RecordApplication::check() const {
    Buffer scratch{};
    for (std::size_t i = 0; i < meter_.telegrams.size(); ++i) {
        if (const auto size = build(i, 0, Instant{}, scratch); !size) {
            Fault fault = size.error();
            fault.offset = static_cast<std::uint32_t>(i);
            return std::unexpected{fault};
        }
    }
    return {};
}

bool RecordApplication::matches(std::span<const std::uint8_t> mask) const {
    return application::selection_matches(mask, meter_.device, meter_.fabrication_number);
}

void RecordApplication::execute(std::span<const std::uint8_t> user_data, Instant /*now*/) {
    if (user_data.front() == ci_application_reset) {
        error_.reset();
        return rewind(); // MB3-AP-001, MB3-AP-004; a subcode it does not know acts the same
    }
    error_ = error_ci_not_implemented; // MB2-LL-065
}

void RecordApplication::restart(Instant /*now*/) {
    error_.reset();
    rewind();
}

void RecordApplication::rewind() {
    index_.reset();
    size_ = 0;
}

link::Telegram RecordApplication::next(Instant now) {
    if (error_) {
        return report_error();
    }
    const std::size_t index = index_ ? (*index_ + 1) % meter_.telegrams.size() : 0;
    index_ = index;
    size_ = build(index, access_number_, now, telegram_).value_or(0);
    ++access_number_; // MB7-TL-008
    return {.user_data = std::span{telegram_}.first(size_)};
}

link::Telegram RecordApplication::current(Instant now) {
    if (size_ == 0) {
        return next(now);
    }
    return {.user_data = std::span{telegram_}.first(size_)};
}

link::Telegram RecordApplication::report_error() {
    telegram_[0] = ci_application_error;
    telegram_[1] = *error_;
    size_ = 2;
    error_.reset();
    return {.user_data = std::span{telegram_}.first(size_)};
}

Expected<std::size_t> RecordApplication::build(std::size_t index, std::uint8_t access_number,
                                               Instant now, Buffer& into) const {
    into[0] = ci_response;
    std::size_t size = 1;
    const application::LongHeader header{meter_.device,
                                         {.access_number = access_number, .status = meter_.status}};
    const auto head = application::encode_long_header(header, std::span{into}.subspan(size));
    if (!head) {
        return std::unexpected{head.error()};
    }
    size += *head;
    for (const std::size_t point : meter_.telegrams[index]) {
        const auto record = meter_.points[point].encode(now, std::span{into}.subspan(size));
        if (!record) {
            return std::unexpected{record.error()};
        }
        size += *record;
    }
    if (index + 1 < meter_.telegrams.size()) {
        if (size == into.size()) {
            return failure(FaultCode::data_too_long);
        }
        into[size++] = dif_more_follows;
    }
    return size;
}

} // namespace meterbench::core::device
