// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/credits.hpp"

#include <algorithm>

namespace meterbench::core::wireless {

Credits::Credits(Instant now, const CreditRules& rules)
    : rules_{rules}, balance_{std::min(rules.start, rules.capacity)}, grown_{now} {}

void Credits::grow(Instant now) {
    const auto periods = (now - grown_) / rules_.growth_period;
    if (periods > 0) {
        balance_ = balance(now);
        grown_ += periods * rules_.growth_period;
    }
}

unsigned Credits::balance(Instant now) const {
    const std::int64_t periods = (now - grown_) / rules_.growth_period;
    const std::int64_t grown =
        std::int64_t{balance_} + std::max<std::int64_t>(periods, 0) * rules_.growth;
    return static_cast<unsigned>(std::min<std::int64_t>(grown, rules_.capacity));
}

unsigned Credits::available(Instant now) const {
    unsigned used = 0;
    for (const Spent& one : spent_) {
        if (one.cost != 0 && one.at > now - rules_.burst_period) {
            used += one.cost;
        }
    }
    const unsigned left = used >= rules_.burst ? 0 : rules_.burst - used;
    return std::min(balance(now), left);
}

void Credits::spend(CreditUse use, Instant now) {
    const unsigned cost = cost_of(use);
    if (cost == 0) {
        return;
    }
    grow(now);
    balance_ -= std::min(balance_, cost);
    spent_[next_] = {now, cost};
    next_ = (next_ + 1) % spent_.size();
}

} // namespace meterbench::core::wireless
