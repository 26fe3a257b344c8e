// SPDX-License-Identifier: Apache-2.0
#include "harness/model/station_model.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <utility>

namespace meterbench::harness::model {

namespace {

using core::link::SecondaryAction;
using core::link::SecondaryEvent;
using core::link::SecondaryGuard;
using core::link::SecondaryRow;

/// The kinds of requests that have a frame count bit memory of their own.
enum Kind : std::uint8_t { request2, request1, data, no_memory };
enum Bit : std::uint8_t { none, zero, one };

/// What a command of user data does to the application.
enum class Command : std::uint8_t { none, reset, unknown };

/// A stimulus as the station sees it.
struct Seen {
    std::optional<SecondaryEvent> event; ///< none: no valid frame
    Kind kind = no_memory;
    std::uint8_t set = 0; ///< 0 its own address, 1 FDh
    std::uint8_t fcb = none;
    Command command = Command::none;
};

Seen seen(Stimulus stimulus) {
    using S = Stimulus;
    using E = SecondaryEvent;
    switch (stimulus) {
    case S::nke_own:
    case S::nke_test: return {.event = E::nke_own};
    case S::nke_selected: return {.event = E::nke_selected};
    case S::nke_broadcast: return {.event = E::nke_broadcast};
    case S::request_own_0:
    case S::request_test_0: return {E::request2_own, request2, 0, zero};
    case S::request_own_1:
    case S::request_test_1: return {E::request2_own, request2, 0, one};
    case S::request_own_unnumbered: return {E::request2_own, request2, 0, none};
    case S::request_selected_0: return {E::request2_selected, request2, 1, zero};
    case S::request_selected_1: return {E::request2_selected, request2, 1, one};
    case S::request_selected_unnumbered: return {E::request2_selected, request2, 1, none};
    case S::request_broadcast: return {.event = E::request2_broadcast};
    case S::class1_own: return {E::unsupported, request1, 0, one};
    case S::class1_selected: return {E::unsupported, request1, 1, one};
    case S::class1_broadcast: return {.event = E::unsupported};
    case S::data_own_0: return {E::data_own, data, 0, zero, Command::reset};
    case S::data_own_1: return {E::data_own, data, 0, one, Command::reset};
    case S::data_selected_0: return {E::data_selected, data, 1, zero, Command::reset};
    case S::data_selected_1: return {E::data_selected, data, 1, one, Command::reset};
    case S::data_broadcast: return {.event = E::data_broadcast, .command = Command::reset};
    case S::select_0: return {E::select_match, data, 1, zero, Command::unknown};
    case S::select_1: return {E::select_match, data, 1, one, Command::unknown};
    case S::select_other: return {E::select_mismatch, data, 1, one, Command::unknown};
    case S::select_obsolete: return {E::select_obsolete, data, 1, one, Command::unknown};
    case S::foreign_nke:
    case S::foreign_request: return {.event = E::foreign};
    case S::foreign_data: return {.event = E::foreign, .command = Command::reset};
    case S::answer_telegram: return {.event = E::answer, .command = Command::unknown};
    case S::answer_single: return {.event = E::answer};
    case S::link_status: return {.event = E::unsupported};
    case S::misfit_request: return {E::misfit, request2, 0, one, Command::reset};
    case S::misfit_data: return {E::misfit, data, 0, zero};
    default: return {};
    }
}

constexpr std::uint8_t nothing_built = 0x0F;

struct Meter {
    std::uint8_t state = 0;
    std::array<std::array<std::uint8_t, 3>, 2> memories{}; ///< [set][Kind]
    std::uint8_t place = nothing_built;                    ///< index of the current telegram
    std::uint8_t built = nothing_built; ///< what the application would send again
    bool error = false;                 ///< an error is still to be reported
};

/// Fields of a packed state, from bit 0: state (1), six memories (2 each), place and built (4 each,
/// exclusive or with `nothing_built` so that all zeros is the first state), error (1).
StationModel::Packed pack(const Meter& meter) {
    std::uint32_t packed = meter.error ? 1U : 0U;
    packed = packed << 4U | (meter.built ^ nothing_built);
    packed = packed << 4U | (meter.place ^ nothing_built);
    for (const auto& set : meter.memories) {
        for (const std::uint8_t memory : set) {
            packed = packed << 2U | memory;
        }
    }
    return packed << 1U | meter.state;
}

Meter unpack(StationModel::Packed packed) {
    Meter meter;
    const auto take = [&packed](unsigned bits) {
        const auto value = static_cast<std::uint8_t>(packed & ((1U << bits) - 1U));
        packed >>= bits;
        return value;
    };
    meter.state = take(1);
    for (std::size_t set = 2; set-- > 0;) {
        for (std::size_t kind = 3; kind-- > 0;) {
            meter.memories[set][kind] = take(2);
        }
    }
    meter.place = take(4) ^ nothing_built;
    meter.built = take(4) ^ nothing_built;
    meter.error = take(1) != 0;
    return meter;
}

} // namespace

/// What the station does with one frame.
class StationRules {
  public:
    explicit StationRules(const StationModel& model) : model_{model} {}

