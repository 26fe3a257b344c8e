// SPDX-License-Identifier: Apache-2.0
// Purpose: AES-128 in CBC and CTR is that of NIST SP 800-38A, DES in CBC that of FIPS 81.
#include "../application/bytes_of.hpp"
#include "core/security/aes.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core::security;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

namespace {

Block block(std::string_view hex) {
    Block made;
    std::ranges::copy(bytes_of(hex), made.begin());
    return made;
}

constexpr std::string_view key = "2B7E151628AED2A6ABF7158809CF4F3C";
constexpr std::string_view plain =
    "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
    "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710";

} // namespace

BOOST_AUTO_TEST_SUITE(aes)

BOOST_AUTO_TEST_CASE(cbc_of_sp_800_38a_f_2) {
    constexpr std::string_view cipher =
        "7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2"
        "73BED6B8E3C1743B7116E69E222295163FF1CAA1681FAC09120ECA307586E1A7";
    Aes made;
    made.set_key(block(key));
    const Block iv = block("000102030405060708090A0B0C0D0E0F");
    auto text = bytes_of(plain);
    made.encrypt_cbc(iv, text, text);
    BOOST_TEST(hex_of(text) == cipher);
    made.decrypt_cbc(iv, text, text);
    BOOST_TEST(hex_of(text) == plain);
}

BOOST_AUTO_TEST_CASE(ctr_of_sp_800_38a_f_5) {
    constexpr std::string_view cipher =
        "874D6191B620E3261BEF6864990DB6CE9806F66B7970FDFF8617187BB9FFFDFF"
        "5AE4DF3EDBD5D35E5B4F09020DB03EAB1E031DDA2FBE03D1792170A0F3009CEE";
    Aes made;
    made.set_key(block(key));
    const Block counter = block("F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF");
    auto text = bytes_of(plain);
    made.apply_ctr(counter, text, text);
    BOOST_TEST(hex_of(text) == cipher);
    // A text that ends inside a block is the start of the longer one.
    auto start = bytes_of(plain.substr(0, 2 * 21));
    made.apply_ctr(counter, start, start);
    BOOST_TEST(hex_of(start) == cipher.substr(0, 2 * 21));
}

// FIPS 197, appendix C.1; SP 800-38A, F.1: single blocks both ways.
BOOST_AUTO_TEST_CASE(blocks_of_fips_197_and_sp_800_38a) {
    struct Row {
        std::string_view key, text, cipher;
    };
    for (const Row& row :
         {Row{"000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF",
              "69C4E0D86A7B0430D8CDB78070B4C55A"},
          Row{key, "6BC1BEE22E409F96E93D7E117393172A", "3AD77BB40D7A3660A89ECAF32466EF97"},
          Row{key, "AE2D8A571E03AC9C9EB76FAC45AF8E51", "F5D3D58503B9699DE785895A96FDBAAF"},
          Row{key, "30C81C46A35CE411E5FBC1191A0A52EF", "43B1CD7F598ECE23881B00E3ED030688"},
          Row{key, "F69F2445DF4F9B17AD2B417BE66C3710", "7B0C785E27E8AD3F8223207104725DD4"}}) {
        Aes made;
        made.set_key(block(row.key));
        Block text = block(row.text);
        made.encrypt(text, text);
        BOOST_TEST(hex_of(text) == row.cipher);
        made.decrypt(text, text);
        BOOST_TEST(hex_of(text) == row.text);
    }
}

// RFC 3686, 6, test vectors 1 to 3: nonce, IV and a counter of 32 bits that starts at 1.
BOOST_AUTO_TEST_CASE(ctr_of_rfc_3686) {
    struct Row {
        std::string_view key, counter, text, cipher;
    };
    for (const Row& row :
         {Row{"AE6852F8121067CC4BF7A5765577F39E", "00000030000000000000000000000001",
              "53696E676C6520626C6F636B206D7367", "E4095D4FB7A7B3792D6175A3261311B8"},
          Row{"7E24067817FAE0D743D6CE1F32539163", "006CB6DBC0543B59DA48D90B00000001",
              "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
              "5104A106168A72D9790D41EE8EDAD388EB2E1EFC46DA57C8FCE630DF9141BE28"},
          Row{"7691BE035E5020A8AC6E618529F9A0DC", "00E0017B27777F3F4A1786F000000001",
              "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20212223",
              "C1CF48A89F2FFDD9CF4652E9EFDB72D74540A42BDE6D7836D59A5CEAAEF3105325B2072F"}}) {
        Aes made;
        made.set_key(block(row.key));
        auto text = bytes_of(row.text);
        made.apply_ctr(block(row.counter), text, text);
        BOOST_TEST(hex_of(text) == row.cipher);
    }
}

// The counter counts up over all 16 bytes.
BOOST_AUTO_TEST_CASE(ctr_carries_to_the_first_byte) {
    Aes made;
    made.set_key(block(key));
    std::vector<std::uint8_t> text(32);
    made.apply_ctr(block("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"), text, text);
    Block last;
    Block zero;
    made.encrypt(block("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"), last);
    made.encrypt(Block{}, zero);
    BOOST_TEST(hex_of(text) == hex_of(last) + hex_of(zero));
}

// The schedules follow the key: one made for the key before must not serve.
BOOST_AUTO_TEST_CASE(another_key_has_other_schedules) {
    Aes one;
    const Block text = block("6BC1BEE22E409F96E93D7E117393172A");
    Block with_zeros;
    one.set_key(Block{});
    one.encrypt(text, with_zeros);
    one.set_key(block(key));
    Block sealed;
    one.encrypt(text, sealed);
    BOOST_TEST(hex_of(sealed) == "3AD77BB40D7A3660A89ECAF32466EF97"); // SP 800-38A, F.1.1
    Block opened;
    one.decrypt(sealed, opened);
    BOOST_TEST((opened == text));
    one.set_key(Block{});
    one.decrypt(with_zeros, opened);
    BOOST_TEST((opened == text));
}

BOOST_AUTO_TEST_CASE(des_cbc_of_fips_81) {
    const auto des_key = bytes_of("0123456789ABCDEF");
    const auto iv = bytes_of("1234567890ABCDEF");
    const std::span<const std::uint8_t, 8> key8{des_key.data(), 8};
    const std::span<const std::uint8_t, 8> iv8{iv.data(), 8};
    auto text = bytes_of("4E6F77206973207468652074696D6520666F7220616C6C20");
    encrypt_des_cbc(key8, iv8, text, text);
    BOOST_TEST(hex_of(text) == "E5C7CDDE872BF27C43E934008C389C0F683788499A7C05F6");
    decrypt_des_cbc(key8, iv8, text, text);
    BOOST_TEST(hex_of(text) == "4E6F77206973207468652074696D6520666F7220616C6C20");
}

BOOST_AUTO_TEST_CASE(keys_have_8_or_16_bytes) {
    BOOST_TEST(Key::make(bytes_of("0102030405060708")).has_value());
    BOOST_TEST(Key::make(bytes_of(key)).has_value());
    BOOST_TEST(!Key::make(bytes_of("010203040506070809")).has_value());
    BOOST_TEST(!Key::make({}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
