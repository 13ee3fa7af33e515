#include "replay/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "config/load.h"
#include "config/trading_day_table.h"
#include "config/zone.h"
#include "replay/carried_over.h"
#include "replay/engine_settings.h"
#include "replay/journal_reader.h"
#include "replay/open_decisions.h"
#include "store/codec.h"
#include "store/quote_batch.h"

namespace rm {
namespace {

std::string_view rule_name(std::string_view name) {
  const RuleSpec* spec = find_rule(name);
  return spec ? spec->name : std::string_view{};
}

// What calendars can be made around.
BrokerTime possible(BrokerTime time) {
  return std::clamp(time, BrokerTime{}, BrokerTime::from_seconds(Zone::kEndSecond - 1));
}

bool whole(const RiskEvent& event) {
  const auto* taken = std::get_if<SnapshotTaken>(&event.body);
  return !taken || taken->snapshot;
}

// As wide as the daemon's: what lies outside of it counts for neither.
Result<TradingCalendar> calendar_of(const TradingDayConfig& day, BrokerTime at) {
  constexpr Duration kReach = std::chrono::hours{24 * 3653};
  const auto last = BrokerTime::from_seconds(Zone::kEndSecond - 1);
  auto resets =
      trading_day_resets(day.timezone, day.reset, std::max(at - kReach, BrokerTime{}), std::min(at + kReach, last));
  if (!resets) return std::unexpected{resets.error()};
  return TradingCalendar{std::move(*resets)};
}

// The engine's words, kept for the step and handed on.
class Heard final : public EngineListener {
 public:
  void on_decision(const Decision& decision) override {
    decisions.push_back(decision);
    if (also) also->on_decision(decision);
  }
  void on_warning(AccountId account, const Warning& warning, BrokerTime now) override {
    if (also) also->on_warning(account, warning, now);
  }
  void on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) override {
    if (also) also->on_tightening(account, tightening, now);
  }
  void on_clocks(AccountId account, const RuleClocks& clocks) override {
    if (also) also->on_clocks(account, clocks);
  }
  void on_lock_ended(const Lock& lock, BrokerTime now) override {
    if (also) also->on_lock_ended(lock, now);
  }
  void on_alarm(const ValuationAlarm& alarm, BrokerTime now) override {
    if (also) also->on_alarm(alarm, now);
  }
  std::vector<Decision> decisions;
  EngineListener* also = nullptr;
};

// One run of the program: everything that a start makes anew.
struct Run {
  ContractTable contracts;
  std::vector<ContractId> by_number;
  RunStart start;
  Config config;
  TradingCalendar calendar;
  std::optional<Book> book;
  std::optional<RiskEngine> engine;  // empty: it has not started yet
};

}  // namespace

struct Replay::Impl {
  Impl(JournalReader from, std::optional<Config> instead) : reader{std::move(from)}, other{std::move(instead)} {}

  JournalReader reader;
  std::optional<Config> other;
  Heard heard;
  std::unique_ptr<Run> run;
  ReplayStep current;
  RiskEvent event;
  std::optional<Decision> recorded;
  std::optional<Receipt> receipt;
  std::vector<RiskEvent> quotes;
  std::size_t next_quote = 0;
  QuotePrices prices;
  OpenDecisions open;
  std::optional<CarriedOver> carried;  // with another configuration, from the run before
  std::uint64_t events = 0, runs = 0;
  bool old_events = false;
  Before before;

  [[nodiscard]] bool running() const { return run && run->engine; }

  Result<const ReplayStep*> step();
  Result<bool> take(const JournalRecord& record);  // true: it makes a step
  Result<void> begin_run(const JournalRecord& record);
  Result<void> learn_contract(const JournalRecord& record);
  Result<void> start_run(const JournalRecord& record);
  Result<void> change_rules(const JournalRecord& record);
  Result<void> take_quotes(const JournalRecord& record);
  Result<Config> config_of(const std::vector<std::string>& yaml, BrokerTime at) const;
  const ReplayStep* feed(const RiskEvent& seen);

  template <class T>
  Result<T> read(const JournalRecord& record) const {
    auto value = decode<T>(record.payload, run->contracts, rule_name);
    if (!value) return unreadable(record);
    return value;
  }
  static std::unexpected<Error> unreadable(const JournalRecord& record) {
    return fail(ErrorCode::Malformed, fmt::format("record {} of the journal ({}) cannot be read by this version ({})",
                                                  record.sequence, name_of(record.type), RM_VERSION));
  }
};

