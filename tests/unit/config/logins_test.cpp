// Several logins in one file.

#include "config/logins.h"

#include "config/credentials.h"
#include "config/print.h"
#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kRules = "rules: {alpha: {count: 5, loss: -10}}\n";

std::string with_logins(const std::string& logins) {
  return std::string{kRules} + "logins:\n" + logins;
}

void expect_problem(const std::string& text, const std::string& words) {
  const auto said = problems(text);
  ASSERT_THAT(said, SizeIs(1)) << text;
  EXPECT_THAT(said.front(), HasSubstr(words));
}

TEST(Logins, AFileWithoutAListIsTheOneLoginOfItsTop) {
  const auto logins = logins_of(valid(std::string{kRules} + "accounts: [{id: 7}]\nfirm: tradeify\n"));
  ASSERT_THAT(logins, SizeIs(1));
  EXPECT_EQ(logins[0].name, "");
  EXPECT_EQ(logins[0].config.gateway.api_url, "https://api.tradeify.projectx.com");
  EXPECT_TRUE(logins[0].config.guards(AccountId{7}, ""));
}

TEST(Logins, EachHasItsGatewayAccountsAndCredentialsAndTheCommonRules) {
  const auto logins = logins_of(valid(
      with_logins("  - {name: tops, firm: topstepx, credentials_file: /etc/one, accounts: [{id: 1, rules: {alpha: "
                  "{count: 2}}}]}\n"
                  "  - {name: own-2, gateway: {api_url: 'https://a.b', user_hub_url: 'https://a.c', market_hub_url: "
                  "'https://a.d', frozen_feed_after: 20s}}\n")));
  ASSERT_THAT(logins, SizeIs(2));
  const Config& first = logins[0].config;
  const Config& second = logins[1].config;
  EXPECT_EQ(logins[0].name, "tops");
  EXPECT_EQ(first.gateway.api_url, "https://api.topstepx.com");
  EXPECT_EQ(first.credentials_file, "/etc/one");
  EXPECT_FALSE(first.guards(AccountId{2}, ""));
  EXPECT_EQ(first.rules_for(AccountId{1}, "")[0].get<std::int64_t>("count"), 2);
  EXPECT_EQ(logins[1].name, "own-2");
  EXPECT_EQ(second.gateway.api_url, "https://a.b");
  EXPECT_EQ(second.gateway.frozen_feed_after, std::chrono::seconds{20});
  EXPECT_EQ(second.rules_for(AccountId{2}, "")[0].get<std::int64_t>("count"), 5);
  EXPECT_TRUE(first.logins.empty());
}

TEST(Logins, ALoginThatIsGoneFromTheFileGoesOnByTheRulesOfTheFile) {
  const Config before = valid("rules: {alpha: {count: 5}}\nfirm: tradeify\naccounts: [{id: 7}]\n");
  const Config file = valid("rules: {alpha: {count: 3}}\nlogins: [{name: a, firm: topstepx}]\n");
  const Config now = continued(file, before);
  EXPECT_EQ(now.gateway, before.gateway);
  EXPECT_FALSE(now.guards(AccountId{8}, ""));
  EXPECT_EQ(now.rules_for(AccountId{7}, "")[0].get<std::int64_t>("count"), 3);
  EXPECT_EQ(logins_of(now)[0].name, "");
}

TEST(Logins, WhatIsPrintedReadsBackTheSame) {
  const Config config =
      valid(with_logins("  - {name: a, firm: topstepx, accounts: [{name: X}, all]}\n  - {name: b, firm: tradeify, "
                        "credentials_file: /etc/b}\n"));
  EXPECT_EQ(valid(to_yaml(config)), config);
}

TEST(Logins, NamesThatAskForTheSameVariablesAreRefused) {
  for (const char* name : {"a-b", "A_B", "a_b"}) {
    expect_problem(
        with_logins("  - {name: a-b, firm: topstepx}\n  - {name: " + std::string{name} + ", firm: tradeify}\n"),
        "logins[1].name: found '" + std::string{name} + "' beside 'a-b'");
  }
}

