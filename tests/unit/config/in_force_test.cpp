// What is in force for each account, over reloads, days and restarts.
#include "config/in_force.h"

#include "config/print.h"
#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr AccountId kOne{1}, kTwo{2};
const std::string kReset = ", at the next reset (17:00 Chicago)";

// The program's own rules.
Config config(const std::string& yaml) {
  auto loaded = load_config_text(yaml, "/etc/risk.yaml", {}, rule_registry());
  if (!loaded) {
    ADD_FAILURE() << loaded.error().front().text();
    return {};
  }
  return *std::move(loaded);
}
Config loss(const std::string& amount, const std::string& more = {}) {
  return config("rules: {daily_loss: {max_loss: " + amount + "}}\n" + more);
}

ConfigInForce start(Config wanted, std::optional<Config> kept = {}) {
  ConfigInForce in_force{std::move(wanted), std::move(kept)};
  for (const auto& [id, name] : {std::pair{kOne, "A"}, std::pair{kTwo, "B"}}) {
    if (in_force.guards(id, name)) in_force.add_account(id, name);
  }
  return in_force;
}

std::string max_loss(const ConfigInForce& in_force, AccountId account) {
  for (const RuleConfig& rule : in_force.rules_of(account)) {
    if (rule.rule == "daily_loss") return rule.enabled ? rule.get<Money>("max_loss").text() : "off";
  }
  return "none";
}

// As it comes back from the data directory.
Config kept(const ConfigInForce& in_force) {
  return config(to_yaml(in_force.to_keep()));
}

std::vector<RuleConfig> enabled_rules(const ConfigInForce& in_force, AccountId account) {
  auto rules = in_force.rules_of(account);
  std::erase_if(rules, [](const RuleConfig& rule) { return !rule.enabled; });
  return rules;
}

TEST(InForce, TheFirstStartCountsAsTheFileSays) {
  const auto in_force = start(loss("-1000"));
  EXPECT_EQ(max_loss(in_force, kOne), "-1000.00");
  EXPECT_THAT(in_force.pending(), IsEmpty());
  EXPECT_THAT(in_force.changed(), IsEmpty());
  EXPECT_THAT(in_force.needs_restart(), IsEmpty());
}

TEST(InForce, AReloadTightensNowAndLoosensWithTheNewDay) {
  auto in_force = start(loss("-1000"));
  in_force.want(loss("-500"));
  EXPECT_EQ(max_loss(in_force, kOne), "-500.00");
  EXPECT_TRUE(in_force.rules_changed(kOne));
  EXPECT_THAT(in_force.changed(), ElementsAre("daily_loss.max_loss: -1000.00 -> -500.00, now"));

  in_force.want(loss("-2000"));
  EXPECT_EQ(max_loss(in_force, kOne), "-500.00");
  EXPECT_FALSE(in_force.rules_changed(kOne));
  EXPECT_THAT(in_force.changed(), IsEmpty());
  EXPECT_THAT(in_force.pending(), ElementsAre("daily_loss.max_loss: -500.00 -> -2000.00" + kReset));

  in_force.begin_day();
  EXPECT_EQ(max_loss(in_force, kOne), "-2000.00");
  EXPECT_THAT(in_force.changed(), ElementsAre("daily_loss.max_loss: -500.00 -> -2000.00, now"));
  EXPECT_THAT(in_force.pending(), IsEmpty());
  in_force.begin_day();
  EXPECT_THAT(in_force.changed(), IsEmpty());
}

TEST(InForce, WhatIsTakenBackBeforeTheResetNeverCounts) {
  auto in_force = start(loss("-500"));
  in_force.want(loss("-2000"));
  in_force.want(loss("-500"));
  EXPECT_THAT(in_force.pending(), IsEmpty());
  in_force.begin_day();
  EXPECT_EQ(max_loss(in_force, kOne), "-500.00");
}

TEST(InForce, AccountsWithRulesOfTheirOwnAreHeldEachByItself) {
  const std::string own = "accounts: [all, {id: 2, rules: {daily_loss: {max_loss: ";
  auto in_force = start(loss("-1000", own + "-300}}}]"));
  in_force.want(loss("-800", own + "-400}}}]"));
  EXPECT_EQ(max_loss(in_force, kOne), "-800.00");
  EXPECT_EQ(max_loss(in_force, kTwo), "-300.00");
  EXPECT_THAT(in_force.changed(), ElementsAre("account 1: daily_loss.max_loss: -1000.00 -> -800.00, now"));
  EXPECT_THAT(in_force.pending(), ElementsAre("account 2: daily_loss.max_loss: -300.00 -> -400.00" + kReset));
}

