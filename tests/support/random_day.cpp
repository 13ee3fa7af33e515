#include "support/random_day.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

int at(const std::vector<int>& numbers, std::size_t index) {
  return index < numbers.size() ? numbers[index] : 0;
}

DeskOptions options_of(const std::vector<int>& world) {
  DeskOptions options;
  options.mark = std::array{MarkKind::Last, MarkKind::Last, MarkKind::Mid,
                            MarkKind::Exit}[static_cast<std::size_t>(at(world, 0) % 4)];
  options.free_of_costs = at(world, 1) % 2 == 0;
  if (at(world, 2) % 3 == 0) options.begin = chicago("16:55:00");  // the reset is near
  return options;
}

}  // namespace

LivedDay::LivedDay(const RandomDay& day) : rules{random_rules(day.rules)}, options{options_of(day.world)} {
  options.connect = false;
  desk = std::make_unique<Desk>(rules.yaml, options);
  witness = std::make_unique<Witness>(*desk, rules, options.mark);
  desk->broker.stream_after = std::array<Duration, 3>{1ms, 5ms, 60ms}[static_cast<std::size_t>(at(day.world, 3) % 3)];
  desk->broker.answer_after =
      std::array<Duration, 3>{1ms, 20ms, 300ms}[static_cast<std::size_t>(at(day.world, 4) % 3)];
  desk->connect();
  desk->pass(1min);
  for (const auto& step : day.steps) act(step);
  if (!up_) desk->connect();
  desk->pass(3min);
  desk->settle();
  desk->pass(1min);
  witness->look_at_the_end();
}

std::string LivedDay::text() const {
  std::string text;
  for (const std::string& line : did_) text += "\n" + line;
  return text;
}

void LivedDay::act(const std::array<int, 4>& step) {
  const auto [what, where, a, b] = step;
  const std::array contracts{desk->mnq, desk->es, desk->nq, desk->jpy, desk->m2k};
  const ContractId contract = contracts[static_cast<std::size_t>(where % 5)];
  did_.push_back(format_timestamp(desk->now) + " " + std::to_string(what % 20) + " " +
                 desk->contracts.at(contract).root + " " + std::to_string(a) + " " + std::to_string(b));
  const bool waits = what % 20 >= 17;
  if (!waits) witness->trader_acted();
  switch (what % 20) {
    case 0:
    case 1:
    case 2:
    case 3:
      return trade(0, contract, a, b);
    case 4:
      return trade(1, contract, a, b);
    case 5:
    case 6:
    case 7:
      return quote(contract, 0, b);
    case 8:
      return quote(contract, a, b);
    case 9:
    case 10:
      return order(contract, a, b);
    case 11:
      return bracket(contract, a, b);
    case 12:
      return fill_part(a, b);
    case 13:
      return cancel(a);
    case 14:
      return repeat(a, b);
    case 15:
      return desk->can_trade(a % 4 != 0);
    case 16:
      return stream(a);
    default:
      return wait(a, b);
  }
}

