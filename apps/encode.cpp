// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/key_options.hpp"
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
  meterbench encode --keys keys.json radio.jsonl

A line holds one object of schema meterbench.telegram/1, as decode prints it; the
bytes are made from its typed fields. dib, vib and raw may be left out; where they
are there they must agree. Every good line gives one line of hex, in order. Exit
status 1 when some line cannot be encoded.)";

/// Encodes every line that is not empty; a line that cannot be is told on stderr.
bool encode_lines(std::istream& stream, const std::string& name,
                  const formats::EncodingContext& encoding) {
    bool good = true;
    std::size_t number = 0;
    std::string hex;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) {
            continue;
        }
        const auto frames =
            formats::read_telegram_json(line, fmt::format("{} line {}", name, number), encoding);
        if (!frames) {
            fmt::print(stderr, "meterbench encode: {}\n", frames.error());
            good = false;
            continue;
        }
        for (const auto& bytes : *frames) {
            hex.clear();
            core::bytes::append_hex(hex, bytes);
            fmt::print("{}\n", hex);
        }
    }
    return good;
}

struct Options {
    std::string input;
    KeyOptions keys;
};

int encode(const Options& options) {
    const std::string& input = options.input;
    const auto keys = load_keys(options.keys);
    const auto protection = protection_options(options.keys);
    if (!keys || !protection) {
        fmt::print(stderr, "meterbench encode: {}\n", keys ? protection.error() : keys.error());
        return exit_status::usage;
    }
    const formats::EncodingContext encoding{&*keys, *protection};
    bool good = false;
    if (input.empty() || input == "-") {
        good = encode_lines(std::cin, "-", encoding);
    } else {
        std::error_code error;
        std::ifstream file{input};
        if (!file || std::filesystem::is_directory(input, error)) {
            fmt::print(stderr, "meterbench encode: {}: cannot be read\n", input);
            return exit_status::usage;
        }
        good = encode_lines(file, input, encoding);
    }
    return good ? exit_status::success : exit_status::failure;
}

} // namespace

void add_encode(CLI::App& app, int& status) {
    CLI::App* command = app.add_subcommand("encode", "Turn telegrams in JSON into bytes");
    const auto options = std::make_shared<Options>();
    command
        ->add_option("input", options->input,
                     "A file of telegrams, one object a line, or - for standard input (when left "
                     "out, too)")
        ->type_name("FILE | -");
    add_key_options(*command, options->keys);
    command->footer(examples);
    command->callback([options, &status] { status = encode(*options); });
}

} // namespace meterbench::apps
