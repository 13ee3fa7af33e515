// Several logins in one process: each is guarded on its own, and none has to pay for the trouble of another.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "support/daemon_process.h"
#include "support/eventually.h"
#include "support/paper_gateway_process.h"

namespace rm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::int64_t kAnna = 36001234;  // of the second login
constexpr const char* kRules = "rules: {daily_loss: {max_loss: -1000}}\n";

// The second gateway knows another user with another account; a third file has both users.
constexpr const char* kAnnaAlone =
    "users: [{name: anna, api_key: anna-key}]\n"
    "accounts: [{id: 36001234, user: anna, balance: 150000}]\n";
constexpr const char* kBothUsers =
    "users: [{name: paper, api_key: paper-key}, {name: anna, api_key: anna-key}]\n"
    "accounts: [{id: 26001234, user: paper, balance: 150000}, {id: 36001234, user: anna, balance: 150000}]\n";

class SeveralLogins : public testing::Test {
 protected:
  std::unique_ptr<PaperGatewayProcess> gateway(const std::string& people = {}, int port = 0) {
    std::vector<std::string> arguments;
    if (!people.empty()) arguments = {"--scenario", dir_.write("people.yaml", people).string()};
    if (port != 0) arguments.insert(arguments.end(), {"--port", std::to_string(port)});
    auto paper = std::make_unique<PaperGatewayProcess>(arguments);
    paper->price("MNQ", "29500");
    return paper;
  }
  static std::string login(const std::string& name, const PaperGatewayProcess& at, const std::string& more = {}) {
    std::string where = at.yaml();
    where.pop_back();  // its line end
    return fmt::format("  - {{name: {}, {}{}}}\n", name, where, more);
  }
  // "one" is user paper at the first gateway, "two" is anna at the second.
  void launch(const std::string& rules = kRules, const std::map<std::string, std::string>& environment = {}) {
    if (!one_) one_ = gateway();
    if (!two_) two_ = gateway(kAnnaAlone);
    start(rules + "logins:\n" + login("one", *one_) + login("two", *two_), environment);
  }
  void start(const std::string& config, const std::map<std::string, std::string>& environment = {},
             const char* program = RM_DAEMON_PROGRAM) {
    DaemonOptions options;
    options.program = program;
    options.config = config;
    options.environment = {{"PROJECT_X_USERNAME_ONE", "paper"},
                           {"PROJECT_X_API_KEY_ONE", "paper-key"},
                           {"PROJECT_X_USERNAME_TWO", "anna"},
                           {"PROJECT_X_API_KEY_TWO", "anna-key"}};
    for (const auto& [name, value] : environment) options.environment[name] = value;
    daemon_ = std::make_unique<DaemonProcess>(std::move(options));
    daemon_->start();
  }
  void guard() {
    launch();
    ASSERT_TRUE(daemon_->wait_protecting()) << daemon_->standard_error();
    // Guarded without prices, too: a gateway that hangs from here on would never give any.
    ASSERT_TRUE(eventually(
        [&] { return gateway_row("one").at("market_hub") == true && gateway_row("two").at("market_hub") == true; }));
  }

