// SPDX-License-Identifier: Apache-2.0
#include "core/receiver/receiver.hpp"

#include <algorithm>

namespace meterbench::core::receiver {

wireless::LinkAddress Reception::meter() const {
    const bool to_meter = direction() == wireless::Direction::other_to_meter;
    if (to_meter && link && link->receiver) {
        return *link->receiver;
    }
    return frame ? frame->address() : wireless::LinkAddress{};
}

Receiver::Receiver(const KeyStore& keys, const ReceiverOptions& options)
    : options_{options}, decryption_{keys, options.decryption},
      fragments_{options.partial_messages, transport::max_message},
      guard_{options.guard_counters ? options.guarded_senders : 0},
      duplicates_{options.duplicate_window} {}

void Receiver::fail(const Fault& fault, std::uint32_t offset) {
    reception_.fault = fault;
    reception_.fault->offset = reception_.received_offset(fault.offset + offset);
}

/// The extended link layer; false after a fault.
bool Receiver::take_link(Bytes& data, std::uint32_t& offset) {
    const auto link = wireless::decode_extended_link(data, options_.ell_five);
    if (!link) {
        fail(link.error(), offset);
        return false;
    }
    reception_.link = *link;
    data = data.subspan(link->size);
    offset += static_cast<std::uint32_t>(link->size);
    if (!link->payload_crc) {
        return true;
    }
    const auto payload =
        decryption_.open_session(*link, reception_.meter(), data, reception_.session);
    if (!payload) {
        fail(payload.error(), offset - static_cast<std::uint32_t>(wireless::payload_crc_size));
        return false;
    }
    data = *payload;
    return true;
}

/// The AFL, and the fragments that came before; false after a fault.
bool Receiver::take_afl(Bytes& data, std::uint32_t& offset) {
    const auto afl = transport::decode_afl(data);
    if (!afl) {
        fail(afl.error(), offset);
        return false;
    }
    reception_.afl = message_afl_ = *afl;
    data = data.subspan(afl->size);
    if (!afl->fragmented()) {
        const std::size_t due = afl->message_length.value_or(data.size());
        if (due != data.size()) {
            fail(make_fault(FaultCode::message_length_mismatch, 0, static_cast<std::int32_t>(due),
                            static_cast<std::int32_t>(data.size())),
                 offset);
            return false;
        }
        offset += static_cast<std::uint32_t>(afl->size);
        return true;
    }
    reception_.fragment = data;
    const std::uint8_t access_number = reception_.link ? reception_.link->access_number : 0;
    const auto message = fragments_.add({reception_.frame->address(), access_number}, *afl, data);
    if (!message) {
        fail(message.error(), offset);
        return false;
    }
    message_afl_ = message->afl;
    data = message->bytes;
    offset = 0;
    reception_.assembled = true;
    return true;
}

void Receiver::take_layers() {
    Bytes data = reception_.frame->data();
    std::uint32_t offset = wireless::head_size;
    if (data.empty()) {
        return; // a link reset needs no CI-field
    }
    if (wireless::is_extended_link(data.front()) && !take_link(data, offset)) {
        return;
    }
    const auto repeated = [&data](bool afl_too) {
        return !data.empty() && (wireless::is_extended_link(data.front()) ||
                                 (afl_too && data.front() == transport::ci_afl));
    };
    if (repeated(false)) {
        return fail(make_fault(FaultCode::layer_repeated), offset);
    }
    if (!data.empty() && data.front() == transport::ci_afl && !take_afl(data, offset)) {
        return;
    }
    if (repeated(reception_.afl.has_value())) {
        return fail(make_fault(FaultCode::layer_repeated), offset);
    }
    if (data.empty()) {
        return; // an extended link layer alone
    }
    take_transport(data, offset);
}

void Receiver::take_transport(Bytes message, std::uint32_t offset) {
    reception_.message = message;
    reception_.message_offset = offset;
    application::Telegram& telegram = reception_.telegram;
    telegram = application::decode_telegram(message, offset);
    const wireless::LinkAddress meter = reception_.meter();
    if (telegram.header != application::HeaderKind::long_header &&
        telegram.body != application::Body::selection) {
        telegram.fields.device = {meter.id(), meter.manufacturer(), meter.version(),
                                  meter.device_type()};
    }
    decryption_.open(telegram, message,
                     {meter, reception_.direction(), reception_.afl ? &message_afl_ : nullptr},
                     reception_.security);
    if (!telegram.fault && !session_is_plausible()) {
        constexpr std::size_t most = 32;
        reception_.security.decrypted =
            telegram.content.first(std::min(telegram.content.size(), most));
        telegram.content = message.last(0);
        telegram.fault = make_fault(FaultCode::plaintext_implausible, offset);
    }
    if (telegram.fault) {
        return fail(*telegram.fault, 0);
    }
    guard();
}

/// Where the payload CRC alone, 16 bits, says that the session's key was right, the records must be
/// whole, too.
bool Receiver::session_is_plausible() const {
    const SecurityReport& inner = reception_.security;
    const application::Telegram& telegram = reception_.telegram;
    const bool by_crc = reception_.session.encrypted != 0 && !reception_.session.found_clear;
    const bool proven = inner.mac || inner.tag || inner.check_bytes;
    const bool has_records =
        telegram.body == application::Body::records || telegram.body == application::Body::command;
    if (!by_crc || proven || !has_records) {
        return true;
    }
    application::RecordReader reader = telegram.records();
    application::Record record;
    application::RecordReader::Step step;
    while ((step = reader.next(record)) == application::RecordReader::Step::record) {
    }
    return step == application::RecordReader::Step::end;
}

void Receiver::guard() {
    const SecurityReport& security = reception_.security;
    const bool authentic = security.mac || security.tag;
    if (!options_.guard_counters || !authentic || !security.message_counter) {
        return;
    }
    const application::DeviceId& device = reception_.telegram.fields.device;
    const auto meter = wireless::LinkAddress::make(device.manufacturer, device.id, device.version,
                                                   device.device_type);
    const auto verdict = guard_.check(meter, reception_.direction(), *security.message_counter,
                                      digest_of(reception_.message));
    reception_.security.unguarded = verdict == ReplayGuard::Verdict::unguarded;
    if (verdict == ReplayGuard::Verdict::replayed) {
        application::Telegram& telegram = reception_.telegram;
        telegram.content = reception_.message.last(0);
        telegram.fault = make_fault(FaultCode::counter_replay, reception_.message_offset);
        fail(*telegram.fault, 0);
    }
}

void Receiver::mark_duplicate(Instant now) {
    if (options_.duplicate_window == Duration{}) {
        return;
    }
    // A repeater sets the hop bit: what it says again is no other telegram.
    constexpr std::uint8_t by_repeaters =
        wireless::CommunicationControl::hop_bit | wireless::CommunicationControl::repeated_bit;
    std::array<std::uint8_t, wireless::max_frame> same{};
    const Bytes bytes = reception_.frame->bytes;
    std::ranges::copy(bytes, same.begin());
    if (reception_.link) {
        same[wireless::head_size + 1] &= static_cast<std::uint8_t>(~by_repeaters);
    }
    reception_.duplicate =
        duplicates_.heard_before(digest_of(Bytes{same}.first(bytes.size())), now);
}

const Reception& Receiver::receive(Bytes received, wireless::Handover handover, Instant now) {
    reception_ = {};
    const auto frame = wireless::decode_frame(received, buffer_, handover);
    if (!frame) {
        reception_.fault = frame.error();
        return reception_;
    }
    reception_.frame = *frame;
    take_layers();
    mark_duplicate(now);
    return reception_;
}

} // namespace meterbench::core::receiver
