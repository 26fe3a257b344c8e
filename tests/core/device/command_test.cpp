// SPDX-License-Identifier: Apache-2.0
// Purpose: what commands do to a meter made from records (EN 13757-3; facts E.8, E.9, G.2, G.3,
// G.4, G.5; requirements MB3-AP-005 to -018). The telegrams are those of the facts' examples where
// it has one.
#include "core/device/record_application.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(commands)

using namespace meterbench::core;
using namespace meterbench::core::application;
using namespace meterbench::core::device;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::hex;
using meterbench::tests::to_hex;

namespace {

Point number(Quantity quantity, Unit unit, int exponent, Coding coding, std::string_view value) {
    Point point;
    point.spec.coding = coding;
    point.spec.quantity = quantity;
    point.spec.unit = unit;
    point.spec.exponent = static_cast<std::int8_t>(exponent);
    point.spec.value = bytes::parse_decimal(value).value();
    return point;
}

/// 0 volume, 1 flow temperature, 2 error flags, 3 energy, 4 clock, 5 stored volume.
RecordMeter meter() {
    RecordMeter result;
    result.device = {0x12345678, 0x4024, 1, 7};
    result.points = {
        number(Quantity::volume, Unit::cubic_metre, -3, Coding::bcd8, "54.321"),
        number(Quantity::flow_temperature, Unit::celsius, -1, Coding::int16, "61.5"),
        number(Quantity::error_flags, Unit::none, 0, Coding::int8, "5"),
        number(Quantity::energy, Unit::watt_hour, 3, Coding::bcd8, "35000"),
        Point{},
        number(Quantity::volume, Unit::cubic_metre, -3, Coding::bcd8, "50.000"),
    };
    result.points[2].spec.type = ValueType::bits;
    result.points[2].writable = true;
    result.points[3].writable = true;
    Point& clock = result.points[4];
    clock.spec.type = ValueType::datetime;
    clock.spec.quantity = Quantity::date_and_time;
    clock.spec.date = {.year = 2026, .month = 1, .day = 31, .hour = 12, .minute = 30};
    result.points[5].spec.storage = 1;
    result.points[5].freezes = 0;
    result.telegrams = {{0, 1}, {2, 3}};
    result.rates = {Baud{300}, Baud{9600}};
    return result;
}

struct Commanded {
    RecordApplication application;

    explicit Commanded(const RecordMeter& description = meter()) : application{description} {}
    /// The records of the next answer; the whole of one without a long header.
    std::string tell(std::string_view command, Duration time = {}) {
        application.execute(hex(command), at(time));
        return answer(time);
    }
    std::string answer(Duration time = {}) {
        const std::string text = to_hex(application.class2().next(at(time)).user_data);
        constexpr std::size_t header = 3 * 13;
        return text.starts_with("72") ? text.substr(std::min(header, text.size())) : text;
    }
    std::string status() {
        return to_hex(application.class2().current(at(0s)).user_data).substr(3 * 10, 2);
    }
};

const std::string volume = "0C 13 21 43 05 00";
const std::string temperature = "02 5A 67 02";
const std::string flags = "01 FD 17 05";
const std::string energy = "0C 06 35 00 00 00";
const std::string first = volume + " " + temperature + " 1F";

} // namespace

// G.2, EX-018: DIF 08h and a VIF select a record; the next RSP_UDs have the selected ones.
BOOST_AUTO_TEST_CASE(records_are_selected_for_readout) {
    Commanded meter;
    BOOST_TEST(meter.tell("51 08 5A") == temperature, "MB3-AP-006");
    BOOST_TEST(meter.answer() == temperature, "MB3-AP-009: it persists");
    BOOST_TEST(meter.tell("51 08 13 08 5A") == volume + " " + temperature, "a new selection");
    BOOST_TEST(meter.tell("51 7F") == first, "EX-020: the complete readout again");
    BOOST_TEST(meter.tell("51 08 5A") == temperature);
    BOOST_TEST(meter.tell("50") == first, "until an application reset");
    BOOST_TEST(meter.tell("51 08 5A") == temperature);
    meter.application.restart(at(1s));
    BOOST_TEST(meter.answer(1s) == first, "or a power fail");
}

