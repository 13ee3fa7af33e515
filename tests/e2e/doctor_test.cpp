// R38: the doctor sees each fault that would keep the risk manager from guarding, says what to do, and changes
// nothing.

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"
#include "support/net_test_server.h"

namespace rm::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string iso(std::time_t at) {
  std::tm utc{};
  gmtime_r(&at, &utc);
  char text[32];
  (void)std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

// Every file below `dir` with its bytes.
std::map<std::string, std::string> everything_in(const fs::path& dir) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator{dir})
    files[entry.path().string()] = entry.is_regular_file() ? read_text(entry.path()) : "";
  return files;
}

class Doctor : public EndToEnd {
 protected:
  // A gateway whose clock is the computer's.
  void start_honest_paper(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.end(), {"--start-time", iso(std::time(nullptr))});
    start_paper(arguments);
  }

  struct Visit {
    int exit_code = -1;
    Json report;
    std::string table;
    [[nodiscard]] Json check(std::string_view name) const {
      for (const Json& each : report.at("checks")) {
        if (each.at("name") == name) return each;
      }
      return Json{{"result", "there is no such check"}, {"seen", ""}, {"to_do", nullptr}};
    }
    [[nodiscard]] std::string result(std::string_view name) const { return check(name).at("result"); }
    [[nodiscard]] std::string seen(std::string_view name) const { return check(name).at("seen"); }
    // Names of the checks that failed.
    [[nodiscard]] std::vector<std::string> failed() const {
      std::vector<std::string> names;
      for (const Json& each : report.at("checks")) {
        if (each.at("result") == "fail") names.push_back(each.at("name"));
      }
      return names;
    }
  };

  // What a person, or a script, sees of it.
  Visit visit(const std::string& config, std::map<std::string, std::string> environment = kLogin) {
    const auto file = dir_.write("risk.yaml", config);
    return run({"--config", file.string()}, std::move(environment));
  }

  Visit run(const std::vector<std::string>& arguments, std::map<std::string, std::string> environment = kLogin) {
    ProcessOptions options;
    options.argv = {RM_DAEMON_PROGRAM, "doctor", "--json", "--data-dir", data_dir_.string()};
    options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
    environment["TMPDIR"] = temporary_.path().string();
    options.environment = std::move(environment);
    options.out = dir_.path() / "out";
    options.err = dir_.path() / "err";
    fs::remove(options.out);
    fs::remove(options.err);
    Process process{options};
    const auto ended = process.wait();
    Visit visit;
    if (ended) visit.exit_code = ended->exit_code;
    visit.table = read_text(options.err);
    visit.report = Json::parse(read_text(options.out), nullptr, false);
    EXPECT_TRUE(visit.report.is_object()) << visit.table;
    EXPECT_THAT(everything_in(temporary_.path()), IsEmpty()) << "copies are removed again";
    return visit;
  }

  // A data directory with a day behind it: a lock, trades.
  void leave_a_locked_day() {
    guard();
    ASSERT_NO_FATAL_FAILURE(lose_the_day_and_be_locked());
    ASSERT_EQ(daemon().terminate().exit_code, 0);
    data_dir_ = daemon().data_dir();
  }

  [[nodiscard]] std::string config() { return kTwoRules + paper().yaml(); }

  static inline const std::map<std::string, std::string> kLogin{{"PROJECT_X_USERNAME", std::string{kUser}},
                                                                {"PROJECT_X_API_KEY", std::string{kApiKey}}};
  TempDir dir_, temporary_;
  fs::path data_dir_ = dir_.path() / "data";
};

TEST_F(Doctor, R38_OnASoundInstallationEveryCheckIsOkAndNothingIsAskedThatActs) {
  start_honest_paper();
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 0) << seen.table;
  EXPECT_EQ(seen.report.at("result"), "ok") << seen.table;
  std::vector<std::string> names;
  for (const Json& each : seen.report.at("checks")) {
    names.push_back(each.at("name"));
    EXPECT_EQ(each.at("result"), "ok") << each;
  }
  EXPECT_THAT(names,
              ElementsAre("version", "configuration", "credentials", "calendar", "daemon", "data_directory", "log",
                          "permissions", "database", "locks", "gateway", "clock", "login", "accounts", "contracts",
                          AnyOf("user_hub", "market_hub"), AnyOf("user_hub", "market_hub"), "prices", "requests"));
  EXPECT_THAT(seen.seen("accounts"), HasSubstr("26001234"));
  EXPECT_THAT(seen.table, AllOf(HasSubstr("ok    gateway"), HasSubstr("19 ok, 0 to look at, 0 FAILED")));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  EXPECT_FALSE(fs::exists(data_dir_)) << "it makes nothing";
}