    OutputSet step(Meter& meter, const Seen& frame) const {
        if (!frame.event) {
            return silence;
        }
        std::uint8_t* const memory =
            frame.kind == no_memory ? nullptr : &meter.memories[frame.set][frame.kind];
        const auto& cell = model_.cells_[meter.state][static_cast<std::size_t>(*frame.event)]
                                        [static_cast<std::size_t>(guard(memory, frame.fcb))];
        if (!cell.filled) {
            return silence;
        }
        const OutputSet output = act(cell.action, meter, frame, memory);
        meter.state = static_cast<std::uint8_t>(cell.next);
        return output;
    }

  private:
    static SecondaryGuard guard(const std::uint8_t* memory, std::uint8_t fcb) {
        if (memory == nullptr || fcb == none) {
            return SecondaryGuard::fcb_not_valid;
        }
        if (*memory == none) {
            return fcb == one ? SecondaryGuard::fcb_fresh : SecondaryGuard::fcb_undefined;
        }
        return *memory == fcb ? SecondaryGuard::fcb_repeated : SecondaryGuard::fcb_fresh;
    }

    static void rewind(Meter& meter) { meter.place = meter.built = nothing_built; }

    static void execute(Meter& meter, Command command) {
        if (command == Command::reset) {
            meter.error = false;
            rewind(meter);
        } else if (command == Command::unknown) {
            meter.error = true;
        }
    }

    [[nodiscard]] OutputSet built(const Meter& meter) const { return telegram(meter.built + 1U); }
    OutputSet next(Meter& meter) const {
        if (meter.error) {
            meter.error = false;
            meter.built = model_.telegrams_;
        } else {
            meter.place = meter.place == nothing_built
                              ? std::uint8_t{0}
                              : static_cast<std::uint8_t>((meter.place + 1) % model_.telegrams_);
            meter.built = meter.place;
        }
        return built(meter);
    }

    OutputSet act(SecondaryAction action, Meter& meter, const Seen& frame,
                  std::uint8_t* memory) const {
        const auto remember = [&] {
            if (memory != nullptr && frame.fcb != none) {
                *memory = frame.fcb;
            }
        };
        using A = SecondaryAction;
        switch (action) {
        case A::ignore_foreign:
        case A::ignore_answer:
        case A::ignore_not_selected:
        case A::ignore_broadcast:
        case A::ignore_misfit:
        case A::ignore_unsupported:
        case A::deselect: return silence;
        case A::reset_and_acknowledge:
            meter.memories[0] = {};
            rewind(meter);
            return acknowledge;
        case A::reset:
            meter.memories = {};
            rewind(meter);
            return silence;
        case A::select_and_acknowledge:
        case A::deselect_and_acknowledge:
            meter.memories[1] = {};
            rewind(meter);
            return acknowledge;
        case A::send_next: remember(); return next(meter);
        case A::send_current: return meter.built == nothing_built ? next(meter) : built(meter);
        case A::send_class1_next: remember(); return acknowledge;
        case A::send_class1_again: return acknowledge;
        case A::execute_and_acknowledge:
            remember();
            execute(meter, frame.command);
            return acknowledge;
        case A::acknowledge: return acknowledge;
        case A::execute: execute(meter, frame.command); return silence;
        }
        return silence;
    }

