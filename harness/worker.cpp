// SPDX-License-Identifier: Apache-2.0
#include "harness/worker.hpp"

#include "harness/worker_memory.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#ifdef METERBENCH_COVERAGE
extern "C" void __gcov_dump(void);
#endif

namespace meterbench::harness {

namespace {

void limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
    const rlimit value{soft, hard};
    (void)setrlimit(resource, &value);
}

void set_limits(const WorkerLimits& limits) {
    const auto seconds = static_cast<rlim_t>(limits.processor.count());
    limit(RLIMIT_CPU, seconds, seconds + 1);
    limit(RLIMIT_CORE, 0, 0);
#ifndef METERBENCH_SANITIZED
    limit(RLIMIT_AS, limits.memory, limits.memory);
#endif
}

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            _exit(1); // the parent is gone
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

[[noreturn]] void be_worker(const Worker::Job& job, const WorkerLimits& limits, int descriptor) {
    // A worker that nobody reads from any more ends, also where its parent was killed.
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    set_limits(limits);
    begin_worker_memory();
    int status = 0;
    try {
        job([descriptor](const formats::StreamItem& item) {
            write_all(descriptor, formats::encode(item));
        });
    } catch (const std::exception& error) {
        write_all(descriptor, formats::encode(formats::Reason{
                                  formats::Verdict::error, error.what(), "worker", {}}));
        status = 1;
    }
#ifdef METERBENCH_COVERAGE
    __gcov_dump();
#endif
    _exit(status);
}

} // namespace

std::expected<Worker, std::string> Worker::start(const Job& job, const WorkerLimits& limits) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return std::unexpected{fmt::format("no pipe for a worker: {}", std::strerror(errno))};
    }
    std::fflush(nullptr); // or the child would print what the parent has buffered
    const pid_t pid = ::fork();
    if (pid < 0) {
        const int reason = errno;
        ::close(ends[0]);
        ::close(ends[1]);
        return std::unexpected{fmt::format("no process for a worker: {}", std::strerror(reason))};
    }
    if (pid == 0) {
        ::close(ends[0]);
        be_worker(job, limits, ends[1]);
    }
    ::close(ends[1]);
    Worker worker;
    worker.pid_ = pid;
    worker.pipe_ = ends[0];
    worker.limits_ = limits;
    worker.started_ = std::chrono::steady_clock::now();
    return worker;
}

Worker::Worker(Worker&& other) noexcept {
    *this = std::move(other);
}

Worker& Worker::operator=(Worker&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(pipe_, other.pipe_);
    std::swap(timed_out_, other.timed_out_);
    std::swap(limits_, other.limits_);
    std::swap(started_, other.started_);
    std::swap(buffer_, other.buffer_);
    std::swap(broken_, other.broken_);
    std::swap(items_, other.items_);
    return *this;
}

Worker::~Worker() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        (void)::waitpid(pid_, nullptr, 0);
    }
    if (pipe_ >= 0) {
        ::close(pipe_);
    }
}

int Worker::patience() const {
    const auto left = started_ + limits_.wall - std::chrono::steady_clock::now();
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::max<std::int64_t>(whole, 0));
}

bool Worker::read() {
    std::array<char, 65536> chunk{};
    const ssize_t size = ::read(pipe_, chunk.data(), chunk.size());
    if (size < 0) {
        return errno == EINTR || errno == EAGAIN;
    }
    if (size == 0) {
        return false;
    }
    buffer_.append(chunk.data(), static_cast<std::size_t>(size));
    take_lines();
    return true;
}

void Worker::take_lines() {
    std::size_t begin = 0;
    for (std::size_t end = buffer_.find('\n'); end != std::string::npos;
         end = buffer_.find('\n', begin)) {
        auto item = formats::decode(std::string_view{buffer_}.substr(begin, end - begin));
        if (item) {
            items_.push_back(std::move(*item));
        } else if (broken_.empty()) {
            broken_ = item.error();
        }
        begin = end + 1;
    }
    buffer_.erase(0, begin);
}

void Worker::kill() {
    timed_out_ = true;
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
    }
}

std::optional<std::string> Worker::finish() {
    int status = 0;
    while (pid_ > 0 && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (timed_out_) {
        return fmt::format("stopped after {} s on the clock", limits_.wall.count());
    }
    if (WIFSIGNALED(status)) {
        const int signal = WTERMSIG(status);
        if (signal == SIGXCPU || signal == SIGKILL) {
            return fmt::format("stopped after {} s of processor time: an endless loop or pattern?",
                               limits_.processor.count());
        }
        return fmt::format("the worker died of signal {} ({})", signal, strsignal(signal));
    }
    if (!broken_.empty()) {
        return "the worker's record cannot be read: " + broken_;
    }
    if (WEXITSTATUS(status) != 0) {
        return fmt::format("the worker ended with status {}", WEXITSTATUS(status));
    }
    return std::nullopt;
}

WorkerResult run_worker(const Worker::Job& job, const WorkerLimits& limits) {
    auto worker = Worker::start(job, limits);
    if (!worker) {
        return {{}, worker.error()};
    }
    while (true) {
        pollfd watched{worker->descriptor(), POLLIN, 0};
        const int ready = ::poll(&watched, 1, worker->patience());
        if (ready == 0 && worker->patience() == 0) {
            worker->kill();
        }
        if (ready > 0 && !worker->read()) {
            break;
        }
    }
    WorkerResult result;
    result.death = worker->finish();
    result.items = std::move(worker->items());
    return result;
}

} // namespace meterbench::harness
