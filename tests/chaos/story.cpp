#include "chaos/story.h"

#include <algorithm>

#include "support/desk.h"
#include "support/desk_words.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSymbols[] = {"MNQ", "NQ", "ES", "RTY"};  // in the order of GuardedWorld::traded
constexpr const char* kFirstPrices[] = {"21000", "21000", "6300", "2200"};
constexpr Duration kGenerousWait = 4min;  // longer than any pause of the reconciler, and all retries of an exit

std::vector<AccountId> draw_accounts(Dice& dice) {
  std::vector<AccountId> accounts;
  for (int i = dice.between(1, 3); i > 0; --i) accounts.push_back(AccountId{26'001'230 + i});
  return accounts;
}

std::string symbol_of(const ContractTable& contracts, ContractId contract) {
  const std::string& name = contracts.at(contract).name;  // MNQU6
  return name.substr(0, name.size() - 2);
}

}  // namespace

Story::Story(std::uint64_t seed, Surroundings& surroundings, Reconciler::Pace pace)
    : dice_{seed},
      rules_{draw_rules(dice_)},
      accounts_{draw_accounts(dice_)},
      world_{surroundings, {rules_.yaml, accounts_, chicago(dice_.percent(80) ? "09:29:00" : "16:57:00"), pace}},
      locked_before_(accounts_.size(), false),
      worst_(accounts_.size(), 0),
      tells_all_{dice_.percent(25)} {
  for (const char* text : kFirstPrices) prices_.push_back(Price::parse(text).value());
}

std::vector<std::string> Story::run() {
  const Duration lags[] = {0ms, 0ms, 0ms, 300ms, 1500ms};
  world_.broker.read_lag = dice_.one_of(lags);
  world_.start();
  world_.connect();
  for (std::size_t i = 0; i < prices_.size(); ++i) world_.market(world_.traded[i], prices_[i]);
  world_.pass(dice_.percent(80) ? Duration{5s} : Duration{1ms});
  for (int left = dice_.between(20, 60); left > 0; --left) {
    step();
    note_results();
    const Duration waits[] = {0ms, 3ms, 20ms, 20ms, 100ms, 700ms, 2s, 8s};
    world_.pass(dice_.one_of(waits));
    note_results();
    note_locks();
  }
  clear_faults();
  world_.pass(kGenerousWait);
  note_locks();
  note_results();
  std::vector<std::string> all = world_.complaints();
  for (std::string& complaint : world_.forgotten()) all.push_back(std::move(complaint));
  for (std::string& complaint : locked_without_a_loss()) all.push_back(std::move(complaint));
  for (std::string& complaint : cut_too_much()) all.push_back(std::move(complaint));
  for (const AccountId account : accounts_) {
    if (tells_all_ && world_.incidents(account) > 0)
      all.push_back("account " + std::to_string(account.value()) + ": an incident although everything was told");
  }
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    Demands demands = rules_.demands;
    demands.locked_before = locked_before_[i];
    for (const std::string& complaint : complaints(at_broker(accounts_[i]), at_ours(accounts_[i]), demands))
      all.push_back("account " + std::to_string(accounts_[i].value()) + ": " + complaint);
  }
  return all;
}

void Story::step() {
  const int what = dice_.below(100);
  if (what < 32) return trade();
  if (what < 40) return rest_an_order();
  if (what < 45) return bracket();
  if (what < 50) return take_back();
  if (what < 72) return move_price(dice_.percent(10) ? 600 : 40);
  if (what < 86) return spoil_requests();
  if (what < 91) return spoil_stream();
  if (what < 98) return trouble();
  if (!tells_all_) kill_and_start();
}

// ── the trader ──

void Story::trade() {
  const auto i = static_cast<std::size_t>(dice_.below(4));
  const int lots = dice_.between(1, 5) * (dice_.percent(60) ? 1 : -1);
  const AccountId who = someone();
  say(std::to_string(who.value()) + " trades " + std::to_string(lots) + " " + kSymbols[i]);
  world_.trader(who, [&](FakeAccount& account, FakeAccount::Told& told) {
    account.set_last(world_.traded[i], prices_[i]);
    account.market_order(world_.traded[i], Lots{lots}, world_.now, told);
  });
}

void Story::rest_an_order() {
  const auto i = static_cast<std::size_t>(dice_.below(4));
  const bool buys = dice_.percent(50), stop = dice_.percent(50);
  const Contract& contract = world_.contracts.at(world_.traded[i]);
  // A buy stop and a sell limit lie above the market, the others below.
  const int ticks = dice_.between(2, 60) * (buys == stop ? 1 : -1);
  Order order;
  order.contract = contract.id;
  order.type = stop ? OrderType::Stop : OrderType::Limit;
  order.side = buys ? Side::Buy : Side::Sell;
  order.size = Lots{dice_.between(1, 4)};
  (stop ? order.stop_price : order.limit_price) =
      Price::from_nanos(prices_[i].nanos() + ticks * contract.tick_size_nanos);
  const AccountId who = someone();
  say(std::to_string(who.value()) + " orders " + (buys ? "buy " : "sell ") + std::to_string(order.size.value()) +
      " " + kSymbols[i] + (stop ? " stop" : " limit"));
  world_.trader(who,
                [&](FakeAccount& account, FakeAccount::Told& told) { (void)account.place(order, world_.now, told); });
}

