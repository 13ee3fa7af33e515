// The log on a real disk.

#include "observe/log.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "scratch.h"

namespace rm {
namespace {

using scratch::eventually;
using scratch::lines;
using scratch::TempDir;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

LogOptions quiet(const std::filesystem::path& dir) {
  LogOptions options;
  options.dir = dir;
  options.stderr_level = Level::Off;
  return options;
}

std::unique_ptr<Log> open_log(const LogOptions& options) {
  auto opened = Log::open(options);
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

TEST(Log, WritesJsonAndTextWhereItIsTold) {
  const TempDir dir;
  const auto where = dir.path() / "made" / "for me";
  {
    const auto open = open_log(quiet(where));
    set_log_broker_time(BrokerTime::from_seconds(1'790'000'000));
    log(Level::Info, "decision", "flatten the account",
        {{"account", AccountId{42}}, {"rule", "daily_loss"}, {"pnl", Money::from_cents(-100'050)}});
    checkpoint("database_open", "the database is open", {{"schema", 1}});
  }
  const auto json = lines(where / "risk-manager.json.log");
  ASSERT_THAT(json, SizeIs(2));
  EXPECT_EQ(nlohmann::json::parse(json[0])["pnl"], "-1000.50");
  EXPECT_EQ(nlohmann::json::parse(json[0])["broker_time"], "2026-09-21T14:13:20Z");
  EXPECT_EQ(nlohmann::json::parse(json[1])["event"], "checkpoint");
  EXPECT_EQ(nlohmann::json::parse(json[1])["checkpoint"], "database_open");
  EXPECT_EQ(nlohmann::json::parse(json[1])["schema"], 1);
  const auto text = lines(where / "risk-manager.log");
  ASSERT_THAT(text, SizeIs(2));
  EXPECT_THAT(text[0], HasSubstr("INFO  decision: flatten the account account=42 rule=daily_loss pnl=-1000.50"));
  struct stat status{};
  ::stat((where / "risk-manager.json.log").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(Log, FormatChoosesTheFile) {
  const TempDir dir;
  auto options = quiet(dir.path());
  options.format = LogFormat::Json;
  {
    const auto open = open_log(options);
    log(Level::Info, "a", "b");
  }
  EXPECT_TRUE(std::filesystem::exists(dir.path() / "risk-manager.json.log"));
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "risk-manager.log"));
}

TEST(Log, LevelFilters) {
  const TempDir dir;
  auto options = quiet(dir.path());
  options.level = Level::Warning;
  {
    const auto open = open_log(options);
    EXPECT_FALSE(log_enabled(Level::Info));
    EXPECT_TRUE(log_enabled(Level::Error));
    for (const Level level : {Level::Trace, Level::Debug, Level::Info, Level::Warning, Level::Error})
      log(level, "x", name_of(level));
  }
  const auto written = lines(dir.path() / "risk-manager.log");
  ASSERT_THAT(written, SizeIs(2));
  EXPECT_THAT(written[0], HasSubstr("x: warning"));
  EXPECT_THAT(written[1], HasSubstr("x: error"));
}

TEST(Log, RotatesBySizeAndKeepsSoMany) {
  const TempDir dir;
  auto options = quiet(dir.path());
  options.format = LogFormat::Json;
  options.rotate_bytes = 4'096;
  options.keep = 2;
  {
    const auto open = open_log(options);
    for (int i = 0; i < 500; ++i)
      log(Level::Info, "fill", "a line that is about a hundred bytes long when it is written", {{"number", i}});
  }
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{dir.path()}) {
    names.push_back(entry.path().filename());
    EXPECT_LE(entry.file_size(), options.rotate_bytes);
    for (const std::string& line : lines(entry.path())) EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("risk-manager.json.log", "risk-manager.json.1.log",
                                                     "risk-manager.json.2.log"));
  EXPECT_THAT(lines(dir.path() / "risk-manager.json.log").back(), HasSubstr("\"number\":499"));
}

TEST(Log, AWarningIsOnDiskWithoutAskingAndSoIsEverythingBeforeIt) {
  const TempDir dir;
  const auto open = open_log(quiet(dir.path()));
  log(Level::Info, "first", "an ordinary line");
  log(Level::Warning, "second", "a warning");
  EXPECT_TRUE(eventually([&] { return lines(dir.path() / "risk-manager.json.log").size() == 2; }));
}

TEST(Log, AnOrdinaryLineIsOnDiskSoonAfter) {
  const TempDir dir;
  const auto open = open_log(quiet(dir.path()));
  log(Level::Info, "only", "an ordinary line");
  EXPECT_TRUE(eventually([&] { return lines(dir.path() / "risk-manager.json.log").size() == 1; }));
}

TEST(Log, SecretsAreShownNowhere) {
  const TempDir dir;
  redact("key \"with\" quotes");
  redact("eyJhbGciOi.token.of-today");
  {
    const auto open = open_log(quiet(dir.path()));
    log(Level::Error, "login", "refused: {\"apiKey\":\"key \"with\" quotes\"}",
        {{"url", "https://x/hubs/user?access_token=eyJhbGciOi.token.of-today"}});
  }
  for (const auto* name : {"risk-manager.json.log", "risk-manager.log"}) {
    const auto written = lines(dir.path() / name);
    ASSERT_THAT(written, SizeIs(1));
    EXPECT_THAT(written[0], HasSubstr("access_token=***"));
    for (const auto* part : {"quotes", "token.of"}) EXPECT_THAT(written[0], ::testing::Not(HasSubstr(part)));
  }
  EXPECT_EQ(redacted("Bearer eyJhbGciOi.token.of-today!"), "Bearer ***!");
}

TEST(Log, LinesOfManyThreadsStayWhole) {
  const TempDir dir;
  constexpr int kThreads = 4, kLines = 500;
  auto options = quiet(dir.path());
  options.format = LogFormat::Json;
  {
    const auto open = open_log(options);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([t] {
        for (int i = 0; i < kLines; ++i)
          log(Level::Info, "line", std::string(200, static_cast<char>('a' + t)), {{"i", i}});
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(open->health().dropped, 0U);
  }
  const auto written = lines(dir.path() / "risk-manager.json.log");
  EXPECT_THAT(written, SizeIs(kThreads * kLines));
  for (const std::string& line : written) ASSERT_TRUE(nlohmann::json::accept(line)) << line;
}

TEST(Log, ItsHealthCountsTheLinesForTheFileWhichAreThereAMomentLater) {
  const TempDir dir;
  const auto open = open_log(quiet(dir.path()));
  log(Level::Debug, "line", "below the level of the files");
  for (int i = 0; i < 7; ++i) log(Level::Info, "line", "x");
  EXPECT_EQ(log_health().lines, 7U);
  EXPECT_TRUE(eventually([&] { return lines(dir.path() / "risk-manager.json.log").size() == 7; }));
}

TEST(Log, AFullQueueDropsAndCounts) {
  const TempDir dir;
  auto options = quiet(dir.path());
  options.format = LogFormat::Json;
  options.queue_lines = 4;
  std::uint64_t dropped = 0;
  int sent = 0;
  {
    const auto open = open_log(options);
    while (dropped == 0 && sent < 1'000'000) {
      for (int i = 0; i < 1'000; ++i, ++sent) log(Level::Warning, "burst", "one of many");
      dropped = open->health().dropped;
    }
    dropped = open->health().dropped;
  }
  EXPECT_GT(dropped, 0U);
  EXPECT_LT(lines(dir.path() / "risk-manager.json.log").size(), static_cast<std::size_t>(sent));
}

TEST(Log, ADirectoryThatCannotBeWrittenIsRefusedWithASentence) {
  const TempDir dir;
  std::ofstream{dir.path() / "file"} << "x";
  const auto refusal = [](const std::filesystem::path& where) {
    const auto opened = Log::open(quiet(where));
    return opened ? "opened" : opened.error().message;
  };
  EXPECT_THAT(refusal(dir.path() / "file"), HasSubstr("cannot be written"));
  EXPECT_THAT(refusal("/proc/risk-manager"), HasSubstr("log directory: /proc/risk-manager cannot be written"));
  std::filesystem::create_directory(dir.path() / "risk-manager.json.log");
  EXPECT_THAT(refusal(dir.path()), HasSubstr("Is a directory"));
}

TEST(Log, ADiskThatFillsUpIsCountedAndSaidAndGoesOn) {
  const TempDir dir;
  std::filesystem::create_symlink("/dev/full", dir.path() / "risk-manager.json.log");
  ::testing::internal::CaptureStderr();
  {
    const auto open = open_log(quiet(dir.path()));
    log(Level::Error, "a", "cannot be kept in the one file, but in the other");
    EXPECT_TRUE(eventually([&] { return open->health().failed_writes > 0; }));
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("risk-manager: the log cannot be written"));
  EXPECT_THAT(lines(dir.path() / "risk-manager.log"), SizeIs(1));
}

TEST(Log, StderrIsForPeopleWithALevelOfItsOwn) {
  const TempDir dir;
  auto options = quiet(dir.path());
  options.format = LogFormat::Json;
  options.stderr_level = Level::Warning;
  ::testing::internal::CaptureStderr();
  {
    const auto open = open_log(options);
    log(Level::Info, "quiet", "not for the screen");
    log(Level::Warning, "loud", "for the screen");
  }
  const std::string shown = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(shown, HasSubstr("WARN  loud: for the screen\n"));
  EXPECT_THAT(shown, ::testing::Not(HasSubstr("quiet")));
  EXPECT_THAT(lines(dir.path() / "risk-manager.json.log"), SizeIs(2));
}

TEST(Log, WithoutAFileALineGoesToStderr) {
  ::testing::internal::CaptureStderr();
  log(Level::Error, "config_refused", "before the log is open");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("ERROR config_refused: before the log is open"));
}

TEST(Log, ThereIsOneAtATime) {
  const TempDir dir;
  const auto open = open_log(quiet(dir.path()));
  EXPECT_FALSE(Log::open(quiet(dir.path())));
}

}  // namespace
}  // namespace rm
