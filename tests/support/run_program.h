#pragma once
// A program run to its end: what it said and how it ended.

#include <map>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/temp_dir.h"

namespace rm::test {

struct Finished {
  int exit_code = -1;  // -1: a signal ended it, or it did not end in time
  std::string out, err;
};

[[nodiscard]] inline Finished run_program(std::vector<std::string> argv,
                                          std::map<std::string, std::string> environment = {},
                                          std::chrono::milliseconds deadline = kGenerous) {
  const TempDir dir;
  Process process{ProcessOptions{.argv = std::move(argv),
                                 .environment = std::move(environment),
                                 .out = dir.path() / "out",
                                 .err = dir.path() / "err"}};
  const auto ended = process.wait(deadline);
  return {ended ? ended->exit_code : -1, read_text(dir.path() / "out"), read_text(dir.path() / "err")};
}

}  // namespace rm::test
