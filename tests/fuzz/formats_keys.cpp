// SPDX-License-Identifier: Apache-2.0
// Any text as a key file and as a key of the command line: read or refused with a message that
// repeats nothing of a value that may be a key.
#include "formats/key_file.hpp"

#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace meterbench;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// Whether the message repeats 16 hex digits in a row.
bool tells_a_key(std::string_view message) {
    std::size_t run = 0;
    for (const char letter : message) {
        run = std::isxdigit(static_cast<unsigned char>(letter)) != 0 ? run + 1 : 0;
        if (run == 16) {
            return true;
        }
    }
    return false;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    core::receiver::KeyStore keys;
    const auto read = formats::parse_key_file(keys, text, "keys.json");
    require(read || !read.error().empty());
    // A member's name is repeated; it is no key unless somebody writes one there.
    require(read || text.find("\":") != std::string::npos || !tells_a_key(read.error()));
    core::receiver::KeyStore one;
    const auto added = formats::add_key_text(one, text);
    require(one.size() == (added ? 1U : 0U));
    require(added || !tells_a_key(added.error()));
    return 0;
}
