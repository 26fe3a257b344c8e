// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meterbench::formats {

/// One packet of a trace: a frame, or what was heard instead of one.
struct TracePacket {
    bool sent = false;         ///< by the harness; else heard by it
    std::uint16_t station = 0; ///< 0 unknown
    std::uint32_t baud = 0;
    std::uint16_t errors = 0; ///< a set: 1 parity, 2 framing, 4 break, 8 collision
    std::int64_t start = 0;   ///< of the first bit, ns
    std::int64_t end = 0;     ///< of the last stop bit, ns
    std::vector<std::uint8_t> bytes;
    std::string phase; ///< prologue, run, epilogue; empty: not said
};

/// A job that a master under test was given, and what it said of it.
struct TraceJob {
    std::string name;
    std::vector<std::string> arguments;
    std::string phase;
    std::int64_t start = 0;    ///< it was given, ns
    std::int64_t end = 0;      ///< it ended, or was ended, ns
    std::optional<int> status; ///< none: it did not end by itself
    std::vector<std::vector<std::uint8_t>> telegrams;
    std::vector<std::string> found;
    std::vector<std::string> faults; ///< `ADDRESS: TEXT`
    bool cut = false;                ///< it said more than a trace holds
};

/// A trace as a file has it: what trace_pcapng() writes.
struct Trace {
    std::string case_id;
    std::string role;               ///< of the device under test: meter, master
    std::vector<std::string> needs; ///< what the case needed of its rig
    bool spoilt = false;            ///< CaseResult::spoilt
    std::uint64_t seed = 0;
    JsonValue ics;              ///< the implementation statement; null: none
    std::string dut;            ///< address of the device under test; empty: not known
    std::vector<TraceJob> jobs; ///< in their order; none: of a meter, or of a version without jobs
    std::vector<TracePacket> packets;
    /// Why jobs and packets are not those that were written: another number, another digest; empty:
    /// they are. A trace that does not say what they were is none of ours, and is refused.
    std::string edited;
};

/// Reads a pcapng file of one section and one interface, little-endian, link type USER0, with the
/// pseudo-header of version 1. Blocks of other types are passed over. Fails with one line:
/// `NAME: what is wrong, at byte OFFSET`.
[[nodiscard]] FileResult<Trace> read_trace_pcapng(std::span<const std::uint8_t> file,
                                                  const std::string& name);

} // namespace meterbench::formats
