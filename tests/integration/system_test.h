#pragma once
// What the tests of the running system begin with.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "integration/running_system.h"
#include "support/temp_dir.h"

namespace rm::test {

inline constexpr const char* kRules = "rules: {daily_loss: {max_loss: -1000}, max_contracts: {max_contracts: 5}}\n";

class SystemTest : public testing::Test {
 protected:
  void SetUp() override {
    paper_.price("MNQ", "29500");
    paper_.price("MES", "7730");
  }
  void run(const std::string& config = kRules) {
    system_.reset();
    system_ = std::make_unique<RunningSystem>(paper_, config, dir_.path());
    ASSERT_TRUE(system_->until_protecting()) << system_->start_failure();
  }
  [[nodiscard]] RunningSystem& system() { return *system_; }

  TempDir dir_;
  PaperGatewayProcess paper_;
  std::unique_ptr<RunningSystem> system_;
};

}  // namespace rm::test
