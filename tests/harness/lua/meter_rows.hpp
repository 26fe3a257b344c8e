// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/trace_reader.hpp"
#include "harness/lua/trace_judge.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::tests {

/// A conversation in which a requirement of a meter is kept, one that breaks it, and one that does
/// not show it; each changes a trace. None where there is none.
struct MeterRow {
    using Change = std::function<void(formats::Trace&)>;
    std::string_view requirement;
    Change good;
    Change bad;
    Change none = nullptr;
};

/// The requirements of meters that some file of tests has rows for; each file adds its own.
inline std::set<std::string>& requirements_with_rows() {
    static std::set<std::string> all;
    return all;
}

/// At file scope: says that `rows` are tested.
struct RowsAreTested {
    explicit RowsAreTested(const std::vector<MeterRow>& rows) {
        for (const MeterRow& row : rows) {
            requirements_with_rows().emplace(row.requirement);
        }
    }
};

/// Each row's requirement passes, fails, or is not shown, as it should; every other trace starts as
/// `start` makes it.
inline void judge_rows(harness::lua::TraceJudge& judge, const std::vector<MeterRow>& rows,
                       const std::function<formats::Trace()>& start) {
    using harness::lua::Ruling;
    for (const MeterRow& row : rows) {
        const auto rule = [&](const MeterRow::Change& change, Ruling::Verdict due) {
            if (change == nullptr) {
                return;
            }
            formats::Trace trace = start();
            change(trace);
            const auto rulings = judge.judge(trace);
            BOOST_REQUIRE_MESSAGE(rulings.has_value(),
                                  row.requirement << ": " << (rulings ? "" : rulings.error()));
            bool found = false;
            for (const Ruling& ruling : *rulings) {
                if (ruling.requirement != row.requirement) {
                    continue;
                }
                found = true;
                BOOST_TEST((ruling.verdict == due),
                           row.requirement << " is " << name_of(ruling.verdict) << " and not "
                                           << name_of(due) << " " << ruling.text);
                BOOST_TEST((ruling.packet != 0) == (due == Ruling::Verdict::fail));
            }
            BOOST_TEST(found, "no predicate for " << row.requirement);
        };
        rule(row.good, Ruling::Verdict::pass);
        rule(row.bad, Ruling::Verdict::fail);
        rule(row.none, Ruling::Verdict::none);
    }
}

} // namespace meterbench::tests
