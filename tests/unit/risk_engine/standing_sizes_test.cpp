// R40: the sizes and symbols that the broker shows, against the limits of the configuration. Never more is taken than
// the rule would take.
#include "standing_check_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class StandingSizes : public StandingCheckTest {
 protected:
  void limits(std::string_view rules) { check.set_limits(size_limits(rules_from(rules))); }
  ContractId learn(std::string_view id, std::string_view name) {
    return desk.contracts.learn(id, name, 250'000'000, Money::from_units(5), true);
  }
};

// ── which contract is cut ──

TEST_F(StandingSizes, WhatGrewLastIsCutFirst) {
  limits("max_contracts: {max_contracts: 5}");
  read({position(desk.es, 2), position(desk.nq, 3)});
  now = now + 1s;
  EXPECT_THAT(incidents({position(desk.es, 4), position(desk.nq, 3)}), ElementsAre(at_most(desk.es, Lots{2})));
  now = now + 1s;
  EXPECT_THAT(incidents({position(desk.es, 2), position(desk.nq, 7)}), ElementsAre(at_most(desk.nq, Lots{3})));
}

TEST_F(StandingSizes, WhatIsLargerOnTheOtherSideHasGrown) {
  limits("max_contracts: {max_contracts: 5}");
  read({position(desk.mnq, 3), position(desk.nq, 3)});
  now = now + 1s;
  EXPECT_THAT(incidents({position(desk.mnq, 3), position(desk.nq, -3)}), ElementsAre(at_most(desk.nq, Lots{2})));
}

TEST_F(StandingSizes, TheGraceIsOfTheLimitNotOfTheContractThatHasTooMuchJustNow) {
  limits("max_contracts: {max_contracts: 2}");
  read({position(desk.mnq, 3)});
  now = now + StandingCheck::kGrace - 1s;
  EXPECT_THAT(read({position(desk.mnq, 2), position(desk.es, 1)}), IsEmpty());
  now = now + 1s;
  EXPECT_THAT(read({position(desk.mnq, 2), position(desk.es, 1)}), SizeIs(1));
}

TEST_F(StandingSizes, AndWhatHasTooMuchJustNowIsReadBeforeItIsCut) {
  limits("max_contracts: {max_contracts: 2}");
  read({position(desk.mnq, 3)});
  now = now + 1min;
  EXPECT_THAT(read({position(desk.mnq, 3)}), SizeIs(1));
  now = now + 1s;
  hear(PositionUpdated{position(desk.es, 1)});
  EXPECT_TRUE(check.take_read_wish());
  EXPECT_THAT(hear(PositionUpdated{position(desk.mnq, 2)}), IsEmpty()) << "the stream alone says so";
}

TEST_F(StandingSizes, WithinTheLimitForAMomentTheGraceBeginsAgain) {
  limits("max_contracts: {max_contracts: 2}");
  read({position(desk.mnq, 3)});
  now = now + StandingCheck::kGrace - 1s;
  read({position(desk.mnq, 2)});
  now = now + 1s;
  read({position(desk.mnq, 3)});
  now = now + StandingCheck::kGrace - 1s;
  EXPECT_THAT(read({position(desk.mnq, 3)}), IsEmpty());
}

TEST_F(StandingSizes, WhatOneLimitTakesCountsForTheNext) {
  limits(
      "max_contracts: {max_contracts: 3}, max_contracts_per_instrument: {limits: {NQ: 2}}, "
      "symbol_blocks: {symbols: [ES]}");
  const std::vector<Position> held{position(desk.mnq, 1), position(desk.nq, 4), position(desk.es, 1)};
  EXPECT_THAT(incidents(held), UnorderedElementsAre(at_most(desk.nq, Lots{2}), flat_contract(desk.es)));
}

// ── net ──

TEST_F(StandingSizes, NetAHedgeCountsAgainst) {
  limits("max_contracts: {max_contracts: 2, count: net}");
  EXPECT_THAT(incidents({position(desk.nq, 6), position(desk.es, -4)}), IsEmpty());
  EXPECT_THAT(incidents({position(desk.nq, -6), position(desk.es, 4)}), IsEmpty());
}

