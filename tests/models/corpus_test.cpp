// SPDX-License-Identifier: Apache-2.0
// Telegrams of real meters over the simulated bus: each is served by a simulated meter, alone, and
// read by the reference master; it arrives byte for byte, but for address and checksum where
// re-addressed.
#include "core/bytes/hex.hpp"
#include "core/link/frame.hpp"
#include "core/master/readout.hpp"
#include "models/world.hpp"
#include "rig/drive.hpp"
#include "tests/support/forked.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace meterbench;

namespace {

struct Sample {
    std::string id;
    std::vector<std::uint8_t> bytes;
};

/// The telegrams whose link frame is valid and an RSP_UD.
std::vector<Sample> answers_of(const std::filesystem::path& file) {
    std::vector<Sample> samples;
    std::ifstream lines{file};
    for (std::string line; std::getline(lines, line);) {
        const auto entry = nlohmann::json::parse(line);
        const std::string hex = entry["hex"];
        std::vector<std::uint8_t> bytes(hex.size());
        const auto size = core::bytes::read_hex(hex, bytes);
        BOOST_REQUIRE(size.has_value());
        bytes.resize(*size);
        const auto frame = core::link::decode_frame(bytes);
        if (frame && frame->control.function() == core::link::Function::rsp_ud) {
            samples.push_back({entry["id"], bytes});
        }
    }
    return samples;
}

/// The frame with another address, built by hand: not with the code under test.
std::vector<std::uint8_t> readdressed(std::vector<std::uint8_t> bytes, std::uint8_t address) {
    const unsigned change = address + 256U - bytes[5];
    bytes[5] = address;
    bytes[bytes.size() - 2] = static_cast<std::uint8_t>(bytes[bytes.size() - 2] + change);
    return bytes;
}

std::string serve_and_read(const Sample& sample, std::uint8_t address) {
    return tests::forked([&](std::string& text) {
               formats::BusFile bus;
               core::device::MeterDescription meter;
               meter.name = "captured";
               meter.address = address;
               meter.telegrams = {sample.bytes};
               bus.meters.push_back(meter);
               const auto world = models::World::make(
                   bus, {.name = {}, .address = address}, 1,
                   [](const std::string& name) { return formats::parse_meter_profile("", name); });
               core::master::ReadoutConfig config;
               config.target = address;
               core::master::Readout readout{config};
               (void)rig::drive(readout, static_cast<rig::Rig&>(**world).line());
               if (readout.telegrams().size() == 1) {
                   core::bytes::append_hex(text, readout.telegrams().front().frame);
               } else {
                   text = std::to_string(readout.telegrams().size()) + " telegrams";
               }
           })
        .text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(corpus)

BOOST_AUTO_TEST_CASE(every_captured_answer_arrives_byte_for_byte) {
    const char* const folder = std::getenv("METERBENCH_CORPUS");
    if (folder == nullptr) {
        BOOST_TEST_MESSAGE("skipped: METERBENCH_CORPUS names no folder");
        return;
    }
    const auto samples = answers_of(std::filesystem::path{folder} / "wired.jsonl");
    BOOST_REQUIRE(samples.size() >= 100U);
    std::size_t moved = 0;
    for (const Sample& sample : samples) {
        const std::uint8_t own = sample.bytes[5];
        const std::uint8_t address = own <= 250 ? own : std::uint8_t{42};
        moved += own == address ? 0U : 1U;
        std::string expected;
        core::bytes::append_hex(expected, readdressed(sample.bytes, address));
        BOOST_TEST(serve_and_read(sample, address) == expected, sample.id);
    }
    BOOST_TEST_MESSAGE(samples.size() << " telegrams, " << moved << " of them re-addressed");
}

BOOST_AUTO_TEST_SUITE_END()