  bool guarded(std::int64_t account) {
    const Json row = daemon_->account(account);
    return row.is_object() && row.at("synchronised") == true;
  }
  // Loses more than 1000 $ in this account.
  void breach(PaperGatewayProcess& paper, std::int64_t account) {
    paper.price("MNQ", "29500");
    paper.buy(account, "MNQ", 5);
    ASSERT_TRUE(eventually([&] { return !daemon_->account(account).at("positions").empty(); }));
    paper.price("MNQ", "29390");
  }
  bool enforced(PaperGatewayProcess& paper, std::int64_t account) {
    return paper.flat(account) && daemon_->locked(account, "daily_loss") && daemon_->verified(account, "daily_loss");
  }
  void breach_and_see_enforced(PaperGatewayProcess& paper, std::int64_t account) {
    ASSERT_NO_FATAL_FAILURE(breach(paper, account));
    ASSERT_TRUE(eventually([&] { return enforced(paper, account); })) << daemon_->account(account).dump();
  }
  Json gateway_row(std::string_view name) {
    const Json status = daemon_->status();
    if (!status.is_object()) return {};
    for (const Json& row : status.at("gateways")) {
      if (row.at("name") == name) return row;
    }
    return {};
  }
  void write(const std::string& config) { std::ofstream{daemon_->config_file()} << config; }
  // What `risk-manager status` prints.
  std::string status_for_people() {
    ProcessOptions options;
    options.argv = {RM_DAEMON_PROGRAM, "status", "--data-dir", daemon_->data_dir().string()};
    options.out = dir_.path() / "status.out";
    options.err = dir_.path() / "status.err";
    Process status{options};
    EXPECT_TRUE(status.wait());
    return read_text(options.out);
  }
  // What `risk-manager why` says of this account.
  std::string why(std::int64_t account) {
    ProcessOptions options;
    options.argv = {RM_DAEMON_PROGRAM, "why", "--account", std::to_string(account), daemon_->data_dir().string()};
    options.out = dir_.path() / fmt::format("why-{}.out", account);
    options.err = dir_.path() / fmt::format("why-{}.err", account);
    Process why{options};
    EXPECT_TRUE(why.wait());
    EXPECT_EQ(read_text(options.err), "");
    return read_text(options.out);
  }
  bool notified(const std::string& words) {
    return std::ranges::any_of(daemon_->notifications(),
                               [&](const Json& line) { return line.dump().find(words) != std::string::npos; });
  }
  void TearDown() override {
    // Whatever a test did to them: what they recorded replays.
    if (daemon_ && !HasFailure() && daemon_->checkpoint("rules_initialised")) {
      EXPECT_EQ(daemon_->replay_problem(), "");
    }
    if (!HasFailure() || !daemon_) return;
    std::cerr << "---- standard error ----\n"
              << daemon_->standard_error() << "---- status ----\n"
              << daemon_->status().dump() << '\n';
  }

  TempDir dir_;
  std::unique_ptr<PaperGatewayProcess> one_, two_;
  std::unique_ptr<DaemonProcess> daemon_;
};

TEST_F(SeveralLogins, TwoGatewaysAreGuardedAndStatusLogAndDatabaseTellThemApart) {
  ASSERT_NO_FATAL_FAILURE(guard());
  ASSERT_NO_FATAL_FAILURE(breach(*one_, kAccount));
  ASSERT_NO_FATAL_FAILURE(breach(*two_, kAnna));
  ASSERT_TRUE(eventually([&] { return enforced(*one_, kAccount) && enforced(*two_, kAnna); }));
  EXPECT_FALSE(daemon_->locked(kOtherAccount, "daily_loss"));

  const Json status = daemon_->status();
  EXPECT_FALSE(status.contains("gateway")) << "which of them?";
  ASSERT_THAT(status.at("gateways"), SizeIs(2));
  for (const char* name : {"one", "two"}) {
    const Json row = gateway_row(name);
    EXPECT_EQ(row.at("state"), "protecting");
    EXPECT_EQ(row.at("logged_in"), true);
    EXPECT_EQ(row.at("user_hub"), true);
    EXPECT_TRUE(row.at("problem").is_null());
  }
  EXPECT_EQ(gateway_row("two").at("api_url"), fmt::format("http://127.0.0.1:{}", two_->port()));
  EXPECT_EQ(daemon_->account(kAccount).at("login"), "one");
  EXPECT_EQ(daemon_->account(kAnna).at("login"), "two");

  for (const Json& line : daemon_->log()) {
    if (!line.contains("account")) continue;
    ASSERT_EQ(line.value("login", ""), line.at("account") == kAnna ? "two" : "one") << line.dump();
  }
  const auto decided = daemon_->rows("SELECT DISTINCT account FROM locks ORDER BY account");
  EXPECT_THAT(decided, testing::ElementsAre(Json{kAccount}, Json{kAnna}));
  std::set<std::int64_t> numbers;
  for (const std::int64_t account : {kAccount, kAnna}) {
    const Json row = daemon_->account(account);
    for (const Json& enforcement : row.at("enforcements")) {
      const auto number = enforcement.at("id").get<std::int64_t>();
      EXPECT_TRUE(numbers.insert(number).second) << number << " was given twice";
    }
  }
  EXPECT_GE(numbers.size(), 2U);
}

