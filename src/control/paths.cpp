#include "control/paths.h"

#include <algorithm>
#include <cstdlib>

namespace rm {

std::filesystem::path default_data_dir() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state == '/')
    return std::filesystem::path{state} / "risk-manager";
  if (const char* home = std::getenv("HOME"); home && *home == '/')
    return std::filesystem::path{home} / ".local" / "state" / "risk-manager";
  return "risk-manager-data";
}

std::filesystem::path data_dir_or_default(const std::filesystem::path& named) {
  if (named.empty()) return default_data_dir();
  if (std::ranges::find(named, "..") == named.end()) return named;
  std::error_code problem;
  // By what is there, as the system goes by it: ".." behind a link is not where the link is.
  auto plain = std::filesystem::weakly_canonical(named, problem);
  return problem ? named : plain;
}

}  // namespace rm
