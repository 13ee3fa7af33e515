#include "drill/paper_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "drill/daemon.h"

namespace rm::drill {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kRules = "rules: {max_contracts: {max_contracts: 5}, daily_loss: {max_loss: -1000}}\n";

Config loaded(const std::string& text) {
  auto config = load_config_text(text, "/x/test.yaml", {}, rule_registry());
  if (!config) throw std::runtime_error{config.error().front().text()};
  return std::move(*config);
}

std::vector<std::int64_t> ids(const Config& config) {
  std::vector<std::int64_t> all;
  for (const PaperAccount& account : paper_accounts(config)) all.push_back(account.id);
  return all;
}

TEST(DrillPaperConfig, NothingOfTheUsersGatewayLoginFilesOrCommandsIsLeft) {
  const Config users = loaded(
      std::string{kRules} +
      "firm: topstepx\ncredentials_file: login.yaml\nlog: {dir: users-log}\nnotify: {command: [/usr/bin/call]}\n");
  const std::string yaml = yaml_for(on_paper(users), "http://127.0.0.1:1", "/tmp/drill");
  for (const char* theirs : {"topstepx", "login.yaml", "users-log", "/usr/bin/call"})
    EXPECT_THAT(yaml, Not(HasSubstr(theirs)));
  const Config config = loaded(yaml);
  EXPECT_EQ(config.gateway.api_url, "http://127.0.0.1:1");
  EXPECT_EQ(config.gateway.user_hub_url, "http://127.0.0.1:1/hubs/user");
  EXPECT_EQ(config.gateway.market_hub_url, "http://127.0.0.1:1/hubs/market");
  EXPECT_EQ(config.log.dir, "/tmp/drill/log");
  EXPECT_EQ(config.log.level, LogConfig::Level::Trace);
  EXPECT_TRUE(std::ranges::equal(config.rules, users.rules, same_rule));
}

TEST(DrillPaperConfig, SeveralLoginsBecomeOneWithAllTheirAccounts) {
  const Config config = on_paper(loaded(
      std::string{kRules} +
      "logins: [{name: a, firm: topstepx, credentials_file: a.yaml, accounts: [{id: 7}]}, {name: b, firm: tradeify, "
      "credentials_file: b.yaml, accounts: [{name: Mia, rules: {max_contracts: {max_contracts: 1}}}]}]\n"));
  EXPECT_THAT(config.logins, IsEmpty());
  EXPECT_THAT(ids(config), ElementsAre(7, 26001234));
  const std::string yaml = yaml_for(config, "http://127.0.0.1:1", "/tmp/drill");
  for (const char* theirs : {"topstepx", "tradeify", "a.yaml", "b.yaml"}) EXPECT_THAT(yaml, Not(HasSubstr(theirs)));
  EXPECT_TRUE(loaded(yaml).logins.empty());
}

TEST(DrillPaperConfig, AllAccountsBecomeOneThatStandsForThem) {
  EXPECT_THAT(ids(on_paper(loaded(kRules))), ElementsAre(26001234));
}

TEST(DrillPaperConfig, AnAccountThatIsChosenByItsNameGetsANumberThatNobodyHas) {
  const Config config =
      on_paper(loaded(std::string{kRules} + "accounts: [{name: Mia}, {id: 26001234}, {name: Eva}]\n"));
  EXPECT_THAT(ids(config), ElementsAre(26001235, 26001234, 26001236));
  EXPECT_EQ(paper_accounts(config)[0].name, "Mia");
}

TEST(DrillPaperConfig, OneRuleAloneIsWithoutTheOthers) {
  const Config config = with_rule_alone(on_paper(loaded(kRules)), 0, "daily_loss");
  const auto rules = config.rules_for(AccountId{26001234}, "");
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules.front().rule, "daily_loss");
}

TEST(DrillPaperConfig, OfTheUsersEnvironmentNothingReachesTheDaemonThatCouldLeadItAway) {
  const std::vector<const char*> users{"HOME=/home/x", "PROJECT_X_API_KEY=secret", "PROJECT_X_USERNAME_B=mia",
                                       "RISK_MANAGER__GATEWAY__API_URL=https://api.topstepx.com"};
  const auto all = daemon_environment(users);
  EXPECT_THAT(all, AllOf(Contains("HOME=/home/x"), Contains("PROJECT_X_API_KEY=paper-key"),
                         Not(Contains("PROJECT_X_API_KEY=secret")), Not(Contains(StartsWith("RISK_MANAGER__"))),
                         Not(Contains(StartsWith("PROJECT_X_USERNAME_B")))));
}

}  // namespace
}  // namespace rm::drill