TEST(Logins, ANameIsLettersDigitsAndDashes) {
  for (const char* name : {"\"a b\"", "ä", "\"\"", "[a]", "abcdefghijklmnopqrstuvwxyz1234567"}) {
    EXPECT_THAT(problems(with_logins("  - {name: " + std::string{name} + ", firm: topstepx}\n")),
                ::testing::Contains(HasSubstr("logins[0].name")))
        << name;
  }
  expect_problem(with_logins("  - {firm: topstepx}\n"), "name");
}

TEST(Logins, AnAccountBelongsToOneLogin) {
  expect_problem(with_logins("  - {name: a, firm: topstepx, accounts: [{id: 5}]}\n"
                             "  - {name: b, firm: tradeify, accounts: [{id: 6}, {id: 5}]}\n"),
                 "logins[1].accounts: found account 5, which login 'a' lists too");
  expect_problem(with_logins("  - {name: a, firm: topstepx, accounts: [{name: X}]}\n"
                             "  - {name: b, firm: topstepx, accounts: [{name: X}]}\n"),
                 "found account 'X', which login 'a' lists too");
  // Another firm may use the same name.
  (void)valid(
      with_logins("  - {name: a, firm: topstepx, accounts: [{name: X}]}\n"
                  "  - {name: b, firm: tradeify, accounts: [{name: X}]}\n"));
}

TEST(Logins, OneUserAtOneGatewayIsOneLogin) {
  expect_problem(with_logins("  - {name: a, firm: topstepx, credentials_file: /etc/a}\n"
                             "  - {name: b, firm: topstepx, credentials_file: /etc/a}\n"),
                 "logins[1].credentials_file: found the credentials file of login 'a' at the same gateway");
}

TEST(Logins, BothFormsAtOnceAreRefused) {
  for (const char* line : {"firm: topstepx\n", "accounts: [{id: 1}]\n", "credentials_file: /etc/a\n",
                           "gateway: {frozen_feed_after: 20s}\n"}) {
    expect_problem(std::string{line} + with_logins("  - {name: a, firm: topstepx}\n"),
                   "found beside logins, allowed only inside of each login");
  }
}

TEST(Logins, ALoginWithoutAGatewayIsRefused) {
  expect_problem(with_logins("  - {name: a}\n"), "logins[0]: found neither firm nor gateway");
  expect_problem(with_logins("  - {name: a, firm: nofirm}\n"), "logins[0].firm");
  expect_problem(std::string{kRules} + "logins: []\n", "found an empty list");
  expect_problem(std::string{kRules} + "logins: topstepx\n", "logins: found 'topstepx'");
  expect_problem(std::string{kRules} + "logins: [topstepx]\n", "logins[0]: found 'topstepx'");
  expect_problem(with_logins("  - {name: a, firm: topstepx, acounts: all}\n"),
                 "logins[0].acounts: unknown key, did you mean 'accounts'?");
  expect_problem(with_logins("  - {name: a, firm: topstepx, api_key: xyz}\n"), "logins[0].api_key: found a login");
}

TEST(Logins, CredentialsComeFromVariablesWithTheNameOfTheLogin) {
  const char* const environment[] = {"PROJECT_X_USERNAME=other", "PROJECT_X_API_KEY=other-key",
                                     "PROJECT_X_USERNAME_OWN_2=anna", "PROJECT_X_API_KEY_OWN_2=anna-key"};
  const auto found = load_credentials(environment, "", "own-2");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->username.reveal(), "anna");
  EXPECT_EQ(found->api_key.reveal(), "anna-key");
  const auto missing = load_credentials(environment, "", "tops");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("no login for 'tops': set PROJECT_X_USERNAME_TOPS"));
}

TEST(Logins, AVariableOverridesAKeyOfOneOfThem) {
  const Config config =
      valid(with_logins("  - {name: a, firm: topstepx}\n"), {"RISK_MANAGER__LOGINS__0__FIRM=tradeify"});
  EXPECT_EQ(config.logins[0].gateway.api_url, "https://api.tradeify.projectx.com");
}

}  // namespace
}  // namespace rm::test
