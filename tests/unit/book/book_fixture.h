#pragma once
// An account book with two products, and short words for what happens to it.

#include "book/book.h"

namespace rm::test {

inline Price price(std::string_view text) {
  return Price::parse(text).value();
}
inline Money money(std::string_view text) {
  return Money::parse(text).value();
}
inline BrokerTime second(std::int64_t n) {
  return BrokerTime::from_seconds(1'788'200'000 + n);
}

struct BookFixture : ::testing::Test {
  static constexpr AccountId kAccount{26'001'234};
  ContractTable contracts;
  ContractId mnq = contracts.learn("CON.F.US.MNQ.U26", "MNQU6", 250'000'000, money("0.5"), true);
  ContractId es = contracts.learn("CON.F.US.EP.U26", "ESU6", 250'000'000, money("12.5"), true);
  TradingCalendar calendar{{second(-100'000), second(0), second(86'400), second(172'800)}};
  Book book{contracts, calendar, MarkKind::Last};
  AccountBook& account = book.add_account(kAccount);
  BrokerTime now = second(1000);
  std::uint64_t sequence = 0;

  Result<void> publish(RiskEventBody body) { return book.on_event(RiskEvent{std::move(body), now, 0, ++sequence}); }
  void pass(Duration duration) {
    now = now + duration;
    static_cast<void>(publish(TimePassed{}));
  }

  // An opening or closing fill, stamped now.
  Trade trade(std::int64_t id, ContractId contract, int signed_lots, std::string_view at,
              std::optional<std::string_view> profit = {}) {
    Trade made;
    made.id = TradeId{id};
    made.account = kAccount;
    made.contract = contract;
    made.side = signed_lots > 0 ? Side::Buy : Side::Sell;
    made.size = Lots{signed_lots}.magnitude();
    made.price = price(at);
    if (profit) made.profit_and_loss = money(*profit);
    made.fees = money("0.36");
    made.commissions = money("0.25");
    made.time = now;
    return made;
  }
  void fill(std::int64_t id, ContractId contract, int signed_lots, std::string_view at,
            std::optional<std::string_view> profit = {}) {
    ASSERT_TRUE(publish(TradeExecuted{trade(id, contract, signed_lots, at, profit)}));
  }
  void says(ContractId contract, int signed_lots, std::string_view average) {  // the broker's position message
    ASSERT_TRUE(publish(PositionUpdated{Position{kAccount, contract, Lots{signed_lots}, price(average), now}}));
  }
  void snapshot(std::vector<Position> positions, std::vector<Order> orders = {}, std::vector<Trade> trades = {},
                Duration taking = {}) {
    auto taken = std::make_shared<AccountSnapshot>();
    taken->info = {kAccount, money("50000"), true};
    taken->generation = Generation{1};
    taken->positions = std::move(positions);
    taken->working_orders = std::move(orders);
    taken->trades = std::move(trades);
    taken->requested_at = now;
    now = now + taking;
    ASSERT_TRUE(publish(SnapshotTaken{kAccount, taken}));
  }
  void synchronise(std::vector<Position> positions = {}) {
    ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
    snapshot(std::move(positions));
    now = now + std::chrono::seconds{10};
  }
  Position position(ContractId contract, int signed_lots, std::string_view average) {
    return Position{kAccount, contract, Lots{signed_lots}, price(average), now};
  }
  void read(std::vector<Position> positions, bool decisive, BrokerTime requested) {
    ASSERT_TRUE(publish(ReadBack{kAccount, std::make_shared<const std::vector<Position>>(std::move(positions)),
                                 nullptr, requested, decisive}));
  }
  int held(ContractId contract) const {
    const Holding* found = account.holding(contract);
    return found ? found->size.value() : 0;
  }
};

}  // namespace rm::test
