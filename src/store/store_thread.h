#pragma once
// Turns the journal into database rows, batch by batch, and keeps journal segments ready.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "store/database.h"
#include "store/journal.h"

namespace rm {

class StoreThread {
 public:
  // `journal` and `database` must outlive it; their tending side is this thread's until stop() has returned.
  StoreThread(Journal& journal, Database& database, std::uint64_t committed,
              std::chrono::milliseconds patience_at_end, std::function<void()> wake_loop);
  ~StoreThread();
  void stop();  // writes out what the journal holds; gives a failing database up after `patience_at_end`

  // Any thread.
  std::atomic<std::uint64_t> committed;
  std::atomic<std::uint64_t> skipped = 0;
  std::atomic<int> journal_errno = 0, database_code = 0;
  std::atomic<bool> head_due = false;  // the chain has passed a receipt or the end of a file: to be said outside

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  bool write_batch();  // true: there was something
  bool finished();
  void rest(bool busy);

  Journal& journal_;
  Database& database_;
  std::chrono::milliseconds patience_at_end_;
  std::function<void()> wake_loop_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  Clock::time_point give_up_, retry_at_, prepare_at_;
  std::chrono::milliseconds pause_{0};  // between attempts of a failing database
  std::thread thread_;
};

}  // namespace rm
