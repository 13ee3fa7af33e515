// session_block_outside: flat and locked outside the sessions, by time alone; of one symbol where it has its own.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char* const kFlatten = "flatten because OUTSIDE_SESSION";
const char* const kWeekdays =
    "session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri], start: \"08:30\", end: \"15:00\"}]}";

BrokerTime at(std::string_view time) {
  return parse_timestamp(time).value();
}

DeskOptions from(std::string_view begin) {
  return DeskOptions{.free_of_costs = true, .begin = at(begin)};
}

// Without the age of prices: nobody quotes here.
std::vector<std::string> heard(Desk& desk) {
  auto all = desk.heard();
  std::erase_if(all, [](const std::string& one) { return one.starts_with("alarm"); });
  return all;
}

std::string rule_with(const std::string& rest) {
  return "session_block_outside: {" + rest + "}";
}

TEST(SessionBlockOutside, ClosesEverythingAtTheEndOfTheSessionAndNotBefore) {
  Desk desk{kWeekdays};
  desk.fill(desk.mnq, +2, "21000");
  desk.fill(desk.jpy, -1, "0.0068765");
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6000");
  desk.run_until(chicago("14:59:59.999"));
  EXPECT_THAT(heard(desk), Not(Contains(HasSubstr("OUTSIDE"))));
  EXPECT_FALSE(desk.account().flat());
  desk.run_until(chicago("15:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre(kFlatten, "lock account hard until 08:30:00 (63000s)"))
      << "nothing moved but the time";
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_THAT(desk.decisions, SizeIs(1));
}

TEST(SessionBlockOutside, LocksAFlatAccountToo) {
  Desk desk{kWeekdays};
  desk.run_until(chicago("15:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre(kFlatten, "lock account hard until 08:30:00 (63000s)"));
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), IsEmpty());
}

TEST(SessionBlockOutside, OpensAtTheStartAndNotBefore) {
  Desk desk{kWeekdays, from("2026-09-02T08:28:00-05:00")};
  EXPECT_THAT(heard(desk), ElementsAre(kFlatten, HasSubstr("lock account hard until 08:30:00")));
  desk.run_until(at("2026-09-02T08:29:59-05:00"));
  desk.fill(desk.mnq, +1, "21000");
  EXPECT_THAT(heard(desk), ElementsAre("flatten because ACTIVITY_WHILE_LOCKED"));
  desk.run_until(at("2026-09-02T08:30:00-05:00"));
  EXPECT_THAT(heard(desk), ElementsAre("unlock session_block_outside"));
  EXPECT_TRUE(desk.settle());
  desk.fill(desk.mnq, +1, "21000");
  desk.pass(1min);
  EXPECT_THAT(heard(desk), IsEmpty());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{1});
}

TEST(SessionBlockOutside, AFillAtTheEndItselfIsOutside) {
  Desk desk{kWeekdays};
  desk.run_until(chicago("15:00:00") - 1ns);
  desk.now = chicago("15:00:00");  // the fill comes before the timer
  desk.fill(desk.m2k, -3, "2000");
  EXPECT_THAT(heard(desk), Contains(kFlatten));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(SessionBlockOutside, WhatIsOpenedWhileLockedIsClosedAndCounted) {
  Desk desk{kWeekdays};
  desk.run_until(chicago("15:30:00"));
  for (int i = 0; i < 2; ++i) {
    desk.fill(desk.es, -1, "6300");
    EXPECT_TRUE(desk.settle());
    EXPECT_TRUE(desk.account().flat());
    desk.pass(5s);
  }
  EXPECT_EQ(desk.guard().strikes(), 2U);
  EXPECT_THAT(desk.book().locks().all(), SizeIs(1));
}

TEST(SessionBlockOutside, ClosesEarlierOnRequest) {
  Desk desk{rule_with(R"(sessions: [{days: [tue], start: "08:30", end: "15:00"}], flatten_before_end: 5m)")};
  desk.fill(desk.mnq, -2, "21000");
  desk.run_until(chicago("14:55:00") - 1ns);
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(chicago("14:55:00"));
  EXPECT_THAT(heard(desk), Contains(kFlatten));
  ASSERT_THAT(desk.book().locks().all(), SizeIs(1));
  EXPECT_EQ(desk.first_lock().until, (LockEnd{UntilTime{at("2026-09-08T08:30:00-05:00")}}));
}

TEST(SessionBlockOutside, AnOvernightSessionBelongsToTheDayOfItsStart) {
  const std::string rule =
      rule_with(R"(sessions: [{days: [sun, mon, tue, wed, thu], start: "17:00", end: "16:00"}])");
  Desk thursday{rule, from("2026-09-03T15:58:00-05:00")};
  EXPECT_THAT(heard(thursday), IsEmpty());
  thursday.run_until(at("2026-09-03T16:00:00-05:00"));
  EXPECT_THAT(heard(thursday), ElementsAre(kFlatten, "lock account hard until reset"));
  thursday.run_until(at("2026-09-03T17:00:00-05:00"));
  EXPECT_THAT(heard(thursday), ElementsAre("unlock session_block_outside"));
  Desk friday{rule, from("2026-09-04T15:58:00-05:00")};
  EXPECT_THAT(heard(friday), IsEmpty());
  friday.run_until(at("2026-09-04T16:00:00-05:00"));
  ASSERT_THAT(friday.book().locks().all(), SizeIs(1));
  EXPECT_EQ(friday.first_lock().until, (LockEnd{UntilTime{at("2026-09-06T17:00:00-05:00")}}));
}

// ── symbols with sessions of their own ──

TEST(SessionBlockOutside, ASymbolOfItsOwnIsClosedAndLockedAlone) {
  Desk desk{rule_with(R"(per_symbol: {ES: [{days: [mon, tue, wed], start: "08:30", end: "10:00"}]})")};
  desk.fill(desk.es, +2, "6300");
  desk.fill(desk.mnq, +1, "21000");
  desk.order(desk.es, OrderType::Stop, Side::Sell, 2, "6200");
  desk.run_until(chicago("10:00:00") - 1ns);
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(chicago("10:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre("close ES because OUTSIDE_SESSION", "lock ES hard until 08:30:00 (81000s)"));
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.es), Lots{0});
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{1}) << "free: there are no sessions for it";
  EXPECT_THAT(desk.account().working_orders(), IsEmpty());
  desk.pass(5s);
  desk.heard();
  desk.fill(desk.es, -1, "6300");
  EXPECT_THAT(heard(desk), ElementsAre("close ES because ACTIVITY_WHILE_LOCKED"));
  EXPECT_TRUE(desk.settle());
  desk.fill(desk.mnq, +1, "21000");
  desk.pass(5s);
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(at("2026-09-02T08:30:00-05:00"));
  EXPECT_THAT(heard(desk), ElementsAre("unlock session_block_outside"));
}

TEST(SessionBlockOutside, ASymbolIsLockedThoughNothingIsOpenInIt) {
  Desk desk{rule_with(R"(per_symbol: {F.US.EP: [{days: [mon, tue, wed], start: "08:30", end: "10:00"}]})")};
  desk.run_until(chicago("10:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre("close ES because OUTSIDE_SESSION", "lock ES hard until 08:30:00 (81000s)"))
      << "the broker's spelling means the same";
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), IsEmpty());
}

TEST(SessionBlockOutside, EveryMonthOfASymbolIsClosed) {
  Desk desk{rule_with(R"(per_symbol: {ES: [{days: [tue], start: "08:30", end: "10:00"}]})")};
  const ContractId december = desk.contracts.learn("CON.F.US.EP.Z26", "ESZ6", Price::parse("0.25").value().nanos(),
                                                   Money::parse("12.5").value(), true);
  desk.fill(desk.es, +1, "6300");
  desk.fill(december, -1, "6350");
  desk.run_until(chicago("10:00:00"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(SessionBlockOutside, TheOthersFollowTheSessionsWhileASymbolOfItsOwnIsStillOpen) {
  Desk desk{rule_with(R"(sessions: [{days: [mon, tue, wed], start: "08:30", end: "15:00"}],)"
                      R"( per_symbol: {ES: [{days: [mon, tue, wed], start: "08:00", end: "16:00"}]})")};
  desk.fill(desk.es, +1, "6300");
  desk.fill(desk.mnq, -1, "21000");
  desk.run_until(chicago("15:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre("close MNQ because OUTSIDE_SESSION", "lock MNQ hard until 08:30:00 (63000s)"));
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.es), Lots{1});
  desk.pass(5s);
  desk.fill(desk.m2k, -1, "2000");  // never held before
  EXPECT_THAT(heard(desk),
              ElementsAre("close M2K because OUTSIDE_SESSION", HasSubstr("lock M2K hard until 08:30:00")));
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.m2k), Lots{0});
  desk.fill(desk.es, +1, "6300");
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(chicago("16:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre(kFlatten, "lock account hard until 08:00:00 (57600s)",
                                       "lock ES hard until 08:00:00 (57600s)"))
      << "until the first session of all";
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  desk.run_until(at("2026-09-02T08:00:00-05:00"));
  desk.heard();
  desk.fill(desk.es, +1, "6300");
  desk.fill(desk.mnq, +1, "21000");
  EXPECT_THAT(heard(desk), ElementsAre("close MNQ because ACTIVITY_WHILE_LOCKED"));
  EXPECT_TRUE(desk.settle());
  desk.run_until(at("2026-09-02T08:30:00-05:00"));
  desk.heard();
  desk.fill(desk.mnq, +1, "21000");
  desk.pass(5s);
  EXPECT_THAT(heard(desk), IsEmpty());
}

TEST(SessionBlockOutside, AnOrderInAnotherSymbolIsCancelledThoughNothingIsHeldThere) {
  Desk desk{rule_with(R"(sessions: [{days: [mon, tue, wed], start: "08:30", end: "15:00"}],)"
                      R"( per_symbol: {ES: [{days: [mon, tue, wed], start: "08:30", end: "16:00"}]})")};
  desk.order(desk.nq, OrderType::Limit, Side::Buy, 1, "20000");
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6000");
  desk.run_until(chicago("15:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre("close NQ because OUTSIDE_SESSION", HasSubstr("lock NQ hard until 08:30:00")));
  EXPECT_TRUE(desk.settle());
  ASSERT_THAT(desk.account().working_orders(), SizeIs(1));
  EXPECT_EQ(desk.account().working_orders()[0].contract, desk.es);
}

// ── holidays ──

TEST(SessionBlockOutside, ALongWeekendLastsUntilTheFirstSessionBehindIt) {
  const std::string rule = rule_with(
      R"(sessions: [{days: [mon, tue, wed, thu, fri], start: "08:30", end: "15:00"}], holidays: {calendar: cme})");
  // Thursday is Christmas Eve and closes at 12:15; there is no Friday.
  Desk desk{rule, from("2026-12-24T12:00:00-06:00")};
  desk.fill(desk.mnq, +1, "21000");
  desk.run_until(at("2026-12-24T12:15:00-06:00") - 1ns);
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(at("2026-12-24T12:15:00-06:00"));
  EXPECT_THAT(heard(desk), Contains(kFlatten));
  EXPECT_TRUE(desk.settle());
  ASSERT_THAT(desk.book().locks().all(), SizeIs(1));
  EXPECT_EQ(desk.first_lock().until, (LockEnd{UntilTime{at("2026-12-28T08:30:00-06:00")}}));
  desk.run_until(at("2026-12-28T08:30:00-06:00") - 1ns);
  EXPECT_THAT(desk.book().locks().all(), SizeIs(1));
  desk.run_until(at("2026-12-28T08:30:00-06:00"));
  EXPECT_THAT(desk.book().locks().all(), IsEmpty());
}

TEST(SessionBlockOutside, EarlyClosesCanBeLeftOut) {
  const std::string rule = rule_with(R"(sessions: [{days: [mon, tue, wed, thu, fri], start: "08:30", end: "15:00"}],)"
                                     R"( holidays: {calendar: cme, early_close: false})");
  Desk desk{rule, from("2026-12-24T12:00:00-06:00")};
  desk.run_until(at("2026-12-24T15:00:00-06:00") - 1ns);
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(at("2026-12-24T15:00:00-06:00"));
  ASSERT_THAT(desk.book().locks().all(), SizeIs(1));
  EXPECT_EQ(desk.first_lock().until, (LockEnd{UntilTime{at("2026-12-28T08:30:00-06:00")}}))
      << "a full day off is one all the same";
}

TEST(SessionBlockOutside, BehindTheEndOfTheCalendarNothingIsASession) {
  const std::string rule = rule_with(
      R"(sessions: [{days: [mon, tue, wed, thu, fri], start: "08:30", end: "15:00"}], holidays: {calendar: cme})");
  Desk desk{rule, from("2027-12-31T14:58:00-06:00")};
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(at("2027-12-31T15:00:00-06:00"));
  EXPECT_THAT(heard(desk), ElementsAre(kFlatten, HasSubstr("lock account hard until reset")));
  desk.run_until(at("2028-01-03T09:00:00-06:00"));
  ASSERT_THAT(desk.book().locks().all(), SizeIs(1))
      << "locked again at each reset, with no gap that a fill could use";
  EXPECT_EQ(desk.first_lock().until, (LockEnd{UntilTime{at("2028-01-03T17:00:00-06:00")}}));
}

// ── restart ──

TEST(SessionBlockOutside, ALockOfBeforeARestartEndsAtTheNextStartAsBefore) {
  DeskOptions evening = from("2026-09-01T20:00:00-05:00");
  evening.connect = false;
  Desk desk{kWeekdays, evening};
  const Lock lock{desk.main_account(),
                  std::nullopt,
                  LockKind::Hard,
                  "session_block_outside",
                  OutsideSession{},
                  chicago("15:00:00"),
                  UntilTime{at("2026-09-02T08:30:00-05:00")},
                  EnforcementId{1}};
  desk.engine().restore(lock);
  desk.connect();
  desk.pass(1min);
  EXPECT_THAT(desk.decisions, IsEmpty()) << "locked and flat as before";
  EXPECT_THAT(desk.book().locks().all(), ElementsAre(lock));
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  desk.run_until(at("2026-09-02T08:30:00-05:00") - 1ns);
  EXPECT_THAT(desk.book().locks().all(), SizeIs(1));
  desk.run_until(at("2026-09-02T08:30:00-05:00"));
  EXPECT_THAT(desk.book().locks().all(), IsEmpty());
}

TEST(SessionBlockOutside, AStartOutsideTheSessionClosesWhatIsOpen) {
  DeskOptions evening = from("2026-09-01T20:00:00-05:00");
  evening.connect = false;
  Desk desk{kWeekdays, evening};
  desk.act([&](FakeAccount& account, FakeAccount::Told&) {
    FakeAccount::Told untold;
    account.set_last(desk.jpy, Price::parse("0.0068765").value());
    account.market_order(desk.jpy, Lots{-2}, desk.now, untold);
  });
  desk.connect();
  desk.pass(1s);
  EXPECT_THAT(heard(desk), Contains(kFlatten));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

// ── days of a clock change ──

struct ChangeDay {
  const char* name;
  const char* day;     // a Sunday
  const char* offset;  // behind the change
};
class ClockChange : public ::testing::TestWithParam<ChangeDay> {
 protected:
  [[nodiscard]] BrokerTime local(std::string_view time) const {
    return at(std::string{GetParam().day} + "T" + std::string{time} + GetParam().offset);
  }
};

TEST_P(ClockChange, ASessionOpensAndClosesOnceAtLocalTime) {
  Desk desk{rule_with(R"(sessions: [{days: [sat, sun], start: "08:00", end: "15:00"}])"),
            DeskOptions{.free_of_costs = true, .begin = local("06:00:00")}};
  desk.heard();
  desk.run_until(local("08:00:00") - 1ns);
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(local("08:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre("unlock session_block_outside"));
  desk.run_until(local("15:00:00") - 1ns);
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(local("15:00:00"));
  EXPECT_THAT(heard(desk), ElementsAre(kFlatten, HasSubstr("lock account hard")));
  desk.run_until(local("23:59:59"));
  EXPECT_THAT(heard(desk), IsEmpty());
}

TEST_P(ClockChange, AnOvernightSessionOverTheChangeEndsAtLocalTime) {
  Desk desk{rule_with(R"(sessions: [{days: [sat], start: "17:00", end: "16:00"}])"),
            DeskOptions{.free_of_costs = true, .begin = local("16:00:00") - 22h}};  // Saturday evening
  desk.fill(desk.mnq, +1, "21000");
  desk.run_until(local("16:00:00") - 1ns);
  EXPECT_THAT(heard(desk), Not(Contains(HasSubstr("OUTSIDE")))) << "open through the change";
  desk.run_until(local("16:00:00"));
  EXPECT_THAT(heard(desk), Contains(kFlatten));
}

TEST_P(ClockChange, TheResetComesOnceAtLocalTime) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}",
            DeskOptions{.free_of_costs = true, .begin = local("17:00:00") - 20h}};
  desk.fill(desk.mnq, +10, "21000");
  desk.quote(desk.mnq, "20950");
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(heard(desk), Contains(HasSubstr("lock account hard until reset")));
  desk.run_until(local("17:00:00") - 1ns);
  EXPECT_THAT(heard(desk), IsEmpty());
  desk.run_until(local("17:00:00") + 20h);
  EXPECT_THAT(heard(desk), ElementsAre("unlock daily_loss"));
  ASSERT_THAT(desk.ended_locks, SizeIs(1));
  EXPECT_EQ(desk.ended_locks.at(0).until, (LockEnd{UntilTime{local("17:00:00")}}));
}

INSTANTIATE_TEST_SUITE_P(Both, ClockChange,
                         ::testing::Values(ChangeDay{"Spring2026", "2026-03-08", "-05:00"},
                                           ChangeDay{"Autumn2026", "2026-11-01", "-06:00"},
                                           ChangeDay{"Spring2027", "2027-03-14", "-05:00"},
                                           ChangeDay{"Autumn2027", "2027-11-07", "-06:00"}),
                         [](const auto& test) { return test.param.name; });

TEST(SessionBlockOutside, StatusTellsWhetherAndUntilWhen) {
  Desk desk{kWeekdays, DeskOptions{.connect = false}};
  const auto status = [&] { return desk.guard().rules().front().rule->status(desk.book()); };
  EXPECT_EQ(status().value, "unknown");
  desk.connect();
  desk.pass(1s);
  EXPECT_EQ(status().limit, "inside the sessions");
  EXPECT_EQ(status().value, "inside until 2026-09-01T20:00:00Z");
  EXPECT_EQ(status().used_percent, 0);
  desk.run_until(chicago("15:00:00"));
  EXPECT_EQ(status().value, "outside until 2026-09-02T13:30:00Z");
  EXPECT_EQ(status().used_percent, 100);
}

}  // namespace
}  // namespace rm::test