// EX-019: C8 3F 7E, every storage number and tariff, any VIF of subunit 0.
BOOST_AUTO_TEST_CASE(a_selection_has_wildcards) {
    Commanded meter;
    const std::string clock = "04 6D 1E 0C 5F 31";
    const std::string stored = "4C 13 00 00 05 00";
    BOOST_TEST(meter.tell("51 C8 3F 7E") == volume + " " + temperature + " " + flags + " " +
                                                energy + " " + clock + " " + stored);
    BOOST_TEST(meter.tell("51 48 13") == stored, "storage 1 alone");
    BOOST_TEST(meter.tell("51 C8 0F 13") == volume + " " + stored, "any storage of tariff 0");
    BOOST_TEST(meter.tell("51 C8 03 13") == "C0 03 93 02", "storage 7: there is none");
}

// MB3-AP-040: the standard response is back 255 s after the last command.
BOOST_AUTO_TEST_CASE(a_selection_lasts_255_seconds) {
    Commanded meter;
    BOOST_TEST(meter.tell("51 08 5A", 10s) == temperature);
    BOOST_TEST(meter.answer(265s) == temperature);
    BOOST_TEST(meter.answer(266s) == first);
}

// E.8, actions 0Ch and 0Dh: they change the list that is in force.
BOOST_AUTO_TEST_CASE(actions_change_the_readout_list) {
    Commanded meter;
    BOOST_TEST(meter.tell("51 00 93 0D") == temperature + " " + flags + " " + energy);
    BOOST_TEST(meter.tell("51 00 93 0C") ==
               temperature + " " + flags + " " + energy + " " + volume);
}

// MB3-AP-014: without an action, data are written; EX-017's energy.
BOOST_AUTO_TEST_CASE(a_value_is_written) {
    Commanded meter;
    (void)meter.tell("51 0C 06 07 01 00 00");
    BOOST_TEST(meter.answer() == flags + " 0C 06 07 01 00 00");
    (void)meter.tell("51 04 05 10 27 00 00"); // 10000 * 100 Wh: other coding, other step
    BOOST_TEST(meter.answer() == flags + " 0C 06 00 10 00 00");
}

// Growth goes on from what was written.
BOOST_AUTO_TEST_CASE(a_written_counter_counts_on) {
    RecordMeter description = meter();
    description.points[3].per_hour = bytes::parse_decimal("1000").value();
    Commanded meter{description};
    (void)meter.tell("51 0C 06 00 01 00 00", 5h);
    BOOST_TEST(meter.answer(7h) == flags + " 0C 06 02 01 00 00");
}

// E.8, table 17, each action on a set of bits (05h) or a number (35 kWh in steps of 1 kWh).
BOOST_AUTO_TEST_CASE(object_actions) {
    const auto bits = [](std::string_view command) {
        Commanded meter;
        (void)meter.tell(command);
        return meter.answer().substr(0, flags.size());
    };
    BOOST_TEST(bits("51 01 FD 97 00 0A") == "01 FD 17 0A", "write");
    BOOST_TEST(bits("51 01 FD 97 03 0A") == "01 FD 17 0F", "set bits");
    BOOST_TEST(bits("51 01 FD 97 04 04") == "01 FD 17 04", "mask bits");
    BOOST_TEST(bits("51 01 FD 97 05 0F") == "01 FD 17 0A", "toggle bits");
    BOOST_TEST(bits("51 01 FD 97 06 01") == "01 FD 17 04", "clear bits");
    BOOST_TEST(bits("51 00 FD 97 07") == "01 FD 17 00", "clear");
    const auto sum = [](std::string_view command) {
        Commanded meter;
        (void)meter.tell(command);
        return meter.answer().substr(flags.size() + 1);
    };
    BOOST_TEST(sum("51 0C 86 01 07 00 00 00") == "0C 06 42 00 00 00", "add value");
    BOOST_TEST(sum("51 0C 86 02 05 00 00 00") == "0C 06 30 00 00 00", "subtract value");
    BOOST_TEST(sum("51 00 86 07") == "0C 06 00 00 00 00", "clear");
}

