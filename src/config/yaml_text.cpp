#include "config/yaml_text.h"

#include <algorithm>
#include <cstdint>

#include "config/param_value.h"
#include "config/scalars.h"
#include "config/session_param.h"

namespace rm {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '/' || c == '-';
}

class ToYaml {
 public:
  std::string operator()(std::monostate) const { return "none"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(Money value) const { return value.text(); }
  std::string operator()(Duration value) const { return duration_text(value); }
  std::string operator()(const std::string& value) const { return yaml_scalar(value); }
  std::string operator()(const std::vector<std::string>& value) const { return yaml_list(value); }
  std::string operator()(const std::vector<std::int64_t>& value) const {
    std::string out = "[";
    for (const std::int64_t item : value) out += (out.size() > 1 ? ", " : "") + std::to_string(item);
    return out + "]";
  }
  std::string operator()(const SessionList& value) const { return sessions_yaml(value); }
  std::string operator()(const SessionsBySymbol& value) const { return symbol_sessions_yaml(value); }
  std::string operator()(const SymbolLimits& value) const {
    return by_symbol(value, [](std::int64_t limit) { return std::to_string(limit); });
  }
  std::string operator()(const SymbolWeights& value) const {
    return by_symbol(value.tenths, [](std::int64_t tenths) {
      return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10));
    });
  }
  std::string operator()(const Cooldown& value) const {
    return value.time ? duration_text(*value.time) : std::string{kUntilReset};
  }
  std::string operator()(const LossTiers& value) const {
    std::string out = "[";
    for (const LossTier& tier : value)
      out += (out.size() > 1 ? ", {loss: " : "{loss: ") + tier.loss.text() +
             ", cooldown: " + duration_text(tier.cooldown) + "}";
    return out + "]";
  }

 private:
  template <class Text>
  static std::string by_symbol(const SymbolLimits& numbers, Text text) {
    std::string out = "{";
    for (const auto& [symbol, number] : numbers)
      out += (out.size() > 1 ? ", " : "") + yaml_scalar(symbol) + ": " + text(number);
    return out + "}";
  }
};

}  // namespace

std::string yaml_scalar(std::string_view text) {
  // "-" and "---" mean something at the start of a line, "~" and "null" mean nothing at all.
  const bool plain =
      !text.empty() && std::ranges::all_of(text, is_word) && text.front() != '-' && text.front() != '.';
  if (plain && text != "null" && text != "Null" && text != "NULL" && text != "none") return std::string{text};
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string yaml_list(std::span<const std::string> texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + yaml_scalar(text);
  return out + "]";
}

std::size_t character_length(std::string_view text, std::size_t i) {
  const auto at = [&](std::size_t n) -> std::uint32_t {
    return i + n < text.size() ? static_cast<unsigned char>(text[i + n]) : 0U;
  };
  const std::uint32_t lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  std::uint32_t code = lead & (0x7FU >> length);
  for (std::size_t n = 1; n < length; ++n) {
    if ((at(n) & 0xC0U) != 0x80U) return 0;
    code = code << 6U | (at(n) & 0x3FU);
  }
  const bool overlong =
      (length == 2 && code < 0x80) || (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (lead < 0xC2 || lead > 0xF4 || overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return 0;
  return length;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

bool is_plain_text(std::string_view text) {
  if (!is_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return false;
    if (byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0) return false;  // U+0080 - U+009F
  }
  return true;
}

std::string value_yaml(const ParamValue& value) {
  return std::visit(ToYaml{}, value);
}

}  // namespace rm
