#include "runtime/live_view.h"

#include <fmt/format.h>

namespace rm {
namespace {

constexpr std::int64_t kRefreshNs = 500'000'000;
constexpr std::size_t kKeptLines = 1000;

// "14:30:05.123" of broker time, UTC.
std::string clock_text(BrokerTime at) {
  const std::int64_t ms = at.nanos() / 1'000'000 % 86'400'000;
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

std::string account_line(const AccountBook& book, const AccountGuard* guard) {
  if (book.sync() == SyncState::Unknown) return {};
  const OpenProfit open = book.open_profit();
  std::string line = fmt::format("P&L {:>10}  (realised {}, costs {}, open {})",
                                 (book.day().result().net() + open.total).text(), book.day().result().realised.text(),
                                 book.day().result().costs.text(), open.complete ? open.total.text() : "unknown");
  if (guard) {
    for (const GuardedRule& rule : guard->rules()) {
      const RuleStatus status = rule.rule->status(book);
      line += fmt::format("  {} {}/{}", rule.name, status.value, status.limit);
    }
  }
  if (!book.locks().all().empty()) line += "  LOCKED";
  return line;
}

}  // namespace

LiveView::LiveView(net::Loop& loop, System& system, std::FILE* out)
    : loop_{loop},
      system_{system},
      out_{out},
      timer_{loop, [this] { refresh(); }},
      writer_{[this](const std::stop_token& stop) { write_out(stop); }} {
  for (const auto& session : system_.sessions())
    session->recorder().set_story([this](const StoryLine& line) { print(line.at, line.text); });
  timer_.arm_at(loop_.monotonic_ns() + kRefreshNs);
}

void LiveView::print(BrokerTime at, std::string_view text) {
  const std::scoped_lock lock{mutex_};
  if (lines_.size() == kKeptLines) lines_.pop_front();
  lines_.push_back(fmt::format("{}  {}\n", clock_text(at), text));
  waiting_.notify_one();
}

void LiveView::write_out(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  while (waiting_.wait(lock, stop, [this] { return !lines_.empty(); })) {
    const std::string line = std::move(lines_.front());
    lines_.pop_front();
    lock.unlock();
    std::fwrite(line.data(), 1, line.size(), out_);
    std::fflush(out_);
    lock.lock();
  }
}

void LiveView::refresh() {
  for (const auto& session : system_.sessions()) {
    for (const auto& book : session->guardian().book().accounts()) {
      std::string line = account_line(*book, session->guardian().engine().find(book->id()));
      std::string& last = last_[book->id()];
      if (line.empty() || line == last) continue;
      print(session->now(), fmt::format("{}  {}", book->id().value(), line));
      last = std::move(line);
    }
  }
  timer_.arm_at(loop_.monotonic_ns() + kRefreshNs);
}

LiveView::~LiveView() {
  for (const auto& session : system_.sessions()) session->recorder().set_story(nullptr);
}

}  // namespace rm
