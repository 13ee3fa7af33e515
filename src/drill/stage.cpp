#include "drill/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "domain/wide.h"
#include "drill/patience.h"

namespace rm::drill {
namespace {

constexpr std::array<std::string_view, 4> kUsual{"MNQ", "MES", "NQ", "ES"};
// Waited for in real time; a longer time is not: then the gateway's clock is sent forward.
constexpr Duration kRealWait = std::chrono::seconds{15};
constexpr Duration kBeyond = std::chrono::milliseconds{50};

std::int64_t usual_place(std::string_view symbol) {
  return std::ranges::find(kUsual, symbol) - kUsual.begin();
}

Price stepped(Price price, std::int64_t ticks, const Contract& contract) {
  return Price::from_nanos(price.nanos() + ticks * contract.tick_size_nanos);
}

// To the tick at or beyond it, in the direction of the move.
Price on_tick(Price price, bool up, const Contract& contract) {
  const std::int64_t rest = price.nanos() % contract.tick_size_nanos;
  if (rest == 0) return price;
  return Price::from_nanos(price.nanos() - rest + (up ? contract.tick_size_nanos : 0));
}

Result<void> done(Result<Fields> answer) {
  if (!answer) return std::unexpected{answer.error()};
  return {};
}

}  // namespace

Result<Market> Market::of(Paper& paper) {
  const auto answer = paper.get("/paper/contracts");
  if (!answer) return std::unexpected{answer.error()};
  Market market;
  auto rows = elements(*answer, "contracts");
  std::ranges::stable_sort(rows, {}, [](const Fields& row) { return usual_place(text(row, "symbol")); });
  for (const Fields& row : rows) {
    const auto tick = parse_nanos(text(row, "tickSize"));
    const auto value = Money::parse(text(row, "tickValue"));
    const auto last = Price::parse(text(row, "last"));
    if (!tick || !value || !last) continue;  // nothing is traded in it yet
    const ContractId id = market.contracts_.learn(text(row, "id"), text(row, "name"), *tick, *value, true);
    market.prices_.resize(std::max<std::size_t>(market.prices_.size(), id.value() + 1));
    market.prices_[id.value()] = *last;
    market.offered_.push_back(id);
  }
  if (market.offered_.empty()) return fail(ErrorCode::NotFound, "the paper gateway trades nothing that has a price");
  return market;
}

Result<BrokerTime> paper_time(Paper& paper) {
  const auto answer = paper.get("/paper/time");
  if (!answer) return std::unexpected{answer.error()};
  return parse_timestamp(text(*answer, "paperTime"));
}

Stage::Stage(Paper& paper, Market& market, std::int64_t account, ContractId contract, ValuationConfig::Mark mark,
             const std::atomic<bool>& stop)
    : paper_{paper}, market_{market}, account_{account}, contract_{contract}, mark_{mark}, stop_{stop} {}

Result<void> Stage::take(const Breach::Step& step) {
  return std::visit(
      [this]<class S>(const S& s) -> Result<void> {
        if constexpr (std::is_same_v<S, Breach::Enter>) return enter(s.side, s.lots.value());
        if constexpr (std::is_same_v<S, Breach::RoundTrips>) return round_trips(s.times);
        if constexpr (std::is_same_v<S, Breach::Place>) return place(s);
        if constexpr (std::is_same_v<S, Breach::MoveTo>) return move_to(s.open_result);
        if constexpr (std::is_same_v<S, Breach::MoveTicks>) return move_by(s.ticks);
        if constexpr (std::is_same_v<S, Breach::Exit>) return exit();
        if constexpr (std::is_same_v<S, Breach::Wait>) return pass(s.time);
        if constexpr (std::is_same_v<S, Breach::GoTo>) return go_to(s.time);
        if constexpr (std::is_same_v<S, Breach::TradingRight>)
          return done(
              paper_.post("/paper/account", fmt::format(R"({{"accountId":{},"canTrade":{}}})", account_, s.given)));
      },
      step);
}

std::string_view Stage::told_by(const Breach::Step& step) {
  return std::visit(
      []<class S>(const S&) -> std::string_view {
        if constexpr (std::is_same_v<S, Breach::Place>) return "GatewayUserOrder";
        if constexpr (std::is_same_v<S, Breach::MoveTo> || std::is_same_v<S, Breach::MoveTicks>)
          return "GatewayQuote";
        if constexpr (std::is_same_v<S, Breach::Wait> || std::is_same_v<S, Breach::GoTo>) return {};
        if constexpr (std::is_same_v<S, Breach::TradingRight>) return "GatewayUserAccount";
        return "GatewayUserTrade";
      },
      step);
}

Result<Stage::Held> Stage::held() {
  const auto state = paper_.get(fmt::format("/paper/state?accountId={}", account_));
  if (!state) return std::unexpected{state.error()};
  Held held;
  for (const Fields& position : elements(*state, "positions")) {
    if (text(position, "contractId") != traded().broker_id) continue;
    constexpr std::int64_t kShort = 2;
    held.lots = number(position, "size") * (number(position, "type") == kShort ? -1 : 1);
    held.average = Price::parse(text(position, "averagePrice")).value_or(Price{});
  }
  return held;
}

Result<void> Stage::quote(Price price, Side trades) {
  const std::int64_t tick = traded().tick_size_nanos;
  const Price bid = trades == Side::Buy ? Price::from_nanos(price.nanos() - tick) : price;
  const Price ask = trades == Side::Buy ? price : Price::from_nanos(price.nanos() + tick);
  market_.set_price(contract_, price);
  return done(paper_.post("/paper/price", fmt::format(R"({{"contractId":"{}","last":{},"bid":{},"ask":{}}})",
                                                      traded().broker_id, price.text(), bid.text(), ask.text())));
}

Result<void> Stage::trade(Side side, std::int64_t lots, std::string_view more) {
  const auto placed = paper_.post(
      "/paper/trade", fmt::format(R"({{"accountId":{},"contractId":"{}","side":"{}","size":{}{}}})", account_,
                                  traded().broker_id, side == Side::Buy ? "buy" : "sell", lots, more));
  if (placed && !more.empty()) order_ = text(*placed, "orderId");
  return done(placed);
}

Result<void> Stage::enter(Side side, std::int64_t lots) {
  const auto before = held();
  if (!before) return std::unexpected{before.error()};
  most_lots_ = std::max(most_lots_, std::abs(before->lots + (side == Side::Buy ? lots : -lots)));
  if (auto quoted = quote(market_.price(contract_), side); !quoted) return quoted;
  return trade(side, lots);
}

// To where the whole position has this result at the mark that counts.
Result<void> Stage::move_to(Money open_result) {
  const auto position = held();
  if (!position) return std::unexpected{position.error()};
  if (position->lots == 0) return {};  // another rule has closed it already
  const Wide wanted = open_result < Money{} ? -Wide{open_result.nanos()} : Wide{open_result.nanos()};
  const Wide a_tick = Wide{traded().tick_value.nanos()} * std::abs(position->lots);
  std::int64_t ticks = saturate((wanted + a_tick - 1) / a_tick);
  // Halfway between bid and ask is half a tick short of it.
  if (mark_ == ValuationConfig::Mark::Mid) ++ticks;
  const bool up = (open_result > Money{}) == (position->lots > 0);
  const Price price = on_tick(stepped(position->average, up ? ticks : -ticks, traded()), up, traded());
  return quote(price, position->lots > 0 ? Side::Sell : Side::Buy);
}

Result<void> Stage::move_by(std::int64_t ticks) {
  return quote(stepped(market_.price(contract_), ticks, traded()), Side::Sell);
}

Result<void> Stage::place(const Breach::Place& order) {
  const Price price = stepped(market_.price(contract_), order.ticks, traded());
  const bool stop = order.type != OrderType::Limit;
  stop_price_ = stop ? price.text() : std::string{};
  return trade(order.side, order.lots.value(),
               fmt::format(R"(,"type":"{}","{}":{})", stop ? "stop" : "limit", stop ? "stopPrice" : "limitPrice",
                           price.text()));
}

// What is held is not asked for each time: the gateway's list of the day grows with every one.
Result<void> Stage::round_trips(std::int64_t times) {
  if (times > 0) most_lots_ = std::max<std::int64_t>(most_lots_, 1);
  for (std::int64_t i = 0; i < times; ++i) {
    if (stop_) return fail(ErrorCode::Io, "the drill was stopped");
    if (auto quoted = quote(market_.price(contract_), Side::Buy); !quoted) return quoted;
    if (auto in = trade(Side::Buy, 1); !in) return in;
    if (auto out = close(Side::Sell); !out) return out;
  }
  return {};
}

Result<void> Stage::exit() {
  const auto position = held();
  if (!position) return std::unexpected{position.error()};
  if (position->lots == 0) return {};  // another rule has closed it already
  return close(position->lots > 0 ? Side::Sell : Side::Buy);
}

Result<void> Stage::close(Side closes) {
  if (auto quoted = quote(market_.price(contract_), closes); !quoted) return quoted;
  // By the platform's own button: should a rule close it at this moment, nothing is opened, and the button is
  // refused.
  [[maybe_unused]] const auto answer = paper_.post(
      "/paper/close", fmt::format(R"({{"accountId":{},"contractId":"{}"}})", account_, traded().broker_id));
  return {};
}

Result<void> Stage::pass(Duration time) {
  if (time <= kRealWait) {
    (void)wait_until([this] { return stop_.load(); }, std::chrono::ceil<std::chrono::milliseconds>(time));
    return {};
  }
  const std::string seconds = Money::from_nanos((time + kBeyond).count()).text();
  if (auto sent = paper_.post("/paper/time", fmt::format(R"({{"advance_seconds":{}}})", seconds)); !sent)
    return std::unexpected{sent.error()};
  // A new connection makes the daemon read, and what it reads tells the time.
  return done(paper_.post("/paper/hub/close", R"({"hub":"user"})"));
}

Result<void> Stage::go_to(BrokerTime time) {
  const auto now = paper_time(paper_);
  if (!now) return std::unexpected{now.error()};
  return time > *now ? pass(time - *now) : Result<void>{};
}

}  // namespace rm::drill
