// SPDX-License-Identifier: Apache-2.0
// Purpose: the wildcard search (EN 13757-7, 8.4; CEN/TR 17167, annex B; facts C.3): any set of
// meters is found, each exactly once, with as many selections as the numbers demand, also when
// frames are lost, garbled or late, and it always ends.
#include "core/master/search.hpp"
#include "rig/drive.hpp"
#include "tests/support/station_bus.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

BOOST_AUTO_TEST_SUITE(search)

using namespace meterbench;
using namespace meterbench::core;
using namespace meterbench::core::master;
using namespace std::chrono_literals;
using application::DeviceId;
using tests::StationBus;

namespace {

using Ids = std::vector<DeviceId>;

/// 8 decimal digits as they read in hex.
std::uint32_t bcd(unsigned number) {
    std::uint32_t result = 0;
    for (unsigned shift = 0; shift < 32; shift += 4, number /= 10) {
        result |= (number % 10) << shift;
    }
    return result;
}

DeviceId device(unsigned number, std::uint16_t manufacturer = 0x4024, std::uint8_t version = 1,
                std::uint8_t type = 7) {
    return {bcd(number), manufacturer, version, type};
}

Ids random_ids(std::mt19937& random, std::size_t count) {
    std::set<unsigned> numbers;
    while (numbers.size() < count) {
        numbers.insert(static_cast<unsigned>(random() % 100'000'000U));
    }
    Ids ids;
    for (const unsigned number : numbers) {
        ids.push_back(device(number));
    }
    return ids;
}

std::string text_of(const DeviceId& device) {
    link::SecondaryAddress address;
    (void)application::encode_device_id(device, address.bytes);
    return link::to_text(address);
}

std::multiset<std::string> texts_of(const Ids& ids) {
    std::multiset<std::string> texts;
    for (const DeviceId& id : ids) {
        texts.insert(text_of(id));
    }
    return texts;
}

std::multiset<std::string> found_by(const Search& search) {
    std::multiset<std::string> texts;
    for (const Find& find : search.state().found) {
        texts.insert(to_text(find.address));
    }
    return texts;
}

/// 10 + 10 x (number of prefixes that two or more ids share).
std::uint64_t selections_due(const Ids& ids) {
    std::uint64_t shared = 0;
    for (unsigned digits = 1; digits <= 8; ++digits) {
        std::multiset<std::uint32_t> prefixes;
        for (const DeviceId& id : ids) {
            prefixes.insert(id.id >> (32 - 4 * digits));
        }
        const std::set<std::uint32_t> different{prefixes.begin(), prefixes.end()};
        for (const std::uint32_t prefix : different) {
            shared += prefixes.count(prefix) > 1 ? 1U : 0U;
        }
    }
    return 10 + 10 * shared;
}

const Selection everybody = parse_selection("FFFFFFFFFFFFFFFF").value();

Search run(StationBus& bus, const SearchConfig& config, SearchState state) {
    Search search{config, std::move(state)};
    BOOST_REQUIRE(rig::drive(search, bus).has_value());
    return search;
}
Search run(StationBus& bus, std::uint8_t retries = 0) {
    return run(bus, {.retries = retries}, new_search(everybody, false));
}

void fill(StationBus& bus, const Ids& ids) {
    for (const DeviceId& id : ids) {
        bus.add(id);
    }
}

const Ids few{device(11111111), device(11111112), device(11120000), device(50000000),
              device(99999999)};

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_bus_takes_ten_selections) {
    StationBus bus;
    const Search search = run(bus);
    BOOST_TEST(!search.fault().has_value());
    BOOST_TEST(search.state().found.empty());
    BOOST_TEST(search.state().selections == 10U);
    BOOST_TEST(bus.selections() == 10U);
    BOOST_TEST(run(bus, 1).state().selections == 20U);
}

// Facts C.3: two numbers that differ in the last digit alone cost 80.
BOOST_AUTO_TEST_CASE(two_neighbours_take_eighty_selections) {
    StationBus bus;
    fill(bus, {device(12345671), device(12345672)});
    const Search search = run(bus);
    BOOST_TEST(search.state().selections == 80U);
    BOOST_TEST(search.state().found.size() == 2U);
}

