// SPDX-License-Identifier: Apache-2.0
// Purpose: what the sender makes, the receiver understands: every mode of the table, both frame
// formats, all layer sets and security modes, random records, through chips and noise. And a wrong
// key never yields records.
#include "tests/support/radio_round_trip.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <random>

BOOST_AUTO_TEST_SUITE(sender_round_trip)

using namespace meterbench::core;
using namespace meterbench::core::sender;
using namespace meterbench::tests::radio;

BOOST_AUTO_TEST_CASE(every_mode_format_layer_set_and_security_mode) {
    std::mt19937_64 random{21};
    unsigned done = 0;
    for (const auto& [mode, mode_8] : security_cases()) {
        const auto options = compositions_with(mode_8);
        RadioEncoder encoder{options};
        const security::Key key = key_of(mode, 1);
        const receiver::KeyStore keys = store_of(key);
        const receiver::KeyStore wrong = store_of(key_of(mode, 2));
        receiver::Receiver right{keys, {.decryption = options, .ell_five = &layout}};
        receiver::Receiver other{wrong, {.decryption = options, .ell_five = &layout}};
        for (const wireless::ModeRow& row : wireless::mode_table()) {
            if (!wireless::reception_of(row)) {
                continue;
            }
            for (const Layers& layers : layer_sets) {
                const bool des = key.size == 8;
                if (des && (layers.authentication != 0 || layers.session_encrypted)) {
                    continue; // one key cannot serve both
                }
                const Direction direction =
                    wireless::carries(row.path, Direction::meter_to_other) &&
                            (row.path != wireless::Path::both || random() % 2 == 0)
                        ? Direction::meter_to_other
                        : Direction::other_to_meter;
                const bool down = direction == Direction::other_to_meter;
                if (down && (layers.link_ci == 0x8C || layers.link_ci == 0x8D)) {
                    continue; // to a meter: its address is in the link layer, or there is none
                }
                const FrameFormat format = row.sync_b.value.length != 0 && random() % 2 == 0
                                               ? FrameFormat::b
                                               : FrameFormat::a;
                const Bytes records = random_records(random);
                const SenderProfile profile = profile_of(direction, format, layers, mode);
                Message message;
                message.service = down ? wireless::Service::snd_ud : wireless::Service::snd_nr;
                message.subject = down ? Subject::command : Subject::records;
                message.synchronous = !down;
                message.access_number = static_cast<std::uint8_t>(random());
                message.message_counter = static_cast<std::uint32_t>(random());
                message.data = records;
                BOOST_TEST_CONTEXT(wireless::name_of(row.mode)
                                   << " " << wireless::name_of(direction) << " format "
                                   << wireless::name_of(format) << " security "
                                   << static_cast<int>(mode) << " ELL " << +layers.link_ci
                                   << " AFL " << +layers.authentication) {
                    const auto telegram = compose(profile, message);
                    BOOST_REQUIRE(telegram.has_value());
                    const auto frame = encoder.frame(*telegram, &key);
                    BOOST_REQUIRE_MESSAGE(frame.has_value(),
                                          (frame ? "" : name_of(frame.error().code)));
                    const Bytes sent(frame->bytes().begin(), frame->bytes().end());
                    const Bytes heard = over_the_air(row, format, sent, random);
                    BOOST_TEST(heard == sent, boost::test_tools::per_element());
                    const auto handover = format == FrameFormat::a ? wireless::Handover::format_a
                                                                   : wireless::Handover::format_b;
                    const auto& reception = right.receive(heard, handover);
                    BOOST_REQUIRE_MESSAGE(!reception.fault,
                                          (reception.fault ? name_of(reception.fault->code) : ""));
                    const auto way = down ? application::Direction::from_master
                                          : application::Direction::from_meter;
                    BOOST_TEST((read(reception.telegram.content, way) == read(records, way)));
                    BOOST_TEST(!read(records, way).empty());
                    BOOST_TEST((reception.frame->address() == profile.address));
                    BOOST_TEST(reception.telegram.fields.transport.access_number ==
                               message.access_number);
                    if (reception.link) {
                        BOOST_TEST(reception.link->control.synchronous() == message.synchronous);
                        BOOST_TEST(reception.link->access_number == message.access_number);
                    }
                    if (mode != SecurityMode::none) {
                        BOOST_TEST(reception.security.encrypted >= records.size(),
                                   "nothing may go in clear");
                    }
                    BOOST_TEST(reception.security.mac == (layers.authentication != 0));
                    if (needs_key(mode, layers)) {
                        const auto& refused = other.receive(heard, handover);
                        BOOST_TEST(refused.fault.has_value());
                        BOOST_TEST(refused.telegram.content.empty(), "no records");
                    }
                }
                ++done;
            }
        }
    }
    BOOST_TEST(done > 1500U, done);
}

