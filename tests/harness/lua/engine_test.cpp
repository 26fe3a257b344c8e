// SPDX-License-Identifier: Apache-2.0
// The sandbox: what a script from a stranger can reach, and what stops it.
#include "harness/lua/engine.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;
using harness::lua::Engine;
using harness::lua::Limits;
using harness::lua::ScriptFailure;

namespace {

constexpr Limits small{.memory = 4U << 20U, .instructions = 2'000'000};

/// Runs a chunk; the failure's text, or "" when it ended by itself.
std::string failure_of(Engine& engine, std::string_view text) {
    if (const auto loaded = engine.load(text, "case.lua"); !loaded) {
        return loaded.error().where + ": " + loaded.error().text;
    }
    const auto ran = engine.call(0, 0);
    return ran ? "" : ran.error().where + ": " + ran.error().text;
}

std::string failure_of(std::string_view text) {
    Engine engine{small};
    return failure_of(engine, text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine)

// Nothing that reads a file, a clock or a process, or makes code from bytes, has a name.
BOOST_AUTO_TEST_CASE(there_is_no_way_out) {
    for (const char* const name :
         {"os", "io", "package", "debug", "coroutine", "load", "loadfile", "dofile", "xpcall",
          "collectgarbage", "print", "warn", "string.dump", "math.random", "math.randomseed"}) {
        BOOST_TEST(failure_of(std::string{"assert("} + name + " == nil)") == "", name);
    }
}

BOOST_AUTO_TEST_CASE(bytecode_is_refused) {
    Engine engine{small};
    BOOST_TEST(!engine.load("\x1bLua", "case.lua").has_value());
}

// Purpose: each way to loop for ever ends with the same message, and the script cannot go on.
BOOST_AUTO_TEST_CASE(endless_loops_end) {
    for (const char* const text :
         {"while true do end", "while true do pcall(function() while true do end end) end",
          "local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x",
          "local function f() return pcall(f) end while true do f() end", "repeat until false",
          "goto a ::a:: goto a"}) {
        Engine engine{small};
        const std::string failure = failure_of(engine, text);
        BOOST_TEST(failure.find("endless loop") != std::string::npos, text << " gave " << failure);
        BOOST_TEST(engine.exhausted());
    }
}

// A finalizer would run where nothing is counted: it cannot be made.
BOOST_AUTO_TEST_CASE(finalizers_are_refused) {
    BOOST_TEST(failure_of("setmetatable({}, {__gc = function() while true do end end})") ==
               "case.lua:1: setmetatable: finalizers (__gc) are not available");
    // Added afterwards, Lua does not look at it.
    BOOST_TEST(
        failure_of("local m = {} setmetatable({}, m) m.__gc = function() error('ran') end") == "");
}

BOOST_AUTO_TEST_CASE(memory_is_limited) {
    for (const char* const text : {"local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end",
                                   "local s = 'x' while true do s = s .. s end",
                                   "local t = {} while true do t = {t, t} end"}) {
        Engine engine{small};
        const std::string failure = failure_of(engine, text);
        const bool stopped = failure.find("more than 4 MiB of memory") != std::string::npos ||
                             failure.find("endless loop") != std::string::npos;
        BOOST_TEST(stopped, text << " gave " << failure);
        BOOST_TEST(engine.exhausted());
    }
    BOOST_TEST(failure_of("return ('x'):rep(1e9)") ==
               "case.lua:1: string.rep: the result is longer than 1 MiB");
    BOOST_TEST(failure_of("return ('x'):rep(1e9, 'y')") ==
               "case.lua:1: string.rep: the result is longer than 1 MiB");
    BOOST_TEST(failure_of("assert(('ab'):rep(3, '-') == 'ab-ab-ab')") == "");
}

// Nobody can put another function in the place of the limited ones.
BOOST_AUTO_TEST_CASE(the_string_metatable_is_out_of_reach) {
    BOOST_TEST(failure_of("assert(getmetatable('') == false)") == "");
}

BOOST_AUTO_TEST_CASE(errors_name_their_place) {
    BOOST_TEST(failure_of("\n\nerror('on purpose')") == "case.lua:3: on purpose");
    BOOST_TEST(failure_of("\nlocal x = nil + 1") ==
               "case.lua:2: attempt to perform arithmetic on a nil value");
    BOOST_TEST(failure_of("if then") == "case.lua:1: unexpected symbol near 'then'");
    BOOST_TEST(failure_of("error({})") == ": an error that is a table, not a text");
}

// require reads text files below the suite's lib/, once each, and nothing else.
BOOST_AUTO_TEST_CASE(require_stays_inside_the_suite) {
    const tests::TemporaryFolder folder;
    (void)folder.write("lib/a.lua", "count = (count or 0) + 1 return { value = 7 }");
    (void)folder.write("lib/bad.lua", "return +");
    (void)folder.write("secret.lua", "return 1");
    Engine engine{small};
    engine.set_suite(folder.path());
    BOOST_TEST(failure_of(engine, "assert(require('a').value == 7) assert(require('a')) "
                                  "assert(count == 1)") == "");
    for (const char* const name : {"../secret", "/etc/passwd", "", "a;b", "nothing"}) {
        const std::string failure = failure_of(engine, std::string{"require('"} + name + "')");
        BOOST_TEST(failure.starts_with("case.lua:1: require: "), failure);
    }
    BOOST_TEST(failure_of(engine, "require('bad')").find("unexpected symbol") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
