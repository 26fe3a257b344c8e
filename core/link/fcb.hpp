// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace meterbench::core::link {

/// What the frame count bit of a request means to a meter (EN 13757-2, 5.7.8; CEN/TR 17167, A.7).
enum class FcbRelation : std::uint8_t {
    not_valid, ///< FCV = 0: the bit says nothing
    fresh,     ///< toggled, or the first after a reset with FCB = 1
    repeated,  ///< the same as last time: the master did not get the answer
    undefined, ///< the first after a reset with FCB = 0; the sources do not define it
};

/// The last frame count bit a meter has seen, for one address set and one kind of request.
class FcbMemory {
  public:
    [[nodiscard]] FcbRelation relation(bool fcv, bool fcb) const {
        if (!fcv) {
            return FcbRelation::not_valid;
        }
        if (last_ == Last::none) {
            return fcb ? FcbRelation::fresh : FcbRelation::undefined;
        }
        return fcb == (last_ == Last::one) ? FcbRelation::repeated : FcbRelation::fresh;
    }
    void remember(bool fcb) { last_ = fcb ? Last::one : Last::zero; }
    void clear() { last_ = Last::none; }

  private:
    enum class Last : std::uint8_t { none, zero, one } last_ = Last::none;
};

/// The master's side: one for each primary address and one for FDh. Starts with 1 after a reset or
/// a selection, and toggles only after a correct answer (MB2-LL-039 to MB2-LL-041).
class FcbSequence {
  public:
    [[nodiscard]] bool next() const { return next_; }
    void answered() { next_ = !next_; }
    void reset() { next_ = true; }

  private:
    bool next_ = true;
};

/// The master's frame count bits where it does not reset the link before each exchange: one image
/// for each primary address and one for FDh (MB2-LL-041).
class FcbImages {
  public:
    [[nodiscard]] FcbSequence& of(std::uint8_t address) { return images_[address]; }

  private:
    std::array<FcbSequence, 256> images_{};
};

} // namespace meterbench::core::link
