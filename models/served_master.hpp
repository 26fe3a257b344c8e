// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/rig_file.hpp"
#include "models/master_world.hpp"
#include "rig/endpoint.hpp"
#include "rig/program.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace meterbench::models {

/// A bus in real time behind an endpoint, for a program that is a master (docs/
/// master-under-test.md): what the program writes goes onto the wire as the master's characters, at
/// the endpoint's rate or else the bus's; what the meters' currents make of the wire comes back as
/// bytes. No threads: one loop, paced by the clock.
class ServedMaster final : private sim::Pacer,
                           public MasterBus,
                           private rig::Master,
                           private sim::Participant {
  public:
    /// What is outside; all of it outlives the rig.
    struct Outside {
        rig::Endpoint& endpoint;
        std::string port; ///< what `{endpoint}` becomes
        rig::Program& program;
    };
    [[nodiscard]] static std::expected<std::unique_ptr<ServedMaster>, std::string>
    make(const formats::RigFile& rig, const Outside& outside, std::uint64_t seed,
         ProfileLoader profiles);

    [[nodiscard]] rig::Master* master() override { return this; }

  private:
    ServedMaster(const formats::RigFile& rig, const Outside& outside, std::uint64_t seed,
                 ProfileLoader profiles);

    [[nodiscard]] core::Expected<core::Instant> advance(core::Instant until) override;
    [[nodiscard]] core::Instant clock_now() const;
    void wait_outside(core::Instant until);
    [[nodiscard]] core::Expected<void> take_input();
    void send_queued();
    void take_output();
    void take_line(std::string_view text);
    void end_job(const rig::Program::End& end);

    [[nodiscard]] std::expected<void, std::string> start(const rig::JobOrder& order) override;
    [[nodiscard]] bool running() const override { return running_; }
    [[nodiscard]] const rig::JobResult& result() const override { return result_; }
    void stop() override;

    [[nodiscard]] std::string_view name() const override { return "master"; }
    void heard(std::span<const core::Octet> octets) override;
    void sent(core::Instant now) override;
    void wake(core::Instant /*now*/) override {}

    std::vector<std::string> command_;
    Outside outside_;
    sim::BusPort& port_;
    core::Baud baud_;
    std::int64_t clock_start_;
    std::vector<std::uint8_t> queued_;  ///< from the program, not yet on the wire
    std::vector<std::uint8_t> sending_; ///< on the wire
    bool busy_ = false;
    std::vector<std::uint8_t> outgoing_;
    std::optional<core::Fault> lost_;
    std::string output_; ///< of the program, not yet a line
    std::size_t lines_ = 0;
    rig::JobResult result_;
    bool running_ = false;
};

/// The words of a rig's command with `{endpoint}`, `{job}` and `{args}` filled in; a word that is
/// `{args}` and no more becomes as many words as there are arguments.
[[nodiscard]] std::vector<std::string> fill_command(const std::vector<std::string>& command,
                                                    const std::string& endpoint,
                                                    const rig::JobOrder& order);

} // namespace meterbench::models
