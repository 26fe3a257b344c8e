// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::link {

/// What goes into one RSP_UD: user data from the CI-field on, and the two bits of the control field
/// that the application decides. The span stays valid until the next call of the source.
struct Telegram {
    std::span<const std::uint8_t> user_data;
    bool access_demand = false; ///< ACD: class 1 data is waiting
    bool overflow = false;      ///< DFC: no further user data, please
};

/// The telegrams a meter answers REQ_UD2 with. The link station repeats and advances; whether more
/// follow is said inside the telegram, and is the master's application layer's to read.
class TelegramSource {
  public:
    virtual ~TelegramSource() = default;
    /// Before the first telegram again: after SND_NKE, selection, application reset.
    virtual void rewind() = 0;
    /// The telegram after the current one; the first after the last, and after rewind().
    [[nodiscard]] virtual Telegram next(Instant now) = 0;
    /// The current telegram again; the first after rewind().
    [[nodiscard]] virtual Telegram current(Instant now) = 0;
};

/// What a command has set of the link layer.
struct LinkChange {
    std::optional<std::uint8_t> address; ///< the primary address from now on
    std::optional<Baud> baud; ///< the rate from now on; the old one again if nothing comes at it
};

/// What the link layer of a meter asks of the application layer above it.
class MeterApplication {
  public:
    virtual ~MeterApplication() = default;
    [[nodiscard]] virtual TelegramSource& class2() = 0;
    /// The answer to REQ_UD1; `fresh` says that the last one has arrived. No telegram: E5h.
    [[nodiscard]] virtual std::optional<Telegram> class1(bool fresh, Instant now) = 0;
    /// Whether this device answers REQ_UD1 at all.
    [[nodiscard]] virtual bool has_class1() const = 0;
    /// Whether the selection `mask` (what follows CI 52h) means this device (EN 13757-7, 8.4).
    [[nodiscard]] virtual bool matches(std::span<const std::uint8_t> mask) const = 0;
    /// User data of an accepted SND_UD, from the CI-field on. It was or will be acknowledged on the
    /// link layer whatever becomes of it.
    virtual void execute(std::span<const std::uint8_t> user_data, Instant now) = 0;
    /// What the last command sets of the link layer, once; asked after execute().
    [[nodiscard]] virtual LinkChange take_link_change() { return {}; }
    /// Power is back: what is volatile is lost.
    virtual void restart(Instant now) = 0;
};

} // namespace meterbench::core::link
