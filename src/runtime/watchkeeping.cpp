#include "runtime/watchkeeping.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "enforcement/exit_cost.h"
#include "observe/log.h"

namespace rm {
namespace {

constexpr std::int64_t kSayRefusalsEvery = 60'000'000'000;
constexpr std::int64_t kSayUnguardedAfter = 30'000'000'000, kSayUnguardedEvery = 300'000'000'000;

std::string_view why_not_synchronised(SyncState state) {
  switch (state) {
    case SyncState::Unknown:
      return "NOT GUARDED: its state is not known";
    case SyncState::StreamDown:
      return "guarded by polling: the stream is down";
    case SyncState::Blind:
      return "BLIND: the stream is down and reads fail; rules go by what was last seen";
    case SyncState::Synchronised:
      return "synchronised";
  }
  return "";
}

}  // namespace

void Watchkeeping::look(const Book& book, const std::string& problem, BrokerTime now, std::int64_t now_ns) {
  say_if_not_synchronised(book, problem, now_ns);
  say_if_exits_are_short(book);
  thaw_market_feed(book, now, now_ns);
  say_refusals(now_ns);
}

// A person must know when nobody watches: an account that is not known, or whose stream is down, for half a minute
// and longer.
void Watchkeeping::say_if_not_synchronised(const Book& book, const std::string& problem, std::int64_t now_ns) {
  std::string who;
  if (book.accounts().empty() && !problem.empty()) who = "NO account is guarded: " + problem;
  for (const auto& account : book.accounts()) {
    if (account->sync() == SyncState::Synchronised) continue;
    who += fmt::format("{}account {} ({})", who.empty() ? "" : ", ", account->id().value(),
                       why_not_synchronised(account->sync()));
  }
  if (who.empty()) {
    unguarded_since_ns_ = unguarded_said_ns_ = 0;
    return;
  }
  if (unguarded_since_ns_ == 0) unguarded_since_ns_ = now_ns;
  const bool due = unguarded_said_ns_ == 0 ? now_ns - unguarded_since_ns_ >= kSayUnguardedAfter
                                           : now_ns - unguarded_said_ns_ >= kSayUnguardedEvery;
  if (!due) return;
  unguarded_said_ns_ = now_ns;
  log(Level::Error, "not_synchronised", who);
  parts_.tell(std::move(who));
}

// The budget must be able to pay for the way out at any time. Said when it can not, and when it can again.
void Watchkeeping::say_if_exits_are_short(const Book& book) {
  const int needed = requests_to_flatten(book), left = parts_.rest.exits_left();
  const bool is_short = needed > left;
  if (std::exchange(exits_short_, is_short) == is_short) return;
  std::string text =
      is_short
          ? fmt::format(
                "flattening everything now would take {} requests, the gateway's limit leaves {}: the rest "
                "would have to wait",
                needed, left)
          : fmt::format("the gateway's limit leaves enough requests again to flatten everything: {} of {} needed",
                        left, needed);
  log(is_short ? Level::Error : Level::Info, "exits_short", text, {{"needed", needed}, {"left", left}});
  if (is_short) parts_.tell(std::move(text));
}

// Prices of what is held or ordered must move while the market is open. A connection that only pings is worth
// nothing.
void Watchkeeping::thaw_market_feed(const Book& book, BrokerTime now, std::int64_t now_ns) {
  const bool followed = std::ranges::any_of(book.accounts(), [](const auto& account) {
    return account->orders().any() ||
           std::ranges::any_of(account->holdings(), [](const Holding& h) { return !h.flat(); });
  });
  if (!parts_.market_feed.frozen(followed && parts_.market_hours.open_at(now), now_ns)) return;
  parts_.market_hub.reconnect("no price came although the market is open");
}

// Garbage on the wire: each kind said at most once a minute, with how many there were.
void Watchkeeping::say_refusals(std::int64_t now_ns) {
  if (refusals_said_ns_ != 0 && now_ns - refusals_said_ns_ < kSayRefusalsEvery) return;
  for (const Refusal& refusal : parts_.bridge.refusals().all()) {
    std::uint64_t& said = said_refusals_[static_cast<std::size_t>(refusal.kind)];
    if (refusal.count == said) continue;
    for (; said < refusal.count; ++said) parts_.metrics.count_refused_message(name_of(refusal.kind));
    const bool normal = refusal.kind == RefusalKind::NotWatched || refusal.kind == RefusalKind::UnknownContract;
    log(normal ? Level::Debug : Level::Warning, "message_refused",
        fmt::format("{} messages refused so far ({}): {}", refusal.count, name_of(refusal.kind), refusal.sample),
        {{"kind", name_of(refusal.kind)}, {"count", refusal.count}});
    refusals_said_ns_ = now_ns;
  }
}

}  // namespace rm
