// SPDX-License-Identifier: Apache-2.0
#include "models/faulty_master.hpp"

#include "core/application/telegram.hpp"
#include "core/link/address.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::models {

namespace link = core::link;
using core::Duration;
using core::Instant;
using core::Octet;
using core::OctetErrors;
using core::master::ReadoutLine;
using Line = ReadoutLine::Kind;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t short_control_at = 1;
constexpr std::size_t long_control_at = 4;
constexpr std::size_t user_data_at = 6;
constexpr std::uint8_t fcb_bit = 0x20;
constexpr std::uint8_t fcv_bit = 0x10;
constexpr std::uint8_t prm_bit = 0x40;
constexpr std::uint8_t ci_selection = 0x52;
constexpr std::uint8_t ci_data = 0x51;
constexpr std::uint8_t more_follows_dif = 0x1F;
constexpr std::uint8_t manufacturer_dif = 0x0F;
/// Of the identification number in a selection frame, and of what follows it.
constexpr std::size_t selection_id_at = 7;
constexpr std::size_t selection_manufacturer_at = 11;
constexpr std::size_t selection_size = 17;
/// A null master that sends something sends so many frames, so far apart.
constexpr std::size_t null_frames = 2;
constexpr Duration null_pause = std::chrono::milliseconds{400};

bool is_long(std::span<const std::uint8_t> frame) {
    return frame.size() > link::long_frame_overhead && frame[0] == link::start_long;
}

std::size_t control_at(std::span<const std::uint8_t> frame) {
    return is_long(frame) ? long_control_at : short_control_at;
}

std::uint8_t address_of(std::span<const std::uint8_t> frame) {
    const std::size_t at = control_at(frame) + 1;
    return frame.size() > at ? frame[at] : 0;
}

bool is_selection(std::span<const std::uint8_t> frame) {
    return frame.size() >= selection_size && is_long(frame) &&
           frame[long_control_at + 1] == link::address::selected &&
           frame[user_data_at] == ci_selection;
}

bool is_reset(std::span<const std::uint8_t> frame) {
    return frame.size() == link::short_frame_size && frame[short_control_at] == 0x40;
}

bool is_request(std::span<const std::uint8_t> frame) {
    return frame.size() == link::short_frame_size && !is_reset(frame);
}

/// Digit i of the number of a selection, the most significant first.
unsigned selection_digit(std::span<const std::uint8_t> frame, std::size_t i) {
    const std::uint8_t byte = frame[selection_id_at + 3 - i / 2];
    return i % 2 == 0 ? byte >> 4U : byte & 0x0FU;
}

/// How many digits stand before the first wild one.
std::size_t fixed_digits(std::span<const std::uint8_t> frame) {
    std::size_t count = 0;
    while (count < 8 && selection_digit(frame, count) != 0x0F) {
        ++count;
    }
    return count;
}

Bytes values_of(std::span<const Octet> octets) {
    Bytes bytes;
    bytes.reserve(octets.size());
    for (const Octet& octet : octets) {
        bytes.push_back(octet.value);
    }
    return bytes;
}

void set_values(std::vector<Octet>& octets, const Bytes& bytes) {
    for (std::size_t i = 0; i < std::min(octets.size(), bytes.size()); ++i) {
        octets[i].value = bytes[i];
    }
}

void sum(Bytes& frame) {
    const std::size_t from = control_at(frame);
    if (frame.size() > from + 2) {
        frame[frame.size() - 2] =
            link::checksum(std::span{frame}.subspan(from, frame.size() - from - 2));
    }
}

bool clean(std::span<const Octet> octets) {
    return std::ranges::all_of(octets,
                               [](const Octet& o) { return o.errors == OctetErrors::none; });
}

std::span<const std::uint8_t> user_data(const Bytes& frame) {
    return std::span{frame}.subspan(user_data_at, frame.size() - user_data_at - 2);
}

bool more_follows(const Bytes& frame) {
    return is_long(frame) && core::application::more_follows(user_data(frame));
}

