// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/selection.hpp"
#include "core/link/secondary_station.hpp"
#include "rig/line.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace meterbench::tests {

/// A meter's application: an identity, and telegrams that carry it in their long header.
class StationApplication : public core::link::MeterApplication, private core::link::TelegramSource {
  public:
    StationApplication(const core::application::DeviceId& device, std::size_t telegrams,
                       std::optional<std::uint32_t> fabrication, std::size_t serial)
        : device_{device}, fabrication_{fabrication} {
        for (std::size_t i = 0; i < telegrams; ++i) {
            Bytes bytes{0x72};
            bytes.resize(1 + 8);
            (void)core::application::encode_device_id(device, std::span{bytes}.subspan(1));
            // Access number, status, configuration; volumes, of which no two meters have the same.
            bytes.insert(bytes.end(), {0, 0, 0, 0, 0x01, 0x13, static_cast<std::uint8_t>(i)});
            std::uint64_t value = 0x9E3779B97F4A7C15U * (serial + 1);
            for (int records = 0; records < 2; ++records) {
                bytes.insert(bytes.end(), {0x04, 0x13});
                for (int byte = 0; byte < 4; ++byte, value >>= 8U) {
                    bytes.push_back(static_cast<std::uint8_t>(value));
                }
            }
            if (i + 1 < telegrams) {
                bytes.push_back(0x1F);
            }
            telegrams_.push_back(std::move(bytes));
        }
    }
    std::optional<Bytes> alarm; ///< user data of the answer to REQ_UD1; none: E5h
    bool takes_every_mask = false;
    std::vector<Bytes> executed;
    std::function<void(std::span<const std::uint8_t>)> on_execute;

    [[nodiscard]] const core::application::DeviceId& device() const { return device_; }
    [[nodiscard]] core::link::TelegramSource& class2() override { return *this; }
    [[nodiscard]] std::optional<core::link::Telegram> class1(bool /*fresh*/,
                                                             core::Instant /*now*/) override {
        return alarm ? std::optional{core::link::Telegram{.user_data = *alarm}} : std::nullopt;
    }
    [[nodiscard]] bool has_class1() const override { return true; }
    [[nodiscard]] bool matches(std::span<const std::uint8_t> mask) const override {
        return takes_every_mask ||
               core::application::selection_matches(mask, device_, fabrication_);
    }
    void execute(std::span<const std::uint8_t> user_data, core::Instant /*now*/) override {
        executed.emplace_back(user_data.begin(), user_data.end());
        if (on_execute) {
            on_execute(user_data);
        }
    }
    void restart(core::Instant /*now*/) override { rewind(); }
    std::vector<Bytes>& telegrams() { return telegrams_; }

  private:
    void rewind() override { index_.reset(); }
    [[nodiscard]] core::link::Telegram next(core::Instant now) override {
        index_ = index_ ? (*index_ + 1) % telegrams_.size() : 0;
        return current(now);
    }
    [[nodiscard]] core::link::Telegram current(core::Instant /*now*/) override {
        index_ = index_.value_or(0);
        return {.user_data = telegrams_[*index_]};
    }

    core::application::DeviceId device_;
    std::optional<std::uint32_t> fabrication_;
    std::vector<Bytes> telegrams_;
    std::optional<std::size_t> index_;
};

/// A bus of many meters in a time of its own, fast: requests reach the stations when they have
/// ended, answers that overlap are added up bit by bit and sampled as a receiver does. Hooks lose,
/// spoil and delay what passes.
class StationBus : public rig::Line {
  public:
    struct Answer {
        core::Instant start{};
        Bytes bytes;
        core::Baud baud{};
        std::size_t station = 0;
        [[nodiscard]] core::Instant end() const {
            return start + core::bit_edge(baud, 11 * std::ssize(bytes));
        }
    };
    struct Station {
        std::unique_ptr<StationApplication> application;
        std::unique_ptr<core::link::SecondaryStation> link;
        core::Baud rate{};                   ///< at which it hears and answers
        std::optional<core::Baud> next_rate; ///< from its next request on
        core::Instant busy_until{};
        bool busy = false;
        bool powered = true;
    };

    /// Whether request number n (from 0) reaches station s; whether and how its answer leaves.
    std::function<bool(std::size_t, std::size_t)> request_arrives;
    std::function<bool(std::size_t, Answer&)> answer_leaves;
    /// What the master's receiver makes of one octet of the answers to request n.
    std::function<bool(std::size_t, core::Octet&)> octet_passes;
    /// Called when request n is on the wire, before anybody hears it.
    std::function<void(std::size_t)> before;
    bool echo = false;

