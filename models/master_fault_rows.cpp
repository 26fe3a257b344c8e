// SPDX-License-Identifier: Apache-2.0
// Mutant masters, benign variants, null masters (docs/mutants.md).
#include "models/master_fault_rows.hpp"

#include "core/link/address.hpp"

#include <array>
#include <chrono>

namespace meterbench::models {

namespace {

using core::BitTime;
using core::Limit;
using core::link::PrimaryAction;
using core::link::PrimaryEvent;
using core::link::PrimaryState;
using rig::Seam;
using In = MasterInputEdit::Kind;
using Out = MasterOutputEdit::Kind;
using Report = MasterReportEdit;
using Row = MasterFaultRow;
using Which = MasterOutputEdit::Which;
using namespace std::chrono_literals;

constexpr MasterLimitsEdit timeout(Limit limit) {
    return {.response_timeout = limit};
}
constexpr MasterLimitsEdit idle(Limit limit) {
    return {.idle = limit};
}
constexpr MasterLimitsEdit retries(std::uint8_t count) {
    return {.retries = count};
}

constexpr std::array rows{
    Row{{"master.acknowledge-alone", Seam::octets_in, "MB7-SA-025",
         "a search takes E5h for a meter without reading it"},
        MasterInputEdit{In::acknowledge_alone}},
    Row{{"master.address-unchecked", Seam::octets_in, "MB2-LL-075",
         "the A field of an answer is not compared"},
        MasterInputEdit{In::address_unchecked}},
    Row{{"master.baud-late", Seam::octets_out, "MB2-LL-060",
         "after a change of the rate nothing is sent at the new one"},
        MasterOutputEdit{Out::not_sent, 0, 0, Which::at_new_rate}},
    Row{{"master.baud-no-return", Seam::octets_out, "MB2-LL-062",
         "after silence at the new rate nothing is sent at the old one"},
        MasterOutputEdit{Out::not_sent, 0, 0, Which::after_new_rate}},
    Row{{"master.bit7", Seam::octets_out, "MB2-LL-023", "bit 7 of the C field is 1"},
        MasterOutputEdit{Out::flip_summed, 0, 0x80}},
    Row{{"master.checksum", Seam::octets_out, "MB2-LL-006",
         "checksums of short frames are wrong by one bit"},
        MasterOutputEdit{Out::flip, -2, 0x01, Which::short_ones}},
    Row{{"master.checksum-long", Seam::octets_out, "MB2-LL-006",
         "checksums of long frames are wrong by one bit"},
        MasterOutputEdit{Out::flip, -2, 0x01, Which::long_ones}},
    Row{{"master.checksum-unchecked", Seam::octets_in, "MB2-LL-074",
         "answers with a wrong checksum are taken"},
        MasterInputEdit{In::checksum_unchecked}},
    Row{{"master.collision-unheard", Seam::octets_in, "MB7-SA-024",
         "a search takes garbled answers for silence"},
        MasterInputEdit{In::collision_unheard}},
    Row{{"master.command-failure-hidden", Seam::application, "MB2-LL-020",
         "a command that nobody acknowledged is reported as done"},
        Report::command_failure_hidden},
    Row{{"master.conflict-unseen", Seam::application, "MB2-LL-069",
         "several meters at one address are reported as one"},
        Report::conflict_is_found},
    Row{{"master.data-ci", Seam::octets_out, "MB3-AP-005", "commands with records carry CI 55h"},
        MasterOutputEdit{Out::data_ci, 0, 0x55}},
    Row{{"master.data-cut", Seam::octets_out, "MB3-AP-005",
         "the last byte of a command's records is missing"},
        MasterOutputEdit{Out::data_cut}},
    Row{{"master.deaf-after-error", Seam::octets_in, "MB2-LL-015",
         "behind a bad answer nothing is heard for two seconds"},
        MasterInputEdit{In::deaf_after_error, 20}},
    Row{{"master.deselect-missing", Seam::octets_out, "MB7-SA-028",
         "a search begins without SND_NKE to FDh"},
        MasterOutputEdit{Out::not_sent, 0, 0, Which::deselections}},
    Row{{"master.direction-bit", Seam::octets_out, "MB2-LL-024", "bit 6 of the C field is 0"},
        MasterOutputEdit{Out::flip_summed, 0, 0x40}},
    Row{{"master.direction-unchecked", Seam::octets_in, "MB2-LL-074",
         "answers with PRM = 1 are taken"},
        MasterInputEdit{In::direction_unchecked}},
    Row{{"master.echo-heard", Seam::octets_in, "MB2-LL-067",
         "the echo of a converter is taken for an answer"},
        MasterInputEdit{In::echo_heard}},
    Row{{"master.faulty-not-repeated", Seam::table, "MB2-LL-019",
         "a request whose answer was faulty is not repeated"},
        MasterTableEdit{PrimaryState::pausing, PrimaryEvent::quiet, PrimaryAction::give_up,
                        PrimaryState::idle}},
    Row{{"master.fcb-first-0", Seam::octets_out, "MB2-LL-039", "FCB begins with 0 after SND_NKE"},
        MasterOutputEdit{Out::fcb_inverted}},
    Row{{"master.fcb-first-0-selected", Seam::octets_out, "MB7-SA-010",
         "FCB begins with 0 after a selection"},
        MasterOutputEdit{Out::fcb_inverted, 0, 0, Which::requests_selected}},
    Row{{"master.fcb-shared", Seam::octets_out, "MB2-LL-041",
         "one FCB for all meters, and no SND_NKE before a read-out"},
        MasterOutputEdit{Out::fcb_shared}},
    Row{{"master.fcb-stuck-0", Seam::octets_out, "MB2-LL-040", "FCB is always 0"},
        MasterOutputEdit{Out::fcb_set, 0, 0}},
    Row{{"master.fcb-stuck-1", Seam::octets_out, "MB2-LL-040", "FCB is always 1"},
        MasterOutputEdit{Out::fcb_set, 0, 1}},
    Row{{"master.fcb-toggles-on-retry", Seam::octets_out, "MB2-LL-040",
         "FCB toggles with every request, also with a retry"},
        MasterOutputEdit{Out::fcb_toggles}},
    Row{{"master.fcv-missing", Seam::octets_out, "MB2-LL-044", "FCV and FCB are always 0"},
        MasterOutputEdit{Out::fcv_clear}},
    Row{{"master.first-telegram-only", Seam::application, "MB2-LL-046",
         "only the first telegram is handed on"},
        Report::first_only},
    Row{{"master.gap", Seam::octets_out, "MB2-LL-014",
         "12 bit times of idle in the middle of each frame"},
        MasterOutputEdit{Out::gap, 0, 12}},
    Row{{"master.garbled-delivered", Seam::application, "MB2-LL-074",
         "when all attempts were garbled the last is handed on"},
        Report::garbled_delivered},
    Row{{"master.identification-unchecked", Seam::application, "MB2-LL-075",
         "another meter than the selected one is read"},
        Report::wrong_identification},
    Row{{"master.idle-none", Seam::limits, "MB2-LL-021",
         "requests follow answers without idle time"},
        idle(Limit{})},
    Row{{"master.idle-short", Seam::limits, "MB2-LL-021",
         "requests follow answers after 11 bit times"},
        idle(Limit{BitTime{11}, {}})},
    Row{{"master.last-telegram-only", Seam::application, "MB2-LL-046",
         "only the last telegram is handed on"},
        Report::last_only},
    Row{{"master.length", Seam::octets_out, "MB2-LL-004", "the L fields count one too many"},
        MasterOutputEdit{Out::length_by, 0, 1}},
    Row{{"master.length-unchecked", Seam::octets_in, "MB2-LL-074",
         "answers with unequal L fields are taken"},
        MasterInputEdit{In::length_unchecked}},
    Row{{"master.lengths-differ", Seam::octets_out, "MB2-LL-003", "the second L field is another"},
        MasterOutputEdit{Out::flip, 2, 0x10, Which::long_ones}},
    Row{{"master.long-unheard", Seam::octets_in, "MB2-LL-072",
         "answers with an L field above 200 are not heard"},
        MasterInputEdit{In::long_unheard, 200}},
    Row{{"master.more-last-byte", Seam::octets_in, "MB2-LL-046",
         "DIF 1Fh is noticed only as the last byte of the user data"},
        MasterInputEdit{In::more_last_only}},
    Row{{"master.more-unseen", Seam::octets_in, "MB2-LL-046",
         "only the first telegram is read, whatever it announces"},
        MasterInputEdit{In::more_unseen}},
    Row{{"master.own-address-refused", Seam::octets_in, "MB2-LL-055",
         "answers at FDh with the meter's own address are refused"},
        MasterInputEdit{In::other_address_refused}},
    Row{{"master.parity", Seam::octets_out, "MB2-PH-036", "all characters have odd parity"},
        MasterOutputEdit{Out::odd_parity}},
    Row{{"master.parity-unchecked", Seam::octets_in, "MB2-LL-074",
         "answers with a wrong parity bit are taken"},
        MasterInputEdit{In::parity_unchecked}},
    Row{{"master.rate", Seam::octets_out, "MB2-PH-035", "frames are sent 1 % fast"},
        MasterOutputEdit{Out::rate, 10, 0}},
    Row{{"master.request-to-all", Seam::octets_out, "MB2-LL-057", "REQ_UD2 goes to FFh"},
        MasterOutputEdit{Out::to_broadcast}},
    Row{{"master.retries-five", Seam::limits, "MB2-LL-019", "six attempts"}, retries(5)},
    Row{{"master.retries-none", Seam::limits, "MB2-LL-019", "one attempt"}, retries(0)},
    Row{{"master.search-manufacturer", Seam::octets_out, "MB7-SA-026",
         "meters that share a number are not told apart"},
        MasterOutputEdit{Out::not_sent, 0, 0, Which::selections_beyond_number}},
    Row{{"master.search-mask-told", Seam::application, "MB7-SA-025",
         "what a search found is told with a wild manufacturer"},
        Report::mask_for_address},
    Row{{"master.search-nine-skipped", Seam::octets_out, "MB7-SA-022",
         "the digit 9 is never tried"},
        MasterOutputEdit{Out::not_sent, 0, 0, Which::selections_with_nine}},
    Row{{"master.search-retries", Seam::limits, "MB7-SA-030", "six attempts a selection"},
        MasterLimitsEdit{.search_retries = 5}},
    Row{{"master.search-silence-split", Seam::octets_in, "MB7-SA-023",
         "a search goes on below masks that nobody answered to"},
        MasterInputEdit{In::silence_is_collision}},
    Row{{"master.selected-address-refused", Seam::octets_in, "MB2-LL-055",
         "answers at FDh with A = FDh are refused"},
        MasterInputEdit{In::same_address_refused}},
    Row{{"master.selection-ci", Seam::octets_out, "MB7-SA-001", "selections carry CI 56h"},
        MasterOutputEdit{Out::selection_ci, 0, 0x56}},
    Row{{"master.selection-msb-first", Seam::octets_out, "MB7-SA-001",
         "selections have the identification number MSB first"},
        MasterOutputEdit{Out::selection_msb_first}},
    Row{{"master.selection-short", Seam::octets_out, "MB7-SA-001",
         "selections lack the device type"},
        MasterOutputEdit{Out::selection_short}},
    Row{{"master.short-length-taken", Seam::octets_in, "MB2-LL-073",
         "a frame with an L field below 3 is taken for E5h"},
        MasterInputEdit{In::short_length_taken}},
    Row{{"master.silence-hidden", Seam::application, "MB2-LL-020",
         "a meter that is silent is reported as done"},
        Report::silence_hidden},
    Row{{"master.silence-is-data", Seam::application, "MB2-LL-020",
         "a meter that falls silent gives the telegram before once more"},
        Report::silence_is_data},
    Row{{"master.silence-not-repeated", Seam::table, "MB2-LL-019",
         "a request that nobody answered is not repeated"},
        MasterTableEdit{PrimaryState::awaiting, PrimaryEvent::window_over, PrimaryAction::give_up,
                        PrimaryState::idle}},
    Row{{"master.start", Seam::octets_out, "MB2-LL-002", "short frames begin with 11h"},
        MasterOutputEdit{Out::flip, 0, 0x01, Which::short_ones}},
    Row{{"master.stop", Seam::octets_out, "MB2-LL-002", "short frames end with 17h"},
        MasterOutputEdit{Out::flip, -1, 0x01, Which::short_ones}},
    Row{{"master.stop-unchecked", Seam::octets_in, "MB2-LL-074",
         "answers with a wrong stop byte are taken"},
        MasterInputEdit{In::stop_unchecked}},
    Row{{"master.surplus-unnoticed", Seam::octets_in, "MB2-LL-068",
         "octets behind a complete answer are passed over"},
        MasterInputEdit{In::surplus_unheard}},
    Row{{"master.timeout-fixed", Seam::limits, "MB2-LL-018", "waits 150 ms for an answer"},
        timeout(Limit{{}, 150ms})},
    Row{{"master.timeout-no-fixed-part", Seam::limits, "MB2-LL-018",
         "waits 330 bit times for an answer"},
        timeout(Limit{BitTime{330}, {}})},
    Row{{"master.timeout-short", Seam::limits, "MB2-LL-018",
         "waits 300 bit times + 50 ms for an answer"},
        timeout(Limit{BitTime{300}, 50ms})},
};

constexpr std::array benign{
    Row{{"master.benign.gap-small", Seam::octets_out, "MB2-LL-014",
         "a quarter of a bit time of idle between octets: within sampling tolerance"},
        MasterOutputEdit{Out::gap_all, 0, 2}},
    Row{{"master.benign.idle-long", Seam::limits, "MB2-LL-021",
         "half a second of idle before each request"},
        idle(Limit{{}, 500ms})},
    Row{{"master.benign.idle-more", Seam::limits, "MB2-LL-021",
         "40 bit times of idle before each request"},
        idle(Limit{BitTime{40}, {}})},
    Row{{"master.benign.rate-fast", Seam::octets_out, "MB2-PH-035", "frames are sent 0.4 % fast"},
        MasterOutputEdit{Out::rate, 4, 0}},
    Row{{"master.benign.rate-slow", Seam::octets_out, "MB2-PH-035", "frames are sent 0.4 % slow"},
        MasterOutputEdit{Out::rate, -4, 0}},
    Row{{"master.benign.reset-twice", Seam::octets_in, "", "every SND_NKE is sent two times"},
        MasterInputEdit{In::reset_repeated}},
    Row{{"master.benign.retries-one", Seam::limits, "MB2-LL-019", "two attempts"}, retries(1)},
    Row{{"master.benign.search-retries-none", Seam::limits, "MB7-SA-030",
         "one attempt a selection"},
        MasterLimitsEdit{.search_retries = 0}},
    Row{{"master.benign.timeout-long", Seam::limits, "MB2-LL-018",
         "waits 660 bit times + 100 ms for an answer"},
        timeout(Limit{BitTime{660}, 100ms})},
    Row{{"master.benign.timeout-more", Seam::limits, "MB2-LL-018",
         "waits 350 bit times + 60 ms for an answer"},
        timeout(Limit{BitTime{350}, 60ms})},
};

constexpr std::array nulls{
    Row{{"master.null.canned", Seam::application, "", "prints a telegram it did not ask for"},
        MasterConductEdit::canned},
    Row{{"master.null.crash", Seam::application, "", "dies of a signal"},
        MasterConductEdit::crashes},
    Row{{"master.null.exit", Seam::application, "", "ends at once with status 0"},
        MasterConductEdit::exits},
    Row{{"master.null.garbage", Seam::application, "", "prints what is no line of its schema"},
        MasterConductEdit::garbage},
    Row{{"master.null.hang", Seam::application, "", "never ends"}, MasterConductEdit::hangs},
    Row{{"master.null.mute", Seam::application, "", "does the job and prints nothing"},
        MasterConductEdit::silent},
    Row{{"master.null.noise", Seam::application, "", "sends random bytes, and ends with status 0"},
        MasterConductEdit::noise},
    Row{{"master.null.replay", Seam::application, "",
         "sends the same requests whatever comes, and prints the same telegram"},
        MasterConductEdit::replay},
    Row{{"master.null.unknown", Seam::application, "", "has none of the jobs: status 89"},
        MasterConductEdit::unknown},
};

template <class Rows> constexpr bool sorted(const Rows& list) {
    return std::ranges::is_sorted(list, std::ranges::less{},
                                  [](const Row& row) { return row.info.name; });
}
static_assert(sorted(rows) && sorted(benign) && sorted(nulls));

} // namespace

std::span<const MasterFaultRow> master_fault_rows() {
    return rows;
}

std::span<const MasterFaultRow> master_benign_rows() {
    return benign;
}

std::span<const MasterFaultRow> master_null_rows() {
    return nulls;
}

const MasterFaultRow* find_master_fault(std::string_view name) {
    for (const std::span<const Row> list :
         {master_fault_rows(), master_benign_rows(), master_null_rows()}) {
        const auto found =
            std::ranges::find(list, name, [](const Row& row) { return row.info.name; });
        if (found != list.end()) {
            return &*found;
        }
    }
    return nullptr;
}

} // namespace meterbench::models
