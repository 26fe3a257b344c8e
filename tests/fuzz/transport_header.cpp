// SPDX-License-Identifier: Apache-2.0
// Any bytes from the CI-field on: header and configuration field are read within them, and written
// again the same.
#include "core/application/telegram.hpp"
#include "core/transport/configuration.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace meterbench::core;
using namespace meterbench::core::transport;
using Bytes = std::span<const std::uint8_t>;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check_configuration(std::uint16_t field, Bytes behind) {
    const auto made = decode_configuration(field, behind);
    if (!made) {
        require(made.error().offset <= behind.size());
        return;
    }
    require(made->extension_size <= behind.size() && made->extension_size <= 7);
    std::array<std::uint8_t, 9> again{};
    const auto written = encode_configuration(*made, again);
    require(written && *written == 2 + made->extension_size);
    require((again[0] | again[1] << 8U) == field);
    require(std::ranges::equal(Bytes{again}.first(*written).subspan(2),
                               behind.first(made->extension_size)));
    static_cast<void>(name_of(made->mode()));
    static_cast<void>(made->accessibility());
    require(made->content() < 4 && made->content_index() < 16 && made->key_id() < 16);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes message{data, size};
    const application::Telegram telegram = application::decode_telegram(message, 0);
    require(telegram.content.size() + telegram.encrypted.size() <= size);
    require(!telegram.fault || telegram.fault->offset <= size);
    const std::size_t header = 1 + size_of(telegram.header);
    if (telegram.header != application::HeaderKind::none && header <= size) {
        check_configuration(telegram.fields.transport.configuration, message.subspan(header));
    }
    if (size >= 2) {
        check_configuration(static_cast<std::uint16_t>(data[0] | data[1] << 8U),
                            message.subspan(2));
    }
    return 0;
}
