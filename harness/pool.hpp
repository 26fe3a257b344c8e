// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/worker.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace meterbench::harness {

/// Runs jobs in worker processes, at most `width` at a time. `done(index, result)` is called for
/// each as it ends, in any order.
void run_pool(const std::vector<Worker::Job>& jobs, const WorkerLimits& limits, unsigned width,
              const std::function<void(std::size_t, WorkerResult&&)>& done);

} // namespace meterbench::harness
