// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/telegram_source.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace meterbench::tests {

/// The application layer of a meter that notes every call: telegram n is 78h and the byte n, unless
/// the test puts others in; DIF 1Fh follows where it is not the last.
class FakeApplication : public core::link::MeterApplication, private core::link::TelegramSource {
  public:
    explicit FakeApplication(std::size_t telegrams = 3) {
        for (std::size_t i = 0; i < telegrams; ++i) {
            Bytes bytes{0x78, 0x01, 0x13, static_cast<std::uint8_t>(i)};
            if (i + 1 < telegrams) {
                bytes.push_back(0x1F);
            }
            class2_telegrams.push_back(std::move(bytes));
        }
    }

    std::vector<Bytes> class2_telegrams;
    std::optional<Bytes> class1_telegram; ///< none: E5h
    bool class1_known = false;
    bool access_demand = false;
    bool overflow = false;
    Bytes own_mask = hex("78 56 34 12 24 40 01 07");
    std::vector<Bytes> executed;
    std::vector<core::Instant> executed_at;
    core::link::LinkChange link_change; ///< of the next command
    std::vector<bool> class1_calls;     ///< `fresh` of each
    int rewinds = 0;
    int restarts = 0;

    [[nodiscard]] core::link::TelegramSource& class2() override { return *this; }
    [[nodiscard]] std::optional<core::link::Telegram> class1(bool fresh,
                                                             core::Instant /*now*/) override {
        class1_calls.push_back(fresh);
        if (!class1_telegram) {
            return std::nullopt;
        }
        return core::link::Telegram{.user_data = *class1_telegram};
    }
    [[nodiscard]] bool has_class1() const override { return class1_known; }
    [[nodiscard]] bool matches(std::span<const std::uint8_t> mask) const override {
        return std::ranges::equal(mask, own_mask);
    }
    void execute(std::span<const std::uint8_t> user_data, core::Instant now) override {
        executed.emplace_back(user_data.begin(), user_data.end());
        executed_at.push_back(now);
    }
    [[nodiscard]] core::link::LinkChange take_link_change() override {
        return std::exchange(link_change, {});
    }
    void restart(core::Instant /*now*/) override { ++restarts; }

  private:
    void rewind() override {
        ++rewinds;
        index_.reset();
    }
    [[nodiscard]] core::link::Telegram next(core::Instant now) override {
        index_ = index_ ? (*index_ + 1) % class2_telegrams.size() : 0;
        return current(now);
    }
    [[nodiscard]] core::link::Telegram current(core::Instant /*now*/) override {
        index_ = index_.value_or(0);
        return {.user_data = class2_telegrams[*index_],
                .access_demand = access_demand,
                .overflow = overflow};
    }

    std::optional<std::size_t> index_;
};

} // namespace meterbench::tests
