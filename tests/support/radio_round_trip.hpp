// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/application/record_encoder.hpp"
#include "core/receiver/receiver.hpp"
#include "core/sender/compose.hpp"
#include "core/wireless/chip_receiver.hpp"
#include "core/wireless/chip_sender.hpp"
#include "core/wireless/mode.hpp"
#include "tests/support/octets.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

/// What tests of sender and receiver share: a meter and a gateway, records, layers, keys, the air.
namespace meterbench::tests::radio {

using namespace core;
using namespace core::sender;
using transport::SecurityMode;
using wireless::Direction;
using wireless::FrameFormat;

using tests::Bytes;

inline constexpr application::DeviceId meter{0x12345678, 0x2C2D, 0x1B, 0x07};
inline constexpr application::DeviceId gateway{0x87654321, 0x1EF9, 0x01, 0x31};

inline wireless::LinkAddress address_of(const application::DeviceId& device) {
    return wireless::LinkAddress::make(device.manufacturer, device.id, device.version,
                                       device.device_type);
}

inline security::Key key_of(SecurityMode mode, std::uint8_t seed) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(std::size_t{seed} * 7 + i);
    }
    const bool des = mode == SecurityMode::des_cbc || mode == SecurityMode::des_cbc_iv;
    return security::Key::make(std::span{bytes}.first(des ? 8 : 16)).value();
}

inline security::ProtectionOptions compositions_with(std::string_view mode_8) {
    security::ProtectionOptions options;
    const std::array names{std::string_view{"mode-3-identification-manufacturer-date"}, mode_8,
                           std::string_view{"mode-9-address-counter"},
                           std::string_view{"mode-10-address-counter"},
                           std::string_view{"gmac-address-counter"}};
    for (std::size_t i = 0; i < names.size(); ++i) {
        options.compositions[i] = security::find_composition(names[i]);
        BOOST_REQUIRE(options.compositions[i] != nullptr);
    }
    options.date = 0x2A5F;
    return options;
}

/// A few records of random coding, storage, tariff and value.
inline Bytes random_records(std::mt19937_64& random) {
    Bytes records;
    const unsigned count = 1 + random() % 8;
    for (unsigned i = 0; i < count; ++i) {
        constexpr std::array codings{application::Coding::int8, application::Coding::int16,
                                     application::Coding::int32, application::Coding::bcd8};
        application::RecordSpec spec;
        spec.coding = codings[random() % codings.size()];
        spec.storage = random() % 40;
        spec.tariff = static_cast<std::uint32_t>(random() % 4);
        spec.quantity = application::Quantity::volume;
        spec.unit = application::Unit::cubic_metre;
        spec.exponent = -3;
        spec.value = {false, random() % 100, -3};
        std::array<std::uint8_t, 32> room{};
        const auto size = encode_record(spec, room);
        BOOST_REQUIRE(size.has_value());
        records.insert(records.end(), room.begin(),
                       room.begin() + static_cast<std::ptrdiff_t>(*size));
    }
    return records;
}

/// Storage, tariff and value of each record.
struct Read {
    std::uint64_t storage;
    std::uint32_t tariff;
    std::uint64_t magnitude;
    int exponent;
    bool operator==(const Read&) const = default;
};

inline std::vector<Read> read(std::span<const std::uint8_t> content,
                              application::Direction direction) {
    application::RecordReader reader{content, {direction, 0, false}};
    std::vector<Read> all;
    application::Record record;
    while (reader.next(record) == application::RecordReader::Step::record) {
        all.push_back(
            {record.storage, record.tariff, record.value.magnitude, record.value.exponent});
    }
    return all;
}

