// SPDX-License-Identifier: Apache-2.0
// Purpose: what decode says of a wireless telegram, encode turns into the same frames: fragments
// one by one and cut anew, ELL V, several keys.
#include "core/receiver/receiver.hpp"
#include "core/sender/compose.hpp"
#include "formats/telegram_json.hpp"
#include "formats/telegram_reader.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace meterbench;
using namespace meterbench::core;
using nlohmann::json;
using transport::SecurityMode;

namespace {

constexpr application::DeviceId meter{0x12345678, 0x2C2D, 0x1B, 0x07};
constexpr wireless::EllFiveLayout layout{1, 0, 4, 7};

security::Key key_of(int first) {
    std::array<std::uint8_t, 16> bytes{};
    bytes.fill(static_cast<std::uint8_t>(first));
    return security::Key::make(bytes).value();
}

/// Forty volumes, one a storage number: 280 bytes.
std::vector<std::uint8_t> records() {
    std::vector<std::uint8_t> bytes;
    for (std::uint8_t i = 0; i < 40; ++i) {
        bytes.insert(bytes.end(),
                     {0x84, static_cast<std::uint8_t>(1 + i % 15), 0x13, i, 0x01, 0x00, 0x00});
    }
    return bytes;
}

sender::SenderProfile profile(SecurityMode mode, int link_ci) {
    sender::SenderProfile made;
    made.address =
        wireless::LinkAddress::make(meter.manufacturer, meter.id, meter.version, meter.device_type);
    made.link_ci = static_cast<std::uint8_t>(link_ci);
    made.security = mode;
    made.session = {0x2000'1230};
    if (mode != SecurityMode::none) {
        made.authentication = 5;
    }
    if (link_ci == wireless::ci_ell_5) {
        made.receiver = made.address;
        made.ell_five = sender::EllFive{layout, true, true, 513, 0x42};
    }
    return made;
}

/// The lines that decode prints of frames in their order.
std::vector<json> decoded(const std::vector<wireless::AirFrame>& frames,
                          const receiver::KeyStore& keys) {
    receiver::Receiver receiver{keys, {.ell_five = &layout}};
    std::vector<json> lines;
    for (const wireless::AirFrame& frame : frames) {
        std::string text;
        const formats::TelegramContext context{.link = formats::Link::wireless,
                                               .receiver = &receiver};
        (void)formats::write_telegram_json(text, lines.size() + 1, frame.bytes(), context);
        lines.push_back(json::parse(text));
    }
    return lines;
}

formats::Frames encoded(const json& line, const receiver::KeyStore& keys) {
    const auto made = formats::read_telegram_json(line.dump(), "test", {.keys = &keys});
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error()));
    return *made;
}

std::vector<std::uint8_t> bytes_of(const wireless::AirFrame& frame) {
    return {frame.bytes().begin(), frame.bytes().end()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(wireless_round_trip)

// Each fragment comes back from its own line. The message comes back from the last one with what
// the first says of it: cut anew, encrypted and authenticated anew.
BOOST_AUTO_TEST_CASE(fragments_come_back_one_by_one_and_cut_anew) {
    const security::Key key = key_of(0x5A);
    receiver::KeyStore keys;
    keys.add({meter.id, meter.manufacturer, key});
    const auto data = records();
    for (const SecurityMode mode : {SecurityMode::none, SecurityMode::aes_cbc_derived}) {
        for (const int link_ci : {0x00, 0x8C, 0x8D, 0x86}) {
            const auto telegram = sender::compose(
                profile(mode, link_ci), {.access_number = 9, .message_counter = 77, .data = data});
            BOOST_REQUIRE(telegram.has_value());
            const auto sent = sender::RadioEncoder{}.fragments(*telegram, &key, 100);
            BOOST_REQUIRE(sent.has_value());
            BOOST_TEST(sent->size() == 3U);
            const auto lines = decoded(*sent, keys);
            for (std::size_t i = 0; i < lines.size(); ++i) {
                BOOST_TEST_CONTEXT(lines[i]) {
                    BOOST_TEST(lines[i]["fault"].is_null() == (i + 1 == lines.size()));
                    BOOST_TEST((encoded(lines[i], keys) == formats::Frames{bytes_of((*sent)[i])}));
                }
            }
            json whole = lines.back();
            BOOST_TEST(whole["records"].size() == 40U);
            whole["afl"] = lines.front()["afl"];
            whole["afl"].erase("payload");
            whole["afl"]["fragment_size"] = 100;
            for (json& record : whole["records"]) {
                record.erase("raw");
                record.erase("dib");
                record.erase("vib");
            }
            const auto again = encoded(whole, keys);
            BOOST_TEST_CONTEXT(whole) {
                BOOST_REQUIRE(again.size() == sent->size());
                for (std::size_t i = 0; i < again.size(); ++i) {
                    BOOST_TEST(again[i] == bytes_of((*sent)[i]), boost::test_tools::per_element());
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(sizes_of_fragments_that_are_none) {
    const receiver::KeyStore keys;
    const auto data = records();
    const auto telegram =
        sender::compose(profile(SecurityMode::none, 0x8C), {.data = std::span{data}.first(70)});
    json line = decoded({sender::RadioEncoder{}.frame(*telegram, nullptr).value()}, keys).front();
    const auto error_of = [&line] {
        return formats::read_telegram_json(line.dump(), "in").error();
    };
    line["afl"]["fragment_size"] = 0;
    BOOST_TEST(error_of() == "in: afl.fragment_size: must be at least 1");
    line["afl"]["fragment_size"] = 20;
    line["afl"]["payload"] = "78";
    BOOST_TEST(error_of() == "in: afl.fragment_size: cuts a message: leave payload out");
    line["afl"].erase("payload");
    BOOST_TEST(formats::read_telegram_json(line.dump(), "in").value().size() == 4U);
}

// Of several keys without an identification, the one that decode says it used.
BOOST_AUTO_TEST_CASE(the_key_that_served_serves_again) {
    receiver::KeyStore keys;
    for (const int first : {0x11, 0x22, 0x33}) {
        BOOST_REQUIRE(keys.add_nameless(key_of(first)));
    }
    const auto data = records();
    for (const int link_ci : {0x8C, 0x8D}) { // by security.key, and by the session's
        auto layers =
            profile(link_ci == 0x8C ? SecurityMode::aes_cbc_iv : SecurityMode::none, link_ci);
        layers.authentication = 0;
        const auto telegram = sender::compose(layers, {.data = std::span{data}.first(70)});
        const security::Key second = key_of(0x22);
        const auto sent = sender::RadioEncoder{}.frame(*telegram, &second).value();
        const json line = decoded({sent}, keys).front();
        BOOST_TEST_CONTEXT(line) {
            BOOST_TEST(line["fault"].is_null());
            BOOST_TEST((encoded(line, keys) == formats::Frames{bytes_of(sent)}));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