// MB4-ACC-006 and facts B.5, B.6: fields of the link services.
BOOST_AUTO_TEST_CASE(services_have_their_c_fields_and_bits) {
    struct Key {
        wireless::Service service;
        Subject subject;
        std::uint8_t c;
        std::uint8_t ci;
    };
    using enum wireless::Service;
    constexpr Key keys[]{
        {snd_nke, Subject::nothing, 0x40, 0x80},
        {req_ud1, Subject::nothing, 0x5A, 0x80},
        {req_ud2, Subject::nothing, 0x5B, 0x80},
        {snd_ud, Subject::command, 0x53, 0x5B},
        {snd_ud2, Subject::command, 0x43, 0x5B},
        {cnf_ir, Subject::nothing, 0x06, 0x80},
        {snd_nr, Subject::records, 0x44, 0x7A},
        {snd_ir, Subject::records, 0x46, 0x7A},
        {acc_nr, Subject::nothing, 0x47, 0x8A},
        {acc_dmd, Subject::nothing, 0x48, 0x8A},
        {ack, Subject::nothing, 0x00, 0x8A},
        {nack, Subject::nothing, 0x01, 0x8A},
        {rsp_ud, Subject::records, 0x08, 0x7A},
        {rsp_ud, Subject::alarm, 0x08, 0x74},
        {rsp_ud, Subject::application_error, 0x08, 0x6E},
    };
    constexpr std::array<std::uint8_t, 1> data{0x11};
    for (const Key& key : keys) {
        SenderProfile profile;
        profile.address = address_of(meter);
        profile.security = SecurityMode::aes_cbc_derived;
        profile.authentication = 5;
        Message message;
        message.service = key.service;
        message.subject = key.subject;
        message.data = key.subject == Subject::nothing ? std::span<const std::uint8_t>{} : data;
        const auto telegram = compose(profile, message);
        BOOST_REQUIRE(telegram.has_value());
        BOOST_TEST(telegram->c == key.c);
        BOOST_TEST(telegram->transport->ci == key.ci);
        // OMS Vol. 2: what has no application data, and errors, goes in clear and without AFL.
        const bool open =
            key.subject == Subject::nothing || key.subject == Subject::application_error;
        BOOST_TEST(telegram->afl.has_value() == !open);
        BOOST_TEST((telegram->transport->configuration.mode() == SecurityMode::none) == open);
    }
}

// The vectors of the facts that the composer's own choices can make.
BOOST_AUTO_TEST_CASE(composed_telegrams_are_those_of_the_examples) {
    const auto hex = [](const Expected<wireless::AirFrame>& frame) {
        std::string text;
        for (const std::uint8_t byte : frame.value().bytes()) {
            constexpr char digits[] = "0123456789ABCDEF";
            text += digits[byte >> 4U];
            text += digits[byte & 0x0FU];
        }
        return text;
    };
    constexpr application::DeviceId water{0x12345678, 0x4F2E, 0x01, 0x07};
    constexpr application::DeviceId box{0x87654321, 0x1EF9, 0x01, 0x31};
    constexpr std::array<std::uint8_t, 6> volume{0x0C, 0x13, 0x78, 0x56, 0x34, 0x12};
    RadioEncoder encoder;
    SenderProfile profile;
    profile.address = address_of(water);
    Message message;
    message.access_number = 0x14;
    message.synchronous = true;
    message.data = volume;
    const auto made = [&](const security::Key* key = nullptr) {
        return hex(encoder.frame(compose(profile, message).value(), key));
    };
    BOOST_TEST(made() == "17442E4F7856341201071B148C20147A140000000C137856341280C6",
               "SYN-SND-NR-orig-A");
    profile.format = FrameFormat::b;
    BOOST_TEST(made() == "19442E4F7856341201078C20147A140000000C13785634129BA2",
               "SYN-SND-NR-orig-B");

    message = {.service = wireless::Service::acc_nr,
               .subject = Subject::nothing,
               .synchronous = true,
               .access_number = 0x12};
    profile.access = wireless::Accessibility::window;
    BOOST_TEST(made() == "13472E4F7856341201078CA0128A12000000AEA5", "SYN-ACC-NR-B");
    message.service = wireless::Service::acc_dmd;
    message.access_number = 0x13;
    profile.access = wireless::Accessibility::always;
    BOOST_TEST(made() == "13482E4F7856341201078CA4138A130000009298", "SYN-ACC-DMD-B");

    message = {.service = wireless::Service::snd_ir, .access_number = 0x11, .data = volume};
    profile.access = wireless::Accessibility::window;
    BOOST_TEST(made() == "19462E4F7856341201078C80117A110000000C1378563412F9F4", "SYN-SND-IR-B");

    // A command under profile B: SYN-SND-UD-profB-A.
    constexpr std::array<std::uint8_t, 16> master{0x0F, 0x0E, 0x0D, 0x0C, 0x0B, 0x0A, 0x09, 0x08,
                                                  0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, 0x00};
    const security::Key key = security::Key::make(master).value();
    profile = {};
    profile.address = address_of(box);
    profile.meter = water;
    profile.security = SecurityMode::aes_cbc_derived;
    profile.authentication = 5;
    profile.access = wireless::Accessibility::window;
    message = {.service = wireless::Service::snd_ud,
               .subject = Subject::command,
               .access_number = 0x21,
               .message_counter = 4660,
               .data = volume};
    BOOST_TEST(made(&key) ==
                   "3B53F91E21436587013170108C8021900F002C253412000044145797458BE56742955B785634122"
                   "E4F0107210010A14F0710521C3A0ED2463AB7768930D2C0EFA6922441388F",
               "SYN-SND-UD-profB-A");
}

