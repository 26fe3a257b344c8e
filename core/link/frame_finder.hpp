// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame_decoder.hpp"

namespace meterbench::core::link {

/// Recovery: finds the frames in a stream with noise in it, a capture for example. Where the strict
/// FrameDecoder falls silent after a wrong byte, this one drops the first octet it holds and looks
/// again from the second, so that no frame hidden behind a false start is missed. A lone E5h counts
/// as a frame only at the start of what was heard after silence or a frame: amid noise it is any
/// byte.
class FrameFinder {
  public:
    /// Takes the next octet. True when a frame is complete: frame() and bytes() hold it until the
    /// next call. Call again() until it is false before the next push().
    [[nodiscard]] bool push(const Octet& octet);
    /// Goes on with octets that are held already: true when they complete another frame.
    [[nodiscard]] bool again();
    /// The line fell silent or the stream ended: an unfinished frame was a false start. True when
    /// what it had swallowed completes a frame; call again() then.
    [[nodiscard]] bool idle();

    [[nodiscard]] const Frame& frame() const { return frame_; }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {buffer_.data(), found_}; }
    [[nodiscard]] Instant start() const { return start_; }
    [[nodiscard]] Instant end() const { return end_; }
    /// Octets dropped as noise so far.
    [[nodiscard]] std::size_t skipped() const { return skipped_; }
    /// Why the last octet was dropped.
    [[nodiscard]] const Fault& fault() const { return fault_; }

  private:
    [[nodiscard]] bool scan();
    void skip();
    void drop(std::size_t count);

    std::array<Octet, max_frame_size> held_{};
    std::array<std::uint8_t, max_frame_size> buffer_{};
    std::size_t count_ = 0;   ///< octets held
    std::size_t scanned_ = 0; ///< of them, seen by scan_
    std::size_t found_ = 0;   ///< size of the frame last found
    std::size_t skipped_ = 0;
    bool after_noise_ = false;
    FrameScan scan_;
    Frame frame_{};
    Fault fault_{make_fault(FaultCode::empty)};
    Instant start_{};
    Instant end_{};
};

} // namespace meterbench::core::link
