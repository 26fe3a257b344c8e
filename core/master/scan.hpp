// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/procedure.hpp"

#include <cstdint>
#include <vector>

namespace meterbench::core::master {

struct ScanConfig {
    link::PrimaryConfig link{};
    std::uint8_t first = 0;
    std::uint8_t last = link::address::last_individual;
    std::uint8_t retries = 1; ///< after silence, which is the normal answer
};

/// An address at which somebody was heard.
struct ScanFind {
    std::uint8_t address = 0;
    std::vector<std::uint8_t> frame; ///< its first telegram; empty with a fault
    std::optional<Fault> fault;      ///< address-conflict, or why no telegram came
};

/// Looks for meters by primary address (facts C.4): SND_NKE to each, and where anything is heard
/// REQ_UD2, which tells one meter from several: one clean E5h may be several (MB2-LL-069).
/// fault(): babble when the line is held.
class Scan final : public Procedure {
  public:
    explicit Scan(const ScanConfig& config);

    [[nodiscard]] const std::vector<ScanFind>& found() const { return found_; }
    /// The address being tried.
    [[nodiscard]] unsigned address() const { return address_; }

  private:
    void begin() override;
    void conclude(const link::Outcome& outcome) override;
    void try_address();
    void next();
    void request();
    [[nodiscard]] link::Request request_for(link::ControlField control) const;

    ScanConfig config_;
    std::vector<ScanFind> found_;
    unsigned address_ = 0;
    bool requested_ = false;
    std::uint8_t babbles_ = 0;
};

} // namespace meterbench::core::master
