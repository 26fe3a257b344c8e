// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/chip_receiver.hpp"

#include "core/bytes/crc.hpp"
#include "core/wireless/sync_search.hpp"

#include <algorithm>
#include <bit>

namespace meterbench::core::wireless {

namespace {

using bytes::LineCode;

/// The sync words of a mode, taken from the table so that they stand in one place.
ChipWord sync_of(Mode mode, FrameFormat format, std::string_view channel = {}) {
    return find_mode(mode, Direction::meter_to_other, channel)->sync(format);
}

/// The word with `chips` chips of an alternating preamble, which ends in 1, before it.
ChipWord with_preamble(ChipWord word, unsigned chips) {
    for (unsigned i = 0; i < chips && word.length < 32; ++i) {
        const std::uint32_t chip = i % 2 == 0 ? 1 : 0;
        word.chips |= chip << word.length;
        ++word.length;
    }
    return word;
}

/// Of a combined receiver: the last chips of the preamble and the sync word of T are the first half
/// of both sync words of C. The chips behind it say which it is (facts A.3).
constexpr unsigned t_preamble = 6;
constexpr unsigned second_half = 16;

/// More wrong chips than this in the second half could turn the start of a T frame into mode C:
/// 010101 is no code word, and the nearest one differs in two chips.
constexpr unsigned most_errors_in_second_half = 1;

bool crc_good(std::span<const std::uint8_t> block) {
    if (block.size() <= crc_bytes) {
        return false;
    }
    const auto data = block.first(block.size() - crc_bytes);
    const auto crc = block.last(crc_bytes);
    return bytes::crc_en13757(data) == (crc[0] << 8U | crc[1]);
}

/// Whether the CRC of the block with the addresses is there and right.
bool first_block_good(FrameFormat format, std::span<const std::uint8_t> frame) {
    if (frame.empty()) {
        return false;
    }
    constexpr std::size_t first_a = 12;
    constexpr std::size_t first_b = 128;
    const std::size_t size =
        std::min(bytes_on_air(format, frame[0]), format == FrameFormat::a ? first_a : first_b);
    return frame.size() >= size && crc_good(frame.first(size));
}

} // namespace

ChipReceiver::ChipReceiver(ChipReceiverSettings settings) : settings_{settings} {
    settings_.sync_errors = std::min(settings_.sync_errors, most_sync_errors);
    settings_.preamble_chips = std::min(settings_.preamble_chips, 8U);
    using enum FrameFormat;
    const unsigned preamble = settings_.preamble_chips;
    switch (settings_.reception) {
    case Reception::s: words_ = {with_preamble(sync_of(Mode::s2, a), preamble)}; break;
    case Reception::t:
    case Reception::t_c: words_ = {with_preamble(sync_of(Mode::t2, a), t_preamble)}; break;
    case Reception::c: words_ = {sync_of(Mode::c2, a), sync_of(Mode::c2, b)}; break;
    case Reception::n:
        words_ = {with_preamble(sync_of(Mode::n2, a), preamble),
                  with_preamble(sync_of(Mode::n2, b), preamble)};
        break;
    case Reception::n_g: words_ = {sync_of(Mode::n2, a, "g"), sync_of(Mode::n2, b, "g")}; break;
    }
    word_count_ = words_[1].length == 0 ? 1 : 2;
}

void ChipReceiver::restart() {
    fill_ = read_ = 0;
    dropped_ = false_syncs_ = 0;
    begun_.reset();
    finished_ = false;
}

void ChipReceiver::make_room() {
    const std::size_t keep = (begun_ ? begun_->sync : read_) / 8;
    const std::size_t used = bytes::packed_size(fill_);
    if (keep == 0 || used < capacity / 2) {
        return;
    }
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(keep),
              buffer_.begin() + static_cast<std::ptrdiff_t>(used), buffer_.begin());
    fill_ -= 8 * keep;
    read_ -= 8 * keep;
    dropped_ += 8 * keep;
    if (begun_) {
        begun_->sync -= 8 * keep;
        begun_->first -= 8 * keep;
    }
}

std::size_t ChipReceiver::feed_packed(std::span<const std::uint8_t> packed) {
    make_room();
    const std::size_t taken = std::min(packed.size(), (8 * capacity - fill_) / 8);
    if (fill_ % 8 == 0) {
        std::copy_n(packed.begin(), taken,
                    buffer_.begin() + static_cast<std::ptrdiff_t>(fill_ / 8));
    } else {
        const unsigned shift = fill_ % 8;
        for (std::size_t i = 0; i < taken; ++i) {
            const std::size_t at = fill_ / 8 + i;
            buffer_[at] = static_cast<std::uint8_t>(buffer_[at] | packed[i] >> shift);
            buffer_[at + 1] = static_cast<std::uint8_t>(packed[i] << (8U - shift));
        }
    }
    fill_ += 8 * taken;
    return taken;
}

std::size_t ChipReceiver::feed_chips(std::span<const std::uint8_t> chips) {
    make_room();
    const std::size_t taken = std::min(chips.size(), 8 * capacity - fill_);
    std::size_t done = 0;
    for (; done < taken && fill_ % 8 != 0; ++done, ++fill_) {
        const unsigned bit = chips[done] & 1U;
        buffer_[fill_ / 8] = static_cast<std::uint8_t>(buffer_[fill_ / 8] | bit << (7 - fill_ % 8));
    }
    bytes::pack_chips(chips.subspan(done, taken - done), std::span{buffer_}.subspan(fill_ / 8));
    fill_ += taken - done;
    return taken;
}