// Mode 13: what is inside TLS goes there and comes back as it is, for whoever can read it.
BOOST_AUTO_TEST_CASE(tls_is_handed_on) {
    std::mt19937_64 random{24};
    const receiver::KeyStore keys;
    receiver::Receiver right{keys, {.ell_five = &layout}};
    for (const Layers& layers : layer_sets) {
        if (layers.authentication != 0 || layers.session_encrypted) {
            continue; // no key
        }
        Bytes inside(1 + random() % 120);
        std::ranges::generate(inside, [&random] { return static_cast<std::uint8_t>(random()); });
        auto profile =
            profile_of(Direction::meter_to_other, FrameFormat::a, layers, SecurityMode::tls);
        profile.tls_protocol = 3;
        const auto frame =
            RadioEncoder{}.frame(compose(profile, {.data = inside}).value(), nullptr);
        BOOST_REQUIRE(frame.has_value());
        const auto& reception = right.receive(frame->bytes(), wireless::Handover::format_a);
        BOOST_REQUIRE(reception.fault.has_value());
        BOOST_TEST(name_of(reception.fault->code) == "tls-handed-on");
        BOOST_TEST(reception.telegram.encrypted == std::span<const std::uint8_t>{inside},
                   boost::test_tools::per_element());
        BOOST_TEST(+reception.security.configuration->protocol() == 3);
        BOOST_TEST(reception.telegram.content.empty());
    }
}

BOOST_AUTO_TEST_CASE(an_ell_v_needs_a_layout) {
    SenderProfile profile;
    profile.link_ci = wireless::ci_ell_5;
    const auto refused = [&profile] {
        const auto made = compose(profile, {});
        return made ? std::string_view{"made"} : name_of(made.error().code);
    };
    BOOST_TEST(refused() == "profile-needed");
    profile.ell_five = EllFive{.layout = {.session_bit = 2}, .receiver = true};
    BOOST_TEST(refused() == "profile-needed", "no bit announces the receiver");
    profile.ell_five->layout.receiver_bit = 7;
    profile.ell_five->session = true;
    BOOST_TEST(refused() == "made");
    BOOST_TEST(+compose(profile, {}).value().link->extended_control == 0x84);
}

// Every field can be said otherwise between composing and encoding: what a receiver then finds.
BOOST_AUTO_TEST_CASE(fields_can_be_overridden) {
    const security::Key key = key_of(SecurityMode::aes_cbc_derived, 1);
    const receiver::KeyStore keys = store_of(key);
    receiver::Receiver right{keys};
    RadioEncoder encoder;
    constexpr std::array<std::uint8_t, 6> volume{0x0C, 0x13, 0x78, 0x56, 0x34, 0x12};
    SenderProfile profile = profile_of(Direction::meter_to_other, FrameFormat::a,
                                       {0x8C, 5, false, false}, SecurityMode::aes_cbc_derived);
    const auto good = compose(profile, {.message_counter = 5, .data = volume}).value();
    const auto fault_of = [&](RadioTelegram telegram) -> std::string {
        const auto frame = encoder.frame(telegram, &key);
        if (!frame) {
            return "not sent";
        }
        const auto& reception = right.receive(frame->bytes(), wireless::Handover::format_a);
        return std::string{reception.fault ? name_of(reception.fault->code) : "none"};
    };
    BOOST_TEST(fault_of(good) == "none");
    auto broken = good;
    broken.deviations.broken_crcs = 2;
    BOOST_TEST(fault_of(broken) == "block-crc-mismatch");
    broken = good;
    broken.deviations.l_field = 12;
    BOOST_TEST(fault_of(broken) != "none");
    broken = good;
    broken.afl->mac = transport::Mac{.storage = {1, 2, 3}, .size = 8};
    announce_fields(*broken.afl);
    BOOST_TEST(fault_of(broken) == "mac-mismatch");
    broken = good;
    broken.transport->ci = 0x00;
    BOOST_TEST(fault_of(broken) != "none");
}

BOOST_AUTO_TEST_CASE(data_that_the_configuration_field_cannot_count_is_refused) {
    const Bytes long_data(239, 0x2F);
    for (const SecurityMode mode : {SecurityMode::aes_cbc, SecurityMode::aes_cbc_iv}) {
        SenderProfile profile;
        profile.security = mode;
        Message message;
        message.data = long_data;
        const auto made = compose(profile, message);
        BOOST_REQUIRE(!made.has_value());
        BOOST_TEST((made.error().code == FaultCode::data_too_long));
        message.data = std::span{long_data}.first(238);
        BOOST_TEST(compose(profile, message).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
