// SPDX-License-Identifier: Apache-2.0
#include "core/application/clock.hpp"

#include "core/application/record_encoder.hpp"

#include <algorithm>

namespace meterbench::core::application {
namespace {

// Types I and J are coded as records code them: behind this DIB and VIB.
constexpr std::array<std::uint8_t, 2> absolute_record{0x06, 0x6D};
constexpr std::array<std::uint8_t, 2> relative_record{0x03, 0x6D};
constexpr std::size_t type_i_size = 6;
constexpr std::size_t type_j_size = 3;

} // namespace

std::string_view name_of(ClockAction action) {
    static constexpr std::array<std::string_view, 4> names{"set", "add", "subtract", "reserved"};
    return names[static_cast<std::size_t>(action)];
}

Expected<ClockSync> decode_clock_sync(std::uint8_t ci, std::span<const std::uint8_t> content) {
    if (content.size() < clock_sync_size) {
        return failure(FaultCode::record_truncated, content.size());
    }
    ClockSync clock;
    clock.absolute = ci == ci_clock_absolute;
    clock.control = content[0];
    std::array<std::uint8_t, absolute_record.size() + type_i_size> bytes{};
    const auto& head = clock.absolute ? absolute_record : relative_record;
    const std::size_t size = clock.absolute ? type_i_size : type_j_size;
    std::ranges::copy(head, bytes.begin());
    std::ranges::copy(content.subspan(1, size), bytes.begin() + head.size());
    RecordReader reader{std::span{bytes}.first(head.size() + size)};
    Record record;
    static_cast<void>(reader.next(record)); // complete by construction
    clock.time = record.value;
    return clock;
}

Expected<std::array<std::uint8_t, clock_sync_size>> encode_clock_sync(const ClockSync& clock) {
    RecordSpec spec;
    spec.quantity = Quantity::date_and_time;
    spec.coding = clock.absolute ? Coding::int48 : Coding::int24;
    spec.type = clock.absolute ? ValueType::datetime : ValueType::time;
    spec.date = clock.time.date;
    spec.invalid = clock.time.invalid;
    std::array<std::uint8_t, absolute_record.size() + type_i_size> bytes{};
    const auto size = encode_record(spec, bytes);
    if (!size) {
        return std::unexpected{size.error()};
    }
    std::array<std::uint8_t, clock_sync_size> body{};
    body[0] = clock.control;
    std::ranges::copy(std::span{bytes}.first(*size).subspan(absolute_record.size()),
                      body.begin() + 1);
    return body;
}

} // namespace meterbench::core::application
