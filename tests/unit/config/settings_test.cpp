// The sections that are not rules, and where paths start.

#include "unit/config/table.h"

namespace rm::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kRules = "rules: {alpha: {}}\n";

Config with(const std::string& text) {
  return valid(kRules + text);
}
std::vector<std::string> refused(const std::string& text) {
  return problems(kRules + text);
}

TEST(Settings, EverythingHasADefault) {
  const Config config = with("");
  EXPECT_EQ(config.trading_day.reset, hours{17});
  EXPECT_EQ(config.trading_day.timezone, "America/Chicago");
  EXPECT_EQ(config.valuation.mark, ValuationConfig::Mark::Last);
  EXPECT_EQ(config.valuation.stale_after, seconds{30});
  EXPECT_EQ(config.log.dir, "");
  EXPECT_EQ(config.log.level, LogConfig::Level::Info);
  EXPECT_EQ(config.log.rotate_mb, 50);
  EXPECT_EQ(config.log.keep, 10);
  EXPECT_EQ(config.journal.keep_mb, 512);
  EXPECT_EQ(config.log.format, LogConfig::Format::Json);
  EXPECT_TRUE(config.notify.command.empty());
  EXPECT_EQ(config.credentials_file, "");
}

TEST(Settings, EveryKeyIsRead) {
  const Config config = with(
      "trading_day: {reset: \"16:05\", timezone: Europe/Berlin}\nvaluation: {mark: exit, stale_after: 5s}\n"
      "log: {dir: /var/log/rm, level: error, rotate_mb: 1, keep: 2, format: both}\njournal: {keep_mb: 8}\nnotify: "
      "{command: [/bin/echo, "
      "\"Hello, world\", \"\"]}\n"
      "credentials_file: /etc/rm/login\n");
  EXPECT_EQ(config.trading_day.reset, hours{16} + minutes{5});
  EXPECT_EQ(config.trading_day.timezone, "Europe/Berlin");
  EXPECT_EQ(config.valuation.mark, ValuationConfig::Mark::Exit);
  EXPECT_EQ(config.valuation.stale_after, seconds{5});
  EXPECT_EQ(config.log.dir, "/var/log/rm");
  EXPECT_EQ(config.log.level, LogConfig::Level::Error);
  EXPECT_EQ(config.log.rotate_mb, 1);
  EXPECT_EQ(config.log.keep, 2);
  EXPECT_EQ(config.journal.keep_mb, 8);
  EXPECT_EQ(config.journal.files_of(4 << 20), 2U);
  EXPECT_EQ(config.journal.files_of(64 << 20), 1U);
  EXPECT_EQ(config.log.format, LogConfig::Format::Both);
  EXPECT_THAT(config.notify.command, ElementsAre("/bin/echo", "Hello, world", ""));
  EXPECT_EQ(config.credentials_file, "/etc/rm/login");
}

TEST(Settings, EachChoiceIsItsEnumeration) {
  using Level = LogConfig::Level;
  const std::pair<const char*, Level> levels[] = {{"trace", Level::Trace},
                                                  {"debug", Level::Debug},
                                                  {"info", Level::Info},
                                                  {"warn", Level::Warn},
                                                  {"error", Level::Error}};
  for (const auto& [text, level] : levels)
    EXPECT_EQ(with(std::string{"log: {level: "} + text + "}").log.level, level) << text;
  using Format = LogConfig::Format;
  const std::pair<const char*, Format> formats[] = {
      {"json", Format::Json}, {"text", Format::Text}, {"both", Format::Both}};
  for (const auto& [text, format] : formats)
    EXPECT_EQ(with(std::string{"log: {format: "} + text + "}").log.format, format) << text;
  using Mark = ValuationConfig::Mark;
  const std::pair<const char*, Mark> marks[] = {{"last", Mark::Last}, {"mid", Mark::Mid}, {"exit", Mark::Exit}};
  for (const auto& [text, mark] : marks)
    EXPECT_EQ(with(std::string{"valuation: {mark: "} + text + "}").valuation.mark, mark) << text;
}

