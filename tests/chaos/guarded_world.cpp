#include "chaos/guarded_world.h"

#include <algorithm>
#include <stdexcept>

#include "config/trading_day_table.h"
#include "observe/log.h"
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

constexpr Duration kMayHaveChanged = 4s;  // the longest lag of a read, and the two that verify
constexpr int kSameInstant = 4000;        // more steps than this at one instant: something spins

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error{result.error().message};
  return std::move(*result);
}

std::string_view rule_name(std::string_view name) {
  const RuleSpec* spec = find_rule(name);
  return spec ? spec->name : std::string_view{};
}

Price price_of(std::string_view text) {
  return Price::parse(text).value();
}

}  // namespace

std::filesystem::path in_memory() {
  std::error_code ignored;
  const std::filesystem::path memory = "/dev/shm";
  return std::filesystem::is_directory(memory, ignored) ? memory : std::filesystem::temp_directory_path();
}

Surroundings::Surroundings() {
  LogOptions options;
  options.dir = dir.path();
  options.level = options.stderr_level = Level::Off;
  log = must(Log::open(options));
  NotifierOptions notices;
  notices.dir = dir.path();
  notifier = must(Notifier::open(std::move(notices)));
}

Surroundings::~Surroundings() = default;

GuardedWorld::GuardedWorld(Surroundings& surroundings, WorldOptions options)
    : broker{contracts}, now{options.begin}, surroundings_{surroundings}, options_{std::move(options)} {
  rules_ = rules_from(options_.rules, now);
  calendar_ = TradingCalendar{must(trading_day_resets("America/Chicago", 17h, now - 240h, now + 240h))};
  std::map<ContractId, Costs> costs;
  const auto trade = [&](std::string_view id, std::string_view name, std::string_view value, std::string_view fee,
                         std::string_view last, std::string_view tick = "0.25") {
    traded.push_back(contracts.learn(id, name, price_of(tick).nanos(), Money::parse(value).value(), true));
    costs[traded.back()] = Costs{Money::parse(fee).value(), Money::parse("0.25").value()};
    for (const AccountId account : options_.accounts) broker.account(account).set_last(traded.back(), price_of(last));
  };
  for (const AccountId account : options_.accounts) broker.add_account(account);
  trade("CON.F.US.MNQ.U26", "MNQU6", "0.5", "0.36", "21000");
  trade("CON.F.US.ENQ.U26", "NQU6", "5", "1.40", "21000");
  trade("CON.F.US.EP.U26", "ESU6", "12.5", "1.40", "6300");
  trade("CON.F.US.RTY.U26", "RTYU6", "5", "1.40", "2200", "0.1");
  for (const AccountId account : options_.accounts) broker.account(account).costs = costs;
  broker.stream_up = false;
}

GuardedWorld::~GuardedWorld() = default;

// ── the risk manager ──

void GuardedWorld::start() {
  StoreOptions options;
  options.segment_bytes = std::size_t{64} << 10;
  store_ = must(Store::open(dir_.path(), contracts, rule_name, options));
  const Recovered& recovered = store_->recovered();
  first_request_ = recovered.next_request;
  recorder_ = std::make_unique<Recorder>(*store_, surroundings_.metrics, *surroundings_.notifier, contracts,
                                         [this] { return now.nanos(); });
  recorder_->set_recovered_days(recovered.days);
  Guardian::Settings settings;
  settings.next_enforcement = recovered.next_enforcement;
  settings.next_request = recovered.next_request;
  guardian_ = std::make_unique<Guardian>(contracts, calendar_, broker, *recorder_, settings);
  recorder_->set_book(guardian_->book());
  for (const AccountId account : options_.accounts) guardian_->watch(account, rules_, options_.pace, now);
  restore(recovered);
}

// As System does it.
void GuardedWorld::restore(const Recovered& recovered) {
  for (const Lock& lock : recovered.locks) guardian_->restore(lock);
  for (const auto& [account, rule, clock] : recovered.clocks) guardian_->restore_clock(account, rule, clock);
  owed_.clear();
  for (const OpenEnforcement& open : recovered.enforcements) {
    owed_.push_back(open.decision.id);
    if (forgets_enforcements) continue;
    UnfinishedEnforcement unfinished{open.decision.id, open.decision.account, open.decision.goal, {}, {},
                                     open.decision.at};
    for (const Violation& violation : open.decision.violations) {
      unfinished.rules.push_back(violation.rule);
      unfinished.reasons.push_back(violation.reason);
    }
    broker.now = now;
    guardian_->resume(unfinished, now);
  }
}

std::vector<std::string> GuardedWorld::forgotten() const {
  std::vector<std::string> all;
  for (const EnforcementId id : owed_) {
    if (recorder_ &&
        std::ranges::none_of(recorder_->receipts(), [&](const Receipt& r) { return r.enforcement == id; }))
      all.push_back("FORGOTTEN: enforcement " + std::to_string(id.value()) + ", unfinished at the last start");
  }
  return all;
}

void GuardedWorld::kill(Lost lost) {
  broker.stream_up = false;
  broker.hang_up();
  guardian_.reset();
  recorder_.reset();
  store_.reset();
  if (lost == Lost::Nothing) return;
  for (const char* file : {"risk-manager.db", "risk-manager.db-wal", "risk-manager.db-shm"})
    std::filesystem::remove(dir_.path() / file);
}

