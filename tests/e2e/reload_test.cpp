// The configuration while the program runs and over its restarts: stricter at once, looser with the next trading day,
// and no file that is missing or broken lets anybody out of a lock.
#include <signal.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string rules(int max_contracts, const std::string& max_loss = "-1000.0") {
  return "rules: {daily_loss: {max_loss: " + max_loss +
         "}, max_contracts: {max_contracts: " + std::to_string(max_contracts) + "}}\n";
}

class Reload : public EndToEnd {
 protected:
  // In place, as `echo > file` does.
  void write(const std::string& text) { std::ofstream{daemon().config_file()} << text; }
  // As an editor does: another file, renamed over the old one.
  void replace(const std::string& text) {
    const std::string other = daemon().config_file().string() + ".new";
    std::ofstream{other} << text;
    std::filesystem::rename(other, daemon().config_file());
  }
  [[nodiscard]] std::string limit(std::string_view rule) {
    const Json row = daemon().account(kAccount);
    if (!row.is_object()) return {};
    for (const Json& one : row.at("rules")) {
      if (one.at("name") == rule) return one.at("limit").get<std::string>();
    }
    return "none";
  }
  [[nodiscard]] std::size_t times(std::string_view event) const { return daemon_->logged(event).size(); }
  [[nodiscard]] Json pending() {
    const Json now = daemon().status();
    return now.is_object() ? now.at("config").at("pending") : Json{};
  }
  void hold(int lots) {
    paper().buy(kAccount, "MNQ", lots);
    ASSERT_TRUE(eventually([&] { return !daemon().account(kAccount).at("positions").empty(); }));
  }
};

TEST_F(Reload, SighupTightensAtOnceAlsoForWhatIsAlreadyOpen) {
  guard(rules(5));
  ASSERT_NO_FATAL_FAILURE(hold(5));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  const Json before = daemon().status().at("config");
  EXPECT_EQ(before.at("file"), daemon().config_file().string());
  EXPECT_EQ(before.at("pending"), Json::array());

  write(rules(2));
  daemon().send_signal(SIGHUP);
  // Prices stand still: no event of the broker makes the rules look, and the next deadline lies behind this one.
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 2; }, std::chrono::seconds{10}));
  EXPECT_EQ(limit("max_contracts"), "2");
  ASSERT_TRUE(eventually([&] { return times("config_reloaded") >= 1; }));
  EXPECT_THAT(daemon().logged("config_reloaded").front().at("message").get<std::string>(),
              HasSubstr("max_contracts.max_contracts: 5 -> 2, now"));
  EXPECT_TRUE(eventually([&] {
    const auto notices = daemon().notifications();
    return std::ranges::any_of(notices, [](const Json& line) { return line.at("kind") == "config"; });
  }));
  EXPECT_NE(daemon().status().at("config").at("loaded_at"), before.at("loaded_at"));
}

TEST_F(Reload, AnEditorsRenameIsSeenWithoutASignal) {
  guard(rules(5));
  ASSERT_NO_FATAL_FAILURE(hold(5));
  replace(rules(3));
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 3; }));
  replace(rules(1));  // the new file is watched as the old one was
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 1; }));
}

TEST_F(Reload, EveryAccountIsTightenedTogether) {
  guard(rules(5));
  paper().buy(kAccount, "MNQ", 4);
  paper().buy(kOtherAccount, "MNQ", 4);
  ASSERT_TRUE(eventually([&] {
    return !daemon().account(kAccount).at("positions").empty() &&
           !daemon().account(kOtherAccount).at("positions").empty();
  }));
  replace(rules(2));
  EXPECT_TRUE(eventually(
      [&] { return paper().position(kAccount, kMnq) == 2 && paper().position(kOtherAccount, kMnq) == 2; }));
}

TEST_F(Reload, LooseningWaitsForTheResetAndIsTakenUpThere) {
  guard(rules(2));
  replace(rules(4));
  ASSERT_TRUE(eventually([&] { return !pending().empty(); }));
  EXPECT_EQ(pending(), Json::array({"max_contracts.max_contracts: 2 -> 4, at the next reset (17:00 Chicago)"}));
  EXPECT_EQ(limit("max_contracts"), "2");
  paper().buy(kAccount, "MNQ", 4);
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 2; }));
  ASSERT_TRUE(eventually([&] { return daemon().settled(kAccount); }));

  paper().advance(10 * 3600);  // 14:30 UTC and ten hours: behind the reset, in summer and in winter
  EXPECT_TRUE(eventually([&] { return limit("max_contracts") == "4"; }));
  EXPECT_THAT(daemon().logged("config_applied"), SizeIs(1));
  EXPECT_EQ(pending(), Json::array());
  paper().buy(kAccount, "MNQ", 2);
  EXPECT_TRUE(eventually([&] { return daemon().account(kAccount).at("positions").at(0).at("size") == 4; }));
}

TEST_F(Reload, AnInvalidFileIsRefusedLoudlyAndTheOldRulesStay) {
  guard(rules(2));
  replace("rules: {daily_loss: {max_loss: 1000}, max_contracts: {max_contract: 9}}\n");
  ASSERT_TRUE(eventually([&] { return times("config_refused") == 1; }));
  const Json line = daemon().logged("config_refused").front();
  EXPECT_EQ(line.at("level"), "error");
  const std::string message = line.at("message");
  EXPECT_THAT(message, HasSubstr("found '1000'"));
  EXPECT_THAT(message, HasSubstr("did you mean 'max_contracts'"));
  EXPECT_THAT(daemon().logged("config_problem"), SizeIs(3));
  EXPECT_EQ(limit("max_contracts"), "2");
  EXPECT_FALSE(daemon().status().at("config").at("refused").is_null());

  replace(rules(1));
  EXPECT_TRUE(eventually([&] { return limit("max_contracts") == "1"; }));
  EXPECT_TRUE(daemon().status().at("config").at("refused").is_null());
}

