// SPDX-License-Identifier: Apache-2.0
#include "formats/explain.hpp"

#include "core/application/application_error.hpp"
#include "core/application/device_type.hpp"
#include "core/application/fixed.hpp"
#include "core/application/manufacturer.hpp"
#include "core/link/frame.hpp"
#include "formats/telegram_sink.hpp"
#include "formats/telegram_value.hpp"
#include "formats/telegram_words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace meterbench::formats {
namespace {

using namespace core::application;
using Bytes = std::span<const std::uint8_t>;

/// Gives each piece of the frame its meaning, from the first byte to the last.
class Explainer {
  public:
    explicit Explainer(Bytes frame) : frame_{frame} {}

    [[nodiscard]] std::vector<Explanation> run();
    /// The frame without its CRCs, as a receiver took it apart.
    [[nodiscard]] std::vector<Explanation> radio(const core::receiver::Reception& reception);

  private:
    void add(std::size_t length, std::string meaning);
    void rest(std::string meaning) { add(frame_.size() - at_, std::move(meaning)); }
    [[nodiscard]] std::uint8_t byte() const { return frame_[at_]; }
    [[nodiscard]] bool more() const { return at_ < frame_.size(); }
    void address(const core::wireless::LinkAddress& address);
    void link(const core::receiver::Reception& reception);
    void afl(const core::transport::Afl& afl, bool verified);
    void transport(const core::receiver::Reception& reception);
    void short_frame();
    void long_frame();
    void end_of_frame();
    void user_data(Bytes data);
    void header(const Telegram& telegram);
    void device(const DeviceId& device, bool mask);
    void body(const Telegram& telegram);
    void records(const Telegram& telegram);
    void record(const Record& record);
    void fixed(const Telegram& telegram);

