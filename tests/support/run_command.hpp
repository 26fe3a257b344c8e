// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "paths.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>

namespace meterbench::tests {

/// What a program printed and ended with; status -1 when it ended by a signal.
struct Ran {
    int status = -1;
    std::string out;
    std::string err;
};

/// Runs `meterbench ARGUMENTS` through the shell with `input` on its standard input.
inline Ran run_command(const std::string& arguments, const std::string& input = {}) {
    const TemporaryFolder folder;
    const std::string base = folder.path().string();
    (void)folder.write("in", input);
    const std::string line = std::string{METERBENCH_COMMAND} + " " + arguments + " < " + base +
                             "/in > " + base + "/out 2> " + base + "/err";
    const int status = std::system(line.c_str());
    const auto read = [&](const char* name) {
        std::ostringstream text;
        text << std::ifstream{base + name}.rdbuf();
        return text.str();
    };
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("/out"), read("/err")};
}

} // namespace meterbench::tests
