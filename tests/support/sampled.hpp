// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace meterbench::tests {

/// Tests that go through a whole catalogue try one in so many under sanitizers, which are some ten
/// times slower; all of them without.
#ifdef METERBENCH_SANITIZED
inline constexpr std::size_t one_in = 16;
#else
inline constexpr std::size_t one_in = 1;
#endif

} // namespace meterbench::tests
