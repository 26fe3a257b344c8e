// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace meterbench::harness {

/// A worker is a copy of its parent that lives for one case. What it allocated from the parent's
/// heap would be a copied page nearly every time, and pages are most of what a worker costs. So it
/// allocates from a stretch of its own, which is dropped with it; what the stretch cannot hold
/// comes from the heap. `new` and `delete` do so by themselves.
///
/// Called in the worker, once, before its job. Builds with sanitizers, which watch the heap, do
/// without.
void begin_worker_memory();

/// As std::realloc, but told the old size; a size of 0 frees.
[[nodiscard]] void* worker_realloc(void* block, std::size_t old_size, std::size_t new_size);

} // namespace meterbench::harness
