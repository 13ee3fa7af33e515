#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drill/daemon.h"

namespace rm::drill {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Not;

std::vector<std::string> environment(const std::vector<const char*>& user, std::vector<std::string> off = {}) {
  return daemon_environment({.program = {},
                             .config_file = {},
                             .dir = "/tmp/drill",
                             .gateway = "http://127.0.0.1:1",
                             .environment = user,
                             .off = std::move(off)});
}

TEST(DrillEnvironment, OverridesOfTheRulesAreTheUsersOwn) {
  EXPECT_THAT(environment({"RISK_MANAGER__RULES__DAILY_LOSS__MAX_LOSS=-5", "HOME=/home/x"}),
              AllOf(Contains("RISK_MANAGER__RULES__DAILY_LOSS__MAX_LOSS=-5"), Contains("HOME=/home/x")));
}

TEST(DrillEnvironment, NothingLeadsToTheUsersGatewayLoginOrFiles) {
  const auto all = environment(
      {"PROJECT_X_API_KEY=secret", "RISK_MANAGER__FIRM=topstepx", "RISK_MANAGER__LOG__DIR=/x",
       "RISK_MANAGER__gateway__api_url=https://api.topstepx.com", "RISK_MANAGER__NOTIFY__COMMAND__0=/usr/bin/call",
       "RISK_MANAGER__LOG={dir: /x}", "RISK_MANAGER__CREDENTIALS_FILE=/x"});
  for (const char* users :
       {"PROJECT_X_API_KEY=secret", "RISK_MANAGER__FIRM=topstepx", "RISK_MANAGER__LOG__DIR=/x",
        "RISK_MANAGER__gateway__api_url=https://api.topstepx.com", "RISK_MANAGER__NOTIFY__COMMAND__0=/usr/bin/call",
        "RISK_MANAGER__LOG={dir: /x}", "RISK_MANAGER__CREDENTIALS_FILE=/x"})
    EXPECT_THAT(all, Not(Contains(users)));
  EXPECT_THAT(all,
              AllOf(Contains("PROJECT_X_API_KEY=paper-key"), Contains("RISK_MANAGER__FIRM=none"),
                    Contains("RISK_MANAGER__LOG__DIR=/tmp/drill/log"), Contains("RISK_MANAGER__NOTIFY__COMMAND=[]"),
                    Contains("RISK_MANAGER__GATEWAY__API_URL=http://127.0.0.1:1")));
}

TEST(DrillEnvironment, ARuleThatIsToBeOffIsOffWhateverTheUserSays) {
  const auto all = environment({"RISK_MANAGER__RULES__DAILY_LOSS__ENABLED=true"}, {"RULES__DAILY_LOSS__ENABLED"});
  EXPECT_EQ(*std::ranges::find_if(all, [](const auto& v) { return v.contains("DAILY_LOSS"); }),
            "RISK_MANAGER__RULES__DAILY_LOSS__ENABLED=false");
}

}  // namespace
}  // namespace rm::drill