// `risk-manager why --account` of this journal.
TEST_F(SeveralLogins, TheirJournalReplaysAndWhySaysOfEachAccountWhatItsOwnLoginSaw) {
  one_ = gateway();
  two_ = gateway(kAnnaAlone);
  start("rules: {daily_loss: {max_loss: -1000}}\nlogins:\n" + login("one", *one_) +
        login("two", *two_, ", accounts: [{id: 36001234, rules: {daily_loss: {max_loss: -400}}}]"));
  ASSERT_TRUE(daemon_->wait_protecting()) << daemon_->standard_error();
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*two_, kAnna));
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*one_, kAccount));
  EXPECT_EQ(daemon_->replay_problem(), "");
  daemon_->start_again();
  ASSERT_TRUE(daemon_->wait_protecting());
  two_->buy(kAnna, "MNQ", 1);  // while locked
  ASSERT_TRUE(eventually([&] { return daemon_->strikes(kAnna) > 0 && two_->flat(kAnna); }));

  const auto replayed = (void(daemon_->terminate()), daemon_->replay());
  EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
  EXPECT_THAT(replayed.out, AllOf(HasSubstr("2 runs of the daemon"), HasSubstr("identical: 3 decisions")));
  EXPECT_THAT(why(kAccount), AllOf(HasSubstr("reached the limit -1000.00"), HasSubstr("of -1000.00"),
                                   Not(HasSubstr(std::to_string(kAnna)))));
  EXPECT_THAT(why(kAnna), AllOf(HasSubstr("reached the limit -400.00"), HasSubstr("of -400.00"),
                                Not(HasSubstr(std::to_string(kAccount)))));
}

TEST_F(SeveralLogins, TwoUsersOfOneGatewayHaveEachTheirOwnStream) {
  one_ = gateway(kBothUsers);
  start(std::string{kRules} + "logins:\n" + login("one", *one_) + login("two", *one_));
  ASSERT_TRUE(daemon_->wait_protecting());
  ASSERT_NO_FATAL_FAILURE(breach(*one_, kAccount));
  ASSERT_TRUE(eventually([&] { return enforced(*one_, kAccount); }));
  EXPECT_THAT(daemon_->account(kAnna).at("locks"), IsEmpty());
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*one_, kAnna));
  EXPECT_THAT(daemon_->logged("hub_lost"), IsEmpty()) << "they did not push each other out";
}

TEST_F(SeveralLogins, ALoginThatIsRefusedIsSaidAndTheOtherIsGuarded) {
  launch(kRules, {{"PROJECT_X_API_KEY_TWO", "wrong-key"}});
  ASSERT_TRUE(eventually([&] { return guarded(kAccount) && guarded(kOtherAccount); }));
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*one_, kAccount));
  EXPECT_EQ(daemon_->status().at("state"), "degraded");
  EXPECT_EQ(gateway_row("one").at("state"), "protecting");
  EXPECT_EQ(gateway_row("two").at("state"), "starting");
  EXPECT_THAT(gateway_row("two").at("problem").get<std::string>(),
              AllOf(HasSubstr("refused the login"), HasSubstr("PROJECT_X_API_KEY_TWO"), Not(HasSubstr("wrong-key"))));
  EXPECT_TRUE(eventually([&] { return notified("login 'two': NOT GUARDED: the gateway refused the login"); }));
  EXPECT_THAT(daemon_->logged("login_failed"), Not(IsEmpty()));
  EXPECT_THAT(status_for_people(),
              AllOf(HasSubstr("gateway one at http://"), HasSubstr("gateway two at http://"), HasSubstr("login NO"),
                    HasSubstr("LOGIN     two: the gateway refused the login"),
                    HasSubstr(fmt::format("account {} of one  synchronised", kAccount))));
}

