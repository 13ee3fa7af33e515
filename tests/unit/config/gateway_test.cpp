#include <fmt/format.h>

#include "config/firms.h"
#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kRules = "rules: {alpha: {}}\n";

std::string addresses(const std::string& api, const std::string& user, const std::string& market) {
  return std::string{kRules} + "gateway:\n  api_url: \"" + api + "\"\n  user_hub_url: \"" + user +
         "\"\n  market_hub_url: \"" + market + "\"\n";
}

TEST(Gateway, DefaultsToTopstepX) {
  const Config config = valid(kRules);
  EXPECT_EQ(config.gateway, firm_gateway("topstepx"));
  EXPECT_EQ(config.gateway.api_url, "https://api.topstepx.com");
  EXPECT_EQ(config.gateway.user_hub_url, "https://rtc.topstepx.com/hubs/user");
  EXPECT_EQ(config.gateway.market_hub_url, "https://rtc.topstepx.com/hubs/market");
}

TEST(Gateway, AFirmStandsForItsThreeAddresses) {
  const Config config = valid(std::string{kRules} + "firm: tradeify\n");
  EXPECT_EQ(config.gateway.api_url, "https://api.tradeify.projectx.com");
  EXPECT_EQ(config.gateway.user_hub_url, "https://rtc.tradeify.projectx.com/hubs/user");
  EXPECT_EQ(config.gateway.market_hub_url, "https://rtc.tradeify.projectx.com/hubs/market");
  EXPECT_EQ(valid(std::string{kRules} + "firm: e8\ngateway: {ca_file: /x.pem}\n").gateway.ca_file, "/x.pem");
}

TEST(Gateway, AHubIsGivenFiveSecondsToTwoMinutes) {
  using namespace std::chrono_literals;
  EXPECT_EQ(valid(kRules).gateway.hub_timeout, 30s);
  EXPECT_EQ(valid(std::string{kRules} + "gateway: {hub_timeout: 5s}\n").gateway.hub_timeout, 5s);
  EXPECT_EQ(valid(std::string{kRules} + "firm: e8\ngateway: {hub_timeout: 2m}\n").gateway.hub_timeout, 2min);
  for (const char* wrong : {"4999ms", "121s"}) {
    EXPECT_THAT(problems(fmt::format("{}gateway: {{hub_timeout: {}}}\n", kRules, wrong)),
                ElementsAre(HasSubstr(
                    fmt::format("gateway.hub_timeout: found '{}', allowed a duration from 5s to 2m", wrong))));
  }
}

TEST(Gateway, AnUnknownFirmIsRefused) {
  EXPECT_THAT(problems(std::string{kRules} + "firm: topstep\n"),
              ElementsAre(AllOf(HasSubstr("firm: found 'topstep', allowed one of topstepx, "),
                                HasSubstr("did you mean 'topstepx'?"))));
  EXPECT_THAT(problems(std::string{kRules} + "firm: [e8]\n"), ElementsAre(HasSubstr("firm: found a list")));
}

TEST(Gateway, FirmAndAddressesExcludeEachOther) {
  EXPECT_THAT(problems(addresses("https://a.example", "https://b.example/u", "https://b.example/m") + "firm: e8\n"),
              ElementsAre(HasSubstr("firm: found beside addresses under gateway, allowed one of the two")));
}

TEST(Gateway, TheThreeAddressesBelongTogether) {
  EXPECT_THAT(problems(std::string{kRules} + "gateway: {api_url: \"https://a.example\"}\n"),
              ElementsAre(HasSubstr("gateway.user_hub_url: found nothing"),
                          HasSubstr("gateway.market_hub_url: found nothing")));
}

TEST(Gateway, TrailingSlashesDoNotMatter) {
  EXPECT_EQ(valid(addresses("https://a.example/", "wss://b.example/u/", "https://b.example/m")).gateway.api_url,
            "https://a.example");
}

TEST(Gateway, PlainAddressesAreForThisMachineOnly) {
  EXPECT_EQ(
      valid(addresses("http://127.0.0.1:5000", "ws://localhost:5000/hubs/user", "http://[::1]:5000/hubs/market"))
          .gateway.api_url,
      "http://127.0.0.1:5000");
  const auto all = problems(addresses("http://api.topstepx.com", "ws://127.evil.example/u", "http://10.0.0.1/m"));
  EXPECT_THAT(all, SizeIs(3));
  EXPECT_THAT(all, Each(HasSubstr("without encryption only this machine")));
}

TEST(Gateway, AddressesThatCannotBeUsedAreRefused) {
  for (const char* bad : {"ftp://a.example", "a.example", "https://", "https://a b.example",
                          "https://a.example:99999", "wss://a.example", "https://a.example#x"}) {
    SCOPED_TRACE(bad);
    EXPECT_THAT(problems(addresses(bad, "https://b.example/u", "https://b.example/m")),
                ElementsAre(HasSubstr("gateway.api_url: found")));
  }
}

TEST(Gateway, ATokenOrPasswordInAnAddressIsNotRepeated) {
  for (const char* bad :
       {"https://a.example/?access_token=hunter2", "https://me:hunter2@a.example", "http://far.example/?t=hunter2"}) {
    const auto all = problems(addresses(bad, "https://b.example/u", "https://b.example/m"));
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_THAT(all[0], Not(HasSubstr("hunter2")));
  }
}

TEST(Gateway, AnAddressThatIsNoTextIsReportedOnce) {
  EXPECT_THAT(
      problems(std::string{kRules} +
               "gateway: {api_url: [a], user_hub_url: \"https://b.example\", market_hub_url: \"https://b.example\"}"),
      SizeIs(1));
}

}  // namespace
}  // namespace rm::test
