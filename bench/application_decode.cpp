// SPDX-License-Identifier: Apache-2.0
// Full decode of wired telegrams in shuffled order: frame with checksum, header, every record with
// its value as mantissa, exponent, unit and qualifiers. Telegrams: the good ones of the corpus in
// the folder METERBENCH_CORPUS, or typed-in examples without it. Time is for one telegram;
// "per_record" is the same divided by the number of records.
#include "core/application/telegram.hpp"
#include "core/bytes/hex.hpp"
#include "core/link/frame.hpp"
#include "formats/telegram_json.hpp"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace meterbench;
using namespace meterbench::core::application;

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view hex) {
    Bytes bytes(hex.size() / 2);
    const auto size = core::bytes::read_hex(hex, bytes);
    bytes.resize(size.value_or(0));
    return bytes;
}

/// The text of a key of a flat JSON line; empty when it is not there.
std::string_view text_of(std::string_view line, std::string_view key) {
    const std::string wanted = "\"" + std::string{key} + "\": \"";
    const std::size_t at = line.find(wanted);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::size_t from = at + wanted.size();
    return line.substr(from, line.find('"', from) - from);
}

/// Reads all records, each whole in memory. Whether the telegram is good to its end.
bool decode(std::span<const std::uint8_t> bytes, std::size_t& records) {
    const auto frame = core::link::decode_frame(bytes);
    if (!frame || !frame->has_ci()) {
        return false;
    }
    const Telegram telegram = decode_telegram(frame->user_data, 6);
    RecordReader reader = telegram.records();
    Record record;
    RecordReader::Step step;
    while ((step = reader.next(record)) == RecordReader::Step::record) {
        benchmark::DoNotOptimize(&record);
        benchmark::ClobberMemory();
        ++records;
    }
    return step == RecordReader::Step::end && !telegram.fault;
}

std::vector<Bytes> read_telegrams() {
    std::vector<Bytes> telegrams;
    if (const char* const folder = std::getenv("METERBENCH_CORPUS")) {
        std::ifstream file{std::string{folder} + "/wired.jsonl"};
        for (std::string line; std::getline(file, line);) {
            if (text_of(line, "set") == "test-frames") {
                telegrams.push_back(bytes_of(text_of(line, "hex")));
            }
        }
    }
    if (telegrams.empty()) {
        telegrams = {
            bytes_of(
                "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 "
                "3B 13 01 8B 60 04 37 18 02 18 16"),
            bytes_of(
                "68 15 15 68 08 02 72 78 56 34 12 24 40 01 07 13 00 00 00 0C 78 04 03 02 01 9D "
                "16"),
            bytes_of(
                "68 20 20 68 08 FD 72 78 56 34 12 93 15 33 03 2A 00 00 00 0C 14 27 04 85 02 04 "
                "6D 32 37 1F 15 02 FD 17 00 00 89 16"),
            bytes_of(
                "68 34 34 68 08 00 72 76 57 02 00 2D 48 03 07 7F 00 00 00 04 13 79 26 00 00 04 "
                "6D 39 0E AF 1A 42 6C BC 19 44 13 C9 20 00 00 42 EC 7E DC 19 0C 78 76 57 02 00 "
                "0F 01 00 00 45 16"),
        };
    }
    std::erase_if(telegrams, [](const Bytes& bytes) {
        std::size_t records = 0;
        return !decode(bytes, records);
    });
    return telegrams;
}

/// The telegrams many times over, in one shuffled order, back to back in memory.
struct Workload {
    std::vector<std::uint8_t> bytes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> telegrams; ///< offset, size
};

const Workload& workload() {
    static const Workload made = [] {
        constexpr std::size_t count = 16384;
        const auto telegrams = read_telegrams();
        std::vector<std::size_t> order(count);
        for (std::size_t i = 0; i < count; ++i) {
            order[i] = i % telegrams.size();
        }
        std::mt19937 random{1};
        std::ranges::shuffle(order, random);
        Workload load;
        for (const std::size_t index : order) {
            const Bytes& bytes = telegrams[index];
            load.telegrams.emplace_back(load.bytes.size(), bytes.size());
            load.bytes.insert(load.bytes.end(), bytes.begin(), bytes.end());
        }
        return load;
    }();
    return made;
}

template <class Function> void run(benchmark::State& state, Function function) {
    const Workload& load = workload();
    std::size_t records = 0;
    std::size_t bytes = 0;
    std::size_t telegrams = 0;
    for (auto _ : state) {
        for (const auto& [offset, size] : load.telegrams) {
            function(std::span{load.bytes}.subspan(offset, size), records);
            bytes += size;
        }
        telegrams += load.telegrams.size();
    }
    using benchmark::Counter;
    const auto inverted = Counter::kIsRate | Counter::kInvert;
    state.counters["per_telegram"] = Counter(static_cast<double>(telegrams), inverted);
    if (records != 0) {
        state.counters["per_record"] = Counter(static_cast<double>(records), inverted);
    }
    state.counters["telegrams"] = Counter(static_cast<double>(telegrams), Counter::kIsRate);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void link_frame(benchmark::State& state) {
    run(state, [](std::span<const std::uint8_t> bytes, std::size_t&) {
        benchmark::DoNotOptimize(core::link::decode_frame(bytes));
    });
}
BENCHMARK(link_frame)->Unit(benchmark::kMillisecond);

void records_only(benchmark::State& state) {
    run(state, [](std::span<const std::uint8_t> bytes, std::size_t& records) {
        const Telegram telegram = decode_telegram(bytes.subspan(6, bytes.size() - 8), 6);
        RecordReader reader = telegram.records();
        Record record;
        while (reader.next(record) == RecordReader::Step::record) {
            benchmark::DoNotOptimize(record);
            ++records;
        }
    });
}
BENCHMARK(records_only)->Unit(benchmark::kMillisecond);

void full_decode(benchmark::State& state) {
    run(state, [](std::span<const std::uint8_t> bytes, std::size_t& records) {
        benchmark::DoNotOptimize(decode(bytes, records));
    });
}
BENCHMARK(full_decode)->Unit(benchmark::kMillisecond);

void json(benchmark::State& state) {
    std::string line;
    std::size_t written = 0;
    run(state, [&line, &written](std::span<const std::uint8_t> bytes, std::size_t&) {
        line.clear();
        formats::write_telegram_json(line, 1, bytes);
        written += line.size();
        benchmark::DoNotOptimize(line.data());
    });
    state.counters["json_bytes"] =
        benchmark::Counter(static_cast<double>(written), benchmark::Counter::kIsRate);
}
BENCHMARK(json)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
