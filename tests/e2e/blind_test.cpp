// Neither the stream nor reads: what is said then, and what is done.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Blind : public EndToEnd {
 protected:
  void hold_two_and_go_blind(const std::string& config) {
    ASSERT_NO_FATAL_FAILURE(guard(config));
    paper().buy(kAccount, "MNQ", 2);
    ASSERT_TRUE(eventually([&] { return daemon().account(kAccount).at("positions").size() == 1U; }));
    for (const auto* path :
         {"/api/Account/search", "/api/Trade/search", "/api/Position/searchOpen", "/api/Order/searchOpen"})
      paper().answer_status(path, 502, 0);
    paper().refuse_hub("user", 3600);
    paper().close_hub("user");
    ASSERT_TRUE(eventually([&] { return daemon().account(kAccount).at("sync_state") == "blind"; }));
  }
};

TEST_F(Blind, IsAStateOfItsOwnAndEndsWithTheFirstReadThatSucceeds) {
  ASSERT_NO_FATAL_FAILURE(hold_two_and_go_blind(kTwoRules));
  EXPECT_EQ(daemon().status().at("state"), "degraded");
  paper().clear_faults();
  EXPECT_TRUE(eventually([&] { return daemon().account(kAccount).at("sync_state") == "stream_down"; }));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  EXPECT_EQ(paper().position(kAccount, kMnq), 2);
}

TEST_F(Blind, FlattenClosesOverRestWhatWasOpen) {
  ASSERT_NO_FATAL_FAILURE(hold_two_and_go_blind(std::string{kTwoRules} + "on_blind: {action: flatten, after: 1s}\n"));
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount); }));
  EXPECT_THAT(paper().mutating_requests(), SizeIs(1));
  const auto rows = daemon().account(kAccount).at("enforcements");
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows.front().at("state"), "open") << "no read has shown yet that it is flat";
  EXPECT_THAT(daemon().logged("violation", "on_blind").front().at("message").get<std::string>(),
              HasSubstr("neither the stream nor reads tell what is open"));

  paper().clear_faults();
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "on_blind"); }));
  EXPECT_THAT(paper().mutating_requests(), SizeIs(1));
  EXPECT_THAT(daemon().account(kAccount).at("locks"), IsEmpty());
}

class ExitBudget : public EndToEnd {};

TEST_F(ExitBudget, StatusSaysWhatFlatteningWouldCostAndAPersonIsToldWhenTheBudgetLeavesLess) {
  guard("rules: {max_contracts: {max_contracts: 500}}\n");
  const auto gateway = [&](const char* key) { return daemon().status().at("gateway").at(key).get<int>(); };
  EXPECT_EQ(gateway("needed_to_flatten"), 0);
  paper().buy(kAccount, "MNQ", 1);
  EXPECT_TRUE(eventually([&] { return gateway("needed_to_flatten") == 5; }));
  EXPECT_THAT(daemon().logged("exits_short"), IsEmpty());
  for (int i = 0; i < 170; ++i) (void)paper().place_limit(kAccount, "MNQ", "buy", 1, "20000");
  EXPECT_TRUE(eventually([&] { return gateway("needed_to_flatten") == 175; }));
  EXPECT_TRUE(eventually([&] { return daemon().logged("exits_short").size() == 1U; }));
  EXPECT_THAT(daemon().notifications().back().dump(), HasSubstr("flattening everything now would take"));
  paper().cancel_orders(kAccount, kMnq);
  EXPECT_TRUE(eventually([&] { return daemon().logged("exits_short").size() == 2U; }));
}

}  // namespace
}  // namespace rm::test