TEST_F(Doctor, R38_OnPaperItNeedsNoLoginAndNoConfiguration) {
  const Visit seen = run({"--paper"}, {});
  EXPECT_EQ(seen.exit_code, 0) << seen.table;
  EXPECT_EQ(seen.result("prices"), "ok") << seen.table;
}

TEST_F(Doctor, R38_WithoutAConfigurationItSaysHowToNameOne) {
  const Visit seen = run({});
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("configuration"));
  EXPECT_THAT(seen.check("configuration").at("to_do").get<std::string>(), HasSubstr("--config FILE"));
  EXPECT_EQ(seen.result("data_directory"), "ok") << "what can be looked at is";
  EXPECT_EQ(seen.result("gateway"), "not_checked");
}

TEST_F(Doctor, R38_AWrongConfigurationIsToldWithItsPlace) {
  const Visit seen = visit("rules:\n  daily_loss: {max_loss: 1000}\n");
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.seen("configuration"), HasSubstr("risk.yaml:2:26: rules.daily_loss.max_loss: found '1000'"));
  EXPECT_THAT(seen.table, EndsWith("risk-manager: doctor: 1 check FAILED: what to do stands below each\n"));
}

TEST_F(Doctor, R38_ADirectoryGivenAsTheConfigurationIsLeftAsOpenAsItIs) {
  const TempDir shared;
  fs::permissions(shared.path(), fs::perms::all);
  const Visit seen = run({"--config", shared.path().string()});
  EXPECT_THAT(seen.failed(), ElementsAre("configuration"));
  EXPECT_THAT(seen.table, Not(HasSubstr("chmod")));
}

TEST_F(Doctor, R38_AWrongKeyIsToldAndNotShown) {
  start_honest_paper();
  const Visit seen =
      visit(config(), {{"PROJECT_X_USERNAME", std::string{kUser}}, {"PROJECT_X_API_KEY", "wrong-key-0815"}});
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("login"));
  EXPECT_EQ(seen.result("gateway"), "ok") << "it was reached";
  EXPECT_EQ(seen.result("user_hub"), "not_checked");
  EXPECT_THAT(seen.table + seen.report.dump(), Not(HasSubstr("wrong-key-0815")));
}

TEST_F(Doctor, R38_AGatewayThatIsNotThereIsTold) {
  start_honest_paper();
  const std::string about_nobody = config();
  paper_.reset();
  const Visit seen = visit(about_nobody);
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("gateway"));
  EXPECT_THAT(seen.seen("gateway"), AllOf(HasSubstr("cannot be reached"), HasSubstr("127.0.0.1")));
  EXPECT_EQ(seen.result("login"), "not_checked");
}

TEST_F(Doctor, R38_AnExpiredCertificateIsTold) {
  const auto& certificates = TestCertificates::instance();
  paper_ = std::make_unique<PaperGatewayProcess>(std::vector<std::string>{
      "--tls-cert", certificates.expired + ".pem", "--tls-key", certificates.expired + ".key"});
  const std::string host = fmt::format("127.0.0.1:{}", paper().port());
  const Visit seen =
      visit(fmt::format("{}gateway: {{api_url: 'https://{}', user_hub_url: 'https://{}/hubs/user', market_hub_url: "
                        "'https://{}/hubs/market', ca_file: '{}'}}\n",
                        kTwoRules, host, host, host, certificates.ca));
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("gateway"));
  EXPECT_THAT(seen.seen("gateway"), AllOf(HasSubstr("expired at 20"), HasSubstr("check the clock")));
}

