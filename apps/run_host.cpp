// SPDX-License-Identifier: Apache-2.0
#include "apps/run_host.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace meterbench::apps {
namespace {

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm broken_down{};
    gmtime_r(&now, &broken_down);
    char text[32];
    (void)std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &broken_down);
    return text;
}

std::string host_name() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

/// As the kernel keeps it, arguments apart.
std::string command_line() {
    std::ifstream file{"/proc/self/cmdline", std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    while (!text.empty() && text.back() == '\0') {
        text.pop_back();
    }
    std::ranges::replace(text, '\0', ' ');
    return text;
}

} // namespace

RunClock::RunClock() : started_{utc_now()} {}

formats::RunHost
RunClock::host(const std::vector<std::pair<std::string, std::string>>& files) const {
    formats::RunHost host;
    host.started = started_;
    host.command_line = command_line();
    host.host = host_name();
    host.wall_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    host.files = files;
    return host;
}

} // namespace meterbench::apps
