// Goals merge to the stricter; reasons have stable codes and sentences with their figures.
#include <rapidcheck.h>

#include <set>

#include "domain/goal.h"
#include "domain/lock.h"
#include "domain/reason.h"

namespace rm {
namespace {

constexpr ContractId kMnq{0}, kEs{1};

TEST(Goal, MergesToTheStricter) {
  Goal goal{false, {{kMnq, Lots{5}}}, {OrderId{1}}};
  goal.merge(Goal{false, {{kMnq, Lots{2}}, {kEs, Lots{0}}}, {OrderId{1}, OrderId{2}}});
  EXPECT_EQ(goal, (Goal{false, {{kMnq, Lots{2}}, {kEs, Lots{0}}}, {OrderId{1}, OrderId{2}}}));
  goal.merge(Goal{false, {{kMnq, Lots{9}}}, {}});
  EXPECT_EQ(goal.contracts.front().at_most, Lots{2}) << "never looser";
  goal.merge(Goal{true, {}, {}});
  EXPECT_TRUE(goal.account_flat);
  goal.merge(Goal{});
  EXPECT_TRUE(goal.account_flat);
}

TEST(Goal, EqualityNoticesEachField) {
  const Goal base{false, {{kMnq, Lots{5}}}, {OrderId{1}}};
  EXPECT_NE(base, (Goal{true, {{kMnq, Lots{5}}}, {OrderId{1}}}));
  EXPECT_NE(base, (Goal{false, {{kEs, Lots{5}}}, {OrderId{1}}}));
  EXPECT_NE(base, (Goal{false, {{kMnq, Lots{4}}}, {OrderId{1}}}));
  EXPECT_NE(base, (Goal{false, {{kMnq, Lots{5}}}, {OrderId{2}}}));
  EXPECT_FALSE(base.empty());
  Goal cleared = base;
  cleared.clear();
  EXPECT_TRUE(cleared.empty());
}

TEST(Goal, MergingIsMonotoneAndRepeatable) {
  EXPECT_TRUE(rc::check("merging twice changes nothing, and no part gets looser",
                        [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& parts) {
                          Goal goal;
                          for (const auto& [contract, lots] : parts) {
                            const Goal before = goal;
                            const Goal added{false, {{ContractId{contract % 4U}, Lots{lots}}}, {}};
                            goal.merge(added);
                            for (const ContractGoal& old : before.contracts) {
                              const auto now =
                                  std::find_if(goal.contracts.begin(), goal.contracts.end(),
                                               [&](const ContractGoal& g) { return g.contract == old.contract; });
                              RC_ASSERT(now != goal.contracts.end() && now->at_most <= old.at_most);
                            }
                            Goal again = goal;
                            again.merge(added);
                            RC_ASSERT(again == goal);
                          }
                        }));
}

TEST(Reason, CodesAreStable) {
  const std::pair<Reason, std::string_view> table[] = {{LossAtLimit{}, "LOSS_AT_LIMIT"},
                                                       {UnrealisedLossAtLimit{}, "UNREALISED_LOSS_AT_LIMIT"},
                                                       {SizeAboveMax{}, "SIZE_ABOVE_MAX"},
                                                       {OrderWouldBreach{}, "ORDER_WOULD_BREACH"},
                                                       {TradingRefusedByBroker{}, "TRADING_REFUSED_BY_BROKER"},
                                                       {ActivityWhileLocked{}, "ACTIVITY_WHILE_LOCKED"},
                                                       {MiniSizeAboveMax{}, "SIZE_ABOVE_MAX"},
                                                       {ProfitAtTarget{}, "PROFIT_AT_TARGET"},
                                                       {UnrealisedProfitAtTarget{}, "UNREALISED_PROFIT_AT_TARGET"},
                                                       {EntriesAtLimit{}, "ENTRIES_AT_LIMIT"},
                                                       {LossAtTier{}, "LOSS_AT_TIER"},
                                                       {WithoutStop{}, "WITHOUT_STOP"},
                                                       {OutsideSession{}, "OUTSIDE_SESSION"},
                                                       {SymbolBlocked{}, "SYMBOL_BLOCKED"},
                                                       {ContractActivityWhileLocked{}, "ACTIVITY_WHILE_LOCKED"},
                                                       {MiniOrderWouldBreach{}, "ORDER_WOULD_BREACH"},
                                                       {BlindWithPosition{}, "BLIND_WITH_POSITION"},
                                                       {PostConditionBroken{}, "POST_CONDITION_BROKEN"}};
  std::set<std::size_t> seen;
  for (const auto& [reason, expected] : table) {
    EXPECT_EQ(code(reason), expected);
    EXPECT_EQ(reason.index(), seen.size()) << "stored reasons are known by their place";
    seen.insert(reason.index());
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<Reason>);
}

TEST(Reason, SentencesNameTheFiguresAndTheContract) {
  const auto said = [](const Reason& reason) { return sentence(reason, "MNQU6"); };
  const ContractId mnq{3};
  EXPECT_EQ(said(LossAtLimit{Money::from_cents(-100'050), Money::from_units(-1000)}),
            "the day's result -1000.50 reached the limit -1000.00");
  EXPECT_EQ(said(UnrealisedLossAtLimit{std::nullopt, Money::from_units(-300), Money::from_units(-300)}),
            "the open result -300.00 of the account reached the limit -300.00");
  EXPECT_EQ(said(SizeAboveMax{mnq, Lots{8}, Lots{5}}), "MNQU6 held 8 contracts, allowed are 5");
  EXPECT_EQ(said(MiniSizeAboveMax{51, 50}), "the account held 5.1 mini equivalents, allowed are 5");
  EXPECT_EQ(said(OrderWouldBreach{OrderId{3'400'000'123}, Lots{6}, Lots{5}}),
            "order 3400000123 would have raised the size to 6, allowed are 5");
  EXPECT_EQ(said(MiniOrderWouldBreach{OrderId{7}, 51, 50}),
            "order 7 would have raised the size to 5.1 mini equivalents, allowed are 5");
  EXPECT_EQ(said(ActivityWhileLocked{2}), "something was opened or ordered while locked (strike 2)");
  EXPECT_EQ(said(ContractActivityWhileLocked{mnq, 2}),
            "MNQU6 was opened, increased or ordered while locked (strike 2)");
  EXPECT_EQ(said(ProfitAtTarget{Money::from_units(500), Money::from_units(450)}),
            "the day's result 500.00 reached the target 450.00");
  EXPECT_EQ(said(UnrealisedProfitAtTarget{mnq, Money::from_units(500), Money::from_units(450)}),
            "the open result 500.00 of MNQU6 reached the target 450.00");
  EXPECT_EQ(said(EntriesAtLimit{EntryWindow::Hour, 10, 9}), "10 entries within an hour, allowed are 9");
  EXPECT_EQ(said(LossAtTier{Money::from_units(-120), Money::from_units(-100)}),
            "a result of -120.00 reached the tier -100.00");
  EXPECT_EQ(said(WithoutStop{mnq, Lots{3}, Lots{1}}), "MNQU6 held 3 contracts, stop orders covered 1");
  EXPECT_EQ(said(OutsideSession{}), "outside the trading sessions");
  EXPECT_EQ(said(SymbolBlocked{mnq}), "MNQU6 is blocked by the configuration");
  EXPECT_FALSE(said(TradingRefusedByBroker{}).empty());
}

TEST(Lock, EqualityNoticesEachField) {
  const Lock base{AccountId{1},
                  std::nullopt,
                  LockKind::Hard,
                  "daily_loss",
                  LossAtLimit{},
                  BrokerTime::from_seconds(1),
                  UntilTime{BrokerTime::from_seconds(9)},
                  EnforcementId{1}};
  Lock other = base;
  EXPECT_EQ(base, other);
  const auto differs = [&](auto change) {
    Lock changed = base;
    change(changed);
    return changed != base;
  };
  EXPECT_TRUE(differs([](Lock& l) { l.account = AccountId{2}; }));
  EXPECT_TRUE(differs([](Lock& l) { l.symbol = SymbolId{0}; }));
  EXPECT_TRUE(differs([](Lock& l) { l.kind = LockKind::Entry; }));
  EXPECT_TRUE(differs([](Lock& l) { l.rule = "auth_loss_guard"; }));
  EXPECT_TRUE(differs([](Lock& l) { l.reason = TradingRefusedByBroker{}; }));
  EXPECT_TRUE(differs([](Lock& l) { l.since = BrokerTime::from_seconds(2); }));
  EXPECT_TRUE(differs([](Lock& l) { l.until = UntilBrokerAllows{}; }));
  EXPECT_TRUE(differs([](Lock& l) { l.enforcement = EnforcementId{2}; }));
}

}  // namespace
}  // namespace rm
