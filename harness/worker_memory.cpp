// SPDX-License-Identifier: Apache-2.0
#include "harness/worker_memory.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>

namespace meterbench::harness {
namespace {

constexpr std::size_t grain = 16; ///< of sizes and addresses
constexpr std::size_t page = 4096;
constexpr std::size_t stretch_size = std::size_t{16} << 20U;
constexpr std::size_t prepared = std::size_t{1} << 17U; ///< what every case needs
constexpr std::size_t largest_kept = 1024;              ///< freed blocks up to this are used again

struct Freed {
    Freed* next;
};

/// Blocks one behind the other, and lists of freed ones by size. One thread.
struct Stretch {
    std::byte* begin = nullptr;
    std::byte* next = nullptr;
    std::byte* end = nullptr;
    std::array<Freed*, largest_kept / grain + 1> freed{};

    [[nodiscard]] bool holds(const void* block) const {
        const auto* const at = static_cast<const std::byte*>(block);
        return at >= begin && at < end;
    }
    void* take(std::size_t size) {
        const std::size_t grains = std::max<std::size_t>((size + grain - 1) / grain, 1);
        if (grains < freed.size() && freed[grains] != nullptr) {
            Freed* const block = freed[grains];
            freed[grains] = block->next;
            return block;
        }
        if (grains > static_cast<std::size_t>(end - next) / grain) {
            return nullptr;
        }
        std::byte* const block = next;
        next += grains * grain;
        return block;
    }
    void give(void* block, std::size_t size) {
        const std::size_t grains = std::max<std::size_t>((size + grain - 1) / grain, 1);
        if (grains < freed.size()) {
            auto* const entry = static_cast<Freed*>(block);
            entry->next = freed[grains];
            freed[grains] = entry;
        } else if (static_cast<std::byte*>(block) + grains * grain == next) {
            next = static_cast<std::byte*>(block);
        }
    }
};

constinit Stretch stretch{};

void* allocate(std::size_t size) {
    if (stretch.begin != nullptr && size <= stretch_size) {
        if (void* const block = stretch.take(size)) {
            return block;
        }
    }
    return std::malloc(std::max<std::size_t>(size, 1));
}

void release(void* block, std::size_t size) {
    if (stretch.holds(block)) {
        stretch.give(block, size);
    } else {
        std::free(block);
    }
}

} // namespace

void begin_worker_memory() {
#ifndef METERBENCH_SANITIZED
    if (stretch.begin == nullptr) {
        void* const memory = ::mmap(nullptr, stretch_size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            return; // the heap serves as well
        }
        stretch.begin = static_cast<std::byte*>(memory);
        stretch.next = stretch.begin;
        stretch.end = stretch.begin + stretch_size;
    }
    // The worker of a worker goes on where its parent is, on pages of its own.
    const auto used = static_cast<std::size_t>(stretch.next - stretch.begin);
    stretch.next = stretch.begin + std::min((used + page - 1) / page * page, stretch_size);
    stretch.freed = {};
    const auto left = static_cast<std::size_t>(stretch.end - stretch.next);
    (void)::madvise(stretch.next, std::min(prepared, left), MADV_POPULATE_WRITE);
#endif
}

void* worker_realloc(void* block, std::size_t old_size, std::size_t new_size) {
    if (new_size == 0) {
        release(block, old_size);
        return nullptr;
    }
    if (stretch.begin == nullptr || (block != nullptr && !stretch.holds(block))) {
        return std::realloc(block, new_size);
    }
    void* const moved = allocate(new_size);
    if (moved != nullptr && block != nullptr) {
        std::memcpy(moved, block, std::min(old_size, new_size));
        release(block, old_size);
    }
    return moved;
}

} // namespace meterbench::harness

#ifndef METERBENCH_SANITIZED
namespace meterbench::harness {
namespace {

void release(void* block) {
    if (!stretch.holds(block)) {
        std::free(block); // of a block in the stretch nobody says the size
    }
}

void* must(std::size_t size) {
    while (true) {
        if (void* const block = allocate(size)) {
            return block;
        }
        const std::new_handler handler = std::get_new_handler();
        if (handler == nullptr) {
            throw std::bad_alloc{};
        }
        handler();
    }
}

} // namespace
} // namespace meterbench::harness

void* operator new(std::size_t size) {
    return meterbench::harness::must(size);
}
void* operator new[](std::size_t size) {
    return meterbench::harness::must(size);
}
void operator delete(void* block) noexcept {
    meterbench::harness::release(block);
}
void operator delete[](void* block) noexcept {
    meterbench::harness::release(block);
}
void operator delete(void* block, std::size_t size) noexcept {
    meterbench::harness::release(block, size);
}
void operator delete[](void* block, std::size_t size) noexcept {
    meterbench::harness::release(block, size);
}
#endif