void Story::bracket() {
  const auto i = static_cast<std::size_t>(dice_.below(4));
  const Contract& contract = world_.contracts.at(world_.traded[i]);
  const std::int64_t tick = contract.tick_size_nanos;
  Order entry;
  entry.contract = contract.id;
  entry.type = OrderType::Limit;
  entry.side = Side::Buy;
  entry.size = Lots{dice_.between(1, 4)};
  entry.limit_price = Price::from_nanos(prices_[i].nanos() - dice_.between(1, 10) * tick);
  const AccountId who = someone();
  say(std::to_string(who.value()) + " orders a bracket of " + std::to_string(entry.size.value()) + " " + kSymbols[i]);
  world_.trader(who, [&](FakeAccount& account, FakeAccount::Told& told) {
    (void)account.place_bracket(entry, Price::from_nanos(-20 * tick), Price::from_nanos(30 * tick), world_.now, told);
  });
}

void Story::take_back() {
  const AccountId who = someone();
  const auto orders = world_.broker.account(who).working_orders();
  if (!orders.empty() && dice_.percent(50)) {
    const OrderId order = dice_.one_of(orders).id;
    say(std::to_string(who.value()) + " cancels " + std::to_string(order.value()));
    return world_.trader(
        who, [&](FakeAccount& account, FakeAccount::Told& told) { (void)account.cancel(order, world_.now, told); });
  }
  if (!orders.empty() && dice_.percent(50)) {
    const Order part = dice_.one_of(orders);
    if (part.status != OrderStatus::Open || part.remaining() < Lots{2}) return;
    say("one lot of order " + std::to_string(part.id.value()) + " is filled");
    return world_.trader(who, [&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(part.id, Lots{1}, part.limit_price.value_or(part.stop_price.value_or(Price{})), world_.now,
                        told);
    });
  }
  const auto i = static_cast<std::size_t>(dice_.below(4));
  say(std::to_string(who.value()) + " closes " + kSymbols[i]);
  world_.trader(who, [&](FakeAccount& account, FakeAccount::Told& told) {
    account.set_last(world_.traded[i], prices_[i]);
    (void)account.close(world_.traded[i], world_.now, told);
  });
}

// ── the market ──

void Story::move_price(int most_ticks) {
  const auto i = static_cast<std::size_t>(dice_.below(4));
  const std::int64_t tick = world_.contracts.at(world_.traded[i]).tick_size_nanos;
  prices_[i] = Price::from_nanos(prices_[i].nanos() + dice_.between(-most_ticks, most_ticks) * tick);
  say(std::string{kSymbols[i]} + " trades at " + prices_[i].text());
  world_.market(world_.traded[i], prices_[i], tells_all_ || dice_.percent(95));
}

// ── what goes wrong ──

void Story::spoil_requests() {
  const std::size_t next = world_.broker.sent.size() + 1;
  for (int i = dice_.between(1, 4); i > 0; --i) {
    const Fault fault = dice_.one_of(kAllFaults);
    if (tells_all_ && (fault == Fault::SilentStream || fault == Fault::LateStream)) continue;
    world_.broker.faults[next + static_cast<std::size_t>(dice_.below(6))] = fault;
    say("a request to come meets " + std::string{name_of(fault)});
    ++faults_;
  }
}

