#pragma once
// At a start: is the journal of before still what was written? Found out beside the guarding, which neither waits for
// it nor depends on it.

#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "net/loop.h"

namespace rm {

class JournalCheck {
 public:
  // `found`: on the loop, once, with one sentence; never when everything fits.
  JournalCheck(net::Loop& loop, std::filesystem::path dir, std::function<void(const std::string&)> found);

 private:
  std::jthread thread_;  // is asked to stop and waited for, at most for the reading of one file
};

}  // namespace rm