TEST_F(StandingSizes, NetTheSideThatIsTooLargeIsCutByTheExcessHoweverTheRuleMendsIt) {
  for (const char* rule : {"max_contracts: {max_contracts: 2, count: net}",
                           "max_contracts: {max_contracts: 2, count: net, on_breach: flatten}"}) {
    limits(rule);
    EXPECT_THAT(incidents({position(desk.nq, 6), position(desk.es, -3)}), ElementsAre(at_most(desk.nq, Lots{5})));
    EXPECT_THAT(incidents({position(desk.nq, 3), position(desk.es, -6)}), ElementsAre(at_most(desk.es, Lots{5})));
  }
}

TEST_F(StandingSizes, NetAHedgeThatIsOnlyAboutToBeClosedStillCountsAgainst) {
  limits("max_contracts: {max_contracts: 2, count: net}");
  under_way.add(EnforcementId{1}, flat_contract(desk.es));
  EXPECT_THAT(incidents({position(desk.nq, 6), position(desk.es, -4)}), IsEmpty());
  EXPECT_THAT(incidents({position(desk.nq, 6), position(desk.es, -3)}), ElementsAre(at_most(desk.nq, Lots{5})))
      << "no more than is too much now";
}

TEST_F(StandingSizes, NetBothSidesMayBeAboutToBeCut) {
  limits("max_contracts: {max_contracts: 1, count: net}");
  under_way.add(EnforcementId{1}, at_most(desk.mnq, Lots{2}));
  under_way.add(EnforcementId{2}, at_most(desk.es, Lots{1}));
  EXPECT_THAT(incidents({position(desk.es, 6), position(desk.m2k, 4), position(desk.mnq, -4)}), IsEmpty());
}

TEST_F(StandingSizes, NetWhatIsAboutToBeCutIsNotCutAgain) {
  limits("max_contracts: {max_contracts: 2, count: net}");
  under_way.add(EnforcementId{1}, at_most(desk.nq, Lots{3}));
  EXPECT_THAT(incidents({position(desk.nq, 6), position(desk.es, -1)}), IsEmpty());
}

// ── mini equivalents ──

TEST_F(StandingSizes, AMicroCountsATenth) {
  limits("max_contracts: {max_contracts: 2, count: mini_equivalent}");
  EXPECT_THAT(incidents({position(desk.es, 1), position(desk.mnq, -10)}), IsEmpty());
  EXPECT_THAT(incidents({position(desk.es, 1), position(desk.mnq, -12)}), ElementsAre(at_most(desk.mnq, Lots{10})));
}

TEST_F(StandingSizes, AMiniGoesWholeWhenItGrewLastAndNoMoreThanThat) {
  limits("max_contracts: {max_contracts: 2, count: mini_equivalent}");
  read({position(desk.es, 1), position(desk.mnq, 10)});
  now = now + 1s;
  EXPECT_THAT(incidents({position(desk.es, 3), position(desk.mnq, 10)}), ElementsAre(at_most(desk.es, Lots{1})));
  now = now + 1s;
  EXPECT_THAT(incidents({position(desk.es, 1), position(desk.mnq, 11)}), ElementsAre(at_most(desk.mnq, Lots{10})));
  read({position(desk.mnq, 5)});
  now = now + 1s;
  EXPECT_THAT(incidents({position(desk.es, 2), position(desk.mnq, 5)}), ElementsAre(at_most(desk.es, Lots{1})));
}

TEST_F(StandingSizes, AsTheConfigurationWeighsThem) {
  limits("max_contracts: {max_contracts: 2, count: mini_equivalent, weights: {MNQ: 0.5, F.US.EP: 0.2}}");
  EXPECT_THAT(incidents({position(desk.es, 5), position(desk.mnq, 2)}), IsEmpty());
  EXPECT_THAT(incidents({position(desk.es, 5), position(desk.mnq, 3)}), ElementsAre(at_most(desk.mnq, Lots{2})));
}

// ── symbols ──

TEST_F(StandingSizes, AllMonthsOfASymbolCountTogether) {
  const ContractId later = learn("CON.F.US.MNQ.Z26", "MNQZ6");
  limits("max_contracts_per_instrument: {limits: {MNQ: 3}}");
  EXPECT_THAT(incidents({position(desk.mnq, 2), position(later, -1)}), IsEmpty());
  EXPECT_THAT(incidents({position(desk.mnq, 2), position(later, -2)}), ElementsAre(at_most(later, Lots{1})));
}

