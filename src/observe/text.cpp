#include "observe/text.h"

#include <array>
#include <cstdint>

namespace rm {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

// Length of the well-formed UTF-8 sequence at text[i]; 0 when there is none (overlong forms, surrogates and values
// above 10FFFF included).
std::size_t utf8_length(std::string_view text, std::size_t i) {
  const std::uint8_t lead = byte_at(text, i);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 && lead <= 0xf4  ? 4
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                                                           : 0;
  if (length == 0 || i + length > text.size()) return 0;
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte_at(text, i + k) & 0xc0) != 0x80) return 0;
  }
  const std::uint8_t second = byte_at(text, i + 1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool beyond = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
  return overlong || beyond ? 0 : length;
}

void append_control(std::string& out, char c, std::string_view prefix) {
  const auto value = static_cast<std::uint8_t>(c);
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out.append(prefix).append(1, kHex[value >> 4]).append(1, kHex[value & 0xf]);
  }
}

bool is_control(char c) {
  return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7f;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      ++i;
      continue;
    }
    if (text[i] == '"' || text[i] == '\\')
      out.append(1, '\\').append(1, text[i]);
    else if (is_control(text[i]))
      append_control(out, text[i], "\\u00");
    else
      out.append(text, i, length);
    i += length;
  }
  out += '"';
}

void append_plain(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (is_control(c))
      append_control(out, c, "\\x");
    else
      out += c;
  }
}

}  // namespace rm
