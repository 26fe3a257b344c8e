// SPDX-License-Identifier: Apache-2.0
// Purpose: CMAC is that of RFC 4493, CCM that of NIST SP 800-38C, GCM that of the GCM submission
// (SP 800-38D), derived keys those of OMS Vol. 2 annex N; what was changed is refused.
#include "../application/bytes_of.hpp"
#include "core/security/authentication.hpp"
#include "core/security/key_derivation.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core::security;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

namespace {

using Bytes = std::vector<std::uint8_t>;

Aes aes_with(std::string_view key) {
    const Bytes bytes = bytes_of(key);
    Aes aes;
    aes.set_key(std::span<const std::uint8_t, 16>{bytes.data(), 16});
    return aes;
}

struct Vector {
    std::string_view key;
    std::string_view nonce;
    std::string_view associated;
    std::string_view plain;
    std::string_view cipher;
    std::string_view tag;
};

/// SP 800-38C, appendix C, examples 1 to 3.
constexpr std::array ccm_vectors{
    Vector{"404142434445464748494A4B4C4D4E4F", "10111213141516", "0001020304050607", "20212223",
           "7162015B", "4DAC255D"},
    Vector{"404142434445464748494A4B4C4D4E4F", "1011121314151617",
           "000102030405060708090A0B0C0D0E0F", "202122232425262728292A2B2C2D2E2F",
           "D2A1F0E051EA5F62081A7792073D593D", "1FC64FBFACCD"},
    Vector{"404142434445464748494A4B4C4D4E4F", "101112131415161718191A1B",
           "000102030405060708090A0B0C0D0E0F10111213",
           "202122232425262728292A2B2C2D2E2F3031323334353637",
           "E3B201A9F5B71A7A9B1CEAECCD97E70B6176AAD9A4428AA5", "484392FBC1B09951"},
};

/// RFC 3610, chapter 8, packet vectors 1 to 3 and 7: a nonce of 13 bytes, as mode 10 has, tags of 8
/// and 10 bytes.
constexpr std::array rfc_3610_vectors{
    Vector{"C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF", "00000003020100A0A1A2A3A4A5", "0001020304050607",
           "08090A0B0C0D0E0F101112131415161718191A1B1C1D1E",
           "588C979A61C663D2F066D0C2C0F989806D5F6B61DAC384", "17E8D12CFDF926E0"},
    Vector{"C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF", "00000004030201A0A1A2A3A4A5", "0001020304050607",
           "08090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
           "72C91A36E135F8CF291CA894085C87E3CC15C439C9E43A3B", "A091D56E10400916"},
    Vector{"C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF", "00000005040302A0A1A2A3A4A5", "0001020304050607",
           "08090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20",
           "51B1E5F44A197D1DA46B0F8E2D282AE871E838BB64DA859657", "4ADAA76FBD9FB0C5"},
    Vector{"C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF", "00000009080706A0A1A2A3A4A5", "0001020304050607",
           "08090A0B0C0D0E0F101112131415161718191A1B1C1D1E",
           "0135D1B2C95F41D5D1D4FEC185D166B8094E999DFED96C", "048C56602C97ACBB7490"},
};

/// The GCM submission, test cases 1 to 4.
constexpr std::array gcm_vectors{
    Vector{"00000000000000000000000000000000", "000000000000000000000000", "", "", "",
           "58E2FCCEFA7E3061367F1D57A4E7455A"},
    Vector{"00000000000000000000000000000000", "000000000000000000000000", "",
           "00000000000000000000000000000000", "0388DACE60B6A392F328C2B971B2FE78",
           "AB6E47D42CEC13BDF53A67B21257BDDF"},
    Vector{
        "FEFFE9928665731C6D6A8F9467308308", "CAFEBABEFACEDBADDECAF888", "",
        "D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A721C3C0C95956809532FCF0E24"
        "49A6B525B16AEDF5AA0DE657BA637B391AAFD255",
        "42831EC2217774244B7221B784D0D49CE3AA212F2C02A4E035C17E2329ACA12E21D514B25466931C7D8F6A5A"
        "AC84AA051BA30B396A0AAC973D58E091473F5985",
        "4D5C2AF327CD64A62CF35ABD2BA6FAB4"},
    Vector{
        "FEFFE9928665731C6D6A8F9467308308", "CAFEBABEFACEDBADDECAF888",
        "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2",
        "D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A721C3C0C95956809532FCF0E24"
        "49A6B525B16AEDF5AA0DE657BA637B39",
        "42831EC2217774244B7221B784D0D49CE3AA212F2C02A4E035C17E2329ACA12E21D514B25466931C7D8F6A5A"
        "AC84AA051BA30B396A0AAC973D58E091",
        "5BC94FBC3221A5DB94FAE95AE7121A47"},
};

GcmInput gcm_input(const Bytes& nonce, const Bytes& associated, const Bytes& text) {
    return {std::span<const std::uint8_t, 12>{nonce.data(), 12}, associated, text};
}

} // namespace