Result<const ReplayStep*> Replay::Impl::step() {
  heard.decisions.clear();
  while (true) {
    if (next_quote < quotes.size()) return feed(quotes[next_quote++]);
    const auto next = reader.next();
    if (!next) return std::unexpected{next.error()};
    if (*next == nullptr) break;
    const JournalRecord& record = **next;
    if (before.first == 0) before.first = record.sequence;
    current = ReplayStep{};
    current.record = record;
    const auto made = take(record);
    if (!made) return std::unexpected{made.error()};
    if (*made) return &current;
  }
  if (runs > 0) return nullptr;
  return fail(ErrorCode::Refused,
              old_events
                  ? "the journal cannot be replayed: it was recorded by an older version, which did not record "
                    "prices, rules and the passing of time"
                  : "the journal cannot be replayed: no start of the daemon is in it, its beginning has been "
                    "removed (journal.keep_mb says how much is kept)");
}

Result<bool> Replay::Impl::take(const JournalRecord& record) {
  const auto outcome = [](Result<void> result, bool makes_a_step) -> Result<bool> {
    if (!result) return std::unexpected{result.error()};
    return makes_a_step;
  };
  if (record.version > version_of(record.type))
    return fail(ErrorCode::Refused, fmt::format("record {} of the journal was written by a newer version than this "
                                                "one ({})",
                                                record.sequence, RM_VERSION));
  if (record.type == RecordType::RunBegins) return outcome(begin_run(record), false);
  if (run && record.type == RecordType::Contract) return outcome(learn_contract(record), false);
  if (run && record.type == RecordType::RunStart) return outcome(start_run(record), true);
  if (!running()) {
    before.records += runs == 0 ? 1 : 0;
    old_events |= record.type == RecordType::Event && record.version < version_of(record.type);
    return false;
  }
  switch (record.type) {
    case RecordType::Event: {
      if (record.version < version_of(RecordType::Event)) return unreadable(record);
      auto read_event = decode_event(record, run->contracts, rule_name);
      if (!read_event || !whole(*read_event)) return unreadable(record);
      event = std::move(*read_event);
      feed(event);
      return true;
    }
    case RecordType::Quotes:
      return outcome(take_quotes(record), false);
    case RecordType::RulesChanged:
      current.kind = ReplayStep::Kind::RulesChanged;
      return outcome(change_rules(record), true);
    case RecordType::Decision: {
      auto decision = read<Decision>(record);
      if (!decision) return std::unexpected{decision.error()};
      recorded = std::move(*decision);
      current.kind = ReplayStep::Kind::Decision;
      current.recorded = &*recorded;
      if (other) open.on_recorded(*recorded);
      return true;
    }
    case RecordType::Receipt: {
      auto over = read<Receipt>(record);
      if (!over) return std::unexpected{over.error()};
      receipt = std::move(*over);
      current.kind = ReplayStep::Kind::Receipt;
      current.receipt = &*receipt;
      if (!other) {
        run->engine->on_finished(receipt->account, receipt->enforcement);
      } else if (const auto id = open.on_receipt(receipt->enforcement)) {
        run->engine->on_finished(receipt->account, *id);
      }
      return true;
    }
    default:
      current.kind = ReplayStep::Kind::Other;
      return true;
  }
}

Result<void> Replay::Impl::begin_run(const JournalRecord& record) {
  ContractTable unused;
  const auto begins = decode<RunBegins>(record.payload, unused, rule_name);
  if (!begins) return unreadable(record);
  auto fresh = std::make_unique<Run>();
  fresh->start.version = begins->version;
  if (other && running()) carried.emplace(*run->book, *run->engine, run->contracts);
  run = std::move(fresh);
  return {};
}

Result<void> Replay::Impl::learn_contract(const JournalRecord& record) {
  const auto known = read<ContractKnown>(record);
  if (!known || known->number > run->by_number.size()) return unreadable(record);
  const ContractId id = known->name.empty()
                            ? run->contracts.intern(known->broker_id)
                            : run->contracts.learn(known->broker_id, known->name, known->tick_size_nanos,
                                                   known->tick_value, known->active);
  if (known->number == run->by_number.size()) run->by_number.push_back(id);
  run->by_number[known->number] = id;
  return {};
}

Result<Config> Replay::Impl::config_of(const std::vector<std::string>& yaml, BrokerTime at) const {
  if (other) return *other;
  auto config = load_config_text(joined(yaml), "the recorded configuration", {}, rule_registry(), at);
  if (!config)
    return fail(ErrorCode::Refused,
                fmt::format("the journal was recorded by version {}, with a configuration that this version ({}) "
                            "does not understand: {}",
                            run->start.version, RM_VERSION, config.error().front().text()));
  return std::move(*config);
}

