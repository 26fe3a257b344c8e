// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/security/key.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::core::receiver {

/// The key of one device. `id` as in application::DeviceId; manufacturer 0: any with this id.
struct DeviceKey {
    std::uint32_t id = 0;
    std::uint16_t manufacturer = 0;
    security::Key key{};
};

/// Keys without an identification are tried in turn, so there may only be a few.
inline constexpr std::size_t max_nameless_keys = 8;

/// The keys to try for a telegram, the best first.
struct KeyCandidates {
    std::array<const security::Key*, max_nameless_keys> keys{};
    std::size_t count = 0;
    /// They are the device's own; false: keys without an identification.
    bool named = false;

    [[nodiscard]] std::span<const security::Key* const> all() const {
        return std::span{keys}.first(count);
    }
};

/// The keys that a receiver knows. Looking one up costs the same with one key as with a hundred
/// thousand; memory is allocated when keys are added and not later.
class KeyStore {
  public:
    /// A device's key; it takes the place of one with the same id and manufacturer.
    void add(const DeviceKey& key);
    /// The key that was added for exactly this id and manufacturer; null without.
    [[nodiscard]] const security::Key* own(std::uint16_t manufacturer, std::uint32_t id) const;
    /// A key without an identification. False when there are 8 already.
    [[nodiscard]] bool add_nameless(const security::Key& key);

    /// The key of this device: that of its manufacturer and id, else that of its id for any
    /// manufacturer, else the keys without an identification. Valid until the next add.
    [[nodiscard]] KeyCandidates find(std::uint16_t manufacturer, std::uint32_t id) const;

    [[nodiscard]] std::size_t size() const { return keys_.size() + nameless_.size(); }
    [[nodiscard]] bool empty() const { return size() == 0; }

  private:
    [[nodiscard]] std::optional<std::size_t> index_of(std::uint16_t manufacturer,
                                                      std::uint32_t id) const;
    [[nodiscard]] std::size_t slot_of(std::uint32_t id) const;
    void enter(std::size_t index);
    void grow();

    std::vector<DeviceKey> keys_;
    std::vector<std::uint32_t> slots_; ///< index + 1 into keys_, 0: free; a power of two of them
    std::vector<security::Key> nameless_;
};

} // namespace meterbench::core::receiver
