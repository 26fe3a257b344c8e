// SPDX-License-Identifier: Apache-2.0
#include "harness/recording_line.hpp"

#include <algorithm>
#include <utility>

namespace meterbench::harness {

using core::CharacterException;
using core::Octet;
using core::OctetErrors;
using formats::Step;

namespace {

OctetErrors errors_of(CharacterException::Kind kind) {
    switch (kind) {
    case CharacterException::Kind::none: return OctetErrors::none;
    case CharacterException::Kind::parity: return OctetErrors::parity;
    case CharacterException::Kind::framing: return OctetErrors::framing;
    case CharacterException::Kind::break_: return OctetErrors::break_ | OctetErrors::framing;
    }
    return OctetErrors::none;
}

/// An all-clean list says nothing and is left out.
void tidy(std::vector<std::uint8_t>& errors) {
    if (std::ranges::all_of(errors, [](std::uint8_t e) { return e == 0; })) {
        errors.clear();
    }
}

/// At which rate a character was sent, to a Bd.
std::uint32_t rate_of(const Octet& octet) {
    const std::int64_t length = std::max<std::int64_t>((octet.end - octet.start).count(), 1);
    const std::int64_t bits = core::character_bits.numerator * std::nano::den;
    return static_cast<std::uint32_t>((bits + length / 2) / length);
}

} // namespace

void RecordingLine::start(const core::Transmission& transmission) {
    if (!inner_.overhears()) {
        flush();
    }
    sending_ = Step{};
    sending_.kind = Step::Kind::sent;
    sending_.start = nanoseconds(inner_.now());
    sending_.baud = transmission.baud.value;
    sending_.bytes.assign(transmission.bytes.begin(), transmission.bytes.end());
    sending_.errors.assign(sending_.bytes.size(), 0);
    for (const CharacterException& exception : transmission.exceptions) {
        if (exception.index < sending_.errors.size()) {
            sending_.errors[exception.index] = static_cast<std::uint8_t>(errors_of(exception.kind));
        }
    }
    tidy(sending_.errors);
    sent_.reset();
    under_way_ = !inner_.overhears();
    inner_.start(transmission);
}

void RecordingLine::abort() {
    inner_.abort();
    if (under_way_) {
        const core::Duration elapsed =
            inner_.now().time_since_epoch() - core::Duration{sending_.start};
        const core::Duration character =
            core::character_bits.ceil(core::Baud{std::max(sending_.baud, 1U)});
        end_sending(inner_.now(), static_cast<std::size_t>(elapsed / character));
    }
}

void RecordingLine::listen(std::optional<core::Baud> baud) {
    listening_ = baud.value_or(inner_.baud());
    inner_.listen(baud);
}

core::Expected<rig::Wake> RecordingLine::wait(const rig::Wait& wait) {
    return inner_.wait(wait);
}

std::optional<core::Instant> RecordingLine::sent() {
    look_at_sent();
    if (under_way_ && sent_) {
        end_sending(*sent_, sending_.bytes.size());
    }
    return std::exchange(sent_, {});
}

void RecordingLine::look_at_sent() {
    if (const auto end = inner_.sent()) {
        sent_ = end;
    }
}

void RecordingLine::end_sending(core::Instant end, std::size_t count) {
    under_way_ = false;
    sending_.bytes.resize(std::min(count, sending_.bytes.size()));
    sending_.errors.resize(std::min(sending_.errors.size(), sending_.bytes.size()));
    sending_.end = nanoseconds(end);
    monitor_.sent(sending_.bytes, core::Instant{core::Duration{sending_.start}}, end,
                  core::Baud{std::max(sending_.baud, 1U)});
    sink_(std::exchange(sending_, {}));
}

/// Both directions in the order of time.
std::span<const Octet> RecordingLine::heard() {
    const auto octets = inner_.heard();
    auto other = inner_.overheard();
    look_at_sent();
    for (const Octet& octet : octets) {
        if (under_way_ && sent_ && *sent_ <= octet.start) {
            end_sending(*sent_, sending_.bytes.size());
        }
        while (!other.empty() && other.front().start < octet.start) {
            overhear(other.front());
            other = other.subspan(1);
        }
        monitor_.heard({&octet, 1});
        add(heard_, octet);
    }
    for (const Octet& octet : other) {
        overhear(octet);
    }
    return octets;
}

void RecordingLine::overhear(const Octet& octet) {
    monitor_.overheard({&octet, 1});
    add(overheard_, octet);
}

void RecordingLine::add(Group& group, const Octet& octet) {
    const core::Duration idle = core::link::idle_after_error.floor(listening_);
    if (!group.octets.empty() && octet.start - group.octets.back().end >= idle) {
        flush(group);
    }
    group.octets.push_back(octet);
    if (octet.errors != OctetErrors::none ||
        (group.frame_possible && group.scan.push(octet.value))) {
        group.frame_possible = false;
    }
    if (group.frame_possible && group.scan.complete()) {
        flush(group);
    }
}

void RecordingLine::flush() {
    flush(heard_);
}

void RecordingLine::finish() {
    flush(heard_);
    flush(overheard_);
}

void RecordingLine::flush(Group& group) {
    group.scan.reset();
    group.frame_possible = true;
    if (group.octets.empty()) {
        return;
    }
    Step step;
    step.kind = group.kind;
    step.start = nanoseconds(group.octets.front().start);
    step.end = nanoseconds(group.octets.back().end);
    step.baud = inner_.overhears() ? rate_of(group.octets.front()) : listening_.value;
    for (const Octet& octet : group.octets) {
        step.bytes.push_back(octet.value);
        step.errors.push_back(static_cast<std::uint8_t>(octet.errors));
    }
    tidy(step.errors);
    group.octets.clear();
    sink_(std::move(step));
}

} // namespace meterbench::harness
