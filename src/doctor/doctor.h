#pragma once
// R38: `risk-manager doctor`: is this installation able to guard these accounts at this gateway? Everything is looked
// at as the daemon would use it. Nothing is placed, cancelled or closed, and nothing of the user's is written: probe
// files are removed again, and the database is looked at in a copy.

#include <filesystem>
#include <string>

#include "config/environment.h"
#include "doctor/examination.h"

namespace rm {

struct DoctorOptions {
  std::string config_file;         // empty: the one of the running daemon, or with `paper` the demo's
  std::filesystem::path data_dir;  // empty: default_data_dir()
  bool paper = false;              // against the built-in paper gateway
};

void examine(const DoctorOptions& options, Environment environment, Examination& examination);

}  // namespace rm