TEST_F(SeveralLogins, ALoginWithoutAnActiveAccountIsAskedAgainUntilItHasOne) {
  two_ = gateway("users: [{name: anna, api_key: anna-key}]\naccounts: [{id: 36001234, user: anna, active: false}]\n");
  launch();
  ASSERT_TRUE(eventually([&] { return guarded(kAccount) && !gateway_row("two").at("problem").is_null(); }));
  EXPECT_THAT(gateway_row("two").at("problem").get<std::string>(), HasSubstr("no active account"));
  two_->control("account", R"({"accountId":36001234,"active":true})");
  ASSERT_TRUE(daemon_->wait_protecting());
  EXPECT_TRUE(gateway_row("two").at("problem").is_null());
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*two_, kAnna));
}

TEST_F(SeveralLogins, WhenNoLoginComesUpTheStartFailsAndNamesAll) {
  launch(kRules, {{"PROJECT_X_API_KEY_ONE", "wrong"}, {"PROJECT_X_API_KEY_TWO", "wrong"}});
  EXPECT_EQ(daemon_->wait_end().exit_code, 1);
  EXPECT_THAT(daemon_->standard_error(),
              AllOf(HasSubstr("risk-manager: no login came up; login 'one': the gateway refused the login"),
                    HasSubstr("login 'two': the gateway refused the login")));
}

// A program in which trade_frequency_limit never gets to the engine: only the second login has that rule.
TEST_F(SeveralLogins, ALoginWhoseSelfTestFailsIsNotArmedWhichIsSaidLoudlyAndTheOtherIsGuarded) {
  one_ = gateway();
  two_ = gateway(kAnnaAlone);
  const std::string of_anna = ", accounts: [{id: 36001234, rules: {trade_frequency_limit: {per_minute: 3}}}]";
  start(std::string{kRules} + "logins:\n" + login("one", *one_) + login("two", *two_, of_anna), {},
        RM_CUT_DAEMON "rule_not_registered");
  const std::string sentence = "the self-test found that trade_frequency_limit of account 36001234 would not protect";
  ASSERT_TRUE(eventually([&] { return guarded(kAccount) && notified("NOT GUARDED until a restart: " + sentence); }));
  ASSERT_THAT(daemon_->logged("not_armed"), SizeIs(1));
  EXPECT_EQ(daemon_->logged("not_armed").front().at("login"), "two");
  EXPECT_THAT(gateway_row("two").at("problem").get<std::string>(), HasSubstr(sentence));
  EXPECT_FALSE(guarded(kAnna));
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*one_, kAccount));
  EXPECT_THAT(two_->mutating_requests(), IsEmpty());
}

TEST_F(SeveralLogins, WhenTheSelfTestOfEveryLoginFailsNothingStarts) {
  one_ = gateway();
  two_ = gateway(kAnnaAlone);
  start("rules: {trade_frequency_limit: {per_minute: 3}}\nlogins:\n" + login("one", *one_) + login("two", *two_), {},
        RM_CUT_DAEMON "rule_not_registered");
  EXPECT_EQ(daemon_->wait_end().exit_code, 1);
  EXPECT_THAT(daemon_->standard_error(), HasSubstr("would not protect: the link 'risk engine' is missing"));
}

// Both gateways number an account alike: the program cannot tell them apart, and says so.
TEST_F(SeveralLogins, AnAccountNumberOfTwoGatewaysIsGuardedOnceAndSaidLoudly) {
  two_ = gateway(kBothUsers);  // paper's account has the number of the first gateway's
  one_ = gateway();
  start(std::string{kRules} + "logins:\n" + login("one", *one_) + login("two", *two_),
        {{"PROJECT_X_USERNAME_TWO", "paper"}, {"PROJECT_X_API_KEY_TWO", "paper-key"}});
  ASSERT_TRUE(eventually([&] { return notified(fmt::format("account {} has the number of one", kAccount)); }));
  const auto said = [&](const char* name) { return !gateway_row(name).at("problem").is_null(); };
  EXPECT_NE(said("one"), said("two")) << "whoever came second";
}