TEST_F(Doctor, R38_ACredentialsFileThatOthersCanReadIsRefused) {
  start_honest_paper();
  const auto file = dir_.write("login", fmt::format("username: {}\napi_key: {}\n", kUser, kApiKey));
  const std::string with_file = config() + fmt::format("credentials_file: {}\n", file.string());
  fs::permissions(file, fs::perms{0640});
  const Visit open = visit(with_file, {});
  EXPECT_EQ(open.exit_code, 1);
  EXPECT_THAT(open.failed(), ElementsAre("credentials"));
  EXPECT_THAT(open.seen("credentials"), HasSubstr("chmod 600"));
  EXPECT_THAT(paper().requests(), IsEmpty()) << "no login is tried with it";

  fs::permissions(file, fs::perms{0600});
  EXPECT_EQ(visit(with_file, {}).exit_code, 0);
}

TEST_F(Doctor, R38_ACredentialsFileThatIsNotThereIsTold) {
  start_honest_paper();
  const Visit seen = visit(config() + "credentials_file: /nowhere/login\n", {});
  EXPECT_THAT(seen.failed(), ElementsAre("credentials"));
  EXPECT_THAT(seen.seen("credentials"), HasSubstr("there is no such file"));
}

TEST_F(Doctor, R38_ADataDirectoryThatOthersCanEnterIsAWarning) {
  start_honest_paper();
  fs::create_directory(data_dir_);
  fs::permissions(data_dir_, fs::perms{0755});
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 0);
  EXPECT_EQ(seen.report.at("result"), "warn");
  EXPECT_EQ(seen.result("permissions"), "warn");
  EXPECT_THAT(seen.check("permissions").at("to_do").get<std::string>(), HasSubstr("chmod 700 " + data_dir_.string()));
}

TEST_F(Doctor, R38_ADirectoryThatCannotBeWrittenIsTold) {
  start_honest_paper();
  data_dir_ = "/proc/risk-manager";  // not even root may make a directory there
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("data_directory", "log"));
  EXPECT_THAT(seen.seen("data_directory"), HasSubstr("/proc/risk-manager cannot be made"));
}

TEST_F(Doctor, R38_AReadOnlyLogDirectoryIsTold) {
  start_honest_paper();
  const Visit seen = visit(config() + "log: {dir: /sys/kernel}\n");  // read-only for root too
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("log"));
  EXPECT_THAT(seen.seen("log"), HasSubstr("/sys/kernel cannot be written"));
}

TEST_F(Doctor, R38_ALockThatHoldsIsReadAndNoByteOfTheDataDirectoryIsChanged) {
  ASSERT_NO_FATAL_FAILURE(leave_a_locked_day());
  const auto before = everything_in(data_dir_);
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 0) << seen.table;
  EXPECT_EQ(seen.result("database"), "ok");
  EXPECT_THAT(seen.seen("log"), HasSubstr("a line arrives"));
  EXPECT_THAT(seen.seen("locks"), AllOf(HasSubstr("account 26001234 is locked by daily_loss until "),
                                        HasSubstr("reached the limit -1000.00")));
  EXPECT_EQ(everything_in(data_dir_), before);
}

TEST_F(Doctor, R38_ALockThatOnlyTheJournalHasIsFoundToo) {
  guard();
  ASSERT_NO_FATAL_FAILURE(lose_the_day_and_be_locked());
  daemon().kill_hard();
  data_dir_ = daemon().data_dir();
  for (const auto* name : {"risk-manager.db", "risk-manager.db-wal", "risk-manager.db-shm"})
    fs::remove(data_dir_ / name);
  const auto before = everything_in(data_dir_);
  const Visit seen = visit(config());
  EXPECT_EQ(seen.result("database"), "warn");
  EXPECT_THAT(seen.seen("locks"), HasSubstr("account 26001234 is locked by daily_loss until "));
  EXPECT_EQ(everything_in(data_dir_), before);
}

TEST_F(Doctor, R38_AnEditedByteInTheDatabaseIsFound) {
  ASSERT_NO_FATAL_FAILURE(leave_a_locked_day());
  {
    const auto page = daemon().rows("SELECT rootpage FROM sqlite_schema WHERE name = 'trades_by_time'").front().at(0);
    std::fstream file{data_dir_ / "risk-manager.db", std::ios::in | std::ios::out | std::ios::binary};
    file.seekp((page.get<std::streamoff>() - 1) * 4096);  // the byte that says what kind of page it is
    file.put('\x7f');
  }
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("database"));
  EXPECT_EQ(seen.result("locks"), "not_checked");
  EXPECT_THAT(seen.seen("database"), HasSubstr("damaged"));
}

