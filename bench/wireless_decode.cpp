// SPDX-License-Identifier: Apache-2.0
// Radio telegrams to JSON text: found to be wireless, taken apart, decrypted, written. In clear and
// with security mode 5 and 7, with one key known and with ten thousand, from one meter and from a
// thousand different ones. "items_per_second" is the rate of telegrams.
#include "core/application/manufacturer.hpp"
#include "core/receiver/receiver.hpp"
#include "core/sender/radio_telegram.hpp"
#include "formats/telegram_json.hpp"

#include <array>
#include <benchmark/benchmark.h>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace meterbench;
using namespace meterbench::core;
using Bytes = std::vector<std::uint8_t>;

/// The records of OMS Vol. 2, annex N: a volume, a date and time, error flags.
constexpr std::array<std::uint8_t, 17> records{0x0C, 0x14, 0x27, 0x04, 0x85, 0x02, 0x04, 0x6D, 0x32,
                                               0x37, 0x1F, 0x15, 0x02, 0xFD, 0x17, 0x00, 0x00};
constexpr std::uint32_t first_id = 0x1000'0000;

security::Key key_of(std::uint32_t meter) {
    security::Key key{.size = 16};
    std::mt19937 random{meter};
    for (std::uint8_t& byte : key.storage) {
        byte = static_cast<std::uint8_t>(random());
    }
    return key;
}

/// A telegram of this meter, format A, short header.
Bytes telegram_of(std::uint32_t meter, unsigned mode) {
    sender::RadioTelegram telegram;
    telegram.address = wireless::LinkAddress::make(*application::manufacturer_code("ELS"),
                                                   first_id + meter, 51, 3);
    sender::TransportPart part{.ci = 0x7A, .header = application::HeaderKind::short_header};
    part.fields.transport.access_number = static_cast<std::uint8_t>(meter);
    part.configuration.field = static_cast<std::uint16_t>(mode << 8U | (mode == 0 ? 0U : 0x20U));
    part.content = records;
    if (mode == 7) {
        part.configuration.extension = 0x10;
        telegram.afl = transport::Afl{.message_control = 0x25, .message_counter = 2739};
        announce_fields(*telegram.afl);
        telegram.afl->fragmentation |= transport::fcl_mac;
    }
    telegram.transport = part;
    sender::RadioEncoder encoder;
    const security::Key key = key_of(meter);
    const auto frame = encoder.frame(telegram, &key);
    return frame ? Bytes{frame->bytes().begin(), frame->bytes().end()} : Bytes{};
}

void decode(benchmark::State& state, unsigned mode, std::uint32_t keys, std::uint32_t meters) {
    receiver::KeyStore store;
    for (std::uint32_t meter = 0; meter < keys; ++meter) {
        store.add({.id = first_id + meter, .key = key_of(meter)});
    }
    receiver::Receiver receiver{store};
    std::vector<Bytes> telegrams;
    for (std::uint32_t i = 0; i < meters; ++i) {
        telegrams.push_back(telegram_of(i * (keys / meters), mode));
    }
    const formats::TelegramContext context{.link = formats::Link::unknown, .receiver = &receiver};
    std::string line;
    std::int64_t count = 0;
    for (auto _ : state) {
        for (const Bytes& telegram : telegrams) {
            line.clear();
            if (!formats::write_telegram_json(line, 1, telegram, context)) {
                state.SkipWithError("a telegram has a fault");
                return;
            }
            benchmark::DoNotOptimize(line.data());
        }
        count += static_cast<std::int64_t>(telegrams.size());
    }
    state.SetItemsProcessed(count);
}

BENCHMARK_CAPTURE(decode, clear, 0, 1, 1);
BENCHMARK_CAPTURE(decode, mode_5_one_key, 5, 1, 1);
BENCHMARK_CAPTURE(decode, mode_5_of_10000_keys, 5, 10'000, 1);
BENCHMARK_CAPTURE(decode, mode_5_of_10000_keys_1000_meters, 5, 10'000, 1000);
BENCHMARK_CAPTURE(decode, mode_7_one_key, 7, 1, 1);

} // namespace

BENCHMARK_MAIN();
