// SPDX-License-Identifier: Apache-2.0
#include "formats/trace_pcapng.hpp"

#include "formats/result_fields.hpp"
#include "formats/result_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::formats {
namespace {

using Bytes = std::vector<std::uint8_t>;

// draft-ietf-opsawg-pcapng: block and option codes.
constexpr std::uint32_t section_header_block = 0x0A0D0D0A;
constexpr std::uint32_t interface_description_block = 1;
constexpr std::uint32_t enhanced_packet_block = 6;
constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint16_t opt_end = 0;
constexpr std::uint16_t opt_comment = 1;
constexpr std::uint16_t shb_application = 4;
constexpr std::uint16_t if_name = 2;
constexpr std::uint16_t if_tsresol = 9;
constexpr std::uint16_t linktype_user0 = 147;
constexpr std::size_t max_option = 0xFFFF;

template <std::unsigned_integral Number> void put(Bytes& into, Number value) {
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        into.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

void pad(Bytes& into) {
    while (into.size() % 4 != 0) {
        into.push_back(0);
    }
}

void put_option(Bytes& into, std::uint16_t code, std::string_view value) {
    const std::string_view kept = value.substr(0, max_option);
    put(into, code);
    put(into, static_cast<std::uint16_t>(kept.size()));
    into.insert(into.end(), kept.begin(), kept.end());
    pad(into);
}

void put_block(Bytes& into, std::uint32_t type, const Bytes& body) {
    const auto length = static_cast<std::uint32_t>(body.size() + 12);
    put(into, type);
    put(into, length);
    into.insert(into.end(), body.begin(), body.end());
    put(into, length);
}

std::string section_comment(const CaseResult& result, const RunResult& run,
                            const TraceDigest& digest) {
    fields::Json json;
    json["case"] = printable(result.info.id);
    json["needs"] = fields::Json::array();
    for (const std::string& need : result.info.needs) {
        json["needs"].push_back(printable(need));
    }
    json["spoilt"] = result.spoilt;
    json["seed"] = result.seed;
    json["role"] = printable(run.dut_role);
    json["ics"] = fields::embedded(run.ics_json);
    json["dut"] = printable(run.dut_address);
    json["packets"] = digest.packets();
    json["digest"] = digest.text();
    return json.dump();
}

/// What a job says begins with its kind, and goes into the list of that kind.
struct SaidKind {
    std::string_view prefix;
    const char* list;
};
constexpr std::array<SaidKind, 3> said_kinds{
    {{"telegram ", "telegrams"}, {"found ", "found"}, {"fault ", "faults"}}};

/// Puts lines of a job into the lists of its comment as long as they fit.
void put_said(fields::Json& json, const std::vector<std::string>& said) {
    for (const SaidKind& kind : said_kinds) {
        json[kind.list] = fields::Json::array();
    }
    constexpr std::string_view cut = R"(,"cut":true)";
    std::size_t room = max_option - std::min(max_option, json.dump().size() + cut.size());
    for (const std::string& line : said) {
        for (const SaidKind& kind : said_kinds) {
            if (!line.starts_with(kind.prefix)) {
                continue;
            }
            const fields::Json text = printable(line.substr(kind.prefix.size()));
            const std::size_t size = text.dump().size() + 1; // a comma
            if (size > room) {
                json["cut"] = true;
                return;
            }
            room -= size;
            json[kind.list].push_back(text);
        }
    }
}

std::string job_comment(const Step& step) {
    fields::Json words = fields::Json::array();
    for (std::size_t at = 0; at < step.text.size();) {
        const std::size_t end = std::min(step.text.find(' ', at), step.text.size());
        words.push_back(printable(step.text.substr(at, end - at)));
        at = end + 1;
    }
    fields::Json json;
    json["job"] = words.empty() ? fields::Json{""} : words.front();
    if (!words.empty()) {
        words.erase(0);
    }
    json["arguments"] = std::move(words);
    json["phase"] = name_of(step.phase);
    json["start"] = step.start;
    json["finish"] = step.end;
    int status = 0;
    const char* const end = step.actual.data() + step.actual.size();
    if (!step.actual.empty() && std::from_chars(step.actual.data(), end, status).ptr == end) {
        json["status"] = status;
    }
    put_said(json, step.said);
    return json.dump();
}

Bytes section_header(const CaseResult& result, const RunResult& run, const TraceDigest& digest,
                     const std::vector<std::string>& jobs) {
    Bytes body;
    put(body, byte_order_magic);
    put(body, std::uint16_t{1}); // version 1.0
    put(body, std::uint16_t{0});
    put(body, ~std::uint64_t{0}); // length of the section: not said
    put_option(body, opt_comment, section_comment(result, run, digest));
    for (const std::string& job : jobs) {
        put_option(body, opt_comment, job);
    }
    put_option(body, shb_application, printable("meterbench " + run.version));
    put_option(body, opt_end, {});
    return body;
}

Bytes interface_description() {
    Bytes body;
    put(body, linktype_user0);
    put(body, std::uint16_t{0}); // reserved
    put(body, std::uint32_t{0}); // no limit of the captured length
    put_option(body, if_name, "harness");
    put_option(body, if_tsresol, "\x09"); // 10^-9 s
    put_option(body, opt_end, {});
    return body;
}

std::uint16_t errors_of(const Step& step) {
    std::uint16_t errors = 0;
    for (const std::uint8_t set : step.errors) {
        errors = static_cast<std::uint16_t>(errors | set);
    }
    return errors;
}

void put_pseudo_header(Bytes& into, const Step& step) {
    const auto octets = std::min<std::size_t>(step.bytes.size(), 0xFFFF);
    put(into, std::uint8_t{1});
    put(into, static_cast<std::uint8_t>(step.kind == Step::Kind::sent ? 0 : 1));
    put(into, step.station);
    put(into, step.baud);
    put(into, errors_of(step));
    put(into, static_cast<std::uint16_t>(octets));
    put(into, static_cast<std::uint64_t>(std::max<std::int64_t>(step.end - step.start, 0)));
}

Bytes enhanced_packet(const Step& step) {
    Bytes packet;
    put_pseudo_header(packet, step);
    packet.insert(packet.end(), step.bytes.begin(), step.bytes.end());

    const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(step.start, 0));
    Bytes body;
    put(body, std::uint32_t{0}); // interface
    put(body, static_cast<std::uint32_t>(time >> 32U));
    put(body, static_cast<std::uint32_t>(time));
    put(body, static_cast<std::uint32_t>(packet.size())); // captured
    put(body, static_cast<std::uint32_t>(packet.size())); // on the wire
    body.insert(body.end(), packet.begin(), packet.end());
    pad(body);
    put_option(body, opt_comment, name_of(step.phase));
    put_option(body, opt_end, {});
    return body;
}

} // namespace

