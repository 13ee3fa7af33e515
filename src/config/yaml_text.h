#pragma once
// YAML written by hand-sized rules: plain words stay plain, everything else is quoted.

#include <span>
#include <string>
#include <string_view>

namespace rm {

// One scalar that reads back as exactly this text. `text` has no control characters (see is_plain_text).
[[nodiscard]] std::string yaml_scalar(std::string_view text);

// "[a, b]".
[[nodiscard]] std::string yaml_list(std::span<const std::string> texts);

// UTF-8 without control characters: fit for a path, a name, a log line.
[[nodiscard]] bool is_plain_text(std::string_view text);

// The length in bytes of the character that begins at text[i]; 0 when it is not well formed (cut, overlong, a
// surrogate, beyond U+10FFFF).
[[nodiscard]] std::size_t character_length(std::string_view text, std::size_t i);

// UTF-8, whole.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace rm
