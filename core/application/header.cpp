// SPDX-License-Identifier: Apache-2.0
#include "core/application/header.hpp"

#include <array>

namespace meterbench::core::application {
namespace {

std::uint8_t byte_of(std::uint32_t value, unsigned index) {
    return static_cast<std::uint8_t>(value >> (8U * index));
}

} // namespace

std::string_view name_of(Status::Application application) {
    static constexpr std::array<std::string_view, 4> names{"none", "busy", "error", "alarm"};
    return names[static_cast<std::size_t>(application)];
}

Expected<std::size_t> encode_device_id(const DeviceId& device, std::span<std::uint8_t> into) {
    if (into.size() < 8) {
        return failure(FaultCode::data_too_long, into.size());
    }
    for (unsigned i = 0; i < 4; ++i) {
        into[i] = byte_of(device.id, i);
    }
    into[4] = byte_of(device.manufacturer, 0);
    into[5] = byte_of(device.manufacturer, 1);
    into[6] = device.version;
    into[7] = device.device_type;
    return 8;
}

Expected<std::size_t> encode_short_header(const ShortHeader& header, std::span<std::uint8_t> into) {
    if (into.size() < size_of(HeaderKind::short_header)) {
        return failure(FaultCode::data_too_long, into.size());
    }
    into[0] = header.access_number;
    into[1] = header.status.raw;
    into[2] = byte_of(header.configuration, 0);
    into[3] = byte_of(header.configuration, 1);
    return size_of(HeaderKind::short_header);
}

Expected<std::size_t> encode_long_header(const LongHeader& header, std::span<std::uint8_t> into) {
    if (into.size() < size_of(HeaderKind::long_header)) {
        return failure(FaultCode::data_too_long, into.size());
    }
    static_cast<void>(encode_device_id(header.device, into));
    static_cast<void>(encode_short_header(header.transport, into.subspan(8)));
    return size_of(HeaderKind::long_header);
}

} // namespace meterbench::core::application
