// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace meterbench::apps {

/// A bar on stderr while something long runs; nothing where stderr is no terminal.
class Progress {
  public:
    explicit Progress(std::size_t whole);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` of the whole; `what` stands behind the bar.
    void show(std::size_t done, std::string_view what) const;

  private:
    std::size_t whole_;
    bool terminal_;
};

} // namespace meterbench::apps
