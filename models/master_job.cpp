// SPDX-License-Identifier: Apache-2.0
#include "models/master_job.hpp"

#include "core/master/alarm_poll.hpp"
#include "core/master/baud_change.hpp"
#include "core/master/command.hpp"
#include "core/master/readout.hpp"
#include "core/master/scan.hpp"
#include "core/master/search.hpp"
#include "formats/json_reader.hpp"
#include "formats/telegram_json.hpp"

#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace meterbench::models {

namespace master = core::master;
using master::ReadoutLine;
using Kind = ReadoutLine::Kind;

namespace {

template <class T> using Result = std::expected<T, std::string>;
using Made = Result<std::unique_ptr<MasterJob>>;

ReadoutLine telegram_line(const std::string& address, std::span<const std::uint8_t> frame) {
    return {Kind::telegram, address, {frame.begin(), frame.end()}, {}};
}

ReadoutLine fault_line(const std::string& address, const core::Fault& fault) {
    return {Kind::fault,
            address,
            {},
            fmt::format("{}: {}", core::name_of(fault.code), formats::fault_detail(fault))};
}

/// The verbs, passed on to a procedure; a Report says what came of it.
template <class Procedure, class Report> class JobOf final : public MasterJob {
  public:
    template <class... Arguments>
    explicit JobOf(Report report, Arguments&&... arguments)
        : report_{std::move(report)}, procedure_{std::forward<Arguments>(arguments)...} {}

    void receive(std::span<const core::Octet> octets) override { procedure_.receive(octets); }
    [[nodiscard]] std::optional<core::Transmission> transmit() const override {
        return procedure_.transmit();
    }
    void sent(core::Instant now) override { procedure_.sent(now); }
    void aborted(core::Instant now) override { procedure_.aborted(now); }
    [[nodiscard]] std::optional<core::Baud> listens() const override {
        return procedure_.listens();
    }
    void restart(core::Instant now) override { procedure_.restart(now); }
    [[nodiscard]] std::optional<core::Instant> deadline() const override {
        return procedure_.deadline();
    }
    void expire(core::Instant now) override { procedure_.expire(now); }
    [[nodiscard]] bool done() const override { return procedure_.done(); }
    [[nodiscard]] std::optional<core::Fault> fault() const override { return procedure_.fault(); }
    [[nodiscard]] std::vector<ReadoutLine> lines() const override {
        std::vector<ReadoutLine> lines;
        report_(procedure_, lines);
        return lines;
    }
    [[nodiscard]] int status() const override {
        const bool faulty = procedure_.fault().has_value() || report_.failed(procedure_);
        return faulty ? rig::job_failed : rig::job_done;
    }

  private:
    Report report_;
    Procedure procedure_;
};

struct ReadReport {
    std::string address;
    void operator()(const master::Readout& readout, std::vector<ReadoutLine>& lines) const {
        for (const master::ReadTelegram& telegram : readout.telegrams()) {
            lines.push_back(telegram_line(address, telegram.frame));
        }
        if (readout.fault()) {
            lines.push_back(fault_line(address, *readout.fault()));
        }
    }
    [[nodiscard]] static bool failed(const master::Readout& /*readout*/) { return false; }
};

struct ScanReport {
    void operator()(const master::Scan& scan, std::vector<ReadoutLine>& lines) const {
        for (const master::ScanFind& find : scan.found()) {
            const std::string address = std::to_string(find.address);
            lines.push_back(find.fault ? fault_line(address, *find.fault)
                                       : ReadoutLine{Kind::found, address, {}, {}});
        }
    }
    [[nodiscard]] static bool failed(const master::Scan& scan) { return scan.found().empty(); }
};

struct SearchReport {
    void operator()(const master::Search& search, std::vector<ReadoutLine>& lines) const {
        for (const master::Find& find : search.state().found) {
            lines.push_back({Kind::found, master::to_text(find.address), {}, {}});
        }
        for (const master::Conflict& conflict : search.state().conflicts) {
            lines.push_back(fault_line(master::to_text(conflict.mask), conflict.fault));
        }
    }
    [[nodiscard]] static bool failed(const master::Search& search) {
        return search.state().found.empty();
    }
};

/// Of what delivers nothing: the fault, where there is one.
struct FaultReport {
    std::string address;
    template <class Procedure>
    void operator()(const Procedure& procedure, std::vector<ReadoutLine>& lines) const {
        if (procedure.fault()) {
            lines.push_back(fault_line(address, *procedure.fault()));
        }
    }
    template <class Procedure> [[nodiscard]] static bool failed(const Procedure& /*procedure*/) {
        return false;
    }
};

struct AlarmReport {
    void operator()(const master::AlarmPoll& poll, std::vector<ReadoutLine>& lines) const {
        for (const master::AlarmAnswer& answer : poll.answers()) {
            const std::string address = std::to_string(answer.address);
            if (answer.fault) {
                lines.push_back(fault_line(address, *answer.fault));
            } else if (!answer.frame.empty()) {
                lines.push_back(telegram_line(address, answer.frame));
            }
        }
    }
    [[nodiscard]] static bool failed(const master::AlarmPoll& poll) {
        return std::ranges::any_of(
            poll.answers(), [](const master::AlarmAnswer& answer) { return !!answer.fault; });
    }
};

template <class Procedure, class Report, class... Arguments>
Made made(Report report, Arguments&&... arguments) {
    return std::make_unique<JobOf<Procedure, Report>>(std::move(report),
                                                      std::forward<Arguments>(arguments)...);
}

std::unexpected<std::string> wrong(const rig::JobOrder& order, std::string_view usage) {
    return std::unexpected{
        fmt::format("job {} {}: {} is due", order.job, fmt::join(order.arguments, " "), usage)};
}

Made make_read(const rig::JobOrder& order, const MasterJobConfig& config) {
    const auto target =
        order.arguments.size() == 1 ? master::parse_target(order.arguments[0]) : std::nullopt;
    if (!target) {
        return wrong(order, "read ADDRESS");
    }
    return made<master::Readout>(ReadReport{order.arguments[0]},
                                 master::ReadoutConfig{.target = *target, .link = config.link});
}

Made make_scan(const rig::JobOrder& order, const MasterJobConfig& config) {
    if (!order.arguments.empty()) {
        return wrong(order, "scan without arguments");
    }
    return made<master::Scan>(
        ScanReport{}, master::ScanConfig{.link = config.link, .retries = config.search_retries});
}

Made make_search(const rig::JobOrder& order, const MasterJobConfig& config) {
    const std::string mask = order.arguments.empty() ? "FFFFFFFFFFFFFFFF" : order.arguments[0];
    const auto selection = master::parse_selection(mask);
    if (order.arguments.size() > 1 || !selection || selection->fabrication_number) {
        return wrong(order, "search, or search with 16 digits,");
    }
    return made<master::Search>(
        SearchReport{}, master::SearchConfig{.link = config.link, .retries = config.search_retries},
        master::new_search(*selection, false));
}

Made make_write(const rig::JobOrder& order, const MasterJobConfig& config) {
    const auto target =
        order.arguments.size() == 2 ? master::parse_target(order.arguments[0]) : std::nullopt;
    const auto data = target ? formats::parse_hex_text(order.arguments[1]) : std::nullopt;
    if (!data || data->empty()) {
        return wrong(order, "write ADDRESS HEX");
    }
    return made<master::Command>(
        FaultReport{order.arguments[0]},
        master::CommandConfig{.target = *target, .link = config.link, .data = {*data}});
}

Made make_alarm(const rig::JobOrder& order, const MasterJobConfig& config,
                core::link::FcbImages& images) {
    const auto target =
        order.arguments.size() == 1 ? master::parse_target(order.arguments[0]) : std::nullopt;
    const auto* const address = target ? std::get_if<std::uint8_t>(&*target) : nullptr;
    if (address == nullptr) {
        return wrong(order, "alarm ADDRESS");
    }
    return made<master::AlarmPoll>(
        AlarmReport{}, master::AlarmPollConfig{.link = config.link, .addresses = {*address}},
        images);
}

Made make_baud(const rig::JobOrder& order, const MasterJobConfig& config) {
    const auto target =
        order.arguments.size() == 2 ? master::parse_target(order.arguments[0]) : std::nullopt;
    core::Baud rate{0};
    if (target) {
        const std::string& text = order.arguments[1];
        (void)std::from_chars(text.data(), text.data() + text.size(), rate.value);
    }
    if (!target || !master::baud_rate_data(rate)) {
        return wrong(order, "baud ADDRESS RATE");
    }
    return made<master::BaudChange>(FaultReport{order.arguments[0]}, *target, rate, config.link);
}

} // namespace

Made MasterJob::make(const rig::JobOrder& order, const MasterJobConfig& config,
                     core::link::FcbImages& images) {
    if (order.job == "read") {
        return make_read(order, config);
    }
    if (order.job == "scan") {
        return make_scan(order, config);
    }
    if (order.job == "search") {
        return make_search(order, config);
    }
    if (order.job == "write") {
        return make_write(order, config);
    }
    if (order.job == "alarm") {
        return make_alarm(order, config, images);
    }
    if (order.job == "baud") {
        return make_baud(order, config);
    }
    return std::unique_ptr<MasterJob>{};
}

} // namespace meterbench::models