void GuardedWorld::connect() {
  broker.stream_up = true;
  broker.now = now;
  guardian_->on_user_stream(true, Generation{++generation_}, now);
}

void GuardedWorld::disconnect() {
  broker.stream_up = false;
  broker.hang_up();
  broker.now = now;
  guardian_->on_user_stream(false, Generation{generation_}, now);
}

bool GuardedWorld::enforcing(AccountId account) const {
  const AccountSaga* saga = guardian_->executor().find(account);
  return saga && saga->busy();
}

std::uint32_t GuardedWorld::incidents(AccountId account) const {
  return guardian_ ? guardian_->engine().find(account)->incidents() : 0;
}

bool GuardedWorld::locked(AccountId account) const {
  return guardian_ && book(account).locks().account_hard_lock() != nullptr;
}

bool GuardedWorld::locked_by(AccountId account, std::string_view rule) const {
  return guardian_ &&
         std::ranges::any_of(book(account).locks().all(), [&](const Lock& lock) { return lock.rule == rule; });
}

bool GuardedWorld::locked_until_reset(AccountId account) const {
  if (!locked(account)) return false;
  const auto* end = std::get_if<UntilTime>(&book(account).locks().account_hard_lock()->until);
  return end && end->time == book(account).next_reset();
}

// ── the world ──

void GuardedWorld::trader(AccountId account, const std::function<void(FakeAccount&, FakeAccount::Told&)>& what) {
  const std::size_t before = broker.account(account).trade_count();
  const bool quiet = !guardian_ || !enforcing(account);
  broker.now = now;
  broker.act(account, now, what);
  if (broker.account(account).trade_count() != before) fills_.push_back({account, now, quiet});
  touched_[account] = now;
  deliver_due();
}

void GuardedWorld::market(ContractId contract, Price last, bool told) {
  broker.now = now;
  if (guardian_ && told) {
    guardian_->enqueue(RiskEvent{QuoteUpdated{contract, last, std::nullopt, std::nullopt}, now, now.nanos(), 0});
    guardian_->drain(now);
  }
  for (const AccountId account : options_.accounts) {
    trader(account,
           [&](FakeAccount& at_broker, FakeAccount::Told& said) { at_broker.trade_at(contract, last, now, said); });
  }
}

void GuardedWorld::deliver_due() {
  broker.now = now;
  while (const auto said = broker.advance(now)) {
    if (!guardian_) continue;
    if (const auto* event = std::get_if<RiskEventBody>(&*said)) {
      guardian_->enqueue(RiskEvent{*event, now, now.nanos(), 0});
      guardian_->drain(now);
    } else if (BrokerReply reply = std::get<BrokerReply>(*said); reply.id >= first_request_) {
      if (forged) forged(reply);
      on_reply(reply);
    }
  }
}

// What is called done has to be done, unless it was undone a moment ago.
void GuardedWorld::on_reply(const BrokerReply& reply) {
  const AccountSaga* saga = guardian_->executor().find(reply.account);
  const Goal goal = saga && saga->busy() ? saga->goal() : Goal{};
  guardian_->on_reply(reply, now);
  if (goal.empty() || saga->busy() || now - touched_[reply.account] < kMayHaveChanged) return;
  if (!holds(goal, broker.account(reply.account)))
    complaints_.push_back("account " + std::to_string(reply.account.value()) + ": CALLED DONE, and it is not, at " +
                          format_timestamp(now));
}

bool GuardedWorld::holds(const Goal& goal, const FakeAccount& account) const {
  if (goal.account_flat) return account.flat();
  const auto orders = account.working_orders();
  const bool sizes = std::ranges::all_of(goal.contracts, [&](const ContractGoal& contract) {
    const bool swept =
        std::ranges::none_of(orders, [&](const Order& order) { return order.contract == contract.contract; });
    return account.held(contract.contract).magnitude() <= contract.at_most && (swept || !contract.at_most.is_zero());
  });
  return sizes && std::ranges::none_of(orders, [&](const Order& order) {
           return std::ranges::find(goal.orders_gone, order.id) != goal.orders_gone.end();
         });
}

std::optional<BrokerTime> GuardedWorld::quiet_fill_before(AccountId account, BrokerTime at) const {
  std::optional<BrokerTime> last;
  for (const Fill& fill : fills_) {
    if (fill.account == account && fill.at <= at) last = fill.quiet ? std::optional{fill.at} : std::nullopt;
  }
  return last;
}

void GuardedWorld::pass(Duration duration) {
  const BrokerTime end = now + duration;
  BrokerTime instant;
  int steps = 0;
  for (;;) {
    deliver_due();
    auto next = guardian_ ? guardian_->next_deadline() : std::nullopt;
    if (const auto due = broker.next_due(); due && (!next || *due < *next)) next = due;
    if (!next || *next > end) break;
    if (std::exchange(instant, std::max(*next, now)) != instant) steps = 0;
    if (++steps > kSameInstant) {
      complaints_.push_back("a deadline does not move on at " + format_timestamp(now));
      break;
    }
    now = std::max(now, *next);
    deliver_due();
    if (guardian_) guardian_->on_deadline(now);
  }
  now = std::max(now, end);
}

}  // namespace rm::test
