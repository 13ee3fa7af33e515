// trade_frequency_limit: when the entries within a minute, an hour or the trading day reach a number, nothing may be
// opened for a while; what is open stays open.

#include <algorithm>
#include <array>

#include "rules/limit_warnings.h"
#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"per_minute", ParamKind::Int, Bound::AboveZero, "", false, "",
     "Entries within 60 seconds that start a cooldown; left out: any number.", Stricter::Lower},
    {"per_hour", ParamKind::Int, Bound::AboveZero, "", false, "",
     "Entries within 60 minutes that start a cooldown; left out: any number.", Stricter::Lower},
    {"per_session", ParamKind::Int, Bound::AboveZero, "", false, "",
     "Entries of the trading day that start a cooldown; left out: any number.", Stricter::Lower},
    {"cooldown.per_minute", ParamKind::Cooldown, Bound::AboveZero, "60s", false, "",
     "How long nothing may be opened after per_minute was reached.", Stricter::Higher},
    {"cooldown.per_hour", ParamKind::Cooldown, Bound::AboveZero, "30m", false, "",
     "How long nothing may be opened after per_hour was reached.", Stricter::Higher},
    {"cooldown.per_session", ParamKind::Cooldown, Bound::AboveZero, "until_reset", false, "",
     "How long nothing may be opened after per_session was reached.", Stricter::Higher},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of each limit at which a warning is given.", Stricter::Neutral},
};

struct Kind {
  EntryWindow window;
  Duration length;  // 0: the trading day
  std::string_view limit, cooldown;
};
constexpr std::array kKinds{
    Kind{EntryWindow::Minute, std::chrono::seconds{60}, "per_minute", "cooldown.per_minute"},
    Kind{EntryWindow::Hour, std::chrono::seconds{3600}, "per_hour", "cooldown.per_hour"},
    Kind{EntryWindow::Session, Duration{}, "per_session", "cooldown.per_session"},
};

struct Pause {
  BrokerTime end;
  std::int64_t count = 0;  // entries in the window when it was reached
};

// How far the entries of the day have been gone through: each is looked at once.
struct Progress {
  std::uint64_t revision = 0;  // DayActivity::revision()
  BrokerTime reset;
  std::size_t next = 0, oldest = 0;
  std::optional<Pause> pause;
};

struct Limited {
  EntryWindow window;
  Duration length;
  std::int64_t limit;
  Cooldown cooldown;
  LimitWarnings warnings;
  Progress progress{};
};

// The last pause that the entries started. What is entered during one starts no other, so that its end is known from
// its beginning on, and is the same whenever it is worked out.
std::optional<Pause> last_pause(const DayActivity& activity, Limited& limited, BrokerTime reset) {
  Progress& progress = limited.progress;
  if (progress.revision != activity.revision() || progress.reset != reset)
    progress = Progress{activity.revision(), reset, 0, 0, std::nullopt};
  const auto entries = activity.entries();
  for (std::size_t& i = progress.next; i < entries.size(); ++i) {
    const BrokerTime at = entries[i].at;
    while (limited.length > Duration{} && entries[progress.oldest].at <= at - limited.length) ++progress.oldest;
    const auto count = static_cast<std::int64_t>(i - progress.oldest + 1);
    if (count < limited.limit || (progress.pause && at < progress.pause->end)) continue;
    progress.pause = Pause{limited.cooldown.time ? at + *limited.cooldown.time : reset, count};
  }
  return progress.pause;
}

// The entries that are in the window now. Our clock may trail their stamps: a later one is in it.
std::span<const Entry> counted(std::span<const Entry> entries, const Limited& limited, BrokerTime now) {
  if (limited.length == Duration{}) return entries;
  const auto first = std::upper_bound(entries.begin(), entries.end(), now - limited.length,
                                      [](BrokerTime t, const Entry& entry) { return t < entry.at; });
  return {first, entries.end()};
}

// Orders that would open something go with the lock. A market order is over before a cancel could reach it.
Goal without_entry_orders(const AccountBook& book) {
  Goal goal;
  for (const Order& order : book.orders().all()) {
    if (order.type != OrderType::Market && !book.is_exit(order)) goal.orders_gone.push_back(order.id);
  }
  return goal;
}

