// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/key_options.hpp"
#include "core/application/compact.hpp"
#include "core/bytes/hex.hpp"
#include "core/receiver/receiver.hpp"
#include "formats/explain.hpp"
#include "formats/received_line.hpp"
#include "formats/telegram_json.hpp"
#include "formats/telegram_text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meterbench::apps {
namespace {

enum class Format : std::uint8_t { json, text };

struct Options {
    std::vector<std::string> input;
    std::string link;
    KeyOptions keys;
    std::string format;
    bool explain = false;
    std::string mode;
    std::string frame_format;
    std::string ell_five;
    bool duplicates = false;
    bool counters = false;
};

constexpr const char* examples = R"(Examples:
  meterbench decode 68 04 04 68 08 03 72 00 7D 16
  meterbench decode --explain 105B056016
  meterbench decode capture.txt > telegrams.jsonl
  capture-program | meterbench decode -
  meterbench decode --keys keys.json radio.txt
  meterbench decode --key 12345678=000102030405060708090A0B0C0D0E0F --explain 2E44..F3
  meterbench decode --mode C1 --frame-format B --duplicates radio.txt
  rtl_wmbus < samples | meterbench decode --keys keys.json --counters -


A line holds one telegram, in hex with or without blanks, or as rtl_wmbus prints
it (MODE;..;0xHEX). Every line that is not empty gives one object of schema meterbench.telegram/1, in order, a broken one
too. Compact frames are expanded when a line before has shown their format (json
only). Exit status 1 when some line has a fault.)";

/// Prints telegrams line by line and remembers whether one had a fault.
class Printer {
  public:
    struct Setup {
        Format format;
        bool explain;
        formats::Link link;
        std::optional<core::wireless::Mode> mode{};
        core::wireless::Handover handover = core::wireless::Handover::unknown;
    };
    Printer(const Setup& setup, core::receiver::Receiver& receiver)
        : setup_{setup}, receiver_{receiver} {}

    void print(std::string_view line) {
        ++number_;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
            return;
        }
        out_.clear();
        formats::ReceivedLine received = formats::read_received_line(line);
        if (setup_.mode) {
            received.mode = setup_.mode;
        }
        if (setup_.handover != core::wireless::Handover::unknown) {
            received.handover = setup_.handover;
        }
        if (received.fault) {
            print_fault(core::make_fault(*received.fault), formats::Link::wireless);
            std::fwrite(out_.data(), 1, out_.size(), stdout);
            return;
        }
        bytes_.resize(received.hex.size() / 2);
        const auto count = core::bytes::read_hex(received.hex, bytes_);
        if (count) {
            print_bytes(std::span{bytes_}.first(*count), received);
            print_contained();
        } else {
            print_fault(count.error(), setup_.link);
        }
        std::fwrite(out_.data(), 1, out_.size(), stdout);
    }
    [[nodiscard]] bool faulty() const { return faulty_; }

  private:
    /// What came inside the telegram, at the same line; not what is inside that again.
    void print_contained() {
        const formats::Contained found = std::exchange(contained_, {});
        for (container_ = 1; container_ <= found.size(); ++container_) {
            if (setup_.format == Format::text) {
                fmt::format_to(std::back_inserter(out_), "in container {} of ", container_);
            }
            print_bytes(found[container_ - 1], {});
        }
        container_ = 0;
        contained_.clear();
    }
    void print_bytes(std::span<const std::uint8_t> bytes, const formats::ReceivedLine& received) {
        const bool radio = received.mode || received.handover != core::wireless::Handover::unknown;
        const formats::Link link = container_ != 0 ? formats::Link::unknown
                                   : radio         ? formats::Link::wireless
                                                   : setup_.link;
        if (setup_.format == Format::json) {
            const bool good = formats::write_telegram_json(out_, number_, bytes,
                                                           {.formats = &formats_,
                                                            .link = link,
                                                            .receiver = &receiver_,
                                                            .handover = received.handover,
                                                            .mode = received.mode,
                                                            .contained = &contained_,
                                                            .container = container_});
            faulty_ = faulty_ || !good;
            out_ += '\n';
            return;
        }
        if (link == formats::Link::wireless ||
            (link == formats::Link::unknown &&
             formats::link_of(bytes) == formats::Link::wireless)) {
            const auto& reception = receiver_.receive(bytes, received.handover);
            formats::find_contained(contained_, reception.telegram);
            faulty_ =
                !formats::write_telegram_text(out_, number_, reception, received.mode) || faulty_;
            if (setup_.explain) {
                formats::write_explanation(out_, bytes, reception);
            }
            return;
        }
        // The text expands no compact frames: the status must say what the text says.
        std::string line;
        const bool good = formats::write_telegram_json(
            line, number_, bytes, {.receiver = &receiver_, .contained = &contained_});
        faulty_ = faulty_ || !good;
        formats::write_telegram_text(out_, number_, bytes, &receiver_.decryption());
        if (setup_.explain) {
            formats::write_explanation(out_, bytes);
        }
    }
    void print_fault(const core::Fault& fault, formats::Link link) {
        faulty_ = true;
        if (setup_.format == Format::json) {
            formats::write_fault_json(out_, number_, fault, link);
            out_ += '\n';
        } else {
            out_ +=
                fmt::format("line {}: {} at character {}: {}\n", number_, core::name_of(fault.code),
                            fault.offset, formats::fault_detail(fault));
        }
    }

    Setup setup_;
    core::receiver::Receiver& receiver_; ///< knows the keys, and fragments of lines before
    std::size_t number_ = 0;
    bool faulty_ = false;
    std::string out_;
    std::vector<std::uint8_t> bytes_;
    formats::Contained contained_;
    std::size_t container_ = 0;              ///< what is printed came in: from 1, 0 in none
    core::application::FormatCache formats_; ///< of the lines before, for compact frames
};

