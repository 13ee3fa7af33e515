#pragma once

#include <optional>
#include <string>
#include <vector>

#include "paper_gateway/exchange/entities.h"

namespace paper {

struct BracketLeg {
  int ticks = 0;  // signed offset from the fill price
  OrderType type = OrderType::Unknown;
};

struct PlaceRequest {
  AccountId account{};
  std::string contract{};  // contract id
  OrderType type = OrderType::Market;
  Side side = Side::Buy;
  int size = 0;
  std::optional<Decimal> limit_price{};
  std::optional<Decimal> stop_price{};
  std::optional<Decimal> trail_price{};  // an absolute level
  std::optional<std::string> custom_tag{};
  std::optional<BracketLeg> stop_loss{};
  std::optional<BracketLeg> take_profit{};
};

struct ModifyRequest {  // absent members stay as they are
  AccountId account{};
  OrderId order{};
  std::optional<int> size{};
  std::optional<Decimal> limit_price{};
  std::optional<Decimal> stop_price{};
  std::optional<Decimal> trail_price{};  // an absolute level, without the maximum check of a placement
};

// The numbers of `code` are the endpoint's own errorCode values; 0 is success.
struct Outcome {
  int code = 0;
  std::optional<std::string> message{};
  bool ok() const { return code == 0; }
};
struct PlaceOutcome : Outcome {
  std::optional<OrderId> order{};  // also set for recorded rejections (code 2)
};

namespace codes {
enum Void { kVoidAccountNotFound = 1, kVoidTradeNotFound };
enum Place {
  kPlaceAccountNotFound = 1,
  kPlaceRejected,
  kPlaceInsufficientFunds,
  kPlaceAccountViolation,
  kPlaceOutsideTradingHours,
  kPlacePending,
  kPlaceUnknown,
  kPlaceContractNotFound,
  kPlaceContractNotActive,
  kPlaceAccountRejected
};
enum Modify {
  kModifyAccountNotFound = 1,
  kModifyOrderNotFound,
  kModifyRejected,
  kModifyPending,
  kModifyUnknown,
  kModifyAccountRejected,
  kModifyContractNotFound
};
enum Cancel {
  kCancelAccountNotFound = 1,
  kCancelOrderNotFound,
  kCancelRejected,
  kCancelPending,
  kCancelUnknown,
  kCancelAccountRejected
};
enum Close {
  kCloseAccountNotFound = 1,
  kClosePositionNotFound,
  kCloseContractNotFound,
  kCloseContractNotActive,
  kCloseOrderRejected,
  kCloseOrderPending,
  kCloseUnknown,
  kCloseAccountRejected
};
enum PartialClose {
  kPartialAccountNotFound = 1,
  kPartialPositionNotFound,
  kPartialContractNotFound,
  kPartialContractNotActive,
  kPartialInvalidSize,
  kPartialOrderRejected,
  kPartialOrderPending,
  kPartialUnknown,
  kPartialAccountRejected
};
enum Bars { kBarsContractNotFound = 1, kBarsUnitInvalid, kBarsUnitNumberInvalid, kBarsLimitInvalid };
}  // namespace codes

struct OrderQuery {
  AccountId account{};
  std::vector<OrderStatus> statuses{};  // empty: all, Suspended included
  std::optional<std::string> contract{};
  std::optional<PaperTime> created_after{};   // inclusive
  std::optional<PaperTime> created_before{};  // inclusive
  int page_size = 50;                         // 1 – 500
  int page_offset = 0;                        // rows from 0
  bool sort_by_id = false;                    // else by creation
  bool descending = false;
};
struct OrderPage {
  std::vector<Order> orders{};
  int total = 0;  // of all pages
};

enum class BarUnit { Unspecified, Second, Minute, Hour, Day, Week, Month, Tick };
struct BarQuery {
  std::string contract{};
  PaperTime from{}, to{};
  int unit = 0;         // as received; checked here
  int unit_number = 0;  // ≥ 1
  int limit = 0;        // 1 – 20000
  bool include_partial = false;
};
struct BarsOutcome : Outcome {
  std::vector<Bar> bars{};  // newest first
};

struct PriceUpdate {
  std::string contract{};         // contract id
  std::optional<Decimal> last{};  // alone it also puts the touch there: ask = last, bid = one tick below
  std::optional<Decimal> bid{};
  std::optional<Decimal> ask{};
  int volume = 1;                   // of the print that `last` makes; 0 makes none
  std::optional<Side> aggressor{};  // default: from where the last price lies in the touch
};

// Trading stops and orders are refused until it is over.
enum class HaltKind {
  Closed,    // quotes flow on, as after the firm's flat time
  Velocity,  // prices stand still, and orders on their way to the market are cancelled
  Outage,    // prices stand still, and orders wait
};
struct HaltRequest {
  HaltKind kind = HaltKind::Closed;
  std::string contract{};  // contract id; empty: every one
  Nanos length{0};         // 0: what is halted goes on now
};

struct AccountChange {  // absent members stay as they are
  std::optional<bool> can_trade{}, visible{}, active{}, simulated{}, follower{};
  std::optional<Decimal> balance{};
  std::optional<BracketMode> bracket_mode{};
  std::optional<int> max_size{};
};

}  // namespace paper
