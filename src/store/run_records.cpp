#include "store/run_records.h"

#include <algorithm>

namespace rm {

std::vector<std::string> in_parts(std::string_view text) {
  constexpr std::size_t kPart = 60'000;
  std::vector<std::string> parts;
  for (; !text.empty(); text.remove_prefix(std::min(kPart, text.size()))) parts.emplace_back(text.substr(0, kPart));
  return parts;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += part;
  return text;
}

}  // namespace rm
