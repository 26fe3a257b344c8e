// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/campaign.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::reports {

/// What a campaign says about one device.
enum class Fate : std::uint8_t {
    sound,      ///< the good device, and it passed everything
    unsound,    ///< the good device did not pass: those cases kill nothing
    killed,     ///< a mutant: a sound case that cites its requirement failed
    survived,   ///< a mutant that no such case failed on, and nobody explains it
    explained,  ///< a survivor with a reason
    accepted,   ///< a benign variant that nothing failed on
    false_fail, ///< a benign variant that some case failed on
    rejected,   ///< a null device that passed nothing
    false_pass, ///< a null device that passed a case
};
inline constexpr std::array<std::string_view, 9> fate_names{
    "sound",    "unsound",    "killed",   "survived",  "explained",
    "accepted", "false fail", "rejected", "false pass"};
[[nodiscard]] constexpr std::string_view name_of(Fate fate) {
    return fate_names[static_cast<std::size_t>(fate)];
}
/// Whether it makes the campaign fail.
[[nodiscard]] constexpr bool is_bad(Fate fate) {
    return fate == Fate::unsound || fate == Fate::survived || fate == Fate::false_fail ||
           fate == Fate::false_pass;
}

struct DeviceFate {
    const formats::DeviceRun* run = nullptr;
    Fate fate = Fate::sound;
    std::vector<std::size_t> killers;                      ///< cases that killed it, by index
    std::vector<std::size_t> collateral;                   ///< other cases that failed on it
    std::vector<std::size_t> passed, inconclusive, errors; ///< each case with any seed
    std::string why; ///< of a survivor: the given explanation, or what its citing cases did
    bool explanation_outdated = false; ///< explained, and yet killed
};

struct KillRate {
    std::string name;
    std::string text; ///< of a requirement
    std::size_t mutants = 0, killed = 0, explained = 0;
};

/// The kill matrix, judged. Pointers are into the campaign, which outlives it.
struct KillMatrix {
    std::vector<DeviceFate> devices;  ///< in the campaign's order
    std::vector<std::size_t> unsound; ///< cases that did not pass on the good device
    std::vector<KillRate> rings;      ///< of mutants
    std::vector<KillRate> requirements;
    std::vector<std::size_t> idle;        ///< cases that kill nothing
    std::vector<std::size_t> never_alone; ///< kill, but nothing that another does not kill too
    /// Table mutants that survived, and those that are not counted, by index.
    std::vector<std::size_t> table_survivors, table_equal, table_allowed;
    std::size_t cells = 0, errors = 0;
    [[nodiscard]] std::size_t count(Fate fate) const;
    [[nodiscard]] bool bad() const;
};

[[nodiscard]] KillMatrix kill_matrix(const formats::Campaign& campaign);

/// `N of M mutants killed (P %), N explained, N survived; ...` in one line.
[[nodiscard]] std::string summary_line(const KillMatrix& matrix);

/// `98.7 %`, cut, so that 100 % means all.
[[nodiscard]] std::string percent(std::size_t part, std::size_t whole);

} // namespace meterbench::reports
