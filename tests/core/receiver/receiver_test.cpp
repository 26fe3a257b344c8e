// SPDX-License-Identifier: Apache-2.0
// Purpose: the receiver says of each telegram that it cannot open why not, and gives no records of
// it; replays, duplicates and repeated layers; the limits of counters and lengths (facts C, K).
#include "../application/bytes_of.hpp"
#include "core/receiver/receiver.hpp"
#include "core/sender/compose.hpp"
#include "core/sender/radio_telegram.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core;
using namespace meterbench::core::receiver;
using namespace std::chrono_literals;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;
using sender::RadioTelegram;
using transport::SecurityMode;
using Bytes = std::vector<std::uint8_t>;

namespace {

const wireless::LinkAddress meter = wireless::LinkAddress::make(0x2C2D, 0x12345678, 0x1B, 7);
const security::Key key = security::Key::make(bytes_of("000102030405060708090A0B0C0D0E0F")).value();
const security::Key other_key =
    security::Key::make(bytes_of("100102030405060708090A0B0C0D0E0F")).value();
const security::Key short_key = security::Key::make(bytes_of("0001020304050607")).value();
const Bytes volume = bytes_of("0C1378563412");

KeyStore with(const security::Key& known) {
    KeyStore keys;
    keys.add({meter.id(), meter.manufacturer(), known});
    return keys;
}

struct Made {
    SecurityMode mode = SecurityMode::none;
    std::uint8_t authentication = 0;
    std::uint8_t link_ci = wireless::ci_ell_1;
    std::uint32_t counter = 5;
    std::uint32_t session = 0x2000'1230; ///< encrypted
};

RadioTelegram telegram(const Made& made, std::span<const std::uint8_t> data = volume) {
    sender::SenderProfile profile;
    profile.address = meter;
    profile.security = made.mode;
    profile.authentication = made.authentication;
    profile.link_ci = made.link_ci;
    profile.session = {made.session};
    sender::Message message;
    message.data = data;
    message.message_counter = made.counter;
    message.access_number = 42;
    return compose(profile, message).value();
}

Bytes frame(const RadioTelegram& telegram, const security::ProtectionOptions& options = {}) {
    sender::RadioEncoder encoder{options};
    const auto made = encoder.frame(telegram, &key);
    BOOST_REQUIRE(made.has_value());
    return {made->bytes().begin(), made->bytes().end()};
}

std::string fault_of(const Reception& reception) {
    BOOST_TEST((!reception.fault || reception.telegram.content.empty()));
    return reception.fault ? std::string{name_of(reception.fault->code)} : "none";
}
std::string fault_of(Receiver& receiver, const Bytes& bytes) {
    return fault_of(receiver.receive(bytes));
}
std::string fault_with(const KeyStore& keys, const Bytes& bytes,
                       const security::ProtectionOptions& options = {}) {
    Receiver receiver{keys, {.decryption = options, .partial_messages = 1}};
    return fault_of(receiver, bytes);
}

/// The block CRCs of a frame in format A made right again after a change behind the head.
Bytes changed(const Bytes& sent, std::size_t index, std::uint8_t bits) {
    wireless::FrameBuffer buffer;
    const auto read = wireless::decode_frame(sent, buffer, wireless::Handover::format_a);
    BOOST_REQUIRE(read.has_value());
    Bytes data(read->data().begin(), read->data().end());
    data.at(index) = static_cast<std::uint8_t>(data.at(index) ^ bits);
    const auto again =
        wireless::encode_frame(wireless::FrameFormat::a, read->c(), read->address(), data);
    BOOST_REQUIRE(again.has_value());
    return {again->bytes().begin(), again->bytes().end()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(receiver_pipeline)

BOOST_AUTO_TEST_CASE(keys_that_do_not_open) {
    const Bytes mode_5 = frame(telegram({.mode = SecurityMode::aes_cbc_iv}));
    BOOST_TEST(fault_with(with(key), mode_5) == "none");
    BOOST_TEST(fault_with(KeyStore{}, mode_5) == "no-key");
    BOOST_TEST(fault_with(with(other_key), mode_5) == "wrong-key");
    BOOST_TEST(fault_with(with(short_key), mode_5) == "key-length-mismatch");
    const Bytes profile_b =
        frame(telegram({.mode = SecurityMode::aes_cbc_derived, .authentication = 5}));
    BOOST_TEST(fault_with(with(key), profile_b) == "none");
    BOOST_TEST(fault_with(KeyStore{}, profile_b) == "no-key");
    BOOST_TEST(fault_with(with(other_key), profile_b) == "mac-mismatch");
    const Bytes session = frame(telegram({.link_ci = wireless::ci_ell_2}));
    BOOST_TEST(fault_with(with(key), session) == "none");
    BOOST_TEST(fault_with(KeyStore{}, session) == "no-key");
    BOOST_TEST(fault_with(with(other_key), session) == "wrong-key");
    BOOST_TEST(fault_with(with(short_key), session) == "key-length-mismatch");
}

// A meter behind a radio adapter: the key may be filed under the one or the other.
BOOST_AUTO_TEST_CASE(keys_of_meter_and_adapter) {
    sender::SenderProfile profile;
    profile.address = meter;
    profile.meter = application::DeviceId{0x87654321, 0x1593, 0x33, 3};
    profile.security = SecurityMode::aes_cbc_iv;
    const Bytes bytes = frame(compose(profile, {.data = volume}).value());
    BOOST_TEST(fault_with(with(key), bytes) == "none");
    KeyStore keys = with(other_key);
    keys.add({0x87654321, 0x1593, key});
    BOOST_TEST(fault_with(keys, bytes) == "none", "the meter's own goes first");
}

// Each bit behind the head changed, with CRCs made right again. Expectation: what authenticates the
// message finds it, or it is open with the same content: the fragmentation control of the AFL is
// not among the authenticated bytes (facts C.2).
BOOST_AUTO_TEST_CASE(authenticated_telegrams_cannot_be_changed) {
    security::ProtectionOptions options;
    options.compositions = {security::find_composition("mode-8-address-counter-cmac"),
                            security::find_composition("mode-9-address-counter"),
                            security::find_composition("mode-10-address-counter"),
                            security::find_composition("gmac-address-counter")};
    const KeyStore keys = with(key);
    Receiver receiver{keys, {.decryption = options, .partial_messages = 1}};
    for (const Made& made :
         {Made{.mode = SecurityMode::aes_cbc_derived, .authentication = 5},
          Made{.mode = SecurityMode::none, .authentication = 7},
          Made{.mode = SecurityMode::aes_cbc_iv, .authentication = 8},
          Made{.mode = SecurityMode::none, .authentication = 9},
          Made{.mode = SecurityMode::aes_ctr_cmac}, Made{.mode = SecurityMode::aes_gcm},
          Made{.mode = SecurityMode::aes_ccm}}) {
        const Bytes sent = frame(telegram(made), options);
        BOOST_TEST_REQUIRE(fault_of(receiver, sent) == "none");
        BOOST_TEST((receiver.receive(sent).security.mac || receiver.receive(sent).security.tag));
        const std::size_t link = 3; // the extended link layer is not authenticated
        const std::size_t size = receiver.receive(sent).frame->data().size();
        for (std::size_t bit = 8 * link; bit < 8 * size; ++bit) {
            const Bytes wrong = changed(sent, bit / 8, static_cast<std::uint8_t>(1U << bit % 8));
            const Reception& reception = receiver.receive(wrong);
            const bool ours = !reception.fault && reception.security.key_proven() &&
                              !hex_of(reception.telegram.content).starts_with(hex_of(volume));
            BOOST_TEST(!ours, "mode " << static_cast<int>(made.mode) << " MAC "
                                      << int{made.authentication} << " bit " << bit);
        }
    }
}

BOOST_AUTO_TEST_CASE(compositions_are_off_unless_named) {
    security::ProtectionOptions options;
    options.compositions = {security::find_composition("mode-8-address-counter"),
                            security::find_composition("mode-9-address-counter"),
                            security::find_composition("mode-10-address-counter"),
                            security::find_composition("gmac-address-counter")};
    for (const Made& made :
         {Made{.mode = SecurityMode::aes_ctr_cmac}, Made{.mode = SecurityMode::aes_gcm},
          Made{.mode = SecurityMode::aes_ccm},
          Made{.mode = SecurityMode::none, .authentication = 9}}) {
        const Bytes sent = frame(telegram(made), options);
        BOOST_TEST(fault_with(with(key), sent) == "profile-needed");
        BOOST_TEST(fault_with(with(key), sent, options) == "none");
        sender::RadioEncoder without;
        const auto refused = without.frame(telegram(made), &key);
        BOOST_REQUIRE(!refused.has_value());
        BOOST_TEST((refused.error().code == FaultCode::profile_needed));
    }
}

// Mode 13: what is inside TLS is handed on whole.
BOOST_AUTO_TEST_CASE(mode_13_is_handed_on) {
    const Bytes record = bytes_of("1703030005AABBCCDDEE");
    RadioTelegram tls = telegram({});
    tls.transport->configuration.field = 0x0D00U | static_cast<std::uint16_t>(record.size());
    tls.transport->configuration.extension = 1;
    tls.transport->content = record;
    tls.transport->sealed = true;
    const KeyStore keys = with(key);
    Receiver receiver{keys, {.partial_messages = 1}};
    const Reception& reception = receiver.receive(frame(tls));
    BOOST_TEST(fault_of(reception) == "tls-handed-on");
    BOOST_TEST(hex_of(reception.telegram.encrypted) == hex_of(record));
    BOOST_TEST(reception.security.configuration->protocol() == 1);
}

BOOST_AUTO_TEST_CASE(encrypted_lengths_that_lie) {
    const KeyStore keys = with(key);
    // Mode 7, N = 15: all the rest, which is no whole number of blocks.
    RadioTelegram whole = telegram({.mode = SecurityMode::aes_cbc_derived, .authentication = 5});
    whole.transport->sealed = true;
    const Bytes odd(33, 0xAA);
    whole.transport->content = odd;
    whole.transport->configuration.field |= 0xF0U;
    BOOST_TEST(fault_with(keys, frame(whole)) == "encrypted-length-mismatch");
    // Mode 5: more blocks than there are bytes.
    RadioTelegram more = telegram({.mode = SecurityMode::aes_cbc_iv});
    more.transport->sealed = true;
    more.transport->content = odd;
    more.transport->configuration.field = 0x0530;
    BOOST_TEST(fault_with(keys, frame(more)) == "encrypted-length-mismatch");
    // Modes 9 and 10: more bytes than there are, and a tag that is not there.
    security::ProtectionOptions options;
    options.compositions[0] = security::find_composition("mode-10-address-counter");
    RadioTelegram ccm = telegram({.mode = SecurityMode::aes_ccm});
    ccm.transport->sealed = true;
    const Bytes few(7, 0xAA);
    ccm.transport->content = few;
    BOOST_TEST(fault_with(keys, frame(ccm), options) == "encrypted-length-mismatch");
    ccm.transport->content = odd;
    ccm.transport->configuration.field =
        static_cast<std::uint16_t>((ccm.transport->configuration.field & 0xFF00U) | 26U);
    BOOST_TEST(fault_with(keys, frame(ccm), options) == "encrypted-length-mismatch");
}

BOOST_AUTO_TEST_CASE(reserved_modes_are_named) {
    for (unsigned mode = 0; mode < 32; ++mode) {
        RadioTelegram made = telegram({});
        made.transport->sealed = true;
        made.transport->content = volume;
        made.transport->configuration.field = static_cast<std::uint16_t>(mode << 8U | 0x10U);
        const std::string fault = fault_with(with(key), frame(made));
        const bool known = mode == 0 || (mode >= 2 && mode <= 10 && mode != 6) || mode == 13;
        BOOST_TEST((fault == "security-mode-unsupported") == !known, mode << ' ' << fault);
    }
}

// C.6: strictly greater counters; the same datagram again is no replay; FFFFFFFFh is the last one.
BOOST_AUTO_TEST_CASE(replays_are_refused) {
    const KeyStore keys = with(key);
    Receiver receiver{keys, {.guard_counters = true, .guarded_senders = 4, .partial_messages = 1}};
    const auto profile_b = [](std::uint32_t counter, std::string_view records = "0C1378563412") {
        const Bytes data = bytes_of(records);
        return frame(telegram(
            {.mode = SecurityMode::aes_cbc_derived, .authentication = 5, .counter = counter},
            data));
    };
    BOOST_TEST(fault_of(receiver, profile_b(10)) == "none");
    BOOST_TEST(fault_of(receiver, profile_b(10)) == "none", "a repeater's");
    BOOST_TEST(fault_of(receiver, profile_b(10, "0C1300000000")) == "counter-replay");
    BOOST_TEST(fault_of(receiver, profile_b(9)) == "counter-replay");
    // Whoever has no key cannot move the counter.
    const Bytes forged = changed(profile_b(0xFFFF'FFFF), 30, 1);
    BOOST_TEST(fault_of(receiver, forged) == "mac-mismatch");
    BOOST_TEST(fault_of(receiver, profile_b(11)) == "none");
    BOOST_TEST(fault_of(receiver, profile_b(counter_alert)) == "none");
    BOOST_TEST(fault_of(receiver, profile_b(0xFFFF'FFFF)) == "none");
    BOOST_TEST(fault_of(receiver, profile_b(0)) == "counter-replay");
    BOOST_TEST(fault_of(receiver, profile_b(0xFFFF'FFFE)) == "counter-replay");
}

// A repeater sets the hop bit; the same frame of two receivers is one.
BOOST_AUTO_TEST_CASE(duplicates_are_marked) {
    const KeyStore none;
    Receiver receiver{none, {.duplicate_window = 2s, .partial_messages = 1}};
    const RadioTelegram sent = telegram({});
    RadioTelegram repeated = sent;
    repeated.link->control.raw |= wireless::CommunicationControl::hop_bit;
    const Instant start{};
    const auto heard = [&](const RadioTelegram& made, Instant at) {
        return receiver.receive(frame(made), wireless::Handover::unknown, at).duplicate;
    };
    BOOST_TEST(!heard(sent, start));
    BOOST_TEST(heard(sent, start + 10ms));
    BOOST_TEST(heard(repeated, start + 1s));
    RadioTelegram next = sent;
    ++next.link->access_number;
    BOOST_TEST(!heard(next, start + 1s));
    BOOST_TEST(!heard(sent, start + 3s));
}

// Facts C: at most one extended link layer and one AFL, in this order.
BOOST_AUTO_TEST_CASE(repeated_layers_are_refused) {
    const auto made = [](std::string_view data) {
        const auto sent =
            wireless::encode_frame(wireless::FrameFormat::a, 0x44, meter, bytes_of(data));
        return Bytes{sent->bytes().begin(), sent->bytes().end()};
    };
    const KeyStore none;
    BOOST_TEST(fault_with(none, made("8C2001 780C1378563412")) == "none");
    BOOST_TEST(fault_with(none, made("8C2001 900280 00 780C1378563412")) != "layer-repeated");
    BOOST_TEST(fault_with(none, made("8C2001 8C2001 780C1378563412")) == "layer-repeated");
    BOOST_TEST(fault_with(none, made("90020000 90020000 780C1378563412")) == "layer-repeated");
    BOOST_TEST(fault_with(none, made("90020000 8C2001 780C1378563412")) == "layer-repeated");
}

// EN 13757-3, VIF FDh 3Bh: a wired telegram in a radio telegram comes out as it went in.
BOOST_AUTO_TEST_CASE(wired_telegrams_in_containers) {
    const Bytes wired = bytes_of("6820206808FD7278563412931533032A0000000C1427048502046D32371F15"
                                 "02FD1700008916");
    Bytes records{0x0D, 0xFD, 0x3B, static_cast<std::uint8_t>(wired.size())};
    records.insert(records.end(), wired.begin(), wired.end());
    const KeyStore keys = with(key);
    Receiver receiver{keys, {.partial_messages = 1}};
    const Reception& reception =
        receiver.receive(frame(telegram({.mode = SecurityMode::aes_cbc_iv}, records)));
    BOOST_TEST_REQUIRE(fault_of(reception) == "none");
    application::RecordReader reader{reception.telegram.content};
    application::Record record;
    BOOST_REQUIRE((reader.next(record) == application::RecordReader::Step::record));
    BOOST_TEST((record.quantity == application::Quantity::wireless_container));
    BOOST_TEST(hex_of(record.content()) == hex_of(wired));
}

// The session's payload CRC, in clear, is checked.
BOOST_AUTO_TEST_CASE(payload_crc_in_clear) {
    const Bytes sent = frame(telegram({.link_ci = wireless::ci_ell_2, .session = 0x0000'1230}));
    BOOST_TEST(fault_with(KeyStore{}, sent) == "none");
    BOOST_TEST(fault_with(KeyStore{}, changed(sent, 12, 1)) == "payload-crc-mismatch");
}

BOOST_AUTO_TEST_SUITE_END()
