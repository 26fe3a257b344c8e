// SPDX-License-Identifier: Apache-2.0
#include "core/link/secondary_station.hpp"

#include <algorithm>
#include <utility>

namespace meterbench::core::link {

namespace {

constexpr std::uint8_t ci_selection = 0x52;
constexpr std::uint8_t ci_selection_obsolete = 0x56;

constexpr SecondaryEvent by_address(SecondaryEvent own, AddressClass address) {
    // The three events of one function stand together in the enumeration: own, selected, broadcast.
    return static_cast<SecondaryEvent>(static_cast<unsigned>(own) + static_cast<unsigned>(address));
}
static_assert(by_address(SecondaryEvent::data_own, AddressClass::broadcast) ==
              SecondaryEvent::data_broadcast);

constexpr SecondaryGuard guard_of(FcbRelation relation) {
    switch (relation) {
    case FcbRelation::not_valid: return SecondaryGuard::fcb_not_valid;
    case FcbRelation::fresh: return SecondaryGuard::fcb_fresh;
    case FcbRelation::repeated: return SecondaryGuard::fcb_repeated;
    case FcbRelation::undefined: return SecondaryGuard::fcb_undefined;
    }
    return SecondaryGuard::always;
}

} // namespace

SecondaryStation::SecondaryStation(const SecondaryConfig& config, MeterApplication& application)
    : config_{config}, application_{application} {
    set_table(config.table);
}

void SecondaryStation::set_table(std::span<const SecondaryRow> table) {
    config_.table = table;
    ignores_others_ = std::ranges::all_of(table, [](const SecondaryRow& row) {
        const bool of_others =
            row.event == SecondaryEvent::foreign || row.event == SecondaryEvent::answer;
        const bool ignored = row.action == SecondaryAction::ignore_foreign ||
                             row.action == SecondaryAction::ignore_answer;
        return !of_others || (ignored && row.next == row.state);
    });
}

void SecondaryStation::set_filters(OctetFilter* in, TransmissionFilter* out) {
    config_.octets_in = in;
    config_.octets_out = out;
}

void SecondaryStation::receive(std::span<const Octet> octets) {
    for (const Octet& heard : octets) {
        if (answering_) {
            return; // half-duplex (MB2-LL-067)
        }
        const auto octet = config_.octets_in != nullptr ? config_.octets_in->pass(heard) : heard;
        if (octet && decoder_.push(*octet, config_.baud) == FrameDecoder::State::frame) {
            handle(decoder_.frame(), decoder_.end());
        }
    }
}

void SecondaryStation::receive_frame(const Frame& frame, Instant end) {
    if (!answering_) {
        handle(frame, end);
    }
}

std::optional<Transmission> SecondaryStation::transmit() const {
    if (!answering_) {
        return std::nullopt;
    }
    return transmission_;
}

void SecondaryStation::sent(Instant now) {
    answering_ = false;
    if (!command_.empty()) {
        const FrameBuffer command = command_;
        command_.clear();
        execute(command.bytes(), now);
    }
}

void SecondaryStation::aborted(Instant /*now*/) {
    answering_ = false;
    command_.clear();
}

void SecondaryStation::restart(Instant now) {
    if (trial_) {
        config_.baud = std::exchange(trial_, std::nullopt)->before;
    }
    aborted(now);
    decoder_.reset();
    state_ = SecondaryState::deselected;
    clear_memories(AddressClass::own);
    clear_memories(AddressClass::selected);
    application_.class2().rewind();
    application_.restart(now);
}

std::optional<SecondaryReport> SecondaryStation::event() {
    return std::exchange(report_, std::nullopt);
}

void SecondaryStation::handle(const Frame& frame, Instant now) {
    trial_.reset(); // a valid frame at the new rate: it stays
    const SecondaryEvent event = classify_frame(frame);
    FcbMemory* const fcb = memory(frame);
    const FcbRelation relation = fcb != nullptr
                                     ? fcb->relation(frame.control.fcv(), frame.control.fcb())
                                     : FcbRelation::not_valid;
    const SecondaryRow& row = find_row(event, relation);
    act(row.action, frame, now);
    state_ = row.next;
    report_ = SecondaryReport{event, row.guard, row.action, state_};
}

SecondaryEvent SecondaryStation::classify_frame(const Frame& frame) const {
    if (frame.kind == FrameKind::single || !frame.control.from_master()) {
        return SecondaryEvent::answer; // MB2-LL-025
    }
    const AddressClass address = classify(frame.address, config_.address);
    if (address == AddressClass::foreign) {
        return SecondaryEvent::foreign; // MB2-LL-056
    }
    const bool is_short = frame.kind == FrameKind::short_frame;
    switch (frame.control.function()) {
    case Function::snd_nke:
        return is_short ? by_address(SecondaryEvent::nke_own, address) : SecondaryEvent::misfit;
    case Function::req_ud2:
        return is_short ? by_address(SecondaryEvent::request2_own, address)
                        : SecondaryEvent::misfit; // MB2-LL-076
    case Function::req_ud1:
        if (!application_.has_class1()) {
            return SecondaryEvent::unsupported;
        }
        return is_short ? by_address(SecondaryEvent::request1_own, address)
                        : SecondaryEvent::misfit;
    case Function::snd_ud: return is_short ? SecondaryEvent::misfit : classify_data(frame, address);
    default: return SecondaryEvent::unsupported;
    }
}

SecondaryEvent SecondaryStation::classify_data(const Frame& frame, AddressClass address) const {
    if (address == AddressClass::selected && frame.ci() == ci_selection) {
        return application_.matches(frame.data()) ? SecondaryEvent::select_match
                                                  : SecondaryEvent::select_mismatch;
    }
    if (address == AddressClass::selected && frame.ci() == ci_selection_obsolete) {
        return SecondaryEvent::select_obsolete; // MB7-SA-011
    }
    return by_address(SecondaryEvent::data_own, address);
}

const SecondaryRow& SecondaryStation::find_row(SecondaryEvent event, FcbRelation relation) const {
    const SecondaryGuard guard = guard_of(relation);
    const SecondaryRow* found = nullptr;
    for (const SecondaryRow& row : config_.table) {
        if (row.state == state_ && row.event == event &&
            (row.guard == SecondaryGuard::always || row.guard == guard)) {
            found = &row;
            break;
        }
    }
    // A table from outside may have a hole; then the station stays as it is and says nothing.
    static constexpr SecondaryRow hole{SecondaryState::deselected, SecondaryEvent::unsupported,
                                       SecondaryGuard::always, SecondaryAction::ignore_unsupported,
                                       SecondaryState::deselected};
    static constexpr SecondaryRow hole_selected{
        SecondaryState::selected, SecondaryEvent::unsupported, SecondaryGuard::always,
        SecondaryAction::ignore_unsupported, SecondaryState::selected};
    if (found != nullptr) {
        return *found;
    }
    return state_ == SecondaryState::selected ? hole_selected : hole;
}

FcbMemory* SecondaryStation::memory(const Frame& frame) {
    const AddressClass address = classify(frame.address, config_.address);
    if (address != AddressClass::own && address != AddressClass::selected) {
        return nullptr;
    }
    auto& set = fcb_[static_cast<std::size_t>(address)];
    switch (frame.control.function()) {
    case Function::req_ud2: return &set[static_cast<std::size_t>(Memory::request2)];
    case Function::req_ud1: return &set[static_cast<std::size_t>(Memory::request1)];
    case Function::snd_ud: return &set[static_cast<std::size_t>(Memory::data)];
    default: return nullptr;
    }
}

void SecondaryStation::clear_memories(AddressClass address) {
    fcb_[static_cast<std::size_t>(address)] = {};
}

void SecondaryStation::act(SecondaryAction action, const Frame& frame, Instant now) {
    const auto remember = [&] {
        if (FcbMemory* const fcb = memory(frame); fcb != nullptr && frame.control.fcv()) {
            fcb->remember(frame.control.fcb());
        }
    };
    switch (action) {
    case SecondaryAction::ignore_foreign:
    case SecondaryAction::ignore_answer:
    case SecondaryAction::ignore_not_selected:
    case SecondaryAction::ignore_broadcast:
    case SecondaryAction::ignore_misfit:
    case SecondaryAction::ignore_unsupported:
    case SecondaryAction::deselect: return;
    case SecondaryAction::reset_and_acknowledge:
        clear_memories(AddressClass::own);
        application_.class2().rewind();
        return answer(encode_single(), now);
    case SecondaryAction::reset:
        clear_memories(AddressClass::own);
        clear_memories(AddressClass::selected);
        return application_.class2().rewind();
    case SecondaryAction::select_and_acknowledge:
    case SecondaryAction::deselect_and_acknowledge:
        clear_memories(AddressClass::selected);
        application_.class2().rewind();
        return answer(encode_single(), now);
    case SecondaryAction::send_next:
        remember();
        return respond(application_.class2().next(now), now);
    case SecondaryAction::send_current: return respond(application_.class2().current(now), now);
    case SecondaryAction::send_class1_next: remember(); return send_class1(true, now);
    case SecondaryAction::send_class1_again: return send_class1(false, now);
    case SecondaryAction::execute_and_acknowledge:
        remember();
        keep_command(frame);
        return answer(encode_single(), now);
    case SecondaryAction::acknowledge: return answer(encode_single(), now);
    case SecondaryAction::execute:
        // A table from outside may say so of a frame that has no user data.
        if (!frame.user_data.empty()) {
            execute(frame.user_data, now);
        }
        return;
    }
}

void SecondaryStation::keep_command(const Frame& frame) {
    command_.clear();
    for (const std::uint8_t byte : frame.user_data) {
        command_.push(byte);
    }
}

void SecondaryStation::execute(std::span<const std::uint8_t> command, Instant now) {
    application_.execute(command, now);
    const LinkChange change = application_.take_link_change();
    if (change.address) {
        config_.address = *change.address;
    }
    if (change.baud && *change.baud != config_.baud) {
        trial_ = RateTrial{trial_ ? trial_->before : config_.baud, now + config_.limits.rate_trial};
        set_rate(*change.baud); // MB2-LL-058: behind the acknowledge, which left at the old rate
    }
}

void SecondaryStation::set_rate(Baud baud) {
    config_.baud = baud;
    decoder_.reset();
}

std::optional<Instant> SecondaryStation::deadline() const {
    return trial_ ? std::optional{trial_->ends} : std::nullopt;
}

void SecondaryStation::expire(Instant now) {
    if (trial_ && trial_->ends <= now) {
        set_rate(trial_->before); // MB2-LL-061
        trial_.reset();
    }
}

void SecondaryStation::send_class1(bool fresh, Instant now) {
    if (const auto telegram = application_.class1(fresh, now)) {
        return respond(*telegram, now);
    }
    answer(encode_single(), now); // MB2-LL-029: no alarm
}

void SecondaryStation::respond(const Telegram& telegram, Instant now) {
    const auto frame = encode_long(response(telegram.access_demand, telegram.overflow),
                                   config_.address, telegram.user_data);
    if (frame) {
        answer(*frame, now);
    }
}

void SecondaryStation::answer(const FrameBuffer& frame, Instant now) {
    answer_ = frame;
    const bool single = answer_.bytes().size() == 1;
    const Limit delay =
        single ? config_.limits.acknowledge_delay.value_or(config_.limits.response_delay)
               : config_.limits.response_delay;
    transmission_ = Transmission{.bytes = answer_.bytes(),
                                 .not_before = now + delay.ceil(config_.baud),
                                 .baud = config_.baud};
    if (config_.octets_out != nullptr) {
        transmission_ = config_.octets_out->pass(transmission_);
    }
    answering_ = true;
}

} // namespace meterbench::core::link
