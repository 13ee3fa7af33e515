// R40: what the broker says, against locks, size limits and finished enforcements, by words of the broker alone.
#include "standing_check_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(StandingCheckTest, WhatALockForbidsAndAReadShowsAfterTheGraceIsAnIncident) {
  lock_account();
  EXPECT_THAT(hear(PositionUpdated{position(desk.mnq, 2)}), IsEmpty());
  EXPECT_EQ(check.next_look(), now + StandingCheck::kGrace);
  now = now + StandingCheck::kGrace;
  EXPECT_THAT(hear(TimePassed{}), IsEmpty()) << "only the stream says so";
  EXPECT_TRUE(check.take_read_wish());
  EXPECT_FALSE(check.take_read_wish()) << "once";
  now = now + 100ms;
  const auto found = read({position(desk.mnq, 2)});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].rule, StandingCheck::kName);
  EXPECT_EQ(found[0].reason, (Reason{PostConditionBroken{std::nullopt, Lots{2}, {}, 0}}));
  EXPECT_TRUE(found[0].goal.account_flat);
  EXPECT_EQ(check.incidents(), 1U);
  EXPECT_THAT(hear(TimePassed{}), SizeIs(1)) << "as long as it stands";
  EXPECT_EQ(check.incidents(), 1U) << "and it is one";
}

TEST_F(StandingCheckTest, WhatTheStreamOnlySeemedToSayIsNone) {
  lock_account();
  hear(PositionUpdated{position(desk.mnq, 2)});
  hear(OrderUpdated{order(desk.es)});
  now = now + StandingCheck::kGrace;
  hear(TimePassed{});
  EXPECT_THAT(read({}), IsEmpty());
  now = now + 1h;
  EXPECT_THAT(hear(TimePassed{}), IsEmpty());
  EXPECT_EQ(check.incidents(), 0U);
}

TEST_F(StandingCheckTest, WhatSomethingUnderWayUndoesIsNone) {
  lock_account();
  under_way.add(EnforcementId{1}, flat_account());
  read({position(desk.mnq, 2)});
  now = now + 1min;
  EXPECT_THAT(read({position(desk.mnq, 2)}), IsEmpty());
  under_way.remove(EnforcementId{1});
  EXPECT_THAT(read({position(desk.mnq, 2)}), IsEmpty()) << "the grace begins now";
  now = now + StandingCheck::kGrace;
  EXPECT_THAT(read({position(desk.mnq, 2)}), SizeIs(1));
}

TEST_F(StandingCheckTest, AnOrderIsAgainstALockTooAndASymbolLockIsAboutItsSymbol) {
  lock_symbol(desk.mnq);
  read({position(desk.es, 3)}, {order(desk.es, 8)});
  now = now + 1min;
  EXPECT_THAT(read({position(desk.es, 3)}, {order(desk.es, 8)}), IsEmpty());
  read({}, {order(desk.mnq)});
  now = now + 1min;
  const auto found = read({}, {order(desk.mnq)});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].goal, flat_contract(desk.mnq));
}

TEST_F(StandingCheckTest, UnderAnEntryLockWhatIsOpenMayStayAndShrinkButNotGrow) {
  lock_account(LockKind::Entry);
  now = now + 10s;
  for (const int size : {3, 2}) {
    EXPECT_THAT(read({position(desk.mnq, size)}), IsEmpty());
    now = now + 1min;
    EXPECT_THAT(read({position(desk.mnq, size)}), IsEmpty());
  }
  read({position(desk.mnq, 3)});
  now = now + 1min;
  const auto found = read({position(desk.mnq, 3)});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].goal, at_most(desk.mnq, Lots{2}));
}

TEST_F(StandingCheckTest, SizesAreHeldToTheLimitsOfTheConfiguration) {
  check.set_limits(
      size_limits(rules_from("max_contracts: {max_contracts: 5}, "
                             "max_contracts_per_instrument: {limits: {MNQ: 2}}, symbol_blocks: {symbols: [ES]}")));
  const std::vector<Position> fine{position(desk.mnq, 2), position(desk.nq, -3)};
  read(fine);
  now = now + 1min;
  EXPECT_THAT(read(fine), IsEmpty());
  const std::vector<Position> too_much{position(desk.mnq, 3), position(desk.nq, -3), position(desk.es, 1)};
  read(too_much);
  now = now + 1min;
  std::vector<Goal> goals;
  for (const Violation& found : read(too_much)) goals.push_back(found.goal);
  EXPECT_THAT(goals, testing::UnorderedElementsAre(at_most(desk.mnq, Lots{2}), at_most(desk.es, Lots{0})))
      << "and with that the account is within its limit";
}

TEST_F(StandingCheckTest, WhatAnEnforcementUnderWayWillLeaveCountsNotWhatIsHeld) {
  check.set_limits({.account = 5});
  under_way.add(EnforcementId{1}, at_most(desk.nq, Lots{1}));
  read({position(desk.nq, 6), position(desk.mnq, 4)});
  now = now + 1min;
  EXPECT_THAT(read({position(desk.nq, 6), position(desk.mnq, 4)}), IsEmpty());
}