// E.9, table 18: what is refused comes back without data, with the error as its VIFE, and the
// status says application error (MB7-TL-012); after it all is as before (MB3-AP-025).
BOOST_AUTO_TEST_CASE(refused_records_carry_their_error) {
    const auto refused = [](std::string_view command) {
        Commanded meter;
        const std::string text = meter.tell(command);
        BOOST_TEST(meter.status() == "02", command);
        BOOST_TEST(meter.answer() == first, command);
        return text;
    };
    BOOST_TEST(refused("51 4C 06 07 00 00 00") == "40 86 02", "storage 1: not implemented");
    BOOST_TEST(refused("51 8C 40 06 07 00 00 00") == "80 40 86 03", "subunit 1");
    BOOST_TEST(refused("51 8C 10 06 07 00 00 00") == "80 10 86 04", "tariff 1");
    BOOST_TEST(refused("51 1C 06 07 00 00 00") == "10 86 05", "maximum");
    BOOST_TEST(refused("51 0D 06 01 41") == "00 86 06", "a text as energy: data class");
    BOOST_TEST(refused("51 02 FD 48 01 00") == "00 FD C8 0C", "voltage: no such VIF");
    BOOST_TEST(refused("51 08 07") == "00 87 0D", "selection of 10 kWh: the exponent");
    BOOST_TEST(refused("51 0C 13 07 00 00 00") == "00 93 0F", "the volume is not writable");
    BOOST_TEST(refused("51 0C 86 0E 07 00 00 00") == "00 86 0F", "MB3-AP-015: action 0Eh");
    BOOST_TEST(refused("51 0C 78 04 03 02 01") == "00 F8 0F", "MB7-SA-019: the fabrication number");
    BOOST_TEST(refused("51 04 03 01 00 00 00") == "00 83 18", "1 Wh is no whole step");
    BOOST_TEST(refused("51 04 06 00 E1 F5 05") == "00 86 16", "100 000 000 does not fit: overflow");
}

BOOST_AUTO_TEST_CASE(records_are_taken_or_refused_each_for_itself) {
    Commanded meter;
    BOOST_TEST(meter.tell("51 01 FD 17 01 0C 13 07 00 00 00") == "00 93 0F");
    (void)meter.answer();
    BOOST_TEST(meter.answer() == "01 FD 17 01 " + energy);
}

// G.7: a command that cannot be read does nothing at all.
BOOST_AUTO_TEST_CASE(broken_commands_are_application_errors) {
    const auto error = [](std::string_view command) {
        Commanded meter;
        const std::string text = meter.tell(command);
        (void)meter.answer();
        BOOST_TEST(meter.answer() == flags + " " + energy, "nothing was written: " << command);
        return text;
    };
    BOOST_TEST(error("51 01 FD 17 01 04 06 01 02") == "70 04", "premature end of record");
    BOOST_TEST(error("51 81 91 91 91 91 91 91 91 91 91 91 01 13 00") == "70 05", "11 DIFEs");
    BOOST_TEST(error("51 01 93 BC BC BC BC BC BC BC BC BC BC 3C 00") == "70 06", "11 VIFEs");
    BOOST_TEST(error("51 3F") == "70 00", "a reserved DIF");
    BOOST_TEST(error("A7") == "70 01", "MB2-LL-065");
    BOOST_TEST(error("20") == "70 01", "a reserved CI-field");
}

// G.3, EX-015; MB3-AP-010, -011.
BOOST_AUTO_TEST_CASE(the_primary_address_is_written) {
    Commanded meter;
    BOOST_TEST(meter.tell("51 01 7A 08") == first);
    BOOST_TEST(*meter.application.take_link_change().address == 8);
    BOOST_TEST(!meter.application.take_link_change().address, "told once");
    for (const char* const command : {"51 01 7A FB", "51 01 7A FF", "51 01 7A FD"}) {
        BOOST_TEST(meter.tell(command) == "00 FA 18", command);
        BOOST_TEST(!meter.application.take_link_change().address, command);
    }
    RecordMeter fixed = ::commands::meter();
    fixed.address_writable = false;
    Commanded other{fixed};
    BOOST_TEST(other.tell("51 01 7A 08") == "00 FA 0F");
    BOOST_TEST(!other.application.take_link_change().address);
}

// EX-016, EX-017; an OMS end-device refuses (MB7-SA-019).
BOOST_AUTO_TEST_CASE(the_identification_is_written_where_that_is_allowed) {
    Commanded fixed;
    BOOST_TEST(fixed.tell("51 0C 79 04 03 02 01") == "00 F9 0F");
    RecordMeter description = meter();
    description.identification_writable = true;
    Commanded open{description};
    (void)open.tell("51 0C 79 04 03 02 01");
    BOOST_TEST((open.application.meter().device == DeviceId{0x01020304, 0x4024, 1, 7}));
    (void)open.tell("51 07 79 78 56 34 12 2D 2C 05 04");
    BOOST_TEST((open.application.meter().device == DeviceId{0x12345678, 0x2C2D, 5, 4}));
    BOOST_TEST(open.application.matches(hex("78 56 34 12 2D 2C 05 04")));
}

