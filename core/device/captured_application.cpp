// SPDX-License-Identifier: Apache-2.0
#include "core/device/captured_application.hpp"

#include "core/application/selection.hpp"
#include "core/application/telegram.hpp"

#include <utility>

namespace meterbench::core::device {

namespace {
constexpr std::uint8_t ci_application_reset = 0x50;
}

CapturedApplication::CapturedApplication(std::vector<CapturedTelegram> telegrams)
    : telegrams_{std::move(telegrams)} {
    const application::Telegram first = application::decode_telegram(telegrams_.front().user_data);
    if (first.header == application::HeaderKind::long_header &&
        telegrams_.front().user_data.size() > application::size_of(first.header)) {
        device_ = first.fields.device;
    }
}

bool CapturedApplication::matches(std::span<const std::uint8_t> mask) const {
    return device_ && application::selection_matches(mask, *device_, std::nullopt);
}

void CapturedApplication::execute(std::span<const std::uint8_t> user_data, Instant /*now*/) {
    if (user_data.front() == ci_application_reset) {
        rewind();
    }
}

void CapturedApplication::restart(Instant /*now*/) {
    rewind();
}

link::Telegram CapturedApplication::next(Instant now) {
    index_ = index_ ? (*index_ + 1) % telegrams_.size() : 0;
    return current(now);
}

link::Telegram CapturedApplication::current(Instant /*now*/) {
    if (!index_) {
        index_ = 0;
    }
    const CapturedTelegram& telegram = telegrams_[*index_];
    return {.user_data = telegram.user_data,
            .access_demand = telegram.control.acd(),
            .overflow = telegram.control.dfc()};
}

} // namespace meterbench::core::device
