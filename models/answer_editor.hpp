// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/fault_rows.hpp"

#include <cstdint>
#include <vector>

namespace meterbench::models {

/// Carries out one edit on the user data of an RSP_UD, from the CI-field on. What it does not apply
/// to is left alone; what grows beyond a frame is cut off.
void edit_answer(std::vector<std::uint8_t>& user_data, const AnswerEdit& edit);

} // namespace meterbench::models