// G.3: type F and type I set the clock, which runs on; G.4: clock synchronisation.
BOOST_AUTO_TEST_CASE(the_clock_is_set_and_synchronised) {
    Commanded meter;
    const auto clock = [&](Duration time) { return meter.tell("51 08 6D", time); };
    (void)meter.tell("51 04 6D 32 17 1F 35", 1h); // 2008-05-31 23:50, as the facts' vector, in 2024
    (void)meter.tell("51 04 6D 1E 0C 5F 31", 1h); // 2026-01-31 12:30
    BOOST_TEST(clock(2h) == "04 6D 1E 0D 5F 31");
    const std::string header = " 78 56 34 12 24 40 01 07 00 00 00 00 ";
    meter.application.execute(hex("6D" + header + "01 00 0A 00 00 00 00 00 00 00"), at(2h));
    BOOST_TEST(clock(2h) == "04 6D 28 0D 5F 31", "ten minutes on");
    meter.application.execute(hex("6D" + header + "02 00 00 01 00 00 00 00 00 00"), at(2h));
    BOOST_TEST(clock(2h) == "04 6D 28 0C 5F 31", "one hour back");
    meter.application.execute(hex("6C" + header + "00 00 1E 0C 5F 31 00 00 00 00"), at(2h));
    BOOST_TEST(clock(2h) == "04 6D 1E 0C 5F 31", "absolute");
    BOOST_TEST(meter.tell("6C" + header + "03 00 1E 0C 5F 31 00 00 00 00") == "70 00", "reserved");
    BOOST_TEST(meter.tell("51 04 6D A1 15 E9 17") == "00 ED 18", "an invalid time (IV)");
}

// G.5, EX-021; E.8 action 0Bh.
BOOST_AUTO_TEST_CASE(values_are_frozen) {
    RecordMeter description = meter();
    description.points[0].per_hour = bytes::parse_decimal("1").value();
    Commanded meter{description};
    BOOST_TEST(meter.tell("51 48 13", 1h) == "4C 13 00 00 05 00");
    meter.application.execute(hex("5C"), at(2h));
    BOOST_TEST(meter.tell("51 48 13", 3h) == "4C 13 21 63 05 00", "56.321 at 2 h");
    meter.application.execute(hex("51 00 93 0B"), at(4h));
    BOOST_TEST(meter.tell("51 48 13", 5h) == "4C 13 21 83 05 00", "58.321 at 4 h");
    RecordMeter without = ::commands::meter();
    without.points[5].freezes.reset();
    BOOST_TEST(Commanded{without}.tell("5C") == "70 01");
}

// MB3-AP-001 to -003, facts G.1: an application that there is, and one that there is not.
BOOST_AUTO_TEST_CASE(applications_are_selected) {
    RecordMeter description = meter();
    description.applications = {{1, {{3}}}, {5, {{1}, {0}}}};
    Commanded meter{description};
    BOOST_TEST(meter.tell("54") == "66 00", "all");
    BOOST_TEST(meter.tell("50 10") == energy, "EX-013");
    BOOST_TEST(meter.tell("54") == "66 10");
    BOOST_TEST(meter.tell("50 50") == temperature + " 1F");
    BOOST_TEST(meter.answer() == volume);
    BOOST_TEST(meter.tell("50 F0") == first, "MB3-AP-003: as a reset");
    BOOST_TEST(meter.tell("50 10") == energy);
    BOOST_TEST(meter.tell("50") == first);
}

// EN 13757-7, 8.2; MB2-LL-063.
BOOST_AUTO_TEST_CASE(rates_that_it_has_are_set) {
    Commanded meter;
    BOOST_TEST(meter.tell("BD") == first);
    BOOST_TEST(meter.application.take_link_change().baud->value == 9600U);
    BOOST_TEST(meter.tell("BF") == "70 01");
    BOOST_TEST(!meter.application.take_link_change().baud);
}

// Table 18: one value that cannot be sent does not silence a meter.
BOOST_AUTO_TEST_CASE(a_value_beyond_its_coding_is_a_record_error) {
    RecordMeter description = meter();
    description.points[0].spec.value = bytes::parse_decimal("-12345.678").value();
    Commanded meter{description};
    BOOST_TEST(meter.answer() == "00 93 16 " + temperature + " 1F");
}

BOOST_AUTO_TEST_SUITE_END()
