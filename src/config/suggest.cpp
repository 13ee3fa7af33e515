#include "config/suggest.h"

#include <algorithm>

namespace rm {
namespace {

constexpr std::size_t kLongestWord =
    64;  // longer ones are no typing mistake of a key, and the table below stays small

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = cost[i - 1][j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      cost[i][j] = std::min({replaced, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string_view>& candidates,
                                 std::size_t count) {
  if (word.empty() || word.size() > kLongestWord) return {};
  // A third of the word may be wrong: "los" is near "loss", "abc" is near nothing.
  const std::size_t allowed = std::max<std::size_t>(1, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    if (const std::size_t distance = edit_distance(word, candidate); distance <= allowed)
      near.emplace_back(distance, candidate);
  }
  std::ranges::sort(near);
  std::vector<std::string> out;
  for (const auto& [distance, candidate] : near) {
    if (out.size() < count && std::ranges::find(out, candidate) == out.end()) out.emplace_back(candidate);
  }
  return out;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates, std::size_t count) {
  const auto names = nearest(word, candidates, count);
  if (names.empty()) return {};
  std::string out = ", did you mean '" + names.front() + "'";
  for (std::size_t i = 1; i < names.size(); ++i) out += (i + 1 < names.size() ? ", '" : " or '") + names[i] + "'";
  return out + "?";
}

}  // namespace rm
