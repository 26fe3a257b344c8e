// SPDX-License-Identifier: Apache-2.0
// Any text as each of the JSON files: read, or refused with one line that names the file. The first
// byte says which file it is.
#include "formats/bus_file.hpp"
#include "formats/campaign.hpp"
#include "formats/decoder_file.hpp"
#include "formats/ics_file.hpp"
#include "formats/meter_profile.hpp"
#include "formats/rig_file.hpp"
#include "formats/search_file.hpp"
#include "formats/suite_file.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace formats = meterbench::formats;

namespace {

constexpr std::string_view name = "f.json";

template <class Result> void check(const Result& result) {
    if (!result &&
        (!result.error().starts_with(name) || result.error().find('\n') != std::string::npos)) {
        std::abort();
    }
}

void check_search(std::string_view text) {
    const auto state = formats::parse_search_file(text, name);
    check(state);
    if (!state) {
        return;
    }
    const std::string written = formats::write_search_file(*state);
    const auto again = formats::parse_search_file(written, name);
    if (!again || formats::write_search_file(*again) != written) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    switch (data[0] % 8) {
    case 0: check_search(text); break;
    case 1: check(formats::parse_bus_file(text, name)); break;
    case 2: check(formats::parse_ics_file(text, name)); break;
    case 3: check(formats::parse_rig_file(text, name)); break;
    case 4: check(formats::parse_suite_file(text, name)); break;
    case 5: check(formats::parse_meter_profile(text, name)); break;
    case 6: check(formats::parse_decoder(text, name)); break;
    default: check(formats::parse_survivors(text, name)); break;
    }
    return 0;
}
