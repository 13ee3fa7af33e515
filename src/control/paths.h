#pragma once
// Where the daemon keeps its things.

#include <filesystem>
#include <string>

namespace rm {

// $XDG_STATE_HOME/risk-manager, else ~/.local/state/risk-manager, else ./risk-manager-data.
[[nodiscard]] std::filesystem::path default_data_dir();
[[nodiscard]] inline std::string control_socket(const std::filesystem::path& data_dir) {
  return (data_dir / "control.sock").string();
}

}  // namespace rm
