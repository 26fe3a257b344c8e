// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/test/unit_test.hpp>
#include <pugixml.hpp>
#include <string>

namespace meterbench::tests {

/// Parses a page as strict XML; a test that gets none has failed.
inline void parse_page(pugi::xml_document& document, const std::string& page) {
    const pugi::xml_parse_result parsed = document.load_buffer(
        page.data(), page.size(), pugi::parse_default | pugi::parse_doctype | pugi::parse_comments,
        pugi::encoding_utf8);
    const auto at = static_cast<std::size_t>(parsed.offset);
    BOOST_REQUIRE_MESSAGE(parsed, parsed.description()
                                      << " near: " << page.substr(at < 60 ? 0 : at - 60, 120));
}

/// All text below a node.
inline std::string text_of(const pugi::xml_node& node) {
    std::string text = node.value();
    for (const pugi::xml_node child : node.children()) {
        text += text_of(child);
    }
    return text;
}

} // namespace meterbench::tests
