// cooldown_after_loss: at a tier, not a cent before; the worst one reached; round trips and fills; a cooldown is
// extended and never shortened; its end is that of the closing fill, after a restart too.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const DeskOptions kFree{.free_of_costs = true};
const char* const kTiers = "cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}, {loss: -250, cooldown: 30m}]}";
const char* const kFlatten = "flatten because LOSS_AT_TIER";

std::vector<std::string> acts(Desk& desk) {
  std::vector<std::string> heard = desk.heard();
  std::erase_if(heard, [](const std::string& one) { return one.starts_with("alarm"); });
  return heard;
}

struct Case {
  const char* name;
  ContractId Desk::* contract;
  int lots;
  const char *entry, *before, *at;  // closed a tick short of -100 or more, and at it
};

const Case kCases[] = {
    {"MNQ long", &Desk::mnq, +10, "21000.00", "20995.25", "20995.00"},
    {"MNQ short", &Desk::mnq, -10, "21000.00", "21004.75", "21005.00"},
    {"ES long", &Desk::es, +2, "6300.00", "6299.25", "6299.00"},
    {"ES short", &Desk::es, -2, "6300.00", "6300.75", "6301.00"},
    {"6J long, tick 5e-7", &Desk::jpy, +8, "0.0068400", "0.0068395", "0.0068390"},
    {"6J short", &Desk::jpy, -8, "0.0068400", "0.0068405", "0.0068410"},
};

TEST(CooldownAfterLoss, AtTheTierNotATickBefore) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Desk desk{kTiers, kFree};
    desk.fill(desk.*c.contract, c.lots, c.entry);
    desk.fill(desk.*c.contract, -c.lots, c.before);
    EXPECT_THAT(acts(desk), IsEmpty());
    desk.pass(1s);
    desk.fill(desk.*c.contract, c.lots, c.entry);
    desk.fill(desk.*c.contract, -c.lots, c.at);
    EXPECT_THAT(acts(desk), ElementsAre(kFlatten, "lock account hard until 09:35:01 (300s)"));
    EXPECT_TRUE(desk.settle());
    EXPECT_TRUE(desk.account().flat());
  }
}

TEST(CooldownAfterLoss, TheWorstTierReachedApplies) {
  for (const auto& [close, lock] : {std::pair{"20987.75", "lock account hard until 09:35:00 (300s)"},      // -245
                                    std::pair{"20987.50", "lock account hard until 10:00:00 (1800s)"},     // -250
                                    std::pair{"20000.00", "lock account hard until 10:00:00 (1800s)"}}) {  // -20000
    SCOPED_TRACE(close);
    Desk desk{kTiers, kFree};
    desk.fill(desk.mnq, 10, "21000.00");
    desk.fill(desk.mnq, -10, close);
    EXPECT_THAT(acts(desk), ElementsAre(kFlatten, lock));
  }
}

TEST(CooldownAfterLoss, TheReasonAndTheLockHaveTheFigures) {
  Desk desk{kTiers, kFree};
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -10, "20993.00");
  ASSERT_THAT(desk.decisions, SizeIs(1));
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason,
            (Reason{LossAtTier{Money::from_units(-140), Money::from_units(-100)}}));
  const Lock& lock = desk.decisions.at(0).locks.at(0);
  EXPECT_EQ(lock.kind, LockKind::Hard);
  EXPECT_EQ(lock.symbol, std::nullopt);
  EXPECT_EQ(lock.rule, "cooldown_after_loss");
  EXPECT_EQ(lock.until, (LockEnd{UntilTime{chicago("09:35:00")}}));
}

TEST(CooldownAfterLoss, EverythingElseIsClosedAndStaysClosedUntilTheEnd) {
  Desk desk{kTiers, kFree};
  desk.fill(desk.es, 1, "6300.00");
  desk.order(desk.nq, OrderType::Limit, Side::Buy, 1, "20000.00");
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -10, "20995.00");
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  acts(desk);
  desk.pass(1min);
  desk.fill(desk.es, 1, "6300.00");
  EXPECT_THAT(acts(desk), ElementsAre("flatten because ACTIVITY_WHILE_LOCKED"));
  EXPECT_TRUE(desk.settle());
  desk.run_until(chicago("09:34:59.999"));
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.run_until(chicago("09:35:00"));
  EXPECT_THAT(acts(desk), ElementsAre("unlock cooldown_after_loss"));
  desk.fill(desk.es, 1, "6300.00");
  desk.pass(1min);
  EXPECT_THAT(acts(desk), IsEmpty()) << "one loss, one cooldown";
}

