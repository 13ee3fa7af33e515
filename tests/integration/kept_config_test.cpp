// What was in force is kept for each login, through the real store.

#include "runtime/kept_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "config/print.h"
#include "store/store.h"
#include "support/temp_dir.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;

class KeptConfigs : public testing::Test {
 protected:
  static std::string yaml(int max_loss, const std::string& more = "") {
    const auto config = load_config_text("rules: {daily_loss: {max_loss: " + std::to_string(max_loss) + "}}\n" + more,
                                         "test", {}, rule_registry());
    return to_yaml(config.value());
  }
  // Ends the store and says what the next start finds.
  std::vector<KeptConfig> found() {
    archive_.reset();
    store_.reset();
    open();
    return kept_;
  }
  void open() {
    store_ =
        std::move(Store::open(dir_.path(), contracts_, [](std::string_view) { return std::string_view{}; }).value());
    kept_ = kept_configs(store_->recovered()).value();
    archive_ = std::make_unique<ConfigArchive>(*store_, kept_);
  }
  void SetUp() override { open(); }
  static std::string limit_of(const std::optional<KeptConfig>& kept) {
    if (!kept) return "none";
    return kept->config.rules_for(AccountId{1}, "").front().get<Money>("max_loss").text();
  }

  const BrokerTime day_ = BrokerTime::from_seconds(1'790'000'000), end_ = day_ + 24h;
  TempDir dir_;
  ContractTable contracts_;
  std::unique_ptr<Store> store_;
  std::vector<KeptConfig> kept_;
  std::unique_ptr<ConfigArchive> archive_;
};

TEST_F(KeptConfigs, TheOnlyLoginIsKeptAsBefore) {
  archive_->keep("", day_, end_, yaml(-1000));
  const auto kept = found();
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(limit_of(kept_for(kept, "", day_)), "-1000.00");
  EXPECT_EQ(store_->recovered().config->yaml.front(), yaml(-1000));
}

TEST_F(KeptConfigs, EachLoginHasItsOwnAndOneThatIsNotUpIsNotForgotten) {
  archive_->keep("a", day_, end_, yaml(-1000));
  archive_->keep("b", day_, end_, yaml(-500));
  auto kept = found();
  ASSERT_THAT(kept, SizeIs(2));
  archive_->keep("a", day_, end_, yaml(-900));  // b is down in this run
  kept = found();
  EXPECT_EQ(limit_of(kept_for(kept, "a", day_)), "-900.00");
  EXPECT_EQ(limit_of(kept_for(kept, "b", day_)), "-500.00");
}

TEST_F(KeptConfigs, AnotherNameOrFormOfTheFileIsNoWayOut) {
  archive_->keep("a", day_, end_, yaml(-1000));
  archive_->keep("b", day_, end_, yaml(-1000, "accounts: [all, {id: 1, rules: {daily_loss: {max_loss: -200}}}]\n"));
  const auto kept = found();
  EXPECT_EQ(limit_of(kept_for(kept, "renamed", day_)), "-200.00");
  EXPECT_EQ(limit_of(kept_for(kept, "", day_)), "-200.00");
  EXPECT_EQ(limit_of(kept_for(kept, "a", day_)), "-200.00") << "the account has moved to another login";
}

TEST_F(KeptConfigs, OneLoginAndBackToSeveralKeepsThem) {
  archive_->keep("a", day_, end_, yaml(-1000));
  archive_->keep("b", day_, end_, yaml(-500));
  (void)found();
  archive_->keep("", day_, end_, yaml(-800));
  const auto kept = found();
  EXPECT_EQ(limit_of(kept_for(kept, "b", day_)), "-500.00");
  EXPECT_EQ(limit_of(kept_for(kept, "", day_)), "-800.00");
}

TEST_F(KeptConfigs, ADayThatIsOverHoldsNothing) {
  archive_->keep("a", day_, end_, yaml(-1000));
  archive_->keep("b", day_, end_, yaml(-500));
  auto kept = found();
  EXPECT_EQ(limit_of(kept_for(kept, "a", end_ - 1s)), "-1000.00");
  EXPECT_EQ(limit_of(kept_for(kept, "a", end_)), "none");
  archive_->keep("b", end_, end_ + 24h, yaml(-400));
  kept = found();
  EXPECT_THAT(kept, SizeIs(1)) << "what ended before the day of another is dropped";
  EXPECT_EQ(limit_of(kept_for(kept, "b", end_)), "-400.00");
}

}  // namespace
}  // namespace rm::test
