#include "support/oracle.h"

#include <algorithm>
#include <cmath>

namespace rm::test {
namespace {

using namespace std::chrono_literals;

constexpr Dollars kNothing = 1e-7L;     // smaller than anything that prices and ticks can make
constexpr Dollars kRounding = 0.5e-9L;  // of a price with nine decimals
constexpr Dollars kMoneyEnds = 9.2e9L;  // what the product's money can hold
constexpr Duration kPatience = 500ms;   // with a position message that no fill explains

Dollars of(Price price) {
  return static_cast<Dollars>(price.nanos()) / 1e9L;
}
Dollars of(Money money) {
  return static_cast<Dollars>(money.nanos()) / 1e9L;
}
int signed_lots(const Trade& trade) {
  return trade.side == Side::Buy ? trade.size.value() : -trade.size.value();
}
bool same_sign(int a, int b) {
  return (a > 0) == (b > 0);
}

}  // namespace

Oracle::Oracle(std::map<ContractId, Product> products, RandomRules rules, MarkWith mark)
    : products_{std::move(products)}, rules_{std::move(rules)}, mark_{mark} {}

BrokerTime Oracle::day_begin(BrokerTime t) {
  constexpr std::int64_t kHour = 3'600'000'000'000, kReset = 22 * kHour;
  return BrokerTime::from_nanos((t.nanos() - kReset) / (24 * kHour) * (24 * kHour) + kReset);
}

// ── what is told ──

void Oracle::on(const RiskEvent& event) {
  now_ = event.at;
  settle_doubts();
  if (const auto* quote = std::get_if<QuoteUpdated>(&event.body)) {
    Quote& known = quotes_[quote->contract];
    if (quote->last) known.last = of(*quote->last);
    if (quote->bid) known.bid = of(*quote->bid);
    if (quote->ask) known.ask = of(*quote->ask);
  } else if (const auto* trade = std::get_if<TradeExecuted>(&event.body)) {
    on_trade(*trade);
  } else if (const auto* order = std::get_if<OrderUpdated>(&event.body)) {
    on_order(order->order);
  } else if (const auto* position = std::get_if<PositionUpdated>(&event.body)) {
    on_position(position->position);
  } else if (const auto* account = std::get_if<AccountUpdated>(&event.body)) {
    can_trade_ = account->info.can_trade;
  } else if (const auto* snapshot = std::get_if<SnapshotTaken>(&event.body)) {
    on_snapshot(*snapshot->snapshot);
  } else if (const auto* read = std::get_if<ReadBack>(&event.body)) {
    on_read(*read);
  } else if (const auto* stream = std::get_if<StreamChanged>(&event.body)) {
    if (!stream->up) up_ = false;  // it is up again with the next snapshot
  }
  watch_cover();
}

void Oracle::on_trade(const TradeExecuted& event) {
  const Trade& trade = event.trade;
  Quote& quote = quotes_[trade.contract];
  if (!quote.last) quote.last = of(trade.price);
  if (trade.time < day_begin(now_)) return;
  const auto known = fills_.find(trade.id);
  if (known != fills_.end()) {
    const auto result = known->second.profit_and_loss;
    known->second = trade;
    if (!trade.profit_and_loss) known->second.profit_and_loss = result;
    return;
  }
  fills_.emplace(trade.id, trade);
  if (trade.voided) return;
  traded_[trade.order] += trade.size.value();
  if (const auto order = orders_.find(trade.order); order != orders_.end() && left(order->second) <= 0) {
    ended_.insert(trade.order);
    orders_.erase(order);
  }
  Pos& pos = positions_[trade.contract];
  if (!event.replayed) pos.heard = now_;
  if (trade.time >= pos.as_of) apply(pos, signed_lots(trade), of(trade.price));
  const auto doubt = doubts_.find(trade.contract);
  if (doubt != doubts_.end() && doubt->second.said.size.value() == pos.lots) doubts_.erase(doubt);
}

void Oracle::apply(Pos& pos, int lots, Dollars price) const {
  const int before = pos.lots;
  pos.lots += lots;
  if (before == 0 || same_sign(before, lots)) {
    pos.average = (pos.average * before + price * lots) / pos.lots;
  } else if (pos.lots == 0) {
    pos.average = pos.blur = 0;
  } else if (!same_sign(before, pos.lots)) {
    pos.average = price;
    pos.blur = 0;
  } else {
    pos.blur += kRounding;  // its share of what was paid is rounded, here and at the broker
  }
}

void Oracle::on_order(const Order& order) {
  heard_[order.id] = now_;
  if (!order.working()) {
    orders_.erase(order.id);
    ended_.insert(order.id);
  } else if (!ended_.contains(order.id)) {
    orders_[order.id] = order;
  }
}

void Oracle::on_position(const Position& said) {
  positions_[said.contract].heard = now_;
  if (held(said.contract) == said.size.value()) {
    doubts_.erase(said.contract);
    return;
  }
  const auto known = doubts_.find(said.contract);
  doubts_[said.contract] = Doubt{known == doubts_.end() ? now_ : known->second.since, said};
}

void Oracle::settle_doubts() {
  std::erase_if(doubts_, [&](const auto& entry) {
    if (now_ - entry.second.since < kPatience) return false;
    set(entry.first, entry.second.said.size.value(), of(entry.second.said.average_price));
    return true;
  });
}

// The broker's average has nine decimals; where it is the same, ours is the better one.
void Oracle::set(ContractId contract, int lots, Dollars average) {
  Pos& pos = positions_[contract];
  if (pos.lots == lots && (lots == 0 || std::abs(pos.average - average) <= 2 * kRounding)) return;
  pos.lots = lots;
  pos.average = average;
  pos.blur = kRounding * std::abs(lots);
}

void Oracle::on_snapshot(const AccountSnapshot& snapshot) {
  if (known_) settled_at_ = now_ + 3s;
  known_ = up_ = true;
  can_trade_ = snapshot.info.can_trade;
  for (const Trade& trade : snapshot.trades) {
    if (trade.time < day_begin(now_)) continue;
    if (fills_.insert_or_assign(trade.id, trade).second) traded_[trade.order] += trade.size.value();
  }
  for (auto& [contract, product] : products_) positions_[contract].as_of = now_;
  for (auto& [contract, pos] : positions_) {
    const auto listed = std::ranges::find(snapshot.positions, contract, &Position::contract);
    const bool open = listed != snapshot.positions.end();
    set(contract, open ? listed->size.value() : 0, open ? of(listed->average_price) : 0);
  }
  doubts_.clear();
  orders_.clear();
  for (const Order& order : snapshot.working_orders) {
    if (!ended_.contains(order.id)) orders_[order.id] = order;
  }
}

// A stream that is up has told everything, but for what it tells in a moment; without it what is read is what is so.
void Oracle::on_read(const ReadBack& read) {
  if (up_ && read.positions) {
    // A read that is ahead of the stream: what it shows is told in a moment.
    for (const auto& [contract, product] : products_) {
      const auto listed = std::ranges::find(*read.positions, contract, &Position::contract);
      const int lots = listed == read.positions->end() ? 0 : listed->size.value();
      if (lots != held(contract)) settled_at_ = std::max(settled_at_, now_ + 1s);
    }
  }
  if (up_ && read.working_orders) {
    for (const Order& order : *read.working_orders) {
      if (!ended_.contains(order.id)) orders_.emplace(order.id, order);
    }
  }
  if (up_) return;
  if (read.positions) {
    for (auto& [contract, pos] : positions_) {
      if (pos.heard >= read.requested_at) continue;  // the stream is newer
      const auto listed = std::ranges::find(*read.positions, contract, &Position::contract);
      const bool open = listed != read.positions->end();
      set(contract, open ? listed->size.value() : 0, open ? of(listed->average_price) : 0);
      pos.as_of = std::max(pos.as_of, read.requested_at);
    }
    for (const Position& position : *read.positions) {
      if (positions_.contains(position.contract)) continue;
      set(position.contract, position.size.value(), of(position.average_price));
      positions_[position.contract].as_of = read.requested_at;
    }
  }
  if (!read.working_orders) return;
  // Reads of orders may lag by two seconds: what the stream spoke of later than that stays as it said.
  std::erase_if(orders_, [&](const auto& entry) { return heard_[entry.first] <= read.requested_at - 2s; });
  for (const Order& order : *read.working_orders) {
    if (!ended_.contains(order.id)) orders_.emplace(order.id, order);
  }
}

// ── what is so ──

int Oracle::held(ContractId contract) const {
  const auto known = positions_.find(contract);
  return known == positions_.end() ? 0 : known->second.lots;
}

std::vector<ContractId> Oracle::open() const {
  std::vector<ContractId> list;
  for (const auto& [contract, pos] : positions_) {
    if (pos.lots != 0) list.push_back(contract);
  }
  return list;
}

std::vector<Trade> Oracle::fills_of_day() const {
  std::vector<Trade> list;
  for (const auto& [id, trade] : fills_) {
    if (trade.time >= day_begin(now_) && !trade.voided) list.push_back(trade);
  }
  std::ranges::sort(list,
                    [](const Trade& a, const Trade& b) { return std::pair{a.time, a.id} < std::pair{b.time, b.id}; });
  return list;
}

Dollars Oracle::realised() const {
  Dollars sum = 0;
  for (const Trade& trade : fills_of_day()) sum += of(trade.profit_and_loss.value_or(Money{}));
  return sum;
}

Dollars Oracle::costs() const {
  Dollars sum = 0;
  for (const Trade& trade : fills_of_day()) sum += of(trade.fees) + of(trade.commissions);
  return sum;
}

std::optional<Dollars> Oracle::price(ContractId contract, int lots) const {
  const auto known = quotes_.find(contract);
  if (known == quotes_.end()) return std::nullopt;
  const auto& [last, bid, ask] = known->second;
  const auto middle = bid && ask ? std::optional{std::round((*bid + *ask) / 2 * 1e9L) / 1e9L} : std::nullopt;
  const auto exit = lots > 0 ? bid : ask;
  if (mark_ == MarkWith::Exit && exit) return exit;
  if (mark_ == MarkWith::Mid && middle) return middle;
  return last ? last : middle;
}

std::optional<Dollars> Oracle::open_result(ContractId contract) const {
  const int lots = held(contract);
  if (lots == 0) return 0;
  const auto mark = price(contract, lots);
  if (!mark) return std::nullopt;
  const Dollars result = (*mark - positions_.at(contract).average) * lots * products_.at(contract).point();
  return std::abs(result) > kMoneyEnds ? std::nullopt : std::optional{result};
}

Dollars Oracle::blur(ContractId contract) const {
  const auto known = positions_.find(contract);
  return known == positions_.end() ? 0 : known->second.blur * products_.at(contract).point();
}

int Oracle::left(const Order& order) const {
  const auto traded = traded_.find(order.id);
  return order.size.value() - std::max(order.filled.value(), traded == traded_.end() ? 0 : traded->second);
}

bool Oracle::is_exit(const Order& order) const {
  const int lots = held(order.contract);
  const bool other_side = lots != 0 && (lots > 0) == (order.side == Side::Sell);
  const bool stop =
      order.type == OrderType::Stop || order.type == OrderType::StopLimit || order.type == OrderType::TrailingStop;
  return (order.parent != OrderId{} && orders_.contains(order.parent)) ||
         (other_side && (stop || left(order) <= std::abs(lots)));
}

// ── counts ──

Dollars Oracle::weight(ContractId contract) const {
  const bool tenth = rules_.max_contracts->count == "mini_equivalent" && products_.at(contract).micro;
  return tenth ? 0.1L : 1;
}

Dollars Oracle::worst(const std::vector<Order>& orders, const std::string& symbol) const {
  const bool net = symbol.empty() && rules_.max_contracts->count == "net";
  Dollars most = 0;
  for (std::size_t choice = 0; choice < std::size_t{1} << orders.size(); ++choice) {
    std::map<ContractId, int> lots;
    for (const auto& [contract, pos] : positions_) lots[contract] = pos.lots;
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if ((choice >> i & 1U) != 0)
        lots[orders[i].contract] += orders[i].side == Side::Buy ? left(orders[i]) : -left(orders[i]);
    }
    Dollars size = 0;
    for (const auto& [contract, count] : lots) {
      if (symbol.empty()) size += net ? count : weight(contract) * std::abs(count);
      if (products_.at(contract).symbol == symbol) size += std::abs(count);
    }
    most = std::max(most, std::abs(size));
  }
  return most;
}

