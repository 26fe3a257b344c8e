// SPDX-License-Identifier: Apache-2.0
#include "reports/frame_label.hpp"

#include "core/link/frame.hpp"
#include "core/octet.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

namespace meterbench::reports {
namespace {

using core::OctetErrors;
namespace link = core::link;

std::string control_text(link::ControlField control) {
    const link::Function function = control.function();
    if (function == link::Function::other) {
        return fmt::format("C={:02X}", control.value);
    }
    std::string text{link::name_of(function)};
    if (control.from_master()) {
        return control.fcv() ? fmt::format("{} FCB={}", text, control.fcb() ? 1 : 0) : text;
    }
    text += control.acd() ? " ACD=1" : "";
    text += control.dfc() ? " DFC=1" : "";
    return text;
}

std::string label_of(const link::Frame& frame) {
    if (frame.kind == link::FrameKind::single) {
        return "E5 acknowledge";
    }
    std::string label = fmt::format("{} {} {}", control_text(frame.control),
                                    frame.control.from_master() ? "to" : "from", frame.address);
    return frame.has_ci() ? fmt::format("{}, CI {:02X}", label, frame.ci()) : label;
}

/// What the frame would be, were its checksum right; empty when more is wrong with it.
std::string label_but_for_checksum(std::span<const std::uint8_t> bytes, const core::Fault& fault) {
    if (fault.code != core::FaultCode::checksum_mismatch || fault.offset >= bytes.size()) {
        return {};
    }
    std::vector<std::uint8_t> repaired{bytes.begin(), bytes.end()};
    repaired[fault.offset] = static_cast<std::uint8_t>(fault.expected);
    const auto frame = link::decode_frame(repaired);
    return frame ? label_of(*frame) + ", wrong checksum" : std::string{};
}

} // namespace

std::string frame_label(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) {
        return "no bytes";
    }
    const auto frame = link::decode_frame(bytes);
    if (frame) {
        return label_of(*frame);
    }
    const std::string label = label_but_for_checksum(bytes, frame.error());
    return label.empty() ? fmt::format("no frame: {} at byte {}", core::name_of(frame.error().code),
                                       frame.error().offset)
                         : label;
}

std::string error_names(std::uint8_t errors) {
    static constexpr std::array<std::pair<OctetErrors, std::string_view>, 4> names{
        {{OctetErrors::parity, "parity"},
         {OctetErrors::framing, "framing"},
         {OctetErrors::break_, "break"},
         {OctetErrors::collision, "collision"}}};
    std::string text;
    for (const auto& [error, name] : names) {
        if (core::has(static_cast<OctetErrors>(errors), error)) {
            text.append(text.empty() ? "" : ", ").append(name);
        }
    }
    return text;
}

std::uint8_t errors_at(const formats::Step& step, std::size_t index) {
    return index < step.errors.size() ? step.errors[index] : std::uint8_t{0};
}

std::string error_summary(const formats::Step& step) {
    std::size_t count = 0;
    std::size_t where = 0;
    unsigned all = 0;
    for (std::size_t i = 0; i < step.errors.size(); ++i) {
        if (step.errors[i] != 0) {
            where = count == 0 ? i : where;
            ++count;
            all |= step.errors[i];
        }
    }
    const std::string names = error_names(static_cast<std::uint8_t>(all));
    if (count == 0) {
        return {};
    }
    return count == 1 ? fmt::format("{} error in byte {}", names, where)
                      : fmt::format("errors in {} bytes: {}", count, names);
}

} // namespace meterbench::reports
