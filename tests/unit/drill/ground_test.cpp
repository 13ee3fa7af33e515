#include "drill/ground.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"

namespace rm::drill {
namespace {

using testing::ElementsAre;

BrokerTime at(std::string_view text) {
  return parse_timestamp(text).value();
}

Config config(const std::string& text) {
  auto loaded = load_config_text(text, "test", {}, rule_registry(), at("2026-11-20T12:00:00Z"));
  if (!loaded) throw std::runtime_error{loaded.error().front().text()};
  return std::move(*loaded);
}

std::vector<const RuleConfig*> enabled(const Config& config) {
  std::vector<const RuleConfig*> rules;
  for (const RuleConfig& rule : config.rules) {
    if (rule.enabled) rules.push_back(&rule);
  }
  return rules;
}

struct Contracts {
  ContractTable table;
  ContractId add(std::string_view name) {
    return table.learn("CON.F.US." + std::string{name} + ".Z26", std::string{name} + "Z6", 250'000'000,
                       Money::from_units(1), true);
  }
};

TEST(DrillGround, ContractsThatOtherRulesBlockOrLimitComeLast) {
  Contracts contracts;
  const ContractId mnq = contracts.add("MNQ"), mes = contracts.add("MES"), es = contracts.add("ES");
  const Config rules =
      config("rules: {symbol_blocks: {symbols: [\"MN*\"]}, max_contracts_per_instrument: {limits: {MES: 3}}}\n");
  EXPECT_THAT(preferred(contracts.table, {mnq, mes, es}, enabled(rules)), ElementsAre(es, mes, mnq));
  EXPECT_THAT(preferred(contracts.table, {mnq, mes, es}, {}), ElementsAre(mnq, mes, es));
}

TEST(DrillGround, TheTimeIsWithinTheSessionsAndTheMarketIsOpen) {
  const Config rules =
      config("rules: {session_block_outside: {sessions: [{days: [tue], start: \"08:30\", end: \"15:00\"}]}}\n");
  // A Saturday; the next Tuesday is the 24th, 08:30 in Chicago is 14:30.
  const BrokerTime time = good_time(rules, enabled(rules), at("2026-11-21T12:00:00Z"));
  EXPECT_GE(time, at("2026-11-24T14:30:00Z"));
  EXPECT_LT(time, at("2026-11-24T20:00:00Z"));
}

TEST(DrillGround, TheTimeIsFarFromTheReset) {
  const Config rules = config("rules: {auth_loss_guard: {}}\n");
  // 17:00 in Chicago is 23:00; the market opens again then.
  const BrokerTime time = good_time(rules, enabled(rules), at("2026-11-23T22:30:00Z"));
  EXPECT_GE(time, at("2026-11-24T00:00:00Z"));
  EXPECT_LT(time, at("2026-11-24T00:30:00Z"));
}

TEST(DrillGround, WhereThereIsNoSuchTimeItIsNow) {
  const Config rules =
      config("rules: {session_block_outside: {sessions: [{days: [sat], start: \"10:00\", end: \"11:00\"}]}}\n");
  EXPECT_EQ(good_time(rules, enabled(rules), at("2026-11-23T12:00:00Z")), at("2026-11-23T12:00:00Z"));
}

}  // namespace
}  // namespace rm::drill
