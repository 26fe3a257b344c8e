// SPDX-License-Identifier: Apache-2.0
// Records in both directions, with everything that follows from one: qualifiers, texts, profiles,
// and the encoder's way back.
#include "core/application/profile.hpp"
#include "core/application/record_encoder.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using namespace meterbench::core::application;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// Everything that can be asked of a record.
void use(const Record& record, std::span<const std::uint8_t> records) {
    std::array<char, max_qualifier_name> storage;
    std::size_t count = 0;
    for (const Qualifier qualifier : record.qualifiers()) {
        require(!qualifier_name(qualifier, storage).empty());
        ++count;
    }
    require(count <= max_vifes);
    std::array<std::uint8_t, 256> text;
    static_cast<void>(copy_reversed(record.unit_text(), text));
    ProfileReader profile{record, find_profile_base(records, record)};
    ProfileElement element;
    for (std::size_t elements = 0; profile.next(element); ++elements) {
        require(elements < 256);
    }
}

/// A valid number comes back from the encoder with the same value.
void round_trip(const Record& record) {
    if (record.global_readout || record.value.type != ValueType::decimal ||
        record.value.invalid != Invalid::none || record.quantity == Quantity::unknown) {
        return;
    }
    std::vector<Qualifier> qualifiers;
    for (const Qualifier qualifier : record.qualifiers()) {
        qualifiers.push_back(qualifier);
    }
    std::vector<std::uint8_t> text{record.unit_text().rbegin(), record.unit_text().rend()};
    RecordSpec spec{.function = record.function,
                    .storage = record.storage,
                    .tariff = record.tariff,
                    .subunit = record.subunit,
                    .coding = record.coding,
                    .length = static_cast<std::uint8_t>(record.content().size()),
                    .register_number = record.register_number,
                    .quantity = record.quantity,
                    .unit = record.vif_unit,
                    .exponent = record.vif_exponent,
                    .qualifiers = qualifiers,
                    .unit_text = text,
                    .plain_text = record.plain_text,
                    .type = ValueType::decimal,
                    .value = record.value.decimal()};
    std::array<std::uint8_t, 512> buffer;
    const auto size = encode_record(spec, buffer);
    if (!size) {
        return; // a zero with a sign, an offset beyond 64 bits
    }
    RecordReader reader{std::span{buffer}.first(*size),
                        {record.direction, 0, record.plain_text == PlainText::after_vif}};
    Record again;
    require(reader.next(again) == RecordReader::Step::record);
    require(again.storage == record.storage && again.tariff == record.tariff &&
            again.subunit == record.subunit && again.quantity == record.quantity);
    if (again.plain_text == record.plain_text) {
        require(compare(again.value.decimal(), record.value.decimal()) == 0);
    }
}

void read(std::span<const std::uint8_t> records, Direction direction) {
    RecordReader reader{records, {direction, 0, false}};
    Record record;
    RecordReader::Step step;
    std::size_t last = 0;
    while ((step = reader.next(record)) == RecordReader::Step::record) {
        require(record.offset >= last && record.bytes().size() >= 1);
        last = record.offset + record.bytes().size();
        require(last <= records.size());
        use(record, records);
        round_trip(record);
    }
    require(step == RecordReader::Step::end || reader.fault().offset <= records.size());
    require(reader.next(record) == step);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span records{data, size};
    if (size > 512) {
        return 0;
    }
    read(records, Direction::from_meter);
    read(records, Direction::from_master);
    return 0;
}
