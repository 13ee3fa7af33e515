// The commands as a script calls them: what they refuse, with which exit code, and that what is lost is not called
// done.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iterator>

#include "support/run_program.h"

namespace rm::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kRules = "rules: {max_contracts: {max_contracts: 5}}\n";
constexpr int kFailed = 1, kWrong = 2;

class CommandLine : public testing::Test {
 protected:
  Finished command(std::vector<std::string> words) {
    words.insert(words.begin(), RM_DAEMON_PROGRAM);
    return run_program(std::move(words),
                       {{"TMPDIR", dir_.path().string()}, {"XDG_STATE_HOME", home_.path().string()}});
  }
  void expect_one_sentence(const Finished& run, int exit_code) {
    EXPECT_EQ(run.exit_code, exit_code);
    EXPECT_THAT(run.err, AllOf(StartsWith("risk-manager: "), EndsWith("\n")));
    EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
  }

  TempDir dir_, home_;
  std::string config_ = dir_.write("risk.yaml", kRules).string(), data_ = (dir_.path() / "data").string();
};

// An unset variable of a script: `start --config "$FILE"`.
TEST_F(CommandLine, AnEmptyValueIsRefusedByEveryCommand) {
  const std::vector<std::vector<std::string>> all{
      {"start", "--config", "", "--data-dir", data_},
      {"start", "--config", config_, "--data-dir", ""},
      {"start", "--paper", "--scenario", "", "--data-dir", data_},
      {"check-config", ""},
      {"status", "--data-dir", ""},
      {"doctor", "--config", "", "--data-dir", data_},
      {"doctor", "--paper", "--data-dir", ""},
      {"smoke", "--config", ""},
      {"smoke", "--scenario", ""},
      {"drill", "--config", ""},
      {"drill", "--html", ""},
      {"replay", ""},
      {"replay", data_, "--config", ""},
      {"trace", "", data_},
      {"trace", "3", "--data-dir", ""},
      {"why", "--account", ""},
      {"journal", "verify", ""},
      {"journal", "export", data_, "--to", ""},
  };
  for (const auto& words : all) {
    const Finished run = command(words);
    expect_one_sentence(run, kWrong);
    EXPECT_THAT(run.err, AllOf(StartsWith("risk-manager: " + words.front()), HasSubstr("found an empty text")))
        << words.front();
    EXPECT_THAT(run.out, IsEmpty());
  }
  EXPECT_FALSE(fs::exists(data_));
  EXPECT_TRUE(fs::is_empty(home_.path())) << "and nothing was started in the default data directory";
}

TEST_F(CommandLine, StartWithoutAConfigurationDoesNotGuardALiveGatewayWithTheRulesOfTheDemo) {
  const Finished run = command({"start", "--data-dir", data_});
  expect_one_sentence(run, kWrong);
  EXPECT_THAT(run.err, HasSubstr("start needs --config FILE (or --paper to try it without a broker)"));
  EXPECT_FALSE(fs::exists(data_));
}

TEST_F(CommandLine, AnUnknownWordIsNamedWithWhatIsAllowed) {
  const Finished none = command({}), bogus = command({"bogus"}), verfy = command({"journal", "verfy"}),
                 option = command({"start", "--confg", config_}), range = command({"drill", "--timeout", "0"}),
                 missing = command({"trace"}), two = command({"status", "doctor"});
  for (const Finished* run : {&none, &bogus, &verfy, &option, &range, &missing, &two})
    expect_one_sentence(*run, kWrong);
  EXPECT_THAT(none.err, HasSubstr("which command? Allowed are start, status, check-config, doctor, smoke, drill"));
  EXPECT_THAT(bogus.err, HasSubstr("found 'bogus', allowed are start, status, check-config"));
  EXPECT_THAT(verfy.err, HasSubstr("journal: found 'verfy', allowed are verify, export"));
  EXPECT_THAT(option.err, HasSubstr("start: found '--confg', allowed are --help, --config, --data-dir"));
  EXPECT_THAT(range.err, HasSubstr("drill: --timeout: Value 0 not in range"));
  EXPECT_THAT(missing.err, HasSubstr("trace: WHAT is required"));
  EXPECT_THAT(two.err, HasSubstr("found 'doctor'"));
}