/// The frame with DIF 0Fh instead of the DIF 1Fh that says that more telegrams follow.
Bytes without_more(Bytes frame) {
    for (std::size_t i = frame.size() - 3; i > user_data_at; --i) {
        if (frame[i] == more_follows_dif) {
            Bytes changed = frame;
            changed[i] = manufacturer_dif;
            if (!more_follows(changed)) {
                sum(changed);
                return changed;
            }
        }
    }
    return frame;
}

/// What a null master prints, whatever the meter says.
Bytes canned_telegram() {
    Bytes frame{0x68, 0x1B, 0x1B, 0x68, 0x08, 0x05, 0x72, 0x78, 0x56, 0x34, 0x12,
                0x58, 0x34, 0x01, 0x04, 0x01, 0x00, 0x00, 0x00, 0x0C, 0x06, 0x34,
                0x12, 0x00, 0x00, 0x0C, 0x14, 0x27, 0x04, 0x85, 0x00, 0x00, 0x16};
    sum(frame);
    return frame;
}

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

// ---- what goes out

std::optional<core::Transmission> FaultyMaster::transmit() const {
    if (conduct_ != nullptr) {
        if (out_.empty()) {
            return std::nullopt;
        }
        return core::Transmission{.bytes = out_, .baud = device_.baud()};
    }
    if (!prepared_ || swallowed_) {
        return std::nullopt;
    }
    core::Transmission transmission = shape_;
    transmission.bytes = out_;
    transmission.exceptions = exceptions_;
    return transmission;
}

/// Makes what is really sent of what the job wants to send, once.
void FaultyMaster::prepare() {
    if (conduct_ != nullptr || !job_ || prepared_) {
        return;
    }
    const auto wanted = job_->transmit();
    if (!wanted) {
        return;
    }
    prepared_ = true;
    swallowed_ = false;
    shape_ = *wanted;
    const Bytes before = std::exchange(request_, {wanted->bytes.begin(), wanted->bytes.end()});
    split_ = split_ && request_ == before;
    if (is_selection(request_)) {
        selection_.assign(request_.begin() + selection_id_at,
                          request_.begin() + selection_id_at + 8);
    }
    out_ = request_;
    exceptions_.clear();
    if (output_ != nullptr && concerned()) {
        spoil();
    }
    swallowed_ = swallowed_ ||
                 (has(Input::acknowledge_alone) && order_.job == "search" && is_request(request_));
    other_rate_ = other_rate_ || (!swallowed_ && wanted->baud != device_.baud());
    if (swallowed_) {
        const auto bits = static_cast<std::int64_t>(out_.size()) * core::character_bits.numerator;
        swallow_due_ =
            std::max(wanted->not_before, last_heard_) + core::BitTime{bits}.ceil(wanted->baud);
    }
}

bool FaultyMaster::concerned() const {
    switch (output_->which) {
    case Which::every: return true;
    case Which::short_ones: return !is_long(request_);
    case Which::long_ones: return is_long(request_);
    case Which::resets: return is_reset(request_);
    case Which::requests: return is_request(request_);
    case Which::requests_selected:
        return is_request(request_) && address_of(request_) == link::address::selected;
    case Which::deselections:
        return is_reset(request_) && address_of(request_) == link::address::selected;
    case Which::selections_with_nine:
    case Which::selections_beyond_number: return is_selection(request_) && selection_concerned();
    case Which::at_new_rate: return shape_.baud != device_.baud();
    case Which::after_new_rate: return other_rate_ && shape_.baud == device_.baud();
    }
    return false;
}

bool FaultyMaster::selection_concerned() const {
    const std::size_t fixed = fixed_digits(request_);
    if (output_->which == Which::selections_with_nine) {
        return fixed > 0 && fixed < 8 && selection_digit(request_, fixed - 1) == 9;
    }
    return fixed == 8 && request_[selection_manufacturer_at] != 0xFF;
}

void FaultyMaster::sum_again() {
    sum(out_);
}