TEST(CooldownAfterLoss, ARoundTripIsJudgedAsAWholeWhenItIsOver) {
  Desk desk{kTiers, kFree};
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -8, "20990.00");  // -160
  EXPECT_THAT(acts(desk), IsEmpty()) << "not over yet";
  desk.fill(desk.mnq, -2, "21015.25");  // +61: -99
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -4, "20993.75");  // -50
  desk.fill(desk.mnq, 2, "21000.00");
  desk.fill(desk.mnq, -8, "20996.875");  // -50
  EXPECT_THAT(acts(desk), Contains(kFlatten));
}

TEST(CooldownAfterLoss, AReversalEndsTheRoundTrip) {
  Desk desk{kTiers, kFree};
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -15, "20995.00");
  EXPECT_THAT(acts(desk), Contains(kFlatten));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(CooldownAfterLoss, LossesOfTwoContractsOrTwoTripsAreNotAddedUp) {
  Desk desk{kTiers, kFree};
  desk.fill(desk.mnq, 9, "21000.00");
  desk.fill(desk.es, 1, "6300.00");
  desk.fill(desk.mnq, -9, "20995.00");  // -90
  desk.fill(desk.es, -1, "6298.25");    // -87.50
  desk.fill(desk.mnq, 9, "21000.00");
  desk.fill(desk.mnq, -9, "20995.00");
  EXPECT_THAT(acts(desk), IsEmpty());
}

TEST(CooldownAfterLoss, ByFillEachClosingFillIsJudged) {
  Desk desk{"cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}], basis: fill}", kFree};
  desk.fill(desk.mnq, 30, "21000.00");
  desk.fill(desk.mnq, -9, "20995.00");  // -90
  desk.fill(desk.mnq, -9, "20995.00");  // -90, both -180
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, -10, "20995.00");  // -100
  EXPECT_THAT(acts(desk), Contains(kFlatten)) << "though the position is still open";
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(CooldownAfterLoss, AFractionalAverageIsExact) {
  Desk desk{kTiers, kFree};
  desk.fill(desk.mnq, 1, "21000.00");
  desk.fill(desk.mnq, 2, "21000.25");   // average 21000.1666…
  desk.fill(desk.mnq, -3, "20983.75");  // -98.50
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, 1, "21000.00");
  desk.fill(desk.mnq, 2, "21000.25");
  desk.fill(desk.mnq, -3, "20983.50");  // -100.00
  EXPECT_THAT(acts(desk), Contains(kFlatten));
}

TEST(CooldownAfterLoss, FeesAreNotPartOfTheResult) {
  Desk desk{kTiers};
  desk.fill(desk.mnq, 30, "21000.00");
  desk.fill(desk.mnq, -30, "20998.50");  // -90, and 36.60 of costs
  EXPECT_THAT(acts(desk), IsEmpty());
}

TEST(CooldownAfterLoss, AWorseTierDuringACooldownExtendsItAMilderOneNeverShortensIt) {
  Desk desk{"cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}, {loss: -250, cooldown: 30m}]}", kFree};
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -10, "20995.00");
  EXPECT_TRUE(desk.settle());
  acts(desk);
  desk.run_until(chicago("09:31:00"));
  desk.fill(desk.es, 6, "6300.00");  // closed by the lock, at a loss of 300
  desk.account().set_last(desk.es, Price::parse("6299").value());
  EXPECT_TRUE(desk.settle());
  const auto heard = acts(desk);
  EXPECT_THAT(heard, Contains(kFlatten));
  ASSERT_THAT(desk.book().locks().all(), SizeIs(1));
  const auto until = std::get<UntilTime>(desk.first_lock().until).time;
  EXPECT_GE(until, chicago("10:01:00"));
  EXPECT_LT(until, chicago("10:01:01"));
  desk.run_until(chicago("09:40:00"));
  desk.fill(desk.es, 2, "6300.00");
  desk.account().set_last(desk.es, Price::parse("6299").value());  // -100: until 09:45 at most
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(acts(desk), Not(Contains(HasSubstr("lock account"))));
  EXPECT_EQ(std::get<UntilTime>(desk.first_lock().until).time, until);
}

TEST(CooldownAfterLoss, AProfitAndAScratchAreNothing) {
  Desk desk{"cooldown_after_loss: {tiers: [{loss: -0.01, cooldown: 5m}]}", kFree};
  desk.fill(desk.mnq, 1, "21000.00");
  desk.fill(desk.mnq, -1, "21000.00");
  desk.fill(desk.mnq, 1, "21000.00");
  desk.fill(desk.mnq, -1, "21100.00");
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, 1, "21000.00");
  desk.fill(desk.mnq, -1, "20999.75");
  EXPECT_THAT(acts(desk), Contains(kFlatten));
}

TEST(CooldownAfterLoss, WarnsOnTheWayToTheMildestTier) {
  Desk desk{"cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}, {loss: -250, cooldown: 30m}], warn_at: [50]}",
            kFree};
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -5, "20995.25");  // -47.50
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, -1, "20998.75");  // -2.50
  EXPECT_THAT(acts(desk), ElementsAre("warn 50%"));
  desk.fill(desk.mnq, -4, "20999.00");
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -10, "20997.00");
  EXPECT_THAT(acts(desk), ElementsAre("warn 50%")) << "the next round trip is another one";
}

