// SPDX-License-Identifier: Apache-2.0
#include "harness/model/link_model.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace meterbench::harness::model {

namespace {

/// Why the meter is not selected; `selected` is that it is.
enum Standing : std::uint8_t { selected, never, another, left, broadcast, obsolete };
constexpr std::array<std::string_view, 6> standing_requirements{
    "MB7-SA-012", "MB2-LL-051", "MB7-SA-003", "MB7-SA-007", "MB7-SA-008", "MB7-SA-011"};

enum Memory : std::uint8_t { none, zero, one };

/// Where the read-out stands: before its first telegram, for one of four reasons, or at one.
enum Place : std::uint8_t {
    after_reset,
    after_broadcast,
    after_selection,
    after_application_reset,
    first_telegram
};
/// What is broken if the first telegram does not come then.
constexpr std::array<std::string_view, 4> place_requirements{"MB2-LL-036", "MB2-LL-053",
                                                             "MB7-SA-009", "MB3-AP-004"};

enum Set : std::uint8_t { own, at_fdh };

/// The variables of the table (wired.md, B.5 and B.6), each a small number.
struct Link {
    std::uint8_t standing = never;
    std::array<std::uint8_t, 2> request{}; ///< last FCB of REQ_UD2, by Set
    std::array<std::uint8_t, 2> data{};    ///< last FCB of SND_UD, by Set
    std::uint8_t place = after_reset;
    std::uint8_t holder = own; ///< at which address the read-out is under way
};

constexpr std::size_t variables = 7;
using Values = std::array<std::uint8_t, variables>;

Values values_of(const Link& l) {
    return {l.standing,     l.request[own], l.request[at_fdh], l.data[own],
            l.data[at_fdh], l.place,        l.holder};
}
Link link_of(const Values& v) {
    return {.standing = v[0],
            .request = {v[1], v[2]},
            .data = {v[3], v[4]},
            .place = v[5],
            .holder = v[6]};
}

/// One thing a meter may do.
struct Outcome {
    OutputSet output = silence;
    Link next;
};

enum class Frame : std::uint8_t { request, data, other };

/// A stimulus taken apart.
struct Meaning {
    Event event;
    Frame frame = Frame::other;
    Set set = own;
    std::uint8_t fcb = none; ///< none: FCV 0
};

Meaning meaning_of(Stimulus stimulus) {
    using S = Stimulus;
    const Event event = event_of(stimulus);
    switch (stimulus) {
    case S::request_own_0:
    case S::request_test_0: return {event, Frame::request, own, zero};
    case S::request_own_1:
    case S::request_test_1: return {event, Frame::request, own, one};
    case S::request_own_unnumbered: return {event, Frame::request, own, none};
    case S::request_selected_0: return {event, Frame::request, at_fdh, zero};
    case S::request_selected_1: return {event, Frame::request, at_fdh, one};
    case S::request_selected_unnumbered: return {event, Frame::request, at_fdh, none};
    case S::data_own_0: return {event, Frame::data, own, zero};
    case S::data_own_1: return {event, Frame::data, own, one};
    case S::data_selected_0: return {event, Frame::data, at_fdh, zero};
    case S::data_selected_1: return {event, Frame::data, at_fdh, one};
    default: return {event};
    }
}

/// The table applied to one state.
class Rules {
  public:
    explicit Rules(const LinkClaims& claims) : claims_{claims} {}

    [[nodiscard]] const LinkRow& row(const Link& link, const Meaning& meaning) const {
        for (const LinkRow& row : link_table()) {
            if (row.event == meaning.event && holds(row.when, link, meaning)) {
                return row;
            }
        }
        return link_table().front(); // a test shows that this cannot be
    }

    /// What may happen; first what the reference station does.
    [[nodiscard]] std::vector<Outcome> outcomes(const Link& link, const Meaning& meaning) const {
        const LinkRow& row = this->row(link, meaning);
        if (meaning.frame == Frame::request && meaning.event != Event::request_broadcast &&
            row.reply != Reply::nothing) {
            return read_out(link, meaning, row);
        }
        std::vector<Outcome> result{{reply(row.reply), apply(row.effect, link, meaning)}};
        if (row.reply == Reply::silence_or_acknowledge) {
            result = class1_or_silence(result.front().next, row.event);
        }
        if (row.open == Open::still_selected) {
            Outcome other = result.front();
            other.next.standing = never;
            result.push_back(other);
        }
        if (row.open == Open::executed) {
            const bool executes = row.effect == Effect::restart_readout;
            Outcome other = result.front();
            other.next =
                apply(executes ? Effect::remember : Effect::restart_readout, link, meaning);
            result.push_back(other);
        }
        return result;
    }