std::optional<Dollars> Oracle::limit_of(const RandomRules::Size& rule, bool of_symbol, ContractId contract) const {
  if (!of_symbol) return rule.limit;
  const auto own = rule.limits.find(products_.at(contract).symbol);
  if (own != rule.limits.end()) return own->second;
  return rule.otherwise ? std::optional<Dollars>{*rule.otherwise} : std::nullopt;
}

// In the order in which they were placed: an order that does not fit beside those before it would breach.
void Oracle::orders_too_large(const RandomRules::Size& rule, const std::string& name, bool of_symbol,
                              std::vector<Broken>& list) const {
  std::vector<Order> in_order, let_in;
  for (const auto& [id, order] : orders_) {
    const int lots = held(order.contract);
    const bool exit = lots != 0 && (lots > 0) == (order.side == Side::Sell) && left(order) <= std::abs(lots);
    if (order.parent == OrderId{} && order.type != OrderType::Market && !exit) in_order.push_back(order);
  }
  std::ranges::sort(in_order, [](const Order& a, const Order& b) {
    return std::pair{a.created, a.id} < std::pair{b.created, b.id};
  });
  for (const Order& order : in_order) {
    const auto limit = limit_of(rule, of_symbol, order.contract);
    if (!limit) continue;
    const std::string symbol = of_symbol ? products_.at(order.contract).symbol : "";
    std::vector<Order> before = let_in;
    if (of_symbol) std::erase_if(before, [&](const Order& o) { return products_.at(o.contract).symbol != symbol; });
    std::vector<Order> with_it = before;
    with_it.push_back(order);
    const Dollars could_be = worst(with_it, symbol);
    if (could_be > *limit + kNothing && could_be > worst(before, symbol) + kNothing) {
      list.push_back(Broken{name, std::nullopt, order.id});
    } else {
      let_in.push_back(order);
    }
  }
}