    Bytes frame_;
    std::size_t at_ = 0;
    std::vector<Explanation> list_;
    std::optional<core::Fault> fault_; ///< of the link layer
};

void Explainer::add(std::size_t length, std::string meaning) {
    length = std::min(length, frame_.size() - at_);
    if (length == 0) {
        return;
    }
    list_.push_back({at_, length, std::move(meaning)});
    at_ += length;
}

std::vector<Explanation> Explainer::run() {
    const auto frame = core::link::decode_frame(frame_);
    if (!frame) {
        fault_ = frame.error();
    }
    if (!more()) {
        return {};
    }
    switch (byte()) {
    case core::link::start_single: add(1, "acknowledge (E5h)"); break;
    case core::link::start_short: short_frame(); break;
    case core::link::start_long: long_frame(); break;
    default: break;
    }
    rest(fault_ ? "fault: " + fault_in_words(*fault_) : std::string{"more bytes"});
    if (fault_ && !list_.empty() && std::ranges::none_of(list_, [](const Explanation& explanation) {
            return explanation.meaning.starts_with("fault:");
        })) {
        Explanation& last = list_.back();
        last.meaning = fmt::format("fault: {} ({})", fault_in_words(*fault_), last.meaning);
    }
    return std::move(list_);
}

void Explainer::short_frame() {
    add(1, "start of a short frame");
    if (more()) {
        add(1, "C: " + control_in_words({byte()}));
    }
    if (more()) {
        add(1, "A: " + address_in_words(byte()));
    }
    end_of_frame();
}

void Explainer::end_of_frame() {
    if (more()) {
        const bool wrong = fault_.has_value() && fault_->code == core::FaultCode::checksum_mismatch;
        add(1, wrong ? "fault: " + fault_in_words(*fault_) : std::string{"checksum"});
    }
    if (more()) {
        const bool wrong = byte() != core::link::stop;
        add(1, wrong ? "fault: stop-missing: the stop byte is 16h" : "stop");
    }
}

void Explainer::long_frame() {
    using core::FaultCode;
    add(1, "start of a long frame");
    const bool head_broken =
        fault_.has_value() && (fault_->code == FaultCode::length_mismatch ||
                               fault_->code == FaultCode::length_too_small ||
                               fault_->code == FaultCode::second_start_missing);
    const std::size_t length = more() ? byte() : 0;
    if (more()) {
        add(1, fmt::format("L: {} bytes from C to the last before the checksum", length));
    }
    if (head_broken) {
        return;
    }
    add(1, "L repeated");
    add(1, "second start");
    if (more()) {
        add(1, "C: " + control_in_words({byte()}));
    }
    if (more()) {
        add(1, "A: " + address_in_words(byte()));
    }
    const std::size_t end = std::min(frame_.size(), length + 4);
    if (at_ < end) {
        user_data(frame_.subspan(at_, end - at_));
    }
    end_of_frame();
}

void Explainer::user_data(Bytes data) {
    const std::size_t end = at_ + data.size();
    const Telegram telegram = decode_telegram(data, static_cast<std::uint32_t>(at_));
    add(1, fmt::format("CI: {}", ci_name(telegram.ci)));
    header(telegram);
    if (!telegram.encrypted.empty()) {
        add(telegram.encrypted.size(), "encrypted");
    }
    body(telegram);
    if (at_ < end) {
        std::string meaning{"data"};
        if (fault_ && fault_->code == core::FaultCode::truncated) {
            meaning = "fault: " + fault_in_words(*fault_);
        } else if (telegram.fault) {
            meaning = "fault: " + fault_in_words(*telegram.fault);
        }
        add(end - at_, std::move(meaning));
    }
}

void Explainer::device(const DeviceId& device, bool mask) {
    const std::string_view what = mask ? "mask: " : "";
    add(4, fmt::format("{}identification {:08X}", what, device.id));
    add(2, fmt::format("{}manufacturer {}", what,
                       device.manufacturer == 0xFFFF ? std::string{"any"}
                                                     : manufacturer_in_words(device.manufacturer)));
    add(1, mask && device.version == 0xFF ? std::string{"mask: version any"}
                                          : fmt::format("{}version {}", what, device.version));
    add(1, fmt::format("{}device type {}", what, device_type_name(device.device_type)));
}

void Explainer::header(const Telegram& telegram) {
    if (telegram.header == HeaderKind::long_header) {
        device(telegram.fields.device, false);
    }
    if (telegram.header == HeaderKind::none) {
        return;
    }
    const ShortHeader& transport = telegram.fields.transport;
    add(1, fmt::format("access number {}", transport.access_number));
    add(1, "status: " + status_in_words(transport.status));
    add(2, transport.configuration == 0
               ? std::string{"configuration: not encrypted"}
               : fmt::format("configuration {:04X}h: security mode {}", transport.configuration,
                             transport.security_mode()));
}

void Explainer::body(const Telegram& telegram) {
    switch (telegram.body) {
    case Body::selection:
        if (telegram.fault) {
            return;
        }
        device(telegram.fields.device, true);
        records(telegram);
        break;
    case Body::records:
    case Body::command: records(telegram); break;
    case Body::fixed: fixed(telegram); break;
    case Body::application_error:
        if (!telegram.content.empty()) {
            add(1, fmt::format("application error {:02X}h: {}", telegram.error_code(),
                               application_error_name(telegram.error_code())));
        }
        break;
    case Body::alarm: add(1, fmt::format("alarm bits {:08b}", telegram.alarm())); break;
    case Body::reset:
        if (!telegram.content.empty()) {
            add(1, fmt::format("subcode: application {}, block {}", telegram.content[0] >> 4U,
                               telegram.content[0] & 0x0FU));
        }
        break;
    default: break;
    }
}

void Explainer::records(const Telegram& telegram) {
    RecordReader reader = telegram.records();
    Record next;
    RecordReader::Step step;
    while ((step = reader.next(next)) == RecordReader::Step::record) {
        if (next.offset > at_) {
            add(next.offset - at_, "idle filler");
        }
        record(next);
    }
    const std::size_t end = telegram.content_offset + telegram.content.size();
    if (step == RecordReader::Step::fault) {
        const bool cut = fault_.has_value() && fault_->code == core::FaultCode::truncated;
        add(end - at_, "fault: " + fault_in_words(cut ? *fault_ : reader.fault()));
        return;
    }
    if (reader.has_manufacturer_data()) {
        const std::size_t dif = reader.offset() - 1;
        if (dif > at_) {
            add(dif - at_, "idle filler");
        }
        add(1, reader.more_follows() ? "DIF 1Fh: manufacturer data, more records follow"
                                     : "DIF 0Fh: manufacturer data");
        add(end - at_, "manufacturer data");
    } else if (at_ < end) {
        add(end - at_, "idle filler");
    }
}

void Explainer::record(const Record& record) {
    add(record.dib_size, fmt::format("DIB: {}", dib_in_words(record)));
    add(record.vib_size, fmt::format("VIB: {}", vib_in_words(record)));
    add(record.data_size, value_in_words(record));
}

void Explainer::fixed(const Telegram& telegram) {
    const auto structure = decode_fixed(telegram.content);
    if (!structure) {
        return;
    }
    add(4, fmt::format("identification {:08X}", structure->id));
    add(1, fmt::format("access number {}", structure->access_number));
    add(1, fmt::format("status {:02X}h", structure->status));
    add(2, fmt::format("medium {}, units of the counters", fixed_medium_name(structure->medium)));
    for (const FixedCounter& counter : structure->counters) {
        std::string value;
        {
            Sink sink{value};
            append_decimal(sink, counter.value.decimal());
        }
        add(4, fmt::format("{} {} {}{}", name_of(counter.unit.quantity),
                           counter.value.invalid == Invalid::none ? value : "invalid",
                           name_of(counter.unit.unit), counter.historic ? ", historic" : ""));
    }
}

void Explainer::address(const core::wireless::LinkAddress& address) {
    add(2, fmt::format("manufacturer {}", manufacturer_in_words(address.manufacturer())));
    add(4, fmt::format("identification {:08X}", address.id()));
    add(1, fmt::format("version {}", address.version()));
    add(1, fmt::format("device type {}", device_type_name(address.device_type())));
}

std::string control_in_words(core::wireless::CommunicationControl control) {
    std::string words = fmt::format("access {}", name_of(control.accessibility()));
    const auto say = [&words](bool bit, std::string_view word) {
        if (bit) {
            words += ", ";
            words += word;
        }
    };
    say(control.fast_response(), "fast response");
    say(control.synchronous(), "synchronous");
    say(control.hop(), "repeated by a repeater");
    say(control.priority(), "priority");
    say(control.repeated_access(), "not to be repeated");
    say(control.extended_delay(), "extended delay");
    return words;
}

void Explainer::link(const core::receiver::Reception& reception) {
    const core::wireless::ExtendedLink& link = *reception.link;
    add(1, fmt::format("CI: {}", ci_name(link.ci)));
    add(1, "communication control: " + control_in_words(link.control));
    add(1, fmt::format("access number {} of the link", link.access_number));
    if (link.ci == core::wireless::ci_ell_5) {
        add(1, fmt::format("extended control {:02X}h", link.extended_control));
    }
    if (link.receiver) {
        address(*link.receiver);
    }
    if (link.session) {
        add(4, fmt::format("session: {}, minute {}, session {}",
                           link.encrypted() ? "AES-128-CTR" : "not encrypted",
                           link.session->minutes(), link.session->session()));
    }
    if (link.run_time_delay) {
        add(2, fmt::format("run time delay {}", *link.run_time_delay));
    }
    if (link.reception_level) {
        add(1, fmt::format("reception level {}", *link.reception_level));
    }
    if (link.payload_crc) {
        add(2, reception.session.payload_crc ? std::string{"payload CRC, right"}
                                             : "fault: " + fault_in_words(*reception.fault));
    }
}

void Explainer::afl(const core::transport::Afl& afl, bool verified) {
    add(1, "CI: authentication and fragmentation layer");
    add(1, fmt::format("length of the layer: {} bytes", afl.size - 2));
    add(2, afl.fragmented() ? fmt::format("fragmentation: fragment {}, {}", afl.fragment(),
                                          afl.more_fragments() ? "more follow" : "the last")
                            : std::string{"fragmentation: none"});
    if (afl.message_control) {
        const auto* type = core::transport::mac_type(*afl.message_control);
        add(1, fmt::format("message control: authentication {}",
                           type == nullptr ? "none" : type->name));
    }
    if (afl.key_information) {
        add(2, fmt::format("key {} of version {}", afl.key_information->key_id(),
                           afl.key_information->version()));
    }
    if (afl.message_counter) {
        add(4, fmt::format("message counter {}", *afl.message_counter));
    }
    if (afl.mac) {
        add(afl.mac->size, verified ? "authentication code, right" : "authentication code");
    }
    if (afl.message_length) {
        add(2, fmt::format("message length {} bytes", *afl.message_length));
    }
}

void Explainer::transport(const core::receiver::Reception& reception) {
    const Telegram& telegram = reception.telegram;
    const core::receiver::SecurityReport& security = reception.security;
    add(1, fmt::format("CI: {}", ci_name(telegram.ci)));
    header(telegram);
    if (security.configuration && security.configuration->extension_size != 0) {
        add(security.configuration->extension_size,
            fmt::format(
                "extension of the configuration: key {}{}", security.configuration->key_id(),
                security.configuration->message_counter
                    ? fmt::format(", message counter {}", *security.configuration->message_counter)
                    : std::string{}));
    }
    if (security.check_bytes && !telegram.fault) {
        add(2, security.found_clear ? "check bytes, found in clear" : "check bytes, decrypted");
    }
    if (!telegram.fault) {
        body(telegram);
    }
    const std::size_t end = frame_.size() - security.tag_bytes;
    if (at_ < end) {
        add(end - at_,
            telegram.fault ? "fault: " + fault_in_words(*telegram.fault) : std::string{"data"});
    }
    add(security.tag_bytes, security.tag ? "authentication tag, right" : "authentication tag");
}

std::vector<Explanation> Explainer::radio(const core::receiver::Reception& reception) {
    const core::wireless::Frame& frame = *reception.frame;
    add(1, fmt::format("L: {} bytes follow", frame.l_field));
    const core::wireless::ServiceRow* row = core::wireless::service_row(frame.c());
    add(1, fmt::format("C: {}", row == nullptr ? "unknown" : row->name));
    address(frame.address());
    if (reception.link) {
        link(reception);
    }
    if (reception.afl) {
        afl(*reception.afl, reception.security.mac);
    }
    if (reception.assembled) {
        rest("the last fragment of a message");
    } else if (!reception.message.empty()) {
        transport(reception);
    }
    rest(reception.fault ? "fault: " + fault_in_words(*reception.fault)
                         : std::string{"more bytes"});
    return std::move(list_);
}

/// Explanations of a frame without CRCs, moved to where its bytes were received. What a CRC cuts is
/// said twice.
std::vector<Explanation> with_crcs(std::span<const Explanation> plain, Bytes received,
                                   const core::wireless::Frame& frame) {
    std::vector<Explanation> list;
    std::size_t at = 0;
    unsigned block = 1;
    const auto fill_to = [&](std::size_t offset) {
        if (at < offset) {
            list.push_back({at, offset - at, fmt::format("CRC of block {}, right", block++)});
            at = offset;
        }
    };
    for (const Explanation& explanation : plain) {
        for (std::size_t i = 0; i < explanation.length;) {
            const std::size_t from = frame.offset_of(explanation.offset + i);
            fill_to(from);
            std::size_t size = 1;
            while (i + size < explanation.length &&
                   frame.offset_of(explanation.offset + i + size) == from + size) {
                ++size;
            }
            list.push_back(
                {from, size, i == 0 ? explanation.meaning : explanation.meaning + ", continued"});
            at = from + size;
            i += size;
        }
    }
    fill_to(received.size() - frame.surplus.size());
    if (!frame.surplus.empty()) {
        list.push_back({at, frame.surplus.size(), "appended by the receiver"});
    }
    return list;
}

/// A frame that could not be taken apart.
std::vector<Explanation> broken_radio(Bytes received, const core::Fault& fault) {
    if (received.empty()) {
        return {};
    }
    if (received.size() == 1 || fault.offset >= received.size()) {
        return {{0, received.size(), "fault: " + fault_in_words(fault)}};
    }
    std::vector<Explanation> list;
    if (fault.offset != 0) {
        list.push_back({0, fault.offset, "bytes before the fault"});
    }
    list.push_back(
        {fault.offset, received.size() - fault.offset, "fault: " + fault_in_words(fault)});
    return list;
}

} // namespace

