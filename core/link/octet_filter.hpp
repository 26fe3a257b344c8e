// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/octet.hpp"

#include <optional>

namespace meterbench::core::link {

/// The seam "octets in": what a station hears of a character; none: nothing.
class OctetFilter {
  public:
    virtual ~OctetFilter() = default;
    [[nodiscard]] virtual std::optional<Octet> pass(const Octet& octet) = 0;
};

/// The seam "octets out": what a station really sends. A filter that changes bytes keeps them in
/// storage of its own until the next call.
class TransmissionFilter {
  public:
    virtual ~TransmissionFilter() = default;
    [[nodiscard]] virtual Transmission pass(const Transmission& transmission) = 0;
};

} // namespace meterbench::core::link
