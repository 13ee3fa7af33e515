#pragma once
// The links of one rule on a line of time, as a picture (SVG).

#include <string>
#include <string_view>

#include "drill/judge.h"

namespace rm::drill {

[[nodiscard]] std::string timeline_svg(const Judgement& judgement);

// For text and for attributes of a page.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace rm::drill
