// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result_stream.hpp"
#include "harness/judge.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace meterbench::harness {

/// What a worker process may use up. Lua's own limits come first; these are the hard stop.
struct WorkerLimits {
    std::chrono::seconds processor{10}; ///< processor time
    std::chrono::seconds wall{60};      ///< time on the clock
    std::uint64_t memory = 1ULL << 30U; ///< address space, bytes; not kept under a sanitizer
};

/// A job in a process of its own, that streams its record. A worker that crashes, hangs or runs
/// away harms nobody; what it streamed before stays.
class Worker {
  public:
    using Job = std::function<void(const StreamSink&)>;

    /// Forks. Fails with one line when the system refuses.
    [[nodiscard]] static std::expected<Worker, std::string> start(const Job& job,
                                                                  const WorkerLimits& limits);
    Worker(Worker&& other) noexcept;
    Worker& operator=(Worker&& other) noexcept;
    ~Worker();

    /// For poll(): readable when there is more of the stream.
    [[nodiscard]] int descriptor() const { return pipe_; }
    /// Milliseconds until the wall clock limit; 0 when it has passed.
    [[nodiscard]] int patience() const;
    /// Reads what is there; false when the stream has ended.
    [[nodiscard]] bool read();
    /// Ends a worker that has run out of time.
    void kill();
    /// After the stream ended: waits for the process; how it died, if it did not end by itself.
    [[nodiscard]] std::optional<std::string> finish();

    [[nodiscard]] std::vector<formats::StreamItem>& items() { return items_; }

  private:
    Worker() = default;
    void take_lines();

    pid_t pid_ = -1;
    int pipe_ = -1;
    bool timed_out_ = false;
    WorkerLimits limits_{};
    std::chrono::steady_clock::time_point started_{};
    std::string buffer_;
    std::string broken_; ///< why a line of the stream could not be read
    std::vector<formats::StreamItem> items_;
};

/// Runs one job to its end.
struct WorkerResult {
    std::vector<formats::StreamItem> items;
    std::optional<std::string> death; ///< how the process died, if it did not end by itself
};
[[nodiscard]] WorkerResult run_worker(const Worker::Job& job, const WorkerLimits& limits);

} // namespace meterbench::harness