Result<void> Replay::Impl::start_run(const JournalRecord& record) {
  auto start = read<RunStart>(record);
  if (!start || running()) return unreadable(record);
  start->computer_time = possible(start->computer_time);
  auto config = config_of(start->yaml, start->computer_time);
  if (!config) return std::unexpected{config.error()};
  auto calendar = calendar_of(config->trading_day, start->computer_time);
  if (!calendar) return std::unexpected{calendar.error()};
  run->start = std::move(*start);
  run->config = std::move(*config);
  run->calendar = std::move(*calendar);
  run->book.emplace(run->contracts, run->calendar, mark_of(run->config.valuation.mark));
  run->engine.emplace(*run->book, heard, run->config.valuation.stale_after, run->start.next_enforcement,
                      policy_of(run->config.on_blind));
  for (const WatchedAccount& watched : run->start.accounts) {
    run->book->add_account(watched.account);
    run->engine->guard(watched.account, run->config.rules_for(watched.account, watched.name));
  }
  open.clear();
  if (carried) carried->put_into(run->start, run->contracts);
  for (const Lock& lock : run->start.locks) run->engine->restore(lock);
  for (const ClockRow& row : run->start.clocks) (void)run->engine->restore_clock(row.account, row.rule, row.clock);
  for (const ResumedEnforcement& resumed : run->start.resumed) {
    run->engine->resume(resumed.account, resumed.id, resumed.goal);
    open.on_resumed(resumed.id);
  }
  ++runs;
  current.kind = ReplayStep::Kind::RunStarted;
  return {};
}

Result<void> Replay::Impl::change_rules(const JournalRecord& record) {
  const auto change = read<RulesChanged>(record);
  if (!change) return unreadable(record);
  if (other) return {};  // it holds all along
  auto config = config_of(change->yaml, possible(change->computer_time));
  if (!config) return std::unexpected{config.error()};
  run->config = std::move(*config);
  for (const AccountId account : change->accounts) {
    const auto watched = std::ranges::find(run->start.accounts, account, &WatchedAccount::account);
    if (watched == run->start.accounts.end()) return unreadable(record);
    run->engine->replace_rules(account, run->config.rules_for(account, watched->name));
  }
  return {};
}

Result<void> Replay::Impl::take_quotes(const JournalRecord& record) {
  quotes.clear();
  next_quote = 0;
  const auto taken = read_quotes(record.payload, run->by_number.size(), prices, quotes);
  if (!taken) return unreadable(record);
  for (RiskEvent& quote : quotes) {
    ContractId& contract = std::get<QuoteUpdated>(quote.body).contract;
    contract = run->by_number[contract.value()];
  }
  return {};
}

// As the bus delivers: a handler that fails or throws does not keep the event from the other.
const ReplayStep* Replay::Impl::feed(const RiskEvent& seen) {
  ++events;
  current.kind = ReplayStep::Kind::Event;
  current.event = &seen;
  for (EventHandler* handler : {static_cast<EventHandler*>(&*run->book), static_cast<EventHandler*>(&*run->engine)}) {
    try {
      (void)handler->on_event(seen);
    } catch (const std::exception&) {  // the bus counts it and goes on
    }
  }
  current.replayed = heard.decisions;
  if (other) {
    if (is_critical(seen.body)) open.finish_reached(*run->book, *run->engine);
    open.on_replayed(heard.decisions);
  }
  return &current;
}

Result<std::unique_ptr<Replay>> Replay::open(const std::filesystem::path& journal, std::optional<Config> other) {
  auto reader = JournalReader::open(journal);
  if (!reader) return std::unexpected{reader.error()};
  return std::unique_ptr<Replay>{new Replay{std::make_unique<Impl>(std::move(*reader), std::move(other))}};
}

Replay::Replay(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Replay::~Replay() = default;

Result<const ReplayStep*> Replay::step() {
  return impl_->step();
}
const Book& Replay::book() const {
  return *impl_->run->book;
}
const RiskEngine& Replay::engine() const {
  return *impl_->run->engine;
}
ContractTable& Replay::contracts() {
  return impl_->run->contracts;
}
const RunStart& Replay::run() const {
  return impl_->run->start;
}
const Config& Replay::config() const {
  return impl_->run->config;
}
void Replay::listen(EngineListener& listener) {
  impl_->heard.also = &listener;
}
std::uint64_t Replay::events() const {
  return impl_->events;
}
std::uint64_t Replay::runs() const {
  return impl_->runs;
}
const Replay::Before& Replay::before() const {
  return impl_->before;
}

}  // namespace rm