    std::size_t add(const core::application::DeviceId& device, std::uint8_t address = 0,
                    std::size_t telegrams = 1, std::optional<std::uint32_t> fabrication = {},
                    core::Limit delay = core::link::reply_earliest) {
        Station station;
        station.application =
            std::make_unique<StationApplication>(device, telegrams, fabrication, stations_.size());
        station.link = std::make_unique<core::link::SecondaryStation>(
            core::link::SecondaryConfig{.address = address, .limits = {.response_delay = delay}},
            *station.application);
        stations_.push_back(std::move(station));
        return stations_.size() - 1;
    }
    [[nodiscard]] Station& station(std::size_t index) { return stations_[index]; }
    [[nodiscard]] const std::vector<Bytes>& requests() const { return requests_; }
    [[nodiscard]] std::size_t selections() const { return selections_; }
    /// Something on the wire that is no answer: octets without a pause.
    void babble(core::Instant start, std::size_t octets) {
        add_answer(
            {.start = start, .bytes = Bytes(octets, 0x55), .baud = baud_, .station = SIZE_MAX});
    }
    /// Time that characters took, either way.
    [[nodiscard]] core::Duration on_the_wire() const { return on_the_wire_; }
    void keep_requests(bool keep) { keep_requests_ = keep; }

    // ---- rig::Line
    void start(const core::Transmission& transmission) override {
        out_.assign(transmission.bytes.begin(), transmission.bytes.end());
        out_baud_ = transmission.baud;
        out_start_ = now_;
        out_end_ = now_ + core::bit_edge(out_baud_, 11 * std::ssize(out_));
        sending_ = true;
        on_the_wire_ += out_end_ - out_start_;
        if (echo) {
            add_answer({.start = now_, .bytes = out_, .baud = out_baud_, .station = SIZE_MAX});
        }
    }
    void abort() override { sending_ = false; }
    void listen(std::optional<core::Baud> baud) override { baud_ = baud.value_or(baud_); }
    [[nodiscard]] core::Instant now() const override { return now_; }
    [[nodiscard]] core::Expected<rig::Wake> wait(const rig::Wait& wait) override {
        core::Instant next = std::max(now_, wait.deadline);
        if (rig::has(wait.match, rig::Match::silence)) {
            next = std::min(next, now_ + wait.silence);
        }
        rig::Match match = rig::Match::none;
        if (sending_ && out_end_ <= next) {
            next = out_end_;
            match = rig::Match::sent;
        }
        if (!coming_ready_) {
            sample();
        }
        if (position_ < coming_.size() && coming_[position_].end <= next) {
            next = coming_[position_].end;
            match = rig::Match::octet;
        }
        now_ = std::max(now_, next);
        if (match == rig::Match::sent) {
            sending_ = false;
            sent_ = now_;
            arrive();
        } else if (match == rig::Match::octet) {
            core::Octet octet = coming_[position_++];
            heard_until_ = octet.end;
            if (!octet_passes || octet_passes(request_, octet)) {
                heard_.push_back(octet);
            }
        }
        return rig::Wake{match, now_};
    }
    [[nodiscard]] std::span<const core::Octet> heard() override {
        handed_out_ = std::exchange(heard_, {});
        return handed_out_;
    }
    [[nodiscard]] std::optional<core::Instant> sent() override {
        return std::exchange(sent_, std::nullopt);
    }
    [[nodiscard]] core::Baud baud() const override { return baud_; }
    [[nodiscard]] core::Duration uncertainty() const override { return {}; }

  private:
    void arrive() {
        request_ = count_++;
        if (keep_requests_) {
            requests_.push_back(out_);
        }
        selections_ += out_.size() > 9 && out_[5] == 0xFD && out_[6] == 0x52 ? 1U : 0U;
        if (before) {
            before(request_);
        }
        const auto characters = octets(out_, out_start_, out_baud_);
        for (std::size_t i = 0; i < stations_.size(); ++i) {
            hear(stations_[i], i, characters);
        }
    }
    /// A station keeps the rate it was made with; at another one it is told of the characters as if
    /// they had that, ending when they do.
    void hear(Station& station, std::size_t index, std::span<const core::Octet> sent) {
        std::vector<core::Octet> converted;
        if (station.rate != core::Baud{}) {
            const auto length = core::bit_edge(core::Baud{}, 11 * std::ssize(out_));
            converted = octets(out_, out_end_ - length, core::Baud{});
        }
        const auto characters = converted.empty() ? sent : std::span<const core::Octet>{converted};
        if (station.next_rate) {
            settle(station, out_end_);
            station.rate = *std::exchange(station.next_rate, std::nullopt);
        }
        if (!station.powered || station.rate != out_baud_ ||
            (request_arrives && !request_arrives(request_, index))) {
            settle(station, out_end_);
            return;
        }
        if (station.busy) {
            for (const core::Octet& octet : characters) {
                settle(station, octet.end);
                station.link->receive({&octet, 1});
            }
        } else {
            station.link->receive(characters);
        }
        const auto transmission = station.link->transmit();
        if (!transmission || station.busy) {
            return;
        }
        Answer answer{.start = transmission->not_before,
                      .bytes = {transmission->bytes.begin(), transmission->bytes.end()},
                      .baud = station.rate,
                      .station = index};
        const bool leaves = !answer_leaves || answer_leaves(request_, answer);
        station.busy = true;
        station.busy_until = answer.end();
        if (leaves) {
            add_answer(std::move(answer));
        } else {
            settle(station, answer.end());
        }
    }
    static void settle(Station& station, core::Instant now) {
        if (station.busy && station.busy_until <= now) {
            station.busy = false;
            station.link->sent(station.busy_until);
        }
    }
    void add_answer(Answer answer) {
        std::erase_if(answers_, [&](const Answer& old) { return old.end() <= heard_until_; });
        on_the_wire_ += answer.end() - answer.start;
        answers_.push_back(std::move(answer));
        coming_ready_ = false;
    }

