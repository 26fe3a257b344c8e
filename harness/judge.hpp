// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "formats/catalogue.hpp"
#include "formats/result.hpp"
#include "formats/result_stream.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace meterbench::harness {

/// Whether a case goes on after something was judged.
enum class Ruling : std::uint8_t { goes_on, ends };

[[nodiscard]] inline std::int64_t nanoseconds(core::Instant instant) {
    return instant.time_since_epoch().count();
}

/// Takes what a case streams to whoever keeps its record.
using StreamSink = std::function<void(const formats::StreamItem&)>;

/// The worse of two verdicts: none < pass < inconclusive < fail < error.
[[nodiscard]] constexpr formats::Verdict worse(formats::Verdict a, formats::Verdict b) {
    return a < b ? b : a;
}

/// The note beside an expectation that was turned around.
inline constexpr std::string_view inverted_note = "inverted";

/// Turns what a case observes into its verdict. What a broken expectation costs is decided by the
/// requirement's severity, the catalogue's confidence in it and the run's policy.
class Judge {
  public:
    /// Everything referred to outlives the judge.
    Judge(const formats::CaseInfo& info, const formats::Catalogue& catalogue,
          const formats::Policy& policy, StreamSink sink)
        : info_{info}, catalogue_{catalogue}, policy_{policy}, sink_{std::move(sink)} {}

    /// Turns around the first expectation or measurement at this place (`file:line`): broken it
    /// holds, kept it costs what it would cost broken. It tells whether a verdict depends on it.
    void invert(std::string site) { inverted_ = std::move(site); }

    void set_phase(formats::Phase phase) { phase_ = phase; }
    [[nodiscard]] formats::Phase phase() const { return phase_; }
    /// Streams a step in the current phase.
    void step(formats::Step step);

    struct Observation {
        std::int64_t now = 0; ///< rig's time, ns
        std::string what;
        bool passed = true;
        std::string expected;
        std::string actual;
        std::string requirement; ///< empty: what `checks` agree in
        std::string where;
    };
    /// An expectation: broken, it fails the case, or earns a remark (Ruling::goes_on).
    [[nodiscard]] Ruling expectation(const Observation& seen);
    /// A condition of the test, not of the device: broken, the case is inconclusive.
    [[nodiscard]] Ruling precondition(const Observation& observation);
    /// A measurement: pass, fail or, too near the limit for the rig's uncertainty, inconclusive.
    /// It never ends the case.
    void measurement(const Observation& observation, formats::Verdict verdict);
    /// What a monitor of the whole case saw, about a requirement that `checks` need not have. It
    /// never ends the case.
    void monitored(const Observation& observation);
    void remark(std::string text, std::string requirement, std::string where, std::int64_t now);
    /// Something that is nobody's expectation: a Lua error, a lost port.
    void reason(formats::Verdict verdict, std::string text, std::string where,
                std::string requirement = {});

    [[nodiscard]] formats::Verdict verdict() const { return verdict_; }
    /// An expectation, measurement or framework step of its own was reached.
    [[nodiscard]] bool judged() const { return judged_; }
    void set_judged() { judged_ = true; }

  private:
    struct Cost {
        formats::Verdict verdict = formats::Verdict::fail; ///< none: a remark
        std::string requirement;
    };
    /// What breaking it costs; an error text where it cannot be told.
    [[nodiscard]] std::expected<Cost, std::string> cost(const std::string& requirement) const;
    [[nodiscard]] bool counts(const formats::RequirementInfo& requirement) const;
    [[nodiscard]] Ruling broken(const Observation& observation, const std::string& text);
    void charge(const Cost& cost, const Observation& observation, const std::string& text);
    /// Whether this one is to be turned around: once.
    [[nodiscard]] bool turns(const Observation& observation);

    const formats::CaseInfo& info_;
    const formats::Catalogue& catalogue_;
    const formats::Policy& policy_;
    StreamSink sink_;
    formats::Phase phase_ = formats::Phase::run;
    formats::Verdict verdict_ = formats::Verdict::none;
    bool judged_ = false;
    std::string inverted_; ///< place still to be turned around; empty: none
};

} // namespace meterbench::harness
