// R39, R15: what the drill is worth. Each cuts/*.patch cuts one link of the daemon, whose self-test, which would
// refuse to start, is taken out; the drill has to name the link. Their first lines:
//   # link: R8   # cut: what is cut   # rules: what is drilled   # says: words of the evidence

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/run_program.h"

namespace rm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kRules = "rules: {trade_frequency_limit: {per_minute: 3}}\n";

struct Cut {
  std::string name, link, what, rules, says;

  friend void PrintTo(const Cut& cut, std::ostream* out) { *out << cut.link << ": " << cut.what; }
};

std::string field(const std::string& patch, const std::string& key) {
  const std::string mark = "# " + key + ": ";
  std::istringstream lines{patch};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(mark)) return line.substr(mark.size());
  }
  return {};
}

std::vector<Cut> cuts() {
  std::vector<Cut> all;
  for (const auto& entry : fs::directory_iterator{RM_SOURCE_DIR "/tests/e2e/cuts"}) {
    const std::string patch = read_text(entry.path());
    all.push_back({entry.path().stem().string(), field(patch, "link"), field(patch, "cut"), field(patch, "rules"),
                   field(patch, "says")});
  }
  std::ranges::sort(all, {}, &Cut::name);
  return all;
}

Finished run_cut(const std::string& name, std::vector<std::string> options) {
  options.insert(options.begin(), RM_CUT_DAEMON + name);
  const TempDir home, scratch;
  return run_program(std::move(options),
                     {{"XDG_STATE_HOME", home.path().string()}, {"TMPDIR", scratch.path().string()}},
                     std::chrono::seconds{120});
}

class DrillOfACutDaemon : public testing::TestWithParam<Cut> {
 protected:
  TempDir dir_;
};

TEST_P(DrillOfACutDaemon, NamesTheLink) {
  const Cut& cut = GetParam();
  ASSERT_THAT(cut.says, Not(IsEmpty()));
  const auto config = dir_.write("risk.yaml", "rules: {" + cut.rules + "}\n").string();
  const Finished run = run_cut(cut.name, {"drill", "--json", "--timeout", "3", "--config", config});
  EXPECT_EQ(run.exit_code, 1);
  const Json rule = Json::parse(run.out).at("rules").at(0);
  ASSERT_TRUE(rule.at("problem").is_null()) << run.err;
  const Json& links = rule.at("links");
  const auto missing = std::ranges::find_if(links, [](const Json& link) { return link.at("proven") == false; });
  ASSERT_NE(missing, links.end()) << cut.what;
  EXPECT_EQ(missing->at("link"), cut.link) << cut.what << '\n' << missing->dump();
  EXPECT_THAT(missing->at("evidence").get<std::string>(), HasSubstr(cut.says));
  EXPECT_THAT(run.err, AllOf(HasSubstr(": " + cut.link + ' '), HasSubstr(" is not proven")));
}

INSTANTIATE_TEST_SUITE_P(R15, DrillOfACutDaemon, testing::ValuesIn(cuts()),
                         [](const auto& param) { return param.param.name; });

// With its self-test such a daemon does not start, and drill and smoke test say why.
class RefusedByItsSelfTest : public testing::Test {
 protected:
  std::string config() { return dir_.write("risk.yaml", kRules).string(); }
  TempDir dir_;
};

TEST_F(RefusedByItsSelfTest, TheDrillSaysWhichRuleAndLink) {
  const Finished run = run_cut("rule_not_registered", {"drill", "--json", "--config", config()});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(Json::parse(run.out).at("rules").at(0).at("problem").get<std::string>(),
              AllOf(HasSubstr("the self-test found that trade_frequency_limit of account"),
                    HasSubstr("the link 'risk engine' is missing")));
}

TEST_F(RefusedByItsSelfTest, TheSmokeTestSaysWhichRuleAndLink) {
  const Finished rule = run_cut("rule_not_registered", {"smoke", "--config", config()});
  EXPECT_EQ(rule.exit_code, 1);
  EXPECT_THAT(rule.err, AllOf(HasSubstr("the self-test found that trade_frequency_limit of account"),
                              HasSubstr("the link 'risk engine' is missing")));
  const Finished executor = run_cut("executor_not_connected", {"smoke", "--config", config()});
  EXPECT_EQ(executor.exit_code, 1);
  EXPECT_THAT(executor.err, HasSubstr("the link 'executor' is missing"));
}

// The self-test reaches from an event to the request: a subscription lies before it, and is what the smoke test is
// for.
TEST(SmokeOfACutDaemon, ASubscriptionThatIsForgottenIsR1) {
  const Finished run = run_cut("subscription_forgotten", {"smoke", "--timeout", "2"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("stalled at 'first_fill'"), HasSubstr("(R1)")));
}

TEST(SmokeOfACutDaemon, ASelfTestThatIsTakenOutIsMissed) {
  const Finished run = run_cut("r14_metric_not_counted", {"smoke", "--timeout", "2"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("stalled at 'self_test'"));
}

}  // namespace
}  // namespace rm::test
