#pragma once
// Runs a command of the configuration: no shell, no inherited descriptors, no credentials in its environment.

#include <chrono>
#include <string>
#include <vector>

#include "domain/result.h"

namespace rm {

// Waits for its end, at most `limit`: then it and what it started in its process group are killed. Output goes
// nowhere. Errors (Io): cannot be started, ended with a status other than 0, killed by a signal, took too long; one
// sentence each.
[[nodiscard]] Result<void> run_command(const std::vector<std::string>& argv, std::chrono::milliseconds limit);

}  // namespace rm
