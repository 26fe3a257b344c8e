// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "core/bytes/hex.hpp"
#include "formats/telegram_reader.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

namespace meterbench::apps {
namespace {

constexpr const char* examples = R"(Examples:
  meterbench decode capture.txt | meterbench encode -
  meterbench encode telegrams.jsonl > capture.txt

A line holds one object of schema meterbench.telegram/1, as decode prints it; the
bytes are made from its typed fields. dib, vib and raw may be left out; where they
are there they must agree. Every good line gives one line of hex, in order. Exit
status 1 when some line cannot be encoded.)";

/// Encodes every line that is not empty; a line that cannot be is told on stderr.
bool encode_lines(std::istream& stream, const std::string& name) {
    bool good = true;
    std::size_t number = 0;
    std::string hex;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) {
            continue;
        }
        const auto bytes =
            formats::read_telegram_json(line, fmt::format("{} line {}", name, number));
        if (!bytes) {
            fmt::print(stderr, "meterbench encode: {}\n", bytes.error());
            good = false;
            continue;
        }
        hex.clear();
        core::bytes::append_hex(hex, *bytes);
        fmt::print("{}\n", hex);
    }
    return good;
}

int encode(const std::string& input) {
    bool good = false;
    if (input.empty() || input == "-") {
        good = encode_lines(std::cin, "-");
    } else {
        std::error_code error;
        std::ifstream file{input};
        if (!file || std::filesystem::is_directory(input, error)) {
            fmt::print(stderr, "meterbench encode: {}: cannot be read\n", input);
            return exit_status::usage;
        }
        good = encode_lines(file, input);
    }
    return good ? exit_status::success : exit_status::failure;
}

} // namespace

void add_encode(CLI::App& app, int& status) {
    CLI::App* command = app.add_subcommand("encode", "Turn telegrams in JSON into bytes");
    const auto input = std::make_shared<std::string>();
    command
        ->add_option("input", *input,
                     "A file of telegrams, one object a line, or - for standard input (when left "
                     "out, too)")
        ->type_name("FILE | -");
    command->footer(examples);
    command->callback([input, &status] { status = encode(*input); });
}

} // namespace meterbench::apps
