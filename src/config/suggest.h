#pragma once
// "did you mean …?"

#include <string>
#include <string_view>
#include <vector>

namespace rm {

// Changes of one character (replaced, added, left out, swapped with its neighbour) between two words; case does not
// count.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidates that `word` may have been meant to be, nearest first, at most `count`; empty when none is near.
[[nodiscard]] std::vector<std::string> nearest(std::string_view word, const std::vector<std::string_view>& candidates,
                                               std::size_t count = 1);

// ", did you mean 'max_loss'?", ", did you mean 'a' or 'b'?" or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates,
                                       std::size_t count = 1);

}  // namespace rm
