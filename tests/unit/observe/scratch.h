#pragma once
// A directory that goes away with the test, the lines of a file, and patience.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "support/temp_dir.h"

namespace rm::scratch {

using test::TempDir;

inline std::vector<std::string> lines(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::vector<std::string> all;
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

template <class Condition>
bool eventually(const Condition& condition) {
  using namespace std::chrono_literals;
  for (const auto until = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < until;
       std::this_thread::sleep_for(2ms)) {
    if (condition()) return true;
  }
  return false;
}

}  // namespace rm::scratch
