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
                         std::chrono::milliseconds patience_at_end, std::function<void()> wake_loop)
    : committed{committed_before},
      journal_{journal},
      database_{database},
      patience_at_end_{patience_at_end},
      wake_loop_{std::move(wake_loop)},
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
  const std::uint64_t done = committed.load(std::memory_order_relaxed);
  const bool everything = done >= journal_.last_sequence();
  database_.write_mark(done, everything ? journal_.last_chain_update() : journal_.chain_update());
}

bool StoreThread::finished() {
  const std::scoped_lock lock{mutex_};
  if (!stopping_) return false;
  return committed.load(std::memory_order_relaxed) >= journal_.last_sequence() || Clock::now() >= give_up_;
}

bool StoreThread::write_batch() {
  if (committed.load(std::memory_order_relaxed) >= journal_.last_sequence() || Clock::now() < retry_at_) return false;
  const ChainUpdate& chain = journal_.chain_update();
  const auto batch = database_.write([&](const Database::Visit& visit) { journal_.read(kBatch, visit); }, &chain);
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
  const bool say_head = batch->has_receipt || chain.urgent;
  if (const int code = journal_.release(); code != 0) journal_errno.store(code, std::memory_order_relaxed);
  skipped.fetch_add(batch->skipped, std::memory_order_relaxed);
  committed.store(batch->last_sequence, std::memory_order_release);
  if (say_head) head_due.store(true, std::memory_order_release);
  if ((batch->has_decision || say_head) && wake_loop_) wake_loop_();
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
