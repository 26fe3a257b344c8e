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

/// How long a job to read one meter may take: some attempts at 300 Bd are in it.
constexpr core::Duration read_patience = std::chrono::minutes{1};
/// When the harness answers as a meter, after the request.
constexpr core::Duration answer_delay = std::chrono::milliseconds{20};

/// An RSP_UD of a heat meter with a number and a value that are drawn.
std::vector<std::uint8_t> drawn_telegram(std::uint8_t address, Random& random) {
    const auto digits = [&random] {
        return static_cast<std::uint8_t>(random.between(0, 9) * 16 + random.between(0, 9));
    };
    const std::vector<std::uint8_t> data{0x72, digits(), digits(), digits(), digits(), 0xB8, 0x36,
                                         0x01, 0x04,     0x2A,     0x00,     0x00,     0x00, 0x0C,
                                         0x06, digits(), digits(), digits(), digits()};
    const auto frame = link::encode_long(link::rsp_ud, address, data);
    const auto bytes = frame->bytes(); // always fits
    return {bytes.begin(), bytes.end()};
}

/// Answers as a meter until the job ends, or its time is over.
core::Expected<void> be_meter(Session& session, std::uint8_t address,
                              std::span<const std::uint8_t> telegram) {
    const core::Instant deadline = session.now() + read_patience;
    const std::array<std::uint8_t, 1> acknowledge{link::start_single};
    while (session.now() < deadline) {
        const auto request = session.await(deadline - session.now());
        if (!request) {
            return std::unexpected{request.error()};
        }
        if (!*request) {
            break;
        }
        if (!(*request)->valid() || (*request)->frame().kind != link::FrameKind::short_frame ||
            (*request)->frame().address != address) {
            continue;
        }
        const link::Function function = (*request)->frame().control.function();
        std::span<const std::uint8_t> answer;
        if (function == link::Function::snd_nke) {
            answer = acknowledge;
        } else if (function == link::Function::req_ud2) {
            answer = telegram;
        } else {
            continue;
        }
        SendOptions options;
        options.idle = answer_delay;
        if (auto sent = session.send(answer, options); !sent) {
            return std::unexpected{sent.error()};
        }
    }
    return {};
}

std::string show(const rig::JobResult& result) {
    if (!result.trouble.empty() || !result.error.empty()) {
        return result.error + result.trouble;
    }
    std::string text = result.status ? fmt::format("status {}", *result.status) : "no status";
    for (const core::master::ReadoutLine& line : result.lines) {
        text += "; ";
        if (line.kind == core::master::ReadoutLine::Kind::telegram) {
            core::bytes::append_hex(text, line.telegram, ' ');
        } else {
            text += (line.kind == core::master::ReadoutLine::Kind::found ? "found " : "fault ") +
                    line.address + line.text;
        }
    }
    return text;
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

core::Expected<bool> run_master_step(Session& session, Judge& judge, Random& random,
                                     const std::vector<std::string>& left_out) {
    using Kind = core::master::ReadoutLine::Kind;
    if (std::ranges::find(left_out, "read") != left_out.end()) {
        return true;
    }
    rig::Master& master = *session.rig().master();
    const std::uint8_t address = session.rig().unused_address();
    const std::vector<std::uint8_t> telegram = drawn_telegram(address, random);
    session.discard();
    if (const auto started = session.start_job({"read", {std::to_string(address)}}); !started) {
        judge.reason(formats::Verdict::error, started.error(), "rig");
        return false;
    }
    const auto served = be_meter(session, address, telegram);
    if (!served) {
        return std::unexpected{served.error()};
    }
    const auto ended = session.finish_job({});
    if (!ended) {
        return std::unexpected{ended.error()};
    }
    const rig::JobResult& result = master.result();
    if (!result.error.empty()) {
        judge.reason(formats::Verdict::error, result.error, "rig");
        return false;
    }
    const bool passed = *ended && result.trouble.empty() && result.status == rig::job_done &&
                        result.lines.size() == 1 && result.lines[0].kind == Kind::telegram &&
                        result.lines[0].telegram == telegram;
    std::string due = "status 0; ";
    core::bytes::append_hex(due, telegram, ' ');
    const Judge::Observation observation{
        .now = nanoseconds(session.now()),
        .what = fmt::format("{} read: what the master says of the meter at address {}",
                            formats::name_of(judge.phase()), address),
        .passed = passed,
        .expected = due,
        .actual = *ended ? show(result) : "the job did not end in time",
        .requirement = {},
        .where = std::string{formats::name_of(judge.phase())} + ".read"};
    return judge.precondition(observation) != Ruling::ends;
}

} // namespace meterbench::harness
