// SPDX-License-Identifier: Apache-2.0
// Faults of the world: the wire, the supply, a clock.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Seam = rig::Seam;
using rig::FaultParameter;

constexpr FaultParameter rate{"rate", "probability a character", 0, 1, 0.001};
constexpr FaultParameter often{"rate", "probability a character", 0, 1, 0.01};
/// When it happens: so many octets, either way, after it was set.
constexpr FaultParameter after{"after", "octets on the wire before it happens", 0, 1e6, 0};
constexpr FaultParameter for_good{"duration", "s, 0: for good", 0, 1e6, 0};

constexpr std::array noise{rate};
constexpr std::array some{often};
constexpr std::array bursts{FaultParameter{"every", "s", 0.001, 1e6, 1},
                            FaultParameter{"length", "s", 0, 1e6, 0.02}};
constexpr std::array cut{FaultParameter{"distance", "m from the converter", 0, 10000, 0}, after,
                         for_good};
constexpr std::array short_circuit{after, for_good};
constexpr std::array capacitance{
    FaultParameter{"nanofarad", "nF of the whole cable", 0, 1e5, 2000}};
constexpr std::array threshold{
    FaultParameter{"milliampere", "mA above idle that are taken for space", 0.1, 1000, 16}};
constexpr std::array brown_out{FaultParameter{"volt", "V at mark", 0, 42, 10}, after,
                               FaultParameter{"duration", "s, 0: for good", 0, 1e6, 0.5}};
constexpr std::array interruption{after, FaultParameter{"duration", "s, 0: for good", 0, 1e6, 0.2}};
constexpr std::array leak{FaultParameter{"milliampere", "mA", 0, 1e4, 200}};
constexpr std::array limit{FaultParameter{"milliampere", "mA", 0, 1e4, 1}};
constexpr std::array mark_low{FaultParameter{"volt", "V", 0, 42, 18}};
constexpr std::array step_small{FaultParameter{"volt", "V", 0, 42, 6}};
constexpr std::array clock_error{
    FaultParameter{"percent", "% fast, negative: slow; in whole Bd", -20, 20, 6}};
constexpr std::array clock_drift{
    FaultParameter{"percent", "% an hour, negative: slower", -20, 20, 1}};
constexpr std::array weak_space{
    FaultParameter{"milliampere", "mA that its space adds", 0, 1000, 10}};
constexpr std::array mark_unheard{FaultParameter{"volt", "V, least mark it recognises", 0, 60, 26}};
constexpr std::array step_unheard{
    FaultParameter{"volt", "V, least step that is a space", 0, 60, 10}};
constexpr std::array step_overheard{
    FaultParameter{"volt", "V, least step that is a space", 0, 60, 5}};
constexpr std::array current_slope{
    FaultParameter{"microampere", "uA a volt and unit load", 0, 1e4, 10}};
constexpr std::array current_unsteady{
    FaultParameter{"percent", "% less, every other second", 0, 100, 5}};
constexpr std::array start_current{
    FaultParameter{"times", "of its unit loads below 10 V", 0, 100, 2}};
constexpr std::array surge{FaultParameter{"seconds", "s of twice its unit loads", 0, 1e3, 0.005}};
constexpr std::array slow_start{FaultParameter{"seconds", "s", 0, 1e6, 5}};
constexpr std::array unit_loads{FaultParameter{"count", "of 1.5 mA", 0, 1e4, 100}};

