// SPDX-License-Identifier: Apache-2.0
#include "harness/model/session_device.hpp"

#include "core/application/header.hpp"
#include "core/application/telegram.hpp"
#include "core/link/address.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace meterbench::harness::model {

namespace {

constexpr core::Duration power_off = std::chrono::seconds{5};
constexpr core::Duration start_up = std::chrono::seconds{3}; ///< MB2-PH-017

bool well_heard(const Reception& reception) {
    return std::ranges::all_of(
        reception.octets, [](const core::Octet& o) { return o.errors == core::OctetErrors::none; });
}

} // namespace

SessionDevice::SessionDevice(rig::Rig& rig, ResetWay way)
    : rig_{rig}, way_{way}, session_{rig, [](formats::Step&&) {}},
      to_{.address = rig.dut().address, .unused = rig.unused_address()} {
    if (rig.world() != nullptr) {
        rig.world()->isolate();
    }
}

std::optional<std::string> SessionDevice::prepare() {
    const auto lost = [](const core::Fault& fault) {
        return std::string{core::meaning_of(fault.code)};
    };
    if (const auto done = exchange(Stimulus::nke_own); !done) {
        return lost(done.error());
    }
    bool fcb = true;
    std::size_t seen = 0;
    for (std::size_t i = 0; i <= max_telegrams; ++i, fcb = !fcb) {
        const auto frame = core::link::encode_short(core::link::req_ud2(fcb), to_.address);
        if (const auto sent = session_.send(frame.bytes()); !sent) {
            return lost(sent.error());
        }
        const auto answer = session_.receive(session_.reply_window());
        if (!answer) {
            return lost(answer.error());
        }
        if (!*answer || !(*answer)->valid() || !(*answer)->frame().has_ci()) {
            return fmt::format("the device under test does not answer REQ_UD2 at address {}",
                               to_.address);
        }
        const core::link::Frame telegram = (*answer)->frame();
        const auto decoded = core::application::decode_telegram(telegram.user_data);
        if (i == 0) {
            if (decoded.header != core::application::HeaderKind::long_header ||
                telegram.user_data.size() <= to_.secondary.size()) {
                return "the device under test has no long header: its secondary address, which "
                       "selections need, is not known";
            }
            std::ranges::copy(telegram.user_data.subspan(1, to_.secondary.size()),
                              to_.secondary.begin());
        }
        (void)book_.classify((*answer)->bytes, to_.address);
        if (book_.size() == seen) {
            break; // the first one again
        }
        seen = book_.size();
    }
    more_ = seen >= max_telegrams;
    telegrams_ = std::min(seen, max_telegrams - 1);
    return std::nullopt;
}

core::Expected<void> SessionDevice::reset() {
    if (way_ == ResetWay::power) {
        rig_.power()->off();
        if (auto waited = session_.wait(power_off); !waited) {
            return waited;
        }
        rig_.power()->on();
        return session_.wait(start_up);
    }
    for (const Stimulus stimulus : {Stimulus::select_other, Stimulus::nke_own}) {
        if (const auto done = exchange(stimulus); !done) {
            return std::unexpected{done.error()};
        }
    }
    return {};
}

core::Expected<OutputSet> SessionDevice::step(Stimulus stimulus) {
    return exchange(stimulus);
}

core::Expected<OutputSet> SessionDevice::exchange(Stimulus stimulus) {
    const WireStimulus wire = on_wire(stimulus, to_);
    SendOptions options;
    options.exceptions = wire.exceptions;
    if (const auto sent = session_.send(wire.bytes, options); !sent) {
        return std::unexpected{sent.error()};
    }
    const auto answer = session_.receive(session_.reply_window() +
                                         core::link::idle_after_error.ceil(session_.baud()));
    if (!answer) {
        return std::unexpected{answer.error()};
    }
    if (!*answer) {
        return silence;
    }
    if (!(*answer)->valid() || !well_heard(**answer)) {
        return anything_else;
    }
    return book_.classify((*answer)->bytes, to_.address);
}

} // namespace meterbench::harness::model
