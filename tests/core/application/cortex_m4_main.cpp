// SPDX-License-Identifier: Apache-2.0
// Decodes a telegram on a Cortex-M4 under qemu-system-arm, without exceptions, RTTI or a C
// library's output: cortex_m4.sh builds and runs it. Exit by semihosting: 0 when every value is
// right.
#include "core/application/telegram.hpp"
#include "core/link/frame.hpp"

#include <array>
#include <cstdint>

namespace {

using namespace meterbench::core;
using namespace meterbench::core::application;

constexpr std::array<std::uint8_t, 37> telegram{
    0x68, 0x1F, 0x1F, 0x68, 0x08, 0x02, 0x72, 0x78, 0x56, 0x34, 0x12, 0x24, 0x40,
    0x01, 0x07, 0x55, 0x00, 0x00, 0x00, 0x03, 0x13, 0x15, 0x31, 0x00, 0xDA, 0x02,
    0x3B, 0x13, 0x01, 0x8B, 0x60, 0x04, 0x37, 0x18, 0x02, 0x18, 0x16};

/// ARM semihosting SYS_EXIT_EXTENDED.
[[noreturn]] void leave(std::uint32_t status) {
    constexpr std::uint32_t application_exit = 0x20026;
    const std::uint32_t block[2]{application_exit, status};
    while (true) {
        asm volatile("mov r0, #0x20\n mov r1, %0\n bkpt 0xAB"
                     :
                     : "r"(block)
                     : "r0", "r1", "memory");
    }
}

bool decodes_right() {
    constexpr std::array<std::uint64_t, 3> magnitudes{12565, 113, 21837};
    const auto frame = link::decode_frame(telegram);
    if (!frame) {
        return false;
    }
    const Telegram decoded = decode_telegram(frame->user_data, 6);
    RecordReader reader = decoded.records();
    Record record;
    std::size_t count = 0;
    RecordReader::Step step;
    while ((step = reader.next(record)) == RecordReader::Step::record) {
        if (count >= magnitudes.size() || record.value.magnitude != magnitudes[count]) {
            return false;
        }
        ++count;
    }
    return step == RecordReader::Step::end && count == magnitudes.size() && !decoded.fault &&
           decoded.fields.device.id == 0x12345678;
}

} // namespace

extern "C" {
extern std::uint32_t stack_top;
[[noreturn]] void reset() {
    leave(decodes_right() ? 0 : 1);
}
[[noreturn]] void trap() {
    leave(2);
}
}

/// Stack, reset, and every exception that can come.
[[gnu::section(".vectors"), gnu::used]] const void* const vectors[]{
    &stack_top,
    reinterpret_cast<const void*>(&reset),
    reinterpret_cast<const void*>(&trap),
    reinterpret_cast<const void*>(&trap),
    reinterpret_cast<const void*>(&trap),
    reinterpret_cast<const void*>(&trap),
    reinterpret_cast<const void*>(&trap)};
