// SPDX-License-Identifier: Apache-2.0
#include "models/faulty_master.hpp"

#include "core/link/address.hpp"
#include "models/master_octets.hpp"

#include <algorithm>

namespace meterbench::models {

namespace link = core::link;
using core::Duration;
using core::Instant;
using core::Octet;
using core::OctetErrors;
using namespace master_octets;

namespace {
/// A null master that sends something sends so many frames, so far apart.
constexpr std::size_t null_frames = 2;
constexpr Duration null_pause = std::chrono::milliseconds{400};
} // namespace

// ---- MasterDevice

MasterDevice::MasterDevice(core::Baud baud, const MasterFaultRow* row) : baud_{baud}, row_{row} {
    if (const auto* const edit = this->edit<MasterTableEdit>()) {
        const auto rows = link::primary_table();
        table_.assign(rows.begin(), rows.end());
        for (link::PrimaryRow& entry : table_) {
            if (entry.state == edit->state && entry.event == edit->event) {
                entry.action = edit->action;
                entry.next = edit->next;
            }
        }
    }
}

MasterJobConfig MasterDevice::config() const {
    MasterJobConfig config;
    config.link.baud = baud_;
    if (!table_.empty()) {
        config.link.table = table_;
    }
    if (const auto* const edit = this->edit<MasterLimitsEdit>()) {
        link::PrimaryLimits& limits = config.link.limits;
        limits.response_timeout = edit->response_timeout.value_or(limits.response_timeout);
        limits.idle = edit->idle.value_or(limits.idle);
        limits.retries = edit->retries.value_or(limits.retries);
        config.search_retries = edit->search_retries.value_or(config.search_retries);
    }
    return config;
}

// ---- FaultyMaster

FaultyMaster::FaultyMaster(MasterDevice& device, const rig::JobOrder& order,
                           std::unique_ptr<MasterJob> job)
    : device_{device}, order_{order}, job_{std::move(job)}, input_{device.edit<MasterInputEdit>()},
      output_{device.edit<MasterOutputEdit>()}, conduct_{device.edit<MasterConductEdit>()} {
    // One that only holds its tongue does the job.
    if (conduct_ != nullptr && *conduct_ == MasterConductEdit::silent && job_) {
        conduct_ = nullptr;
    }
    prepare();
}

void FaultyMaster::receive(std::span<const Octet> octets) {
    if (conduct_ != nullptr || !job_) {
        return;
    }
    if (input_ == nullptr) {
        note_heard(octets);
        job_->receive(octets);
        return prepare();
    }
    for (const Octet& octet : octets) {
        last_heard_ = octet.end;
        if (octet.start < deaf_until_) {
            continue;
        }
        if (prepared_ && !swallowed_) { // its own echo, or nothing to it
            if (has(Input::echo_heard)) {
                answer_.push_back(octet);
            }
            pass_in({&octet, 1});
        } else if (answered_) {
            if (!has(Input::surplus_unheard)) {
                pass_in({&octet, 1});
            }
        } else {
            collect(octet);
        }
    }
    prepare();
}

void FaultyMaster::pass_in(std::span<const Octet> octets) {
    job_->receive(octets);
}

void FaultyMaster::note_heard(std::span<const Octet> octets) {
    for (const Octet& octet : octets) {
        const bool fresh = answer_.empty() || answered_ ||
                           octet.start - answer_.back().end > 3 * (octet.end - octet.start);
        if (fresh) {
            answer_.clear();
        }
        answered_ = false;
        answer_.push_back(octet);
        if (answer_complete()) {
            deliver_frame();
            answered_ = true;
        }
    }
}

/// Keeps what was on the wire, for what is said of it later.
void FaultyMaster::deliver_frame() {
    const Bytes bytes = values_of(answer_);
    const bool good = clean(answer_) && link::decode_frame(bytes).has_value();
    if (good && output_ != nullptr && output_->kind == Output::fcb_shared &&
        (request_.size() > short_control_at) && (request_[control_at(request_)] & fcv_bit) != 0) {
        device_.shared_fcb = !device_.shared_fcb;
    }
    if (bytes.size() > 1) {
        (good ? last_good_ : last_bad_) = bytes;
    }
}

bool FaultyMaster::answer_complete() const {
    switch (answer_.front().value) {
    case link::start_single: return true;
    case link::start_short: return answer_.size() >= link::short_frame_size;
    case link::start_long:
        return answer_.size() >= 2 &&
               answer_.size() >= answer_[1].value + link::long_frame_overhead;
    default: return false;
    }
}

void FaultyMaster::collect(const Octet& octet) {
    if (!collecting_) {
        answer_.clear();
    }
    collecting_ = true;
    answer_.push_back(octet);
    if (answer_complete()) {
        flush();
    }
}

/// The answer is complete, or broke off: the job is told of it.
void FaultyMaster::flush() {
    collecting_ = false;
    deliver_frame();
    const Bytes raw = values_of(answer_);
    const bool good = clean(answer_) && link::decode_frame(raw).has_value();
    std::vector<Octet> answer = answer_;
    if (alter(answer)) {
        answered_ = true;
        if (values_of(answer) != raw) {
            altered_.emplace_back(values_of(answer), raw);
        }
        pass_in(answer);
    }
    if (has(Input::deaf_after_error) && !good) {
        deaf_until_ = last_heard_ + std::chrono::milliseconds{100} * input_->value;
    }
}

/// False: it is not heard at all.
bool FaultyMaster::alter(std::vector<Octet>& answer) {
    const Bytes bytes = values_of(answer);
    const bool good = clean(answer) && link::decode_frame(bytes).has_value();
    const bool to_selected = address_of(request_) == link::address::selected;
    switch (input_->kind) {
    case Input::collision_unheard: return good || !to_selected;
    case Input::long_unheard:
        return bytes.size() < 2 || bytes[0] != link::start_long || bytes[1] <= input_->value;
    case Input::reset_repeated:
        if (is_reset(request_) && !split_) {
            split_ = true;
            return false;
        }
        return true;
    case Input::short_length_taken:
        if (bytes.size() > 2 && bytes[0] == link::start_long && bytes[1] < 3 &&
            bytes[1] == bytes[2]) {
            answer = {
                {.value = link::start_single, .start = answer.front().start, .end = last_heard_}};
        }
        return true;
    default: alter_frame(answer); return true;
    }
}

void FaultyMaster::alter_frame(std::vector<Octet>& answer) const {
    Bytes bytes = values_of(answer);
    if (!is_long(bytes)) {
        return;
    }
    const bool to_selected = address_of(request_) == link::address::selected;
    const bool own = bytes[long_control_at + 1] != link::address::selected;
    switch (input_->kind) {
    case Input::checksum_unchecked: sum(bytes); break;
    case Input::stop_unchecked: bytes.back() = link::stop; break;
    case Input::length_unchecked: bytes[2] = bytes[1]; break;
    case Input::parity_unchecked:
        for (Octet& octet : answer) {
            if (octet.errors == OctetErrors::parity) {
                octet.errors = OctetErrors::none;
            }
        }
        break;
    case Input::direction_unchecked:
        bytes[long_control_at] = static_cast<std::uint8_t>(bytes[long_control_at] & ~prm_bit);
        bytes[bytes.size() - 2] = static_cast<std::uint8_t>(
            bytes[bytes.size() - 2] - (answer[long_control_at].value - bytes[long_control_at]));
        break;
    case Input::address_unchecked:
        if (!to_selected && link::decode_frame(bytes)) {
            bytes[long_control_at + 1] = address_of(request_);
            sum(bytes);
        }
        break;
    case Input::other_address_refused:
    case Input::same_address_refused:
        if (to_selected && own == (input_->kind == Input::other_address_refused)) {
            bytes[bytes.size() - 2] = static_cast<std::uint8_t>(bytes[bytes.size() - 2] ^ 0xFFU);
        }
        break;
    case Input::more_unseen:
        if (link::decode_frame(bytes) && more_follows(bytes)) {
            bytes = without_more(bytes);
        }
        break;
    case Input::more_last_only:
        if (link::decode_frame(bytes) && more_follows(bytes) &&
            bytes[bytes.size() - 3] != more_follows_dif) {
            bytes = without_more(bytes);
        }
        break;
    default: break;
    }
    set_values(answer, bytes);
}

// ---- when

void FaultyMaster::sent(Instant now) {
    last_heard_ = std::max(last_heard_, now);
    if (conduct_ != nullptr) {
        out_.clear();
        return;
    }
    prepared_ = false;
    answered_ = false;
    collecting_ = false;
    Bytes echo = has(Input::echo_heard) ? values_of(answer_) : Bytes{};
    if (echo.size() > request_.size()) { // before it came the rest of an answer
        echo.erase(echo.begin(), echo.end() - static_cast<std::ptrdiff_t>(request_.size()));
    }
    answer_.clear();
    job_->sent(now);
    if (!echo.empty() && echo == request_) {
        Instant start = now;
        for (const std::uint8_t value : echo) {
            const Octet octet{.value = value, .start = start, .end = start + Duration{1}};
            pass_in({&octet, 1});
            start = octet.end;
        }
    }
    prepare();
}

void FaultyMaster::aborted(Instant now) {
    prepared_ = false;
    if (job_ && conduct_ == nullptr) {
        job_->aborted(now);
        prepare();
    }
}

std::optional<core::Baud> FaultyMaster::listens() const {
    return job_ ? job_->listens() : device_.baud();
}

void FaultyMaster::restart(Instant now) {
    started_ = now;
    last_heard_ = now;
    prepared_ = false;
    conduct_done_ = conduct_ == nullptr ? !job_
                                        : *conduct_ != MasterConductEdit::hangs &&
                                              *conduct_ != MasterConductEdit::noise &&
                                              *conduct_ != MasterConductEdit::replay;
    if (job_) {
        job_->restart(now);
        prepare();
    }
}

std::optional<Instant> FaultyMaster::deadline() const {
    if (conduct_ != nullptr) {
        const bool sends =
            *conduct_ == MasterConductEdit::noise || *conduct_ == MasterConductEdit::replay;
        return sends && !conduct_done_
                   ? std::optional{started_ + null_pause * static_cast<int>(requests_)}
                   : std::nullopt;
    }
    if (!job_) {
        return std::nullopt;
    }
    std::optional<Instant> due;
    const auto at = [&due](std::optional<Instant> when) {
        due = when && (!due || *when < *due) ? when : due;
    };
    at(swallow_due_);
    at(made_up_due_);
    if (collecting_) {
        at(last_heard_ + link::idle_after_error.ceil(device_.baud()));
    } else {
        at(job_->deadline());
    }
    return due;
}

void FaultyMaster::expire(Instant now) {
    if (conduct_ != nullptr) {
        if (requests_ == null_frames) {
            conduct_done_ = true;
            return;
        }
        ++requests_;
        const auto address = static_cast<std::uint8_t>(
            order_.arguments.empty() ? 5 : std::atoi(order_.arguments[0].c_str()));
        const auto frame = requests_ == 1 ? link::encode_short(link::snd_nke, address)
                                          : link::encode_short(link::req_ud2(true), address);
        out_.assign(frame.bytes().begin(), frame.bytes().end());
        if (*conduct_ == MasterConductEdit::noise) {
            unsigned drawn = 12345; // the same noise always
            for (std::uint8_t& byte : out_) {
                drawn = drawn * 1103515245U + 12345U;
                byte = static_cast<std::uint8_t>(drawn >> 16U);
            }
        }
        return;
    }
    if (swallow_due_ && *swallow_due_ <= now) {
        swallow_due_.reset();
        prepared_ = false;
        answered_ = false;
        answer_.clear();
        last_heard_ = now;
        job_->sent(now);
        if (output_ != nullptr && output_->kind == Output::fcb_shared) {
            make_up(std::array{link::start_single}, now);
        }
        if (has(Input::acknowledge_alone)) {
            make_up(invented_answer(), now);
        }
    } else if (made_up_due_ && *made_up_due_ <= now) {
        made_up_due_.reset();
        answered_ = true;
        Instant end = now - core::character_bits.floor(device_.baud()) *
                                static_cast<int>(made_up_.size() - 1);
        for (const std::uint8_t value : made_up_) {
            const Octet octet{.value = value,
                              .start = end - core::character_bits.floor(device_.baud()),
                              .end = end};
            pass_in({&octet, 1});
            end += core::character_bits.floor(device_.baud());
        }
    } else if (collecting_) {
        if (last_heard_ + link::idle_after_error.ceil(device_.baud()) <= now) {
            flush();
        }
    } else {
        spoil_silence(now);
        job_->expire(now);
    }
    prepare();
}

/// Where silence counts as a collision, the job hears half a character.
void FaultyMaster::spoil_silence(Instant now) {
    const bool probe = has(Input::silence_is_collision) && is_selection(request_) &&
                       fixed_digits(request_) == 1 && !answered_ && !prepared_;
    if (!probe) {
        return;
    }
    answered_ = true;
    const Octet octet{.value = 0x55,
                      .errors = OctetErrors::parity | OctetErrors::framing,
                      .start = now - core::character_bits.floor(device_.baud()),
                      .end = now};
    pass_in({&octet, 1});
}

/// A telegram of the device that the last selection's mask would be, its wild digits 0.
std::vector<std::uint8_t> FaultyMaster::invented_answer() const {
    Bytes frame{0x68, 0x0F, 0x0F, 0x68, 0x08, link::address::selected, 0x72};
    for (std::size_t i = 0; i < 8; ++i) {
        const std::uint8_t byte = selection_.size() > i ? selection_[i] : 0;
        const unsigned high = (byte >> 4U) == 0x0F ? 0 : byte >> 4U;
        const unsigned low = (byte & 0x0FU) == 0x0F ? 0 : byte & 0x0FU;
        frame.push_back(static_cast<std::uint8_t>((high << 4U) | low));
    }
    frame.insert(frame.end(), {0x00, 0x00, 0x00, 0x00, 0x00, 0x16});
    sum(frame);
    return frame;
}

} // namespace meterbench::models