TEST_F(SeveralLogins, TheSameUserTwiceAtOneGatewayIsRefused) {
  one_ = gateway();
  start(std::string{kRules} + "logins:\n" + login("one", *one_) + login("two", *one_),
        {{"PROJECT_X_USERNAME_TWO", "paper"}});
  EXPECT_EQ(daemon_->wait_end().exit_code, 1);
  EXPECT_THAT(daemon_->standard_error(), HasSubstr("the logins 'one' and 'two' are the same user"));
  EXPECT_THAT(one_->requests(), IsEmpty());
}

TEST_F(SeveralLogins, AGatewayThatIsNotThereAtTheStartIsTakenInWhenItComes) {
  two_ = gateway(kAnnaAlone);
  const std::uint16_t port = two_->port();
  one_ = gateway();
  const std::string config = std::string{kRules} + "logins:\n" + login("one", *one_) + login("two", *two_);
  two_.reset();
  start(config);
  ASSERT_TRUE(eventually([&] { return guarded(kAccount); }));
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*one_, kAccount));
  EXPECT_THAT(gateway_row("two").at("problem").get<std::string>(), HasSubstr("cannot be reached"));
  two_ = gateway(kAnnaAlone, port);
  ASSERT_TRUE(daemon_->wait_protecting());
  EXPECT_TRUE(eventually([&] { return notified("login 'two': its accounts are guarded now"); }));
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*two_, kAnna));
}

// The gateway of "two" answers nothing, with a breach there under way; what "one" does meanwhile is told beside what
// it did before.
TEST_F(SeveralLogins, WhileOneGatewayHangsABreachAtTheOtherIsClosedLockedAndVerified) {
  ASSERT_NO_FATAL_FAILURE(guard());
  const auto acts = [&](std::int64_t account) {
    one_->forget_requests();
    breach_and_see_enforced(*one_, account);
    const Json done = daemon_->account(account).at("enforcements").back();
    return fmt::format("{} requests, {} of them acting, request out after {} us, verified after {} us",
                       one_->requests().size(), one_->mutating_requests(account).size(),
                       done.at("event_to_request_us").get<int>(), done.at("event_to_verified_us").get<int>());
  };
  const std::string undisturbed = acts(kOtherAccount);
  two_->slow_answers("/*", 60'000);
  ASSERT_NO_FATAL_FAILURE(breach(*two_, kAnna));
  ASSERT_TRUE(eventually([&] { return !two_->mutating_requests(kAnna).empty(); }));
  const std::string beside = acts(kAccount);
  EXPECT_FALSE(daemon_->verified(kAnna, "daily_loss")) << "nobody has seen it yet";
  std::cerr << "undisturbed: " << undisturbed << "\nbeside a login whose gateway hangs: " << beside << '\n';
}

TEST_F(SeveralLogins, A429StormLogoutsAndDroppedHubsOfOneLeaveTheOtherAsItIs) {
  ASSERT_NO_FATAL_FAILURE(guard());
  two_->too_many_requests("*", 120);
  for (int i = 0; i < 3; ++i) two_->log_out("user");
  two_->storm("market", 0.2);
  ASSERT_TRUE(eventually([&] { return gateway_row("two").at("user_hub") == false; }));
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*one_, kAccount));
  EXPECT_EQ(gateway_row("one").at("user_hub"), true);
  for (const Json& line : daemon_->logged("hub_lost")) EXPECT_EQ(line.at("login"), "two");
  EXPECT_GT(gateway_row("one").at("requests_left").get<int>(), 0) << "each login has a budget of its own";
}

TEST_F(SeveralLogins, AGatewayThatIsKilledAndComesBackIsGuardedAgain) {
  ASSERT_NO_FATAL_FAILURE(guard());
  const std::uint16_t port = two_->port();
  two_.reset();
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*one_, kAccount));
  ASSERT_TRUE(eventually([&] { return gateway_row("two").at("state") == "degraded"; }));
  EXPECT_EQ(gateway_row("one").at("state"), "protecting");
  two_ = gateway(kAnnaAlone, port);
  ASSERT_TRUE(daemon_->wait_protecting());
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*two_, kAnna));
}

