// Notifications: the file, the command, and what happens when either fails.

#include "observe/notify.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "observe/command.h"
#include "observe/log.h"
#include "scratch.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using scratch::eventually;
using scratch::lines;
using scratch::TempDir;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Notice notice(std::string sentence) {
  return {NoticeKind::Violation, BrokerTime::from_seconds(1'790'000'000),
          AccountId{42},         EnforcementId{7},
          "daily_loss",          std::move(sentence)};
}

std::unique_ptr<Notifier> open_notifier(NotifierOptions options) {
  auto opened = Notifier::open(std::move(options));
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

NotifierOptions in(const TempDir& dir, std::vector<std::string> command = {}) {
  NotifierOptions options;
  options.dir = dir.path();
  options.command = std::move(command);
  return options;
}

// Keeps what the notifier logs about its failures off the test's output.
struct QuietLog {
  explicit QuietLog(const TempDir& dir)
      : log{Log::open({dir.path(), Level::Info, 1 << 20, 1, LogFormat::Json, Level::Off, 64})} {}
  Result<std::unique_ptr<Log>> log;
};

TEST(Notifier, WritesEveryNoticeInOrderAsAJsonLine) {
  const TempDir dir;
  {
    const auto notifier = open_notifier(in(dir));
    notifier->notify(notice("the day's result reached \"-1000.00\"\nand more"));
    notifier->notify({NoticeKind::Health, BrokerTime::from_seconds(1), {}, {}, "", "the disk is full"});
  }
  const auto written = lines(dir.path() / "notifications.log");
  ASSERT_THAT(written, SizeIs(2));
  const auto first = nlohmann::json::parse(written[0]);
  EXPECT_EQ(first["kind"], "violation");
  EXPECT_EQ(first["account"], 42);
  EXPECT_EQ(first["enforcement"], 7);
  EXPECT_EQ(first["rule"], "daily_loss");
  EXPECT_EQ(first["sentence"], "the day's result reached \"-1000.00\"\nand more");
  EXPECT_EQ(first["broker_time"], "2026-09-21T14:13:20Z");
  EXPECT_FALSE(nlohmann::json::parse(written[1]).contains("account"));
}

TEST(Notifier, GoesOnInTheFileThatIsThere) {
  const TempDir dir;
  for (int i = 0; i < 2; ++i) open_notifier(in(dir))->notify(notice("again"));
  EXPECT_THAT(lines(dir.path() / "notifications.log"), SizeIs(2));
}

TEST(Notifier, RecordsOnTheCallersThreadBeforeItReturns) {
  const TempDir dir;
  std::vector<std::string> rows;
  auto options = in(dir);
  options.record = [&](const Notice& n) { rows.push_back(n.sentence); };
  const auto notifier = open_notifier(std::move(options));
  notifier->notify(notice("a row"));
  EXPECT_THAT(rows, ::testing::ElementsAre("a row"));
}

TEST(Notifier, HandsTheSentenceToTheCommandAsOneArgumentAndNoShellReadsIt) {
  const TempDir dir;
  const std::string sentence = "loss $(touch pwned); 'quoted' \"twice\" & more";
  const auto file = (dir.path() / "said").string();
  const auto notifier = open_notifier(in(dir, {"/bin/sh", "-c", "printf %s \"$1\" > " + file, "sh"}));
  notifier->notify(notice(sentence));
  ASSERT_TRUE(eventually([&] { return notifier->delivered() == 1; }));
  EXPECT_THAT(lines(file), ::testing::ElementsAre(sentence));
}

TEST(Notifier, ACommandThatFailsOrIsMissingOrHangsIsCountedAndLoggedAndTheNextStillGoes) {
  const TempDir dir;
  const QuietLog quiet{dir};
  std::uint64_t failures = 0;
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"/bin/false"}, {"/no/such/program"}, {"/bin/sh", "-c", "sleep 1000"}}) {
    auto options = in(dir, command);
    options.command_limit = 100ms;
    const auto notifier = open_notifier(std::move(options));
    notifier->notify(notice("one"));
    notifier->notify(notice("two"));
    EXPECT_TRUE(eventually([&] { return notifier->failures() == 2; })) << command[0];
    failures += notifier->failures();
  }
  EXPECT_EQ(failures, 6U);
  EXPECT_THAT(lines(dir.path() / "notifications.log"), SizeIs(6));  // the file has each of them
  EXPECT_TRUE(eventually([&] {
    (*quiet.log)->flush();
    return lines(dir.path() / "risk-manager.json.log").size() == 6;
  }));
}