void Oracle::sizes(std::vector<Broken>& list) const {
  if (rules_.max_contracts) {
    if (worst({}, "") > rules_.max_contracts->limit + kNothing) list.push_back({"max_contracts", std::nullopt});
    if (rules_.max_contracts->with_orders) orders_too_large(*rules_.max_contracts, "max_contracts", false, list);
  }
  if (rules_.per_instrument) {
    for (const ContractId contract : open()) {
      const auto limit = limit_of(*rules_.per_instrument, true, contract);
      if (limit && std::abs(held(contract)) > *limit) list.push_back({"max_contracts_per_instrument", contract});
    }
    if (rules_.per_instrument->with_orders)
      orders_too_large(*rules_.per_instrument, "max_contracts_per_instrument", true, list);
  }
}

// ── results ──

void Oracle::results(std::vector<Broken>& list) const {
  Dollars open_sum = 0, unsure = 0;
  bool complete = true;
  for (const ContractId contract : open()) {
    const auto result = open_result(contract);
    complete = complete && result;
    open_sum += result.value_or(0);
    unsure += blur(contract);
  }
  const auto value = [&](const RandomRules::Day& rule) {
    return realised() - (rule.costs ? costs() : 0) + (rule.total ? open_sum : 0);
  };
  if (const auto& rule = rules_.daily_loss) {
    const Dollars room = value(*rule) - rule->limit, doubt = rule->total ? unsure : 0;
    if (room <= doubt + kNothing) list.push_back({"daily_loss", std::nullopt, {}, room <= kNothing - doubt});
  }
  if (const auto& rule = rules_.daily_profit; rule && (complete || !rule->total)) {
    const Dollars room = rule->limit - value(*rule), doubt = rule->total ? unsure : 0;
    if (room <= doubt + kNothing)
      list.push_back({"daily_realized_profit", std::nullopt, {}, room <= kNothing - doubt});
  }
  const auto of_open = [&](const std::string& name, const RandomRules::Open& rule, int sign) {
    const auto judge = [&](std::optional<ContractId> contract, Dollars result, Dollars doubt) {
      const Dollars room = sign * (rule.limit - result);
      if (room <= doubt + kNothing) list.push_back({name, contract, {}, room <= kNothing - doubt});
    };
    if (rule.account && (complete || sign < 0)) judge(std::nullopt, open_sum, unsure);
    for (const ContractId contract : open()) {
      if (const auto result = open_result(contract); result && !rule.account)
        judge(contract, *result, blur(contract));
    }
  };
  if (rules_.open_loss) of_open("daily_unrealized_loss", *rules_.open_loss, -1);
  if (rules_.open_profit) of_open("max_unrealized_profit", *rules_.open_profit, +1);
}

