// SPDX-License-Identifier: Apache-2.0
#include "formats/search_file.hpp"

#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <system_error>

namespace meterbench::formats {

namespace {

using core::master::Selection;

constexpr std::string_view schema = "meterbench.search/1";
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

std::string quoted(const Selection& selection) {
    return '"' + core::master::to_text(selection) + '"';
}

template <class Items, class Append> std::string list_of(const Items& items, Append append) {
    std::string text = "[";
    for (const auto& item : items) {
        text += text.size() > 1 ? ",\n  " : "\n  ";
        text += append(item);
    }
    return text + "]";
}

Selection read_selection(const JsonReader& reader) {
    const std::string text = reader.text();
    const auto selection = core::master::parse_selection(text);
    if (!selection && !reader.report().failed()) {
        reader.complain(fmt::format("\"{}\" is not 16 digits, or 16, a slash and 8", text));
    }
    return selection.value_or(Selection{});
}

core::Fault read_fault(const JsonReader& reader) {
    const std::string text = reader.text();
    for (const core::FaultRow& row : core::fault_rows) {
        if (row.name == text) {
            return core::make_fault(row.code);
        }
    }
    if (!reader.report().failed()) {
        reader.complain(fmt::format("\"{}\" is no fault", text));
    }
    return core::make_fault(core::FaultCode::empty);
}

std::uint64_t read_count(const JsonObject& object, std::string_view key) {
    return static_cast<std::uint64_t>(object.required(key).integer(0, most));
}

} // namespace

std::string write_search_file(const core::master::SearchState& state) {
    using State = core::master::SearchState;
    return fmt::format(
        "{{\"schema\":\"{}\",\"mask\":{},\"hex\":{},\n \"pending\":{},\n \"splits\":{},\n "
        "\"found\":{},\n \"conflicts\":{},\n "
        "\"selections\":{},\"proofs\":{},\"empty\":{},\"collisions\":{},\"hits\":{}}}\n",
        schema, quoted(state.mask), state.hex, list_of(state.pending, quoted),
        list_of(state.splits,
                [](const State::Split& split) {
                    return fmt::format("{{\"mask\":{},\"below\":{},\"hits\":{}}}",
                                       quoted(split.mask), split.below, split.hits);
                }),
        list_of(state.found, [](const core::master::Find& find) { return quoted(find.address); }),
        list_of(state.conflicts,
                [](const core::master::Conflict& conflict) {
                    return fmt::format("{{\"mask\":{},\"fault\":\"{}\"}}", quoted(conflict.mask),
                                       core::name_of(conflict.fault.code));
                }),
        state.selections, state.proofs, state.empty, state.collisions, state.hits);
}

FileResult<core::master::SearchState> parse_search_file(std::string_view text,
                                                        std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    const JsonObject document = JsonReader{*json, report}.document(
        schema, {"schema", "mask", "hex", "pending", "splits", "found", "conflicts", "selections",
                 "proofs", "empty", "collisions", "hits"});
    core::master::SearchState state;
    state.mask = read_selection(document.required("mask"));
    state.hex = document.required("hex").boolean();
    for (const JsonReader& item : document.required("pending").items()) {
        state.pending.push_back(read_selection(item));
    }
    std::size_t above = 0;
    for (const JsonReader& item : document.required("splits").items()) {
        const JsonObject split = item.object({"mask", "below", "hits"});
        const std::uint64_t below = read_count(split, "below");
        // Each split has children on the worklist, above those of the split before it.
        if (!report.failed() && (below < above || below >= state.pending.size())) {
            split.complain("below", "does not fit the worklist");
        }
        above = below;
        state.splits.push_back({read_selection(split.required("mask")),
                                static_cast<std::size_t>(below), read_count(split, "hits")});
    }
    for (const JsonReader& item : document.required("found").items()) {
        state.found.push_back({read_selection(item), {}});
    }
    for (const JsonReader& item : document.required("conflicts").items()) {
        const JsonObject conflict = item.object({"mask", "fault"});
        state.conflicts.push_back(
            {read_selection(conflict.required("mask")), read_fault(conflict.required("fault"))});
    }
    state.selections = read_count(document, "selections");
    state.proofs = read_count(document, "proofs");
    state.empty = read_count(document, "empty");
    state.collisions = read_count(document, "collisions");
    state.hits = read_count(document, "hits");
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return state;
}

FileResult<core::master::SearchState> load_search_file(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    return text ? parse_search_file(*text, path.string()) : std::unexpected{text.error()};
}

std::string save_search_file(const std::filesystem::path& path,
                             const core::master::SearchState& state) {
    const std::filesystem::path fresh = path.string() + ".new";
    {
        std::ofstream out{fresh, std::ios::binary | std::ios::trunc};
        out << write_search_file(state);
        out.flush();
        if (!out) {
            return fmt::format("{}: cannot be written", fresh.string());
        }
    }
    std::error_code error;
    std::filesystem::rename(fresh, path, error);
    return error ? fmt::format("{}: {}", path.string(), error.message()) : std::string{};
}

} // namespace meterbench::formats
