// auth_loss_guard: the broker's own verdict. canTrade: false flattens and locks until it says true; at start-up too.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char* const kFlatten = "flatten because TRADING_REFUSED_BY_BROKER";
const char* const kLock = "lock account hard until the broker allows";

TEST(AuthLossGuard, FlattensAndLocksWhenTheBrokerTakesTheRightAway) {
  Desk desk{"auth_loss_guard: {}"};
  desk.fill(desk.mnq, 2, "21000");
  desk.can_trade(true);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.can_trade(false);
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock)) << "said twice by the broker, decided once";
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(AuthLossGuard, LocksAFlatAccountToo) {
  Desk desk{"auth_loss_guard: {}"};
  desk.can_trade(false);
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), IsEmpty());
}

TEST(AuthLossGuard, TheLockEndsWhenTheBrokerGivesTheRightBackAndOnlyThen) {
  Desk desk{"auth_loss_guard: {}"};
  desk.can_trade(false);
  desk.settle();
  desk.heard();
  desk.run_until(chicago("17:00:00") + 1h);
  EXPECT_THAT(desk.heard(), IsEmpty()) << "no reset ends it";
  desk.can_trade(true);
  EXPECT_THAT(desk.heard(), ElementsAre("unlock auth_loss_guard"));
  desk.fill(desk.mnq, 1, "21000");
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(AuthLossGuard, SeesItAtStartUp) {
  Desk desk{"auth_loss_guard: {}", DeskOptions{.connect = false}};
  desk.act([&](FakeAccount& account, FakeAccount::Told&) {
    FakeAccount::Told untold;
    account.set_last(desk.mnq, Price::parse("21000").value());
    account.market_order(desk.mnq, Lots{3}, desk.now, untold);
    account.set_can_trade(false, untold);
  });
  desk.quote(desk.mnq, "21000");
  desk.connect();
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(AuthLossGuard, KeepsTryingWhenTheBrokerRefusesTheClose) {
  Desk desk{"auth_loss_guard: {}"};
  desk.fill(desk.mnq, 2, "21000");
  desk.broker.halted = true;
  desk.can_trade(false);
  EXPECT_FALSE(desk.settle(1min));
  desk.broker.halted = false;
  EXPECT_TRUE(desk.settle(30s));
  EXPECT_TRUE(desk.account().flat());
}

TEST(AuthLossGuard, ALaggingReadDoesNotLiftTheLock) {
  Desk desk{"auth_loss_guard: {}", DeskOptions{.pace = {.stream_up = 1s}}};
  desk.broker.read_lag = 1500ms;
  desk.broker.remember(desk.now);
  desk.pass(5s);
  desk.can_trade(false);
  desk.heard();
  desk.pass(10s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_TRUE(desk.book().locks().account_hard_lock());
}

}  // namespace
}  // namespace rm::test
