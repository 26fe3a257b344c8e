// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <memory>

namespace meterbench::sim {

/// Something that happens at an instant: a plain object, no SystemC module, so that any number of
/// them can come and go while the simulation runs.
class Task {
  public:
    virtual ~Task() = default;
    /// `kind` and `token` are what at() was called with.
    virtual void run(core::Instant now, std::uint32_t kind, std::uint64_t token) = 0;
};

/// Simulated time. One a process: the SystemC kernel cannot be built twice, so each simulation runs
/// in a process of its own. The one SystemC module hosts a queue of tasks; tasks due at the same
/// instant run by rising `order`, then in the order in which they were queued. Tasks run at the
/// exact instant of now(), which may be ahead of the kernel's own time by a quantum of 100 ms: a
/// SystemC module beside this one would have to synchronise.
class Host {
  public:
    Host();
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    [[nodiscard]] core::Instant now() const;
    /// Runs `task` at `when`; an instant that has passed counts as now.
    void at(core::Instant when, std::uint64_t order, Task& task, std::uint32_t kind,
            std::uint64_t token);
    /// Lets time run until `deadline`, what is due then included, or until pause(). Returns where
    /// it stopped.
    core::Instant run_until(core::Instant deadline);
    /// Called by a task: run_until() returns at this instant, when all that is due now has run.
    void pause();
    /// The instant of the next task; the far end of time when there is none.
    [[nodiscard]] core::Instant next_due() const;

  private:
    class Module;
    std::unique_ptr<Module> module_;
};

} // namespace meterbench::sim