    const StationModel& model_;
};

StationModel::StationModel(std::span<const SecondaryRow> table, std::size_t telegrams)
    : telegrams_{static_cast<std::uint8_t>(telegrams)} {
    for (const SecondaryRow& row : table) {
        auto& cells =
            cells_[static_cast<std::size_t>(row.state)][static_cast<std::size_t>(row.event)];
        for (std::size_t guard = 0; guard < guards; ++guard) {
            const bool holds =
                row.guard == SecondaryGuard::always || static_cast<std::size_t>(row.guard) == guard;
            if (holds && !cells[guard].filled) {
                cells[guard] = {row.action, row.next, true};
            }
        }
    }
}

StationModel::Outcome StationModel::step(Packed from, Stimulus stimulus) const {
    static const auto frames = [] {
        std::array<Seen, stimulus_count> all;
        for (const Stimulus each : whole_alphabet()) {
            all[static_cast<std::size_t>(each)] = seen(each);
        }
        return all;
    }();
    Meter meter = unpack(from);
    const OutputSet output =
        StationRules{*this}.step(meter, frames[static_cast<std::size_t>(stimulus)]);
    return {output, pack(meter)};
}

namespace {

/// Walks two machines side by side, breadth first, until `step` says that they part.
template <class Step> std::optional<Word> walk_apart(std::size_t inputs, const Step& step) {
    using Pair = std::uint64_t;
    struct Met {
        Pair states;
        std::size_t parent;
        Input input;
    };
    std::vector<Met> queue{{0, 0, 0}};
    std::unordered_set<Pair> seen_pairs{0};
    for (std::size_t i = 0; i < queue.size(); ++i) {
        for (const Input input : each_input(inputs)) {
            const std::optional<Pair> next = step(queue[i].states, input);
            if (!next) {
                Word word{input};
                for (std::size_t at = i; at != 0; at = queue[at].parent) {
                    word.push_back(queue[at].input);
                }
                std::ranges::reverse(word);
                return word;
            }
            if (seen_pairs.insert(*next).second) {
                queue.push_back({*next, i, input});
            }
        }
    }
    return std::nullopt;
}

constexpr unsigned half = 32;

} // namespace

std::optional<Word> first_difference(const StationModel& station, const Mealy& standard,
                                     const std::vector<Stimulus>& alphabet) {
    return walk_apart(
        alphabet.size(), [&](std::uint64_t pair, Input input) -> std::optional<std::uint64_t> {
            const auto is = station.step(static_cast<StationModel::Packed>(pair), alphabet[input]);
            const Transition& due = standard.at(static_cast<State>(pair >> half), input);
            if ((is.output & due.allowed) == 0) {
                return std::nullopt;
            }
            return std::uint64_t{due.next} << half | is.next;
        });
}

std::optional<Word> first_difference(const StationModel& one, const StationModel& other,
                                     const std::vector<Stimulus>& alphabet) {
    return walk_apart(
        alphabet.size(), [&](std::uint64_t pair, Input input) -> std::optional<std::uint64_t> {
            const auto a = one.step(static_cast<StationModel::Packed>(pair), alphabet[input]);
            const auto b =
                other.step(static_cast<StationModel::Packed>(pair >> half), alphabet[input]);
            if (a.output != b.output) {
                return std::nullopt;
            }
            return std::uint64_t{b.next} << half | a.next;
        });
}

} // namespace meterbench::harness::model