BOOST_AUTO_TEST_SUITE(authentication)

BOOST_AUTO_TEST_CASE(cmac_of_rfc_4493) {
    const Aes aes = aes_with("2B7E151628AED2A6ABF7158809CF4F3C");
    const Bytes text = bytes_of("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
                                "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710");
    const auto of = [&](std::size_t size) {
        return hex_of(cmac(aes, {std::span{text}.first(size)}));
    };
    BOOST_TEST(of(0) == "BB1D6929E95937287FA37D129B756746");
    BOOST_TEST(of(16) == "070A16B46B4D4144F79BDD9DD04A287C");
    BOOST_TEST(of(20) == "7D85449EA6EA19C823A7BF78837DFADE"); // SP 800-38B, D.1, example 3
    BOOST_TEST(of(40) == "DFA66747DE9AE63030CA32611497C827");
    BOOST_TEST(of(64) == "51F0BEBF7E3B9D92FC49741779363CFE");
    // In pieces it is the same.
    const std::span<const std::uint8_t> whole{text};
    BOOST_TEST(hex_of(cmac(aes, {whole.first(7), whole.subspan(7, 25), whole.subspan(32, 8)})) ==
               of(40));
}

BOOST_AUTO_TEST_CASE(ccm_of_sp_800_38c_and_rfc_3610) {
    std::vector<Vector> vectors(ccm_vectors.begin(), ccm_vectors.end());
    vectors.insert(vectors.end(), rfc_3610_vectors.begin(), rfc_3610_vectors.end());
    // SP 800-38C, example 4: 65536 associated bytes, which need another form of their length; not
    // among what a telegram has, and refused by the limit in the header.
    for (const Vector& vector : vectors) {
        const Aes aes = aes_with(vector.key);
        const Bytes nonce = bytes_of(vector.nonce);
        const Bytes associated = bytes_of(vector.associated);
        const Bytes plain = bytes_of(vector.plain);
        Bytes text(plain.size());
        Bytes tag(vector.tag.size() / 2);
        seal_ccm(aes, {nonce, associated, plain}, text, tag);
        BOOST_TEST(hex_of(text) == vector.cipher);
        BOOST_TEST(hex_of(tag) == vector.tag);
        Bytes opened(text.size());
        BOOST_TEST(open_ccm(aes, {nonce, associated, text}, opened, tag));
        BOOST_TEST((opened == plain));
        tag.back() ^= 1U;
        BOOST_TEST(!open_ccm(aes, {nonce, associated, text}, opened, tag));
        BOOST_TEST((opened == Bytes(text.size())), "a wrong tag leaves no plain text");
    }
}

BOOST_AUTO_TEST_CASE(gcm_of_its_submission) {
    for (const Vector& vector : gcm_vectors) {
        const Aes aes = aes_with(vector.key);
        const Bytes nonce = bytes_of(vector.nonce);
        const Bytes associated = bytes_of(vector.associated);
        const Bytes plain = bytes_of(vector.plain);
        Bytes text(plain.size());
        Bytes tag(16);
        seal_gcm(aes, gcm_input(nonce, associated, plain), text, tag);
        BOOST_TEST(hex_of(text) == vector.cipher);
        BOOST_TEST(hex_of(tag) == vector.tag);
        Bytes opened(text.size());
        const auto short_tag = std::span<const std::uint8_t>{tag}.first(12);
        BOOST_TEST(open_gcm(aes, gcm_input(nonce, associated, text), opened, short_tag));
        BOOST_TEST((opened == plain));
        tag[0] ^= 0x80U;
        BOOST_TEST(!open_gcm(aes, gcm_input(nonce, associated, text), opened, tag));
        BOOST_TEST((opened == Bytes(text.size())));
    }
}