void print_lines(std::istream& stream, Printer& printer) {
    std::string line;
    while (std::getline(stream, line)) {
        printer.print(line);
    }
}

bool is_hex(std::string_view text) {
    std::vector<std::uint8_t> bytes(text.size() / 2);
    const auto count = core::bytes::read_hex(text, bytes);
    return count && *count != 0;
}

/// Hex, a file or standard input, whichever the arguments are. False after a message.
bool print_input(const std::vector<std::string>& input, Printer& printer) {
    const std::string joined = fmt::format("{}", fmt::join(input, " "));
    if (input.empty() || joined == "-") {
        print_lines(std::cin, printer);
        return true;
    }
    if (is_hex(joined)) {
        printer.print(joined);
        return true;
    }
    std::error_code error;
    if (input.size() > 1 || !std::filesystem::exists(joined, error)) {
        fmt::print(stderr,
                   "meterbench decode: {}: neither pairs of hexadecimal digits nor a file\n",
                   joined);
        return false;
    }
    std::ifstream file{joined};
    if (!file || std::filesystem::is_directory(joined, error)) {
        fmt::print(stderr, "meterbench decode: {}: cannot be read\n", joined);
        return false;
    }
    print_lines(file, printer);
    return true;
}

formats::Link link_of(std::string_view name) {
    return name == "wired"      ? formats::Link::wired
           : name == "wireless" ? formats::Link::wireless
                                : formats::Link::unknown;
}

core::wireless::Handover handover_of(std::string_view name) {
    using core::wireless::Handover;
    return name == "A"      ? Handover::format_a
           : name == "B"    ? Handover::format_b
           : name == "none" ? Handover::stripped
                            : Handover::unknown;
}

/// `RECEIVER,SESSION,DELAY,LEVEL`: the bits of the extended control byte, 0 to 7, - for none.
std::optional<core::wireless::EllFiveLayout> layout_of(std::string_view text) {
    std::array<std::uint8_t, 4> bits{};
    if (text.size() != 2 * bits.size() - 1) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const char digit = text[2 * i];
        const bool separated = i == 0 || text[2 * i - 1] == ',';
        if (!separated || (digit != '-' && (digit < '0' || digit > '7'))) {
            return std::nullopt;
        }
        bits.at(i) = static_cast<std::uint8_t>(digit == '-' ? 8 : digit - '0');
    }
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const auto same = std::ranges::count(bits, bits.at(i));
        if (bits.at(i) != 8 && same != 1) {
            return std::nullopt;
        }
    }
    return core::wireless::EllFiveLayout{bits[0], bits[1], bits[2], bits[3]};
}

