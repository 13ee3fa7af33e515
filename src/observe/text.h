#pragma once
// Text as it stands in a JSON string or in one line of a text log: no byte of the value can end the string or the
// line.

#include <string>
#include <string_view>

namespace rm {

// Appends `text` in quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
// Appends `text` with control characters as \n, \t or \x1b, so that a line stays one line.
void append_plain(std::string& out, std::string_view text);

}  // namespace rm
