#pragma once
// R36: boots the installed daemon against the paper gateway, to its first fill.

#include <chrono>
#include <iosfwd>
#include <string>

#include "config/environment.h"

namespace rm::drill {

struct SmokeOptions {
  std::string config_file;  // empty: two rules of our own
  std::string scenario;     // of the paper gateway; empty: the accounts of the configuration, prices that stand still
  std::chrono::milliseconds timeout{15'000};  // from the start of the daemon to its first fill
  Environment environment;
};

// One line a checkpoint on `out`. Exit code: 0 it works, 1 it does not (one sentence on `err`), 2 it stalled: the
// sentence names the link that is missing; or the configuration is not valid.
[[nodiscard]] int run_smoke(const SmokeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace rm::drill