TEST_F(Doctor, R38_AnotherProgramsDatabaseIsTold) {
  start_honest_paper();
  fs::create_directory(data_dir_);
  fs::permissions(data_dir_, fs::perms::owner_all);
  std::ofstream{data_dir_ / "risk-manager.db"} << "this is no database, and it is somebody's";
  const Visit seen = visit(config());
  EXPECT_THAT(seen.failed(), ElementsAre("database"));
  EXPECT_THAT(seen.seen("database"), AllOf(HasSubstr(data_dir_.string()), HasSubstr("not a database")));
}

TEST_F(Doctor, R38_AMisspeltSymbolProtectsFromNothing) {
  start_honest_paper();
  const Visit seen = visit("rules: {max_contracts_per_instrument: {limits: {MNQ: 2, MEZ: 1}}}\n" + paper().yaml());
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("contracts"));
  EXPECT_THAT(seen.seen("contracts"), AllOf(HasSubstr("'MEZ'"), HasSubstr("did you mean 'MES'?")));
  EXPECT_EQ(seen.result("user_hub"), "ok") << "the rest is looked at all the same";
}

TEST_F(Doctor, R38_AnAccountThatTheLoginDoesNotHaveIsTold) {
  start_honest_paper();
  const Visit seen = visit(config() + "accounts: [{id: 4711}]\n");
  EXPECT_THAT(seen.failed(), ElementsAre("accounts"));
  EXPECT_THAT(seen.seen("accounts"), HasSubstr("account 4711"));
}

TEST_F(Doctor, R38_AnAccountThatMayNotTradeIsAWarning) {
  start_honest_paper();
  paper().can_trade(kAccount, false);
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 0);
  EXPECT_EQ(seen.result("accounts"), "warn");
}

TEST_F(Doctor, R38_AClockThatIsHoursOffIsAWarning) {
  start_paper({"--start-time", iso(std::time(nullptr) - 5 * 3600)});
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 0) << seen.table;
  EXPECT_EQ(seen.result("clock"), "warn");
  EXPECT_THAT(seen.seen("clock"), HasSubstr("5 h 00 min ahead of the broker's"));
}

TEST_F(Doctor, R38_AClockOnTheWrongDayFails) {
  start_paper({"--start-time", iso(std::time(nullptr) + 3 * 86'400 + 3600)});
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("clock"));
  EXPECT_THAT(seen.seen("clock"), HasSubstr("3 days behind the broker's"));
}

TEST_F(Doctor, R38_ARefusedSubscriptionIsTold) {
  start_honest_paper();
  paper().fault(R"({"path":"SubscribeTrades","action":"refusal","count":0})");
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("user_hub"));
  EXPECT_THAT(seen.seen("user_hub"), AllOf(HasSubstr("2 subscriptions were refused"), HasSubstr("SubscribeTrades")));
  EXPECT_EQ(seen.result("market_hub"), "ok");
}

TEST_F(Doctor, R38_AHubThatLetsNobodyInIsTold) {
  start_honest_paper();
  paper().refuse_hub("market", 60);
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("market_hub"));
  EXPECT_EQ(seen.result("prices"), "not_checked");
  EXPECT_EQ(seen.result("user_hub"), "ok");
}

TEST_F(Doctor, R38_AStreamThatBreaksOnceIsNoFault) {
  start_honest_paper();
  paper().close_during("SubscribeOrders");
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 0) << seen.table;
  EXPECT_EQ(seen.result("user_hub"), "ok");
}

class DoctorPrices : public Doctor {
 protected:
  Visit without_prices_at(const char* time) {
    start_paper({"--start-time", time});
    paper().fault(R"({"path":"hub:market","action":"drop","count":0})");
    return visit(config());
  }
};