// ── entries ──

// What the fills of the day do not explain.
std::map<ContractId, int> Oracle::held_at_begin_of_day() const {
  std::map<ContractId, int> lots;
  for (const auto& [contract, pos] : positions_) lots[contract] = pos.lots;
  for (const Trade& fill : fills_of_day()) lots[fill.contract] -= signed_lots(fill);
  return lots;
}

// All fills of an order are one entry, at the time of the first that opens, adds or turns around.
std::vector<BrokerTime> Oracle::entries() const {
  const auto fills = fills_of_day();
  std::map<ContractId, int> lots = held_at_begin_of_day();
  std::vector<BrokerTime> list;
  std::set<OrderId> counted;
  for (const Trade& fill : fills) {
    const int before = lots[fill.contract], after = before + signed_lots(fill);
    lots[fill.contract] = after;
    const bool enters = std::abs(after) > std::abs(before) || (after != 0 && !same_sign(before, after));
    if (enters && counted.insert(fill.order).second) list.push_back(fill.time);
  }
  return list;
}

std::optional<BrokerTime> Oracle::pause_end(const std::string& window) const {
  const auto rule = rules_.frequency.find(window);
  if (rule == rules_.frequency.end()) return std::nullopt;
  const auto at = entries();
  BrokerTime end;
  for (std::size_t i = 0; i < at.size(); ++i) {
    int count = 0;
    for (std::size_t j = 0; j <= i; ++j) {
      const Duration ago = at[i] - at[j];
      if (window == "per_session" || ago < (window == "per_minute" ? Duration{60s} : Duration{3600s})) ++count;
    }
    if (count < rule->second.limit || at[i] < end) continue;
    end = rule->second.seconds ? at[i] + std::chrono::seconds{*rule->second.seconds} : day_begin(at[i]) + 24h;
  }
  return end > now_ ? std::optional{end} : std::nullopt;
}

