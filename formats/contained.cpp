// SPDX-License-Identifier: Apache-2.0
#include "formats/contained.hpp"

#include "core/link/frame.hpp"
#include "core/wireless/frame.hpp"
#include "formats/telegram_json.hpp"

#include <algorithm>
#include <span>

namespace meterbench::formats {
namespace {

using namespace core::application;

bool is_frame(std::span<const std::uint8_t> bytes) {
    core::wireless::FrameBuffer buffer;
    switch (link_of(bytes)) {
    case Link::wired: return core::link::decode_frame(bytes).has_value();
    case Link::wireless: return core::wireless::decode_frame(bytes, buffer).has_value();
    case Link::unknown: break;
    }
    return false;
}

/// Quick, and true wherever there is a container: nearly no telegram has one.
bool may_hold_container(std::span<const std::uint8_t> records) {
    const auto vif = [](std::uint8_t extension, std::uint8_t code) {
        return (extension | 0x80U) == 0xFD && (code & 0x7FU) == 0x3B;
    };
    return std::ranges::adjacent_find(records, vif) != records.end();
}

} // namespace

void find_contained(Contained& out, const Telegram& telegram) {
    if (telegram.body != Body::records || !may_hold_container(telegram.content)) {
        return;
    }
    RecordReader reader = telegram.records();
    Record record;
    while (reader.next(record) == RecordReader::Step::record) {
        const auto content = record.content();
        if (record.quantity == Quantity::wireless_container && is_frame(content)) {
            out.emplace_back(content.begin(), content.end());
        }
    }
}

} // namespace meterbench::formats
