#pragma once
// Where the daemon keeps its things.

#include <filesystem>
#include <string>

namespace rm {

// $XDG_STATE_HOME/risk-manager, else ~/.local/state/risk-manager, else ./risk-manager-data.
[[nodiscard]] std::filesystem::path default_data_dir();
// The one that was named, else the default. What ".." takes back is left out, so that it need not be made: "d/x/.."
// is "d".
[[nodiscard]] std::filesystem::path data_dir_or_default(const std::filesystem::path& named);
[[nodiscard]] inline std::string control_socket(const std::filesystem::path& data_dir) {
  return (data_dir / "control.sock").string();
}

}  // namespace rm