// Of ticks around where the contract trades.
std::string LivedDay::price(ContractId contract, int ticks) const {
  const std::map<ContractId, std::int64_t> middle{
      {desk->mnq, 84'000}, {desk->es, 25'200}, {desk->nq, 84'000}, {desk->jpy, 13'000}, {desk->m2k, 22'000}};
  return Price::from_nanos((middle.at(contract) + ticks) * desk->contracts.at(contract).tick_size_nanos).text();
}

void LivedDay::trade(int kind, ContractId contract, int a, int b) {
  const int held = desk->account().held(contract).value();
  const int lots = kind == 1 && held != 0 ? -held : (a % 2 == 0 ? 1 : -1) * (1 + a / 2 % 4);
  desk->fill(contract, lots, price(contract, b % 101 - 50));
}

void LivedDay::quote(ContractId contract, int a, int b) {
  const int ticks = b % 161 - 80;
  const std::string last = price(contract, ticks), bid = price(contract, ticks - 1), ask = price(contract, ticks + 2);
  switch (a % 7) {
    case 0:
      return desk->quote(contract, last);
    case 1:
      return desk->quote(contract, std::nullopt, bid, ask);
    case 2:
      return desk->quote(contract, std::nullopt, bid, std::nullopt);
    case 3:
      return desk->quote(contract, std::nullopt, std::nullopt, ask);
    case 4:
      return desk->quote(contract, last, bid, ask);
    case 5:
      return desk->quote(contract, std::nullopt, std::nullopt, std::nullopt);
    default:
      return desk->quote(contract, b % 2 == 0 ? "0" : "900000", std::nullopt, std::nullopt);  // absurd
  }
}

void LivedDay::order(ContractId contract, int a, int b) {
  const Side side = a % 2 == 0 ? Side::Buy : Side::Sell;
  const bool stop = a / 2 % 2 == 0;
  // On its side of the market, so that it rests until the market comes.
  const int away = 1 + b % 90;
  const int ticks = (side == Side::Buy) == stop ? 50 + away : -50 - away;
  desk->order(contract, stop ? OrderType::Stop : OrderType::Limit, side, 1 + a / 4 % 4, price(contract, ticks));
}

void LivedDay::bracket(ContractId contract, int a, int b) {
  Order entry;
  entry.contract = contract;
  entry.type = OrderType::Limit;
  entry.side = a % 2 == 0 ? Side::Buy : Side::Sell;
  entry.size = Lots{1 + a / 2 % 3};
  entry.limit_price = Price::parse(price(contract, entry.side == Side::Buy ? -30 : 30)).value();
  const std::int64_t tick = desk->contracts.at(contract).tick_size_nanos * (entry.side == Side::Buy ? 1 : -1);
  desk->act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.place_bracket(entry, Price::from_nanos(-tick * (20 + b % 40)), Price::from_nanos(tick * (20 + b % 40)),
                          desk->now, told);
  });
}

void LivedDay::fill_part(int a, int b) {
  const auto working = desk->account().working_orders();
  if (working.empty()) return;
  const Order order = working[static_cast<std::size_t>(a) % working.size()];
  if (order.status != OrderStatus::Open) return;
  const int lots = 1 + b % order.remaining().value();
  desk->act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.fill_part(order.id, Lots{lots}, order.limit_price ? *order.limit_price : *order.stop_price, desk->now,
                      told);
  });
}

void LivedDay::cancel(int a) {
  const auto working = desk->account().working_orders();
  if (working.empty()) return;
  const OrderId id = working[static_cast<std::size_t>(a) % working.size()].id;
  desk->act([&](FakeAccount& account, FakeAccount::Told& told) { account.cancel(id, desk->now, told); });
}

// A message that comes again, or a fill that is taken back.
void LivedDay::repeat(int a, int b) {
  const auto trades = desk->account().trades(BrokerTime{});
  if (trades.empty()) return;
  const Trade trade = trades[static_cast<std::size_t>(a) % trades.size()];
  if (b % 3 == 0 && !trade.voided) {
    desk->act([&](FakeAccount& account, FakeAccount::Told& told) { account.void_trade(trade.id, desk->now, told); });
  } else if (up_ && desk->now - trade.time > 2s) {
    desk->publish(TradeExecuted{trade});
  }
}

void LivedDay::stream(int a) {
  if (up_) {
    desk->disconnect();
    up_ = false;
    desk->pass(std::chrono::milliseconds{10 + a % 400 * 25});
    return;
  }
  desk->connect();
  up_ = true;
  desk->pass(2s);  // what is done while a snapshot is being taken: see the goal properties
}

void LivedDay::wait(int a, int b) {
  switch (a % 8) {
    case 0:
      return desk->pass(std::chrono::milliseconds{b % 50});
    case 1:
    case 2:
      return desk->pass(std::chrono::milliseconds{b % 2000});
    case 3:
    case 4:
    case 5:
      return desk->pass(std::chrono::seconds{b % 20});
    case 6:
      return desk->pass(std::chrono::seconds{up_ ? b % 200 : 5});
    default:
      return desk->pass(up_ && ++long_waits_ <= 2 ? std::chrono::minutes{b % 15} : 1s);
  }
}

}  // namespace rm::test
