// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::rig {

/// A program outside: started, listened to, ended. One run at a time.
class Program {
  public:
    /// How a run ended: by itself with a status, or of a signal.
    struct End {
        int status = 0;
        int signal = 0; ///< 0: by itself
    };

    virtual ~Program() = default;
    /// Starts it; what a run before left behind is ended. Fails with `COMMAND: ...`.
    [[nodiscard]] virtual std::expected<void, std::string>
    start(const std::vector<std::string>& command) = 0;
    /// Of its standard output, for poll(); -1 where there is none, or it has been closed.
    [[nodiscard]] virtual int descriptor() const = 0;
    /// Appends what it has printed since the last call. Does not wait.
    virtual void read(std::string& into) = 0;
    /// None while it runs. Does not wait.
    [[nodiscard]] virtual std::optional<End> ended() = 0;
    /// Ends it, and what it has started.
    virtual void kill() = 0;
};

} // namespace meterbench::rig