// Property: numbers drawn at random, some in clusters, with the same or different answer times:
// all found, each once, in ascending order, with exactly the selections due; with one retry at most
// the empty ones more.
BOOST_AUTO_TEST_CASE(any_set_of_numbers) {
    std::mt19937 random{1};
    for (int round = 0; round < 60; ++round) {
        Ids ids = random_ids(random, random() % 40);
        const auto base = static_cast<unsigned>(random() % 99'000'000U);
        for (unsigned i = 0; i < random() % 12; ++i) {
            ids.push_back(device(base + i * (round % 3 == 0 ? 1 : 7)));
        }
        std::ranges::sort(ids, {}, &DeviceId::id);
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        for (const std::uint8_t retries : {std::uint8_t{0}, std::uint8_t{1}}) {
            StationBus bus;
            bus.keep_requests(false);
            for (const DeviceId& id : ids) {
                const Duration delay = round % 2 == 0 ? 5ms : 5ms + 100us * (random() % 300);
                bus.add(id, 0, 1, {}, {{}, delay});
            }
            const Search search = run(bus, retries);
            BOOST_TEST_CONTEXT("round " << round << " retries " << int{retries}) {
                BOOST_TEST(!search.fault().has_value());
                BOOST_TEST(found_by(search) == texts_of(ids), boost::test_tools::per_element());
                BOOST_TEST(search.state().conflicts.empty());
                const std::uint64_t due = selections_due(ids);
                BOOST_TEST(search.state().selections - retries * search.state().empty == due);
                BOOST_TEST(bus.selections() == search.state().selections + search.state().proofs);
            }
        }
    }
}

// MB7-SA-026: the same number, told apart by manufacturer, version or type.
// Purpose: answers that overlap bit by bit and are valid nevertheless hide no meter. Steps: fifty
// consecutive numbers that answer at the same bit, 40 times. Expectation: all are found; without
// the proof of each find a good many are not.
BOOST_AUTO_TEST_CASE(aligned_answers_that_add_up_to_a_telegram) {
    std::size_t missed = 0;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        std::mt19937 random{seed};
        const auto first = static_cast<unsigned>(random() % 99'999'000U);
        Ids ids;
        for (unsigned i = 0; i < 50; ++i) {
            ids.push_back(device(first + i));
        }
        StationBus bus;
        fill(bus, ids);
        const Search proved = run(bus, {.retries = 0}, new_search(everybody, false));
        BOOST_TEST(found_by(proved) == texts_of(ids), "from " << first);
        StationBus again;
        fill(again, ids);
        const Search unproved =
            run(again, {.retries = 0, .prove = false}, new_search(everybody, false));
        missed += ids.size() - unproved.state().found.size();
    }
    BOOST_TEST(missed > 0U);
}

BOOST_AUTO_TEST_CASE(equal_numbers_are_told_apart_by_the_other_eight_digits) {
    const Ids ids{device(12345678, 0x4024, 1, 7), device(12345678, 0x4025, 1, 7),
                  device(12345678, 0x4124, 1, 7), device(12345678, 0x4024, 2, 7),
                  device(12345678, 0x4024, 1, 4), device(12345678, 0x4024, 0xFE, 0xFE)};
    StationBus bus;
    fill(bus, ids);
    const Search search = run(bus);
    BOOST_TEST(found_by(search) == texts_of(ids), boost::test_tools::per_element());
    BOOST_TEST(search.state().conflicts.empty());
}

