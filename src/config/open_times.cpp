#include "config/open_times.h"

#include <algorithm>

namespace rm {

std::vector<OpenTime> without(const std::vector<OpenTime>& open, const std::vector<OpenTime>& closed) {
  std::vector<OpenTime> left;
  for (OpenTime rest : open) {
    for (const OpenTime& gap : closed) {
      if (gap.end <= rest.begin) continue;
      if (gap.begin >= rest.end) break;
      if (rest.begin < gap.begin) left.push_back({rest.begin, gap.begin});
      rest.begin = std::min(gap.end, rest.end);
    }
    if (rest.begin < rest.end) left.push_back(rest);
  }
  return left;
}

std::vector<OpenTime> joined(const std::vector<OpenTime>& open) {
  std::vector<OpenTime> out;
  for (const OpenTime& each : open) {
    if (!out.empty() && each.begin <= out.back().end) {
      out.back().end = std::max(out.back().end, each.end);
    } else {
      out.push_back(each);
    }
  }
  return out;
}

}  // namespace rm
