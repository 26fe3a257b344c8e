// SPDX-License-Identifier: Apache-2.0
#include "harness/telegram_structure.hpp"

#include "core/application/record.hpp"
#include "core/application/telegram.hpp"

namespace meterbench::harness {

namespace application = core::application;

std::string structure_of(std::span<const std::uint8_t> user_data) {
    const auto append = [](std::string& text, std::span<const std::uint8_t> bytes) {
        text.append(bytes.begin(), bytes.end());
    };
    const application::Telegram telegram = application::decode_telegram(user_data);
    std::string joined;
    if (telegram.body != application::Body::records) {
        append(joined, user_data);
        return joined;
    }
    append(joined, user_data.first(1));
    application::RecordReader reader = telegram.records();
    application::Record record;
    while (reader.next(record) == application::RecordReader::Step::record) {
        append(joined, record.dib());
        append(joined, record.vib());
        joined += static_cast<char>(record.data_size);
    }
    joined += reader.more_follows() ? '+' : '.';
    return joined;
}

} // namespace meterbench::harness