std::vector<Explanation> explain(Bytes frame_bytes) {
    return Explainer{frame_bytes}.run();
}

std::vector<Explanation> explain(Bytes received, const core::receiver::Reception& reception) {
    if (!reception.frame) {
        return broken_radio(received, *reception.fault);
    }
    const auto plain = Explainer{reception.frame->bytes}.radio(reception);
    return with_crcs(plain, received, *reception.frame);
}

namespace {

void write_list(std::string& out, Bytes frame_bytes, std::span<const Explanation> list) {
    constexpr std::size_t column = 8; // bytes shown before the line is cut
    for (const Explanation& explanation : list) {
        const auto bytes = frame_bytes.subspan(explanation.offset, explanation.length);
        std::string hex;
        for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), column))) {
            fmt::format_to(std::back_inserter(hex), "{:02X} ", byte);
        }
        if (bytes.size() > column) {
            hex += "..";
        }
        fmt::format_to(std::back_inserter(out), "  {:3}  {:26}  {}\n", explanation.offset, hex,
                       explanation.meaning);
    }
}

} // namespace

void write_explanation(std::string& out, Bytes frame_bytes) {
    write_list(out, frame_bytes, explain(frame_bytes));
}

void write_explanation(std::string& out, Bytes received,
                       const core::receiver::Reception& reception) {
    write_list(out, received, explain(received, reception));
}

} // namespace meterbench::formats
