#pragma once
// The terminal view of `start --paper` and `start --live`: a line for what happens, and the P&L whenever it changed.

#include <cstdio>
#include <string>
#include <unordered_map>

#include "net/loop.h"
#include "runtime/system.h"

namespace rm {

class LiveView {
 public:
  // Writes to `out`. All must outlive the view.
  LiveView(net::Loop& loop, System& system, std::FILE* out);

 private:
  void print(BrokerTime at, std::string_view text);
  void refresh();

  net::Loop& loop_;
  System& system_;
  std::FILE* out_;
  net::Loop::Timer timer_;
  std::unordered_map<AccountId, std::string> last_;  // line of each account
};

}  // namespace rm
