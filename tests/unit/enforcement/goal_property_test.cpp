// Whatever a trader and the network do: when enforcement is through, the broker's account is in the goal state.
#include <rapidcheck.h>

#include <cstdlib>

#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

// A few days each time, so that the suite stays quick; RC_PARAMS=max_success=5000 runs as many as wanted.
const bool kFew = ::setenv("RC_PARAMS", "max_success=25", 0) == 0;

void trade_at_random(Desk& desk, int steps) {
  for (int i = 0; i < steps; ++i) {
    const ContractId contract = *rc::gen::element(desk.mnq, desk.es);
    const std::int64_t base = contract == desk.mnq ? 21'000 : 6'300;
    const std::string price = std::to_string(base + *rc::gen::inRange(-30, 30)) + ".25";
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
      case 1:
        desk.fill(contract, *rc::gen::element(-3, -2, -1, 1, 2, 3), price);
        break;
      case 2:
        desk.quote(contract, price);
        break;
      case 3:
        desk.order(contract, OrderType::Limit, *rc::gen::element(Side::Buy, Side::Sell), *rc::gen::inRange(1, 4),
                   price);
        break;
      case 4:
        desk.order(contract, OrderType::Stop, *rc::gen::element(Side::Buy, Side::Sell), *rc::gen::inRange(1, 4),
                   price);
        break;
      default:
        desk.pass(std::chrono::milliseconds{*rc::gen::inRange(1, 800)});
        break;
    }
  }
}

void random_faults(Desk& desk, bool of_the_stream = true) {
  const auto faults = *rc::gen::container<std::vector<std::pair<std::uint8_t, std::uint8_t>>>(
      rc::gen::arbitrary<std::pair<std::uint8_t, std::uint8_t>>());
  for (const auto& [request, fault] : faults) {
    const Fault chosen = kAllFaults[fault % std::size(kAllFaults)];
    const bool silences = chosen == Fault::SilentStream || chosen == Fault::LateStream;
    if (of_the_stream || !silences) desk.broker.faults[desk.broker.sent.size() + 1 + request % 60] = chosen;
  }
  desk.broker.stream_after = *rc::gen::element<Duration>(1ms, 5ms, 60ms, 400ms);
  desk.broker.answer_after = *rc::gen::element<Duration>(1ms, 20ms, 300ms);
  desk.broker.read_lag = *rc::gen::element<Duration>(0ms, 0ms, 300ms, 1900ms);
  desk.broker.remember(desk.now);
}

TEST(GoalProperty, ALockedAccountEndsFlat) {
  EXPECT_TRUE(rc::check("flat once the broker has taken the right to trade away", [] {
    Desk desk{"auth_loss_guard: {}"};
    random_faults(desk);
    trade_at_random(desk, *rc::gen::inRange(1, 12));
    desk.can_trade(false);
    trade_at_random(desk, *rc::gen::inRange(0, 6));
    desk.broker.faults.clear();
    desk.pass(2min);
    RC_ASSERT(desk.settle());
    RC_ASSERT(desk.account().flat());
    RC_ASSERT(desk.book().flat());
  }));
}

TEST(GoalProperty, ALimitedAccountEndsWithinItsLimit) {
  EXPECT_TRUE(rc::check("never above the limit, and the book knows what is held", [] {
    Desk desk{"max_contracts: {max_contracts: 4}"};
    random_faults(desk);
    trade_at_random(desk, *rc::gen::inRange(1, 15));
    desk.broker.faults.clear();
    desk.pass(3min);
    RC_ASSERT(desk.settle());
    const Lots held = desk.account().held(desk.mnq).magnitude() + desk.account().held(desk.es).magnitude();
    RC_ASSERT(held <= Lots{4});
    RC_ASSERT(desk.book().gross_size() == held);
    RC_ASSERT(!desk.book().disputed());
  }));
}

// A stream that looks healthy and hides a fifth of its messages.
void hide_some_messages(Desk& desk, bool trades_too) {
  const auto hidden =
      *rc::gen::container<std::vector<bool>>(97, rc::gen::weightedElement<bool>({{4, false}, {1, true}}));
  std::size_t next = 0;
  desk.broker.lose = [hidden, next, trades_too](const RiskEventBody& event) mutable {
    return (trades_too || !std::holds_alternative<TradeExecuted>(event)) && hidden[next++ % hidden.size()];
  };
}

int buy_and_buy(Desk& desk) {
  int bought = 0;
  const int steps = *rc::gen::inRange(1, 12);
  for (int i = 0; i < steps; ++i) {
    const int lots = *rc::gen::inRange(1, 4);
    desk.fill(desk.mnq, lots, "21000.25");
    bought += lots;
    desk.pass(std::chrono::milliseconds{*rc::gen::element(1, 20, 200, 3000)});
  }
  return bought;
}

TEST(GoalProperty, WhateverTheStreamHidesTheLimitHoldsInTheEnd) {
  EXPECT_TRUE(rc::check("within the limit, and the book knows what the broker holds", [] {
    Desk desk{"max_contracts: {max_contracts: 4}"};
    random_faults(desk);
    hide_some_messages(desk, true);
    buy_and_buy(desk);
    desk.pass(5min);
    RC_ASSERT(desk.settle());
    RC_ASSERT(desk.account().held(desk.mnq) <= Lots{4});
    RC_ASSERT(desk.book().gross_size() == desk.account().held(desk.mnq));
  }));
}

TEST(GoalProperty, NeverALotTooManyIsCutAsLongAsFillsAreTold) {
  EXPECT_TRUE(rc::check("a trader who only buys is left with exactly the limit", [] {
    Desk desk{"max_contracts: {max_contracts: 4}"};
    random_faults(desk, false);
    hide_some_messages(desk, false);
    const int bought = buy_and_buy(desk);
    desk.pass(5min);
    RC_ASSERT(desk.settle());
    RC_ASSERT(desk.account().held(desk.mnq) == Lots{std::min(bought, 4)});
  }));
}

}  // namespace
}  // namespace rm::test
