// SPDX-License-Identifier: Apache-2.0
#include "formats/trace_reader.hpp"

#include "formats/trace_pcapng.hpp"

#include <fmt/format.h>
#include <string_view>

namespace meterbench::formats {
namespace {

// draft-ietf-opsawg-pcapng: block and option codes.
constexpr std::uint32_t section_header_block = 0x0A0D0D0A;
constexpr std::uint32_t interface_description_block = 1;
constexpr std::uint32_t enhanced_packet_block = 6;
constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint16_t opt_end = 0;
constexpr std::uint16_t opt_comment = 1;
constexpr std::uint16_t if_tsresol = 9;
constexpr std::uint16_t linktype_user0 = 147;
constexpr std::uint8_t nanoseconds = 9;
constexpr std::size_t block_overhead = 12;  // type, length, length
constexpr std::size_t section_header = 16;  // magic, version, section length
constexpr std::size_t interface_header = 8; // link type, reserved, limit
constexpr std::size_t packet_header = 20;   // interface, time twice, captured, original
constexpr std::size_t pseudo_header = 20;
constexpr std::uint8_t pseudo_header_version = 1;

using Bytes = std::span<const std::uint8_t>;

std::uint64_t number(Bytes bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = value << 8U | bytes[at + i - 1];
    }
    return value;
}

class Reader {
  public:
    Reader(Bytes file, const std::string& name) : file_{file}, name_{name} {}

    FileResult<Trace> read() {
        while (at_ < file_.size() && message_.empty()) {
            block();
        }
        if (message_.empty() && !section_seen_) {
            complain(0, "no pcapng file");
        }
        if (!message_.empty()) {
            return std::unexpected{message_};
        }
        if (digest_.packets() != packets_written_) {
            trace_.edited =
                fmt::format("{} packets, {} were written", digest_.packets(), packets_written_);
        } else if (digest_.text() != digest_written_) {
            trace_.edited = "the jobs and packets are not those that were written";
        }
        return std::move(trace_);
    }

  private:
    void complain(std::size_t at, std::string_view what) {
        if (message_.empty()) {
            message_ = fmt::format("{}: {}, at byte {}", name_, what, at);
        }
    }

    void block() {
        if (file_.size() - at_ < block_overhead) {
            return complain(at_, "a block is cut off");
        }
        const std::uint64_t type = number(file_, at_, 4);
        if (!section_seen_ && type != section_header_block) {
            return complain(at_, "no pcapng file");
        }
        const std::uint64_t length = number(file_, at_ + 4, 4);
        if (length % 4 != 0 || length < block_overhead || length > file_.size() - at_ ||
            number(file_, at_ + length - 4, 4) != length) {
            return complain(at_, "a block with a wrong length");
        }
        const std::size_t size = static_cast<std::size_t>(length) - block_overhead;
        const Bytes body = file_.subspan(at_ + 8, size);
        switch (type) {
        case section_header_block: section(body); break;
        case interface_description_block: interface(body); break;
        case enhanced_packet_block: packet(body); break;
        default: break;
        }
        at_ += static_cast<std::size_t>(length);
    }

    void section(Bytes body) {
        if (section_seen_) {
            return complain(at_, "a second section");
        }
        section_seen_ = true;
        if (body.size() < section_header || number(body, 0, 4) != byte_order_magic) {
            return complain(at_, "not little-endian");
        }
        const auto comments = options(body, section_header, opt_comment);
        const std::string text{comments.empty() ? std::string_view{} : comments.front()};
        const auto comment = parse_json(text, name_ + ": section comment");
        if (!comment) {
            message_ = comment.error();
            return;
        }
        const auto text_of = [&comment](std::string_view key) {
            const JsonValue* value = comment->member(key);
            return value == nullptr ? std::string{} : value->text;
        };
        trace_.case_id = text_of("case");
        trace_.role = text_of("role");
        trace_.dut = text_of("dut");
        const JsonValue* const needs = comment->member("needs");
        for (std::size_t i = 0; needs != nullptr && i < needs->items.size(); ++i) {
            trace_.needs.push_back(needs->items[i].text);
        }
        if (const JsonValue* spoilt = comment->member("spoilt")) {
            trace_.spoilt = spoilt->boolean;
        }
        if (const JsonValue* seed = comment->member("seed")) {
            trace_.seed = static_cast<std::uint64_t>(seed->integer);
        }
        if (const JsonValue* ics = comment->member("ics")) {
            trace_.ics = *ics;
        }
        digest_written_ = text_of("digest");
        if (const JsonValue* packets = comment->member("packets")) {
            packets_written_ = static_cast<std::size_t>(packets->integer);
        }
        if (trace_.case_id.empty() || digest_written_.empty()) {
            complain(at_, "a section comment without case and digest: not a trace of Meterbench");
        }
        for (std::size_t i = 1; i < comments.size(); ++i) {
            job(comments[i]);
        }
    }

