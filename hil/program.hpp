// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hil/descriptor.hpp"
#include "rig/program.hpp"

#include <sys/types.h>

namespace meterbench::hil {

/// A program as a process of its own, in a process group of its own: without input, its standard
/// output read, its standard error left as it is. It dies with this process.
class Program final : public rig::Program {
  public:
    Program() = default;
    ~Program() override { kill(); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    [[nodiscard]] std::expected<void, std::string>
    start(const std::vector<std::string>& command) override;
    [[nodiscard]] int descriptor() const override { return output_ ? output_.get() : -1; }
    void read(std::string& into) override;
    [[nodiscard]] std::optional<End> ended() override;
    void kill() override;

  private:
    pid_t pid_ = -1;
    Descriptor output_;
};

} // namespace meterbench::hil
