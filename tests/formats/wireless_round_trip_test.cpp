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

namespace {

/// A line by hand, mode 5, all that is needed and no more.
json by_hand() {
    return json::parse(R"({"schema":"meterbench.telegram/1","link":"wireless","frame":"RSP-UD",
        "frame_format":"A","link_address":{"manufacturer":"KAM","id":"12345678","version":27,
        "device_type":7},"ell":{"ci":140,"control":{"synchronous":true},"access_number":64},
        "ci":122,"access_number":85,"status":{"permanent_error":true},
        "security":{"mode":5,"configuration":"0510"},"records":[{"coding":"bcd8","type":"decimal",
        "quantity":"volume","unit":"m3","value":"12345.678","exponent":-3}]})");
}

std::string refusal(const json& line, const receiver::KeyStore& keys,
                    const security::ProtectionOptions& options = {}) {
    const auto made =
        formats::read_telegram_json(line.dump(), "in", {.keys = &keys, .protection = options});
    return made ? "" : made.error();
}

receiver::KeyStore one_key() {
    receiver::KeyStore keys;
    BOOST_REQUIRE(keys.add_nameless(key_of(0x5A)));
    return keys;
}

} // namespace

// Names alone are enough, and what they say arrives.
BOOST_AUTO_TEST_CASE(names_of_bits_and_services_are_enough) {
    const auto keys = one_key();
    const auto frames = encoded(by_hand(), keys);
    BOOST_REQUIRE(frames.size() == 1U);
    receiver::Receiver receiver{keys};
    const auto& heard = receiver.receive(frames.front());
    BOOST_REQUIRE(!heard.fault);
    BOOST_TEST(+heard.frame->c() == 0x08);
    BOOST_TEST(heard.link->control.synchronous());
    BOOST_TEST(+heard.telegram.fields.transport.status.raw == 0x08);
    BOOST_TEST(heard.security.encrypted == 16U);
}

// What contradicts itself, is missing or misspelt makes no frame: it would be another than meant,
// or one in clear.
BOOST_AUTO_TEST_CASE(lines_that_say_two_things_or_too_little) {
    const auto keys = one_key();
    const auto refused = [&keys](auto change) {
        json line = by_hand();
        change(line);
        return refusal(line, keys);
    };
    using J = json&;
    BOOST_TEST(refused([](J l) { l["security"] = "x"; }) == "in: security: must be an object");
    BOOST_TEST(refused([](J l) { l["security"] = {{"mod", 5}}; }) ==
               "in: security.mod: unknown key");
    BOOST_TEST(refused([](J l) { l["security"].erase("configuration"); }) ==
               "in: security.configuration: must be four hex digits: they say what is encrypted");
    BOOST_TEST(refused([](J l) { l["security"] = {{"mode", 7}, {"configuration", "2710"}}; }) ==
               "in: security.extension: must be four hex digits");
    BOOST_TEST(refused([](J l) {
                   l["security"] = {{"mode", 7}, {"configuration", "2710"}, {"extension", "0010"}};
               }) == "in: security.message_counter: is missing: the configuration says that it is "
                     "there");
    BOOST_TEST(refused([](J l) { l["security"]["mode"] = 7; }) ==
               "in: security.mode: disagrees with configuration");
    BOOST_TEST(refused([](J l) { l.erase("ci"); }) == "in: ci: is missing");
    BOOST_TEST(refused([](J l) { l["records"] = "x"; }) ==
               "in: records: must be an array; [] for none");
    BOOST_TEST(refused([](J l) { l["ell"] = "x"; }) == "in: ell: must be an object");
    BOOST_TEST(refused([](J l) { l["ell"]["control"] = 32; }) ==
               "in: ell.control: must be an object");
    BOOST_TEST(refused([](J l) { l["ell"]["control"]["raw"] = 0; }) ==
               "in: ell.control.raw: disagrees with what stands beside it");
    BOOST_TEST(refused([](J l) { l["ell"]["ci"] = 0x8D; }) ==
               "in: ell.session: is missing: the layer's CI-field says that it is there");
    BOOST_TEST(refused([](J l) { l["ell"]["ci"] = 0x8E; }) ==
               "in: ell.receiver: is missing: the layer's CI-field says that it is there");
    BOOST_TEST(refused([](J l) { l["status"] = 16; }) == "in: status: must be an object");
    BOOST_TEST(refused([](J l) { l["status"]["application"] = "tired"; }) ==
               "in: status.application: must be none, busy, error or alarm");
    BOOST_TEST(refused([](J l) { l["more_follows"] = "yes"; }) ==
               "in: more_follows: must be true or false");
    BOOST_TEST(refused([](J l) { l["frame"] = "FOO"; }) == "in: frame: is the name of no service");
    BOOST_TEST(refused([](J l) { l["c"] = 0x44; }) == "in: frame: disagrees with c");
    BOOST_TEST(refused([](J l) { l["afl"] = {{"fragment", 2}}; }) ==
               "in: afl.fragment: is one of several: payload says what it has, or fragment_size "
               "cuts the message anew");
    BOOST_TEST(refused([](J l) { l["afl"] = {{"fragmentsize", 20}}; }) ==
               "in: afl.fragmentsize: unknown key");
    BOOST_TEST(refused([](J l) { l["afl"] = {{"key_version", 1}}; }) ==
               "in: afl.key_id: is missing beside the rest of the key information");
    BOOST_TEST(refused([](J l) {
                   l["security"] = {{"mode", 6}, {"configuration", "0610"}};
               }).starts_with("in: security: "));
    BOOST_TEST(refused([](J l) {
                   l["security"] = {{"mode", 13}, {"configuration", "0DFF"}, {"extension", "0003"}};
               }).find("TLS") != std::string::npos);
}