// ── losses, sessions, stops ──

std::optional<BrokerTime> Oracle::cooldown_end() const {
  if (!rules_.cooldown_by_fill) return std::nullopt;
  std::map<ContractId, int> lots = held_at_begin_of_day();
  std::map<ContractId, Dollars> result;  // of the round trip that goes on
  BrokerTime end;
  for (const Trade& fill : fills_of_day()) {
    int& held = lots[fill.contract];
    const int before = held;
    held += signed_lots(fill);
    if (before == 0 || same_sign(before, signed_lots(fill))) continue;  // it closes nothing
    Dollars& sum = result[fill.contract];
    sum += of(fill.profit_and_loss.value_or(Money{}));
    const bool over = *rules_.cooldown_by_fill || held == 0 || !same_sign(before, held);
    if (!over) continue;
    if (sum <= -80 + kNothing) end = std::max(end, fill.time + (sum <= -400 + kNothing ? 120s : 30s));
    sum = 0;
  }
  return end > now_ ? std::optional{end} : std::nullopt;
}

std::optional<BrokerTime> Oracle::next_session() const {
  if (!rules_.sessions) return std::nullopt;
  constexpr std::int64_t kMinute = 60'000'000'000, kDay = 24 * 60 * kMinute, kChicago = 5 * 60 * kMinute;
  const std::int64_t local = now_.nanos() - kChicago, midnight = local / kDay * kDay;
  const auto minute = [&](int hour, int min) { return midnight + (hour * 60 + min) * kMinute; };
  if (local < minute(8, 30)) return BrokerTime::from_nanos(minute(8, 30) + kChicago);
  if (local >= minute(9, 31) && local < minute(9, 33)) return BrokerTime::from_nanos(minute(9, 33) + kChicago);
  if (local >= minute(16, 58)) return BrokerTime::from_nanos(minute(8, 30) + kDay + kChicago);
  return std::nullopt;
}