TEST_F(SeveralLogins, KilledWithBothUnderEnforcementBothGoOnAfterTheRestart) {
  ASSERT_NO_FATAL_FAILURE(guard());
  for (PaperGatewayProcess* paper : {one_.get(), two_.get()})
    paper->answer_status("/api/Position/closeContract", 503, 0);
  ASSERT_NO_FATAL_FAILURE(breach(*one_, kAccount));
  ASSERT_NO_FATAL_FAILURE(breach(*two_, kAnna));
  ASSERT_TRUE(eventually(
      [&] { return !one_->mutating_requests(kAccount).empty() && !two_->mutating_requests(kAnna).empty(); }));
  daemon_->kill_hard();
  one_->clear_faults();
  two_->clear_faults();
  daemon_->start_again();
  ASSERT_TRUE(eventually([&] { return enforced(*one_, kAccount) && enforced(*two_, kAnna); }));
  std::set<std::string> resumed;
  for (const Json& line : daemon_->logged("enforcement_resumed")) resumed.insert(line.at("login").get<std::string>());
  EXPECT_EQ(resumed, (std::set<std::string>{"one", "two"}));
}

TEST_F(SeveralLogins, LocksAndEnforcementsOfALoginThatIsNotUpAfterARestartAreKeptUntilItComes) {
  ASSERT_NO_FATAL_FAILURE(guard());
  ASSERT_NO_FATAL_FAILURE(breach_and_see_enforced(*one_, kAccount));
  two_->answer_status("/api/Position/closeContract", 503, 0);
  ASSERT_NO_FATAL_FAILURE(breach(*two_, kAnna));
  ASSERT_TRUE(eventually([&] { return daemon_->locked(kAnna, "daily_loss"); }));
  daemon_->kill_hard();
  two_->answer_status("/api/Auth/loginKey", 503, 0);
  daemon_->start_again();
  ASSERT_TRUE(eventually([&] { return guarded(kAccount) && daemon_->locked(kAccount, "daily_loss"); }));
  EXPECT_TRUE(daemon_->account(kAnna).is_null());
  EXPECT_THAT(daemon_->logged("enforcement_superseded"), IsEmpty()) << "nobody else may close it";
  one_->buy(kAccount, "MNQ", 1);  // the lock holds meanwhile
  ASSERT_TRUE(eventually([&] { return daemon_->strikes(kAccount) > 0 && one_->flat(kAccount); }));

  two_->clear_faults();
  ASSERT_TRUE(eventually([&] { return enforced(*two_, kAnna); })) << daemon_->account(kAnna).dump();
  EXPECT_THAT(daemon_->logged("enforcement_resumed"), SizeIs(1));
}

TEST_F(SeveralLogins, ALimitIsHeldOverARestartForEachLoginAlsoForTheOneThatComesLater) {
  ASSERT_NO_FATAL_FAILURE(guard());
  daemon_->kill_hard();
  two_->answer_status("/api/Auth/loginKey", 503, 0);
  daemon_->set_config("rules: {daily_loss: {max_loss: -5000}}\nlogins:\n" + login("one", *one_) +
                      login("two", *two_));
  daemon_->start_again();
  const auto limit = [&](std::int64_t account) {
    const Json row = daemon_->account(account);
    return row.is_object() ? row.at("rules").at(0).at("limit").get<std::string>() : std::string{};
  };
  ASSERT_TRUE(eventually([&] { return guarded(kAccount); }));
  EXPECT_EQ(limit(kAccount), "-1000.00");
  daemon_->kill_hard();  // and once more, with "two" never up in between
  daemon_->start_again();
  ASSERT_TRUE(eventually([&] { return guarded(kAccount); }));
  two_->clear_faults();
  ASSERT_TRUE(eventually([&] { return guarded(kAnna); }));
  EXPECT_EQ(limit(kAnna), "-1000.00");
  EXPECT_EQ(limit(kAccount), "-1000.00");
  EXPECT_THAT(daemon_->status().at("config").at("pending"), SizeIs(1)) << "said once for both";
}

