// SPDX-License-Identifier: Apache-2.0
// Any sequence of frames through a whole receiver with keys, guard and duplicates, and its
// explanation: a fault of protection leaves no records, offsets lie in what was received, every
// byte is explained once.
#include "core/receiver/receiver.hpp"
#include "formats/explain.hpp"
#include "formats/telegram_json.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

namespace {

using namespace meterbench;
using namespace meterbench::core;
using Bytes = std::span<const std::uint8_t>;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// The keys of OMS Vol. 2 annex N and of its other direction.
const receiver::KeyStore& keys() {
    static const receiver::KeyStore known = [] {
        receiver::KeyStore store;
        security::Key key{.size = 16};
        for (std::uint8_t i = 0; i < 16; ++i) {
            key.storage.at(i) = i;
        }
        require(store.add_nameless(key));
        std::ranges::reverse(key.storage);
        require(store.add_nameless(key));
        for (std::uint8_t i = 0; i < 16; ++i) {
            key.storage.at(i) = static_cast<std::uint8_t>(i == 15 ? 0x11 : i + 1);
        }
        require(store.add_nameless(key));
        return store;
    }();
    return known;
}

void check(Bytes frame, receiver::Receiver& receiver, wireless::Handover handover) {
    const receiver::Reception& reception =
        receiver.receive(frame, handover, Instant{Duration{frame.size()}});
    if (reception.fault) {
        const std::size_t whole = reception.assembled ? transport::max_message : frame.size();
        require(reception.fault->offset <= whole);
        require(reception.fault->layer != Layer::security || reception.telegram.content.empty());
    }
    std::size_t next = 0;
    for (const auto& explanation : formats::explain(frame, reception)) {
        require(explanation.offset == next && explanation.length != 0);
        next += explanation.length;
    }
    require(next == frame.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    receiver::ReceiverOptions options;
    options.guard_counters = (data[0] & 1U) != 0;
    options.guarded_senders = 2;
    options.duplicate_window = Duration{data[0] >> 1U};
    options.partial_messages = 2;
    receiver::Receiver receiver{keys(), options};
    core::application::FormatCache formats{4};
    std::string line;
    // Pieces: handover, length (255: all the rest), frame.
    for (Bytes left{data + 1, size - 1}; left.size() > 2;) {
        const std::size_t rest = left.size() - 2;
        const std::size_t length = left[1] == 255 ? rest : std::min<std::size_t>(left[1], rest);
        const Bytes frame = left.subspan(2, length);
        check(frame, receiver, static_cast<wireless::Handover>(left[0] % 5));
        line.clear();
        formats::write_telegram_json(
            line, 1, frame,
            {.formats = &formats, .link = formats::Link::wireless, .receiver = &receiver});
        require(!line.empty() && line.back() == '}');
        left = left.subspan(2 + length);
    }
    return 0;
}
