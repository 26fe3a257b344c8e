// SPDX-License-Identifier: Apache-2.0
#include "core/receiver/key_store.hpp"

#include <algorithm>

namespace meterbench::core::receiver {

std::size_t KeyStore::slot_of(std::uint32_t id) const {
    // Fibonacci hashing: BCD digits alone would fill few of the low bits.
    constexpr std::uint64_t golden = 0x9E37'79B9'7F4A'7C15;
    return static_cast<std::size_t>(id * golden >> 32U) & (slots_.size() - 1);
}

void KeyStore::enter(std::size_t index) {
    std::size_t slot = slot_of(keys_[index].id);
    while (slots_[slot] != 0) {
        slot = (slot + 1) & (slots_.size() - 1);
    }
    slots_[slot] = static_cast<std::uint32_t>(index + 1);
}

void KeyStore::grow() {
    constexpr std::size_t least = 16;
    slots_.assign(std::max(least, 2 * slots_.size()), 0);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        enter(i);
    }
}

std::optional<std::size_t> KeyStore::index_of(std::uint16_t manufacturer, std::uint32_t id) const {
    if (slots_.empty()) {
        return std::nullopt;
    }
    // Bit 15 says that the address is not the manufacturer's; the meter is the same.
    constexpr std::uint16_t letters = 0x7FFF;
    const auto same = [manufacturer](std::uint16_t other) {
        return ((manufacturer ^ other) & letters) == 0;
    };
    for (std::size_t slot = slot_of(id); slots_[slot] != 0;
         slot = (slot + 1) & (slots_.size() - 1)) {
        const DeviceKey& key = keys_[slots_[slot] - 1];
        if (key.id == id && same(key.manufacturer)) {
            return slots_[slot] - 1;
        }
    }
    return std::nullopt;
}

void KeyStore::add(const DeviceKey& key) {
    if (const auto known = index_of(key.manufacturer, key.id)) {
        keys_[*known] = key;
        return;
    }
    keys_.push_back(key);
    if (2 * keys_.size() > slots_.size()) {
        grow();
    } else {
        enter(keys_.size() - 1);
    }
}

const security::Key* KeyStore::own(std::uint16_t manufacturer, std::uint32_t id) const {
    const auto index = index_of(manufacturer, id);
    return index ? &keys_[*index].key : nullptr;
}

bool KeyStore::add_nameless(const security::Key& key) {
    if (nameless_.size() == max_nameless_keys) {
        return false;
    }
    nameless_.push_back(key);
    return true;
}

KeyCandidates KeyStore::find(std::uint16_t manufacturer, std::uint32_t id) const {
    KeyCandidates found;
    auto index = index_of(manufacturer, id);
    if (!index) {
        index = index_of(0, id);
    }
    if (index) {
        found.keys[found.count++] = &keys_[*index].key;
        found.named = true;
        return found;
    }
    for (const security::Key& key : nameless_) {
        found.keys[found.count++] = &key;
    }
    return found;
}

} // namespace meterbench::core::receiver