core::receiver::ReceiverOptions receiver_options(const Options& options) {
    core::receiver::ReceiverOptions made;
    made.guard_counters = options.counters;
    made.guarded_senders = std::size_t{1} << 16U;
    // Lines have no time: all are heard at one instant.
    made.duplicate_window = core::Duration{options.duplicates ? 1 : 0};
    return made;
}

int decode(const Options& options) {
    if (options.explain && options.format == "json") {
        fmt::print(stderr, "meterbench decode: --explain prints text: leave --format json out\n");
        return exit_status::usage;
    }
    const bool text = options.explain || options.format == "text";
    const auto keys = load_keys(options.keys);
    const auto opening = protection_options(options.keys);
    if (!keys || !opening) {
        fmt::print(stderr, "meterbench decode: {}\n", keys ? opening.error() : keys.error());
        return exit_status::usage;
    }
    const auto layout = layout_of(options.ell_five);
    if (!options.ell_five.empty() && !layout) {
        fmt::print(stderr,
                   "meterbench decode: --ell-five: four different bits 0 to 7, or - for none: the "
                   "receiver's address, session, delay, level, as in 0,1,2,-\n");
        return exit_status::usage;
    }
    core::receiver::ReceiverOptions receiving = receiver_options(options);
    receiving.decryption = *opening;
    receiving.ell_five = layout ? &*layout : nullptr;
    core::receiver::Receiver receiver{*keys, receiving};
    Printer printer{{text ? Format::text : Format::json, options.explain, link_of(options.link),
                     formats::mode_named(options.mode), handover_of(options.frame_format)},
                    receiver};
    if (!print_input(options.input, printer)) {
        return exit_status::usage;
    }
    return printer.faulty() ? exit_status::failure : exit_status::success;
}

} // namespace

void add_decode(CLI::App& app, int& status) {
    CLI::App* command = app.add_subcommand("decode", "Turn telegrams into JSON or text");
    const auto options = std::make_shared<Options>();
    command
        ->add_option("input", options->input,
                     "The bytes of one telegram in hex, a file of telegrams, or - for "
                     "standard input (when left out, too)")
        ->type_name("HEX | FILE | -");
    command
        ->add_option("--link", options->link,
                     "What link layer the telegrams have; found out for each when left out")
        ->check(CLI::IsMember({"wired", "wireless"}));
    add_key_options(*command, options->keys);
    command->add_option("--format", options->format, "json (unless told otherwise) or text")
        ->check(CLI::IsMember({"json", "text"}));
    std::vector<std::string> modes;
    for (const auto& row : core::wireless::mode_table()) {
        if (std::ranges::find(modes, name_of(row.mode)) == modes.end()) {
            modes.emplace_back(name_of(row.mode));
        }
    }
    command
        ->add_option(
            "--mode", options->mode,
            "The radio mode the telegrams came in, which no telegram says; printed as mode")
        ->check(CLI::IsMember(modes));
    command
        ->add_option("--frame-format", options->frame_format,
                     "How radio frames were handed over: with the CRCs of format A or B, or none; "
                     "found out for each when left out")
        ->check(CLI::IsMember({"A", "B", "none"}));
    command->add_flag("--duplicates", options->duplicates,
                      "Mark a radio frame that is among the 256 before it, repeated or not");
    command->add_flag(
        "--counters", options->counters,
        "A message counter not above its meter's last one is a fault (counter-replay)");
    command
        ->add_option("--ell-five", options->ell_five,
                     "Which bits of the extended control byte of ELL V (CI 86h) announce the "
                     "receiver's address, session, delay and level; no public text says it")
        ->type_name("BIT,BIT,BIT,BIT");
    command->add_flag("--explain", options->explain, "Print every byte with its meaning, as text");
    command->footer(examples);
    command->callback([options, &status] { status = decode(*options); });
}

} // namespace meterbench::apps
