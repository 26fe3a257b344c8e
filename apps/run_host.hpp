// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace meterbench::apps {

/// Takes down where and when a run happens: run.json.
class RunClock {
  public:
    RunClock();
    /// What has happened up to now, with the files that were used.
    [[nodiscard]] formats::RunHost
    host(const std::vector<std::pair<std::string, std::string>>& files) const;

  private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::string started_;
};

} // namespace meterbench::apps
