// R40: orders and positions under an entry lock, as the broker shows them. What could be protection is left alone.
#include "standing_check_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StandingEntryLock : public StandingCheckTest {
 protected:
  void SetUp() override { lock_account(LockKind::Entry); }
  static Order made(ContractId contract, OrderType type, Side side, int lots, std::int64_t id = 7) {
    Order out = order(contract, id);
    out.type = type;
    out.side = side;
    out.size = Lots{lots};
    return out;
  }
  static Goal gone(std::int64_t id) { return Goal{false, {}, {OrderId{id}}}; }
  const std::vector<Position> long_and_short{position(desk.mnq, 2), position(desk.es, -2)};
  // Stands for as long as you like.
  std::vector<Goal> in_the_end(const std::vector<Position>& positions, const std::vector<Order>& orders) {
    incidents(positions, orders);
    now = now + 1h;
    return incidents(positions, orders);
  }
};

TEST_F(StandingEntryLock, AnOrderThatWouldAddIsCancelledAndNothingElse) {
  for (const OrderType type : {OrderType::Limit, OrderType::Stop, OrderType::Market, OrderType::TrailingStop}) {
    EXPECT_THAT(
        in_the_end(long_and_short, {made(desk.mnq, type, Side::Buy, 1), made(desk.es, type, Side::Sell, 1, 8)}),
        ElementsAre(gone(7), gone(8)));
  }
}

TEST_F(StandingEntryLock, AnOrderThatWouldOpenIsCancelled) {
  EXPECT_THAT(in_the_end({position(desk.mnq, 2)}, {made(desk.es, OrderType::Limit, Side::Buy, 1),
                                                   made(desk.nq, OrderType::Stop, Side::Sell, 1, 8)}),
              ElementsAre(gone(7), gone(8)));
}

TEST_F(StandingEntryLock, WhatIsOnTheClosingSideIsLeftAloneHoweverLarge) {
  for (const OrderType type : {OrderType::Limit, OrderType::Stop, OrderType::Market, OrderType::StopLimit}) {
    EXPECT_THAT(
        in_the_end(long_and_short, {made(desk.mnq, type, Side::Sell, 9), made(desk.es, type, Side::Buy, 9, 8)}),
        IsEmpty());
  }
}

TEST_F(StandingEntryLock, ChildrenOfABracketAndStopsOfThisProgramAreLeftAlone) {
  Order child = made(desk.mnq, OrderType::Limit, Side::Sell, 1, 8),
        nameless = made(desk.es, OrderType::Stop, Side::Sell, 1, 9),
        own = made(desk.nq, OrderType::Stop, Side::Sell, 1, 10);
  child.parent = OrderId{3};
  nameless.status = OrderStatus::Suspended;
  own.tag = StopTag{1};
  EXPECT_THAT(in_the_end({}, {child, nameless, own}), IsEmpty());
}

TEST_F(StandingEntryLock, AStopBesideAnEntryMayBeItsProtection) {
  const Order entry = made(desk.mnq, OrderType::Limit, Side::Buy, 1),
              stop = made(desk.mnq, OrderType::Stop, Side::Sell, 1, 8);
  EXPECT_THAT(in_the_end({}, {entry, stop}), ElementsAre(gone(7)));
  EXPECT_THAT(in_the_end({}, {stop}), ElementsAre(gone(8))) << "alone it would open";
}

TEST_F(StandingEntryLock, AnEntryIsNotTakenForTheProtectionOfItsOwnBracket) {
  const Order entry = made(desk.mnq, OrderType::Stop, Side::Buy, 1);
  Order child = made(desk.mnq, OrderType::Stop, Side::Sell, 1, 8), nameless = child;
  child.parent = entry.id;
  nameless.id = OrderId{9};
  nameless.status = OrderStatus::Suspended;
  EXPECT_THAT(in_the_end({}, {entry, child, nameless}), ElementsAre(gone(7)));
}

TEST_F(StandingEntryLock, AStopWhosePositionTheStreamHidesIsLeftAlone) {
  const Order stop = made(desk.mnq, OrderType::Stop, Side::Sell, 2);
  hear(OrderUpdated{stop});
  now = now + StandingCheck::kGrace;
  EXPECT_THAT(hear(TimePassed{}), IsEmpty());
  EXPECT_TRUE(check.take_read_wish());
  EXPECT_THAT(read({position(desk.mnq, 2)}, {stop}), IsEmpty());
}

TEST_F(StandingEntryLock, AnOrderOfAnotherSymbolThanTheLocksIsLeftAlone) {
  desk.book().locks().expire(now + 24h, true);
  ASSERT_THAT(desk.book().locks().all(), IsEmpty());
  desk.book().locks().add(lock(LockKind::Entry, desk.contracts.at(desk.es).symbol, now));
  EXPECT_THAT(in_the_end({}, {made(desk.mnq, OrderType::Limit, Side::Buy, 1)}), IsEmpty());
}

TEST_F(StandingEntryLock, UnderAHardLockTooTheHardOneIsTheIncident) {
  lock_account();
  EXPECT_THAT(in_the_end({}, {made(desk.mnq, OrderType::Limit, Side::Buy, 1)}), ElementsAre(flat_account()));
}

TEST_F(StandingEntryLock, WhatSomethingUnderWayCancelsIsNone) {
  under_way.add(EnforcementId{1}, gone(7));
  EXPECT_THAT(in_the_end({}, {made(desk.mnq, OrderType::Limit, Side::Buy, 1)}), IsEmpty());
}

// What was opened under the lock was not open when it began, and may not stay because nobody had heard of the
// contract before.
TEST_F(StandingEntryLock, WhatIsOpenedLaterInANewContractMayNotStay) {
  now = now + 1min;
  read({});
  now = now + 1min;
  opened = now;
  desk.pass(2min);
  desk.fill(desk.mnq, -2, "21000");
  EXPECT_THAT(incidents({position(desk.mnq, -2)}), ElementsAre(at_most(desk.mnq, Lots{})));
}

TEST_F(StandingEntryLock, WhatIsOnlyDatedAnewWithoutAnEntryMayStay) {
  now = now + 1min;
  opened = now;
  EXPECT_THAT(in_the_end({position(desk.mnq, 2)}, {}), IsEmpty()) << "as after a restart";
}

}  // namespace
}  // namespace rm::test
