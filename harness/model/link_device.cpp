// SPDX-License-Identifier: Apache-2.0
#include "harness/model/link_device.hpp"

#include "core/link/address.hpp"
#include "core/link/frame.hpp"
#include "harness/telegram_structure.hpp"

#include <algorithm>

namespace meterbench::harness::model {

OutputSet TelegramBook::classify(std::span<const std::uint8_t> answer, std::uint8_t address) {
    if (answer.empty()) {
        return silence;
    }
    const auto frame = core::link::decode_frame(answer);
    if (!frame) {
        return anything_else;
    }
    if (frame->kind == core::link::FrameKind::single) {
        return acknowledge;
    }
    const bool its_own =
        frame->address == address || frame->address == core::link::address::selected;
    if (frame->control.function() != core::link::Function::rsp_ud || !frame->has_ci() || !its_own) {
        return anything_else;
    }
    std::string structure = structure_of(frame->user_data);
    const auto found = std::ranges::find(structures_, structure);
    if (found != structures_.end()) {
        return telegram(static_cast<std::size_t>(found - structures_.begin()) + 1);
    }
    if (structures_.size() == max_telegrams) {
        return other_telegram;
    }
    structures_.push_back(std::move(structure));
    return telegram(structures_.size());
}

} // namespace meterbench::harness::model
