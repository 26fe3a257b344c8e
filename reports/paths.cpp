// SPDX-License-Identifier: Apache-2.0
#include "reports/paths.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace meterbench::reports {
namespace {

constexpr std::size_t max_stem = 180;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

/// FNV-1a; a name for a name, no protection against anyone.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    return hash;
}

bool is_frame(const formats::Step& step) {
    return step.kind == formats::Step::Kind::sent || step.kind == formats::Step::Kind::heard;
}

} // namespace

std::string file_stem(std::string_view name) {
    std::string stem;
    for (const char c : name) {
        if (is_plain(c) && !(c == '.' && stem.empty())) {
            stem += c;
        } else {
            stem += fmt::format("~{:02X}", static_cast<unsigned char>(c));
        }
    }
    if (stem.size() > max_stem) {
        stem = fmt::format("{}~~{:016x}", stem.substr(0, max_stem), hash_of(name));
    }
    return stem.empty() ? "~" : stem;
}

std::string case_folder(const formats::CaseResult& result) {
    return "cases/" + file_stem(result.info.id);
}

std::string case_page_path(const formats::CaseResult& result) {
    return case_folder(result) + ".html";
}

std::string trace_path(const formats::CaseResult& result) {
    return case_folder(result) + "/trace.pcapng";
}

std::string waveform_path(const formats::CaseResult& result) {
    return case_folder(result) + "/waveform.vcd";
}

std::vector<Attachment> attachments_of(const formats::CaseResult& result) {
    std::vector<Attachment> attachments;
    std::set<std::string> taken{trace_path(result), waveform_path(result)};
    for (const formats::Step& step : result.steps) {
        if (step.kind != formats::Step::Kind::attachment) {
            continue;
        }
        const std::string stem = file_stem(step.text);
        std::string path = fmt::format("{}/{}", case_folder(result), stem);
        for (int number = 2; !taken.insert(path).second; ++number) {
            path = fmt::format("{}/{}-{}", case_folder(result), number, stem);
        }
        attachments.push_back({std::move(path), &step});
    }
    return attachments;
}

std::vector<std::string> artefacts_of(const formats::CaseResult& result) {
    std::vector<std::string> artefacts = result.artefacts;
    const auto add = [&](std::string path) {
        if (std::find(artefacts.begin(), artefacts.end(), path) == artefacts.end()) {
            artefacts.push_back(std::move(path));
        }
    };
    if (std::any_of(result.steps.begin(), result.steps.end(), is_frame)) {
        add(trace_path(result));
    }
    if (result.waveform) {
        add(waveform_path(result));
    }
    for (Attachment& attachment : attachments_of(result)) {
        add(std::move(attachment.path));
    }
    return artefacts;
}

std::string url_of(std::string_view path) {
    std::string url;
    for (const char c : path) {
        if (is_plain(c) || c == '/' || c == '~') {
            url += c;
        } else {
            url += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return url;
}

} // namespace meterbench::reports