TEST_F(StandingCheckTest, ARuleThatFindsTheSameByTheSameReadGoesFirstOnce) {
  check.set_limits({.account = 5});
  read({position(desk.nq, 6)});
  now = now + 1min;
  found_by_rules = {{"max_contracts", SizeAboveMax{}, at_most(desk.nq, Lots{5}), {}}};
  EXPECT_THAT(read({position(desk.nq, 6)}), IsEmpty());
  EXPECT_EQ(check.next_look(), now + 1s);
  EXPECT_EQ(check.incidents(), 0U);
  EXPECT_THAT(hear(TimePassed{}), SizeIs(1)) << "it did not act";
}

TEST_F(StandingCheckTest, ARuleThatFindsSomethingElseDoesNot) {
  check.set_limits({.account = 5});
  lock_symbol(desk.es);
  const std::vector<Position> held{position(desk.nq, 6)};
  read(held, {order(desk.es)});
  now = now + 1min;
  found_by_rules = {{"max_contracts", SizeAboveMax{}, at_most(desk.nq, Lots{6}), {}},
                    {"daily_unrealized_loss", SizeAboveMax{}, flat_contract(desk.mnq), {}},
                    {"max_contracts", OrderWouldBreach{}, Goal{false, {}, {OrderId{8}}}, {}}};
  EXPECT_THAT(read(held, {order(desk.es)}), SizeIs(2));
}

TEST_F(StandingCheckTest, WhatAFinishedEnforcementHadRemovedMayNotStillBeThere) {
  Order left = order(desk.es);
  left.created = now - 1min;
  check.on_finished(flat_account(), now, now);
  read({position(desk.mnq, 2)}, {left});
  now = now + StandingCheck::kGrace;
  const auto found = read({position(desk.mnq, 2)}, {left});
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].goal, flat_contract(desk.mnq));
  EXPECT_THAT(found[1].goal.orders_gone, testing::ElementsAre(OrderId{7}));
}

TEST_F(StandingCheckTest, WhatIsOpenedAfterAnEnforcementIsTheTraders) {
  check.on_finished(flat_account(), now, now);
  opened = now + 1s;
  Order fresh = order(desk.es);
  fresh.created = opened;
  read({position(desk.mnq, 2)}, {fresh});
  now = now + StandingCheck::kGrace;
  EXPECT_THAT(read({position(desk.mnq, 2)}, {fresh}), IsEmpty());
}

// Reads lag: the one that showed the goal was asked for after the trader had opened something, and did not show it.
TEST_F(StandingCheckTest, WhatIsOpenedWhileAnEnforcementIsBeingVerifiedIsTheTraders) {
  const BrokerTime decided = now;
  opened = decided + 2500ms;
  Order fresh = order(desk.es);
  fresh.created = opened;
  now = decided + 3s;
  read({});
  check.on_finished(flat_account(), decided, now);
  EXPECT_THAT(incidents({position(desk.mnq, 2)}, {fresh}), IsEmpty());
}

TEST_F(StandingCheckTest, WhatTheReadsOfALongEnforcementMustHaveShownIsNot) {
  const BrokerTime decided = now;
  opened = decided + 500ms;
  now = decided + 3s;
  read({});
  check.on_finished(flat_account(), decided, now);
  EXPECT_THAT(incidents({position(desk.mnq, 2)}), testing::ElementsAre(flat_contract(desk.mnq)));
}

TEST_F(StandingCheckTest, TheFillThatWasToCloseItDoesNotSayThatItIsNew) {
  desk.fill(desk.mnq, 2, "21000");
  const BrokerTime decided = desk.now;
  opened = decided;
  desk.pass(1s);
  desk.fill(desk.mnq, -2, "21000");
  now = desk.now;
  check.on_finished(flat_account(), decided, now);
  EXPECT_THAT(incidents({position(desk.mnq, 2)}), testing::ElementsAre(flat_contract(desk.mnq)));
}

TEST_F(StandingCheckTest, AFillSinceSaysThatAPositionIsNewWhateverItsDate) {
  check.on_finished(flat_account(), now, now);
  desk.pass(1s);
  desk.fill(desk.mnq, 2, "21000");
  read({position(desk.mnq, 2)});
  now = now + 1min;
  EXPECT_THAT(read({position(desk.mnq, 2)}), IsEmpty());
}

// With everything in its place the check has nothing to say.
TEST(StandingCheckBeside, RulesAndLockPoliceItIsSilent) {
  Desk desk{"daily_loss: {max_loss: -1000.00}, max_contracts: {max_contracts: 5}"};
  desk.fill(desk.mnq, 8, "21000");
  desk.pass(2min);
  desk.quote(desk.mnq, "20800");
  desk.pass(2min);
  desk.fill(desk.es, 1, "6300");
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20000");
  desk.pass(2min);
  EXPECT_TRUE(desk.account().flat());
  EXPECT_GT(desk.guard().strikes(), 0U);
  EXPECT_EQ(desk.guard().incidents(), 0U);
}

}  // namespace
}  // namespace rm::test
