// SPDX-License-Identifier: Apache-2.0
// Purpose: a message too long for a frame is sent in fragments and put together again; one that
// lacks a fragment gives no records.
#include "tests/support/radio_round_trip.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

BOOST_AUTO_TEST_SUITE(sender_fragments)

using namespace meterbench::core;
using namespace meterbench::core::sender;
using namespace meterbench::tests::radio;

// OMS Vol. 2, 6: a message too long for a frame, in fragments: every layer set and security mode,
// both formats. Expectation: whole with the last; lost, the fragments before it give no records.
BOOST_AUTO_TEST_CASE(long_messages_in_fragments) {
    std::mt19937_64 random{22};
    unsigned done = 0;
    for (const auto& [mode, mode_8] : security_cases()) {
        const auto options = compositions_with(mode_8);
        const security::Key key = key_of(mode, 3);
        const receiver::KeyStore keys = store_of(key);
        receiver::Receiver right{keys, {.decryption = options, .ell_five = &layout}};
        RadioEncoder encoder{options};
        for (const Layers& layers : layer_sets) {
            const bool des = key.size == 8;
            if (des && (layers.authentication != 0 || layers.session_encrypted)) {
                continue; // one key cannot serve both
            }
            const FrameFormat format = done % 2 == 0 ? FrameFormat::a : FrameFormat::b;
            // As much as the mode's configuration field can count.
            const std::size_t least =
                mode == SecurityMode::none || mode == SecurityMode::aes_cbc_derived ||
                        mode == SecurityMode::aes_ctr_cmac || mode == SecurityMode::aes_gcm ||
                        mode == SecurityMode::aes_ccm
                    ? 700
                    : 150;
            Bytes records;
            while (records.size() < least) {
                const Bytes more = random_records(random);
                records.insert(records.end(), more.begin(), more.end());
            }
            const SenderProfile profile =
                profile_of(Direction::meter_to_other, format, layers, mode);
            Message message;
            message.access_number = static_cast<std::uint8_t>(random());
            message.message_counter = static_cast<std::uint32_t>(random());
            message.data = records;
            BOOST_TEST_CONTEXT("security " << static_cast<int>(mode) << " ELL " << +layers.link_ci
                                           << " AFL " << +layers.authentication) {
                const std::size_t size = 30 + random() % 120;
                const auto frames =
                    encoder.fragments(compose(profile, message).value(), &key, size);
                BOOST_REQUIRE_MESSAGE(frames, (frames ? "" : name_of(frames.error().code)));
                BOOST_TEST(frames->size() > 1U);
                const auto handover = format == FrameFormat::a ? wireless::Handover::format_a
                                                               : wireless::Handover::format_b;
                const receiver::Reception* last = nullptr;
                for (const wireless::AirFrame& frame : *frames) {
                    last = &right.receive(frame.bytes(), handover);
                    const bool ends = &frame == &frames->back();
                    BOOST_TEST(last->fault.has_value() == !ends);
                    BOOST_TEST(last->telegram.content.empty() == !ends);
                }
                BOOST_REQUIRE_MESSAGE(!last->fault,
                                      (last->fault ? name_of(last->fault->code) : ""));
                BOOST_TEST(last->assembled);
                BOOST_TEST(last->security.mac == (layers.authentication != 0));
                constexpr auto up = application::Direction::from_meter;
                BOOST_TEST((read(last->telegram.content, up) == read(records, up)));
                (void)right.receive(frames->front().bytes(), handover);
                const auto& early = right.receive(frames->back().bytes(), handover);
                BOOST_TEST((frames->size() == 2) == !early.fault.has_value());
            }
            ++done;
        }
    }
    BOOST_TEST(done > 100U, done);
}

// And through the air.
BOOST_AUTO_TEST_CASE(fragments_through_chips_and_noise) {
    std::mt19937_64 random{23};
    const wireless::ModeRow& row =
        *wireless::find_mode(wireless::Mode::t1, Direction::meter_to_other);
    const security::Key key = key_of(SecurityMode::aes_cbc_derived, 3);
    const receiver::KeyStore keys = store_of(key);
    receiver::Receiver right{keys};
    for (const std::size_t size : {40U, 120U, 200U}) {
        const Bytes records(700, 0x2F);
        const SenderProfile profile =
            profile_of(Direction::meter_to_other, FrameFormat::a, {0x8C, 5, false, false},
                       SecurityMode::aes_cbc_derived);
        const auto telegram = compose(profile, {.message_counter = 3, .data = records}).value();
        const auto frames = RadioEncoder{}.fragments(telegram, &key, size);
        BOOST_REQUIRE(frames.has_value());
        for (const wireless::AirFrame& frame : *frames) {
            const Bytes heard = over_the_air(row, FrameFormat::a,
                                             {frame.bytes().begin(), frame.bytes().end()}, random);
            const auto& reception = right.receive(heard, wireless::Handover::format_a);
            BOOST_TEST(reception.fault.has_value() == (&frame != &frames->back()));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
