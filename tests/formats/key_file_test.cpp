// SPDX-License-Identifier: Apache-2.0
// Purpose: keys come from files that only their owner can read, and stand in no message.
#include "formats/key_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;
using core::receiver::KeyStore;
using formats::add_key_text;
using formats::load_key_file;
using formats::parse_key_file;

namespace {

constexpr std::string_view secret = "00112233445566778899AABBCCDDEEFF";

std::string file_with(std::string_view entries) {
    return R"({"schema":"meterbench.keys/1","keys":[)" + std::string{entries} + "]}";
}

std::string complaint(std::string_view text) {
    KeyStore keys;
    const auto read = parse_key_file(keys, text, "keys.json");
    return read ? "" : read.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_file)

BOOST_AUTO_TEST_CASE(keys_are_looked_up_by_device) {
    KeyStore keys;
    const auto text = file_with(
        R"({"manufacturer":"KAM","id":"12345678","key":"00112233445566778899AABBCCDDEEFF"},)"
        R"({"id":"12345678","key":"0102030405060708"},)"
        R"({"key":"FFEEDDCCBBAA99887766554433221100"})");
    BOOST_REQUIRE(parse_key_file(keys, text, "keys.json").has_value());
    BOOST_TEST(keys.size() == 3U);
    constexpr std::uint16_t kam = 0x2C2D;
    const auto own = keys.find(kam, 0x12345678);
    BOOST_TEST(own.named);
    BOOST_TEST_REQUIRE(own.count == 1U);
    BOOST_TEST(own.keys[0]->size == 16);
    BOOST_TEST(keys.find(kam + 1, 0x12345678).keys[0]->size == 8, "for any manufacturer");
    const auto other = keys.find(kam, 0x87654321);
    BOOST_TEST(!other.named);
    BOOST_TEST(other.count == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_without_the_key) {
    const std::string wrong = std::string{secret} + "0";
    BOOST_TEST(complaint(file_with(R"({"id":"12345678","key":")" + wrong + R"("})")) ==
               "keys.json: keys[0].key: must be 32 hex digits, or 16 for security modes 2 and 3");
    BOOST_TEST(complaint(file_with(R"({"id":"1234","key":")" + std::string{secret} + R"("})")) ==
               "keys.json: keys[0].id: must be eight digits");
    const std::string cut = complaint(file_with(R"({"key":")" + std::string{secret}));
    BOOST_TEST(cut.find("is no JSON") != std::string::npos, cut);
    BOOST_TEST(cut.find("0011") == std::string::npos, cut);
    KeyStore keys;
    const auto added = add_key_text(keys, wrong);
    BOOST_TEST_REQUIRE(!added.has_value());
    BOOST_TEST(added.error().find("0011") == std::string::npos);
    BOOST_TEST(!add_key_text(keys, "1234=" + std::string{secret}).has_value());
    BOOST_TEST(add_key_text(keys, "12345678=" + std::string{secret}).has_value());
}

// One file cannot give one device two keys; a later file can give it another.
BOOST_AUTO_TEST_CASE(two_keys_of_one_device) {
    const std::string one = R"({"id":"12345678","key":"00112233445566778899AABBCCDDEEFF"})";
    const std::string two = R"({"id":"12345678","key":"FF112233445566778899AABBCCDDEEFF"})";
    BOOST_TEST(complaint(file_with(one + "," + two)) ==
               "keys.json: keys[1].id: stands in the file twice, with two keys");
    KeyStore keys;
    BOOST_TEST(parse_key_file(keys, file_with(one + "," + one), "keys.json").has_value());
    BOOST_TEST(parse_key_file(keys, file_with(two), "more.json").has_value());
    BOOST_TEST(keys.size() == 1U);
    BOOST_TEST(+keys.find(0, 0x12345678).keys[0]->bytes()[0] == 0xFF);
}

BOOST_AUTO_TEST_CASE(only_eight_keys_have_no_id) {
    KeyStore keys;
    for (int i = 0; i < 8; ++i) {
        BOOST_TEST(add_key_text(keys, secret).has_value());
    }
    BOOST_TEST(!add_key_text(keys, secret).has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_others_can_read_is_refused) {
    const tests::TemporaryFolder folder;
    const auto file =
        folder.write("keys.json", file_with(R"({"key":")" + std::string{secret} + R"("})"));
    namespace fs = std::filesystem;
    KeyStore keys;
    fs::permissions(file, fs::perms::owner_read | fs::perms::group_read);
    const auto refused = load_key_file(keys, file);
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().find("chmod 600") != std::string::npos);
    BOOST_TEST(keys.empty());
    fs::permissions(file, fs::perms::owner_read);
    BOOST_TEST(load_key_file(keys, file).has_value());
    BOOST_TEST(keys.size() == 1U);
}

// 100 000 keys, also with ids that differ in one digit only: each is found, no other is.
BOOST_AUTO_TEST_CASE(many_keys_are_told_apart) {
    KeyStore keys;
    core::security::Key key{.size = 16};
    for (std::uint32_t id = 0; id < 100'000; ++id) {
        key.storage[0] = static_cast<std::uint8_t>(id);
        key.storage[1] = static_cast<std::uint8_t>(id >> 8U);
        keys.add({.id = id, .key = key});
    }
    for (std::uint32_t id = 0; id < 100'000; id += 997) {
        const auto found = keys.find(0x2C2D, id);
        BOOST_TEST_REQUIRE(found.count == 1U);
        BOOST_TEST((found.keys[0]->storage[0] | found.keys[0]->storage[1] << 8) ==
                   static_cast<int>(id & 0xFFFFU));
    }
    BOOST_TEST(keys.find(0x2C2D, 100'000).count == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
