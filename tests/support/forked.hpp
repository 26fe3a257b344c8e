// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace meterbench::tests {

/// What a lambda wrote in a child process. The SystemC kernel cannot be built twice in a process,
/// so each simulation of a test has one of its own. `ended` is false when the child crashed or
/// threw.
struct Forked {
    std::string text;
    bool ended = false;
};

/// Runs `work(std::string& text)` in a child and brings its text back; at most 60 s.
template <class Work> [[nodiscard]] Forked forked(Work work) {
    int ends[2];
    if (::pipe(ends) != 0) {
        return {};
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGALRM, SIG_DFL);
        ::signal(SIGABRT, SIG_DFL);
        ::signal(SIGSEGV, SIG_DFL);
        ::alarm(60);
        ::close(ends[0]);
        std::string text;
        int status = 0;
        try {
            work(text);
        } catch (const std::exception& error) {
            text += std::string{"threw: "} + error.what();
            status = 1;
        }
        std::string_view rest{text};
        while (!rest.empty()) {
            const ssize_t written = ::write(ends[1], rest.data(), rest.size());
            if (written <= 0) {
                ::_exit(2);
            }
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        ::_exit(status);
    }
    ::close(ends[1]);
    Forked result;
    char block[4096];
    for (ssize_t got = 0; (got = ::read(ends[0], block, sizeof block)) > 0;) {
        result.text.append(block, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    result.ended =
        ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return result;
}

} // namespace meterbench::tests