// Since when each position is larger than its stops.
void Oracle::watch_cover() {
  if (!up_ || !sure()) gap_at_ = now_;
  for (const auto& [contract, pos] : positions_) {
    int covered = 0;
    for (const auto& [id, order] : orders_) {
      const bool stop = order.type == OrderType::Stop || order.type == OrderType::StopLimit ||
                        order.type == OrderType::TrailingStop;
      const bool exit = (pos.lots > 0) == (order.side == Side::Sell);
      if (stop && exit && order.contract == contract && order.status != OrderStatus::Suspended)
        covered += left(order);
    }
    if (covered >= std::abs(pos.lots)) {
      bare_since_.erase(contract);
    } else if (const auto known = bare_since_.find(contract);
               known == bare_since_.end() || known->second.second != (pos.lots > 0)) {
      bare_since_[contract] = {now_, pos.lots > 0};
    }
  }
}

// A clock begins with the fill, which is heard of a little later; in a gap of the stream either may be elsewhere.
void Oracle::without_stop(std::vector<Broken>& list) const {
  constexpr Duration kHeardLater = 1s, kGapForgotten = 40s;
  for (const auto& [contract, since] : bare_since_) {
    const Duration bare = now_ - since.first, grace = std::chrono::seconds{*rules_.grace};
    const bool gap = gap_at_ != BrokerTime{} && now_ - gap_at_ < kGapForgotten;
    if (!gap && bare < grace - kHeardLater) continue;
    list.push_back({"no_stop_loss_grace", contract, {}, !gap && bare >= grace + kHeardLater});
  }
}

std::vector<Broken> Oracle::broken() const {
  std::vector<Broken> list;
  sizes(list);
  results(list);
  for (const auto& [window, rule] : rules_.frequency) {
    if (pause_end(window)) list.push_back({"trade_frequency_limit", std::nullopt});
  }
  std::set<ContractId> active;
  for (const ContractId contract : open()) active.insert(contract);
  for (const auto& [id, order] : orders_) active.insert(order.contract);
  for (const ContractId contract : active) {
    if (rules_.blocked.contains(products_.at(contract).symbol)) list.push_back({"symbol_blocks", contract});
  }
  if (cooldown_end()) list.push_back({"cooldown_after_loss", std::nullopt});
  if (next_session()) list.push_back({"session_block_outside", std::nullopt});
  if (rules_.grace) without_stop(list);
  if (rules_.auth_loss_guard && can_trade_ == false) list.push_back({"auth_loss_guard", std::nullopt});
  return list;
}

}  // namespace rm::test
