#pragma once
// Arithmetic of opening times: lists that ascend, without overlaps.

#include <vector>

#include "rules/session.h"

namespace rm {

// `open` less what is `closed`.
[[nodiscard]] std::vector<OpenTime> without(const std::vector<OpenTime>& open, const std::vector<OpenTime>& closed);
// Where one ends as the next begins, nothing happens: the two become one.
[[nodiscard]] std::vector<OpenTime> joined(const std::vector<OpenTime>& open);

}  // namespace rm