constexpr std::array rows{
    FaultRow{{"clock.drift", Seam::clock, "",
              "bits and delays of one meter become shorter or longer all the time", clock_drift},
             StationEdit::clock_drift},
    FaultRow{{"clock.error", Seam::clock, "", "bits and delays of one meter are too short or long",
              clock_error},
             StationEdit::clock_error},
    FaultRow{{"line.bit-stuck", Seam::channel, "",
              "the converter reads the eighth data bit of every character as 0"},
             WorldEdit::bit_stuck},
    FaultRow{{"line.bursts", Seam::channel, "",
              "from time to time all bits but the start bits are random for a while", bursts},
             WorldEdit::bursts},
    FaultRow{{"line.capacitance", Seam::channel, "",
              "edges are slow: bits are read wrongly at high rates", capacitance},
             WorldEdit::capacitance},
    FaultRow{{"line.collision-unseen", Seam::channel, "",
              "the converter takes no current for a collision, however high"},
             WorldEdit::collision_unseen},
    FaultRow{{"line.cut", Seam::channel, "",
              "the cable is cut: meters behind the place fall silent, in the middle of a frame too",
              cut},
             WorldEdit::cut},
    FaultRow{{"line.echo", Seam::channel, "", "the master hears what it sends"}, WorldEdit::echo},
    FaultRow{{"line.framing", Seam::channel, "", "low stop bits in some characters", some},
             WorldEdit::framing},
    FaultRow{{"line.lost", Seam::channel, "", "some characters never arrive", some},
             WorldEdit::lost},
    FaultRow{{"line.mark-unheard", Seam::channel, "MB2-PH-004",
              "one meter hears nothing at a low mark voltage that is allowed", mark_unheard},
             StationEdit::mark_unheard},
    FaultRow{{"line.noise", Seam::channel, "", "one flipped bit in some characters", noise},
             WorldEdit::noise},
    FaultRow{{"line.parity", Seam::channel, "", "flipped parity bits in some characters", some},
             WorldEdit::parity},
    FaultRow{{"line.receiver-dead", Seam::channel, "", "the master hears nothing"},
             WorldEdit::receiver_dead},
    FaultRow{{"line.receiver-stuck", Seam::channel, "",
              "the master hears a break instead of what a meter sends"},
             WorldEdit::receiver_stuck},
    FaultRow{{"line.short", Seam::channel, "",
              "the wires touch: no voltage, silence, meters lose their power", short_circuit},
             WorldEdit::short_circuit},
    FaultRow{{"line.start-missed", Seam::channel, "",
              "some start bits are missed: the receiver begins at a later edge", some},
             WorldEdit::start_missed},
    FaultRow{{"line.step-overheard", Seam::channel, "MB2-PH-006",
              "one meter takes a small step of the voltage for a space", step_overheard},
             StationEdit::step_unheard},
    FaultRow{{"line.step-unheard", Seam::channel, "MB2-PH-005",
              "one meter sees no space in a step of the voltage that is large enough",
              step_unheard},
             StationEdit::step_unheard},
    FaultRow{{"line.threshold", Seam::channel, "",
              "the converter takes weak answers for none and hears collisions only", threshold},
             WorldEdit::threshold},
    FaultRow{{"line.transmitter-dead", Seam::channel, "", "no meter hears the master"},
             WorldEdit::transmitter_dead},
    FaultRow{{"line.weak-space", Seam::channel, "MB2-PH-015",
              "one meter's space adds too little current, or too much", weak_space},
             StationEdit::weak_space},
    FaultRow{{"supply.brown-out", Seam::supply, "",
              "the voltage sags: below 12 V meters fall silent, after 0.1 s they forget",
              brown_out},
             WorldEdit::brown_out},
    FaultRow{{"supply.current-slope", Seam::supply, "MB2-PH-009",
              "one meter draws less at a lower voltage", current_slope},
             StationEdit::current_slope},
    FaultRow{{"supply.current-unsteady", Seam::supply, "MB2-PH-010",
              "one meter's current goes up and down", current_unsteady},
             StationEdit::current_unsteady},
    FaultRow{{"supply.interruption", Seam::supply, "", "the bus power is lost for a while",
              interruption},
             WorldEdit::interruption},
    FaultRow{{"supply.leak", Seam::supply, "",
              "a current at the far end pulls the voltage down along the cable", leak},
             WorldEdit::leak},
    FaultRow{{"supply.limit", Seam::supply, "",
              "the converter gives no more than this current, and no voltage beyond", limit},
             WorldEdit::limit},
    FaultRow{{"supply.mark-low", Seam::supply, "",
              "a mark voltage below 21 V: meters live and do not hear", mark_low},
             WorldEdit::mark_low},
    FaultRow{{"supply.slow-start", Seam::supply, "MB2-PH-017",
              "one meter needs this time after power is back", slow_start},
             StationEdit::slow_start},
    FaultRow{{"supply.start-current", Seam::supply, "MB2-PH-013",
              "one meter draws too much while the voltage rises", start_current},
             StationEdit::start_current},
    FaultRow{{"supply.step-small", Seam::supply, "",
              "space is so little below mark that no meter tells them apart", step_small},
             WorldEdit::step_small},
    FaultRow{{"supply.surge", Seam::supply, "MB2-PH-014",
              "one meter draws too much for a while when the voltage rises", surge},
             StationEdit::surge},
    FaultRow{{"supply.unit-loads", Seam::supply, "MB2-PH-008", "one meter draws so many unit loads",
              unit_loads},
             StationEdit::unit_loads},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> world_fault_rows() {
    return rows;
}

} // namespace meterbench::models
