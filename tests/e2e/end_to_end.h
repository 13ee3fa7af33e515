#pragma once
// What the end-to-end tests begin with: a paper gateway, and a risk manager that guards its accounts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/daemon_process.h"
#include "support/paper_gateway_process.h"

namespace rm::test {

// The two rules as a user writes them first; the test of this very text is in two_rules_test.cpp.
inline constexpr const char* kTwoRules =
    "rules: {daily_loss: {enabled: true, max_loss: -1000.0}, max_contracts: {enabled: true, max_contracts: 5}}\n";

class EndToEnd : public testing::Test {
 protected:
  // Before the daemon: nothing of it is needed for the default paper gateway.
  void start_paper(const std::vector<std::string>& arguments = {});
  // Starts the risk manager with these rules, MNQ at 29500 and MES at 7730, and waits until every account is guarded.
  void guard(const std::string& config = kTwoRules, const std::map<std::string, std::string>& environment = {});
  // The same without waiting: for starts that are looked at on their way, or fail.
  void launch(const std::string& config = kTwoRules, const std::map<std::string, std::string>& environment = {});

  // Holds 5 MNQ and loses more than 1000 $ with them: a breach of daily_loss.
  void lose_the_day();
  // …and waits until the broker shows the account flat, the lock holds and the enforcement is verified.
  void lose_the_day_and_be_locked();

  // Paper time goes on, until the daemon has seen it.
  void pass(int seconds);

  [[nodiscard]] PaperGatewayProcess& paper() { return *paper_; }
  [[nodiscard]] DaemonProcess& daemon() { return *daemon_; }
  void TearDown() override;  // of a failed test: what the daemon said

  std::unique_ptr<PaperGatewayProcess> paper_;
  std::unique_ptr<DaemonProcess> daemon_;
  bool replays_ = true;  // false: the test changed what the daemon had recorded
};

}  // namespace rm::test
