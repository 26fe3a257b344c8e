// SPDX-License-Identifier: Apache-2.0
// Any bytes as a Telnet stream: bounded, and what is escaped comes back.
#include "hil/telnet.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace hil = meterbench::hil;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    hil::TelnetDecoder decoder;
    for (const std::uint8_t byte : std::span{data, size}) {
        const auto event = decoder.push(byte);
        if (event && event->kind == hil::TelnetEvent::Kind::subnegotiation) {
            if (decoder.payload().size() > 64) {
                std::abort();
            }
            (void)hil::rate_answer(*event, decoder.payload());
        }
    }
    std::vector<std::uint8_t> sent;
    hil::append_escaped(sent, {data, size});
    decoder.reset();
    std::size_t at = 0;
    for (const std::uint8_t byte : sent) {
        const auto event = decoder.push(byte);
        if (event && (event->kind != hil::TelnetEvent::Kind::data || at >= size ||
                      event->value != data[at++])) {
            std::abort();
        }
    }
    if (at != size) {
        std::abort();
    }
    return 0;
}