void Story::spoil_stream() {
  ++faults_;
  const int chance = dice_.between(5, 60);
  world_.broker.lose = nullptr;
  world_.broker.garble = nullptr;
  world_.broker.late = nullptr;
  switch (dice_.between(tells_all_ ? 2 : 0, tells_all_ ? 4 : 6)) {
    case 1:
      say("the stream holds messages back");
      world_.broker.late = [this, chance](const RiskEventBody&) {
        return dice_.percent(chance) ? Duration{1ms} * dice_.between(1, 3000) : Duration{};
      };
      return;
    case 0:
      say("the stream loses messages");
      world_.broker.lose = [this, chance](const RiskEventBody&) { return dice_.percent(chance); };
      return;
    case 2:
      say("the stream doubles messages");
      world_.broker.garble = [this, chance](FakeAccount::Told& told) {
        for (std::size_t i = told.size(); i-- > 0;) {
          if (dice_.percent(chance)) told.insert(told.begin() + static_cast<std::ptrdiff_t>(i), told[i]);
        }
      };
      return;
    case 3:
      say("the stream mixes messages up");
      world_.broker.garble = [this](FakeAccount::Told& told) {
        for (std::size_t i = told.size(); i > 1; --i)
          std::swap(told[i - 1], told[static_cast<std::size_t>(dice_.below(static_cast<int>(i)))]);
      };
      return;
    case 5: {
      const BrokerTime thaw = world_.now + Duration{1ms} * dice_.between(500, 20'000);
      say("the stream freezes until " + format_timestamp(thaw));
      world_.broker.late = [this, thaw](const RiskEventBody&) { return std::max(thaw - world_.now, Duration{}); };
      return;
    }
    case 6:
      say("the stream hides orders");
      world_.broker.lose = [](const RiskEventBody& body) { return std::holds_alternative<OrderUpdated>(body); };
      return;
    default:
      say("the stream is well");
  }
}

void Story::trouble() {
  ++faults_;
  switch (dice_.between(tells_all_ ? 3 : 0, 6)) {
    case 0:
    case 1:
      say(world_.connected() ? "the stream breaks" : "the stream is back");
      return world_.connected() ? world_.disconnect() : world_.connect();
    case 2: {
      const Duration streams[] = {5ms, 5ms, 400ms, 2500ms}, ways[] = {10ms, 10ms, 900ms};
      world_.broker.stream_after = dice_.one_of(streams);
      world_.broker.to_broker = dice_.one_of(ways);
      return say("the stream takes " + std::to_string(world_.broker.stream_after / 1ms) + " ms, a request " +
                 std::to_string(world_.broker.to_broker / 1ms) + " ms");
    }
    case 3:
      world_.broker.halted = !world_.broker.halted;
      return say(world_.broker.halted ? "trading halts" : "trading goes on");
    case 4:
      world_.broker.reads_fail = !world_.broker.reads_fail;
      return say(world_.broker.reads_fail ? "reads fail" : "reads work");
    case 5:
      return void_a_trade();
    default: {
      const AccountId who = someone();
      const bool allowed = !world_.broker.account(who).info().can_trade;
      say(std::to_string(who.value()) + (allowed ? " may trade" : " may not trade"));
      world_.trader(who,
                    [&](FakeAccount& account, FakeAccount::Told& told) { account.set_can_trade(allowed, told); });
    }
  }
}

// The exchange takes a fill's money back; what is held stays.
void Story::void_a_trade() {
  const AccountId who = someone();
  auto trades = world_.broker.account(who).trades(day_begin());
  std::erase_if(trades, [](const Trade& trade) { return trade.voided; });
  if (trades.empty()) return;
  const TradeId trade = dice_.one_of(trades).id;
  say(std::to_string(who.value()) + ": trade " + std::to_string(trade.value()) + " is void");
  world_.trader(who,
                [&](FakeAccount& account, FakeAccount::Told& told) { account.void_trade(trade, world_.now, told); });
}

void Story::kill_and_start() {
  ++kills_;
  const bool all = dice_.percent(30);
  say(all ? "killed, and the database is lost" : "killed");
  world_.kill(all ? GuardedWorld::Lost::Database : GuardedWorld::Lost::Nothing);
  for (int left = dice_.below(4); left > 0; --left) {
    if (dice_.percent(50)) {
      trade();
    } else {
      move_price(40);
    }
    world_.pass(1s);
  }
  world_.start();
  say("started again");
  if (dice_.percent(80)) world_.connect();
}

void Story::clear_faults() {
  say("all faults are cleared");
  FakeBroker& broker = world_.broker;
  broker.faults.clear();
  broker.lose = nullptr;
  broker.garble = nullptr;
  broker.late = nullptr;
  broker.halted = broker.reads_fail = false;
  broker.read_lag = {};
  broker.stream_after = 5ms;
  broker.to_broker = 10ms;
  if (!world_.connected()) world_.connect();
  for (std::size_t i = 0; i < prices_.size(); ++i) world_.market(world_.traded[i], prices_[i]);
}

// ── what is so ──

BrokerTime Story::day_begin() const {
  const BrokerTime reset = chicago("17:00:00");
  return world_.now >= reset ? reset : reset - 24h;
}

void Story::note_locks() {
  if (std::exchange(day_of_locks_, day_begin()) != day_begin()) locked_before_.assign(accounts_.size(), false);
  for (std::size_t i = 0; i < accounts_.size(); ++i)
    locked_before_[i] = locked_before_[i] || world_.locked_until_reset(accounts_[i]);
}

void Story::note_results() {
  for (std::size_t i = 0; i < accounts_.size(); ++i)
    worst_[i] = std::min(worst_[i], day_result(at_broker(accounts_[i])));
}

// A day is not taken from a trader without a reason. What was told late or not at all may have looked worse than it
// was.
std::vector<std::string> Story::locked_without_a_loss() const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < accounts_.size() && tells_all_; ++i) {
    if (world_.locked_by(accounts_[i], "daily_loss") && worst_[i] > *rules_.demands.day_loss)
      all.push_back("account " + std::to_string(accounts_[i].value()) +
                    " was locked without its loss: " + Money::from_nanos(worst_[i]).text());
  }
  return all;
}

