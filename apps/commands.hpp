// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace meterbench::apps {

/// Adds a subcommand: its options, its help with examples, and a callback that does the job and
/// leaves the exit status in `status`, which outlives the parsing. A new subcommand is one file
/// apps/NAME.cpp, one line here and one in main.cpp.
using AddCommand = void (*)(CLI::App& app, int& status);

void add_alarm(CLI::App& app, int& status);
void add_campaign(CLI::App& app, int& status);
void add_cases(CLI::App& app, int& status);
void add_decode(CLI::App& app, int& status);
void add_encode(CLI::App& app, int& status);
void add_faults(CLI::App& app, int& status);
void add_judge(CLI::App& app, int& status);
void add_learn(CLI::App& app, int& status);
void add_merge(CLI::App& app, int& status);
void add_meters(CLI::App& app, int& status);
void add_model(CLI::App& app, int& status);
void add_mutants(CLI::App& app, int& status);
void add_job(CLI::App& app, int& status);
void add_read(CLI::App& app, int& status);
void add_requirements(CLI::App& app, int& status);
void add_run(CLI::App& app, int& status);
void add_scan(CLI::App& app, int& status);
void add_search(CLI::App& app, int& status);
void add_serve(CLI::App& app, int& status);
void add_table_mutants(CLI::App& app, int& status);
void add_write(CLI::App& app, int& status);

} // namespace meterbench::apps