TEST_F(Reload, ASymbolThatTheGatewayDoesNotListIsSaidOfAChangedFileToo) {
  guard(rules(2));
  replace(
      "rules: {daily_loss: {max_loss: -1000.0}, max_contracts: {max_contracts: 2}, symbol_blocks: {symbols: "
      "[MEZ]}}\n");
  ASSERT_TRUE(eventually([&] { return times("unlisted_symbol") == 1; }));
  EXPECT_THAT(daemon().logged("unlisted_symbol").front().at("message").get<std::string>(), HasSubstr("MEZ"));
}

TEST_F(Reload, AFileThatIsDeletedChangesNothing) {
  guard(rules(2));
  std::filesystem::remove(daemon().config_file());
  ASSERT_TRUE(eventually([&] { return times("config_refused") == 1; }));
  EXPECT_THAT(daemon().logged("config_refused").front().at("message").get<std::string>(),
              HasSubstr("there is no such file"));
  paper().buy(kAccount, "MNQ", 4);
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 2; }));
}

TEST_F(Reload, WhatNeedsARestartIsSaidAndNotApplied) {
  guard(rules(5));
  replace(rules(5) + "log: {dir: /nowhere}\nnotify: {command: [/bin/false]}\n");
  ASSERT_TRUE(eventually([&] { return times("config_reloaded") == 1; }));
  EXPECT_THAT(daemon().logged("config_reloaded").front().at("message").get<std::string>(),
              HasSubstr("log: changed, at the next start; notify: changed, at the next start"));
  EXPECT_FALSE(std::filesystem::exists("/nowhere"));
}

TEST_F(Reload, ARestartWithALooserFileKeepsTheStrictLimitOfTheDay) {
  guard(rules(2));
  for (const bool hard : {false, true}) {
    if (hard) {
      daemon().kill_hard();
    } else {
      ASSERT_EQ(daemon().terminate().exit_code, 0);
    }
    daemon().set_config(rules(50) + "trading_day: {reset: \"00:00\", timezone: UTC}\n");
    daemon().start_again();
    ASSERT_TRUE(daemon().wait_protecting());
    EXPECT_EQ(limit("max_contracts"), "2");
    EXPECT_EQ(pending(), Json::array({"max_contracts.max_contracts: 2 -> 50, at the next reset (17:00 Chicago)"}));
  }
  EXPECT_THAT(daemon().logged("config_held"), SizeIs(2));
  paper().buy(kAccount, "MNQ", 4);
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 2; }));
  paper().advance(10 * 3600);
  EXPECT_TRUE(eventually([&] { return limit("max_contracts") == "50"; }));
}

TEST_F(Reload, ARestartWithAFileWhoseDayEndsSoonerDoesNotEndTheDay) {
  guard(rules(2));
  ASSERT_EQ(daemon().terminate().exit_code, 0);
  daemon().set_config(rules(50) + "trading_day: {reset: \"15:00\", timezone: UTC}\n");
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  paper().advance(3600);  // from 14:30 UTC
  ASSERT_TRUE(eventually([&] {
    const Json status = daemon().status();
    return status.is_object() && status.at("broker_time").get<std::string>().substr(11) >= "15:30";
  }));
  paper().buy(kAccount, "MNQ", 4);
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 2; }));
  EXPECT_EQ(limit("max_contracts"), "2");
}

TEST_F(Reload, ALooseningOfThisDayIsInForceAfterARestartOnTheNext) {
  guard(rules(2));
  ASSERT_EQ(daemon().terminate().exit_code, 0);
  paper().advance(10 * 3600);
  daemon().set_config(rules(50));
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  EXPECT_EQ(limit("max_contracts"), "50");
  EXPECT_EQ(pending(), Json::array());
}

class LastGood : public Reload, public testing::WithParamInterface<const char*> {};

TEST_P(LastGood, ALockIsHeldByTheLastGoodConfigurationWhenTheFileIsNone) {
  guard(rules(5));
  lose_the_day_and_be_locked();
  ASSERT_EQ(daemon().terminate().exit_code, 0);
  daemon().set_config(GetParam());
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting()) << daemon().standard_error();
  EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));
  EXPECT_EQ(limit("max_contracts"), "5");
  paper().buy(kAccount, "MNQ", 1);
  EXPECT_TRUE(eventually([&] { return daemon().strikes(kAccount) == 1 && paper().flat(kAccount); }));
  EXPECT_THAT(daemon().logged("config_refused"), SizeIs(1));
  EXPECT_THAT(daemon().standard_error(), HasSubstr("the configuration is REFUSED, started with the last good one"));

  write(rules(3));  // put right, it is taken up as any other change
  EXPECT_TRUE(eventually([&] { return limit("max_contracts") == "3"; }));
}

INSTANTIATE_TEST_SUITE_P(Of, LastGood, testing::Values("", "rules: [broken\n"), [](const auto& file) {
  return std::string{file.param}.empty() ? "AnEmptyFile" : "ABrokenFile";
});

TEST_F(Reload, WithoutALockABrokenFileStartsNothing) {
  guard(rules(5));
  ASSERT_EQ(daemon().terminate().exit_code, 0);
  daemon().set_config("rules: [broken\n");
  daemon().start_again();
  EXPECT_EQ(daemon().wait_end().exit_code, 2);
}

}  // namespace
}  // namespace rm::test
