#pragma once
// The customTag of stop orders that this program places: "rm-stop-" and a number that is never used again.

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "domain/ids.h"

namespace rm::projectx {

inline constexpr std::string_view kStopTagPrefix = "rm-stop-";
using StopTagText = std::array<char, kStopTagPrefix.size() + 20>;

[[nodiscard]] inline std::string_view write_stop_tag(StopTag tag, StopTagText& out) {
  char* const digits = std::copy(kStopTagPrefix.begin(), kStopTagPrefix.end(), out.data());
  const auto end = std::to_chars(digits, out.data() + out.size(), tag.value()).ptr;
  return {out.data(), end};
}

// 0 for any text that is not exactly one of ours.
[[nodiscard]] inline StopTag read_stop_tag(std::string_view text) {
  if (!text.starts_with(kStopTagPrefix)) return {};
  text.remove_prefix(kStopTagPrefix.size());
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() && number > 0 ? StopTag{number} : StopTag{};
}

}  // namespace rm::projectx
