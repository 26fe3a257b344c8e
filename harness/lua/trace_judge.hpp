// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "formats/trace_reader.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::harness::lua {

class Engine;

/// What the second judge says of one requirement.
struct Ruling {
    enum class Verdict : std::uint8_t {
        pass, ///< the trace shows it, and it held
        fail, ///< the trace shows that it was broken
        none, ///< the trace does not show it
    };
    std::string requirement;
    Verdict verdict = Verdict::none;
    std::string text;       ///< fail: what is wrong
    std::size_t packet = 0; ///< fail: number of the packet, from 1; 0: none
};
[[nodiscard]] std::string_view name_of(Ruling::Verdict verdict);

/// The second judge: predicates in Lua, one a requirement and role, over the octets and times of a
/// trace.
/// Its state has neither the scenario API nor any function that builds or takes apart frames: it
/// shares nothing with the judge that was there.
class TraceJudge {
  public:
    TraceJudge(TraceJudge&&) noexcept;
    TraceJudge& operator=(TraceJudge&&) noexcept;
    ~TraceJudge();

    /// Loads every *.lua of the folder's meter/ and master/, which judge devices of that role, and
    /// what they require of its lib/. Each returns a table of requirement ids and functions. Fails
    /// with one line: file and place, or an id that two files of a role judge.
    [[nodiscard]] static std::expected<TraceJudge, std::string>
    load(const std::filesystem::path& folder);

    /// The requirements that have a predicate for devices of this role, sorted; none for a role
    /// that has no predicates.
    [[nodiscard]] std::vector<std::string> requirements(std::string_view role) const;

    /// One ruling a requirement of the trace's role, in their order. `uncertainty`: how far the
    /// trace's times may be from the truth. Fails when a predicate fails as a program, or where the
    /// trace says no role that there are predicates for.
    [[nodiscard]] std::expected<std::vector<Ruling>, std::string>
    judge(const formats::Trace& trace, core::Duration uncertainty = {});
    /// The same of these requirements alone; one without a predicate has no ruling.
    [[nodiscard]] std::expected<std::vector<Ruling>, std::string>
    judge(const formats::Trace& trace, core::Duration uncertainty,
          std::span<const std::string> requirements);

  private:
    TraceJudge();
    [[nodiscard]] std::expected<void, std::string> load_role(const std::filesystem::path& folder,
                                                             const std::string& role);
    [[nodiscard]] std::expected<void, std::string> load_file(const std::filesystem::path& file,
                                                             const std::string& role);
    [[nodiscard]] std::expected<Ruling, std::string> ask(const std::string& role,
                                                         const std::string& requirement);

    std::unique_ptr<Engine> engine_;
    std::map<std::string, std::vector<std::string>, std::less<>> requirements_; ///< by role
};

} // namespace meterbench::harness::lua