void FaultyMaster::spoil() {
    const auto size = static_cast<int>(out_.size());
    const int at = output_->at < 0 ? size + output_->at : output_->at;
    const auto index = static_cast<std::size_t>(std::clamp(at, 0, size - 1));
    const auto flipped = [this](std::size_t i) {
        out_[i] = static_cast<std::uint8_t>(out_[i] ^ output_->value);
    };
    switch (output_->kind) {
    case Output::flip: return flipped(index);
    case Output::flip_summed: flipped(control_at(out_)); return sum_again();
    case Output::length_by:
        if (is_long(out_)) {
            out_[1] = static_cast<std::uint8_t>(out_[1] + output_->value);
            out_[2] = out_[1];
        }
        return;
    case Output::odd_parity:
        for (std::uint32_t i = 0; i < out_.size(); ++i) {
            exceptions_.push_back({i, core::CharacterException::Kind::parity, {}});
        }
        return;
    case Output::gap:
        exceptions_.push_back({static_cast<std::uint32_t>(out_.size() / 2),
                               core::CharacterException::Kind::none,
                               core::BitTime{output_->value}});
        return;
    case Output::gap_all: shape_.gap = core::BitTime{output_->value, 8}; return;
    case Output::rate: {
        constexpr std::int64_t thousand = 1000;
        const std::int64_t rate =
            std::int64_t{shape_.baud.value} * (thousand + output_->at) / thousand;
        shape_.baud = core::Baud{static_cast<std::uint32_t>(rate)};
        return;
    }
    case Output::fcb_set:
    case Output::fcb_inverted:
    case Output::fcb_toggles:
    case Output::fcb_shared:
    case Output::fcv_clear: return spoil_count_bit();
    case Output::to_broadcast:
        if (is_request(request_) && address_of(request_) <= link::address::last_individual) {
            out_[2] = link::address::broadcast;
            sum_again();
        }
        return;
    case Output::selection_ci:
    case Output::selection_short:
    case Output::selection_msb_first: return is_selection(request_) ? spoil_selection() : void();
    case Output::data_cut:
    case Output::data_ci: return spoil_data();
    case Output::not_sent: swallowed_ = true; return;
    }
}

void FaultyMaster::spoil_count_bit() {
    std::uint8_t& control = out_[control_at(out_)];
    if (is_reset(request_)) {
        toggle_ = true;
        swallowed_ = output_->kind == Output::fcb_shared;
        return;
    }
    if ((control & fcv_bit) == 0) {
        return;
    }
    const auto set = [&control](bool on) {
        control = static_cast<std::uint8_t>(on ? control | fcb_bit : control & ~fcb_bit);
    };
    switch (output_->kind) {
    case Output::fcb_set: set(output_->value != 0); break;
    case Output::fcb_inverted: set((control & fcb_bit) == 0); break;
    case Output::fcb_toggles:
        set(toggle_);
        toggle_ = !toggle_;
        break;
    case Output::fcb_shared: set(device_.shared_fcb); break;
    default: control = static_cast<std::uint8_t>(control & ~(fcb_bit | fcv_bit)); break;
    }
    sum_again();
}

void FaultyMaster::spoil_selection() {
    switch (output_->kind) {
    case Output::selection_ci: out_[user_data_at] = output_->value; break;
    case Output::selection_short:
        out_.erase(out_.end() - 3);
        --out_[1];
        --out_[2];
        break;
    default:
        std::reverse(out_.begin() + selection_id_at, out_.begin() + selection_id_at + 4);
        break;
    }
    sum_again();
}

void FaultyMaster::spoil_data() {
    if (!is_long(request_) || request_[user_data_at] != ci_data || request_.size() < 10) {
        return;
    }
    if (output_->kind == Output::data_ci) {
        out_[user_data_at] = output_->value;
    } else {
        out_.erase(out_.end() - 3);
        --out_[1];
        --out_[2];
    }
    sum_again();
}

/// The job will hear this, and nobody else.
void FaultyMaster::make_up(std::span<const std::uint8_t> bytes, Instant now) {
    constexpr Duration delay = std::chrono::milliseconds{20};
    made_up_.assign(bytes.begin(), bytes.end());
    const auto bits = static_cast<std::int64_t>(bytes.size()) * core::character_bits.numerator;
    made_up_due_ = now + delay + core::BitTime{bits}.ceil(device_.baud());
}

