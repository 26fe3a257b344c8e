// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/fcb.hpp"
#include "core/link/frame.hpp"
#include "core/link/primary_table.hpp"
#include "models/master_fault_rows.hpp"
#include "models/master_job.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace meterbench::models {

/// A reference master with at most one fault: what stays of it from job to job.
class MasterDevice {
  public:
    /// `row`: none is the good one. `baud`: the rate it begins at.
    MasterDevice(core::Baud baud, const MasterFaultRow* row);
    MasterDevice(const MasterDevice&) = delete;
    MasterDevice& operator=(const MasterDevice&) = delete;

    [[nodiscard]] MasterJobConfig config() const;
    [[nodiscard]] const MasterFaultRow* row() const { return row_; }
    [[nodiscard]] core::link::FcbImages& images() { return images_; }
    template <class Edit> [[nodiscard]] const Edit* edit() const {
        return row_ == nullptr ? nullptr : std::get_if<Edit>(&row_->edit);
    }
    [[nodiscard]] core::Baud baud() const { return baud_; }
    /// For faults that outlive a job.
    bool shared_fcb = true;

  private:
    core::Baud baud_;
    const MasterFaultRow* row_;
    std::vector<core::link::PrimaryRow> table_;
    core::link::FcbImages images_;
};

/// One job of a master with a fault: a MasterJob, and what the fault makes of the octets that go in
/// and out of it and of what it says. A protocol object (rig::Pump). Without a fault it is the job,
/// verb by verb.
class FaultyMaster {
  public:
    /// `device` outlives it; `job` may be empty for a null master.
    FaultyMaster(MasterDevice& device, const rig::JobOrder& order, std::unique_ptr<MasterJob> job);

    void receive(std::span<const core::Octet> octets);
    [[nodiscard]] std::optional<core::Transmission> transmit() const;
    void sent(core::Instant now);
    void aborted(core::Instant now);
    [[nodiscard]] std::optional<core::Baud> listens() const;
    void restart(core::Instant now);
    [[nodiscard]] std::optional<core::Instant> deadline() const;
    void expire(core::Instant now);

    [[nodiscard]] bool done() const;
    /// When done: what a program would have said, and how it would have ended.
    [[nodiscard]] rig::JobResult result() const;

  private:
    using Input = MasterInputEdit::Kind;
    using Output = MasterOutputEdit::Kind;
    using Which = MasterOutputEdit::Which;

    [[nodiscard]] bool has(Input kind) const { return input_ != nullptr && input_->kind == kind; }
    void pass_in(std::span<const core::Octet> octets);
    void collect(const core::Octet& octet);
    [[nodiscard]] bool answer_complete() const;
    void flush();
    void deliver_frame();
    void note_heard(std::span<const core::Octet> octets);
    [[nodiscard]] bool alter(std::vector<core::Octet>& answer);
    void alter_frame(std::vector<core::Octet>& answer) const;
    void prepare();
    void spoil();
    void spoil_count_bit();
    void spoil_selection();
    void spoil_data();
    [[nodiscard]] bool concerned() const;
    [[nodiscard]] bool selection_concerned() const;
    void sum_again();
    void make_up(std::span<const std::uint8_t> bytes, core::Instant now);
    void spoil_silence(core::Instant now);
    [[nodiscard]] std::vector<std::uint8_t> invented_answer() const;
    void edit_report(MasterReportEdit edit, rig::JobResult& result) const;

    MasterDevice& device_;
    rig::JobOrder order_;
    std::unique_ptr<MasterJob> job_;
    const MasterInputEdit* input_;
    const MasterOutputEdit* output_;
    const MasterConductEdit* conduct_;

    // What goes out.
    bool prepared_ = false; ///< out_ is made from the job's transmission under way
    bool swallowed_ = false;
    core::Transmission shape_{};
    std::vector<std::uint8_t> out_;
    std::vector<core::CharacterException> exceptions_;
    std::vector<std::uint8_t> request_;   ///< as the job meant the last one
    std::vector<std::uint8_t> selection_; ///< the eight bytes of the last one
    bool toggle_ = true;
    bool other_rate_ = false; ///< it has sent at another rate than its first
    std::optional<core::Instant> swallow_due_;
    std::size_t requests_ = 0; ///< sent by a null master

    // What comes in.
    std::vector<core::Octet> answer_; ///< being collected
    bool collecting_ = false;
    bool answered_ = false; ///< the answer to the last request was complete
    core::Instant deaf_until_{};
    core::Instant last_heard_{};
    std::vector<std::uint8_t> made_up_; ///< heard by the job alone
    std::optional<core::Instant> made_up_due_;
    bool split_ = false; ///< silence has been spoilt since the last request
    std::vector<std::uint8_t> last_bad_;
    std::vector<std::uint8_t> last_good_;
    /// What the job was told, and what was on the wire.
    std::vector<std::pair<std::vector<std::uint8_t>, std::vector<std::uint8_t>>> altered_;
    core::Instant started_{};
    bool conduct_done_ = false;
};

} // namespace meterbench::models
