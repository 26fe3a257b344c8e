// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/link/frame.hpp"
#include "core/octet.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::link {

/// EN 13757-2, 5.5: a receiver is ready for a new frame after 33 idle bit times.
inline constexpr Limit idle_after_error{BitTime{33}, {}};

/// Checks one frame byte by byte without storing it: says how many bytes are needed next and finds
/// the first byte that is wrong. For whoever has the bytes already; FrameDecoder keeps them.
class FrameScan {
  public:
    /// Takes the next byte. A fault names its offset; after one, only reset() is of use.
    [[nodiscard]] std::optional<Fault> push(std::uint8_t byte);
    [[nodiscard]] bool complete() const { return size_ != 0 && needed_ == 0; }
    /// How many bytes must at least follow: 1 before the first, 0 when the frame is complete.
    [[nodiscard]] std::size_t needed() const { return needed_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    void reset() { *this = FrameScan{}; }
    /// The next byte is one of C to the last of the user data: whatever it is, it is not wrong.
    [[nodiscard]] bool in_body() const { return needed_ > 2 && size_ >= 4; }
    /// push() of such a byte.
    void push_body(std::uint8_t byte) {
        ++size_;
        sum_ = static_cast<std::uint8_t>(sum_ + byte);
        --needed_;
    }
    /// The complete frame over the bytes that were pushed.
    [[nodiscard]] Frame view(std::span<const std::uint8_t> bytes) const;

  private:
    [[nodiscard]] std::optional<Fault> push_first(std::uint8_t byte);
    [[nodiscard]] std::optional<Fault> push_head(std::uint8_t byte);
    [[nodiscard]] std::optional<Fault> push_tail(std::uint8_t byte);

    std::size_t size_ = 0;
    std::size_t needed_ = 1;
    FrameKind kind_ = FrameKind::single;
    std::uint8_t length_ = 0;
    std::uint8_t sum_ = 0;
};

/// Turns octets into frames as they arrive, strictly, as a meter must: characters with errors, idle
/// time of more than 33 bit times inside a frame, and every wrong byte end the frame with a fault,
/// and then nothing counts until the line was idle for 33 bit times (EN 13757-2; MB2-LL-013,
/// MB2-LL-015).
class FrameDecoder {
  public:
    enum class State : std::uint8_t {
        more,  ///< needs more octets
        frame, ///< frame() is complete; the next push() starts another
        fault, ///< fault() tells why; octets that follow at once are ignored
    };
    /// Takes the next octet. `baud` is the rate at which idle time is counted.
    [[nodiscard]] State push(const Octet& octet, Baud baud) {
        // The body of a long frame, octet upon octet without a pause: nearly all there is.
        if (state_ == State::more && scan_.in_body() && octet.errors == OctetErrors::none &&
            octet.start <= end_) {
            scan_.push_body(octet.value);
            buffer_[size_++] = octet.value;
            end_ = octet.end;
            return state_;
        }
        return push_any(octet, baud);
    }

    [[nodiscard]] const Frame& frame() const { return frame_; }
    [[nodiscard]] const Fault& fault() const { return fault_; }
    /// The bytes of the frame, or those up to and with the one at fault.
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {buffer_.data(), size_}; }
    /// A frame has begun and is not complete.
    [[nodiscard]] bool inside() const { return state_ == State::more && size_ != 0; }
    /// The next octet begins a frame whenever it comes: two decoders between frames are alike.
    [[nodiscard]] bool between_frames() const { return !inside() && !deaf_; }
    /// Octets are ignored until the line has been idle.
    [[nodiscard]] bool deaf() const { return deaf_; }
    [[nodiscard]] std::size_t needed() const { return scan_.needed(); }
    /// Start of the first and end of the last octet of the frame.
    [[nodiscard]] Instant start() const { return start_; }
    [[nodiscard]] Instant end() const { return end_; }
    /// When an unfinished frame counts as broken off; none outside a frame.
    [[nodiscard]] std::optional<Instant> deadline(Baud baud) const;
    /// The line was idle until now: an unfinished frame is a truncated one.
    [[nodiscard]] State idle(Instant now, Baud baud);
    void reset();
    /// A pause within a frame may be longer by so much: a port holds octets back. reset() keeps it.
    void set_patience(Duration patience) { patience_ = patience; }

  private:
    [[nodiscard]] State push_any(const Octet& octet, Baud baud);
    [[nodiscard]] State stop_with(const Fault& fault);

    FrameScan scan_;
    std::array<std::uint8_t, max_frame_size> buffer_{};
    std::size_t size_ = 0;
    State state_ = State::more;
    bool deaf_ = false; ///< waiting for idle time after a fault
    Frame frame_{};
    Fault fault_{make_fault(FaultCode::empty)};
    Instant start_{};
    Instant end_{};
    Duration patience_{};
};

} // namespace meterbench::core::link
