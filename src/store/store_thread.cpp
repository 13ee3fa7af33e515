#include "store/store_thread.h"

#include <algorithm>

namespace rm {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBatch = 1024;  // records in one transaction at most
constexpr auto kIdle = 2ms;           // the loop does not wake this thread (that would be a system call): it looks
constexpr auto kFirstPause = 20ms;    // of a failing database; doubled up to
constexpr auto kLongestPause = 2000ms;
constexpr auto kPrepareAgain = 500ms;  // when the disk refuses journal files

}  // namespace

StoreThread::StoreThread(Journal& journal, Database& database, std::uint64_t committed_before,
                         std::chrono::milliseconds patience_at_end, std::function<void()> decision_committed)
    : committed{committed_before},
      journal_{journal},
      database_{database},
      patience_at_end_{patience_at_end},
      decision_committed_{std::move(decision_committed)},
      thread_{[this] { run(); }} {}

StoreThread::~StoreThread() {
  stop();
}

void StoreThread::stop() {
  {
    const std::scoped_lock lock{mutex_};
    if (!stopping_) give_up_ = Clock::now() + patience_at_end_;
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void StoreThread::run() {
  while (true) {
    const bool done = finished();  // before the last look at the journal
    if (Clock::now() >= prepare_at_) {
      const int code = journal_.prepare();
      journal_errno.store(code, std::memory_order_relaxed);
      if (code != 0) prepare_at_ = Clock::now() + kPrepareAgain;
    }
    const bool busy = write_batch();
    if (done && !busy) break;
    rest(busy);
  }
  database_.write_mark(committed.load(std::memory_order_relaxed));
}

bool StoreThread::finished() {
  const std::scoped_lock lock{mutex_};
  if (!stopping_) return false;
  return committed.load(std::memory_order_relaxed) >= journal_.last_sequence() || Clock::now() >= give_up_;
}

bool StoreThread::write_batch() {
  if (committed.load(std::memory_order_relaxed) >= journal_.last_sequence() || Clock::now() < retry_at_) return false;
  const auto batch = database_.write([&](const Database::Visit& visit) { journal_.read(kBatch, visit); });
  if (!batch) {
    journal_.rewind();
    pause_ = pause_ == 0ms ? kFirstPause : std::min<std::chrono::milliseconds>(pause_ * 2, kLongestPause);
    retry_at_ = Clock::now() + pause_;
    database_code.store(batch.error(), std::memory_order_relaxed);
    return false;
  }
  if (batch->records == 0) return false;
  pause_ = 0ms;
  database_code.store(0, std::memory_order_relaxed);
  journal_.release();
  skipped.fetch_add(batch->skipped, std::memory_order_relaxed);
  committed.store(batch->last_sequence, std::memory_order_release);
  if (batch->has_decision && decision_committed_) decision_committed_();
  return true;
}

void StoreThread::rest(bool busy) {
  if (busy) return;
  std::unique_lock lock{mutex_};
  wake_.wait_for(lock, kIdle, [&] {
    return stopping_ && Clock::now() >= retry_at_ && committed.load() < journal_.last_sequence();
  });
}

}  // namespace rm
