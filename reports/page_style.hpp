// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace meterbench::reports {

/// The style sheet of every page: light and dark, screen and paper, no outside resource.
[[nodiscard]] std::string_view page_style();

/// The script of every page. The pages are complete without it: it adds the text search, the count
/// of rows shown and the copy buttons. Free of `<` and `&`, so that the pages stay well-formed XML.
[[nodiscard]] std::string_view page_script();

} // namespace meterbench::reports
