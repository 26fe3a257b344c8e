// SPDX-License-Identifier: Apache-2.0
#include "models/answer_editor.hpp"

#include "core/application/record.hpp"
#include "core/application/telegram.hpp"
#include "core/link/frame.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace meterbench::models {

namespace {

using Bytes = std::vector<std::uint8_t>;
using Kind = AnswerEdit::Kind;
namespace application = core::application;

constexpr std::uint8_t ci_full = 0x72;
constexpr std::uint8_t ci_error = 0x70;
constexpr std::uint8_t ci_alarm = 0x71;
constexpr std::size_t header_end = 13; ///< the CI-field and the long header
constexpr std::size_t identification_at = 1;
constexpr std::size_t manufacturer_at = 5;
constexpr std::size_t access_number_at = 9;
constexpr std::uint8_t manufacturer_data = 0x0F;
constexpr std::uint8_t manufacturer_byte = 0x5A; ///< any
constexpr std::uint8_t more_follows = 0x1F;

/// Where a record stands in the user data.
struct Place {
    std::size_t begin;
    std::size_t vif;
    std::size_t data;
    std::size_t end;
};

struct Layout {
    std::vector<Place> records;
    std::size_t end = header_end; ///< of the last record
};

std::ptrdiff_t at(std::size_t offset) {
    return static_cast<std::ptrdiff_t>(offset);
}

Layout layout_of(const Bytes& user_data) {
    Layout layout;
    application::RecordReader reader{std::span{user_data}.subspan(header_end)};
    application::Record record;
    while (reader.next(record) == application::RecordReader::Step::record) {
        const auto begin = static_cast<std::size_t>(record.begin - user_data.data());
        const std::size_t vif = begin + record.dib_size;
        const std::size_t data = vif + record.vib_size;
        layout.records.push_back({begin, vif, data, data + record.data_size});
        layout.end = data + record.data_size;
    }
    return layout;
}

std::optional<Place> pick(const Bytes& user_data, const Layout& layout, const AnswerEdit& edit) {
    if (edit.pick) {
        const auto fits = [&](const Place& place) {
            return (user_data[place.begin] & 0x0FU) == edit.pick->data_field &&
                   user_data[place.vif] == edit.pick->vif;
        };
        const auto found = std::ranges::find_if(layout.records, fits);
        return found == layout.records.end() ? std::nullopt : std::optional{*found};
    }
    if (edit.at < 0 || static_cast<std::size_t>(edit.at) >= layout.records.size()) {
        return std::nullopt;
    }
    return layout.records[static_cast<std::size_t>(edit.at)];
}

void edit_header(Bytes& bytes, const AnswerEdit& edit) {
    const auto index = static_cast<std::size_t>(std::clamp(edit.at, 0, int{header_end - 1}));
    std::uint8_t& access_number = bytes[access_number_at];
    switch (edit.kind) {
    case Kind::header_flip:
        bytes[index] = static_cast<std::uint8_t>(bytes[index] ^ edit.value);
        return;
    case Kind::header_set: bytes[index] = edit.value; return;
    case Kind::identification_msb:
        std::reverse(bytes.begin() + at(identification_at), bytes.begin() + at(manufacturer_at));
        return;
    case Kind::manufacturer_msb:
        std::swap(bytes[manufacturer_at], bytes[manufacturer_at + 1]);
        return;
    case Kind::access_doubled:
        access_number = static_cast<std::uint8_t>(2U * access_number);
        return;
    case Kind::access_down: access_number = static_cast<std::uint8_t>(0U - access_number); return;
    case Kind::access_seven_bits: access_number &= 0x7FU; return;
    case Kind::header_short:
        bytes.erase(bytes.begin() + at(identification_at), bytes.begin() + at(access_number_at));
        bytes.front() = 0x7A;
        return;
    case Kind::header_none:
        bytes.erase(bytes.begin() + at(identification_at), bytes.begin() + at(header_end));
        bytes.front() = 0x78;
        return;
    default: return;
    }
}

void edit_order(Bytes& bytes, const Layout& layout) {
    Bytes turned(bytes.begin(), bytes.begin() + at(header_end));
    for (auto place = layout.records.rbegin(); place != layout.records.rend(); ++place) {
        turned.insert(turned.end(), bytes.begin() + at(place->begin),
                      bytes.begin() + at(place->end));
    }
    turned.insert(turned.end(), bytes.begin() + at(layout.end), bytes.end());
    bytes = std::move(turned);
}

void edit_tail(Bytes& bytes, const Layout& layout, const AnswerEdit& edit) {
    const bool more = layout.end < bytes.size() && bytes[layout.end] == more_follows;
    switch (edit.kind) {
    case Kind::append:
        if (!more) {
            bytes.insert(bytes.end(), edit.bytes.begin(), edit.bytes.end());
        }
        return;
    case Kind::padding: bytes.resize(bytes.size() + (more ? edit.value : 0U)); return;
    case Kind::manufacturer_data:
        if (layout.end == bytes.size()) {
            bytes.push_back(manufacturer_data);
            bytes.resize(bytes.size() + edit.value, manufacturer_byte);
        }
        return;
    case Kind::more_never:
        if (more) {
            bytes.erase(bytes.begin() + at(layout.end));
        }
        return;
    case Kind::more_always:
        if (layout.end == bytes.size()) {
            bytes.push_back(more_follows);
        }
        return;
    case Kind::reverse_records: return edit_order(bytes, layout);
    case Kind::insert:
        if (edit.at < 0 && !more) {
            bytes.insert(bytes.begin() + at(layout.end), edit.bytes.begin(), edit.bytes.end());
        }
        return;
    default: return;
    }
}

void edit_record(Bytes& bytes, const Place& place, const AnswerEdit& edit) {
    const auto begin = bytes.begin() + at(place.begin);
    const auto data = bytes.begin() + at(place.data);
    const auto end = bytes.begin() + at(place.end);
    switch (edit.kind) {
    case Kind::insert: bytes.insert(begin, edit.bytes.begin(), edit.bytes.end()); return;
    case Kind::drop_record: bytes.erase(begin, end); return;
    case Kind::repeat_record: {
        const Bytes copy(begin, end);
        bytes.insert(end, copy.begin(), copy.end());
        return;
    }
    case Kind::set_data:
        std::copy_n(edit.bytes.begin(), std::min(edit.bytes.size(), place.end - place.data), data);
        return;
    case Kind::reverse_data: std::reverse(data, end); return;
    case Kind::set_dif: *begin = edit.value; return;
    case Kind::set_vif: bytes[place.vif] = edit.value; return;
    case Kind::cut_data: bytes.erase(data + 1, bytes.end()); return;
    default: return;
    }
}

void edit_error(Bytes& bytes, const AnswerEdit& edit) {
    switch (edit.kind) {
    case Kind::error_without_code: bytes.resize(1); return;
    case Kind::error_ci: bytes.front() = edit.value; return;
    case Kind::error_code: bytes.back() = edit.value; return;
    default: return;
    }
}

} // namespace

void edit_answer(Bytes& user_data, const AnswerEdit& edit) {
    if (!user_data.empty() && user_data.front() == ci_error) {
        return edit_error(user_data, edit);
    }
    if (!user_data.empty() && user_data.front() == ci_alarm) {
        user_data.front() = edit.kind == Kind::alarm_ci ? edit.value : ci_alarm;
        return;
    }
    if (user_data.size() < header_end || user_data.front() != ci_full) {
        return;
    }
    edit_header(user_data, edit);
    if (user_data.size() < header_end || user_data.front() != ci_full) {
        return;
    }
    const Layout layout = layout_of(user_data);
    edit_tail(user_data, layout, edit);
    if (const auto place = pick(user_data, layout, edit)) {
        edit_record(user_data, *place, edit);
    }
    constexpr std::size_t longest = core::link::max_data + 1;
    user_data.resize(std::min(user_data.size(), longest));
}

} // namespace meterbench::models
