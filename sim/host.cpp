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

    void add(const Entry& entry) {
        heap_.push_back(entry);
        heap_.back().sequence = ++sequence_;
        const bool first = heap_.size() == 1 || later(heap_.front(), heap_.back());
        std::push_heap(heap_.begin(), heap_.end(), later);
        if (first && !stepping_) {
            arm();
        }
    }

    [[nodiscard]] core::Instant next_due() const {
        return heap_.empty() ? core::Instant::max() : heap_.front().when;
    }

  private:
    void step() {
        const core::Instant now = kernel_now();
        stepping_ = true;
        while (!heap_.empty() && heap_.front().when <= now) {
            std::pop_heap(heap_.begin(), heap_.end(), later);
            const Entry entry = heap_.back();
            heap_.pop_back();
            entry.task->run(now, entry.kind, entry.token);
        }
        stepping_ = false;
        arm();
    }

    void arm() {
        if (heap_.empty()) {
            return;
        }
        const core::Duration delay =
            std::max(heap_.front().when - kernel_now(), core::Duration::zero());
        due_.cancel();
        due_.notify(to_kernel(delay));
    }

    sc_core::sc_event due_;
    std::vector<Entry> heap_;
    std::uint64_t sequence_ = 0;
    bool stepping_ = false;
};

Host::Host() {
    set_up_kernel();
    module_ = std::make_unique<Module>("host");
}

Host::~Host() = default;

core::Instant Host::now() const {
    return kernel_now();
}

void Host::at(core::Instant when, std::uint64_t order, Task& task, std::uint32_t kind,
              std::uint64_t token) {
    module_->add({std::max(when, now()), order, 0, &task, token, kind});
}

core::Instant Host::run_until(core::Instant deadline) {
    const core::Duration length = deadline - now();
    if (length > core::Duration::zero()) {
        sc_core::sc_start(to_kernel(length));
    }
    // The kernel stops short of what is due at the very end; it counts as before the deadline.
    if (now() == deadline && next_due() <= deadline) {
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    return now();
}

void Host::pause() {
    sc_core::sc_pause();
}

core::Instant Host::next_due() const {
    return module_->next_due();
}

} // namespace meterbench::sim
