#include "control/paths.h"

#include <cstdlib>

namespace rm {

std::filesystem::path default_data_dir() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state == '/')
    return std::filesystem::path{state} / "risk-manager";
  if (const char* home = std::getenv("HOME"); home && *home == '/')
    return std::filesystem::path{home} / ".local" / "state" / "risk-manager";
  return "risk-manager-data";
}

}  // namespace rm
