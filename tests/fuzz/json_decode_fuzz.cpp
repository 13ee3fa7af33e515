// Any bytes as the arguments of every hub call and as the answer to every request. Whatever comes: no crash, and
// nothing leaves the wire that is out of its range.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "event_bridge/event_bridge.h"
#include "projectx/suite/suite_manager.h"
#include "projectx/wire/fields.h"

namespace {

using namespace rm;
using namespace rm::projectx;

constexpr AccountId kAccount{26001234};

void require(bool holds) {
  if (!holds) std::abort();
}

bool fits(Price price) {
  return price.nanos() > -kMaxPrice * kNanosPerUnit && price.nanos() < kMaxPrice * kNanosPerUnit;
}
bool fits(Money money) {
  return money.nanos() >= -kMaxMoney * kNanosPerUnit && money.nanos() <= kMaxMoney * kNanosPerUnit;
}
bool fits(Lots lots) {
  return lots.magnitude() <= Lots{kMaxLots};
}
template <class T>
bool fits(const std::optional<T>& value) {
  return !value || fits(*value);
}

struct Check {
  void operator()(const AccountUpdated& e) const { require(e.info.account == kAccount && fits(e.info.balance)); }
  void operator()(const OrderUpdated& e) const { one(e.order); }
  void operator()(const PositionUpdated& e) const { one(e.position); }
  void operator()(const TradeExecuted& e) const { one(e.trade); }
  void operator()(const QuoteUpdated& e) const { require(fits(e.last) && fits(e.bid) && fits(e.ask)); }
  template <class Other>
  void operator()(const Other&) const {
    std::abort();  // the hub says nothing else
  }

  static void one(const Order& o) {
    require(o.id.value() > 0 && o.account == kAccount && o.size > Lots{} && fits(o.size) && o.filled >= Lots{} &&
            o.filled <= o.size);
    require(o.status <= OrderStatus::Suspended && o.type <= OrderType::JoinAsk && o.side <= Side::Sell &&
            fits(o.limit_price) && fits(o.stop_price));
  }
  static void one(const Position& p) { require(p.account == kAccount && fits(p.size) && fits(p.average_price)); }
  static void one(const Trade& t) {
    require(t.id.value() > 0 && t.account == kAccount && t.size > Lots{} && fits(t.size) && fits(t.price) &&
            fits(t.profit_and_loss));
    require(fits(t.fees) && fits(t.commissions) && t.side <= Side::Sell);
  }
};

void as_hub_calls(std::string_view text) {
  ContractTable contracts;
  contracts.intern("CON.F.US.MNQ.U26");
  EventBridge bridge{contracts};
  bridge.watch(kAccount);
  const auto bytes = std::make_unique<char[]>(text.size() + kPadding);
  text.copy(bytes.get(), text.size());
  for (const Hub hub : {Hub::User, Hub::Market}) {
    for (int target = 0; target <= static_cast<int>(HubTarget::Logout); ++target) {
      const PaddedSpan arguments{bytes.get(), text.size()};
      for (const RiskEvent& event : bridge.on_hub_record(hub, static_cast<HubTarget>(target), arguments,
                                                         BrokerTime::from_seconds(1'788'000'000), 1)) {
        std::visit(Check{}, event.body);
      }
    }
  }
}

class Silent final : public RestTransport {
 public:
  void post(std::string_view, std::string_view, Priority, RequestCookie cookie) override { last = cookie; }
  void decline(RequestCookie, std::string_view) override { std::abort(); }
  RequestCookie last = 0;
};

void as_answers(std::string_view text) {
  ContractTable contracts;
  const ContractId mnq = contracts.intern("CON.F.US.MNQ.U26");
  Silent transport;
  SuiteManager manager{contracts, transport};
  (void)manager.add_account(SuiteManager::first_session(), kAccount);
  const BrokerAsk asks[] = {ClosePosition{mnq},
                            ReducePosition{mnq, Lots{1}},
                            CancelOrder{OrderId{1}},
                            ModifyStop{OrderId{1}, Price{}},
                            PlaceStop{mnq, Side::Sell, Lots{1}, Price{}, StopTag{1}},
                            ResizeOrder{OrderId{1}, Lots{1}},
                            ReadPositions{},
                            ReadWorkingOrders{},
                            ReadTrades{},
                            ReadAccount{}};
  HttpResult result;
  result.status = 200;
  result.body = text;
  for (const BrokerAsk& ask : asks) {
    manager.send({RequestId{1}, kAccount, ask});
    std::optional<BrokerReply> reply;
    for (int posts = 0; !reply; ++posts) {
      require(posts < 200);  // a paged read ends
      reply = manager.on_http(transport.last, result);
    }
    if (const auto* orders = std::get_if<std::vector<Order>>(&reply->payload))
      std::ranges::for_each(*orders, [](const Order& o) { Check::one(o); });
    if (const auto* trades = std::get_if<std::vector<Trade>>(&reply->payload))
      std::ranges::for_each(*trades, [](const Trade& t) { Check::one(t); });
    if (const auto* positions = std::get_if<std::vector<Position>>(&reply->payload))
      std::ranges::for_each(*positions, [](const Position& p) { Check::one(p); });
    require(is_read(ask) || std::holds_alternative<std::monostate>(reply->payload));
  }
  ReplyReader reader;
  (void)read_login(reader, text);
  (void)read_validation(reader, text);
  (void)read_accounts(reader, text);
  (void)read_contracts(reader, text);
  (void)read_contract_by_id(reader, text);
  (void)read_place(reader, text);
  (void)read_token_expiry(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  as_hub_calls(text);
  as_answers(text);
  return 0;
}
