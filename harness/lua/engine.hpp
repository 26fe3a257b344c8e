// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/lua/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <lua.hpp>
#include <memory>
#include <string>

namespace meterbench::harness::lua {

/// Why a script stopped: one line, and where.
struct ScriptFailure {
    std::string text;
    std::string where;  ///< file:line, empty when unknown
    bool ended = false; ///< no failure: an expectation ended the case
};

/// A Lua state without a way out: no files, no clock, no processes, no bytecode, no finalizers, no
/// coroutines; memory and instructions are limited. The prelude makes the scenario API.
class Engine {
  public:
    explicit Engine(const Limits& limits);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    [[nodiscard]] lua_State* state() { return lua_; }

    /// `require` finds `lib/NAME.lua` below this folder.
    void set_suite(std::filesystem::path folder) { suite_ = std::move(folder); }
    [[nodiscard]] const std::filesystem::path& suite() const { return suite_; }

    /// Loads a text chunk and leaves it on the stack.
    [[nodiscard]] std::expected<void, ScriptFailure> load(std::string_view text,
                                                          const std::string& name);
    /// Calls what is on the stack with `arguments` values above it.
    [[nodiscard]] std::expected<void, ScriptFailure> call(int arguments, int results);

    /// Collects garbage now, so that next to none is collected while a case runs: a worker that is
    /// forked from here writes to few pages of what it shares.
    void settle();

    /// Out of instructions or memory: whatever the script did about the error.
    [[nodiscard]] bool exhausted() const { return exhausted_; }

  private:
    static void* allocate(void* self, void* block, std::size_t old_size, std::size_t new_size);
    static void count(lua_State* lua, lua_Debug* activation);
    void open_libraries();

    Limits limits_;
    std::size_t used_ = 0;
    std::uint64_t executed_ = 0;
    bool exhausted_ = false;
    std::filesystem::path suite_;
    lua_State* lua_ = nullptr;
};

/// `file:line` of the innermost function outside the prelude; empty when there is none.
[[nodiscard]] std::string where(lua_State* lua);

} // namespace meterbench::harness::lua
