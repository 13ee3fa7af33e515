#pragma once
// R16: `risk-manager start`: everything from the configuration to the end of the process.

#include <filesystem>
#include <string>

namespace rm {

struct StartOptions {
  std::string config_file;         // empty only with `paper`: the shipped demo rules
  std::filesystem::path data_dir;  // empty: default_data_dir()
  bool paper = false;              // start the built-in paper gateway and guard an account on it
  std::string scenario;            // of the paper gateway
  bool live = false;               // say on stdout what happens, as it happens
};

// Runs until SIGTERM or Ctrl-C. Exit code: 0 ended in order, 1 could not start (one sentence on stderr), 2 no
// configuration, or one that is not valid.
[[nodiscard]] int run_start(const StartOptions& options);

}  // namespace rm
