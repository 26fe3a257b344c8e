// SPDX-License-Identifier: Apache-2.0
#include "core/receiver/fragments.hpp"

#include <algorithm>

namespace meterbench::core::receiver {

using transport::Afl;

namespace {

/// Fields that a later fragment says again must be the same.
template <class T> bool contradicts(std::optional<T>& known, const std::optional<T>& said) {
    if (!said) {
        return false;
    }
    if (!known) {
        known = said;
        return false;
    }
    return !(*known == *said);
}

bool contradicts(Afl& known, const Afl& said) {
    return contradicts(known.message_control, said.message_control) ||
           contradicts(known.key_information, said.key_information) ||
           contradicts(known.message_counter, said.message_counter) ||
           contradicts(known.message_length, said.message_length);
}

} // namespace

Fragments::Fragments(std::size_t messages, std::size_t bound) : partials_(messages), bound_{bound} {
    for (Partial& partial : partials_) {
        partial.bytes.resize(bound);
    }
}

Fragments::Partial* Fragments::find(const FragmentKey& key) {
    const auto known = std::ranges::find_if(
        partials_, [&key](const Partial& partial) { return partial.used && partial.key == key; });
    return known == partials_.end() ? nullptr : &*known;
}

Fragments::Partial& Fragments::begin(const FragmentKey& key) {
    Partial* partial = find(key);
    if (partial == nullptr) {
        partial = &*std::ranges::min_element(partials_, {}, [](const Partial& candidate) {
            return candidate.used ? candidate.touched : 0;
        });
    }
    partial->used = true;
    partial->key = key;
    partial->afl = {};
    partial->last = 0;
    partial->last_start = 0;
    partial->size = 0;
    return *partial;
}

Expected<Fragments::Message> Fragments::append(Partial& partial, const Afl& afl,
                                               std::span<const std::uint8_t> payload) {
    if (contradicts(partial.afl, afl)) {
        partial.used = false;
        return failure(FaultCode::afl_inconsistent);
    }
    if (afl.mac) {
        partial.afl.mac = afl.mac;
    }
    const std::size_t bound =
        std::min<std::size_t>(bound_, partial.afl.message_length.value_or(0xFFFF));
    partial.last_start = partial.size;
    if (partial.size + payload.size() > bound) {
        partial.used = false;
        return failure(FaultCode::fragments_too_long, 0, static_cast<std::int32_t>(bound));
    }
    std::ranges::copy(payload, partial.bytes.begin() + static_cast<std::ptrdiff_t>(partial.size));
    partial.size += payload.size();
    partial.last = afl.fragment();
    partial.touched = ++clock_;
    if (afl.more_fragments()) {
        return failure(FaultCode::fragment_incomplete);
    }
    partial.used = false;
    const std::size_t due = partial.afl.message_length.value_or(partial.size);
    if (due != partial.size) {
        return failure(FaultCode::message_length_mismatch, 0, static_cast<std::int32_t>(due),
                       static_cast<std::int32_t>(partial.size));
    }
    return Message{std::span<const std::uint8_t>{partial.bytes}.first(partial.size), partial.afl};
}

Expected<Fragments::Message> Fragments::add(const FragmentKey& key, const Afl& afl,
                                            std::span<const std::uint8_t> payload) {
    if (partials_.empty()) {
        return failure(FaultCode::fragments_too_long, 0, 0);
    }
    if (afl.fragment() <= 1) {
        return append(begin(key), afl, payload);
    }
    Partial* const partial = find(key);
    if (partial == nullptr) {
        return failure(FaultCode::fragment_missing, 0, 1, afl.fragment());
    }
    if (afl.fragment() < partial->last) {
        return failure(FaultCode::fragment_incomplete); // heard before; nothing is lost
    }
    if (afl.fragment() == partial->last) {
        partial->size = partial->last_start;
    } else if (afl.fragment() != partial->last + 1) {
        partial->used = false;
        return failure(FaultCode::fragment_missing, 0, partial->last + 1, afl.fragment());
    }
    return append(*partial, afl, payload);
}

} // namespace meterbench::core::receiver
