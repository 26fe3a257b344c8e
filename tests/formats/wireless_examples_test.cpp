// SPDX-License-Identifier: Apache-2.0
// Purpose: the worked examples of the standards (OMS Vol. 2 annex N, EN 13757-3 annex G, EN 13757-4
// annex C, CEN/TR 17167) mean what they say, and are built again from their fields byte for byte;
// the negative ones are refused for the right reason.
#include "core/application/compact.hpp"
#include "core/application/manufacturer.hpp"
#include "core/bytes/hex.hpp"
#include "core/link/frame.hpp"
#include "core/receiver/receiver.hpp"
#include "core/sender/radio_telegram.hpp"
#include "formats/telegram_json.hpp"
#include "wireless_examples.hpp"

#include <map>

using namespace meterbench;
using core::receiver::Reception;
using core::security::Key;
using core::sender::RadioTelegram;
using formats::JsonValue;
using test::WirelessExample;

namespace {

core::receiver::KeyStore keys_of(const WirelessExample& example) {
    core::receiver::KeyStore keys;
    if (example.key) {
        BOOST_REQUIRE(keys.add_nameless(Key::make(*example.key).value()));
    }
    return keys;
}

JsonValue decode(const WirelessExample& example, core::receiver::Receiver& receiver) {
    std::string line;
    formats::write_telegram_json(line, 1, example.bytes,
                                 {.link = formats::Link::unknown, .receiver = &receiver});
    const auto value = formats::parse_json(line, "line");
    BOOST_REQUIRE_MESSAGE(value, line);
    return *value;
}

std::string text(const JsonValue& in, std::initializer_list<std::string_view> path) {
    const JsonValue* at = &in;
    for (const std::string_view key : path) {
        at = at == nullptr ? nullptr : at->member(key);
    }
    if (at == nullptr) {
        return "absent";
    }
    return at->kind == JsonValue::Kind::integer ? std::to_string(at->integer) : at->text;
}

/// Why an example is refused; the others have no fault.
const std::map<std::string, std::string> faults{
    {"NEG-profB-tampered", "mac-mismatch"},   {"NEG-crc-block2", "block-crc-mismatch"},
    {"NEG-wrong-key", "wrong-key"},           {"KAM-ELL2-compact-nocrc", "format-unknown"},
    {"KAM-ELL2-compact-B", "format-unknown"}, {"SYN-frag-1", "fragment-incomplete"},
    {"SYN-frag-2", "fragment-missing"}, // alone; see the next case
    {"SYN-M10-layout", "profile-needed"},
};

/// What the examples say about records: the key of `expect.records`, quantity, value.
struct ExpectedRecord {
    std::string_view key;
    std::string_view quantity;
    std::string_view value;
};
constexpr std::array expected_records{
    ExpectedRecord{"volume_m3", "volume", ""},
    ExpectedRecord{"datetime", "date and time", "2008-05-31T23:50"},
    ExpectedRecord{"error_flags", "error flags", "0"},
    ExpectedRecord{"hca_units", "heat cost allocator units", "1234"},
    ExpectedRecord{"hca_units_due", "heat cost allocator units", "23456"},
    ExpectedRecord{"due_date", "date", "2007-04-30"},
    ExpectedRecord{"flow_temperature_c", "flow temperature", "25"},
};

bool has_record(const JsonValue& ours, const ExpectedRecord& expected, const std::string& value) {
    return std::ranges::any_of(ours.member("records")->items, [&](const JsonValue& record) {
        return text(record, {"quantity"}) == expected.quantity && text(record, {"value"}) == value;
    });
}

void check_records(const WirelessExample& example, const JsonValue& ours) {
    const JsonValue* records = example.expect.member("records");
    if (records == nullptr || ours.member("fault")->kind != JsonValue::Kind::null) {
        return;
    }
    for (const ExpectedRecord& expected : expected_records) {
        const JsonValue* due = records->member(expected.key);
        if (due != nullptr) {
            const std::string value =
                expected.value.empty() ? due->text : std::string{expected.value};
            BOOST_TEST(has_record(ours, expected, value),
                       expected.key << " = " << value << " in "
                                    << ours.member("records")->items.size());
        }
    }
}

/// The layers of what was received, as a sender says them.
RadioTelegram telegram_of(const Reception& reception, std::span<const std::uint8_t> content) {
    RadioTelegram made;
    made.format = reception.frame->format;
    made.c = reception.frame->c();
    made.address = reception.frame->address();
    made.link = reception.link;
    if (made.link) {
        made.link->payload_crc.reset(); // to be worked out again
    }
    made.afl = reception.afl;
    if (made.afl) {
        made.afl->mac.reset();
    }
    if (!reception.message.empty()) {
        const core::application::Telegram& telegram = reception.telegram;
        core::transport::Configuration configuration =
            reception.security.configuration.value_or(core::transport::Configuration{});
        made.transport = {telegram.ci, telegram.header, telegram.fields, configuration, content};
    }
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wireless_examples)

// Steps: decode each example with its key. Expectation: its fields and records, or its fault.
BOOST_AUTO_TEST_CASE(mean_what_they_say) {
    std::size_t decoded = 0;
    for (const WirelessExample& example : test::wireless_examples()) {
        if (example.format == "apl-only") {
            continue;
        }
        BOOST_TEST_CONTEXT(example.id) {
            const auto keys = keys_of(example);
            core::receiver::Receiver receiver{keys};
            const JsonValue ours = decode(example, receiver);
            const auto fault = faults.find(example.id);
            BOOST_TEST(text(ours, {"fault", "code"}) ==
                       (fault == faults.end() ? "absent" : fault->second));
            if (example.is_radio()) {
                BOOST_TEST(text(ours, {"link"}) == "wireless");
            }
            if (!example.text("c").empty()) {
                BOOST_TEST(text(ours, {"frame"}) == example.text("c"));
            }
            if (!example.text("id").empty()) {
                BOOST_TEST(text(ours, {"link_address", "id"}) == example.text("id"));
                BOOST_TEST(text(ours, {"link_address", "manufacturer"}) == example.text("M"));
            }
            if (const auto cc = example.number("cc")) {
                BOOST_TEST(text(ours, {"ell", "control", "raw"}) == std::to_string(*cc));
            }
            if (const auto number = example.number("ell_acc")) {
                BOOST_TEST(text(ours, {"ell", "access_number"}) == std::to_string(*number));
            }
            if (const auto number = example.number("acc")) {
                BOOST_TEST(text(ours, {"access_number"}) == std::to_string(*number));
            }
            if (const auto mode = example.number("sec_mode")) {
                BOOST_TEST(text(ours, {"security", "mode"}) == std::to_string(*mode));
            }
            if (const auto count = example.number("n_records")) {
                BOOST_TEST(ours.member("records")->items.size() ==
                           static_cast<std::size_t>(*count));
            }
            if (const JsonValue* sn = example.expect.member("sn")) {
                BOOST_TEST(text(ours, {"ell", "session", "minutes"}) == text(*sn, {"time_min"}));
                BOOST_TEST(text(ours, {"ell", "session", "encryption"}) == text(*sn, {"enc"}));
            }
            check_records(example, ours);
            ++decoded;
        }
    }
    BOOST_TEST(decoded == 71U);
}

// Of the 78 examples 63 are rebuilt here, 2 wired ones and 7 without a link layer below, 2
// fragments in the last case. Not rebuilt are the 3 negative ones, which no good sender makes, and
// SYN-M10-layout, whose ciphertext and tag are placeholders and prove no key.
// Steps: take each good radio example apart, build it again from its fields, keys and plain text.
// Expectation: the same bytes, block CRCs, MAC, payload CRC and ciphertext included.
BOOST_AUTO_TEST_CASE(are_built_again_byte_for_byte) {
    std::size_t built = 0;
    for (const WirelessExample& example : test::wireless_examples()) {
        const bool good = !faults.contains(example.id) || example.id.starts_with("KAM");
        if (!example.is_radio() || !good) {
            continue;
        }
        BOOST_TEST_CONTEXT(example.id) {
            const auto keys = keys_of(example);
            core::receiver::Receiver receiver{keys};
            const Reception& reception = receiver.receive(example.bytes);
            BOOST_TEST_REQUIRE(!reception.fault.has_value());
            const RadioTelegram telegram = telegram_of(reception, reception.telegram.content);
            const auto key = example.key ? Key::make(*example.key) : std::optional<Key>{};
            core::sender::RadioEncoder encoder;
            const auto frame = encoder.frame(telegram, key ? &*key : nullptr);
            BOOST_TEST_REQUIRE(frame.has_value());
            std::string made;
            std::string due;
            core::bytes::append_hex(made, frame->bytes());
            core::bytes::append_hex(due, example.bytes);
            BOOST_TEST(made == due);
            ++built;
        }
    }
    BOOST_TEST(built == 63U);
}

// The wired ones are encrypted as radio telegrams are. Steps: take each apart, encrypt and frame it
// again. Expectation: the same bytes.
BOOST_AUTO_TEST_CASE(wired_ones_are_built_again_byte_for_byte) {
    std::size_t built = 0;
    for (const WirelessExample& example : test::wireless_examples()) {
        if (example.format != "long") {
            continue;
        }
        BOOST_TEST_CONTEXT(example.id) {
            const auto frame = core::link::decode_frame(example.bytes);
            BOOST_REQUIRE(frame.has_value());
            const auto keys = keys_of(example);
            core::receiver::Receiver receiver{keys};
            auto telegram = core::application::decode_telegram(frame->user_data);
            core::receiver::SecurityReport report;
            receiver.decryption().open(telegram, frame->user_data, {}, report);
            BOOST_TEST_REQUIRE(!telegram.fault.has_value());
            RadioTelegram made;
            made.transport = {telegram.ci, telegram.header, telegram.fields,
                              report.configuration.value_or(core::transport::Configuration{}),
                              telegram.content};
            const auto key = example.key ? Key::make(*example.key) : std::optional<Key>{};
            core::sender::RadioEncoder encoder;
            const auto message = encoder.message(made, key ? &*key : nullptr);
            BOOST_TEST_REQUIRE(message.has_value());
            const auto again = core::link::encode_long(frame->control, frame->address, *message);
            BOOST_TEST_REQUIRE(again.has_value());
            BOOST_TEST((std::ranges::equal(again->bytes(), example.bytes)));
            ++built;
        }
    }
    BOOST_TEST(built == 2U);
}

// EN 13757-3, annex G: full, format and compact frames of the same records, without a link layer.
// Steps: from the full one make the other two; expand the compact one. Expectation: the examples.
BOOST_AUTO_TEST_CASE(full_format_and_compact_frames_are_built_from_each_other) {
    using core::application::max_records;
    std::map<std::string, WirelessExample> examples;
    for (WirelessExample& example : test::wireless_examples()) {
        if (example.format == "apl-only") {
            examples.emplace(example.id, std::move(example));
        }
    }
    BOOST_TEST_REQUIRE(examples.size() == 7U);
    const auto content = [&](const std::string& id) {
        const auto telegram = core::application::decode_telegram(examples.at(id).bytes);
        BOOST_TEST_REQUIRE(!telegram.fault.has_value());
        return telegram.content;
    };
    for (const std::string base : {"G5.2", "G5.3"}) {
        BOOST_TEST_CONTEXT(base) {
            const auto records = content(base + "-full");
            std::array<std::uint8_t, max_records> into{};
            const auto format = core::application::encode_format(records, into);
            BOOST_REQUIRE(format.has_value());
            BOOST_TEST(
                (std::ranges::equal(std::span{into}.first(*format), content(base + "-format"))));
            const auto compact = core::application::encode_compact(records, into);
            BOOST_REQUIRE(compact.has_value());
            BOOST_TEST(
                (std::ranges::equal(std::span{into}.first(*compact), content(base + "-compact"))));
            const auto learned = core::application::decode_format(content(base + "-format"));
            const auto sent = core::application::decode_compact(content(base + "-compact"));
            BOOST_REQUIRE((learned.has_value() && sent.has_value()));
            BOOST_TEST(learned->signature == sent->signature);
            const auto expanded = core::application::expand_compact(*sent, learned->format, into);
            BOOST_REQUIRE(expanded.has_value());
            BOOST_TEST((std::ranges::equal(std::span{into}.first(*expanded), records)));
        }
    }
    // A compact frame and the full frame that it was learned from, of one meter.
    const WirelessExample& pair = examples.at("KAM302-pair");
    const auto full = formats::parse_hex_text(pair.text("learned_from")).value();
    std::array<std::uint8_t, max_records> format{};
    const auto format_size =
        core::application::format_of(core::application::decode_telegram(full).content, format);
    BOOST_REQUIRE(format_size.has_value());
    const auto sent = core::application::decode_compact(content("KAM302-pair"));
    BOOST_REQUIRE(sent.has_value());
    std::array<std::uint8_t, max_records> into{};
    const auto expanded =
        core::application::expand_compact(*sent, std::span{format}.first(*format_size), into);
    BOOST_REQUIRE(expanded.has_value());
    std::string text_of_it;
    core::bytes::append_hex(text_of_it, std::span{into}.first(*expanded));
    BOOST_TEST(text_of_it == pair.text("expanded"));
    const auto again = core::application::encode_compact(std::span{into}.first(*expanded), format);
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((std::ranges::equal(std::span{format}.first(*again), content("KAM302-pair"))));
}

// OMS Vol. 2, 6: two fragments, one message of 270 bytes; its MAC stands in the second. Steps: both
// into one receiver; the message again in fragments. Expectation: 36 records, and the same frames.
BOOST_AUTO_TEST_CASE(fragments_make_one_message_and_back) {
    std::vector<WirelessExample> parts;
    for (const WirelessExample& example : test::wireless_examples()) {
        if (example.id.starts_with("SYN-frag")) {
            parts.push_back(example);
        }
    }
    BOOST_TEST_REQUIRE(parts.size() == 2U);
    const auto keys = keys_of(parts[0]);
    core::receiver::Receiver receiver{keys};
    BOOST_TEST(
        (receiver.receive(parts[0].bytes).fault->code == core::FaultCode::fragment_incomplete));
    const std::size_t first_size = 150;
    const auto first_afl = *receiver.receive(parts[0].bytes).afl; // doubled: replaces the first
    const Reception& reception = receiver.receive(parts[1].bytes);
    BOOST_TEST_REQUIRE(!reception.fault.has_value());
    BOOST_TEST(reception.assembled);
    BOOST_TEST(reception.security.mac);
    std::string plain = "2F2F";
    core::bytes::append_hex(plain, reception.telegram.content);
    BOOST_TEST(plain == parts[1].text("plain"));

    RadioTelegram telegram = telegram_of(reception, reception.telegram.content);
    telegram.afl = first_afl;
    const auto key = Key::make(*parts[0].key).value();
    core::sender::RadioEncoder encoder;
    const auto whole = encoder.message(telegram, &key);
    BOOST_TEST_REQUIRE(whole.has_value());
    std::string message;
    core::bytes::append_hex(message, *whole);
    BOOST_TEST(message == parts[1].text("reassembled_tpdu"));
    const auto frames = encoder.fragments(telegram, &key, first_size);
    BOOST_TEST_REQUIRE(frames.has_value());
    BOOST_TEST_REQUIRE(frames->size() == 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        std::string made;
        std::string due;
        core::bytes::append_hex(made, (*frames)[i].bytes());
        core::bytes::append_hex(due, parts[i].bytes);
        BOOST_TEST(made == due);
    }
}

BOOST_AUTO_TEST_SUITE_END()