TEST_F(StandingSizes, TheDefaultIsOfEachSymbolWithoutALimitOfItsOwn) {
  limits("max_contracts_per_instrument: {limits: {MNQ: 3}, default: 1}");
  EXPECT_THAT(incidents({position(desk.mnq, 3), position(desk.nq, 1), position(desk.es, -1)}), IsEmpty());
  EXPECT_THAT(incidents({position(desk.mnq, 3), position(desk.nq, 2), position(desk.es, -2)}),
              UnorderedElementsAre(at_most(desk.nq, Lots{1}), at_most(desk.es, Lots{1})));
}

TEST_F(StandingSizes, AnUnknownSymbolIsAllowedOrBlocked) {
  limits("max_contracts_per_instrument: {limits: {MNQ: 3}, unknown_symbol: allow}");
  EXPECT_THAT(incidents({position(desk.mnq, 3), position(desk.es, 9)}), IsEmpty());
  limits("max_contracts_per_instrument: {limits: {MNQ: 3}, unknown_symbol: block}");
  EXPECT_THAT(incidents({position(desk.mnq, 3), position(desk.es, 9)}), ElementsAre(at_most(desk.es, Lots{})));
  limits("max_contracts_per_instrument: {limits: {MNQ: 3}, default: 9, unknown_symbol: block}");
  EXPECT_THAT(incidents({position(desk.mnq, 3), position(desk.es, 9)}), IsEmpty()) << "the default counts";
}

TEST_F(StandingSizes, OfTwoSpellingsOfASymbolTheLowerLimitHolds) {
  limits("max_contracts_per_instrument: {limits: {ES: 3, F.US.EP: 2}, default: 1}");
  EXPECT_THAT(incidents({position(desk.es, 3)}), ElementsAre(at_most(desk.es, Lots{2})));
}

TEST_F(StandingSizes, WhatASymbolIsIsLookedAtAgainWhenTheContractsRecordComes) {
  limits("max_contracts_per_instrument: {limits: {GC: 3}, default: 1}");
  const ContractId gold = desk.contracts.intern("CON.F.US.GCE.Z26");
  EXPECT_THAT(incidents({position(gold, 3)}), ElementsAre(at_most(gold, Lots{1})));
  learn("CON.F.US.GCE.Z26", "GCZ6");
  EXPECT_THAT(incidents({position(gold, 3)}), IsEmpty());
}

// ── blocked ──

TEST_F(StandingSizes, AWildcardBlocksEverySymbolThatItMeans) {
  limits("symbol_blocks: {symbols: ['M*', '?Q']}");
  EXPECT_THAT(incidents({position(desk.mnq, 1), position(desk.nq, -1), position(desk.es, 1), position(desk.m2k, 1)}),
              UnorderedElementsAre(flat_contract(desk.mnq), flat_contract(desk.nq), flat_contract(desk.m2k)));
}

TEST_F(StandingSizes, AWildcardOfTheBrokersFormsIsComparedWithThem) {
  limits("symbol_blocks: {symbols: ['F.US.E*']}");
  EXPECT_THAT(incidents({position(desk.mnq, 1), position(desk.nq, 1), position(desk.es, 1)}),
              UnorderedElementsAre(flat_contract(desk.nq), flat_contract(desk.es)));
  limits("symbol_blocks: {symbols: ['CON.F.US.?NQ.U26']}");
  EXPECT_THAT(incidents({position(desk.mnq, 1), position(desk.nq, 1), position(desk.es, 1)}),
              UnorderedElementsAre(flat_contract(desk.mnq), flat_contract(desk.nq)));
  limits("symbol_blocks: {symbols: ['E*']}");
  EXPECT_THAT(incidents({position(desk.mnq, 1), position(desk.nq, 1), position(desk.es, 1)}),
              ElementsAre(flat_contract(desk.es)));
}

TEST_F(StandingSizes, AnOrderInABlockedSymbolIsOneTooMany) {
  limits("symbol_blocks: {symbols: [NQ]}");
  EXPECT_THAT(incidents({}, {order(desk.mnq, 7), order(desk.nq, 8), order(desk.nq, 9)}),
              ElementsAre(flat_contract(desk.nq)));
}

