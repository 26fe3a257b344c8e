// SPDX-License-Identifier: Apache-2.0
// Purpose: broken radio telegrams are diagnosed and never crash, never give records that were not
// sent; a wrong key gives none.
#include "core/receiver/receiver.hpp"
#include "formats/explain.hpp"
#include "formats/telegram_json.hpp"
#include "formats/telegram_reader.hpp"
#include "wireless_examples.hpp"

#include <random>

using namespace meterbench;
using core::receiver::KeyStore;
using core::receiver::Receiver;
using core::security::Key;
using formats::JsonValue;

namespace {

using Bytes = std::vector<std::uint8_t>;

JsonValue decode(std::span<const std::uint8_t> bytes, Receiver& receiver) {
    std::string line;
    const formats::TelegramContext context{.link = formats::Link::wireless, .receiver = &receiver};
    formats::write_telegram_json(line, 1, bytes, context);
    const auto value = formats::parse_json(line, "line");
    BOOST_REQUIRE_MESSAGE(value, line);
    return *value;
}

std::string fault_of(const JsonValue& line) {
    const JsonValue* fault = line.member("fault");
    return fault->kind == JsonValue::Kind::null ? "" : fault->member("code")->text;
}

KeyStore keys_of(const std::optional<Bytes>& key) {
    KeyStore keys;
    if (key) {
        BOOST_REQUIRE(keys.add_nameless(Key::make(*key).value()));
    }
    return keys;
}

/// Explanations follow each other and cover every byte.
void check_explanation(std::span<const std::uint8_t> bytes, Receiver& receiver) {
    std::size_t next = 0;
    for (const auto& explanation : formats::explain(bytes, receiver.receive(bytes))) {
        BOOST_REQUIRE(explanation.offset == next && explanation.length != 0);
        next += explanation.length;
    }
    BOOST_REQUIRE(next == bytes.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(wireless_bad_input)

// Steps: each radio example cut at every length. Expectation: a fault, and every byte explained.
BOOST_AUTO_TEST_CASE(cut_at_every_length) {
    for (const auto& example : test::wireless_examples()) {
        if (!example.is_radio()) {
            continue;
        }
        const auto keys = keys_of(example.key);
        Receiver receiver{keys, {.partial_messages = 1}};
        check_explanation(example.bytes, receiver);
        for (std::size_t size = 0; size < example.bytes.size(); ++size) {
            const auto cut = std::span{example.bytes}.first(size);
            if (example.format != "none" && size > std::size_t{1} + example.bytes[0]) {
                continue; // what is left may be a frame whose CRCs were stripped
            }
            BOOST_TEST((size == std::size_t{1} + example.bytes[0] ||
                        !fault_of(decode(cut, receiver)).empty()),
                       example.id << " cut to " << size);
            check_explanation(cut, receiver);
        }
    }
}

// Steps: flip every bit of a format A frame with MAC. Expectation: a fault and no records; a block
// CRC finds every single bit, and what makes another frame of it is found by the MAC.
BOOST_AUTO_TEST_CASE(every_bit_flipped) {
    for (const auto& example : test::wireless_examples()) {
        if (example.id != "N2-profB-int-A" && example.id != "N2.1-A") {
            continue;
        }
        const auto keys = keys_of(example.key);
        Receiver receiver{keys, {.partial_messages = 1}};
        for (std::size_t bit = 0; bit < 8 * example.bytes.size(); ++bit) {
            Bytes bytes = example.bytes;
            bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
            const JsonValue ours = decode(bytes, receiver);
            BOOST_TEST(!fault_of(ours).empty(), example.id << " bit " << bit);
            BOOST_TEST(ours.member("records")->items.empty(), example.id << " bit " << bit);
        }
    }
}

// Steps: every protected example with 200 random keys and each bit of its own flipped. Expectation:
// no records. Most of these telegrams have no other check than two bytes, so what passes them must
// fail the records.
BOOST_AUTO_TEST_CASE(a_wrong_key_never_yields_records) {
    std::mt19937 random{1};
    for (const auto& example : test::wireless_examples()) {
        const auto mode = example.number("sec_mode").value_or(0);
        if (!example.is_radio() || !example.key || mode == 0 ||
            example.id.find("M5-N0") != std::string::npos) {
            continue;
        }
        for (int i = 0; i < 328; ++i) {
            Bytes key = *example.key;
            if (i < 128) {
                key[static_cast<std::size_t>(i) / 8] ^= static_cast<std::uint8_t>(1U << i % 8);
            } else {
                std::ranges::generate(key, [&] { return static_cast<std::uint8_t>(random()); });
            }
            const auto keys = keys_of(key);
            Receiver receiver{keys, {.partial_messages = 1}};
            const auto& reception = receiver.receive(example.bytes);
            BOOST_TEST_REQUIRE(reception.fault.has_value(), example.id);
            BOOST_TEST_REQUIRE(reception.telegram.content.empty(), example.id);
        }
    }
}

BOOST_AUTO_TEST_CASE(noise_is_bounded) {
    std::mt19937 random{2};
    const KeyStore none;
    Receiver receiver{none, {.partial_messages = 2}};
    for (int i = 0; i < 2000; ++i) {
        Bytes noise(i == 0 ? 4096 : random() % 300);
        std::ranges::generate(noise, [&] { return static_cast<std::uint8_t>(random()); });
        if (!noise.empty() && i % 2 == 1) {
            noise[0] = static_cast<std::uint8_t>(noise.size() - 1); // a frame without CRCs
        }
        static_cast<void>(decode(noise, receiver));
        check_explanation(noise, receiver);
    }
}

BOOST_AUTO_TEST_SUITE_END()
