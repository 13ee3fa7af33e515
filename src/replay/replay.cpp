#include "replay/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

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

// One login from its start on.
struct Run {
  std::string login;  // empty: the only one
  RunStart start;
  Config config;
  TradingCalendar calendar;
  std::optional<Book> book;
  std::optional<RiskEngine> engine;  // empty: it has not started yet
};

// One run of the program: everything that its start makes anew.
struct Program {
  ContractTable contracts;  // of all logins, as in the daemon
  std::vector<ContractId> by_number;
  EnforcementIds ids{EnforcementId{1}};
  std::map<std::uint32_t, Run> logins;
  bool running = false;  // one of them has started

  [[nodiscard]] Run* with(AccountId account) {
    for (auto& [number, run] : logins) {
      if (run.engine && run.book->find(account)) return &run;
    }
    return nullptr;
  }
};

Result<bool> outcome(Result<void> result, bool makes_a_step) {
  if (!result) return std::unexpected{result.error()};
  return makes_a_step;
}

}  // namespace

namespace {

// As the bus delivers: a handler that fails or throws does not keep the event from the other.
bool delivered(EventHandler& handler, const RiskEvent& event) {
  try {
    return handler.on_event(event).has_value();
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

struct Replay::Impl {
  Impl(JournalReader from, std::optional<Config> instead) : reader{std::move(from)}, other{std::move(instead)} {}

  JournalReader reader;
  std::optional<Config> other;
  Heard heard;
  std::shared_ptr<Program> program;
  std::optional<RunBegins> begun;  // the next record says of which login
  Run* run = nullptr;              // whose turn it is; null: its beginning is not in the journal
  ReplayStep current;
  // Of the step; the program may begin again behind it.
  std::shared_ptr<Program> shown_program;
  Run* shown = nullptr;
  Run* looked_at = nullptr;  // in place of it
  RiskEvent event;
  std::optional<Decision> recorded;
  std::optional<Receipt> receipt;
  std::vector<RiskEvent> quotes;
  std::size_t next_quote = 0;
  QuotePrices prices;
  OpenDecisions open;
  CarriedOver carried;  // with another configuration, from the runs before
  std::uint64_t events = 0, runs = 0;
  bool old_events = false;
  Before before;

  [[nodiscard]] bool running() const { return run && run->engine; }
  [[nodiscard]] Run& meant() const { return looked_at ? *looked_at : *shown; }
  void show(Run& of);

  Result<const ReplayStep*> step();
  Result<bool> take(const JournalRecord& record);  // true: it makes a step
  Result<bool> take_step(const JournalRecord& record);
  [[nodiscard]] bool cannot_be_judged(const JournalRecord& record) const;
  void pass_over(const JournalRecord& record);
  Result<void> begin_run(const JournalRecord& record);
  Result<void> take_turn(const JournalRecord& record);
  [[nodiscard]] bool begin_login(const LoginTurn& of);
  void number_from(EnforcementId next);
  Result<bool> take_decision(const JournalRecord& record);
  Result<bool> take_receipt(const JournalRecord& record);
  Result<void> learn_contract(const JournalRecord& record);
  Result<void> start_run(const JournalRecord& record);
  Result<void> change_rules(const JournalRecord& record);
  Result<void> take_quotes(const JournalRecord& record);
  Result<Config> config_of(const std::vector<std::string>& yaml, BrokerTime at) const;
  const ReplayStep* feed(const RiskEvent& seen);

  template <class T>
  Result<T> read(const JournalRecord& record) const {
    auto value = decode<T>(record.payload, program->contracts, rule_name);
    if (!value) return unreadable(record);
    return value;
  }
  static std::unexpected<Error> unreadable(const JournalRecord& record) {
    return fail(ErrorCode::Malformed, fmt::format("record {} of the journal ({}) cannot be read by this version ({})",
                                                  record.sequence, name_of(record.type), RM_VERSION));
  }
};

void Replay::Impl::show(Run& of) {
  if (shown_program != program) shown_program = program;
  shown = &of;
  current.login = of.login;
}

Result<const ReplayStep*> Replay::Impl::step() {
  heard.decisions.clear();
  looked_at = nullptr;
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
  if (record.version > version_of(record.type))
    return fail(ErrorCode::Refused, fmt::format("record {} of the journal was written by a newer version than this "
                                                "one ({})",
                                                record.sequence, RM_VERSION));
  if (record.type == RecordType::RunBegins) return outcome(begin_run(record), false);
  if (record.type == RecordType::LoginTurn) return outcome(take_turn(record), false);
  if (begun && !begin_login({.program_begins = true, .login = 0, .name = {}})) return unreadable(record);
  if (program && record.type == RecordType::Contract) return outcome(learn_contract(record), false);
  if (run && record.type == RecordType::RunStart) return outcome(start_run(record), true);
  if (cannot_be_judged(record)) {
    pass_over(record);
    return false;
  }
  if (!program->running) return false;
  return take_step(record);
}

bool Replay::Impl::cannot_be_judged(const JournalRecord& record) const {
  if (runs == 0) return true;
  switch (record.type) {
    case RecordType::Event:
    case RecordType::Quotes:
    case RecordType::RulesChanged:
    case RecordType::Decision:
      return !running();
    default:
      return false;
  }
}

// The beginning of its login is not in the journal. The logins that are replayed number their decisions behind its
// own.
void Replay::Impl::pass_over(const JournalRecord& record) {
  ++before.records;
  old_events |= record.type == RecordType::Event && record.version < version_of(record.type);
  if (!program || record.type != RecordType::Decision) return;
  if (const auto decision = read<Decision>(record); decision && program->ids.next() <= decision->id)
    program->ids = EnforcementIds{EnforcementId{decision->id.value() + 1}};
}

Result<bool> Replay::Impl::take_step(const JournalRecord& record) {
  switch (record.type) {
    case RecordType::Event: {
      if (record.version < version_of(RecordType::Event)) return unreadable(record);
      auto read_event = decode_event(record, program->contracts, rule_name);
      if (!read_event || !whole(*read_event)) return unreadable(record);
      event = std::move(*read_event);
      feed(event);
      return true;
    }
    case RecordType::Quotes:
      return outcome(take_quotes(record), false);
    case RecordType::RulesChanged:
      current.kind = ReplayStep::Kind::RulesChanged;
      show(*run);
      return outcome(change_rules(record), true);
    case RecordType::Decision:
      return take_decision(record);
    case RecordType::Receipt:
      return take_receipt(record);
    default:
      current.kind = ReplayStep::Kind::Other;
      return true;
  }
}

Result<bool> Replay::Impl::take_decision(const JournalRecord& record) {
  auto decision = read<Decision>(record);
  if (!decision) return std::unexpected{decision.error()};
  recorded = std::move(*decision);
  show(*run);
  current.kind = ReplayStep::Kind::Decision;
  current.recorded = &*recorded;
  if (other) open.on_recorded(*recorded);
  return true;
}

// An enforcement can be over in the turn of another login: no event of its own has to come before.
Result<bool> Replay::Impl::take_receipt(const JournalRecord& record) {
  auto over = read<Receipt>(record);
  if (!over) return std::unexpected{over.error()};
  receipt = std::move(*over);
  current.kind = ReplayStep::Kind::Receipt;
  current.receipt = &*receipt;
  Run* of = program->with(receipt->account);
  if (!of) return true;
  show(*of);
  if (!other) {
    of->engine->on_finished(receipt->account, receipt->enforcement);
  } else if (const auto id = open.on_receipt(receipt->enforcement)) {
    of->engine->on_finished(receipt->account, *id);
  }
  return true;
}

Result<void> Replay::Impl::begin_run(const JournalRecord& record) {
  ContractTable unused;
  auto begins = decode<RunBegins>(record.payload, unused, rule_name);
  if (!begins) return unreadable(record);
  begun = std::move(*begins);
  return {};
}

Result<void> Replay::Impl::take_turn(const JournalRecord& record) {
  ContractTable unused;
  const auto of = decode<LoginTurn>(record.payload, unused, rule_name);
  if (!of) return unreadable(record);
  if (begun) {
    if (!begin_login(*of)) return unreadable(record);
    return {};
  }
  run = nullptr;
  if (!program) return {};
  const auto found = program->logins.find(of->login);
  if (found != program->logins.end()) run = &found->second;
  return {};
}

// A login that comes up later finds its program, unless the beginning of that is not in the journal any more. False:
// it has begun already.
bool Replay::Impl::begin_login(const LoginTurn& of) {
  if (of.program_begins || !program) {
    if (other && program) {
      for (const auto& [number, gone] : program->logins) {
        if (gone.engine) carried.keep(*gone.book, *gone.engine, program->contracts);
      }
    }
    program = std::make_shared<Program>();
  }
  const auto [place, fresh] = program->logins.try_emplace(of.login);
  run = &place->second;
  run->login = of.name;
  run->start.version = std::exchange(begun, std::nullopt)->version;
  return fresh;
}

// With another configuration the logins before it may have had more decisions than were recorded.
void Replay::Impl::number_from(EnforcementId next) {
  if (!program->running || program->ids.next() < next) program->ids = EnforcementIds{next};
}

Result<void> Replay::Impl::learn_contract(const JournalRecord& record) {
  const auto known = read<ContractKnown>(record);
  if (!known || known->number > program->by_number.size()) return unreadable(record);
  const ContractId id = known->name.empty()
                            ? program->contracts.intern(known->broker_id)
                            : program->contracts.learn(known->broker_id, known->name, known->tick_size_nanos,
                                                       known->tick_value, known->active);
  if (known->number == program->by_number.size()) program->by_number.push_back(id);
  program->by_number[known->number] = id;
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
  run->book.emplace(program->contracts, run->calendar, mark_of(run->config.valuation.mark));
  number_from(run->start.next_enforcement);
  run->engine.emplace(*run->book, heard, run->config.valuation.stale_after, program->ids,
                      policy_of(run->config.on_blind));
  for (const WatchedAccount& watched : run->start.accounts) {
    run->book->add_account(watched.account);
    run->engine->guard(watched.account, run->config.rules_for(watched.account, watched.name));
  }
  if (!program->running) open.clear();
  carried.put_into(run->start, program->contracts);
  for (const Lock& lock : run->start.locks) run->engine->restore(lock);
  for (const ClockRow& row : run->start.clocks) (void)run->engine->restore_clock(row.account, row.rule, row.clock);
  for (const ResumedEnforcement& resumed : run->start.resumed) {
    run->engine->resume(resumed.account, resumed.id, resumed.goal);
    open.on_resumed(resumed.id);
  }
  current.kind = ReplayStep::Kind::RunStarted;
  current.program_started = !std::exchange(program->running, true);
  if (current.program_started) ++runs;
  show(*run);
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
  const auto taken = read_quotes(record.payload, program->by_number.size(), prices, quotes);
  if (!taken) return unreadable(record);
  for (RiskEvent& quote : quotes) {
    ContractId& contract = std::get<QuoteUpdated>(quote.body).contract;
    contract = program->by_number[contract.value()];
  }
  return {};
}

const ReplayStep* Replay::Impl::feed(const RiskEvent& seen) {
  ++events;
  show(*run);
  current.kind = ReplayStep::Kind::Event;
  current.event = &seen;
  for (EventHandler* handler : {static_cast<EventHandler*>(&*run->book), static_cast<EventHandler*>(&*run->engine)}) {
    [[maybe_unused]] const bool taken = delivered(*handler, seen);
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
  return *impl_->meant().book;
}
const RiskEngine& Replay::engine() const {
  return *impl_->meant().engine;
}
ContractTable& Replay::contracts() {
  return impl_->shown_program->contracts;
}
const RunStart& Replay::run() const {
  return impl_->meant().start;
}
const Config& Replay::config() const {
  return impl_->meant().config;
}
std::vector<AccountId> Replay::accounts() const {
  std::vector<AccountId> all;
  for (const auto& [number, run] : impl_->shown_program->logins) {
    for (const WatchedAccount& watched : run.start.accounts) all.push_back(watched.account);
  }
  return all;
}
bool Replay::look_at(AccountId account) {
  Run* found = impl_->shown_program->with(account);
  if (found) impl_->looked_at = found;
  return found != nullptr;
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