TEST_F(SeveralLogins, AFileThatIsTightenedWhileItRunsTightensBothAndIsSaidOnce) {
  ASSERT_NO_FATAL_FAILURE(guard());
  two_->buy(kAnna, "MNQ", 5);
  ASSERT_TRUE(eventually([&] { return !daemon_->account(kAnna).at("positions").empty(); }));
  two_->price("MNQ", "29470");  // 300 $ down
  ASSERT_TRUE(eventually([&] { return daemon_->open_cents(kAnna) == -30'000; }));
  write("rules: {daily_loss: {max_loss: -200}}\nlogins:\n" + login("one", *one_) + login("two", *two_));
  ASSERT_TRUE(eventually([&] { return enforced(*two_, kAnna); }));
  EXPECT_EQ(daemon_->account(kAccount).at("rules").at(0).at("limit"), "-200.00");
  EXPECT_THAT(daemon_->logged("config_reloaded"), SizeIs(1));
}

TEST_F(SeveralLogins, AFileThatIsTightenedBeforeALoginIsThereCountsForItWhenItComes) {
  one_ = gateway();
  two_ = gateway(kAnnaAlone);
  two_->answer_status("/api/Auth/loginKey", 503, 0);
  launch();
  ASSERT_TRUE(eventually([&] { return guarded(kAccount); }));
  write("rules: {daily_loss: {max_loss: -200}}\nlogins:\n" + login("one", *one_) + login("two", *two_));
  ASSERT_TRUE(eventually([&] { return daemon_->logged("config_reloaded").size() == 1U; }));
  two_->clear_faults();
  ASSERT_TRUE(eventually([&] { return guarded(kAnna); }));
  EXPECT_TRUE(eventually([&] { return daemon_->account(kAnna).at("rules").at(0).at("limit") == "-200.00"; }));
  EXPECT_THAT(daemon_->logged("config_reloaded"), SizeIs(2)) << "of the one at once, of the other when it came";
}

// The one login of a running process has another name in the new file, or none.
TEST_F(SeveralLogins, TheOnlyLoginIsGuardedOnByTheRulesOfAFileThatHasSeveral) {
  one_ = gateway();
  two_ = gateway(kAnnaAlone);
  start(std::string{kRules} + one_->yaml(), {{"PROJECT_X_USERNAME", "paper"}, {"PROJECT_X_API_KEY", "paper-key"}});
  ASSERT_TRUE(daemon_->wait_protecting());
  const Json status = daemon_->status();
  EXPECT_EQ(status.at("gateway").at("logged_in"), true);
  EXPECT_TRUE(status.at("gateways").at(0).at("name").is_null());
  EXPECT_TRUE(daemon_->account(kAccount).at("login").is_null());
  write("rules: {daily_loss: {max_loss: -200}}\nlogins:\n" + login("one", *one_) + login("two", *two_));
  const auto limit = [&] { return daemon_->account(kAccount).at("rules").at(0).at("limit").get<std::string>(); };
  ASSERT_TRUE(eventually([&] { return limit() == "-200.00"; }));
  EXPECT_EQ(daemon_->status().at("config").at("needs_restart"), Json::array({"logins: changed, at the next start"}));
  for (const Json& line : daemon_->log()) EXPECT_FALSE(line.contains("login")) << line.dump();
}

TEST_F(SeveralLogins, ALoginThatIsAddedWhileItRunsWaitsForTheNextStart) {
  one_ = gateway();
  two_ = gateway(kAnnaAlone);
  start(std::string{kRules} + "logins:\n" + login("one", *one_));
  ASSERT_TRUE(daemon_->wait_protecting());
  const std::string both = std::string{kRules} + "logins:\n" + login("one", *one_) + login("two", *two_);
  write(both);
  const auto waiting = [&] { return daemon_->status().at("config").at("needs_restart").dump(); };
  ASSERT_TRUE(eventually([&] { return waiting() == R"(["logins: changed, at the next start"])"; })) << waiting();
  EXPECT_THAT(two_->requests(), IsEmpty());
  daemon_->set_config(both);
  ASSERT_EQ(daemon_->terminate().exit_code, 0);
  daemon_->start_again();
  ASSERT_TRUE(daemon_->wait_protecting());
  EXPECT_TRUE(guarded(kAnna));
}

}  // namespace
}  // namespace rm::test
