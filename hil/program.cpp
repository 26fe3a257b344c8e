// SPDX-License-Identifier: Apache-2.0
#include "hil/program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace meterbench::hil {

namespace {

struct Pipe {
    Descriptor reading;
    Descriptor writing;
};

std::optional<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return std::nullopt;
    }
    return Pipe{Descriptor{ends[0]}, Descriptor{ends[1]}};
}

/// In the child: becomes the program, or tells the parent why not.
[[noreturn]] void become(char* const* arguments, int output, int trouble) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)::setpgid(0, 0);
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) {
        (void)::dup2(null, STDIN_FILENO);
    }
    (void)::dup2(output, STDOUT_FILENO);
    (void)::execvp(arguments[0], arguments);
    const int reason = errno;
    (void)!::write(trouble, &reason, sizeof reason);
    ::_exit(127);
}

} // namespace

std::expected<void, std::string> Program::start(const std::vector<std::string>& command) {
    kill();
    auto output = make_pipe();
    auto trouble = make_pipe();
    if (!output || !trouble || command.empty()) {
        return std::unexpected{std::string{"no pipe for the program"}};
    }
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& word : command) {
        arguments.push_back(const_cast<char*>(word.c_str())); // NOLINT: as execvp() wants it
    }
    arguments.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) {
        return std::unexpected{fmt::format("{}: {}", command[0], std::strerror(errno))};
    }
    if (pid == 0) {
        become(arguments.data(), output->writing.get(), trouble->writing.get());
    }
    trouble->writing.reset();
    int reason = 0;
    ssize_t size = 0;
    do {
        size = ::read(trouble->reading.get(), &reason, sizeof reason);
    } while (size < 0 && errno == EINTR);
    if (size == sizeof reason) {
        (void)::waitpid(pid, nullptr, 0);
        return std::unexpected{fmt::format("{}: {}", command[0], std::strerror(reason))};
    }
    pid_ = pid;
    output_ = std::move(output->reading);
    (void)::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    return {};
}

void Program::read(std::string& into) {
    std::array<char, 4096> chunk{};
    while (output_) {
        const ssize_t size = ::read(output_.get(), chunk.data(), chunk.size());
        if (size > 0) {
            into.append(chunk.data(), static_cast<std::size_t>(size));
        } else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
            output_.reset();
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

std::optional<Program::End> Program::ended() {
    int status = 0;
    if (pid_ <= 0 || ::waitpid(pid_, &status, WNOHANG) != pid_) {
        return std::nullopt;
    }
    (void)::kill(-pid_, SIGKILL); // what it has started
    pid_ = -1;
    return WIFSIGNALED(status) ? End{.signal = WTERMSIG(status)}
                               : End{.status = WEXITSTATUS(status)};
}

void Program::kill() {
    output_.reset();
    if (pid_ > 0) {
        (void)::kill(-pid_, SIGKILL);
        (void)::kill(pid_, SIGKILL);
        (void)::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

} // namespace meterbench::hil
