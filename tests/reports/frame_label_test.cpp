// SPDX-License-Identifier: Apache-2.0
#include "reports/frame_label.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace {

using namespace meterbench;
using namespace meterbench::reports;
using Bytes = std::vector<std::uint8_t>;

BOOST_AUTO_TEST_SUITE(frame_labels)

BOOST_AUTO_TEST_CASE(of_whole_frames) {
    BOOST_TEST(frame_label(Bytes{0xE5}) == "E5 acknowledge");
    BOOST_TEST(frame_label(Bytes{0x10, 0x40, 0x01, 0x41, 0x16}) == "SND_NKE to 1");
    BOOST_TEST(frame_label(Bytes{0x10, 0x7B, 0x01, 0x7C, 0x16}) == "REQ_UD2 FCB=1 to 1");
    BOOST_TEST(frame_label(Bytes{0x10, 0x5B, 0xFD, 0x58, 0x16}) == "REQ_UD2 FCB=0 to 253");
    BOOST_TEST(frame_label(Bytes{0x68, 0x04, 0x04, 0x68, 0x28, 0x01, 0x71, 0x05, 0x9F, 0x16}) ==
               "RSP_UD ACD=1 from 1, CI 71");
}

BOOST_AUTO_TEST_CASE(of_broken_frames) {
    BOOST_TEST(frame_label(Bytes{}) == "no bytes");
    BOOST_TEST(frame_label(Bytes{0x10, 0x7B, 0x01, 0x00, 0x16}) ==
               "REQ_UD2 FCB=1 to 1, wrong checksum");
    BOOST_TEST(frame_label(Bytes{0x00}) == "no frame: unknown-start at byte 0");
    BOOST_TEST(frame_label(Bytes{0x68, 0x03}).starts_with("no frame: truncated"));
}

BOOST_AUTO_TEST_CASE(errors_of_characters) {
    formats::Step step;
    step.bytes = {1, 2, 3};
    BOOST_TEST(error_summary(step) == "");
    step.errors = {0, 0, 1};
    BOOST_TEST(error_summary(step) == "parity error in byte 2");
    step.errors = {2, 0, 12};
    BOOST_TEST(error_summary(step) == "errors in 2 bytes: framing, break, collision");
    BOOST_TEST(errors_at(step, 7) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
