// SPDX-License-Identifier: Apache-2.0
#include "harness/framework.hpp"

#include "core/bytes/hex.hpp"
#include "core/link/frame.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::harness {

namespace {

namespace link = core::link;

constexpr core::Duration patience = std::chrono::seconds{3};

struct Check {
    std::string what;
    std::string expected;
    bool passed = false;
    std::string actual;
};

std::string show(const std::optional<Reception>& reception) {
    if (!reception) {
        return "silence";
    }
    std::string text;
    core::bytes::append_hex(text, reception->bytes, ' ');
    if (reception->fault) {
        text += fmt::format(" ({})", core::name_of(reception->fault->code));
    }
    return text;
}

core::Expected<std::optional<Reception>> ask(Session& session, const link::FrameBuffer& frame) {
    if (auto sent = session.send(frame.bytes()); !sent) {
        return std::unexpected{sent.error()};
    }
    return session.receive(patience);
}

core::Expected<Check> check_reset(Session& session) {
    const auto answer =
        ask(session, link::encode_short(link::snd_nke, session.rig().dut().address));
    if (!answer) {
        return std::unexpected{answer.error()};
    }
    const bool passed =
        *answer && (*answer)->valid() && (*answer)->frame().kind == link::FrameKind::single;
    return Check{"reset: answer to SND_NKE", "E5", passed, show(*answer)};
}

core::Expected<Check> check_request(Session& session) {
    const std::uint8_t address = session.rig().dut().address;
    const auto answer = ask(session, link::encode_short(link::req_ud2(true), address));
    if (!answer) {
        return std::unexpected{answer.error()};
    }
    const bool passed = *answer && (*answer)->valid() && (*answer)->frame().has_ci() &&
                        (*answer)->frame().control.function() == link::Function::rsp_ud &&
                        (*answer)->frame().address == address;
    return Check{"request: answer to REQ_UD2",
                 fmt::format("a valid RSP_UD from address {}", address), passed, show(*answer)};
}

core::Expected<Check> check_foreign(Session& session) {
    const std::uint8_t address = session.rig().unused_address();
    const auto answer = ask(session, link::encode_short(link::req_ud2(true), address));
    if (!answer) {
        return std::unexpected{answer.error()};
    }
    return Check{fmt::format("foreign: answer of address {}, which nobody has", address), "silence",
                 !*answer, show(*answer)};
}

} // namespace

core::Expected<bool> run_framework_steps(Session& session, Judge& judge,
                                         const std::vector<std::string>& left_out) {
    struct Step {
        std::string_view name;
        core::Expected<Check> (*run)(Session&);
    };
    constexpr std::array<Step, 3> steps{
        {{"reset", check_reset}, {"request", check_request}, {"foreign", check_foreign}}};
    for (const Step& step : steps) {
        if (std::ranges::find(left_out, step.name) != left_out.end()) {
            continue;
        }
        const auto check = step.run(session);
        if (!check) {
            return std::unexpected{check.error()};
        }
        const Judge::Observation observation{
            .now = nanoseconds(session.now()),
            .what = fmt::format("{} {}", formats::name_of(judge.phase()), check->what),
            .passed = check->passed,
            .expected = check->expected,
            .actual = check->actual,
            .requirement = {},
            .where = std::string{formats::name_of(judge.phase())} + "." + std::string{step.name}};
        if (judge.precondition(observation) == Ruling::ends) {
            return false;
        }
    }
    return true;
}

} // namespace meterbench::harness
