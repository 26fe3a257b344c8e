// SPDX-License-Identifier: Apache-2.0
// Any message with any protection, known keys and all compositions: a fault leaves no content, what
// is open was announced, and what is sealed here opens again unless it was changed.
#include "core/receiver/decryption.hpp"
#include "core/security/authentication.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using namespace meterbench::core;
using Bytes = std::span<const std::uint8_t>;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

security::Key key(std::size_t size) {
    security::Key made{.size = static_cast<std::uint8_t>(size)};
    for (std::size_t i = 0; i < size; ++i) {
        made.storage[i] = static_cast<std::uint8_t>(i);
    }
    return made;
}

struct Bench {
    receiver::KeyStore keys;
    security::ProtectionOptions options;
    receiver::Decryption decryption;

    Bench() : options{chosen()}, decryption{keys, options} {
        require(keys.add_nameless(key(16)) && keys.add_nameless(key(8)));
    }
    static security::ProtectionOptions chosen() {
        security::ProtectionOptions made;
        std::size_t count = 0;
        for (const auto& composition : security::compositions) {
            if (made.find(composition.mode) == nullptr) {
                made.compositions.at(count++) = &composition;
            }
        }
        return made;
    }
};

/// data: a byte of flags, then an AFL where the flag says so, then the message.
void open_any(Bench& bench, Bytes data) {
    const std::uint8_t flags = data[0];
    Bytes message = data.subspan(1);
    receiver::MessageContext context;
    context.direction = static_cast<wireless::Direction>(flags & 1U);
    std::optional<transport::Afl> layer;
    if ((flags & 2U) != 0) {
        if (const auto afl = transport::decode_afl(message)) {
            layer = *afl;
            context.afl = &*layer;
            message = message.subspan(afl->size);
        }
    }
    application::Telegram telegram = application::decode_telegram(message, 0);
    receiver::SecurityReport report;
    bench.decryption.open(telegram, message, context, report);
    require(!telegram.fault || telegram.content.empty() ||
            !(report.configuration && report.configuration->field >> 8U & 0x1FU));
    require(!telegram.fault || telegram.fault->offset <= message.size());
    require(telegram.content.size() <= message.size());
    require(report.decrypted.size() <= 256);
}

/// data: lengths of associated bytes and tag, nonce, the bytes. CCM and GCM there and back.
void seal_and_open(Bytes data) {
    if (data.size() < 16) {
        return;
    }
    security::Aes aes;
    aes.set_key(key(16).storage);
    const Bytes text = data.subspan(16);
    const std::size_t cut = text.empty() ? 0 : data[0] % (text.size() + 1);
    const Bytes associated = text.first(cut);
    const Bytes plain = text.subspan(cut);
    const std::size_t tag_size = 4 + data[1] % 7 * 2U;
    const Bytes nonce = data.subspan(2, 7 + data[2] % 7U);
    std::vector<std::uint8_t> sealed(plain.size());
    std::vector<std::uint8_t> tag(tag_size);
    std::vector<std::uint8_t> opened(plain.size());
    security::seal_ccm(aes, {nonce, associated, plain}, sealed, tag);
    require(security::open_ccm(aes, {nonce, associated, sealed}, opened, tag));
    require(std::ranges::equal(opened, plain));
    tag[data[3] % tag_size] ^= 1U;
    require(!security::open_ccm(aes, {nonce, associated, sealed}, opened, tag));
    const std::span<const std::uint8_t, 12> nonce12{data.data() + 2, 12};
    security::seal_gcm(aes, {nonce12, associated, plain}, sealed, tag);
    require(security::open_gcm(aes, {nonce12, associated, sealed}, opened, tag));
    require(std::ranges::equal(opened, plain));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Bench bench;
    if (size == 0) {
        return 0;
    }
    open_any(bench, {data, size});
    seal_and_open({data, size});
    return 0;
}
