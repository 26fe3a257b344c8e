// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/procedure.hpp"

namespace meterbench::core::master {

/// Opens the link to a meter and no more: SND_NKE, or deselection and selection; to FFh SND_NKE for
/// all, which nobody answers. fault(): silence, not-selected, or what diagnose() says.
class LinkReset final : public MeterProcedure {
  public:
    LinkReset(const Target& target, const link::PrimaryConfig& config)
        : MeterProcedure{target, config} {
        begin();
    }

  private:
    void begin() override { open(); }
    void opened() override { finish(std::nullopt); }
    void answered(const link::Outcome& /*outcome*/,
                  const std::optional<Fault>& /*fault*/) override {}
};

} // namespace meterbench::core::master