// Never a lot more than the rules want. Looked at where it cannot be the trader's doing: since his last fill, which
// came while nothing was being enforced, and was told.
std::vector<std::string> Story::cut_too_much() const {
  std::vector<std::string> all;
  const auto below = [](int held, std::optional<int> limit) { return !limit || held < *limit; };
  for (const FakeBroker::Done& done : world_.broker.done) {
    const auto since = world_.quiet_fill_before(done.account, done.at);
    // What was decided stands, even if another decision of ours has closed something else meanwhile.
    const bool alone =
        since && std::ranges::none_of(world_.broker.done, [&](const FakeBroker::Done& other) {
          return other.account == done.account && other.whole && other.at >= *since && other.at <= done.at;
        });
    if (!alone || !tells_all_ || rules_.reduces_entries || done.whole) continue;
    const auto limit = rules_.demands.most_of_symbol.find(symbol_of(world_.contracts, done.contract));
    const bool limited = limit != rules_.demands.most_of_symbol.end();
    if (rules_.demands.most_contracts && rules_.demands.counted != Counted::Gross) continue;
    if (below(done.gross.value(), rules_.demands.most_contracts) &&
        below(done.held.magnitude().value(), limited ? std::optional{limit->second} : rules_.demands.most_of_others))
      all.push_back("account " + std::to_string(done.account.value()) + ": CUT TOO MUCH, " +
                    std::to_string(done.gross.value()) + " contracts are left at " + format_timestamp(done.at));
  }
  return all;
}

int Story::locks() const {
  return static_cast<int>(std::ranges::count(locked_before_, true));
}

BrokerSide Story::at_broker(AccountId id) {
  const FakeAccount& account = world_.broker.account(id);
  BrokerSide seen;
  seen.may_trade = account.info().can_trade;
  for (const Position& position : account.positions())
    seen.positions.push_back(
        {symbol_of(world_.contracts, position.contract), position.size.value(), position.average_price.nanos()});
  for (const Order& order : account.working_orders())
    seen.working_orders.push_back(
        {order.id.value(), symbol_of(world_.contracts, order.contract), order.side == Side::Buy,
         order.type == OrderType::Stop && order.status != OrderStatus::Suspended, order.remaining().value()});
  const auto& done = world_.broker.done;
  auto trades = account.trades(BrokerTime{});
  std::ranges::sort(trades, {}, [](const Trade& trade) { return trade.id; });
  for (const Trade& trade : trades)
    seen.trades.push_back(
        {trade.id.value(), symbol_of(world_.contracts, trade.contract), trade.signed_size().value(),
         trade.voided ? 0 : trade.profit_and_loss.value_or(Money{}).nanos(), trade.voided ? 0 : trade.costs().nanos(),
         std::ranges::any_of(done, [&](const auto& one) { return one.account == id && one.trade == trade.id; }),
         trade.time >= day_begin()});
  for (std::size_t i = 0; i < prices_.size(); ++i) seen.last_prices[kSymbols[i]] = prices_[i].nanos();
  return seen;
}

OurSide Story::at_ours(AccountId id) const {
  const AccountBook& book = world_.book(id);
  OurSide ours;
  ours.synchronised = book.sync() == SyncState::Synchronised;
  ours.enforcing = world_.enforcing(id);
  ours.locked = world_.locked(id);
  for (const Holding& holding : book.holdings()) {
    ours.held[symbol_of(world_.contracts, holding.contract)] += holding.size.value();
  }
  for (const Order& order : book.orders().all()) ours.orders.insert(order.id.value());
  ours.realised = book.day().result().realised.nanos();
  ours.costs = book.day().result().costs.nanos();
  const OpenProfit open = book.open_profit();
  if (open.complete) ours.open = open.total.nanos();
  return ours;
}

void Story::say(std::string text) {
  for (; requests_said_ < world_.broker.sent.size(); ++requests_said_) {
    const BrokerRequest& request = world_.broker.sent[requests_said_];
    if (!is_read(request.ask))
      said_.push_back("    sent for " + std::to_string(request.account.value()) + ": " +
                      ask_words(request.ask, world_.contracts));
  }
  said_.push_back(format_timestamp(world_.now) + "  " + std::move(text));
}

std::string Story::told() const {
  std::string text = "rules: {" + rules_.yaml + "}\n";
  for (const std::string& line : said_) text += line + '\n';
  return text;
}

}  // namespace rm::test
