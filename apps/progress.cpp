// SPDX-License-Identifier: Apache-2.0
#include "apps/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <unistd.h>

namespace meterbench::apps {

Progress::Progress(std::size_t whole) : whole_{whole}, terminal_{::isatty(STDERR_FILENO) == 1} {}

Progress::~Progress() {
    if (terminal_) {
        fmt::print(stderr, "\r\x1b[K");
    }
}

void Progress::show(std::size_t done, std::string_view what) const {
    constexpr std::size_t width = 30;
    if (!terminal_) {
        return;
    }
    const std::size_t filled = done * width / std::max(whole_, std::size_t{1});
    fmt::print(stderr, "\r\x1b[K[{:<{}}] {}/{} {}", std::string(filled, '#'), width, done, whole_,
               what);
    std::fflush(stderr);
}

} // namespace meterbench::apps