    [[nodiscard]] Cited cite(const Link& link, const Meaning& meaning) const {
        const LinkRow& row = this->row(link, meaning);
        Cited cited{.row = static_cast<std::size_t>(&row - link_table().data()),
                    .answer = row.requirements.substr(0, row.requirements.find(' ')),
                    .telegram = {}};
        if (row.when == When::not_selected && cited.answer == standing_requirements[never]) {
            cited.answer = standing_requirements[link.standing];
        }
        if (meaning.frame != Frame::request || row.reply == Reply::nothing ||
            row.reply == Reply::silence_or_same) {
            return cited;
        }
        const bool continued = link.holder == meaning.set;
        if (meaning.event == Event::request_own) {
            cited.answer = link.standing == selected && !continued ? "MB7-SA-013" : "MB2-LL-028";
        }
        if (row.reply == Reply::same_telegram) {
            cited.telegram = "MB2-LL-038";
        } else {
            cited.telegram = link.place < first_telegram ? place_requirements[link.place]
                                                         : std::string_view{"MB2-LL-037"};
        }
        return cited;
    }

  private:
    [[nodiscard]] static bool holds(When when, const Link& link, const Meaning& meaning) {
        const bool is_selected = link.standing == selected;
        const auto fcb = [&](When wanted) {
            const auto& memory = meaning.frame == Frame::data ? link.data : link.request;
            const std::uint8_t last = memory[meaning.set];
            if (meaning.fcb == none) {
                return wanted == When::unnumbered;
            }
            if (last == none && meaning.fcb == zero) {
                return wanted == When::first_zero;
            }
            return wanted == (last == meaning.fcb ? When::repeated : When::fresh);
        };
        switch (when) {
        case When::always: return true;
        case When::selected: return is_selected;
        case When::not_selected: return !is_selected;
        case When::fresh:
        case When::repeated:
        case When::first_zero:
        case When::unnumbered: return fcb(when);
        case When::selected_fresh: return is_selected && fcb(When::fresh);
        case When::selected_repeated: return is_selected && fcb(When::repeated);
        case When::selected_first_zero: return is_selected && fcb(When::first_zero);
        case When::selected_unnumbered: return is_selected && fcb(When::unnumbered);
        }
        return false;
    }

    [[nodiscard]] static OutputSet reply(Reply reply) {
        return reply == Reply::single ? acknowledge : silence;
    }

    [[nodiscard]] std::vector<Outcome> class1_or_silence(const Link& next, Event event) const {
        if (event == Event::select_obsolete) {
            return {{silence, next}, {acknowledge, next}};
        }
        return claims_.class1 ? std::vector<Outcome>{{acknowledge, next}, {any_telegram, next}}
                              : std::vector<Outcome>{{silence, next}, {acknowledge, next}};
    }

    [[nodiscard]] static Link apply(Effect effect, Link link, const Meaning& meaning) {
        switch (effect) {
        case Effect::none:
        case Effect::count: return link;
        case Effect::reset_own:
            link.request[own] = link.data[own] = none;
            link.place = after_reset;
            link.holder = own;
            return link;
        case Effect::leave:
            link.standing = left;
            link.request[at_fdh] = link.data[at_fdh] = none;
            link.place = after_selection;
            link.holder = at_fdh;
            return link;
        case Effect::reset_all:
            if (link.standing == selected) {
                link.standing = broadcast;
            }
            link.request = link.data = {none, none};
            link.place = after_broadcast;
            link.holder = own;
            return link;
        case Effect::restart_readout:
            link.data[meaning.set] = meaning.fcb;
            link.place = after_application_reset;
            link.holder = meaning.set;
            return link;
        case Effect::restart_readout_unnumbered: link.place = after_application_reset; return link;
        case Effect::remember: link.data[meaning.set] = meaning.fcb; return link;
        case Effect::select:
            link.standing = selected;
            link.request[at_fdh] = link.data[at_fdh] = none;
            link.place = after_selection;
            link.holder = at_fdh;
            return link;
        case Effect::deselect:
            link.standing = meaning.event == Event::select_obsolete ? obsolete : another;
            // They mean nothing until the next selection, which clears them.
            link.request[at_fdh] = link.data[at_fdh] = none;
            return link;
        }
        return link;
    }

    [[nodiscard]] Outcome at(Link link, std::size_t number) const {
        link.place = static_cast<std::uint8_t>(first_telegram + number - 1);
        return {telegram(number), link};
    }
    /// The number of the telegram a read-out stands at; 0 before the first.
    [[nodiscard]] static std::size_t number_at(std::uint8_t place) {
        return place < first_telegram ? 0 : static_cast<std::size_t>(place - first_telegram) + 1;
    }

