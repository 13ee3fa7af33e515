#include "cli/check_config.h"

#include <sstream>

#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

struct Outcome {
  int code;
  std::string out, err;
};

Outcome run(const std::string& file, bool print = false, std::initializer_list<const char*> environment = {}) {
  std::ostringstream out, err;
  const int code = check_config(file, print, std::span{environment.begin(), environment.size()}, table(), out, err);
  return {code, out.str(), err.str()};
}

TEST(CheckConfig, SaysWhatIsGuarded) {
  const TempFolder folder;
  const std::string one = folder.write("one.yaml", "rules: {beta: {limit: -5}}\n");
  EXPECT_EQ(run(one).code, 0);
  EXPECT_EQ(run(one).out, one + ": valid, 1 rule enabled: beta\n");
  EXPECT_EQ(run(one).err, "");
  EXPECT_EQ(run(one, false, {"RISK_MANAGER__RULES__ALPHA={}"}).out, one + ": valid, 2 rules enabled: alpha, beta\n");
  const std::string off =
      folder.write("off.yaml", "rules: {alpha: {enabled: false}}\naccounts: [all, {id: 7, rules: {alpha: {}}}]\n");
  EXPECT_EQ(run(off).out,
            off + ": valid, no rule enabled: nothing is guarded\n" + off + ": account 7: 1 rule enabled: alpha\n");
}

TEST(CheckConfig, PrintsAConfigurationThatIsTheSame) {
  const TempFolder folder;
  const std::string file = folder.write("risk.yaml", "rules: {beta: {limit: -5}}\n");
  const Outcome printed = run(file, true, {"RISK_MANAGER__LOG__KEEP=3"});
  EXPECT_EQ(printed.code, 0);
  EXPECT_THAT(printed.out, HasSubstr("keep: 3\n"));
  EXPECT_EQ(run(folder.write("printed.yaml", printed.out), true).out, printed.out);
}

TEST(CheckConfig, WarnsBeforeACalendarEnds) {
  const TempFolder folder;
  const std::string soon = format_timestamp(computer_time() + std::chrono::hours{240}).substr(0, 10);
  const std::string calendar = folder.write(
      "mine.yaml", "timezone: UTC\nday_begins: \"23:59\"\ncovers: {from: 2026-01-01, to: " + soon + "}\ndays: []\n");
  const std::string file = folder.write(
      "risk.yaml",
      "rules: {session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri, sat, sun], start: \"08:30\", end: "
      "\"15:00\"}], holidays: {calendar: mine.yaml}}}\n");
  std::ostringstream out, err;
  EXPECT_EQ(check_config(file, false, {}, rule_registry(), out, err), 0) << "it is valid all the same";
  EXPECT_THAT(err.str(), HasSubstr(file + ": warning: the calendar '" + calendar + "' ends on " + soon));
  EXPECT_EQ(out.str(), file + ": valid, 1 rule enabled: session_block_outside\n");
}

TEST(CheckConfig, ListsEveryProblemALine) {
  const TempFolder folder;
  const std::string file = folder.write("bad.yaml", "rules:\n  beta: {limit: 5}\n  gama: {}\n");
  const Outcome outcome = run(file, true);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            file + ":2:17: rules.beta.limit: found '5', allowed an amount of money below 0, like -1000.00\n" + file +
                ":3:3: rules.gama: unknown key\nrisk-manager: " + file + " is not valid: 2 problems to correct\n");
}

TEST(CheckConfig, AFileThatIsNotThereIsInvalid) {
  EXPECT_EQ(run("/nowhere/risk.yaml").code, 2);
  EXPECT_EQ(run("/nowhere/risk.yaml").err,
            "/nowhere/risk.yaml: there is no such file\nrisk-manager: /nowhere/risk.yaml is not valid: 1 problem to "
            "correct\n");
}

}  // namespace
}  // namespace rm::test
