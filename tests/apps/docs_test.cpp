// SPDX-License-Identifier: Apache-2.0
// What docs/ says is true: its examples run, its tables are those of the program.
#include "core/link/primary_table.hpp"
#include "core/link/secondary_table.hpp"
#include "paths.hpp"
#include "tests/support/run_command.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using meterbench::tests::Ran;
using meterbench::tests::run_command;
using meterbench::tests::TemporaryFolder;

const fs::path source_folder{METERBENCH_SOURCE_DIR};

std::string read_file(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    BOOST_REQUIRE_MESSAGE(!text.view().empty(), path << " is missing or empty");
    return text.str();
}

std::string page(std::string_view name) {
    return read_file(source_folder / "docs" / name);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// A fenced block of a page.
struct Block {
    std::size_t line = 0; ///< of its first line
    std::string text;
};

std::vector<Block> blocks_of(const std::string& text, const std::string& language) {
    std::vector<Block> blocks;
    bool inside = false;
    bool wanted = false;
    std::size_t number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        if (line.starts_with("```")) {
            wanted = !inside && line == "```" + language;
            inside = !inside;
            if (wanted) {
                blocks.push_back({number + 1, {}});
            }
        } else if (wanted) {
            blocks.back().text += line + '\n';
        }
    }
    BOOST_REQUIRE_MESSAGE(!inside, "a fence is not closed");
    return blocks;
}

/// A block without `return` is the body of a case; it has the variables that the page promises.
std::string whole_file(const Block& block) {
    for (const std::string& line : lines_of(block.text)) {
        if (line.starts_with("return ")) {
            return block.text;
        }
    }
    return fmt::format(R"(return case {{
  id = "docs.line-{}",
  title = "an example of the documentation",
  checks = {{ "MB2-LL-028" }},
  needs = {{ "line", "timing", "octet_errors", "gaps", "break", "baud", "power", "world" }},
  run = function(rig)
    local line, dut = rig.line, rig.dut
{}  end,
}}
)",
                       block.line, block.text);
}

/// The status that a block of commands notes in its last comment.
int noted_status(const Block& block) {
    constexpr std::string_view mark = "# exit status ";
    const std::size_t place = block.text.rfind(mark);
    BOOST_REQUIRE_MESSAGE(place != std::string::npos,
                          "the block at line " << block.line << " notes no exit status");
    return block.text[place + mark.size()] - '0';
}

/// Runs a block of commands in a folder, to the first that does not end with 0.
Ran run_block(const Block& block, const fs::path& folder) {
    const TemporaryFolder aside;
    const fs::path script = aside.write("script", block.text);
    const std::string base = aside.path().string();
    const std::string line =
        fmt::format("cd '{}' && PATH='{}':\"$PATH\" sh -e '{}' > '{}/out' 2> '{}/err' < /dev/null",
                    folder.string(), fs::path{METERBENCH_COMMAND}.parent_path().string(),
                    script.string(), base, base);
    const int status = std::system(line.c_str());
    const auto text = [&base](const char* name) {
        std::ostringstream stream;
        stream << std::ifstream{base + name}.rdbuf();
        return stream.str();
    };
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text("/out"), text("/err")};
}

} // namespace

BOOST_AUTO_TEST_SUITE(docs)

// Every example of the scenario API passes on the suite's simulated rig.
BOOST_AUTO_TEST_CASE(examples_of_the_scenario_api) {
    const std::vector<Block> blocks = blocks_of(page("scenario-api.md"), "lua");
    BOOST_TEST(blocks.size() > 20);
    const std::string suite = (source_folder / "scenarios" / "wired" / "meter").string();
    const TemporaryFolder folder;
    for (const Block& block : blocks) {
        const std::string file = folder.write("example.lua", whole_file(block)).string();
        const Ran ran = run_command(fmt::format("run {0} --rig {1}/rig.json --ics {1}/ics.json "
                                                "--report {2}/report",
                                                file, suite, folder.path().string()));
        BOOST_TEST(ran.status == 0, "scenario-api.md:" << block.line << ": status " << ran.status
                                                       << "\n"
                                                       << ran.out << ran.err);
        BOOST_TEST(ran.out.find("0 not applicable, 0 not runnable") != std::string::npos,
                   "scenario-api.md:" << block.line << "\n"
                                      << ran.out);
    }
}

