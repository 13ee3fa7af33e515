// R38: what the doctor may not look at is not called well, and what may belong to a daemon is left to it.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"
#include "support/run_program.h"

namespace rm::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DoctorRights : public EndToEnd {
 protected:
  // A folder that everybody may enter, with the program and a configuration.
  void SetUp() override {
    fs::permissions(dir_.path(), fs::perms{0777});
    fs::copy_file(RM_DAEMON_PROGRAM, dir_.path() / "risk-manager");
  }

  // The doctor as somebody who may not enter the daemon's data directory: another user, or, where only root could
  // become one, its own user without the right.
  Json examine_as_a_stranger() {
    const fs::path file = dir_.write("risk.yaml", kTwoRules + paper().yaml());
    std::vector<std::string> argv;
    if (::geteuid() == 0) {
      argv = {"/usr/bin/setpriv", "--reuid=65534", "--clear-groups"};
    } else {
      fs::permissions(daemon().data_dir(), fs::perms::none);
    }
    argv.insert(argv.end(), {(dir_.path() / "risk-manager").string(), "doctor", "--json", "--config", file.string(),
                             "--data-dir", daemon().data_dir().string()});
    const Finished run = run_program(argv, {{"PROJECT_X_USERNAME", std::string{kUser}},
                                            {"PROJECT_X_API_KEY", std::string{kApiKey}},
                                            {"TMPDIR", dir_.path().string()}});
    fs::permissions(daemon().data_dir(), fs::perms::owner_all);
    EXPECT_EQ(run.exit_code, 1) << run.err;
    Json checks = Json::object();
    const Json report = Json::parse(run.out, nullptr, false);
    for (const Json& check : report.value("checks", Json::array())) checks[check.at("name")] = check;
    return checks;
  }

  static std::string result(const Json& checks, const char* name) {
    return checks.contains(name) ? checks.at(name).at("result") : "there is no such check";
  }

  TempDir dir_;
};

TEST_F(DoctorRights, R38_AStrangerIsToldThatItIsNotKnownAndTakesNoStream) {
  guard();
  const Json checks = examine_as_a_stranger();
  EXPECT_EQ(result(checks, "login"), "ok") << "he has the login, so he could take the stream";
  EXPECT_EQ(result(checks, "daemon"), "fail");
  EXPECT_THAT(checks.at("daemon").at("seen").get<std::string>(),
              AllOf(HasSubstr("whether one runs is not known"), HasSubstr("Permission denied")));
  EXPECT_EQ(result(checks, "data_directory"), "fail");
  for (const char* name : {"permissions", "database", "locks", "user_hub", "market_hub", "prices"})
    EXPECT_EQ(result(checks, name), "not_checked") << name;
  EXPECT_THAT(daemon().logged("hub_lost"), IsEmpty()) << "the daemon's streams were left alone";
  EXPECT_TRUE(daemon().wait_protecting());
}

TEST_F(DoctorRights, R38_ALockOfAStoppedDaemonIsToldInOneUntil) {
  guard();
  ASSERT_NO_FATAL_FAILURE(lose_the_day_and_be_locked());
  ASSERT_EQ(daemon().terminate().exit_code, 0);
  const Finished run = run_program({RM_DAEMON_PROGRAM, "doctor", "--data-dir", daemon().data_dir().string()});
  EXPECT_EQ(run.exit_code, 1) << "no configuration was named";
  EXPECT_THAT(run.out, AllOf(HasSubstr("is locked by daily_loss until 20"), HasSubstr("no configuration was named"),
                             Not(HasSubstr("the configuration is not valid"))));
}

// What the others print goes the same way: a daemon is needed to have something to print.
TEST_F(DoctorRights, WhatIsRecordedAndCannotBePrintedIsNoSuccess) {
  guard();
  ASSERT_NO_FATAL_FAILURE(lose_the_day_and_be_locked());
  const std::string data = daemon().data_dir().string();
  const std::vector<std::vector<std::string>> all{{"status", "--json", "--data-dir", data},
                                                  {"trace", "1", data},
                                                  {"trace", "1", data, "--json"},
                                                  {"why", data},
                                                  {"journal", "verify", data},
                                                  {"replay", data}};
  for (const auto& words : all) {
    ProcessOptions options{.argv = words, .environment = {}, .out = "/dev/full", .err = dir_.path() / "err"};
    options.argv.insert(options.argv.begin(), RM_DAEMON_PROGRAM);
    fs::remove(options.err);
    EXPECT_EQ(Process{options}.wait().value_or(Ended{}).exit_code, 1) << words.front();
    EXPECT_THAT(read_text(options.err), HasSubstr("standard output cannot be written: No space left on device"))
        << words.front();
  }
}

}  // namespace
}  // namespace rm::test
