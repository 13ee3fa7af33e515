// Every rule is broken by its own recipe, whatever its values are, and every recipe comes to the request that it
// says.
#include "proof.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Recipe : public ::testing::TestWithParam<const char*> {};

TEST_P(Recipe, ComesToItsAction) {
  EXPECT_EQ(not_proven(GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, Recipe,
    ::testing::Values(
        "max_contracts: {max_contracts: 5}", "max_contracts: {max_contracts: 0}",
        "max_contracts: {max_contracts: 0, on_breach: flatten}", "max_contracts: {max_contracts: 1000000}",
        "max_contracts: {max_contracts: 3, count: net}", "max_contracts: {max_contracts: 1000000, count: net}",
        "max_contracts: {max_contracts: 2, count: mini_equivalent}",
        "max_contracts: {max_contracts: 2, count: mini_equivalent, on_breach: flatten}",
        "max_contracts: {max_contracts: 0, count: mini_equivalent, weights: {MNQ: 0.3}}",
        "max_contracts: {max_contracts: 1000000, count: mini_equivalent, weights: {MNQ: 0.1, MES: 0.1, ES: 0.1, NQ: "
        "0.1, 6J: 0.1, NKD: 0.1}}",
        "max_contracts: {max_contracts: 7, count: mini_equivalent, weights: {NKD: 1000000}}",
        "max_contracts: {max_contracts: 4, include_working_orders: true, warn_at: [50, 90]}",
        "max_contracts_per_instrument: {limits: {ES: 2, MNQ: 5}}", "max_contracts_per_instrument: {limits: {ES: 0}}",
        "max_contracts_per_instrument: {limits: {F.US.EP: 2, ES: 1}, on_breach: close}",
        "max_contracts_per_instrument: {limits: {MNQ: 1000000}}",
        "max_contracts_per_instrument: {limits: {}, default: 3}",
        "max_contracts_per_instrument: {limits: {XYZ: 3}, unknown_symbol: block}",
        "max_contracts_per_instrument: {limits: {NQ: 3}, include_working_orders: true}"));

INSTANTIATE_TEST_SUITE_P(
    Results, Recipe,
    ::testing::Values(
        "daily_loss: {max_loss: -0.01}", "daily_loss: {max_loss: -1000}", "daily_loss: {max_loss: -1000000}",
        "daily_loss: {max_loss: -9000000000}", "daily_loss: {max_loss: -1000.37, include_costs: false}",
        "daily_loss: {max_loss: -1000, basis: realized}", "daily_loss: {max_loss: -0.000000001, basis: realized}",
        "daily_loss: {max_loss: -9200000000, basis: realized, include_costs: false}",
        "daily_realized_profit: {target: 0.01}", "daily_realized_profit: {target: 1500, basis: total}",
        "daily_realized_profit: {target: 1000000}", "daily_realized_profit: {target: 9100000000}",
        "daily_realized_profit: {target: 500, include_costs: false, message: enough}",
        "daily_unrealized_loss: {limit: -400}", "daily_unrealized_loss: {limit: -400, scope: account}",
        "daily_unrealized_loss: {limit: -0.000000001}", "daily_unrealized_loss: {limit: -1000000}",
        "max_unrealized_profit: {target: 400}", "max_unrealized_profit: {target: 0.01, scope: account}",
        "max_unrealized_profit: {target: 1000000}", "cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}]}",
        "cooldown_after_loss: {tiers: [{loss: -0.01, cooldown: 1s}, {loss: -1000000, cooldown: 8784h}]}",
        "cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}], basis: fill}"));

INSTANTIATE_TEST_SUITE_P(
    Others, Recipe,
    ::testing::Values("trade_frequency_limit: {per_minute: 1}",
                      "trade_frequency_limit: {per_minute: 3, per_hour: 10}",
                      "trade_frequency_limit: {per_session: 40}", "trade_frequency_limit: {per_minute: 900}",
                      "trade_frequency_limit: {per_hour: 6, per_session: 5, cooldown: {per_session: 1s}}",
                      "no_stop_loss_grace: {}", "no_stop_loss_grace: {grace: 0s}", "no_stop_loss_grace: {grace: 1ms}",
                      "no_stop_loss_grace: {grace: 8784h}", "auth_loss_guard: {}", "symbol_blocks: {symbols: [ES]}",
                      "symbol_blocks: {symbols: [XYZ, \"M*\"]}", "symbol_blocks: {symbols: [CON.F.US.NKD.U26]}",
                      "symbol_blocks: {symbols: [\"*\"]}", "trade_management: {auto_breakeven: {trigger_ticks: 8}}",
                      "trade_management: {auto_breakeven: {trigger_ticks: 1000000, offset_ticks: 999999}}",
                      "trade_management: {trailing_stop: {distance_ticks: 1}}",
                      "trade_management: {trailing_stop: {activation_ticks: 16, distance_ticks: 1000000}}",
                      "trade_management: {auto_breakeven: {trigger_ticks: 4}, trailing_stop: {distance_ticks: 50}}",
                      "trade_management: {auto_breakeven: {trigger_ticks: 4, offset_ticks: 3}, create_stop: true}",
                      "trade_management: {trailing_stop: {distance_ticks: 12}, create_stop: true}"));

constexpr const char* kDayAndNight =
    "[{days: [mon, tue, wed, thu, fri, sat, sun], start: \"00:00\", end: \"12:00\"}, "
    "{days: [mon, tue, wed, thu, fri, sat, sun], start: \"12:00\", end: \"00:00\"}]";

TEST(SessionRecipe, IsBrokenFromInsideFromOutsideAndOnAnyDay) {
  const std::string of_the_day = "[{days: [mon, tue, wed, thu, fri], start: \"08:30\", end: \"15:00\"}]";
  for (const std::string& sessions :
       {std::string{"sessions: "} + of_the_day, "sessions: " + of_the_day + ", flatten_before_end: 10m",
        "sessions: " + of_the_day + ", holidays: {calendar: cme}", "per_symbol: {ES: " + of_the_day + "}",
        "sessions: " + of_the_day + ", per_symbol: {MNQ: [{days: [tue], start: \"17:00\", end: \"16:00\"}]}",
        "sessions: " + of_the_day + ", per_symbol: {ES: " + kDayAndNight + "}",
        std::string{"sessions: [{days: [sat], start: \"03:00\", end: \"03:01\"}]"},
        std::string{"sessions: "} + kDayAndNight,
        std::string{"per_symbol: {XYZ: "} + of_the_day + ", 6J: " + of_the_day + "}"}) {
    for (const char* now :
         {"00:00:00", "08:30:00", "12:00:00", "14:59:59.999", "14:59:59.999999999", "15:00:00", "23:59:59"})
      EXPECT_EQ(not_proven("session_block_outside: {" + sessions + "}", chicago(now)), "")
          << sessions << " at " << now;
  }
}

// What the calendar does not reach any more is outside: the position is there when the rule first looks.
TEST(SessionRecipe, IsBrokenWhereNoSessionIsKnown) {
  const auto rules = rules_from(
      "session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri], start: \"08:30\", end: \"15:00\"}]}");
  const ContractTable contracts = small_gateway();
  const BrokerTime far = chicago("12:00:00") + std::chrono::hours{24 * 366 * 8};
  const ContractId mnq{0};
  const auto breach =
      find_rule("session_block_outside")->breach(rules.front(), BreachGround{contracts, {&mnq, 1}, far});
  ASSERT_TRUE(breach.has_value());
  EXPECT_TRUE(breach->steps.empty());
  EXPECT_EQ(breach->before.size(), 1U);
  SelfTest test{contracts, calendar(), {}, far};
  test.prove(kGuarded, rules);
  EXPECT_FALSE(test.report().failure) << test.report().failure->sentence();
  EXPECT_EQ(test.report().proven, 1U);
}

// A mark that is not the last price, an age limit, and whatever hour it is: none of it is in the way.
TEST(Recipes, HoldWithEveryWayOfValuingAPosition) {
  for (const MarkKind mark : {MarkKind::Last, MarkKind::Mid, MarkKind::Exit}) {
    const auto report = self_tested(
        "daily_loss: {max_loss: -1000}, max_unrealized_profit: {target: 30}, daily_unrealized_loss: {limit: -70}, "
        "trade_management: {trailing_stop: {distance_ticks: 12}}",
        chicago("16:59:59.999"), {.mark = mark, .stale_after = std::chrono::seconds{1}});
    EXPECT_FALSE(report.failure) << report.failure->sentence();
    EXPECT_EQ(report.proven, 4U);
  }
}

TEST(Recipes, SayWhyAValueLeavesNothingToBreak) {
  EXPECT_THAT(self_tested("symbol_blocks: {symbols: [XYZ]}").unprovable,
              ElementsAre("symbol_blocks cannot be broken: none of the contracts there are is blocked"));
  EXPECT_THAT(
      self_tested("max_contracts_per_instrument: {limits: {XYZ: 3}}").unprovable,
      ElementsAre("max_contracts_per_instrument cannot be broken: none of the contracts there are has a limit"));
  EXPECT_THAT(self_tested("daily_loss: {max_loss: -9200000000}").unprovable,
              ElementsAre("daily_loss cannot be broken: no open result can be -9200000000.00"));
  EXPECT_THAT(self_tested("trade_frequency_limit: {per_session: 1000000}").unprovable,
              ElementsAre("trade_frequency_limit takes more than 10000 entries to break"));
}

// What a gateway says of its contracts is not ours to choose: a tick may be of any size and of any value.
TEST(Recipes, HoldInContractsOfEveryKind) {
  for (const char* tick : {"0.000000001", "0.0000005", "0.015625", "1", "5", "1000000"}) {
    for (const char* value : {"0.000000001", "0.01", "6.25", "137"}) {
      ContractTable contracts;
      contracts.learn("CON.F.US.ODD.U26", "ODDU6", Price::parse(tick).value().nanos(), Money::parse(value).value(),
                      true);
      SelfTest test{contracts, calendar(), {}, chicago("09:30:00")};
      test.prove(kGuarded,
                 rules_from("daily_loss: {max_loss: -1000}, max_unrealized_profit: {target: 300}, "
                            "daily_realized_profit: {target: 900}, trade_management: {trailing_stop: "
                            "{distance_ticks: 12}}, cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}]}"));
      EXPECT_FALSE(test.report().failure) << tick << " " << value << ": " << test.report().failure->sentence();
      EXPECT_EQ(test.report().proven + test.report().unprovable.size(), 5U);
    }
  }
}

TEST(Recipes, OfEveryRuleOfTheRegistryAreTried) {
  const auto rules = rules_from(kAllRules);
  ASSERT_EQ(rules.size(), rule_registry().size()) << "a rule is missing here";
  const ContractTable contracts = small_gateway();
  SelfTest test{contracts, calendar(), {}, chicago("09:30:00")};
  test.prove(kGuarded, rules);
  EXPECT_FALSE(test.report().failure) << test.report().failure->sentence();
  EXPECT_THAT(test.report().unprovable, IsEmpty());
  EXPECT_EQ(test.report().proven, rules.size());
}

TEST(Recipes, AreWrittenDownForPeople) {
  const ContractTable contracts = small_gateway();
  const ContractId mnq = *contracts.find("CON.F.US.MNQ.U26");
  const auto breach = [&](std::string_view yaml) {
    const auto rules = rules_from(yaml);
    return find_rule(rules.front().rule)
        ->breach(rules.front(), BreachGround{contracts, {&mnq, 1}, chicago("09:30:00")})
        .value();
  };
  const auto texts = [](const Breach& of) {
    std::vector<std::string> out;
    for (const Breach::Step& step : of.steps) out.push_back(text_of(step));
    return out;
  };
  const Breach loss = breach("daily_loss: {max_loss: -1000}");
  EXPECT_THAT(texts(loss), ElementsAre("sell 1 at the market", "the price moves until the open result is -1000.00"));
  EXPECT_EQ(loss.reason, "LOSS_AT_LIMIT");
  EXPECT_EQ(name_of(loss.action), "close");
  EXPECT_EQ(loss.lock, Breach::SetsLock{LockKind::Hard});
  EXPECT_THAT(texts(breach("trade_frequency_limit: {per_minute: 3}")),
              ElementsAre("place a limit order to buy 1, 20 ticks below the market",
                          "buy 1 and sell it again, 2 times", "buy 1 at the market"));
  EXPECT_THAT(texts(breach("no_stop_loss_grace: {grace: 2500ms}")),
              ElementsAre("buy 1 at the market", "wait 2.50 s"));
  EXPECT_THAT(texts(breach("auth_loss_guard: {}")),
              ElementsAre("buy 1 at the market", "the broker takes the right to trade away"));
  EXPECT_THAT(texts(breach("trade_management: {trailing_stop: {distance_ticks: 12}}")),
              ElementsAre("buy 1 at the market", "place a stop order to sell 1, 10 ticks below the market",
                          "the price rises by 13 ticks"));
}

}  // namespace
}  // namespace rm::test