TEST(InForce, ARestartWithALooserFileKeepsTheDay) {
  auto before = start(loss("-1000"));
  before.want(loss("-500"));
  auto after = start(loss("-2000"), kept(before));
  EXPECT_EQ(max_loss(after, kOne), "-500.00");
  EXPECT_THAT(after.pending(), ElementsAre("daily_loss.max_loss: -500.00 -> -2000.00" + kReset));
  auto third = start(loss("-5000"), kept(after));
  EXPECT_EQ(max_loss(third, kOne), "-500.00");
  third.begin_day();
  EXPECT_EQ(max_loss(third, kOne), "-5000.00");
  EXPECT_EQ(max_loss(start(loss("-5000"), kept(third)), kOne), "-5000.00");
}

TEST(InForce, ARestartWithATighterFileTightens) {
  EXPECT_EQ(max_loss(start(loss("-200"), kept(start(loss("-1000")))), kOne), "-200.00");
}

TEST(InForce, AnAccountTakenOutOfTheFileIsGuardedUntilTheNextDay) {
  const auto before = start(loss("-1000", "accounts: [{id: 1}, {name: B, rules: {daily_loss: {max_loss: -300}}}]"));
  ASSERT_EQ(max_loss(before, kTwo), "-300.00");
  auto after = start(loss("-1000", "accounts: [{id: 1}]"), kept(before));
  EXPECT_EQ(max_loss(after, kTwo), "-300.00");
  EXPECT_TRUE(kept(after).guards(kTwo, "B"));
  after.begin_day();
  EXPECT_EQ(max_loss(after, kTwo), "none");
  EXPECT_EQ(max_loss(after, kOne), "-1000.00");
  EXPECT_FALSE(kept(after).guards(kTwo, "B"));
}

TEST(InForce, AnAccountTakenOutByAReloadKeepsItsRulesUntilTheNextDay) {
  auto in_force = start(loss("-1000"));
  in_force.want(loss("-1000", "accounts: [{id: 1}]"));
  EXPECT_EQ(max_loss(in_force, kTwo), "-1000.00");
  EXPECT_THAT(in_force.pending(), ElementsAre("account 2: daily_loss.enabled: true -> false" + kReset));
  EXPECT_TRUE(kept(in_force).guards(kTwo, "B"));
  in_force.begin_day();
  EXPECT_FALSE(kept(in_force).guards(kTwo, "B"));
}

TEST(InForce, AnAccountTheLoginDoesNotListTodayIsNotForgotten) {
  const auto before = start(loss("-1000", "accounts: [all, {id: 2, rules: {daily_loss: {max_loss: -300}}}]"));
  ConfigInForce between{loss("-1000"), kept(before)};
  between.add_account(kOne, "A");
  EXPECT_EQ(max_loss(start(loss("-1000"), kept(between)), kTwo), "-300.00");
}

TEST(InForce, TheDayAndThePriceAreThoseItBeganWith) {
  const auto before = start(loss("-1000"));
  const auto after = start(loss("-1000", "trading_day: {reset: \"09:00\"}\nvaluation: {mark: mid}\n"), kept(before));
  EXPECT_EQ(after.settings().trading_day.reset, std::chrono::hours{17});
  EXPECT_EQ(after.settings().valuation.mark, ValuationConfig::Mark::Last);
  EXPECT_THAT(after.needs_restart(), ElementsAre("trading_day: changed, at the first start after the next reset",
                                                 "valuation: changed, at the first start after the next reset"));
}

TEST(InForce, WhatNeedsARestartIsSaidAndNotApplied) {
  auto in_force = start(loss("-1000"));
  in_force.want(loss("-1000",
                     "firm: e8\ncredentials_file: /x\nlog: {keep: 3}\njournal: {keep_mb: 9}\nnotify: {command: [x]}\n"
                     "accounts: [all, {id: 77}]\n"));
  EXPECT_THAT(in_force.needs_restart(),
              ElementsAre("gateway: changed, at the next start", "credentials_file: changed, at the next start",
                          "accounts: changed, at the next start", "log: changed, at the next start",
                          "journal: changed, at the next start", "notify: changed, at the next start"));
  EXPECT_EQ(in_force.settings().gateway, loss("-1000").gateway);
  in_force.want(loss("-1000"));
  EXPECT_THAT(in_force.needs_restart(), IsEmpty());
}

TEST(InForce, WhatIsKeptGuardsTheSameByTheSameRules) {
  for (const char* accounts : {"", "accounts: [{id: 1}, {name: B}]\n",
                               "accounts: [all, {id: 2, rules: {daily_loss: {enabled: false}}}]\n"}) {
    const auto in_force = start(loss("-1000", accounts));
    const Config again = kept(in_force);
    for (const auto& [id, name] : {std::pair{kOne, "A"}, std::pair{kTwo, "B"}}) {
      EXPECT_TRUE(again.guards(id, name)) << accounts;
      EXPECT_TRUE(std::ranges::equal(again.rules_for(id, name), enabled_rules(in_force, id), same_rule)) << accounts;
    }
    EXPECT_EQ(again.guards(AccountId{9}, "C"), std::string_view{accounts}.find("{id: 1}") == std::string_view::npos);
  }
}

}  // namespace
}  // namespace rm::test
