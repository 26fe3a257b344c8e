// SPDX-License-Identifier: Apache-2.0
#include "hil/port_line.hpp"

#include "hil/clock.hpp"
#include "hil/terminal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>

namespace meterbench::hil {
namespace {

/// A port that takes nothing for so long, long after the octets should have left, is gone.
constexpr core::Duration stuck = std::chrono::seconds{5};

core::Duration characters(std::size_t count, core::Baud baud) {
    return core::bit_edge(baud, static_cast<std::int64_t>(count) * core::character_bits.numerator);
}

bool try_again() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

PortLine::PortLine(Descriptor port, PortKind kind, core::Baud baud, core::Duration uncertainty,
                   core::Duration latency)
    : port_{std::move(port)}, kind_{kind}, baud_{baud}, uncertainty_{uncertainty},
      latency_{latency}, matcher_{uncertainty}, last_read_{monotonic_now()} {}

core::Instant PortLine::now() const {
    return monotonic_now();
}

void PortLine::start(const core::Transmission& transmission) {
    listen(transmission.baud);
    matcher_.started();
    burst_end_.reset();
    transmitting_ = true;
    unwritten_ = transmission.bytes;
    sent_due_ = now() + characters(unwritten_.size(), baud_);
    if (kind_ == PortKind::rfc2217) {
        escaped_.clear();
        append_escaped(escaped_, transmission.bytes);
        unwritten_ = escaped_;
    }
    write_some();
}

void PortLine::abort() {
    if (transmitting_ && kind_ == PortKind::terminal) {
        ::tcflush(port_.get(), TCOFLUSH);
    }
    transmitting_ = false;
    unwritten_ = {};
}

void PortLine::listen(std::optional<core::Baud> baud) {
    if (!baud || *baud == baud_) {
        return;
    }
    baud_ = *baud;
    if (!set_line_rate()) {
        fail(core::FaultCode::port_refused);
    }
}

bool PortLine::set_line_rate() {
    switch (kind_) {
    case PortKind::terminal: return set_rate(port_.get(), baud_);
    case PortKind::stream: return true;
    case PortKind::rfc2217: break;
    }
    const auto request = rate_request(baud_);
    return ::send(port_.get(), request.data(), request.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(request.size());
}

core::Expected<rig::Wake> PortLine::wait(const rig::Wait& wait) {
    heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(handed_out_));
    handed_out_ = 0;
    wake_.reset();
    matcher_.begin(wait, now());
    while (true) {
        read_some();
        const core::Instant at = now();
        look_at_sending(at);
        if (!wake_ && !fault_) {
            note(matcher_.tick(at));
        }
        // What was heard before the port went away comes first.
        if (wake_) {
            return *wake_;
        }
        if (fault_) {
            return std::unexpected{*fault_};
        }
        sleep_until(matcher_.next());
    }
}

std::span<const core::Octet> PortLine::heard() {
    const std::span<const core::Octet> fresh = std::span{heard_}.subspan(handed_out_);
    handed_out_ = heard_.size();
    return fresh;
}

std::optional<core::Instant> PortLine::sent() {
    return std::exchange(sent_, std::nullopt);
}

void PortLine::write_some() {
    while (!unwritten_.empty()) {
        // Before, not behind: a program that is held up in between would find answers early.
        const core::Instant at = now();
        const ssize_t count =
            kind_ == PortKind::terminal
                ? ::write(port_.get(), unwritten_.data(), unwritten_.size())
                : ::send(port_.get(), unwritten_.data(), unwritten_.size(), MSG_NOSIGNAL);
        if (count < 0) {
            if (!try_again()) {
                fail(core::FaultCode::port_lost);
            }
            return;
        }
        // After a pause the rest leaves later than the start promised.
        sent_due_ = std::max(sent_due_, at + characters(static_cast<std::size_t>(count), baud_));
        unwritten_ = unwritten_.subspan(static_cast<std::size_t>(count));
    }
}

void PortLine::read_some() {
    if (fault_) {
        return;
    }
    std::array<std::uint8_t, 4096> buffer;
    const ssize_t count = ::read(port_.get(), buffer.data(), buffer.size());
    if (count > 0) {
        take(std::span{buffer}.first(static_cast<std::size_t>(count)), now());
    } else if (count == 0 || !try_again()) {
        fail(core::FaultCode::port_lost);
    }
}

void PortLine::take(std::span<const std::uint8_t> bytes, core::Instant at) {
    const std::size_t first = heard_.size();
    for (const std::uint8_t byte : bytes) {
        if (kind_ == PortKind::stream) {
            heard_.push_back({.value = byte});
        } else if (kind_ == PortKind::rfc2217) {
            take_telnet(byte);
        } else if (const auto character = marks_.push(byte)) {
            heard_.push_back({.value = character->value, .errors = character->errors});
        }
    }
    set_times(std::span{heard_}.subspan(first), at);
    last_read_ = at;
    if (first < heard_.size() && transmitting_ && unwritten_.empty()) {
        finish_sending(std::min(sent_due_, heard_[first].start));
    }
    for (std::size_t i = first; i < heard_.size(); ++i) {
        note(matcher_.heard(heard_[i]));
    }
}

void PortLine::take_telnet(std::uint8_t byte) {
    const auto event = telnet_.push(byte);
    if (!event) {
        return;
    }
    if (event->kind == TelnetEvent::Kind::data) {
        heard_.push_back({.value = event->value});
    } else if (const auto rate = rate_answer(*event, telnet_.payload()); rate && *rate != baud_) {
        fail(core::FaultCode::port_refused); // it stayed at another rate
    }
}

void PortLine::set_times(std::span<core::Octet> octets, core::Instant at) {
    const core::Duration character = characters(1, baud_);
    std::size_t following = octets.size();
    core::Instant before = last_read_;
    for (core::Octet& octet : octets) {
        octet.end = std::max(before, at - characters(--following, baud_));
        octet.start = octet.end - character;
        // A pause that the port's lateness explains is none: a receiver would break the frame off.
        if (burst_end_ && octet.start <= *burst_end_ + uncertainty_) {
            octet.start = *burst_end_;
        }
        before = octet.end;
        burst_end_ = octet.end;
    }
}

void PortLine::finish_sending(core::Instant end) {
    transmitting_ = false;
    sent_ = end;
    note(matcher_.sent(end));
}

void PortLine::look_at_sending(core::Instant at) {
    if (!transmitting_) {
        return;
    }
    write_some();
    if (unwritten_.empty()) {
        if (sent_due_ <= at) {
            finish_sending(sent_due_);
        }
    } else if (sent_due_ + stuck <= at) {
        fail(core::FaultCode::port_lost);
    }
}

void PortLine::sleep_until(core::Instant until) {
    if (transmitting_) {
        until = std::min(until, unwritten_.empty() ? sent_due_ : sent_due_ + stuck);
    }
    const timespec left = to_timespec(std::max(until - now(), core::Duration::zero()));
    const bool writing = transmitting_ && !unwritten_.empty();
    pollfd item{port_.get(), static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0};
    const int ready = ::ppoll(&item, 1, &left, nullptr);
    const bool gone = (item.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    // What came before the end is still to be read.
    if (ready > 0 && gone && (item.revents & POLLIN) == 0) {
        fail(core::FaultCode::port_lost);
    }
}

void PortLine::note(std::optional<rig::Wake> wake) {
    if (!wake_) {
        wake_ = wake;
    }
}

void PortLine::fail(core::FaultCode code) {
    if (!fault_) {
        fault_ = core::make_fault(code);
    }
}

} // namespace meterbench::hil
