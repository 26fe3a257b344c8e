// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/chips.hpp"
#include "core/bytes/line_code.hpp"
#include "core/wireless/frame_format.hpp"
#include "core/wireless/mode.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::wireless {

/// What a receiver on one channel at one chip rate looks for.
enum class Reception : std::uint8_t {
    s,   ///< S, R2 and the downlink of T2: Manchester, format A
    t,   ///< uplink of T: 3-out-of-6, format A
    c,   ///< C: NRZ, format A or B by the sync word
    t_c, ///< uplink of T and C on their common channel
    n,   ///< N channels a to f, and F: NRZ, format A or B by the sync word
    n_g, ///< N channel g: as N, two bits a symbol
};
inline constexpr std::size_t reception_count = 6;

[[nodiscard]] std::string_view name_of(Reception reception);

/// What receives a row of the mode table; none where its sync word is not known.
[[nodiscard]] std::optional<Reception> reception_of(const ModeRow& row);

/// A frame as it came off the air.
struct ChipFrame {
    Reception reception{}; ///< s, t, c, n or n_g; of t_c it says which of the two it was
    FrameFormat format{};
    std::span<const std::uint8_t> bytes; ///< from the L-field, CRCs included; valid until the
                                         ///< receiver's next verb
    std::size_t announced = 0;           ///< bytes that its L-field promises
    std::uint64_t first = 0;             ///< first chip after the sync word, counted from the first
                                         ///< chip the receiver was ever given
    std::uint64_t end = 0;               ///< chip behind the last one that was read
    unsigned sync_errors = 0;            ///< wrong chips in the sync word
    /// First chip of the code word that stands for nothing; the frame ends before it.
    std::optional<std::uint64_t> code_error{};
    bool first_block = false; ///< the CRC that covers the addresses is right: no false sync

    [[nodiscard]] bool complete() const { return bytes.size() == announced; }
};

struct ChipReceiverSettings {
    Reception reception = Reception::t_c;
    unsigned sync_errors = 1;    ///< wrong chips allowed in preamble part and sync, 0 to 3
    unsigned preamble_chips = 6; ///< alternating chips asked for before the sync word, 0 to 8, to
                                 ///< keep noise out; t and t_c need the 6 that make 543Dh, n_g none
};

/// Chips to frames: searches preamble and sync, reads the L-field, collects as many bytes as it
/// says. Judges no CRC but that of the first block, and that only to decide where to go on: behind
/// a frame whose first block is good, else right behind the sync word, so that a false one hides
/// nothing.
///
/// The owner gives chips with feed() until all are consumed, and after each call takes frames with
/// next() until there is none. A frame is there as soon as its last chip is; one with a code error
/// as soon as that is. Holds 8 KiB, allocates nothing.
class ChipReceiver {
  public:
    explicit ChipReceiver(ChipReceiverSettings settings = {});

    /// Packed chips. Returns how many bytes were taken; 0 only while frames wait for next().
    [[nodiscard]] std::size_t feed_packed(std::span<const std::uint8_t> packed);
    /// One chip a byte, in its lowest bit. Returns how many were taken.
    [[nodiscard]] std::size_t feed_chips(std::span<const std::uint8_t> chips);
    /// No more chips will come: next() gives what was begun, cut off.
    void finish() { finished_ = true; }
    /// As new; chips count from 0 again.
    void restart();

    /// The next frame, if one is complete, broken or (after finish) cut off.
    [[nodiscard]] std::optional<ChipFrame> next();

    /// Sync words behind which not even the L-field was code: noise.
    [[nodiscard]] std::uint64_t false_syncs() const { return false_syncs_; }
    /// Chips given so far.
    [[nodiscard]] std::uint64_t chips() const { return dropped_ + fill_; }

  private:
    /// A frame of which the sync word has been seen.
    struct Begun {
        std::size_t sync = 0;  ///< where its word begins
        std::size_t first = 0; ///< first chip behind it
        Reception reception{};
        FrameFormat format{};
        unsigned errors = 0;
        std::size_t size = 0; ///< bytes so far
    };
    enum class Progress : std::uint8_t { waiting, nothing, frame };

    void make_room();
    bool search();
    [[nodiscard]] bool tell_t_from_c();
    Progress collect(ChipFrame& frame);
    ChipFrame close(std::optional<std::size_t> code_error);
    [[nodiscard]] bytes::LineCode code() const;
    [[nodiscard]] std::size_t announced() const;

    static constexpr std::size_t capacity = 8192;
    ChipReceiverSettings settings_;
    std::array<ChipWord, 2> words_{};
    std::size_t word_count_ = 0;
    std::array<std::uint8_t, capacity> buffer_{};
    std::size_t fill_ = 0;      ///< chips in the buffer
    std::size_t read_ = 0;      ///< searched up to here
    std::uint64_t dropped_ = 0; ///< chips before the buffer
    std::optional<Begun> begun_{};
    bool told_ = false; ///< reception and format of the frame begun are known
    bool finished_ = false;
    std::uint64_t false_syncs_ = 0;
    std::array<std::uint8_t, 290> bytes_{}; ///< format A with L = 255
};
static_assert(bytes_on_air(FrameFormat::a, 255) == 290);

} // namespace meterbench::core::wireless
