// SPDX-License-Identifier: Apache-2.0
// What a master with a fault makes of what its job says.
#include "models/faulty_master.hpp"
#include "models/master_octets.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::models {

using core::master::ReadoutLine;
using Line = ReadoutLine::Kind;
using namespace master_octets;

namespace {
/// What a null master prints, whatever the meter says.
Bytes canned_telegram() {
    Bytes frame{0x68, 0x1B, 0x1B, 0x68, 0x08, 0x05, 0x72, 0x78, 0x56, 0x34, 0x12,
                0x58, 0x34, 0x01, 0x04, 0x01, 0x00, 0x00, 0x00, 0x0C, 0x06, 0x34,
                0x12, 0x00, 0x00, 0x0C, 0x14, 0x27, 0x04, 0x85, 0x00, 0x00, 0x16};
    sum(frame);
    return frame;
}

} // namespace

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
