// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/link_alphabet.hpp"
#include "harness/model/link_table.hpp"
#include "harness/model/mealy.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace meterbench::harness::model {

/// What the meter claims that the table depends on.
struct LinkClaims {
    std::size_t telegrams = 3; ///< of a read-out that are told apart, 1 to max_telegrams
    bool more = false;         ///< the read-out has more than those
    bool class1 = false;       ///< answers REQ_UD1: E5h, or class 1 data in an RSP_UD
};

enum class Reading : std::uint8_t {
    standard,  ///< everything that the standard leaves open is allowed
    reference, ///< one output everywhere: what is open is done as the reference station does it
};

/// What a broken step of the table breaks.
struct Cited {
    std::size_t row = 0;       ///< of link_table()
    std::string_view answer;   ///< the requirement that something, or nothing, is answered
    std::string_view telegram; ///< the requirement on which telegram it is; or empty
};

/// The table laid flat: a Mealy machine over stimuli.
///
/// Under Reading::standard a state is what is known of the meter: of each variable of the table
/// the values it may have. The variables are taken one by one, so that now and then more is
/// allowed than the standard leaves open, and never less.
class LinkModel {
  public:
    LinkModel(std::vector<Stimulus> alphabet, const LinkClaims& claims, Reading reading);

    /// Not minimised; its inputs are the places in alphabet().
    [[nodiscard]] const Mealy& machine() const { return machine_; }
    [[nodiscard]] const std::vector<Stimulus>& alphabet() const { return alphabet_; }
    [[nodiscard]] const Cited& cited(State state, Input input) const {
        return cited_[state * alphabet_.size() + input];
    }
    [[nodiscard]] const LinkClaims& claims() const { return claims_; }

  private:
    std::vector<Stimulus> alphabet_;
    LinkClaims claims_;
    Mealy machine_;
    std::vector<Cited> cited_;
};

/// The requirements that steps of these stimuli can cite, sorted, each once.
[[nodiscard]] std::vector<std::string_view> requirements_of(const std::vector<Stimulus>& alphabet);

} // namespace meterbench::harness::model
