// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "paths.hpp"

#include <array>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace meterbench::tests {

/// `meterbench serve ...` in the background, until it is stopped.
class ServedProcess {
  public:
    explicit ServedProcess(const std::vector<std::string>& arguments)
        : ServedProcess{METERBENCH_COMMAND, with_serve(arguments)} {}
    /// Any program that prints `listening PORT`; found through PATH.
    ServedProcess(const std::string& program, const std::vector<std::string>& arguments) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) {
            return;
        }
        pid_ = ::fork();
        if (pid_ == 0) {
            (void)::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            std::vector<std::string> words{program};
            words.insert(words.end(), arguments.begin(), arguments.end());
            std::vector<char*> argv;
            for (std::string& word : words) {
                argv.push_back(word.data());
            }
            argv.push_back(nullptr);
            ::execvp(program.c_str(), argv.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        out_ = ends[0];
        // The line that says it is ready, or the end of the stream.
        for (char c = 0; ::read(out_, &c, 1) == 1 && c != '\n';) {
            line_ += c;
        }
    }
    ~ServedProcess() {
        (void)stop(SIGKILL);
        if (out_ >= 0) {
            ::close(out_);
        }
    }
    ServedProcess(const ServedProcess&) = delete;
    ServedProcess& operator=(const ServedProcess&) = delete;

    /// The PORT of its line `listening PORT`; empty when it never said so.
    [[nodiscard]] std::string port() const {
        const std::string word = "listening ";
        return line_.starts_with(word) ? line_.substr(word.size()) : "";
    }
    /// Ends it and returns its exit status; -1 when it died of the signal.
    int stop(int signal = SIGTERM) {
        if (pid_ <= 0) {
            return -1;
        }
        ::kill(pid_, signal);
        int status = 0;
        (void)::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    static std::vector<std::string> with_serve(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "serve");
        return arguments;
    }

    pid_t pid_ = -1;
    int out_ = -1;
    std::string line_;
};

} // namespace meterbench::tests