    /// Another comment of the section that is none of ours is somebody's who has annotated it.
    void job(std::string_view text) {
        const auto comment = parse_json(text, name_ + ": section comment");
        const JsonValue* const name = comment ? comment->member("job") : nullptr;
        if (name == nullptr) {
            return;
        }
        digest_.add_job(text);
        const auto integer = [&comment](std::string_view key) {
            const JsonValue* const value = comment->member(key);
            return value == nullptr ? 0 : value->integer;
        };
        const auto texts = [&comment](std::string_view key) {
            std::vector<std::string> list;
            const JsonValue* const value = comment->member(key);
            for (std::size_t i = 0; value != nullptr && i < value->items.size(); ++i) {
                list.push_back(value->items[i].text);
            }
            return list;
        };
        TraceJob job;
        job.name = name->text;
        job.arguments = texts("arguments");
        const JsonValue* const phase = comment->member("phase");
        job.phase = phase == nullptr ? std::string{} : phase->text;
        job.start = integer("start");
        job.end = integer("finish");
        if (comment->member("status") != nullptr) {
            job.status = static_cast<int>(integer("status"));
        }
        for (const std::string& telegram : texts("telegrams")) {
            const auto bytes = parse_hex_text(telegram);
            if (!bytes) {
                return complain(at_, "a job with a telegram that is no hex");
            }
            job.telegrams.push_back(*bytes);
        }
        job.found = texts("found");
        job.faults = texts("faults");
        job.cut = comment->member("cut") != nullptr;
        trace_.jobs.push_back(std::move(job));
    }

    void interface(Bytes body) {
        if (interface_seen_) {
            return complain(at_, "a second interface");
        }
        interface_seen_ = true;
        if (body.size() < interface_header || number(body, 0, 2) != linktype_user0) {
            return complain(at_, "another link type than USER0 (147)");
        }
        const std::string_view resolution = option(body, interface_header, if_tsresol);
        if (resolution.size() != 1 || resolution.front() != nanoseconds) {
            complain(at_, "times in another unit than nanoseconds");
        }
    }

    void packet(Bytes body) {
        if (!interface_seen_ || body.size() < packet_header) {
            return complain(at_, "a packet without an interface, or cut off");
        }
        const auto captured = static_cast<std::size_t>(number(body, 12, 4));
        if (captured > body.size() - packet_header || captured < pseudo_header) {
            return complain(at_, "a packet that is cut off");
        }
        const Bytes data = body.subspan(packet_header, captured);
        if (data[0] != pseudo_header_version || data[1] > 1) {
            return complain(at_, "a pseudo-header that is not of version 1");
        }
        digest_.add(body);
        TracePacket packet;
        packet.sent = data[1] == 0;
        packet.station = static_cast<std::uint16_t>(number(data, 2, 2));
        packet.baud = static_cast<std::uint32_t>(number(data, 4, 4));
        packet.errors = static_cast<std::uint16_t>(number(data, 8, 2));
        packet.start = static_cast<std::int64_t>(number(body, 4, 4) << 32U | number(body, 8, 4));
        packet.end = packet.start + static_cast<std::int64_t>(number(data, 12, 8));
        const Bytes octets = data.subspan(pseudo_header);
        packet.bytes.assign(octets.begin(), octets.end());
        const std::size_t padded = (captured + 3) / 4 * 4;
        packet.phase = option(body, packet_header + padded, opt_comment);
        trace_.packets.push_back(std::move(packet));
    }

    /// The value of the first option of this code; empty when there is none.
    [[nodiscard]] static std::string_view option(Bytes body, std::size_t at, std::uint16_t code) {
        const auto found = options(body, at, code);
        return found.empty() ? std::string_view{} : found.front();
    }

    [[nodiscard]] static std::vector<std::string_view> options(Bytes body, std::size_t at,
                                                               std::uint16_t code) {
        std::vector<std::string_view> values;
        while (at + 4 <= body.size()) {
            const std::uint64_t found = number(body, at, 2);
            const auto size = static_cast<std::size_t>(number(body, at + 2, 2));
            if (found == opt_end || size > body.size() - at - 4) {
                break;
            }
            if (found == code) {
                values.emplace_back(reinterpret_cast<const char*>(body.data()) + at + 4, size);
            }
            at += 4 + (size + 3) / 4 * 4;
        }
        return values;
    }

    Bytes file_;
    const std::string& name_;
    std::size_t at_ = 0;
    bool section_seen_ = false;
    bool interface_seen_ = false;
    std::string message_;
    std::string digest_written_;
    std::size_t packets_written_ = 0;
    TraceDigest digest_;
    Trace trace_;
};

} // namespace

FileResult<Trace> read_trace_pcapng(std::span<const std::uint8_t> file, const std::string& name) {
    return Reader{file, name}.read();
}

} // namespace meterbench::formats
