// SPDX-License-Identifier: Apache-2.0
// Purpose: what a worker allocates is its own, whole, and freed by whom it may be: by the worker,
// by a worker of it, from the stretch and from the heap.
#include "harness/worker_memory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using meterbench::harness::begin_worker_memory;
using meterbench::harness::worker_realloc;

/// Blocks of all sizes that come and go; each must keep what was written into it.
bool keeps_what_is_written(unsigned seed, std::vector<std::string>& blocks) {
    std::mt19937 random{seed};
    for (int step = 0; step < 20'000; ++step) {
        const std::size_t at = random() % 200;
        blocks.resize(200);
        const std::string& old = blocks[at];
        if (!old.empty() && old.find_first_not_of(old.front()) != std::string::npos) {
            return false;
        }
        const std::size_t size = step % 50 == 0 ? random() % 300'000 : random() % 1500;
        blocks[at] = std::string(size, static_cast<char>('a' + random() % 26));
    }
    return true;
}

bool grows_and_shrinks() {
    void* block = nullptr;
    std::size_t size = 0;
    for (const std::size_t next : {std::size_t{10}, std::size_t{5000}, std::size_t{20}}) {
        block = worker_realloc(block, size, next);
        const std::size_t kept = std::min(size, next);
        const auto* const bytes = static_cast<const unsigned char*>(block);
        if (!std::all_of(bytes, bytes + kept, [](unsigned char b) { return b == 0x5A; })) {
            return false;
        }
        std::memset(block, 0x5A, next);
        size = next;
    }
    return worker_realloc(block, size, 0) == nullptr;
}

/// What `work` says, in a process of its own.
template <class Work> bool in_child(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(work() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(worker_memory)

BOOST_AUTO_TEST_CASE(blocks_keep_what_is_written_in_workers_of_workers) {
    std::vector<std::string> blocks;
    BOOST_TEST(keeps_what_is_written(1, blocks), "in no worker");
    BOOST_TEST(in_child([&blocks] {
        begin_worker_memory();
        const bool own = keeps_what_is_written(2, blocks) && grows_and_shrinks();
        return own && in_child([&blocks] {
                   begin_worker_memory();
                   return keeps_what_is_written(3, blocks) && grows_and_shrinks();
               });
    }));
    BOOST_TEST(grows_and_shrinks());
}

BOOST_AUTO_TEST_CASE(what_no_stretch_holds_comes_from_the_heap) {
    BOOST_TEST(in_child([] {
        begin_worker_memory();
        std::vector<std::unique_ptr<std::string>> blocks;
        for (int i = 0; i < 64; ++i) {
            blocks.push_back(std::make_unique<std::string>(std::size_t{1} << 20U, 'x'));
        }
        return std::ranges::all_of(blocks, [](const auto& b) { return b->back() == 'x'; });
    }));
}

BOOST_AUTO_TEST_SUITE_END()
