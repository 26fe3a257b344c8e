// SPDX-License-Identifier: Apache-2.0
#include "harness/pool.hpp"

#include <algorithm>
#include <poll.h>
#include <utility>

namespace meterbench::harness {

namespace {
struct Running {
    std::size_t index;
    Worker worker;
};
} // namespace

void run_pool(const std::vector<Worker::Job>& jobs, const WorkerLimits& limits, unsigned width,
              const std::function<void(std::size_t, WorkerResult&&)>& done) {
    std::vector<Running> running;
    std::size_t next = 0;
    const auto end = [&](std::size_t place) {
        Running ended = std::move(running[place]);
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(place));
        WorkerResult result;
        result.death = ended.worker.finish();
        result.items = std::move(ended.worker.items());
        done(ended.index, std::move(result));
    };
    while (next < jobs.size() || !running.empty()) {
        while (next < jobs.size() && running.size() < std::max(width, 1U)) {
            auto worker = Worker::start(jobs[next], limits);
            if (worker) {
                running.push_back({next, std::move(*worker)});
            } else {
                done(next, {{}, worker.error()});
            }
            ++next;
        }
        std::vector<pollfd> watched;
        int patience = 60'000;
        for (const Running& one : running) {
            watched.push_back({one.worker.descriptor(), POLLIN, 0});
            patience = std::min(patience, one.worker.patience());
        }
        (void)::poll(watched.data(), watched.size(), patience);
        // Backwards, so that an ended worker's place does not shift those still to be looked at.
        for (std::size_t i = watched.size(); i-- > 0;) {
            if (watched[i].revents != 0) {
                if (!running[i].worker.read()) {
                    end(i);
                }
            } else if (running[i].worker.patience() == 0) {
                running[i].worker.kill();
            }
        }
    }
}

} // namespace meterbench::harness