/// Through the air: chips among noise, and the frame that comes out.
inline Bytes over_the_air(const wireless::ModeRow& row, FrameFormat format, const Bytes& frame,
                          std::mt19937_64& random) {
    Bytes packed(2048);
    bytes::ChipWriter writer{packed};
    for (unsigned i = 0; i < 4; ++i) {
        writer.put(random(), static_cast<unsigned>(random() % 65));
    }
    wireless::write_chips(row, format, frame, writer);
    writer.put(random(), 64);
    BOOST_REQUIRE(writer.complete());
    wireless::ChipReceiver receiver{{*wireless::reception_of(row)}};
    std::span<const std::uint8_t> left{packed.data(), bytes::packed_size(writer.size())};
    Bytes found;
    const auto take = [&] {
        while (const auto heard = receiver.next()) {
            if (heard->complete() && heard->first_block && heard->format == format) {
                found.assign(heard->bytes.begin(), heard->bytes.end());
            }
        }
    };
    while (!left.empty()) {
        left = left.subspan(receiver.feed_packed(left));
        take();
    }
    receiver.finish(); // noise may have begun a frame that would end later
    take();
    return found;
}

struct Layers {
    std::uint8_t link_ci;
    std::uint8_t authentication;
    bool session_encrypted;
    bool long_header;
};
inline constexpr Layers layer_sets[]{
    {0, 0, false, false},    {0, 0, false, true},     {0x8C, 0, false, false},
    {0x8C, 0, false, true},  {0x8D, 0, false, false}, {0x8D, 0, true, false},
    {0x8E, 0, false, true},  {0x8F, 0, true, true},   {0x8C, 5, false, false},
    {0x8E, 7, false, true},  {0, 6, false, false},    {0x8C, 3, false, false},
    {0x8C, 4, false, false}, {0x8C, 8, false, false}, {0x8E, 9, false, true},
    {0x86, 0, true, true},   {0x86, 5, false, true},
};
/// A layout of ELL V; which is the standard's, no public text says.
inline constexpr wireless::EllFiveLayout layout{3, 0, 6, 5};
inline constexpr SecurityMode security_modes[]{
    SecurityMode::none,         SecurityMode::des_cbc,    SecurityMode::des_cbc_iv,
    SecurityMode::aes_cbc,      SecurityMode::aes_cbc_iv, SecurityMode::aes_cbc_derived,
    SecurityMode::aes_ctr_cmac, SecurityMode::aes_gcm,    SecurityMode::aes_ccm};

/// Each mode, mode 8 without and with its own code.
inline std::vector<std::pair<SecurityMode, std::string_view>> security_cases() {
    std::vector<std::pair<SecurityMode, std::string_view>> cases;
    for (const SecurityMode mode : security_modes) {
        cases.emplace_back(mode, "mode-8-address-counter");
    }
    cases.emplace_back(SecurityMode::aes_ctr_cmac, "mode-8-address-counter-cmac");
    return cases;
}

inline bool needs_key(SecurityMode mode, const Layers& layers) {
    return mode != SecurityMode::none || layers.authentication != 0 || layers.session_encrypted;
}

inline SenderProfile profile_of(Direction direction, FrameFormat format, const Layers& layers,
                                SecurityMode mode) {
    const bool down = direction == Direction::other_to_meter;
    SenderProfile profile;
    profile.address = address_of(down ? gateway : meter);
    if (down || layers.long_header) {
        profile.meter = meter;
    }
    profile.format = format;
    profile.link_ci = layers.link_ci;
    profile.receiver = address_of(down ? meter : gateway);
    if (layers.link_ci == wireless::ci_ell_5) {
        profile.ell_five = EllFive{layout, true, layers.session_encrypted, 1000, 200};
    }
    profile.session = {0x00012340U | (layers.session_encrypted ? 1U << 29U : 0U)};
    profile.security = mode;
    profile.authentication = layers.authentication;
    profile.access = wireless::Accessibility::window;
    return profile;
}

inline receiver::KeyStore store_of(const security::Key& key) {
    receiver::KeyStore keys;
    keys.add({meter.id, meter.manufacturer, key});
    return keys;
}

} // namespace meterbench::tests::radio
