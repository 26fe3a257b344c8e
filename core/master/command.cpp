// SPDX-License-Identifier: Apache-2.0
#include "core/master/command.hpp"

#include "core/application/telegram.hpp"

#include <array>

namespace meterbench::core::master {

namespace {

constexpr std::uint8_t ci_reset = 0x50;
constexpr std::uint8_t ci_data = 0x51;
constexpr std::uint8_t ci_first_rate = 0xB8;

} // namespace

UserData set_address_data(std::uint8_t address) {
    return {ci_data, 0x01, 0x7A, address};
}

UserData set_identification_data(const link::SecondaryAddress& address) {
    UserData data;
    data.reserve(3 + address.bytes.size());
    for (const std::uint8_t byte : {ci_data, std::uint8_t{0x07}, std::uint8_t{0x79}}) {
        data.push_back(byte);
    }
    for (const std::uint8_t byte : address.bytes) {
        data.push_back(byte);
    }
    return data;
}

UserData set_clock_data(const application::DateTime& time) {
    // Type F: minute, hour with summer time in bit 7, day with the year's low bits, month with its
    // high bits.
    const unsigned year = time.year % 100U + (time.year >= 2100 ? 100U : 0U);
    const auto byte = [](unsigned value) { return static_cast<std::uint8_t>(value); };
    return {ci_data,
            0x04,
            0x6D,
            byte(time.minute),
            byte(time.hour | (time.daylight_saving ? 0x80U : 0U)),
            byte(time.day | ((year & 0x07U) << 5U)),
            byte(time.month | ((year & 0x78U) << 1U))};
}

UserData application_reset_data(std::optional<std::uint8_t> subcode) {
    return subcode ? UserData{ci_reset, *subcode} : UserData{ci_reset};
}

std::optional<UserData> baud_rate_data(Baud baud) {
    constexpr std::array<std::uint32_t, 8> rates{300, 600, 1200, 2400, 4800, 9600, 19200, 38400};
    for (std::size_t i = 0; i < rates.size(); ++i) {
        if (rates[i] == baud.value) {
            return UserData{static_cast<std::uint8_t>(ci_first_rate + i)};
        }
    }
    return std::nullopt;
}

Command::Command(CommandConfig config)
    : MeterProcedure{config.target, config.link}, config_{std::move(config)} {
    begin();
}

void Command::begin() {
    delivered_ = 0;
    checking_ = false;
    answer_.clear();
    if (address() == link::address::broadcast) {
        assume_open(); // a reset for all would be another command
        return send_next();
    }
    open();
}

void Command::opened() {
    checking_ ? request2() : send_next();
}

void Command::send_next() {
    if (delivered_ < config_.data.size()) {
        if (const auto sent = send_data(config_.data[delivered_]); !sent) {
            finish(sent.error());
        }
        return;
    }
    if (!config_.check || address() == link::address::broadcast) {
        return finish(std::nullopt);
    }
    checking_ = true;
    open();
}

void Command::answered(const link::Outcome& outcome, const std::optional<Fault>& fault) {
    if (fault) {
        return finish(fault);
    }
    if (checking_) {
        return take_answer(outcome.answer.bytes());
    }
    ++delivered_;
    send_next();
}

void Command::take_answer(std::span<const std::uint8_t> frame) {
    answer_.assign(frame.begin(), frame.end());
    const auto telegram = application::decode_telegram(frame.subspan(6, frame.size() - 8));
    if (telegram.body == application::Body::application_error) {
        return finish(make_fault(FaultCode::application_error, 7, 0, telegram.error_code()));
    }
    if (telegram.body == application::Body::records) {
        application::RecordReader reader = telegram.records();
        application::Record record;
        while (reader.next(record) == application::RecordReader::Step::record) {
            if (!record.error_name().empty()) {
                return finish(make_fault(FaultCode::record_error));
            }
        }
    }
    finish(std::nullopt);
}

} // namespace meterbench::core::master
