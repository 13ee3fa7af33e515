// Clocks of rules: told when they change, gone on with after a restart, kept when the rules are replaced.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;

constexpr const char* kRule = "no_stop_loss_grace";
constexpr const char* kTenSeconds = "no_stop_loss_grace: {grace: 10s}";

// A program that starts while two lots of MNQ are open; what the store knew is handed over before it connects.
struct Restarted {
  explicit Restarted(const char* rules = kTenSeconds, bool with_stop = false)
      : desk{rules, DeskOptions{.stale_after = 24h, .connect = false}} {
    desk.broker.stream_up = false;
    desk.now = chicago("09:30:00");
    opened = desk.now;
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.set_last(desk.mnq, Price::parse("21000").value());
      account.market_order(desk.mnq, Lots{2}, desk.now, told);
    });
    if (with_stop) desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20950");
    desk.publish(QuoteUpdated{desk.mnq, Price::parse("21000").value(), std::nullopt, std::nullopt});
    desk.now = opened + 60s;
  }
  Desk desk;
  BrokerTime opened;
};

TEST(Clocks, AreToldWhenTheyStartAndWhenTheyStop) {
  Desk desk{kTenSeconds};
  EXPECT_THAT(desk.clocks, IsEmpty());
  desk.fill(desk.mnq, 1, "21000");
  const BrokerTime since = desk.now;
  EXPECT_THAT(desk.clocks[kRule], ElementsAre(RunningClock{desk.mnq, since}));
  desk.pass(3s);
  desk.fill(desk.es, 1, "6300");
  EXPECT_THAT(desk.clocks[kRule], ElementsAre(RunningClock{desk.mnq, since}, RunningClock{desk.es, desk.now}));
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  desk.order(desk.es, OrderType::Stop, Side::Sell, 1, "6250");
  EXPECT_THAT(desk.clocks[kRule], IsEmpty());
}

TEST(Clocks, AreNotToldAgainWhileNothingChanges) {
  Desk desk{kTenSeconds};
  desk.fill(desk.mnq, 1, "21000");
  desk.clocks.clear();
  desk.quote(desk.mnq, "21001");
  desk.order(desk.mnq, OrderType::Limit, Side::Sell, 1, "21100");
  desk.pass(5s);
  EXPECT_THAT(desk.clocks, IsEmpty());
}

TEST(Clocks, GoOnAfterARestart) {
  Restarted again;
  const BrokerTime since = again.desk.now - 6s;
  EXPECT_TRUE(again.desk.engine().restore_clock(again.desk.main_account(), kRule, {again.desk.mnq, since}));
  again.desk.connect();
  again.desk.run_until(since + 10s - 1ns);
  EXPECT_THAT(again.desk.heard(), IsEmpty());
  again.desk.run_until(since + 10s);
  EXPECT_THAT(again.desk.heard(), ElementsAre("close MNQ because WITHOUT_STOP"));
}

TEST(Clocks, WithoutOneTheGraceBeginsWithTheStart) {
  Restarted again;
  again.desk.connect();
  again.desk.pass(9s);
  EXPECT_THAT(again.desk.heard(), IsEmpty());
  again.desk.pass(2s);
  EXPECT_THAT(again.desk.heard(), ElementsAre("close MNQ because WITHOUT_STOP"));
}

TEST(Clocks, OneThatRanOutMeanwhileActsWithTheFirstSnapshot) {
  Restarted again;
  again.desk.engine().restore_clock(again.desk.main_account(), kRule, {again.desk.mnq, again.desk.now - 40s});
  again.desk.connect();
  again.desk.pass(1s);
  EXPECT_THAT(again.desk.heard(), ElementsAre("close MNQ because WITHOUT_STOP"));
  EXPECT_TRUE(again.desk.settle());
  EXPECT_TRUE(again.desk.account().flat());
  EXPECT_THAT(again.desk.clocks[kRule], IsEmpty());
}

TEST(Clocks, APositionThatWasOpenedWhileTheProgramWasDownHasItsOwn) {
  Restarted again;
  const BrokerTime before = again.opened - 300s;
  again.desk.engine().restore_clock(again.desk.main_account(), kRule, {again.desk.mnq, before});
  again.desk.now = again.opened + 4s;
  again.desk.connect();
  again.desk.run_until(again.opened + 10s - 1ns);
  EXPECT_THAT(again.desk.heard(), IsEmpty());
  again.desk.run_until(again.opened + 10s);
  EXPECT_THAT(again.desk.heard(), ElementsAre("close MNQ because WITHOUT_STOP"));
}

TEST(Clocks, OneThatEndedMeanwhileIsToldToHaveEnded) {
  Restarted again{kTenSeconds, true};
  const AccountId account = again.desk.main_account();
  again.desk.engine().restore_clock(account, kRule, {again.desk.mnq, again.desk.now - 40s});
  again.desk.engine().restore_clock(account, kRule, {again.desk.es, again.desk.now - 40s});  // closed by now
  again.desk.connect();
  again.desk.pass(60s);
  EXPECT_THAT(again.desk.heard(), IsEmpty());
  ASSERT_THAT(again.desk.clocks, Contains(Key(kRule)));
  EXPECT_THAT(again.desk.clocks[kRule], IsEmpty());
}

TEST(Clocks, OfARuleThatIsGoneAreNotTaken) {
  Restarted again{"max_contracts: {max_contracts: 5}"};
  EXPECT_FALSE(again.desk.engine().restore_clock(again.desk.main_account(), kRule, {again.desk.mnq, again.desk.now}));
  EXPECT_FALSE(again.desk.engine().restore_clock(AccountId{5}, "max_contracts", {again.desk.mnq, again.desk.now}));
}

TEST(Clocks, GoOnUnderOtherRules) {
  Desk desk{kTenSeconds};
  desk.fill(desk.mnq, 1, "21000");
  const BrokerTime since = desk.now;
  desk.pass(5s);
  desk.engine().replace_rules(desk.main_account(), rules_from("no_stop_loss_grace: {grace: 20s}"));
  desk.run_until(since + 20s - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.run_until(since + 20s);
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because WITHOUT_STOP"));
}

TEST(Clocks, EndWithTheirRule) {
  Desk desk{kTenSeconds};
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.clocks[kRule], Not(IsEmpty()));
  desk.engine().replace_rules(desk.main_account(), rules_from("max_contracts: {max_contracts: 5}"));
  EXPECT_THAT(desk.clocks[kRule], IsEmpty());
}

}  // namespace
}  // namespace rm::test