    // ---- the wave of all answers, sampled
    [[nodiscard]] static bool level_of(const Answer& answer, core::Instant time) {
        const std::int64_t bit = (time - answer.start).count() * answer.baud.value / 1'000'000'000;
        if (time < answer.start || bit >= 11 * std::ssize(answer.bytes)) {
            return true;
        }
        const std::uint8_t byte = answer.bytes[static_cast<std::size_t>(bit / 11)];
        switch (const auto place = static_cast<unsigned>(bit % 11)) {
        case 0: return false;
        case 9: return (__builtin_popcount(byte) & 1) != 0;
        case 10: return true;
        default: return ((byte >> (place - 1)) & 1U) != 0;
        }
    }
    [[nodiscard]] bool level(core::Instant time) const {
        return std::ranges::all_of(answers_, [&](const Answer& a) { return level_of(a, time); });
    }
    /// The next instant from `from` at which the wave is (again) at `wanted`.
    [[nodiscard]] std::optional<core::Instant> next_level(core::Instant from, bool wanted) const {
        if (level(from) == wanted) {
            return from;
        }
        std::optional<core::Instant> found;
        for (const Answer& answer : answers_) {
            const std::int64_t bits = 11 * std::ssize(answer.bytes);
            std::int64_t bit = std::max<std::int64_t>(0, (from - answer.start).count() *
                                                             answer.baud.value / 1'000'000'000);
            for (; bit <= bits; ++bit) {
                const core::Instant edge = answer.start + core::BitTime{bit}.ceil(answer.baud);
                if (found && edge >= *found) {
                    break;
                }
                if (edge >= from && level(edge) == wanted) {
                    found = edge;
                    break;
                }
            }
        }
        return found;
    }
    void sample() {
        coming_ready_ = true;
        coming_.clear();
        position_ = 0;
        if (answers_.size() == 1 && answers_.front().start >= heard_until_) {
            const Answer& only = answers_.front();
            if (only.baud == baud_) {
                coming_ = octets(only.bytes, only.start, only.baud);
                return;
            }
        }
        // Past the stop bit of what was heard, and when the line is back at mark.
        const auto mark = next_level(heard_until_ + core::BitTime{1, 2}.floor(baud_), true);
        core::Instant from = mark.value_or(core::Instant::max());
        while (const auto start = mark ? next_level(from, false) : std::nullopt) {
            coming_.push_back(sample_character(*start));
            const auto end = *start + core::BitTime{21, 2}.floor(baud_);
            const auto high = next_level(end, true);
            if (!high) {
                return;
            }
            from = *high;
        }
    }
    [[nodiscard]] core::Octet sample_character(core::Instant start) const {
        unsigned bits = 0;
        for (int bit = 0; bit < 11; ++bit) {
            const core::Instant middle = start + core::BitTime{2 * bit + 1, 2}.floor(baud_);
            bits |= (level(middle) ? 1U : 0U) << static_cast<unsigned>(bit);
        }
        core::Octet octet{.value = static_cast<std::uint8_t>(bits >> 1U),
                          .start = start,
                          .end = start + core::bit_edge(baud_, 11)};
        if ((__builtin_popcount(bits & 0x3FEU) & 1) != 0) {
            octet.errors = octet.errors | core::OctetErrors::parity;
        }
        if ((bits & 0x400U) == 0) {
            octet.errors = octet.errors | core::OctetErrors::framing;
        }
        return octet;
    }

    std::vector<Station> stations_;
    core::Instant now_{};
    core::Baud baud_{};
    Bytes out_;
    core::Baud out_baud_{};
    core::Instant out_start_{};
    core::Instant out_end_{};
    bool sending_ = false;
    std::optional<core::Instant> sent_;
    std::size_t request_ = 0;
    std::size_t count_ = 0;
    std::size_t selections_ = 0;
    bool keep_requests_ = true;
    std::vector<Bytes> requests_;
    std::vector<Answer> answers_;
    core::Instant heard_until_{};
    bool coming_ready_ = true;
    std::vector<core::Octet> coming_;
    std::size_t position_ = 0;
    std::vector<core::Octet> heard_;
    std::vector<core::Octet> handed_out_;
    core::Duration on_the_wire_{};
};

} // namespace meterbench::tests