TEST(Notifier, NotifyingDoesNotWaitForTheCommand) {
  const TempDir dir;
  const QuietLog quiet{dir};
  const auto gate = (dir.path() / "gate").string();
  const auto notifier =
      open_notifier(in(dir, {"/bin/sh", "-c", "while [ ! -e " + gate + " ]; do sleep 0.01; done", "sh"}));
  for (int i = 0; i < 3; ++i)
    notifier->notify(notice("waiting"));  // would never return if it waited: the gate is opened below
  EXPECT_EQ(notifier->delivered(), 0U);
  std::ofstream{gate};
  EXPECT_TRUE(eventually([&] { return notifier->delivered() == 3; }));
}

TEST(Notifier, MoreThanTheQueueHoldsIsDroppedAndCountedButStillRecorded) {
  const TempDir dir;
  const QuietLog quiet{dir};
  const auto gate = (dir.path() / "gate").string();
  auto options = in(dir, {"/bin/sh", "-c", "while [ ! -e " + gate + " ]; do sleep 0.01; done", "sh"});
  int rows = 0;
  options.queue = 2;
  options.record = [&](const Notice&) { ++rows; };
  const auto notifier = open_notifier(std::move(options));
  for (int i = 0; i < 10; ++i) notifier->notify(notice("many"));
  EXPECT_GE(notifier->failures(), 7U);
  EXPECT_EQ(rows, 10);
  std::ofstream{gate};
}

TEST(Notifier, ADiskThatRefusesIsCounted) {
  const TempDir dir;
  const QuietLog quiet{dir};
  std::filesystem::create_symlink("/dev/full", dir.path() / "notifications.log");
  const auto notifier = open_notifier(in(dir));
  notifier->notify(notice("cannot be kept"));
  EXPECT_TRUE(eventually([&] { return notifier->failures() == 1; }));
}

TEST(Notifier, AFileThatCannotBeWrittenIsRefusedWithASentence) {
  NotifierOptions options;
  options.dir = "/proc/risk-manager";
  const auto opened = Notifier::open(options);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("/proc/risk-manager/notifications.log cannot be written"));
}

TEST(Notifier, SecretsAreNotTold) {
  const TempDir dir;
  redact("hunter2-hunter2");
  open_notifier(in(dir))->notify(notice("login with hunter2-hunter2 refused"));
  EXPECT_THAT(lines(dir.path() / "notifications.log").at(0), HasSubstr("login with *** refused"));
}

TEST(Command, GetsNoCredentialsAndNoDescriptors) {
  const TempDir dir;
  ::setenv("PROJECT_X_API_KEY", "secret", 1);
  const auto file = (dir.path() / "env").string();
  const std::ofstream held{dir.path() / "held"};
  ASSERT_TRUE(run_command({"/bin/sh", "-c", "env > " + file + "; ls /proc/self/fd | wc -l > " + file + ".fds"}, 10s));
  ::unsetenv("PROJECT_X_API_KEY");
  EXPECT_THAT(lines(file), ::testing::Not(::testing::Contains(HasSubstr("PROJECT_X"))));
  EXPECT_THAT(lines(file), ::testing::Contains(HasSubstr("PATH=")));
  EXPECT_THAT(lines(file + ".fds"),
              ::testing::ElementsAre("4"));  // input, output, errors, and the directory that ls reads
}

TEST(Command, TellsHowItFailed) {
  EXPECT_THAT(run_command({"/bin/sh", "-c", "exit 3"}, 10s).error().message,
              HasSubstr("/bin/sh ended with status 3"));
  EXPECT_THAT(run_command({"/bin/sh", "-c", "kill -9 $$"}, 10s).error().message, HasSubstr("ended by signal 9"));
  EXPECT_THAT(run_command({"/no/such/program"}, 10s).error().message, HasSubstr("cannot be started"));
  EXPECT_THAT(run_command({"sleep", "1000"}, 50ms).error().message,
              HasSubstr("took longer than 50 ms and was killed"));
  EXPECT_FALSE(run_command({}, 10s));
}

TEST(Command, WhatItStartedIsKilledWithIt) {
  const TempDir dir;
  const auto file = dir.path() / "pid";
  EXPECT_FALSE(run_command({"/bin/sh", "-c", "sleep 1000 & echo $! > " + file.string() + "; wait"}, 300ms));
  const auto pid = lines(file);
  ASSERT_THAT(pid, SizeIs(1));
  EXPECT_TRUE(eventually([&] {
    std::ifstream status{"/proc/" + pid[0] + "/stat"};
    std::string text;
    return !std::getline(status, text) || text.find(") Z") != std::string::npos;
  }));
}

}  // namespace
}  // namespace rm
