// SPDX-License-Identifier: Apache-2.0
// Purpose: whom a selection means: every digit and byte, wildcards, enhanced selection (EN 13757-7,
// 8.4; facts C.1, C.2; MB7-SA-002 to -006, -015 to -017).
#include "core/application/selection.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(selection)

using namespace meterbench::core::application;
using meterbench::tests::Bytes;
using meterbench::tests::hex;

namespace {
// EX-023: 12345678, manufacturer 4024h (PAD), version 1, device type 7.
constexpr DeviceId device{0x12345678, 0x4024, 1, 7};
const Bytes exact = hex("78 56 34 12 24 40 01 07");

bool means(const Bytes& mask, std::optional<std::uint32_t> fabrication_number = std::nullopt) {
    return selection_matches(mask, device, fabrication_number);
}
} // namespace

BOOST_AUTO_TEST_CASE(the_exact_address) {
    BOOST_TEST(means(exact));
}

// MB7-SA-004: each digit alone: its value, every other value, the wildcard.
BOOST_AUTO_TEST_CASE(every_digit) {
    for (unsigned digit = 0; digit < 8; ++digit) {
        for (unsigned value = 0; value < 16; ++value) {
            Bytes mask = exact;
            const unsigned shift = digit % 2 * 4;
            auto& byte = mask[digit / 2];
            const unsigned own = (byte >> shift) & 0x0FU;
            byte = static_cast<std::uint8_t>((byte & ~(0x0FU << shift)) | value << shift);
            BOOST_TEST(means(mask) == (value == own || value == 0x0F),
                       "digit " << digit << " is " << value);
        }
    }
}

// MB7-SA-005, -006: manufacturer (both bytes), version, device type; FFh is a wildcard of that
// byte.
BOOST_AUTO_TEST_CASE(every_byte) {
    for (std::size_t index = 4; index < 8; ++index) {
        for (unsigned value = 0; value < 256; ++value) {
            Bytes mask = exact;
            mask[index] = static_cast<std::uint8_t>(value);
            BOOST_TEST(means(mask) == (value == exact[index] || value == 0xFF),
                       "byte " << index << " is " << value);
        }
    }
}

// Every set of wildcards, and with one other position wrong.
BOOST_AUTO_TEST_CASE(wildcards_are_independent) {
    for (unsigned wild = 0; wild < 256; ++wild) {
        Bytes mask = exact;
        for (std::size_t i = 0; i < 8; ++i) {
            if ((wild >> i & 1U) != 0) {
                mask[i] = 0xFF;
            }
        }
        BOOST_TEST(means(mask));
        for (std::size_t i = 0; i < 8; ++i) {
            Bytes wrong = mask;
            wrong[i] = static_cast<std::uint8_t>(exact[i] ^ 0x01U);
            BOOST_TEST(!means(wrong));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_mask_of_another_length_means_nobody) {
    for (std::size_t size = 0; size < 20; ++size) {
        const Bytes mask(size, 0xFF);
        BOOST_TEST(means(mask) == (size == 8), "without a fabrication number, " << size);
    }
    BOOST_TEST(!means(Bytes(14, 0xFF), 0x01020304), "the record must say what it is");
}

// MB7-SA-015, -016 (EX-026): DIF 0Ch, VIF 78h, eight digits, Fh wild.
BOOST_AUTO_TEST_CASE(enhanced_selection) {
    const Bytes good = hex("78 56 34 12 FF FF FF FF 0C 78 04 03 02 01");
    constexpr std::uint32_t number = 0x01020304;
    BOOST_TEST(means(good, number));
    BOOST_TEST(means(exact, number), "the plain selection goes on working");
    BOOST_TEST(!means(good, 0x01020305));
    for (std::size_t index = 0; index < good.size(); ++index) {
        Bytes wrong = good;
        wrong[index] = static_cast<std::uint8_t>(wrong[index] ^ 0x01U);
        BOOST_TEST(!means(wrong, number), "byte " << index);
        Bytes wild = good;
        wild[index] = 0xFF;
        const bool is_tag = index == 8 || index == 9;
        BOOST_TEST(means(wild, number) == !is_tag, "byte " << index);
    }
    BOOST_TEST(means(hex("FF FF FF FF FF FF FF FF 0C 78 FF FF FF FF"), number));
    BOOST_TEST(means(hex("78 56 34 12 FF FF FF FF 0C 78 F4 03 02 0F"), number),
               "digits on their own");
    BOOST_TEST(!means(hex("78 56 34 12 FF FF FF FF 0C 78 F5 03 02 0F"), number));
}

// MB7-SA-017.
BOOST_AUTO_TEST_CASE(without_a_fabrication_number_an_appended_record_is_not_for_it) {
    BOOST_TEST(!means(hex("78 56 34 12 FF FF FF FF 0C 78 04 03 02 01")));
}

BOOST_AUTO_TEST_SUITE_END()