// The first case can be followed word for word in an empty folder.
BOOST_AUTO_TEST_CASE(commands_of_the_first_case) {
    const std::vector<Block> blocks = blocks_of(page("first-case.md"), "sh");
    BOOST_TEST(blocks.size() > 4);
    const TemporaryFolder folder;
    for (const Block& block : blocks) {
        const int due = noted_status(block);
        const Ran ran = run_block(block, folder.path());
        BOOST_TEST(ran.status == due, "first-case.md:" << block.line << ": status " << ran.status
                                                       << ", noted " << due << "\n"
                                                       << ran.out << ran.err);
    }
}

// The state tables are those of the stations, row for row.
BOOST_AUTO_TEST_CASE(state_tables) {
    using namespace meterbench::core::link;
    const std::vector<Block> blocks = blocks_of(page("link.md"), "text");
    BOOST_REQUIRE(blocks.size() == 2);
    const auto meter = lines_of(print(secondary_table()));
    const auto master = lines_of(print(primary_table()));
    BOOST_TEST(lines_of(blocks[0].text) == meter, boost::test_tools::per_element());
    BOOST_TEST(lines_of(blocks[1].text) == master, boost::test_tools::per_element());
}

// The page has a row for each fault, with what the command says of it, and no other.
BOOST_AUTO_TEST_CASE(table_of_faults) {
    const Ran ran = run_command("faults --json");
    BOOST_REQUIRE(ran.status == 0);
    std::set<std::string> due;
    for (const std::string& line : lines_of(ran.out)) {
        const auto fault = nlohmann::json::parse(line);
        std::string numbers;
        for (const auto& number : fault.at("parameters")) {
            numbers += fmt::format(
                "{}`{}` {} to {}, default {}, {}", numbers.empty() ? "" : "; ",
                number.at("name").get<std::string>(), number.at("minimum").get<double>(),
                number.at("maximum").get<double>(), number.at("default").get<double>(),
                number.at("unit").get<std::string>());
        }
        due.insert(fmt::format("| `{}` | {} | {} | {} | {} |", fault.at("name").get<std::string>(),
                               fault.at("seam").get<std::string>(),
                               fault.value("requirement", std::string{}),
                               fault.at("visible").get<std::string>(), numbers));
    }
    std::set<std::string> rows;
    const std::string text = page("faults.md");
    const std::size_t table = text.find("| name |");
    BOOST_REQUIRE(table != std::string::npos);
    for (const std::string& line : lines_of(text.substr(table))) {
        if (line.starts_with("| `")) {
            BOOST_TEST(rows.insert(line).second, "twice: " << line);
        }
    }
    for (const std::string& row : due) {
        BOOST_TEST(rows.contains(row), "faults.md lacks the row\n" << row);
    }
    for (const std::string& row : rows) {
        BOOST_TEST(due.contains(row), "meterbench faults has no\n" << row);
    }
}

// The page has a row for each benign variant and null device and for each mutant master, and no
// other.
BOOST_AUTO_TEST_CASE(tables_of_mutants) {
    std::set<std::string> due;
    for (const char* const which :
         {"--ring benign --role meter", "--ring null --role meter", "--role master"}) {
        const Ran ran = run_command(std::string{"mutants --json "} + which);
        BOOST_REQUIRE(ran.status == 0);
        for (const std::string& line : lines_of(ran.out)) {
            const auto mutant = nlohmann::json::parse(line);
            due.insert(fmt::format("| `{}` | {} | {} | {} |", mutant.at("name").get<std::string>(),
                                   mutant.at("seam").get<std::string>(),
                                   mutant.value("requirement", std::string{}),
                                   mutant.at("visible").get<std::string>()));
        }
    }
    std::set<std::string> rows;
    for (const std::string& line : lines_of(page("mutants.md"))) {
        if (line.starts_with("| `benign.") || line.starts_with("| `null.") ||
            line.starts_with("| `master.")) {
            rows.insert(line);
        }
    }
    BOOST_TEST(rows == due, boost::test_tools::per_element());
}

// The index leads nowhere in vain.
BOOST_AUTO_TEST_CASE(links_of_the_index) {
    const std::string text = page("README.md");
    std::size_t count = 0;
    for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 2)) {
        const std::string target = text.substr(at + 2, text.find_first_of("#)", at + 2) - at - 2);
        if (target.empty() || target.find("://") != std::string::npos) {
            continue;
        }
        ++count;
        BOOST_TEST(fs::exists(source_folder / "docs" / target), target);
    }
    BOOST_TEST(count > 5);
}

BOOST_AUTO_TEST_SUITE_END()