void FaultyMaster::sent(Instant now) {
    last_heard_ = std::max(last_heard_, now);
    if (conduct_ != nullptr) {
        out_.clear();
        return;
    }
    prepared_ = false;
    answered_ = false;
    collecting_ = false;
    const Bytes echo = has(Input::echo_heard) ? values_of(answer_) : Bytes{};
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

// ---- what it says

bool FaultyMaster::done() const {
    return conduct_ != nullptr || !job_ ? conduct_done_ : job_->done();
}

rig::JobResult FaultyMaster::result() const {
    rig::JobResult result;
    result.status = rig::job_done;
    const std::string address = order_.arguments.empty() ? "5" : order_.arguments[0];
    if (conduct_ != nullptr) {
        switch (*conduct_) {
        case MasterConductEdit::canned:
        case MasterConductEdit::replay:
            result.lines = {{Line::telegram, address, canned_telegram(), {}}};
            break;
        case MasterConductEdit::garbage:
            result.trouble = "line 1: 'meter 5: 1234 kWh' is no JSON";
            break;
        case MasterConductEdit::crashes:
            result.status.reset();
            result.trouble = "died of signal 11";
            break;
        case MasterConductEdit::unknown: result.status = rig::job_unknown; break;
        default: break;
        }
        return result;
    }
    if (!job_) {
        result.status = rig::job_unknown;
        return result;
    }
    result.lines = job_->lines();
    result.status = job_->status();
    for (ReadoutLine& line : result.lines) {
        for (const auto& [told, wire] : altered_) {
            if (line.telegram == told) {
                line.telegram = wire;
                break;
            }
        }
    }
    if (device_.edit<MasterConductEdit>() != nullptr) {
        result.lines.clear();
    }
    if (const auto* const edit = device_.edit<MasterReportEdit>()) {
        edit_report(*edit, result);
    }
    return result;
}

void FaultyMaster::edit_report(MasterReportEdit edit, rig::JobResult& result) const {
    const auto fault = job_->fault();
    const auto hide = [&result] {
        std::erase_if(result.lines,
                      [](const ReadoutLine& line) { return line.kind == Line::fault; });
        result.status = rig::job_done;
    };
    const auto hand_on = [&](const Bytes& telegram) {
        hide();
        if (!telegram.empty()) {
            result.lines.push_back({Line::telegram, order_.arguments.at(0), telegram, {}});
        }
    };
    const bool silent = fault && (fault->code == core::FaultCode::silence ||
                                  fault->code == core::FaultCode::not_selected ||
                                  fault->code == core::FaultCode::selection_lost);
    const bool read = order_.job == "read";
    switch (edit) {
    case MasterReportEdit::silence_hidden: return silent ? hide() : void();
    case MasterReportEdit::silence_is_data: return silent && read ? hand_on(last_good_) : void();
    case MasterReportEdit::first_only:
        if (read && result.lines.size() > 1) {
            result.lines.resize(1);
        }
        return;
    case MasterReportEdit::last_only:
        if (read && result.lines.size() > 1) {
            result.lines.erase(result.lines.begin(), result.lines.end() - 1);
        }
        return;
    case MasterReportEdit::garbled_delivered:
        return fault && read && !last_bad_.empty() ? hand_on(last_bad_) : void();
    case MasterReportEdit::conflict_is_found:
        for (ReadoutLine& line : result.lines) {
            if (line.kind == Line::fault && order_.job == "scan") {
                line = {Line::found, line.address, {}, {}};
            }
        }
        return;
    case MasterReportEdit::wrong_identification:
        return fault && fault->code == core::FaultCode::wrong_identification ? hand_on(last_good_)
                                                                             : void();
    case MasterReportEdit::mask_for_address:
        for (ReadoutLine& line : result.lines) {
            if (line.kind == Line::found && order_.job == "search" && line.address.size() >= 12) {
                line.address.replace(8, 4, "FFFF");
            }
        }
        return;
    case MasterReportEdit::command_failure_hidden:
        return fault && order_.job == "write" ? hide() : void();
    }
}

} // namespace meterbench::models
