// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// What one case sent and heard as a pcapng file, little-endian, for Wireshark and the second
/// judge.
///
/// What tells whether the jobs and packets of a trace are those that were written: FNV-1a (64 bits)
/// over the comments of the jobs and the bodies of the packets' blocks, in order. It finds
/// accidents and careless edits; it is no signature.
class TraceDigest {
  public:
    void add(std::span<const std::uint8_t> body);
    /// The comment of a job, before the packets.
    void add_job(std::string_view comment);
    [[nodiscard]] std::size_t packets() const { return packets_; }
    /// Sixteen hex digits.
    [[nodiscard]] std::string text() const;

  private:
    void mix(std::uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001B3U; }
    std::uint64_t value_ = 0xCBF29CE484222325U;
    std::size_t packets_ = 0;
};

/// One section, its comment the JSON {"case", "needs", "seed", "role", "ics", "dut", "packets",
/// "digest"}: the case's id, what it needed of its rig and its seed, the role of the device under
/// test, its implementation statement and its address, the number of packets, and the digest. One
/// more comment for each job of a master under test, the JSON {"job", "arguments", "phase",
/// "start", "finish", "status", "telegrams", "found", "faults"}, in their order: `start` and
/// `finish` in ns, `status` missing where it did not end by itself, telegrams in hex. What does not
/// fit into a comment (65535 bytes) is left out, and "cut" is there. One interface, LINKTYPE_USER0
/// (147), time in nanoseconds. One packet a step of kind sent or heard, in the order of the steps,
/// at the start of its first bit, beginning with a pseudo header of 20 bytes, little-endian:
///
///     offset  type  meaning
///      0      u8    version of this header, 1
///      1      u8    direction: 0 sent by the harness, 1 heard by it
///      2      u16   station, 0: unknown
///      4      u32   rate in bits per second
///      8      u16   errors of the octets, a set: 1 parity, 2 framing, 4 break, 8 collision
///     10      u16   octets, 65535 where there are more
///     12      u64   time from the first start bit to the last stop bit, ns
///
/// and the octets. Packet comments are the names of the steps' phases. Equal cases give equal
/// bytes.
[[nodiscard]] std::vector<std::uint8_t> trace_pcapng(const CaseResult& result,
                                                     const RunResult& run);

} // namespace meterbench::formats
