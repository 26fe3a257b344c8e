// SPDX-License-Identifier: Apache-2.0
#include "harness/model/station_device.hpp"

#include "core/application/header.hpp"
#include "core/application/manufacturer.hpp"

#include <utility>

namespace meterbench::harness::model {

namespace {

using core::Octet;
using core::OctetErrors;

constexpr core::Baud baud{2400};
/// Between the end of one exchange and the next stimulus: more than any rule of the line asks.
constexpr core::Duration pause = std::chrono::milliseconds{500};

OctetErrors errors_of(core::CharacterException::Kind kind) {
    switch (kind) {
    case core::CharacterException::Kind::none: return OctetErrors::none;
    case core::CharacterException::Kind::parity: return OctetErrors::parity;
    case core::CharacterException::Kind::framing: return OctetErrors::framing;
    case core::CharacterException::Kind::break_: return OctetErrors::break_ | OctetErrors::framing;
    }
    return OctetErrors::none;
}

/// What a receiver makes of a stimulus that begins at instant 0.
std::vector<Octet> heard(const WireStimulus& stimulus) {
    std::vector<Octet> octets;
    core::Duration late{};
    std::int64_t bits = 0;
    std::size_t next = 0;
    for (const std::uint8_t byte : stimulus.bytes) {
        Octet octet{.value = byte};
        if (next < stimulus.exceptions.size() && stimulus.exceptions[next].index == octets.size()) {
            octet.errors = errors_of(stimulus.exceptions[next].kind);
            late += stimulus.exceptions[next].gap_before.ceil(baud);
            ++next;
        }
        octet.start = core::Instant{} + core::bit_edge(baud, bits) + late;
        bits += core::character_bits.numerator;
        octet.end = core::Instant{} + core::bit_edge(baud, bits) + late;
        octets.push_back(octet);
    }
    return octets;
}

Addressee addressee_of(const core::device::RecordMeter& meter, std::uint8_t address) {
    Addressee to{.address = address, .unused = static_cast<std::uint8_t>(address % 250 + 1)};
    (void)core::application::encode_device_id(meter.device, to.secondary);
    return to;
}

} // namespace

StationDevice::StationDevice(const core::device::RecordMeter& meter, std::uint8_t address,
                             std::span<const core::link::SecondaryRow> table)
    : application_{meter},
      station_{{.address = address, .baud = baud, .table = table}, application_},
      address_{address} {
    const Addressee to = addressee_of(meter, address);
    for (const Stimulus stimulus : whole_alphabet()) {
        stimuli_[static_cast<std::size_t>(stimulus)] = heard(on_wire(stimulus, to));
    }
    // The telegrams in the order of the application, whatever the link layer above it does.
    for (std::size_t i = 0; i < meter.telegrams.size(); ++i) {
        const auto answer = core::link::encode_long(core::link::rsp_ud, address,
                                                    application_.class2().next(now_).user_data);
        if (answer) {
            (void)book_.classify(answer->bytes(), address);
        }
    }
}

core::Expected<void> StationDevice::reset() {
    now_ += pause;
    station_.restart(now_);
    return {};
}

core::Expected<OutputSet> StationDevice::step(Stimulus stimulus) {
    now_ += pause;
    const core::Duration shift = now_ - core::Instant{};
    for (Octet octet : stimuli_[static_cast<std::size_t>(stimulus)]) {
        octet.start += shift;
        octet.end += shift;
        station_.receive({&octet, 1});
        now_ = octet.end;
    }
    const auto answer = station_.transmit();
    if (!answer) {
        return silence;
    }
    now_ = answer->not_before + (core::character_bits.ceil(baud) * answer->bytes.size());
    const OutputSet output = book_.classify(answer->bytes, address_);
    station_.sent(now_);
    return output;
}

core::device::RecordMeter reference_meter(std::size_t telegrams) {
    core::device::RecordMeter meter;
    meter.device = {.id = 0x12345678,
                    .manufacturer = *core::application::manufacturer_code("MBX"),
                    .version = 1,
                    .device_type = 4};
    for (std::size_t i = 0; i < telegrams; ++i) {
        core::device::Point energy;
        energy.spec.quantity = core::application::Quantity::energy;
        energy.spec.unit = core::application::Unit::watt_hour;
        energy.spec.coding = core::application::Coding::int32;
        energy.spec.exponent = 3;
        energy.spec.storage = i;
        energy.spec.value = core::bytes::Decimal{.magnitude = 35, .exponent = 3};
        meter.points.push_back(std::move(energy));
        meter.telegrams.push_back({i});
    }
    return meter;
}

} // namespace meterbench::harness::model