// GMAC is GCM without text: test case 1 of the submission, and the tag that GCM makes of the same
// associated bytes, in pieces too.
BOOST_AUTO_TEST_CASE(gmac_is_gcm_without_text) {
    const Aes zeros = aes_with("00000000000000000000000000000000");
    const Bytes zero_nonce(12);
    const std::span<const std::uint8_t, 12> nonce12{zero_nonce.data(), 12};
    BOOST_TEST(hex_of(gmac(zeros, nonce12, {})) == "58E2FCCEFA7E3061367F1D57A4E7455A");
    // IEEE 802.1AE, annex C.1: GCM-AES-128, 54 bytes authenticated, nothing encrypted.
    const Aes aes = aes_with("AD7A2BD03EAC835A6F620FDCB506B345");
    const Bytes nonce = bytes_of("12153524C0895E81B2C28465");
    const Bytes associated = bytes_of(
        "D609B1F056637A0D46DF998D88E5222AB2C2846512153524C0895E8108000F101112131415161718191A1B1C"
        "1D1E1F202122232425262728292A2B2C2D2E2F30313233340001");
    const std::span<const std::uint8_t, 12> nonce_of{nonce.data(), 12};
    const std::string due = "F09478A9B09007D06F46E9B6A1DA25DD";
    BOOST_TEST(hex_of(gmac(aes, nonce_of, {associated})) == due);
    const std::span<const std::uint8_t> whole{associated};
    BOOST_TEST(hex_of(gmac(aes, nonce_of, {whole.first(9), whole.subspan(9)})) == due);
    Bytes tag(16);
    seal_gcm(aes, gcm_input(nonce, associated, {}), {}, tag);
    BOOST_TEST(hex_of(tag) == due);
}

// OMS Vol. 2, annex N (security profile B): the keys of message 2739 of meter 12345678.
BOOST_AUTO_TEST_CASE(derived_keys_of_oms_annex_n) {
    const Aes master = aes_with("000102030405060708090A0B0C0D0E0F");
    const Bytes id = bytes_of("78563412");
    const std::span<const std::uint8_t, 4> id4{id.data(), 4};
    BOOST_TEST(hex_of(derive_key(master, DerivedKey::meter_encryption, 2739, id4)) ==
               "ECCF39D475D730B8284FDFDC1995D52F");
    BOOST_TEST(hex_of(derive_key(master, DerivedKey::meter_authentication, 2739, id4)) ==
               "C9CD19FF5A9AAD5A6BBDA13BD2C4C7AD");
    const Aes other = aes_with("0F0E0D0C0B0A09080706050403020100");
    BOOST_TEST(hex_of(derive_key(other, DerivedKey::other_encryption, 0x1234, id4)) ==
               "ADCC01AD9CACEFCB35A6EAB1EEB1EEF7");
    BOOST_TEST(hex_of(derive_key(other, DerivedKey::other_authentication, 0x1234, id4)) ==
               "F0E98B477731C6C76826F2076A0E3E23");
}

BOOST_AUTO_TEST_CASE(codes_are_compared_whole) {
    const Bytes code = bytes_of("0102030405060708");
    BOOST_TEST(equal_in_constant_time(code, code));
    for (std::size_t i = 0; i < 8 * code.size(); ++i) {
        Bytes other = code;
        other[i / 8] = static_cast<std::uint8_t>(other[i / 8] ^ 1U << i % 8);
        BOOST_TEST(!equal_in_constant_time(code, other));
    }
    BOOST_TEST(!equal_in_constant_time(code, std::span{code}.first(7)));
}

BOOST_AUTO_TEST_SUITE_END()