    [[nodiscard]] std::vector<Outcome> read_out(const Link& link, const Meaning& meaning,
                                                const LinkRow& row) const {
        const std::size_t here = number_at(link.place);
        Link next = link;
        next.holder = meaning.set;
        if (meaning.fcb != none) {
            next.request[meaning.set] = meaning.fcb;
        }
        const std::size_t last = claims_.telegrams + (claims_.more ? 1 : 0);
        const bool forward = row.reply == Reply::next_telegram;
        const std::size_t due = forward ? here % last + 1 : std::max<std::size_t>(here, 1);
        std::vector<Outcome> result{at(next, due)};
        if (row.open == Open::nothing_done) {
            result.push_back({silence, link});
            result.push_back({telegram(due), link}); // the first, and it still is to come
        }
        // A read-out continued at another address, or repeated before its first telegram: the
        // sources only say not to do it. And beyond the telegrams that are told apart.
        const bool before = row.reply == Reply::same_telegram && here == 0;
        const bool beyond = std::max(here, due) > claims_.telegrams;
        const bool unclear = link.holder != meaning.set || before || beyond;
        if (unclear || row.open == Open::which_telegram) {
            for (std::size_t number = 1; number <= last; ++number) {
                result.push_back(at(next, number));
            }
            result.push_back({any_telegram, result.front().next});
        }
        if (row.open == Open::which_telegram) {
            Outcome forgetful = result.front();
            forgetful.next.request[meaning.set] = none;
            result.push_back(forgetful);
        }
        return result;
    }

    const LinkClaims claims_;
};

/// For each variable the values it may have, a bit each.
using Known = std::array<std::uint16_t, variables>;

Known known(const Link& link) {
    Known result{};
    const Values values = values_of(link);
    for (std::size_t i = 0; i < variables; ++i) {
        result[i] = static_cast<std::uint16_t>(1U << values[i]);
    }
    return result;
}

/// Calls `visit` for every state that is possible.
template <class Visit>
void each_link(const Known& what, Values& values, std::size_t variable, const Visit& visit) {
    if (variable == variables) {
        return visit(link_of(values));
    }
    for (std::uint8_t value = 0; what[variable] >> value != 0; ++value) {
        if ((what[variable] >> value & 1U) != 0) {
            values[variable] = value;
            each_link(what, values, variable + 1, visit);
        }
    }
}

struct Step {
    OutputSet allowed = 0;
    Known next{};
    Cited cited;
};

Step step_from(const Rules& rules, const Known& from, const Meaning& meaning, Reading reading) {
    Step step;
    Values values{};
    each_link(from, values, 0, [&](const Link& link) {
        // What may have left it selected is what is broken where it still is: of a meter that
        // ignores CI 56h (a should) not that FDh is for who is selected (a shall).
        if (step.allowed == 0 || step.cited.answer == standing_requirements[never]) {
            step.cited = rules.cite(link, meaning);
        }
        for (const Outcome& outcome : rules.outcomes(link, meaning)) {
            step.allowed |= outcome.output;
            const Known reached = known(outcome.next);
            for (std::size_t i = 0; i < variables; ++i) {
                step.next[i] |= reached[i];
            }
            if (reading == Reading::reference) {
                break;
            }
        }
    });
    return step;
}

} // namespace

LinkModel::LinkModel(std::vector<Stimulus> alphabet, const LinkClaims& claims, Reading reading)
    : alphabet_{std::move(alphabet)}, claims_{claims}, machine_{alphabet_.size()} {
    const Rules rules{claims};
    std::map<Known, State> numbers{{known(Link{}), machine_.add_state()}};
    std::vector<Known> queue{known(Link{})};
    for (State state = 0; state < queue.size(); ++state) {
        for (const Input input : each_input(alphabet_.size())) {
            const Known from = queue[state];
            const Step step = step_from(rules, from, meaning_of(alphabet_[input]), reading);
            const auto [place, fresh] =
                numbers.emplace(step.next, static_cast<State>(queue.size()));
            if (fresh) {
                (void)machine_.add_state();
                queue.push_back(step.next);
            }
            machine_.set(state, input, {step.allowed, place->second});
            cited_.push_back(step.cited);
        }
    }
}

std::vector<std::string_view> requirements_of(const std::vector<Stimulus>& alphabet) {
    const LinkModel model{alphabet, {}, Reading::standard};
    std::set<std::string_view> ids;
    for (State state = 0; state < model.machine().states(); ++state) {
        for (const Input input : each_input(alphabet.size())) {
            const Cited& cited = model.cited(state, input);
            ids.insert(cited.answer);
            if (!cited.telegram.empty()) {
                ids.insert(cited.telegram);
            }
        }
    }
    return {ids.begin(), ids.end()};
}

} // namespace meterbench::harness::model
