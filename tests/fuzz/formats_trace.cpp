// SPDX-License-Identifier: Apache-2.0
// Any bytes as a trace: read or refused with a line, and every packet inside the file.
#include "formats/trace_reader.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto trace = meterbench::formats::read_trace_pcapng({data, size}, "t");
    if (!trace && trace.error().empty()) {
        std::abort();
    }
    std::size_t octets = 0;
    for (std::size_t i = 0; trace && i < trace->packets.size(); ++i) {
        octets += trace->packets[i].bytes.size();
    }
    if (octets > size) {
        std::abort();
    }
    return 0;
}