TEST_F(CommandLine, AnInvalidConfigurationIsTwoForEveryCommandThatRunsWithOne) {
  const std::string bad = dir_.write("bad.yaml", "rules: {daily_loss: {max_loss: 5}}\n").string();
  for (const char* name : {"start", "smoke", "drill", "replay"}) {
    const Finished run = command({name, "--config", bad});
    EXPECT_EQ(run.exit_code, kWrong) << name << ": " << run.err;
    EXPECT_THAT(run.err, HasSubstr("bad.yaml:1:32: rules.daily_loss.max_loss: found '5'"));
  }
  EXPECT_EQ(command({"check-config", bad}).exit_code, kWrong);
}

TEST_F(CommandLine, WhatCannotBePrintedIsNoSuccess) {
  const std::vector<std::vector<std::string>> all{{"check-config", config_},
                                                  {"check-config", config_, "--print"},
                                                  {"check-config", "--schema"},
                                                  {"--version"},
                                                  {"drill", "--help"}};
  for (const auto& words : all) {
    ProcessOptions options{.argv = words, .environment = {}, .out = "/dev/full", .err = dir_.path() / "err"};
    options.argv.insert(options.argv.begin(), RM_DAEMON_PROGRAM);
    fs::remove(options.err);
    const auto ended = Process{options}.wait();
    expect_one_sentence({ended.value_or(Ended{}).exit_code, {}, read_text(options.err)}, kFailed);
    EXPECT_THAT(read_text(options.err), HasSubstr("standard output cannot be written: No space left on device"));
  }
}

TEST_F(CommandLine, ADataDirectoryIsMadeWithoutWhatDotsTakeBack) {
  ProcessOptions options{.argv = {RM_DAEMON_PROGRAM, "start", "--paper", "--data-dir",
                                  (dir_.path() / "x" / "y" / ".." / ".." / "data").string()},
                         .environment = {},
                         .out = dir_.path() / "out",
                         .err = dir_.path() / "err"};
  Process process{options};
  ASSERT_TRUE(eventually([&] { return fs::exists(data_ + "/control.sock") || !process.running(); }));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait().value_or(Ended{}).exit_code, 0) << read_text(options.err);
  EXPECT_TRUE(fs::exists(data_ + "/risk-manager.db"));
  EXPECT_FALSE(fs::exists(dir_.path() / "x"));
}

class PageOfADrill : public CommandLine {
 protected:
  // A drill up to its first rule.
  std::unique_ptr<Process> begin_drill(const fs::path& page) {
    auto process = std::make_unique<Process>(
        ProcessOptions{.argv = {RM_DAEMON_PROGRAM, "drill", "--config", config_, "--html", page.string()},
                       .environment = {{"TMPDIR", scratch_.path().string()}},
                       .out = dir_.path() / "out",
                       .err = dir_.path() / "err"});
    EXPECT_TRUE(eventually([&] { return read_text(dir_.path() / "err").find("drill: ") != std::string::npos; }));
    return process;
  }
  TempDir pages_, scratch_;
};

TEST_F(PageOfADrill, ADrillThatIsStoppedLeavesThePageOfBefore) {
  const fs::path page = pages_.write("page.html", "the page of before");
  const auto process = begin_drill(page);
  EXPECT_EQ(read_text(page), "the page of before");
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait().value_or(Ended{}).exit_code, kFailed);
  EXPECT_THAT(read_text(dir_.path() / "err"), EndsWith("risk-manager: drill: stopped\n"));
  EXPECT_EQ(read_text(page), "the page of before");
  EXPECT_EQ(std::distance(fs::directory_iterator{pages_.path()}, fs::directory_iterator{}), 1);
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

TEST_F(PageOfADrill, ADrillIsStoppedInTheMiddleOfAStepThatTakesLong) {
  config_ = dir_.write("risk.yaml", "rules: {trade_frequency_limit: {per_session: 1000000}}\n");
  const auto process = begin_drill(pages_.path() / "page.html");
  const auto trades = [&] {  // the gateway tells each
    for (const auto& entry : fs::recursive_directory_iterator{scratch_.path()}) {
      if (entry.path().filename() == "paper-gateway.err") return std::ranges::count(read_text(entry.path()), '\n');
    }
    return std::ptrdiff_t{0};
  };
  EXPECT_TRUE(eventually([&] { return trades() > 100; }));
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait().value_or(Ended{}).exit_code, kFailed);
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

TEST_F(PageOfADrill, AFolderThatIsNotThereIsToldWithTheReasonBeforeAnythingIsStarted) {
  const Finished run = command({"drill", "--config", config_, "--html", "/no/such/folder/page.html"});
  expect_one_sentence(run, kFailed);
  EXPECT_THAT(run.err, HasSubstr("/no/such/folder/page.html cannot be written: No such file or directory"));
}

}  // namespace
}  // namespace rm::test