TEST(Settings, ASectionWithNothingBehindItHasItsDefaults) {
  EXPECT_EQ(with("log:\nvaluation:\n"), with(""));
}

TEST(Settings, RelativePathsStartAtTheFolderOfTheFile) {
  const Config config = with("credentials_file: login.yaml\nlog: {dir: ../log}\ngateway: {ca_file: ./ca.pem}\n");
  EXPECT_EQ(config.credentials_file, "/etc/risk/login.yaml");
  EXPECT_EQ(config.log.dir, "/etc/log");
  EXPECT_EQ(config.gateway.ca_file, "/etc/risk/ca.pem");
  EXPECT_THAT(refused("log: {dir: ~/log}"),
              ElementsAre(HasSubstr(
                  "log.dir: found '~/log', allowed a path; a relative one starts at the folder of this file")));
}

TEST(Settings, WhatIsWrongIsSaid) {
  const std::pair<const char*, const char*> cases[] = {
      {"trading_day: {reset: 24:00}", "trading_day.reset: found '24:00', allowed a local time of day"},
      {"trading_day: {reset: 5pm}", "trading_day.reset: found '5pm', allowed a local time of day"},
      {"trading_day: {reset: 7:00}", "trading_day.reset: found '7:00', allowed a local time of day"},
      {"trading_day: {reset: [1]}", "trading_day.reset: found a list, allowed a local time of day"},
      {"trading_day: {timezone: America/Chigaco}",
       "trading_day.timezone: found 'America/Chigaco', allowed a time zone like America/Chicago, did you mean "
       "America/Chicago"},
      {"trading_day: {timezone: chicago}", "did you mean America/Chicago"},
      {"trading_day: {timezone: ../../etc/passwd}", "allowed a time zone"},
      {"valuation: {mark: bid}", "valuation.mark: found 'bid', allowed one of last, mid, exit"},
      {"valuation: {stale_after: 0s}", "valuation.stale_after: found '0s', allowed a duration above 0"},
      {"log: {level: verbose}", "log.level: found 'verbose', allowed one of trace, debug, info, warn, error"},
      {"log: {rotate_mb: 0}", "log.rotate_mb: found '0', allowed a whole number above 0"},
      {"log: {keep: many}", "log.keep: found 'many'"},
      {"journal: {keep_mb: 0}", "journal.keep_mb: found '0', allowed a whole number above 0"},
      {"log: {folder: x}", "log.folder: unknown key"},
      {"notify: {command: echo hello}",
       "notify.command: found 'echo hello', allowed a list of a program and its arguments"},
      {"notify: {command: ['']}", "notify.command[0]: found '', allowed a program"},
      {"notify: {command: [a, [b]]}", "notify.command[1]: found a list"},
      {"notify: {comand: []}", "notify.comand: unknown key, did you mean 'command'?"},
      {"loging: {}", "loging: unknown key"},
      {"credentials_file: [a]", "credentials_file: found a list, allowed a path"},
  };
  for (const auto& [line, problem] : cases) {
    SCOPED_TRACE(line);
    EXPECT_THAT(refused(line), ElementsAre(HasSubstr(problem)));
  }
}

TEST(Settings, ALoginInTheMainFileIsRefusedAndNotShown) {
  for (const char* line :
       {"api_key: hunter2", "username: hunter2", "gateway: {api-key: hunter2}", "PROJECT_X_API_KEY: hunter2",
        "accessToken: hunter2", "credentials: {api_key: hunter2}", "password: hunter2"}) {
    SCOPED_TRACE(line);
    const auto all = refused(line);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_THAT(all[0], HasSubstr("found a login, allowed only outside of this file"));
    EXPECT_THAT(all[0], Not(HasSubstr("hunter2")));
  }
}

TEST(Settings, ValuesOfUnknownKeysAreNotShown) {
  EXPECT_THAT(refused("apikeey: hunter2"), ElementsAre(Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace rm::test
