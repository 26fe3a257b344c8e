// SPDX-License-Identifier: Apache-2.0
#include "sim/host.hpp"

#include <algorithm>
#include <cstdlib>
#include <systemc>
#include <vector>

// libsystemc brings a main() that calls sc_main(); every program here has a main() of its own.
extern "C" int sc_main(int, char**) {
    return EXIT_SUCCESS;
}

namespace meterbench::sim {

namespace {

struct Entry {
    core::Instant when;
    std::uint64_t order;
    std::uint64_t sequence;
    Task* task;
    std::uint64_t token;
    std::uint32_t kind;
};

/// For a heap whose front is the earliest.
bool later(const Entry& a, const Entry& b) {
    if (a.when != b.when) {
        return a.when > b.when;
    }
    if (a.order != b.order) {
        return a.order > b.order;
    }
    return a.sequence > b.sequence;
}

/// How far tasks may run ahead of the kernel: some twenty characters at 2400 Bd, so that the kernel
/// is entered for the smaller part of them only.
constexpr core::Duration quantum = std::chrono::milliseconds{100};

void set_up_kernel() {
    // First thing, before any object with a time: edges are whole nanoseconds.
    sc_core::sc_set_time_resolution(1, sc_core::SC_NS);
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
}

core::Instant kernel_now() {
    return core::Instant{
        core::Duration{static_cast<std::int64_t>(sc_core::sc_time_stamp().value())}};
}

sc_core::sc_time to_kernel(core::Duration duration) {
    return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(duration.count()));
}

} // namespace

class Host::Module : public sc_core::sc_module {
  public:
    explicit Module(const sc_core::sc_module_name& name) : sc_core::sc_module{name} {
        SC_HAS_PROCESS(Module);
        SC_METHOD(step);
        sensitive << due_;
        dont_initialize();
    }

    [[nodiscard]] core::Instant now() const { return now_; }
    [[nodiscard]] core::Instant next_due() const {
        return heap_.empty() ? core::Instant::max() : heap_.front().when;
    }

    void add(const Entry& entry) {
        heap_.push_back(entry);
        heap_.back().sequence = ++sequence_;
        std::push_heap(heap_.begin(), heap_.end(), later);
    }

    void pause() { paused_ = true; }

    core::Instant run_until(core::Instant deadline) {
        paused_ = false;
        if (next_due() > deadline) { // nothing to do: the kernel follows when there is
            now_ = std::max(now_, deadline);
            return now_;
        }
        deadline_ = deadline;
        due_.notify(to_kernel(std::max(now_ - kernel_now(), core::Duration::zero())));
        sc_core::sc_start();
        return now_;
    }

  private:
    /// Runs what is due before the end of the quantum, each task at its own instant, which the
    /// kernel has not reached yet (temporal decoupling, as IEEE 1666 has it for initiators).
    void step() {
        const core::Instant quantum_end = kernel_now() + quantum;
        while (!paused_ && next_due() <= std::min(deadline_, quantum_end)) {
            now_ = std::max(now_, heap_.front().when);
            run_due();
        }
        if (paused_ || next_due() > deadline_) {
            now_ = paused_ ? now_ : std::max(now_, deadline_);
            sc_core::sc_pause();
            return;
        }
        due_.notify(to_kernel(next_due() - kernel_now()));
    }

    /// All that is due at this instant, also when the first of it asks for a pause.
    void run_due() {
        while (!heap_.empty() && heap_.front().when <= now_) {
            std::pop_heap(heap_.begin(), heap_.end(), later);
            const Entry entry = heap_.back();
            heap_.pop_back();
            entry.task->run(now_, entry.kind, entry.token);
        }
    }

    sc_core::sc_event due_;
    std::vector<Entry> heap_;
    std::uint64_t sequence_ = 0;
    core::Instant now_{};
    core::Instant deadline_{};
    bool paused_ = false;
};

Host::Host() {
    set_up_kernel();
    module_ = std::make_unique<Module>("host");
}

Host::~Host() = default;

core::Instant Host::now() const {
    return module_->now();
}

void Host::at(core::Instant when, std::uint64_t order, Task& task, std::uint32_t kind,
              std::uint64_t token) {
    module_->add({std::max(when, now()), order, 0, &task, token, kind});
}

core::Instant Host::run_until(core::Instant deadline) {
    return module_->run_until(deadline);
}

void Host::pause() {
    module_->pause();
}

core::Instant Host::next_due() const {
    return module_->next_due();
}

} // namespace meterbench::sim
