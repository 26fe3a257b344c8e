// SPDX-License-Identifier: Apache-2.0
// Purpose: where a record stands does not change what it says. Far from the end of the records it
// may be read in another way than near it; here the same bytes are read with nothing behind them,
// with some and with many. What is cut short is a fault there. And what ends the records does so
// with anything behind it.
#include "bytes_of.hpp"
#include "core/application/record.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <random>

using namespace meterbench::core::application;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Step = RecordReader::Step;

/// Every field of a record, as text.
std::string in_words(const Record& record) {
    const Value& value = record.value;
    const DateTime& date = value.date;
    const auto number = [](auto code) { return static_cast<int>(code); };
    return fmt::format("dib {} vib {} data {} direction {} function {} coding {} field {} "
                       "plain text {} register {} all {} storage {} tariff {} subunit {} ",
                       hex_of(record.dib()), hex_of(record.vib()), hex_of(record.data()),
                       number(record.direction), number(record.function), number(record.coding),
                       record.field, number(record.plain_text), record.register_number,
                       record.global_readout, record.storage, record.tariff, record.subunit) +
           fmt::format("quantity {} unit {} vif {} e{} of {} vifes {} error {} profile {} ",
                       number(record.quantity), number(record.unit), number(record.vif_unit),
                       record.vif_exponent, record.vif_size, record.vife_size, record.error,
                       record.profile) +
           fmt::format("value {} invalid {} {}{}e{} {}-{}-{} {}:{}:{} {} {} {} {} {}",
                       number(value.type), number(value.invalid), value.negative ? "-" : "",
                       value.magnitude, value.exponent, date.year, date.month, date.day, date.hour,
                       date.minute, date.second, date.weekday, date.week, date.deviation,
                       date.daylight_saving, date.leap_year);
}

struct Read {
    Step step;
    std::size_t size = 0;
    std::string words;
};

Read read(const Bytes& bytes, Direction direction) {
    RecordReader reader{bytes, RecordReader::Options{direction, 0, false}};
    Record record;
    const Step step = reader.next(record);
    if (step == Step::fault) {
        return {step, 0, std::string{name_of(reader.fault().code)}};
    }
    if (step == Step::end) {
        return {step, 0, reader.more_follows() ? "more" : "no more"};
    }
    return {step, record.bytes().size(), in_words(record)};
}

class RandomRecord {
  public:
    /// A head of likely and unlikely bytes and enough random data behind it.
    Bytes next() {
        Bytes bytes{byte()};
        for (int difes = 0; (bytes.back() & 0x80U) != 0 && difes < 4; ++difes) {
            bytes.push_back(difes == 3 ? byte() & 0x7FU : byte());
        }
        static constexpr std::array<std::uint8_t, 8> extensions{0xFD, 0xFB, 0xEF, 0xFF,
                                                                0x93, 0x84, 0x6C, 0x6D};
        bytes.push_back(below(3) == 0 ? extensions[below(extensions.size())] : byte());
        for (int vifes = 0; (bytes.back() & 0x80U) != 0 && vifes < 4; ++vifes) {
            bytes.push_back(vifes == 3 ? byte() & 0x7FU : byte());
        }
        for (int i = 0; i < 9; ++i) {
            bytes.push_back(byte());
        }
        return bytes;
    }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }
    std::mt19937 random_{7};
};

} // namespace

BOOST_AUTO_TEST_SUITE(record_place)

BOOST_AUTO_TEST_CASE(a_record_says_the_same_near_the_end_and_far_from_it) {
    RandomRecord random;
    std::size_t records = 0;
    for (int i = 0; i < 40'000; ++i) {
        const Direction direction = i % 4 == 0 ? Direction::from_master : Direction::from_meter;
        Bytes far = random.next();
        far.resize(far.size() + 64, 0x2F);
        const Read whole = read(far, direction);
        if (whole.step != Step::record || far[0] == 0x2F ||
            whole.words.find("plain text 0") == std::string::npos) {
            continue; // where a plain text stands is found by what is behind it
        }
        ++records;
        for (const std::size_t behind : {0U, 1U, 7U, 8U, 12U, 13U}) {
            if (whole.size + behind > far.size()) {
                break;
            }
            const Bytes near{far.begin(),
                             far.begin() + static_cast<std::ptrdiff_t>(whole.size + behind)};
            const Read again = read(near, direction);
            if (again.words != whole.words) {
                BOOST_ERROR(hex_of(near) << ", " << behind << " bytes behind it: " << again.words
                                         << ", and not " << whole.words);
            }
        }
    }
    BOOST_TEST(records > 20'000);
}

// The last of three records, cut at each of its bytes: the two in front of it stay good.
BOOST_AUTO_TEST_CASE(a_record_cut_short_is_a_fault) {
    const Bytes front = bytes_of("04 13 01 00 00 00 04 13 02 00 00 00");
    RandomRecord random;
    std::size_t cuts = 0;
    for (int i = 0; i < 10'000; ++i) {
        const Direction direction = i % 4 == 0 ? Direction::from_master : Direction::from_meter;
        const Bytes last = random.next();
        const Read whole = read(last, direction);
        if (whole.step != Step::record || last[0] == 0x2F) {
            continue;
        }
        for (std::size_t size = 1; size < whole.size; ++size) {
            ++cuts;
            Bytes cut = front;
            cut.insert(cut.end(), last.begin(), last.begin() + static_cast<std::ptrdiff_t>(size));
            RecordReader reader{cut, RecordReader::Options{direction, 0, false}};
            Record record;
            std::size_t records = 0;
            while (records < 3 && reader.next(record) == Step::record) {
                ++records;
            }
            if (records != 2 || reader.next(record) != Step::fault ||
                reader.fault().offset < front.size() || reader.fault().offset > cut.size()) {
                BOOST_ERROR(hex_of(cut) << ": " << records << " records of the two that are whole");
            }
        }
    }
    BOOST_TEST(cuts > 30'000);
}

BOOST_AUTO_TEST_CASE(what_ends_the_records_does_so_with_anything_behind_it) {
    RandomRecord random;
    for (const std::string dif : {"0F", "1F", "3F", "4F", "5F", "6F", "7F", "8F", "9F", "FF"}) {
        const Read alone = read(bytes_of(dif), Direction::from_meter);
        BOOST_TEST((alone.step != Step::record), dif);
        for (int i = 0; i < 1000; ++i) {
            Bytes bytes = bytes_of(dif);
            const Bytes behind = random.next();
            bytes.insert(bytes.end(), behind.begin(), behind.end());
            const Read followed = read(bytes, Direction::from_meter);
            if (followed.step != alone.step || followed.words != alone.words) {
                BOOST_ERROR(hex_of(bytes) << ": " << followed.words << ", and not " << alone.words);
            }
        }
    }
    // Selection for readout is the master's.
    BOOST_TEST(
        read(bytes_of("08 82 01 00 00 00 00 00 00 00 00 00 00 00 00 00"), Direction::from_meter)
            .words == "dif-wrong-direction");
}

BOOST_AUTO_TEST_SUITE_END()