void TraceDigest::add(std::span<const std::uint8_t> body) {
    for (const std::uint8_t byte : body) {
        mix(byte);
    }
    ++packets_;
}

void TraceDigest::add_job(std::string_view comment) {
    for (const char letter : comment) {
        mix(static_cast<std::uint8_t>(letter));
    }
}

std::string TraceDigest::text() const {
    return fmt::format("{:016x}", value_);
}

std::vector<std::uint8_t> trace_pcapng(const CaseResult& result, const RunResult& run) {
    Bytes packets;
    TraceDigest digest;
    std::vector<std::string> jobs;
    for (const Step& step : result.steps) {
        if (step.kind == Step::Kind::job) {
            digest.add_job(jobs.emplace_back(job_comment(step)));
        }
    }
    for (const Step& step : result.steps) {
        if (step.kind == Step::Kind::sent || step.kind == Step::Kind::heard) {
            const Bytes packet = enhanced_packet(step);
            digest.add(packet);
            put_block(packets, enhanced_packet_block, packet);
        }
    }
    Bytes file;
    put_block(file, section_header_block, section_header(result, run, digest, jobs));
    put_block(file, interface_description_block, interface_description());
    file.insert(file.end(), packets.begin(), packets.end());
    return file;
}

} // namespace meterbench::formats
