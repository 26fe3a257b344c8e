// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/octet_filter.hpp"
#include "models/fault_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace meterbench::core::link {
class SecondaryStation;
}

namespace meterbench::models {

/// The seam "octets in" of one meter: makes the receiver blind to one property of a frame, or deaf
/// for some.
class InputFault : public core::link::OctetFilter {
  public:
    /// `station` is the one that hears; it outlives the filter.
    explicit InputFault(const core::link::SecondaryStation& station) : station_{station} {}
    void add(InputEdit edit) { edits_.push_back(edit); }
    [[nodiscard]] bool empty() const { return edits_.empty(); }
    [[nodiscard]] std::optional<core::Octet> pass(const core::Octet& octet) override;
    /// The A field of the last frame.
    [[nodiscard]] std::uint8_t requested_address() const { return address_; }

  private:
    enum class Place : std::uint8_t {
        single,
        start,
        length,
        length_again,
        start_again,
        control,
        address,
        information,
        data,
        checksum,
        stop,
        stray
    };

    void follow(const core::Octet& octet);
    [[nodiscard]] Place place() const;
    void note_errors(const core::Octet& octet, Place place);
    [[nodiscard]] bool unheard(const InputEdit& edit, const core::Octet& octet, Place place) const;
    void alter(const InputEdit& edit, core::Octet& octet, Place place);
    [[nodiscard]] core::Duration bits(std::uint8_t count) const;

    const core::link::SecondaryStation& station_;
    std::vector<InputEdit> edits_;
    core::Instant last_end_{};
    core::Instant deaf_until_{};
    std::size_t position_ = 0; ///< of the octet in its frame
    std::size_t length_ = 0;   ///< of the frame, once known
    std::uint8_t first_length_ = 0;
    std::uint8_t address_ = 0;
    std::uint8_t sum_ = 0;         ///< of what was sent
    std::uint8_t altered_sum_ = 0; ///< of what is passed on
    bool long_frame_ = false;
    bool bad_ = false;
    bool inside_ = false;
    bool broken_off_ = false; ///< silence came before the frame was complete
};

} // namespace meterbench::models
