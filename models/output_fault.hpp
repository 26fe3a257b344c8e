// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/octet_filter.hpp"
#include "models/fault_rows.hpp"
#include "models/input_fault.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace meterbench::models {

/// Which answers an OutputEdit spoils: `skip` are sound first, then `count` are not; 0: all.
struct AnswerCount {
    std::uint32_t skip = 0;
    std::uint32_t count = 0;
};

/// The seam "octets out" of one meter: spoils its answers.
class OutputFault : public core::link::TransmissionFilter {
  public:
    /// `input` knows what was asked; it outlives this one.
    explicit OutputFault(const InputFault& input) : input_{input} {}
    void add(const OutputEdit& edit, AnswerCount answers = {}) {
        edits_.push_back({edit, answers});
    }
    [[nodiscard]] bool empty() const { return edits_.empty(); }
    /// Whether it must know what was asked.
    [[nodiscard]] bool listens() const;
    [[nodiscard]] core::Transmission pass(const core::Transmission& transmission) override;

  private:
    struct Counted {
        OutputEdit edit;
        AnswerCount answers;
    };

    [[nodiscard]] static bool due(AnswerCount& answers);
    void apply(const OutputEdit& edit, core::Transmission& whole);
    void apply_to_single(const OutputEdit& edit);
    void apply_to_frame(const OutputEdit& edit);
    void spoil_characters(const OutputEdit& edit, core::Transmission& whole);
    void add_exception(std::size_t index, core::CharacterException::Kind kind);
    void sum_again();

    const InputFault& input_;
    std::vector<Counted> edits_;
    std::vector<std::uint8_t> bytes_;
    std::vector<core::CharacterException> exceptions_;
};

} // namespace meterbench::models
