// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/fcb.hpp"
#include "core/link/primary_station.hpp"
#include "core/master/readout_line.hpp"
#include "core/octet.hpp"
#include "rig/master.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meterbench::models {

/// What the reference master keeps to when it does a job.
struct MasterJobConfig {
    core::link::PrimaryConfig link{};
    std::uint8_t search_retries = 1; ///< of a search and a scan (MB7-SA-030)
};

/// A job of the reference master: one of its procedures (core/master), and what it says of it. A
/// protocol object with the verbs of docs/architecture.md, and done().
class MasterJob {
  public:
    virtual ~MasterJob() = default;
    MasterJob() = default;
    MasterJob(const MasterJob&) = delete;
    MasterJob& operator=(const MasterJob&) = delete;

    /// `images` outlives it: the frame count bits of a master that stays (alarm). Fails with one
    /// clear line on arguments that are none; a job that is not known has an empty pointer.
    [[nodiscard]] static std::expected<std::unique_ptr<MasterJob>, std::string>
    make(const rig::JobOrder& order, const MasterJobConfig& config, core::link::FcbImages& images);

    virtual void receive(std::span<const core::Octet> octets) = 0;
    [[nodiscard]] virtual std::optional<core::Transmission> transmit() const = 0;
    virtual void sent(core::Instant now) = 0;
    virtual void aborted(core::Instant now) = 0;
    [[nodiscard]] virtual std::optional<core::Baud> listens() const = 0;
    virtual void restart(core::Instant now) = 0;
    [[nodiscard]] virtual std::optional<core::Instant> deadline() const = 0;
    virtual void expire(core::Instant now) = 0;

    [[nodiscard]] virtual bool done() const = 0;
    /// Of the procedure, when done.
    [[nodiscard]] virtual std::optional<core::Fault> fault() const = 0;
    /// What it has to say so far; what was said stays.
    [[nodiscard]] virtual std::vector<core::master::ReadoutLine> lines() const = 0;
    /// The exit status of a program that did this (rig::job_done, rig::job_failed).
    [[nodiscard]] virtual int status() const = 0;
};

} // namespace meterbench::models