TEST_F(DoctorPrices, R38_NoneInAClosedMarketIsAWarning) {
  const Visit seen = without_prices_at("2026-09-05T12:00:00Z");  // a Saturday
  EXPECT_EQ(seen.result("prices"), "warn") << seen.table;
  EXPECT_THAT(seen.seen("prices"), HasSubstr("the market is closed"));
}

TEST_F(DoctorPrices, R38_NoneInAnOpenMarketFails) {
  const Visit seen = without_prices_at("2026-09-02T15:00:00Z");  // a Wednesday
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_EQ(seen.result("prices"), "fail") << seen.table;
  EXPECT_THAT(seen.seen("prices"), HasSubstr("although the market is open"));
}

TEST_F(Doctor, R38_TooManyRequestsAreTold) {
  start_honest_paper();
  paper().too_many_requests("/api/Account/search", 60);
  const Visit seen = visit(config());
  EXPECT_THAT(seen.failed(), ElementsAre("accounts"));
  EXPECT_THAT(seen.seen("accounts"), HasSubstr("HTTP 429"));
}

TEST_F(Doctor, R38_BesideARunningDaemonItTakesNeitherItsDirectoryNorItsStream) {
  start_honest_paper();
  guard(kTwoRules);
  data_dir_ = daemon().data_dir();
  const Json before = daemon().status();
  // No --config: the daemon's own file. Its addresses come from the environment, as the daemon's do.
  const std::string address = fmt::format("http://127.0.0.1:{}", paper().port());
  auto environment = kLogin;
  environment["RISK_MANAGER__GATEWAY__API_URL"] = address;
  environment["RISK_MANAGER__GATEWAY__USER_HUB_URL"] = address + "/hubs/user";
  environment["RISK_MANAGER__GATEWAY__MARKET_HUB_URL"] = address + "/hubs/market";
  const Visit seen = run({}, environment);
  EXPECT_EQ(seen.exit_code, 0) << seen.table;
  EXPECT_THAT(seen.seen("daemon"), HasSubstr("runs and is protecting 2 accounts"));
  EXPECT_THAT(seen.seen("user_hub"), HasSubstr("as the running daemon says"));
  EXPECT_EQ(seen.result("prices"), "not_checked");
  EXPECT_EQ(seen.result("contracts"), "ok");
  EXPECT_THAT(seen.seen("database"), HasSubstr("the running daemon writes it"));
  EXPECT_THAT(daemon().logged("hub_lost"), IsEmpty()) << "its stream was not pushed out";
  lose_the_day_and_be_locked();
  EXPECT_THAT(run({}, environment).seen("locks"), HasSubstr("account 26001234 is locked by daily_loss until "));
}

TEST_F(Doctor, R38_ADaemonThatDoesNotAnswerIsTold) {
  start_honest_paper();
  guard(kTwoRules);
  data_dir_ = daemon().data_dir();
  fs::remove(data_dir_ / "control.sock");  // it goes on, but nobody reaches it
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_THAT(seen.failed(), ElementsAre("daemon"));
  EXPECT_THAT(seen.seen("daemon"), HasSubstr(fmt::format("process {} holds the data directory", daemon().pid())));
  EXPECT_EQ(seen.result("user_hub"), "not_checked");
  EXPECT_THAT(daemon().logged("hub_lost"), IsEmpty());
}

TEST_F(Doctor, R38_ADaemonWhoseStreamIsDownIsAWarning) {
  start_honest_paper();
  guard(kTwoRules);
  data_dir_ = daemon().data_dir();
  paper().refuse_hub("user", 60);
  paper().close_hub("user");
  ASSERT_TRUE(eventually([&] { return daemon().status().at("gateway").at("user_hub") == false; }));
  const Visit seen = visit(config());
  EXPECT_EQ(seen.exit_code, 0);
  EXPECT_EQ(seen.result("daemon"), "warn");
  EXPECT_EQ(seen.result("user_hub"), "warn");
}

TEST_F(Doctor, R38_ACommandThatWouldCallNobodyIsTold) {
  start_honest_paper();
  const Visit seen = visit(config() + "notify: {command: [/nowhere/call-me]}\n");
  EXPECT_THAT(seen.failed(), ElementsAre("notify_command"));
}

}  // namespace
}  // namespace rm::test