/// Looks for the next sync word; false when there is none in what is here.
bool ChipReceiver::search() {
    const auto words = std::span{words_}.first(word_count_);
    const bytes::ChipView view{std::span{buffer_}.first(bytes::packed_size(fill_)), read_,
                               fill_ - read_};
    const auto match = find_sync(view, words, settings_.sync_errors);
    if (!match) {
        const std::size_t tail = words[0].length - 1U; // a word may have begun
        read_ = std::max(read_, fill_ > tail ? fill_ - tail : 0);
        return false;
    }
    begun_ = Begun{.sync = match->chip,
                   .first = match->chip + words[match->word].length,
                   .reception = settings_.reception,
                   .format = match->word == 0 ? FrameFormat::a : FrameFormat::b,
                   .errors = match->errors};
    told_ = settings_.reception != Reception::t_c;
    return true;
}

/// Decides on T, C with format A, or C with format B; false while the chips for it are not there.
bool ChipReceiver::tell_t_from_c() {
    if (begun_->first + second_half > fill_) {
        if (!finished_) {
            return false;
        }
        begun_->reception = Reception::t;
        return true;
    }
    const auto seen = static_cast<std::uint32_t>(
        bytes::chips_at(std::span{buffer_}.first(bytes::packed_size(fill_)), begun_->first) >>
        (64U - second_half));
    const unsigned allowed = std::min(settings_.sync_errors, most_errors_in_second_half);
    begun_->reception = Reception::t;
    for (const FrameFormat format : {FrameFormat::a, FrameFormat::b}) {
        const std::uint32_t half = sync_of(Mode::c2, format).chips & 0xFFFFU;
        const auto wrong = static_cast<unsigned>(std::popcount(seen ^ half));
        if (wrong <= allowed) {
            begun_->reception = Reception::c;
            begun_->format = format;
            begun_->errors += wrong;
            begun_->first += second_half;
        }
    }
    return true;
}

bytes::LineCode ChipReceiver::code() const {
    switch (begun_->reception) {
    case Reception::s: return LineCode::manchester;
    case Reception::t: return LineCode::three_of_six;
    default: return LineCode::nrz;
    }
}

std::size_t ChipReceiver::announced() const {
    return begun_->size == 0 ? 1 : bytes_on_air(begun_->format, bytes_[0]);
}

/// Ends the frame begun: hands it out and goes on behind it, or behind its sync word.
ChipFrame ChipReceiver::close(std::optional<std::size_t> code_error) {
    ChipFrame frame{.reception = begun_->reception,
                    .format = begun_->format,
                    .bytes = std::span{bytes_}.first(begun_->size),
                    .announced = announced(),
                    .first = dropped_ + begun_->first,
                    .sync_errors = begun_->errors};
    const std::size_t end = begun_->first + begun_->size * bytes::chips_per_byte(code());
    frame.end = dropped_ + end;
    if (code_error) {
        frame.code_error = dropped_ + *code_error;
    }
    frame.first_block = first_block_good(frame.format, frame.bytes);
    read_ = frame.complete() && frame.first_block ? end : begun_->sync + 1;
    begun_.reset();
    return frame;
}

ChipReceiver::Progress ChipReceiver::collect(ChipFrame& frame) {
    if (!told_) {
        if (!tell_t_from_c()) {
            return Progress::waiting;
        }
        told_ = true;
    }
    const unsigned size = bytes::chips_per_byte(code());
    // First the L-field, then what it says.
    for (std::size_t wanted = announced(); begun_->size < wanted; wanted = announced()) {
        const std::size_t from = begun_->first + begun_->size * size;
        const bytes::ChipView view{std::span{buffer_}.first(bytes::packed_size(fill_)), from,
                                   fill_ > from ? fill_ - from : 0};
        const auto decoded = bytes::decode_chips(
            code(), view, std::span{bytes_}.subspan(begun_->size, wanted - begun_->size));
        begun_->size += decoded.bytes;
        const bool stuck = decoded.code_error || (decoded.bytes == 0 && finished_);
        if (stuck && begun_->size == 0) {
            ++false_syncs_;
            read_ = begun_->sync + 1;
            begun_.reset();
            return Progress::nothing;
        }
        if (stuck) {
            frame = close(decoded.code_error ? std::optional{from + *decoded.code_error}
                                             : std::nullopt);
            return Progress::frame;
        }
        if (begun_->size < wanted && !finished_) {
            return Progress::waiting;
        }
    }
    frame = close({});
    return Progress::frame;
}

std::optional<ChipFrame> ChipReceiver::next() {
    while (begun_ || search()) {
        ChipFrame frame;
        switch (collect(frame)) {
        case Progress::waiting: return {};
        case Progress::frame: return frame;
        case Progress::nothing: break;
        }
    }
    return {};
}

std::string_view name_of(Reception reception) {
    constexpr std::array<std::string_view, reception_count> names{"S",       "T", "C",
                                                                  "T and C", "N", "N channel g"};
    return names[static_cast<std::size_t>(reception)];
}

std::optional<Reception> reception_of(const ModeRow& row) {
    if (row.sync_a.value.length == 0) {
        return {};
    }
    switch (row.coding) {
    case LineCode::manchester: return Reception::s;
    case LineCode::three_of_six: return Reception::t;
    default: break;
    }
    if (row.mode == Mode::c1 || row.mode == Mode::c2) {
        return Reception::c;
    }
    return row.modulation == Modulation::gfsk4 ? Reception::n_g : Reception::n;
}

} // namespace meterbench::core::wireless
