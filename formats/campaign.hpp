// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"
#include "formats/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// What a device of a campaign is there for.
enum class Ring : std::uint8_t {
    good,        ///< the device without a fault: passes everything, or the case is wrong
    behavioural, ///< a mutant by hand: breaks one requirement
    code,        ///< a mutant of the station's code
    table,       ///< a mutant by one edit of the station's table
    benign,      ///< at the edge of what is allowed: nothing may fail
    null,        ///< no device at all: nothing may pass
};
inline constexpr std::array<std::string_view, 6> ring_names{"good",  "behavioural", "code",
                                                            "table", "benign",      "null"};
[[nodiscard]] constexpr std::string_view name_of(Ring ring) {
    return ring_names[static_cast<std::size_t>(ring)];
}
[[nodiscard]] constexpr bool is_mutant(Ring ring) {
    return ring == Ring::behavioural || ring == Ring::code || ring == Ring::table;
}

struct CampaignDevice {
    std::string name;
    Ring ring = Ring::behavioural;
    std::string requirement; ///< which a mutant breaks; empty for others
    std::string visible;     ///< what is seen on the wire, one line
};

struct CampaignCase {
    std::string id;
    std::string title;
    std::vector<std::string> checks;
};

struct CampaignRequirement {
    std::string id;
    std::string clause;
    std::string text;
};

/// Why a cell did not pass: the reason that decided, and where.
struct CellFinding {
    std::size_t seed = 0;  ///< index into Campaign::seeds
    std::size_t index = 0; ///< index into Campaign::cases
    std::string text;
    std::string where;
    std::string requirement;
};

/// A device and what became of its cells.
struct DeviceRun {
    CampaignDevice device;
    /// A row a seed, one letter a case in the campaign's order (letter_of); `.` where it was not
    /// run.
    std::vector<std::string> verdicts;
    std::vector<CellFinding> findings; ///< of cells that failed, are inconclusive or errors
};

/// A single edit of the reference station's own state table, run against the generated sequences
/// without a simulation.
struct CampaignTableMutant {
    std::string name;
    /// killed, survived, equal (does what the station does), allowed (differs only where the
    /// standard leaves it open); the last two are not counted.
    std::string outcome;
    std::string requirement; ///< killed: which the sequence that found it cites
    std::string witness;     ///< survived, allowed: what to send, and what comes
};

/// The letter of a verdict in a row: p, i, f, e, a (not applicable), r (not runnable); e too for
/// none.
[[nodiscard]] constexpr char letter_of(Verdict verdict) {
    constexpr std::string_view letters = "epifear";
    return letters[static_cast<std::size_t>(verdict)];
}
inline constexpr char not_run = '.';

/// The record of a campaign, campaign.json, schema `meterbench.campaign/1`: cases x devices x
/// seeds. It holds nothing that changes from one run to the next.
struct Campaign {
    std::string version;     ///< of meterbench
    std::string rig;         ///< name of the rig file
    std::string fingerprint; ///< of all files used: shards of one campaign agree in it
    std::vector<std::uint64_t> seeds;
    bool stop_at_kill = false;
    unsigned shard = 1; ///< 1 to shards
    unsigned shards = 1;
    std::vector<CampaignCase> cases;               ///< sorted by id
    std::vector<CampaignRequirement> requirements; ///< those of cases and devices, sorted by id
    std::map<std::string, std::string>
        explained;                    ///< survivors with a reason, from the suite's file
    std::vector<std::string> devices; ///< names of all devices of all shards, sorted
    std::vector<DeviceRun> runs;      ///< those of this shard, sorted by name
    /// Those of this shard, sorted by name; empty: not wanted.
    std::vector<CampaignTableMutant> table_mutants;
};

[[nodiscard]] bool cites(const CampaignCase& item, const std::string& requirement);

/// The shard, from 1, that a device belongs to: a hash of its name, the same everywhere.
[[nodiscard]] unsigned shard_of(std::string_view device, unsigned shards);

[[nodiscard]] std::string write_campaign(const Campaign& campaign);
/// Reads what write_campaign() wrote. Fails with one clear line that names `file` and the key.
[[nodiscard]] FileResult<Campaign> read_campaign(std::string_view text, std::string_view file);

/// Puts the shards of one campaign together. `names` says where each came from. Fails with one
/// line on shards that differ in anything but their devices, twice the same, or one missing.
[[nodiscard]] FileResult<Campaign> merge_campaigns(std::vector<Campaign> shards,
                                                   const std::vector<std::string>& names);

/// Survivors that are explained: a file beside the suite, schema `meterbench.survivors/1`,
/// {"explained": {MUTANT: REASON}}.
[[nodiscard]] FileResult<std::map<std::string, std::string>> parse_survivors(std::string_view text,
                                                                             std::string_view file);

} // namespace meterbench::formats