TEST(CooldownAfterLoss, StatusShowsTheLatestRoundTripAgainstTheMildestTier) {
  Desk desk{kTiers, kFree};
  desk.fill(desk.mnq, 10, "21000.00");
  desk.fill(desk.mnq, -10, "20997.50");
  const RuleStatus status = desk.guard().rules().front().rule->status(desk.book());
  EXPECT_EQ(status.limit, "-100.00");
  EXPECT_EQ(status.value, "-50.00");
  EXPECT_EQ(status.used_percent, 50);
}

TEST(CooldownAfterLoss, ALossThatIsVoidedSetsOffNothingMore) {
  Desk desk{"cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}]}", kFree};
  desk.fill(desk.mnq, 5, "21000.00");
  desk.fill(desk.mnq, -5, "20994.00");  // -60
  const TradeId closing = desk.account().trades(BrokerTime{}).front().id;
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) { account.void_trade(closing, desk.now, told); });
  desk.fill(desk.es, 1, "6300.00");
  desk.fill(desk.es, -1, "6299.00");
  EXPECT_THAT(acts(desk), IsEmpty());
}

// ── restart ──

struct CooldownRestart : ::testing::Test {
  Desk desk{kTiers, DeskOptions{.connect = false, .free_of_costs = true}};
  void at(BrokerTime time, ContractId contract, int lots, std::string_view price) {
    FakeAccount::Told untold;
    desk.now = time;
    desk.account().set_last(contract, Price::parse(price).value());
    desk.account().market_order(contract, Lots{lots}, time, untold);
  }
  void loss_at(std::string_view time) {
    at(chicago(time) - 1min, desk.mnq, 10, "21000.00");
    at(chicago(time), desk.mnq, -10, "20995.00");
  }
  void start(std::string_view time) {
    desk.now = chicago(time);
    desk.connect();
    desk.pass(1s);
  }
};

TEST_F(CooldownRestart, TheEndIsThatOfTheClosingFill) {
  loss_at("09:38:00");
  start("09:40:00");
  EXPECT_THAT(acts(desk), Contains(kFlatten)) << "nothing was known of it before";
  ASSERT_THAT(desk.book().locks().all(), SizeIs(1));
  EXPECT_EQ(desk.first_lock().until, (LockEnd{UntilTime{chicago("09:43:00")}}));
}

TEST_F(CooldownRestart, ALockThatHoldsIsNotSetAgain) {
  loss_at("09:38:00");
  desk.engine().restore(Lock{desk.main_account(), std::nullopt, LockKind::Hard, "cooldown_after_loss", LossAtTier{},
                             chicago("09:38:00"), UntilTime{chicago("09:43:00")}, EnforcementId{1}});
  start("09:40:00");
  EXPECT_THAT(desk.decisions, IsEmpty());
  desk.run_until(chicago("09:43:00"));
  EXPECT_THAT(desk.book().locks().all(), IsEmpty());
}

TEST_F(CooldownRestart, ACooldownThatIsOverIsNotBegunAgain) {
  loss_at("09:35:00");
  start("09:40:00");
  EXPECT_THAT(desk.decisions, IsEmpty());
}

TEST_F(CooldownRestart, APositionOfTheDayBeforeIsARoundTripOfTheDayItEnds) {
  at(chicago("09:30:00") - 24h, desk.mnq, 10, "21000.00");
  start("09:40:00");
  desk.fill(desk.mnq, -10, "20995.00");
  EXPECT_THAT(acts(desk), Contains(kFlatten));
}

// ── configuration ──

TEST(CooldownAfterLoss, TiersOutOfOrderAreRefused) {
  const auto refusal = [](std::string_view tiers) -> std::string {
    try {
      rules_from("cooldown_after_loss: {" + std::string{tiers} + "}");
    } catch (const std::invalid_argument& wrong) {
      return wrong.what();
    }
    return "";
  };
  EXPECT_THAT(refusal(""), HasSubstr("rules.cooldown_after_loss.tiers: found nothing, allowed a list of losses"));
  EXPECT_THAT(refusal("tiers: [{loss: -200, cooldown: 5m}, {loss: -100, cooldown: 9m}]"),
              HasSubstr("tiers[1].loss: found '-100', allowed a loss worse than -200.00"));
  EXPECT_THAT(refusal("tiers: [{loss: -100, cooldown: 5m}, {loss: -200, cooldown: 4m}]"),
              HasSubstr("tiers[1].cooldown: found '4m', allowed not shorter than 5m"));
  EXPECT_EQ(refusal("tiers: [{loss: -100, cooldown: 5m}]"), "");
}

}  // namespace
}  // namespace rm::test
