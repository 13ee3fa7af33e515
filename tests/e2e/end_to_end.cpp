#include "e2e/end_to_end.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

namespace rm::test {

void EndToEnd::start_paper(const std::vector<std::string>& arguments) {
  paper_ = std::make_unique<PaperGatewayProcess>(arguments);
  paper_->price("MNQ", "29500");
  paper_->price("MES", "7730");
}

void EndToEnd::launch(const std::string& config, const std::map<std::string, std::string>& environment) {
  if (!paper_) start_paper();
  DaemonOptions options;
  options.config = config;
  const std::string address = fmt::format("http://127.0.0.1:{}", paper_->port());
  options.environment["RISK_MANAGER__GATEWAY__API_URL"] = address;
  options.environment["RISK_MANAGER__GATEWAY__USER_HUB_URL"] = address + "/hubs/user";
  options.environment["RISK_MANAGER__GATEWAY__MARKET_HUB_URL"] = address + "/hubs/market";
  options.environment["RISK_MANAGER__GATEWAY__FROZEN_FEED_AFTER"] =
      "1h";  // prices stand still until a test moves them
  for (const auto& [name, value] : environment) options.environment[name] = value;
  daemon_ = std::make_unique<DaemonProcess>(std::move(options));
  daemon_->start();
}

void EndToEnd::guard(const std::string& config, const std::map<std::string, std::string>& environment) {
  launch(config, environment);
  ASSERT_TRUE(daemon().wait_protecting()) << daemon().standard_error();
}

void EndToEnd::lose_the_day() {
  paper().buy(kAccount, "MNQ", 5);
  ASSERT_TRUE(eventually([&] { return !daemon().account(kAccount).at("positions").empty(); }));
  paper().price("MNQ", "29390");
}

void EndToEnd::lose_the_day_and_be_locked() {
  ASSERT_NO_FATAL_FAILURE(lose_the_day());
  ASSERT_TRUE(eventually([&] {
    return paper().flat(kAccount) && daemon().locked(kAccount, "daily_loss") &&
           daemon().verified(kAccount, "daily_loss");
  }));
}

void EndToEnd::pass(int seconds) {
  paper().advance(seconds);
  // To the second, so that the two ways to write a time compare.
  const auto seconds_of = [](const std::string& time) { return time.substr(0, 19); };
  const std::string now = seconds_of(paper().time());
  // It reads the account again after a reconnect, and with that the broker's time.
  paper().control("hub/close", R"({"hub":"user"})");
  ASSERT_TRUE(eventually([&] {
    const Json status = daemon().status();
    return status.is_object() && seconds_of(status.at("broker_time").get<std::string>()) >= now;
  }));
  ASSERT_TRUE(daemon().wait_protecting());
}

void EndToEnd::TearDown() {
  // Whatever a test did to it: what it recorded replays.
  if (replays_ && daemon_ && !HasFailure() && daemon_->checkpoint("rules_initialised")) {
    EXPECT_EQ(daemon_->replay_problem(), "");
  }
  if (!HasFailure() || !daemon_) return;
  std::cerr << "---- standard error of the risk manager ----\n"
            << daemon_->standard_error() << "---- status ----\n"
            << daemon_->status().dump() << '\n';
}

}  // namespace rm::test
