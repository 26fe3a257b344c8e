// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/ics_file.hpp"
#include "harness/judge.hpp"
#include "harness/lua/engine.hpp"
#include "harness/random.hpp"
#include "harness/session.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::harness::lua {

/// What the primitives of the prelude work on.
struct CaseContext {
    Session& session;
    Judge& judge;
    const formats::Ics& ics;
    Random random;
    std::string fault{};         ///< why the rig failed; the case then ends as an error
    std::uint8_t last_added = 0; ///< address of the meter added last
    std::string unclaimed{};     ///< why the case does not apply to the master under test
};

/// The scenario API in Lua's own code: compiled at the first call, for this process and the workers
/// it starts from then on.
[[nodiscard]] const std::string& compiled_prelude();

/// A Lua state with the scenario API, and the cases of one file in it.
class Scenario {
  public:
    Scenario(const Limits& limits, std::filesystem::path suite);

    /// Runs a case file. Fails on syntax errors, errors at load, and files without a case.
    [[nodiscard]] std::expected<void, ScriptFailure> load(std::string_view text,
                                                          const std::string& name);
    [[nodiscard]] const std::vector<formats::CaseInfo>& cases() const { return cases_; }

    /// Gives the primitives their rig; `context` outlives the scenario's calls.
    void connect(CaseContext& context);
    [[nodiscard]] std::expected<bool, ScriptFailure> applies(std::size_t index);
    [[nodiscard]] std::expected<void, ScriptFailure> run(std::size_t index);
    [[nodiscard]] bool exhausted() const { return engine_.exhausted(); }

  private:
    void push_api(const char* name);
    [[nodiscard]] formats::CaseInfo read_info(const std::string& file);

    Engine engine_;
    std::vector<formats::CaseInfo> cases_;
};

} // namespace meterbench::harness::lua
