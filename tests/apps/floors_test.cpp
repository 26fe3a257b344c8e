// SPDX-License-Identifier: Apache-2.0
// The floors of the house: a folder includes only folders that stand below it, and each library has
// its room. See docs/architecture.md.
#include "paths.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = METERBENCH_SOURCE_DIR;

/// What each floor may include besides itself.
const std::map<std::string, std::set<std::string>> below{
    {"core", {}},
    {"formats", {"core"}},
    {"rig", {"core"}},
    {"hil", {"rig", "core"}},
    {"sim", {"rig", "core"}},
    {"models", {"sim", "rig", "formats", "core"}},
    {"harness", {"rig", "formats", "core"}},
    {"reports", {"harness", "formats", "core"}},
    {"apps", {"reports", "harness", "models", "sim", "hil", "rig", "formats", "core"}},
};

/// Where a library's headers may be included.
struct Room {
    std::string header; ///< what the include begins with
    std::vector<std::string> folders;
};
const std::vector<Room> rooms{
    {"systemc", {"sim/", "models/"}},
    {"lua", {"harness/lua/"}},
    {"libusb", {"hil/usb/"}},
    {"crypto", {"core/security/"}},
    {"nlohmann/", {"formats/", "reports/", "apps/"}},
    {"pugixml", {"formats/", "reports/"}},
    {"CLI/", {"apps/"}},
    {"boost/", {}},
};

struct Include {
    fs::path file; ///< relative to the root
    std::string name;
};

std::vector<Include> includes() {
    std::vector<Include> found;
    for (const auto& [floor, lower] : below) {
        for (const auto& entry : fs::recursive_directory_iterator{root / floor}) {
            const fs::path extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp") {
                continue;
            }
            std::ifstream file{entry.path()};
            for (std::string line; std::getline(file, line);) {
                if (!line.starts_with("#include ") || line.size() < 12) {
                    continue;
                }
                const std::string name = line.substr(10, line.find_last_of("\">") - 10);
                found.push_back({entry.path().lexically_relative(root), name});
            }
        }
    }
    return found;
}

std::string floor_of(const fs::path& path) {
    return path.begin()->string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(floors)

BOOST_AUTO_TEST_CASE(a_folder_includes_only_what_stands_below_it) {
    const auto all = includes();
    BOOST_REQUIRE(all.size() > 500U);
    for (const Include& include : all) {
        const std::string target = floor_of(include.name);
        if (!below.contains(target) || !fs::exists(root / include.name)) {
            continue;
        }
        const std::string floor = floor_of(include.file);
        BOOST_TEST((target == floor || below.at(floor).contains(target)),
                   include.file.string() << " includes " << include.name);
    }
}

BOOST_AUTO_TEST_CASE(each_library_stays_in_its_room) {
    for (const Include& include : includes()) {
        for (const Room& room : rooms) {
            if (!include.name.starts_with(room.header)) {
                continue;
            }
            const std::string file = include.file.string();
            const bool inside =
                std::ranges::any_of(room.folders, [&file](const std::string& folder) {
                    return file.starts_with(folder);
                });
            BOOST_TEST(inside, file << " includes " << include.name);
        }
    }
}

// The core asks nobody what time it is, reads no file and draws no random number.
BOOST_AUTO_TEST_CASE(the_core_has_no_clock_no_files_and_no_chance) {
    const std::set<std::string> outside{"fstream",  "iostream",    "cstdio", "random",
                                        "thread",   "ctime",       "mutex",  "filesystem",
                                        "unistd.h", "fmt/format.h"};
    for (const Include& include : includes()) {
        if (floor_of(include.file) == "core") {
            BOOST_TEST(!outside.contains(include.name), include.file.string()
                                                            << " includes " << include.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_source_says_its_licence) {
    for (const auto& [floor, lower] : below) {
        for (const auto& entry : fs::recursive_directory_iterator{root / floor}) {
            const fs::path extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp" && extension != ".lua") {
                continue;
            }
            std::ifstream file{entry.path()};
            std::string line;
            (void)std::getline(file, line);
            BOOST_TEST(line.find("SPDX-License-Identifier: Apache-2.0") != std::string::npos,
                       entry.path().string());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