// Modes 9 and 10 count the encrypted bytes: more than there are make no frame.
BOOST_AUTO_TEST_CASE(more_encrypted_bytes_than_there_are) {
    const auto keys = one_key();
    security::ProtectionOptions options;
    options.compositions = {security::find_composition("mode-10-address-counter")};
    json line = by_hand();
    line["security"] = {
        {"mode", 10}, {"configuration", "2A06"}, {"extension", "0110"}, {"message_counter", 3}};
    BOOST_TEST(refusal(line, keys, options) == "");
    line["security"]["configuration"] = "2A07";
    BOOST_TEST(refusal(line, keys, options).starts_with("in: security: "));
}

// EN 13757-7 example of a wired telegram with security mode 5 and clear records behind it (facts,
// N5.4): encrypted again, never in clear.
BOOST_AUTO_TEST_CASE(a_wired_telegram_is_encrypted_again) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::uint8_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = i;
    }
    receiver::KeyStore keys;
    BOOST_REQUIRE(keys.add_nameless(security::Key::make(bytes).value()));
    const std::vector<std::uint8_t> frame{
        0x68, 0x2C, 0x2C, 0x68, 0x08, 0xFD, 0x72, 0x88, 0x77, 0x66, 0x55, 0x93, 0x44,
        0x55, 0x08, 0x00, 0x04, 0x10, 0x05, 0x00, 0xDF, 0xE2, 0xA7, 0x82, 0x14, 0x6D,
        0x15, 0x13, 0x58, 0x1C, 0xD2, 0xF8, 0x3F, 0x39, 0x04, 0x0C, 0xFD, 0x10, 0x78,
        0x56, 0x34, 0x12, 0x0C, 0x78, 0x44, 0x33, 0x22, 0x11, 0x26, 0x16};
    receiver::Receiver receiver{keys};
    std::string text;
    BOOST_TEST(formats::write_telegram_json(text, 1, frame, {.receiver = &receiver}));
    const json line = json::parse(text);
    BOOST_TEST(line["records"].size() == 5U);
    BOOST_TEST((encoded(line, keys) == formats::Frames{frame}));
    BOOST_TEST(refusal(line, {}).starts_with("in: security: "));
}

// A command has the keys of its direction, on the wire, too.
BOOST_AUTO_TEST_CASE(a_wired_command_is_encrypted_for_its_direction) {
    const auto keys = one_key();
    const json command = json::parse(R"({"schema":"meterbench.telegram/1","link":"wired",
        "frame":"long","c":83,"address":5,"ci":91,"device":{"manufacturer":"KAM","id":"12345678",
        "version":27,"device_type":7},"access_number":85,"security":{"mode":7,
        "configuration":"2710","extension":"0010","message_counter":5},"records":[{"coding":"bcd8",
        "type":"decimal","quantity":"volume","unit":"m3","value":"12345.678","exponent":-3}]})");
    const auto frames = encoded(command, keys);
    receiver::Receiver receiver{keys};
    std::string text;
    BOOST_TEST(formats::write_telegram_json(text, 1, frames.front(), {.receiver = &receiver}),
               text);
    BOOST_TEST((encoded(json::parse(text), keys) == frames));
}

// A message that somebody decrypted before it was stored comes back as it was stored.
BOOST_AUTO_TEST_CASE(what_was_found_clear_stays_clear) {
    const auto keys = one_key();
    json line = by_hand();
    line["security"]["found_clear"] = false;
    BOOST_TEST(refusal(line, {}).starts_with("in: security: "), "false: it is encrypted");
    line["security"]["found_clear"] = "no";
    BOOST_TEST(refusal(line, {}) == "in: found_clear: must be true or false");
    line["security"]["found_clear"] = true;
    const auto frames = encoded(line, {});
    receiver::Receiver receiver{keys};
    const auto& heard = receiver.receive(frames.front());
    BOOST_TEST(heard.telegram.encrypted.size() + heard.telegram.content.size() == 6U,
               "no check bytes, no padding");
}

BOOST_AUTO_TEST_SUITE_END()
