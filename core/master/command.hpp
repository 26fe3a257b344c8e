// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/date_time.hpp"
#include "core/master/procedure.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace meterbench::core::master {

/// User data of SND_UD, from the CI-field on.
using UserData = std::vector<std::uint8_t>;

/// CI 51h, 01 7A: the primary address (facts G.3). 0 to 250.
[[nodiscard]] UserData set_address_data(std::uint8_t address);
/// CI 51h, 07 79: identification number, manufacturer, version and device type.
[[nodiscard]] UserData set_identification_data(const link::SecondaryAddress& address);
/// CI 51h, 04 6D: date and time to the minute, type F; year 2000 to 2127.
[[nodiscard]] UserData set_clock_data(const application::DateTime& time);
/// CI 50h, with a subcode if there is one (facts G.1).
[[nodiscard]] UserData application_reset_data(std::optional<std::uint8_t> subcode);
/// CI B8h to BFh (facts B.9). None for a rate that has no code.
[[nodiscard]] std::optional<UserData> baud_rate_data(Baud baud);

struct CommandConfig {
    Target target = std::uint8_t{1};
    link::PrimaryConfig link{};
    std::vector<UserData> data; ///< sent one after another
    /// Reads one telegram afterwards, over a link opened anew, where a meter reports what it did
    /// not do: E5h says no more than that the frame arrived.
    bool check = false;
};

/// Sends user data to a meter, or to all of them (FFh, nobody answers). fault(): silence,
/// not-selected, application-error (Fault::actual is its code), record-error, data-too-long.
class Command final : public MeterProcedure {
  public:
    explicit Command(CommandConfig config);

    /// How many of the frames were acknowledged, or sent to all.
    [[nodiscard]] std::size_t delivered() const { return delivered_; }
    /// The telegram read to check; empty without.
    [[nodiscard]] const std::vector<std::uint8_t>& answer() const { return answer_; }

  private:
    void begin() override;
    void opened() override;
    void answered(const link::Outcome& outcome, const std::optional<Fault>& fault) override;
    void send_next();
    void take_answer(std::span<const std::uint8_t> frame);

    CommandConfig config_;
    std::size_t delivered_ = 0;
    bool checking_ = false;
    std::vector<std::uint8_t> answer_;
};

} // namespace meterbench::core::master
