#pragma once
// The terminal view of `start --paper` and `start --live`: a line for what happens, and the P&L whenever it changed.

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "net/loop.h"
#include "runtime/system.h"

namespace rm {

class LiveView {
 public:
  // Writes to `out`. All must outlive the view.
  LiveView(net::Loop& loop, System& system, std::FILE* out);
  ~LiveView();

 private:
  void print(BrokerTime at, std::string_view text);
  void refresh();
  void write_out(const std::stop_token& stop);

  net::Loop& loop_;
  System& system_;
  std::FILE* out_;
  net::Loop::Timer timer_;
  // A terminal that does not take our lines (Ctrl-S, a stopped pager) must not hold the loop up: a thread of its own
  // writes them.
  std::mutex mutex_;
  std::condition_variable_any waiting_;
  std::deque<std::string> lines_;                    // bounded, the oldest go first
  std::unordered_map<AccountId, std::string> last_;  // line of each account
  std::jthread writer_;                              // last: ends before what it uses
};

}  // namespace rm
