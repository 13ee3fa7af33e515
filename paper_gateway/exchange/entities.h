#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "paper_gateway/exchange/decimal.h"
#include "paper_gateway/exchange/ids.h"
#include "paper_gateway/exchange/paper_time.h"

namespace paper {

// The numbers are the wire's numbers: static_cast<int>() is the JSON value.
enum class OrderType { Unknown, Limit, Market, StopLimit, Stop, TrailingStop, JoinBid, JoinAsk };
enum class Side { Buy, Sell };  // wire: 0 Bid, 1 Ask
enum class OrderStatus { None, Open, Filled, Cancelled, Expired, Rejected, Pending, PendingCancellation, Suspended };
enum class PositionType { Undefined, Long, Short };
enum class Action { Create, Update, Delete };  // of hub envelopes
enum class BracketMode { Position, AutoOco };

constexpr bool is_working(OrderStatus s) {
  return s == OrderStatus::Open || s == OrderStatus::Pending || s == OrderStatus::PendingCancellation ||
         s == OrderStatus::Suspended;
}
constexpr Side opposite(Side s) {
  return s == Side::Buy ? Side::Sell : Side::Buy;
}
constexpr int sign(Side s) {
  return s == Side::Buy ? 1 : -1;
}

struct User {
  UserId id{};
  std::string name{};     // compared without regard to case
  std::string api_key{};  // compared exactly, by the server
  int login_refusal =
      0;  // not 0: loginKey answers this LoginErrorCode (7 agreements, 9 no subscription, 10 key disabled)
};

struct Account {
  AccountId id{};
  UserId user{};
  std::string name{};
  Decimal balance{};  // realised, net of fees and commissions; no open P&L
  bool can_trade = true;
  bool visible = true;
  bool active = true;     // left out by onlyActiveAccounts when false
  bool simulated = true;  // false: cancel and partial close are refused
  bool follower = false;  // true: cancel is refused
  BracketMode bracket_mode = BracketMode::Position;
  int max_size = 0;  // > 0: an order that could take one contract's position beyond it gets "Not enough margin."
};

struct Order {
  OrderId id{};
  AccountId account{};
  std::string contract{};  // contract id
  std::string symbol_id{};
  PaperTime created{};
  PaperTime updated{};  // last change that is not a fill
  OrderStatus status = OrderStatus::None;
  OrderType type = OrderType::Unknown;
  Side side = Side::Buy;
  int size = 0;
  int fill_volume = 0;
  std::optional<Decimal> limit_price{};
  std::optional<Decimal> stop_price{};
  std::optional<int> trail_distance{};    // ticks, signed on bracket children
  std::optional<Decimal> trail_price{};   // trail_distance × tick size: a distance, not a level
  std::optional<Decimal> filled_price{};  // average
  std::optional<std::string> custom_tag{};
  std::optional<OrderId> parent{};  // bracket children: the entry
  std::optional<OrderId> linked{};  // take-profit child: the stop child

  int remaining() const { return size - fill_volume; }
};

struct Trade {
  TradeId id{};
  AccountId account{};
  std::string contract{};
  PaperTime created{};
  Decimal price{};
  std::optional<Decimal> profit_and_loss{};  // gross; none on an opening half-turn
  Decimal fees{};                            // of the whole fill
  Decimal commissions{};
  Side side = Side::Buy;
  int size = 0;
  bool voided = false;
  OrderId order{};
};

struct Position {
  PositionId id{};  // a new one for each opening from flat
  AccountId account{};
  std::string contract{};
  std::string display_name{};
  PaperTime created{};  // of the opening
  PositionType type = PositionType::Undefined;
  int size = 0;             // ≥ 0; the direction is in `type`
  Decimal average_price{};  // may lie between ticks
};

// What is known of one contract's market. An absent price is not known yet.
struct Quote {
  std::string contract{};
  std::string symbol_id{};
  std::optional<Decimal> last{}, bid{}, ask{};
  std::optional<Decimal> open{}, high{}, low{};  // of the trading day
  std::optional<Decimal> change{};               // last − open of the day
  std::int64_t volume = 0;                       // contracts traded this trading day
  PaperTime updated{};
};

// Which members of the quote an update touched.
struct QuoteChange {
  bool last = false, bid = false, ask = false, open = false, high = false, low = false, change = false,
       volume = false;
};

struct Print {
  std::string contract{};
  std::string symbol_id{};
  Decimal price{};
  PaperTime time{};
  Side aggressor = Side::Buy;
  int volume = 1;
};

// One row of GatewayDepth; `type` is the wire's DomType.
enum class DomType { Unknown, Ask, Bid, BestAsk, BestBid, Trade, Reset, Low, High, NewBestBid, NewBestAsk, Fill };
struct DepthRow {
  PaperTime time{};
  DomType type = DomType::Unknown;
  Decimal price{};
  int volume = 0;
  int current_volume = 0;
};

struct Bar {
  PaperTime open_time{};
  Decimal open{}, high{}, low{}, close{};
  std::int64_t volume = 0;
};

}  // namespace paper
