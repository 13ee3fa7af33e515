#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "drill/report.h"

namespace rm::drill {
std::string report_html(const Report& report) {
  return report_json(report);
}
}  // namespace rm::drill