// MB7-SA-015 to -017: and those that share all sixteen digits by their fabrication number.
BOOST_AUTO_TEST_CASE(equal_addresses_are_told_apart_by_fabrication_number) {
    StationBus bus;
    bus.add(device(12345678), 0, 1, 0x00112233);
    bus.add(device(12345678), 0, 1, 0x00112244);
    bus.add(device(12345679), 0, 1, 0x00112233);
    const Search search = run(bus, {}, new_search(everybody, false));
    const std::multiset<std::string> expected{"1234567824400107/0011223F",
                                              "1234567824400107/0011224F", "1234567924400107"};
    BOOST_TEST(found_by(search) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(meters_that_nothing_tells_apart_are_reported_and_the_others_found) {
    for (const bool enhanced : {false, true}) {
        StationBus bus;
        const std::optional<std::uint32_t> number =
            enhanced ? std::optional{0x00112233U} : std::nullopt;
        bus.add(device(12345678), 0, 1, number);
        bus.add(device(12345678), 0, 1, number);
        bus.add(device(22345678));
        const Search search = run(bus, 1);
        BOOST_TEST(!search.fault().has_value());
        BOOST_TEST(found_by(search) == texts_of({device(22345678)}),
                   boost::test_tools::per_element());
        BOOST_REQUIRE(search.state().conflicts.size() == 1U);
        BOOST_TEST((search.state().conflicts[0].fault.code == FaultCode::indistinguishable));
        BOOST_TEST(to_text(search.state().conflicts[0].mask).starts_with("1234567824400107"));
    }
}

// MB7-SA-022: digits A to E are none; a search for them is asked for.
BOOST_AUTO_TEST_CASE(hexadecimal_digits_are_found_when_asked_for) {
    StationBus bus;
    bus.add({0x1234567A, 0x4024, 1, 7});
    bus.add({0xE2345678, 0x4024, 1, 7});
    bus.add(device(12345678));
    BOOST_TEST(run(bus, 1).state().found.size() == 1U);
    const Search search = run(bus, {}, new_search(everybody, true));
    BOOST_TEST(search.state().found.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_mask_limits_the_search) {
    StationBus bus;
    fill(bus, few);
    const DeviceId twin = device(50000000, 0x4025);
    bus.add(twin);
    const auto found = [&](const char* mask) {
        return found_by(run(bus, {}, new_search(parse_selection(mask).value(), false)));
    };
    BOOST_TEST(found("1111FFFFFFFFFFFF") == texts_of({few[0], few[1]}),
               boost::test_tools::per_element());
    BOOST_TEST(found("FFFFFFFF2540FFFF") == texts_of({twin}), boost::test_tools::per_element());
    BOOST_TEST(found("FFFFFFF2FFFFFFFF") == texts_of({few[1]}), boost::test_tools::per_element());
    BOOST_TEST(found("50000000FFFFFFFF") == texts_of({few[3], twin}),
               boost::test_tools::per_element());
    BOOST_TEST(found("1111111124400107") == texts_of({few[0]}), boost::test_tools::per_element());
    BOOST_TEST(found("33333333FFFFFFFF").empty());
}

// ---- losses

namespace {

/// One search with one thing gone wrong at request n.
Search with_trouble(StationBus& bus, std::uint8_t confirmations = 0) {
    fill(bus, few);
    return run(bus, {.confirmations = confirmations}, new_search(everybody, false));
}

std::size_t requests_of_a_search() {
    StationBus bus;
    (void)with_trouble(bus);
    return bus.requests().size();
}

} // namespace

// With one retry: any single request that nobody hears, any single answer that does not arrive.
BOOST_AUTO_TEST_CASE(any_single_loss_on_the_line_changes_nothing) {
    const std::size_t count = requests_of_a_search();
    BOOST_TEST(count > 80U);
    for (std::size_t n = 0; n < count; ++n) {
        StationBus requests;
        requests.request_arrives = [&](std::size_t i, std::size_t) { return i != n; };
        BOOST_TEST(found_by(with_trouble(requests)) == texts_of(few),
                   boost::test_tools::per_element());
        StationBus answers;
        answers.octet_passes = [&](std::size_t i, Octet&) { return i != n; };
        BOOST_TEST(found_by(with_trouble(answers)) == texts_of(few),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(any_single_answer_garbled_or_late_changes_nothing) {
    const std::size_t count = requests_of_a_search();
    for (std::size_t n = 0; n < count; ++n) {
        for (const OctetErrors errors :
             {OctetErrors::parity, OctetErrors::framing, OctetErrors::none}) {
            StationBus bus;
            bus.octet_passes = [&](std::size_t i, Octet& octet) {
                if (i == n) {
                    octet.errors = errors;
                    octet.value = static_cast<std::uint8_t>(octet.value ^ 0x10U);
                }
                return true;
            };
            BOOST_TEST(found_by(with_trouble(bus)) == texts_of(few),
                       boost::test_tools::per_element());
        }
        StationBus late;
        late.answer_leaves = [&](std::size_t i, StationBus::Answer& answer) {
            answer.start += i == n ? 200ms : 0ms;
            return true;
        };
        BOOST_TEST(found_by(with_trouble(late)) == texts_of(few), boost::test_tools::per_element());
    }
}

// A selection that one of several meters does not hear hides it behind another. A confirmation
// finds it.
BOOST_AUTO_TEST_CASE(with_confirmation_any_single_loss_at_one_meter_changes_nothing) {
    StationBus whole;
    (void)with_trouble(whole, 1);
    for (std::size_t n = 0; n < whole.requests().size(); ++n) {
        for (std::size_t station = 0; station < few.size(); ++station) {
            StationBus bus;
            bus.request_arrives = [&](std::size_t i, std::size_t s) {
                return i != n || s != station;
            };
            BOOST_TEST(found_by(with_trouble(bus, 1)) == texts_of(few),
                       boost::test_tools::per_element());
        }
    }
}

// Noise where nobody is: its branch is looked through, and called by its name.
BOOST_AUTO_TEST_CASE(noise_is_told_from_collisions) {
    StationBus bus;
    fill(bus, few);
    bus.before = [&](std::size_t n) {
        if (n == 150) {
            bus.babble(bus.now() + 20ms, 2);
        }
    };
    const Search search = run(bus, 1);
    BOOST_TEST(found_by(search) == texts_of(few), boost::test_tools::per_element());
    BOOST_TEST(search.state().conflicts.size() <= 1U);
    StationBus empty;
    empty.before = [&](std::size_t n) {
        if (n == 5) {
            empty.babble(empty.now() + 20ms, 2);
        }
    };
    const Search nobody = run(empty, 1);
    BOOST_REQUIRE(nobody.state().conflicts.size() == 1U);
    BOOST_TEST((nobody.state().conflicts[0].fault.code == FaultCode::noise));
}

// ---- it always ends

BOOST_AUTO_TEST_CASE(a_babbler_ends_it_in_bounded_time) {
    StationBus bus;
    fill(bus, few);
    bus.before = [&](std::size_t n) {
        if (n == 7) {
            bus.babble(bus.now() + 5ms, 20'000);
        }
    };
    const Search search = run(bus, 1);
    BOOST_TEST((search.fault() == make_fault(FaultCode::babble)));
    // What was not done is in the state: it goes on when the babbler is gone.
    StationBus quiet;
    fill(quiet, few);
    BOOST_TEST(found_by(run(quiet, {}, search.state())) == texts_of(few),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_line_on_which_everything_is_garbled) {
    StationBus bus;
    bus.before = [&](std::size_t) { bus.babble(bus.now() + 20ms, 3); };
    const Search search = run(bus, 1);
    BOOST_TEST((search.fault() == make_fault(FaultCode::collision)));
    BOOST_TEST(bus.selections() < 100U);
}

// A meter that takes every selection for its own: it is found once, and told to be wrong elsewhere.
BOOST_AUTO_TEST_CASE(a_meter_that_does_not_compare_the_mask) {
    StationBus bus;
    bus.station(bus.add(device(12345678))).application->takes_every_mask = true;
    const Search search = run(bus, 1);
    BOOST_TEST(found_by(search) == texts_of({device(12345678)}), boost::test_tools::per_element());
    BOOST_TEST(search.state().conflicts.size() == 9U);
    for (const Conflict& conflict : search.state().conflicts) {
        BOOST_TEST((conflict.fault.code == FaultCode::wrong_identification));
    }
}

// Power lost between the selection and the request: E5h, then nothing.
BOOST_AUTO_TEST_CASE(a_meter_that_loses_power_after_its_selection_is_found_when_it_is_back) {
    StationBus bus;
    fill(bus, few);
    std::size_t off_at = 0;
    bus.before = [&](std::size_t n) {
        const bool request = bus.requests()[n].size() == 5 && bus.requests()[n][1] == 0x7B;
        if (request && off_at == 0) {
            off_at = n;
            for (std::size_t i = 0; i < few.size(); ++i) {
                bus.station(i).powered = false;
                bus.station(i).link->restart(bus.now());
            }
        } else if (off_at != 0 && n > off_at + 1) {
            for (std::size_t i = 0; i < few.size(); ++i) {
                bus.station(i).powered = true;
            }
        }
    };
    BOOST_TEST(found_by(run(bus, 1)) == texts_of(few), boost::test_tools::per_element());
}

// ---- stopped and resumed

// Property: stopped after any number of requests and resumed from its state, a search finds what an
// unbroken one finds, with no selection twice but the one that was under way.
BOOST_AUTO_TEST_CASE(stopped_anywhere_and_resumed) {
    StationBus whole;
    fill(whole, few);
    const Search unbroken = run(whole, 0);
    for (std::size_t stop = 1; stop < whole.requests().size(); ++stop) {
        StationBus bus;
        fill(bus, few);
        Search first{{.retries = 0}, new_search(everybody, false)};
        BOOST_REQUIRE(
            rig::drive(first, bus, [&] { return bus.requests().size() < stop; }).has_value());
        const Search second = run(bus, {.retries = 0}, first.state());
        BOOST_TEST(found_by(second) == texts_of(few), boost::test_tools::per_element());
        BOOST_TEST(second.state().selections <= unbroken.state().selections + 1);
    }
}

BOOST_AUTO_TEST_CASE(progress_rises_to_one) {
    StationBus bus;
    fill(bus, few);
    Search search{{}, new_search(everybody, false)};
    BOOST_TEST(progress_of(search.state()).share < 1e-9);
    BOOST_TEST(!progress_of(search.state()).due.has_value());
    double last = 0;
    BOOST_REQUIRE(rig::drive(search, bus, [&] {
                      const double share = progress_of(search.state()).share;
                      BOOST_TEST(share >= last - 1e-9);
                      last = share;
                      return true;
                  }).has_value());
    BOOST_TEST(progress_of(search.state()).share == 1.0);
    BOOST_TEST((progress_of(search.state()).due == 0U));
}

BOOST_AUTO_TEST_SUITE_END()
