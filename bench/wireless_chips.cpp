// SPDX-License-Identifier: Apache-2.0
// Chips to bytes: a stream of random chips in which T1 frames stand, one in a hundred chips or as
// close as they can, through search for preamble and sync, 3-out-of-6 and collection. "chips" is
// the rate; the argument is the number of wrong chips allowed in the sync word.
#include "core/bytes/crc.hpp"
#include "core/wireless/chip_receiver.hpp"
#include "core/wireless/chip_sender.hpp"

#include <benchmark/benchmark.h>
#include <random>
#include <vector>

namespace {

using namespace meterbench::core;
using namespace meterbench::core::wireless;

constexpr std::size_t stream_chips = std::size_t{1} << 23U;

struct Stream {
    std::vector<std::uint8_t> packed;
    std::vector<std::uint8_t> chips;
    std::size_t frames = 0;
};

/// `noise` random chips between frames; 0 makes no frame at all.
Stream make_stream(std::size_t noise, bool frames) {
    Stream stream;
    stream.packed.resize(stream_chips / 8);
    std::mt19937_64 random{1};
    const ModeRow& row = *find_mode(Mode::t1, Direction::meter_to_other);
    bytes::ChipWriter writer{stream.packed};
    while (writer.size() < stream_chips) {
        for (std::size_t i = 0; i < noise; i += 64) {
            writer.put(random(), 64);
        }
        std::vector<std::uint8_t> frame(bytes_on_air(FrameFormat::a, 0x2E));
        frame[0] = 0x2E;
        for (std::size_t i = 1; i < frame.size(); ++i) {
            frame[i] = static_cast<std::uint8_t>(random());
        }
        const std::uint16_t crc = bytes::crc_en13757(std::span{frame}.first(10));
        frame[10] = static_cast<std::uint8_t>(crc >> 8U);
        frame[11] = static_cast<std::uint8_t>(crc & 0xFFU);
        if (frames && writer.size() + 1000 < stream_chips) {
            write_chips(row, FrameFormat::a, frame, writer);
            ++stream.frames;
        } else {
            writer.put(random(), 64);
        }
    }
    stream.chips.resize(stream_chips);
    bytes::unpack_chips(bytes::all_chips(stream.packed), stream.chips);
    return stream;
}

const Stream& noise_only() {
    static const Stream made = make_stream(64, false);
    return made;
}
/// A frame of 712 chips in about 100 times as many: a busy air.
const Stream& busy() {
    static const Stream made = make_stream(70000, true);
    return made;
}
const Stream& back_to_back() {
    static const Stream made = make_stream(0, true);
    return made;
}

template <class Feed>
void run(benchmark::State& state, const Stream& stream, std::span<const std::uint8_t> input,
         Feed feed) {
    std::size_t frames = 0;
    for (auto _ : state) {
        ChipReceiver receiver{{Reception::t_c, static_cast<unsigned>(state.range(0))}};
        frames = 0;
        for (auto left = input; !left.empty();) {
            left = left.subspan(feed(receiver, left));
            while (const auto frame = receiver.next()) {
                frames += frame->reception == Reception::t && frame->complete() ? 1 : 0;
                benchmark::DoNotOptimize(frame->bytes.data());
            }
        }
    }
    if (frames < stream.frames) {
        state.SkipWithError("frames were lost");
    }
    state.counters["chips"] = benchmark::Counter(static_cast<double>(stream_chips) *
                                                     static_cast<double>(state.iterations()),
                                                 benchmark::Counter::kIsRate);
    state.counters["frames"] = static_cast<double>(frames);
}

void packed(benchmark::State& state, const Stream& (*stream)()) {
    run(state, stream(), stream().packed,
        [](ChipReceiver& receiver, auto input) { return receiver.feed_packed(input); });
}
void one_chip_a_byte(benchmark::State& state, const Stream& (*stream)()) {
    run(state, stream(), stream().chips,
        [](ChipReceiver& receiver, auto input) { return receiver.feed_chips(input); });
}

BENCHMARK_CAPTURE(packed, noise, noise_only)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(packed, busy, busy)->DenseRange(0, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(packed, back_to_back, back_to_back)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(one_chip_a_byte, noise, noise_only)
    ->DenseRange(0, 3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(one_chip_a_byte, busy, busy)->DenseRange(0, 1)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