class TradeFrequencyLimit final : public Rule {
 public:
  explicit TradeFrequencyLimit(const RuleConfig& config) {
    for (const Kind& kind : kKinds) {
      if (!config.has(kind.limit)) continue;
      limits_.push_back(Limited{kind.window, kind.length, config.get<std::int64_t>(kind.limit),
                                config.get<Cooldown>(kind.cooldown),
                                LimitWarnings{config.get<std::vector<std::int64_t>>("warn_at")}});
    }
  }

  [[nodiscard]] Listens listens() const override { return {.trades = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    now_ = input.now;
    const auto entries = input.book.activity().entries();
    for (Limited& limited : limits_) {
      const auto count = static_cast<std::int64_t>(counted(entries, limited, now_).size());
      limited.warnings.update(Measure{count}, Measure{limited.limit}, findings);
    }
    look_at_next_leaving(entries);
    report(input, findings);
  }

  // When the next entry leaves its window.
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const override { return leaves_; }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    RuleStatus most{"0", "0", -1};
    for (const Limited& limited : limits_) {
      const auto count = static_cast<std::int64_t>(counted(book.activity().entries(), limited, now_).size());
      const std::int64_t used = count * 100 / limited.limit;
      if (used > most.used_percent) most = {std::to_string(limited.limit), std::to_string(count), used};
    }
    return most;
  }

 private:
  void look_at_next_leaving(std::span<const Entry> entries) {
    leaves_.reset();
    for (const Limited& limited : limits_) {
      const auto in_window = counted(entries, limited, now_);
      if (limited.length == Duration{} || in_window.empty()) continue;
      const BrokerTime leaves = in_window.front().at + limited.length;
      leaves_ = leaves_ ? std::min(*leaves_, leaves) : leaves;
    }
  }

  // The longest pause first: a shorter one then adds no lock of its own.
  void report(const RuleInput& input, Findings& findings) {
    struct Running {
      const Limited* limited;
      Pause pause;
    };
    std::array<Running, kKinds.size()> running{};
    std::size_t count = 0;
    for (Limited& limited : limits_) {
      const auto pause = last_pause(input.book.activity(), limited, input.book.next_reset());
      if (pause && pause->end > input.now) running[count++] = Running{&limited, *pause};
    }
    std::stable_sort(running.begin(), running.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const Running& a, const Running& b) { return a.pause.end > b.pause.end; });
    if (count == 0) return;
    // Our clock may trail the stamps: whatever was entered when the lock was set lies before it, after a restart too.
    const BrokerTime since = std::max(input.now, input.book.activity().entries().back().at);
    for (const auto& [limited, pause] : std::span{running}.first(count)) {
      const Reason reason = EntriesAtLimit{limited->window, pause.count, limited->limit};
      findings.violate(reason, without_entry_orders(input.book),
                       account_lock(input.book, findings.rule, reason, since, UntilTime{pause.end}, LockKind::Entry));
    }
  }

  std::vector<Limited> limits_;
  BrokerTime now_;
  std::optional<BrokerTime> leaves_;
};

std::optional<ParamProblem> check(const RuleConfig& config) {
  const bool any = std::any_of(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return config.has(k.limit); });
  if (any) return std::nullopt;
  return ParamProblem{{}, "found no limit, allowed at least one of per_minute, per_hour and per_session"};
}

// By the limit that is reached first when nothing else happens meanwhile: the lowest.
BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  std::optional<std::int64_t> lowest;
  for (const Kind& kind : kKinds) {
    if (!config.has(kind.limit)) continue;
    const auto limit = config.get<std::int64_t>(kind.limit);
    lowest = std::min(lowest.value_or(limit), limit);
  }
  if (!lowest) return std::unexpected{"no limit is given"};
  Breach breach{ground.any()};
  breach.leave_an_order();
  if (*lowest > 1) breach.then(Breach::RoundTrips{*lowest - 1});
  return breach.enter(Side::Buy, 1)
      .follows<EntriesAtLimit>(Breach::Action::Cancel, Breach::SetsLock{LockKind::Entry});
}

}  // namespace

const RuleSpec& spec_trade_frequency_limit() {
  static const RuleSpec spec{"trade_frequency_limit",
                             "Limits how often a position is opened or increased; too many entries are followed by a "
                             "pause in which nothing can be opened.",
                             kParams,
                             make_rule<TradeFrequencyLimit>,
                             breach,
                             Prepare::Nothing,
                             check};
  return spec;
}

}  // namespace rm