TEST_F(StandingSizes, ARuleThatIsOffLimitsNothing) {
  auto rules = rules_from(
      "max_contracts: {max_contracts: 0, count: net}, max_contracts_per_instrument: {limits: {}, default: 0}, "
      "symbol_blocks: {symbols: ['*']}");
  for (RuleConfig& rule : rules) rule.enabled = false;
  check.set_limits(size_limits(rules));
  EXPECT_THAT(incidents({position(desk.mnq, 5)}, {order(desk.es)}), IsEmpty());
}

// ── the rule itself is out of the way ──

// Taken from the engine when the day has begun; the limits it had read of the configuration stay.
struct WithoutRules {
  explicit WithoutRules(std::string_view rules) : desk{rules} {
    const_cast<AccountGuard&>(desk.guard()).replace_rules({});
  }
  void expect_incidents(std::uint32_t number) {
    desk.pass(StandingCheck::kGrace - 100ms);
    EXPECT_THAT(desk.actions(), IsEmpty()) << "nobody else looks";
    desk.pass(1min);
    EXPECT_EQ(desk.guard().incidents(), number);
    ASSERT_FALSE(desk.decisions.empty());
    EXPECT_EQ(code(desk.decisions.back().violations.at(0).reason), "POST_CONDITION_BROKEN");
  }
  [[nodiscard]] Lots held(ContractId contract) { return desk.account().held(contract); }
  Desk desk;
};

TEST(StandingSizesWithoutRules, TheNetExcessIsCutAtTheBroker) {
  WithoutRules without{"max_contracts: {max_contracts: 2, count: net, on_breach: flatten}"};
  Desk& desk = without.desk;
  desk.fill(desk.es, -1, "6300");
  desk.fill(desk.nq, 6, "21000");
  without.expect_incidents(1);
  EXPECT_EQ(without.held(desk.nq), Lots{3});
  EXPECT_EQ(without.held(desk.es), Lots{-1});
}

TEST(StandingSizesWithoutRules, TheExcessInMiniEquivalentsIsCutAtTheBroker) {
  WithoutRules without{"max_contracts: {max_contracts: 1, count: mini_equivalent}"};
  Desk& desk = without.desk;
  desk.fill(desk.es, 1, "6300");
  desk.pass(1s);
  desk.fill(desk.mnq, 4, "21000");
  without.expect_incidents(1);
  EXPECT_EQ(without.held(desk.es), Lots{1});
  EXPECT_EQ(without.held(desk.mnq), Lots{});
}

TEST(StandingSizesWithoutRules, WhatTheDefaultDoesNotAllowIsCutAtTheBroker) {
  WithoutRules without{"max_contracts_per_instrument: {limits: {MNQ: 5}, default: 1, on_breach: close}"};
  Desk& desk = without.desk;
  desk.fill(desk.mnq, 5, "21000");
  desk.fill(desk.es, 3, "6300");
  without.expect_incidents(1);
  EXPECT_EQ(without.held(desk.mnq), Lots{5});
  EXPECT_EQ(without.held(desk.es), Lots{1});
}

TEST(StandingSizesWithoutRules, AnUnknownSymbolIsClosedAtTheBroker) {
  WithoutRules without{"max_contracts_per_instrument: {limits: {MNQ: 5}, unknown_symbol: block}"};
  Desk& desk = without.desk;
  desk.fill(desk.mnq, 5, "21000");
  desk.fill(desk.es, 3, "6300");
  without.expect_incidents(1);
  EXPECT_EQ(without.held(desk.mnq), Lots{5});
  EXPECT_EQ(without.held(desk.es), Lots{});
}

TEST(StandingSizesWithoutRules, WhatAWildcardBlocksIsClosedAndCancelledAtTheBroker) {
  WithoutRules without{"symbol_blocks: {symbols: ['M*']}"};
  Desk& desk = without.desk;
  desk.fill(desk.es, 3, "6300");
  desk.fill(desk.mnq, 5, "21000");
  desk.order(desk.m2k, OrderType::Limit, Side::Buy, 1, "2100");
  without.expect_incidents(2);
  EXPECT_EQ(without.held(desk.es), Lots{3});
  EXPECT_EQ(without.held(desk.mnq), Lots{});
  EXPECT_THAT(desk.account().working_orders(), IsEmpty());
}

}  // namespace
}  // namespace rm::test
