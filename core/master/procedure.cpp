// SPDX-License-Identifier: Apache-2.0
#include "core/master/procedure.hpp"

#include <algorithm>

namespace meterbench::core::master {

void LineNotes::add(const link::Outcome& outcome) {
    echo = echo || outcome.echo;
    requests += outcome.attempts;
    early += outcome.early ? 1U : 0U;
    late += outcome.late > Duration::zero() ? 1U : 0U;
    garbled += outcome.garbled;
    latest = std::max(latest, outcome.late);
    if (!outcome.fault && !outcome.answer.empty()) {
        slowest = std::max(slowest, outcome.answer_start - outcome.request_end);
    }
}

void LineNotes::add(const LineNotes& other) {
    echo = echo || other.echo;
    requests += other.requests;
    early += other.early;
    late += other.late;
    garbled += other.garbled;
    latest = std::max(latest, other.latest);
    slowest = std::max(slowest, other.slowest);
}

std::optional<Fault> diagnose(const link::Outcome& outcome) {
    const auto& fault = outcome.fault;
    if (!fault || (fault->layer != Layer::line && fault->layer != Layer::link)) {
        return fault;
    }
    if (fault->code == FaultCode::babble || fault->code == FaultCode::late_answer) {
        return fault;
    }
    if (outcome.collided()) {
        return make_fault(FaultCode::address_conflict);
    }
    if (outcome.silent > 0 && outcome.garbled_fault) {
        return outcome.garbled_fault->code == FaultCode::truncated ? outcome.garbled_fault
                                                                   : make_fault(FaultCode::noise);
    }
    return fault;
}

// ---- Procedure

void Procedure::receive(std::span<const Octet> octets) {
    // An outcome frees the station for the next request; what is heard then belongs to that.
    for (const Octet& octet : octets) {
        station_.receive({&octet, 1});
        progress();
    }
}

void Procedure::sent(Instant now) {
    station_.sent(now);
    progress();
}

void Procedure::aborted(Instant now) {
    station_.aborted(now);
    progress();
}

void Procedure::restart(Instant now) {
    station_.restart(now);
    notes_ = {};
    fault_.reset();
    done_ = false;
    begin();
}

void Procedure::expire(Instant now) {
    station_.expire(now);
    progress();
}

void Procedure::progress() {
    const auto outcome = station_.event();
    if (!outcome) {
        return;
    }
    notes_.add(*outcome);
    if (outcome->fault && outcome->fault->layer == Layer::bench) {
        return finish(outcome->fault);
    }
    conclude(*outcome);
}

bool Procedure::wait_for_late(const link::Outcome& outcome) {
    constexpr Duration most = std::chrono::seconds{1};
    const Duration latency = station_.config().limits.latency + outcome.late + outcome.late / 2;
    if (outcome.late == Duration::zero() || latency > most) {
        return false;
    }
    station_.set_latency(latency);
    return true;
}

void Procedure::finish(std::optional<Fault> fault) {
    fault_ = fault;
    done_ = true;
}

// ---- MeterProcedure

std::uint8_t MeterProcedure::address() const {
    const auto* const primary = std::get_if<std::uint8_t>(&target_);
    return primary != nullptr ? *primary : link::address::selected;
}

void MeterProcedure::open() {
    fcb_ = true; // MB2-LL-039, MB7-SA-010
    link::Request request{
        .frame = link::encode_short(link::snd_nke, address()), .address = {}, .retries = {}};
    if (secondary()) {
        step_ = Step::deselect;
        // Nobody may be selected, so silence is a good answer too; one attempt is enough.
        request.retries = std::uint8_t{0};
    } else {
        step_ = Step::reset;
        if (address() == link::address::broadcast) {
            request.answer = link::Answer::none;
        }
    }
    ask(request);
}

void MeterProcedure::select() {
    step_ = Step::select;
    const SelectionData data{*std::get_if<Selection>(&target_)};
    // Always fits: at most fifteen bytes of user data.
    ask({.frame = link::encode_long(link::snd_ud(false), link::address::selected, data.bytes())
                      .value_or(link::FrameBuffer{}),
         .address = {},
         .retries = {}});
}

void MeterProcedure::request2() {
    link::Request request{.frame = link::encode_short(link::req_ud2(fcb_), address()),
                          .answer = link::Answer::data,
                          .address = std::nullopt,
                          .retries = std::nullopt};
    if (!secondary() && address() != link::address::test) {
        request.address = address(); // MB2-LL-075
    }
    ask(request);
}

Expected<void> MeterProcedure::send_data(std::span<const std::uint8_t> user_data) {
    auto frame = link::encode_long(link::snd_ud(fcb_), address(), user_data);
    if (!frame) {
        return std::unexpected{frame.error()};
    }
    const bool all = address() == link::address::broadcast;
    ask({.frame = *frame,
         .answer = all ? link::Answer::none : link::Answer::acknowledge,
         .address = {},
         .retries = {}});
    return {};
}

void MeterProcedure::conclude(const link::Outcome& outcome) {
    const auto fault = diagnose(outcome);
    switch (step_) {
    case Step::reset:
        if (fault) {
            return finish(fault);
        }
        break;
    case Step::deselect:
        // No answer is as good as any; a line that is never free is not.
        return fault && fault->code == FaultCode::babble ? finish(fault) : select();
    case Step::select:
        if (fault) {
            return finish(fault->code == FaultCode::silence ? make_fault(FaultCode::not_selected)
                                                            : fault);
        }
        break;
    case Step::open:
        if (!fault) {
            fcb_ = !fcb_; // MB2-LL-040: only after a correct answer
        }
        return answered(outcome, fault);
    }
    step_ = Step::open;
    opened();
}

} // namespace meterbench::core::master
