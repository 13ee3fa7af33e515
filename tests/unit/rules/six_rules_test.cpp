// Six rules broken by one event: one decision that names all six, each with its own reason, and does what covers them
// all.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SixRules, BreachInOneEventAndAreAllNamed) {
  Desk desk{
      "max_contracts: {max_contracts: 8}, max_contracts_per_instrument: {limits: {MNQ: 8}}, "
      "daily_loss: {max_loss: -900.00, warn_at: []}, daily_unrealized_loss: {limit: -900.00}, "
      "auth_loss_guard: {}, symbol_blocks: {symbols: [\"M*\"]}",
      DeskOptions{.connect = false}};
  desk.quote(desk.mnq, "20950.00");
  desk.act([&](FakeAccount& account, FakeAccount::Told&) {
    FakeAccount::Told untold;
    account.set_last(desk.mnq, Price::parse("21000.00").value());
    account.market_order(desk.mnq, Lots{9}, desk.now, untold);
    account.set_can_trade(false, untold);
  });
  EXPECT_THAT(desk.heard(), IsEmpty()) << "nothing is known yet";
  desk.connect();
  desk.pass(1s);
  ASSERT_EQ(desk.decisions.size(), 1U);
  EXPECT_EQ(desk.decisions.at(0).trigger, "snapshot");
  std::vector<std::string_view> rules;
  for (const Violation& violation : desk.decisions.at(0).violations) rules.push_back(violation.rule);
  EXPECT_THAT(rules, ElementsAre("max_contracts", "max_contracts_per_instrument", "daily_loss",
                                 "daily_unrealized_loss", "auth_loss_guard", "symbol_blocks"));
  EXPECT_THAT(desk.heard(), ElementsAre("flatten because SIZE_ABOVE_MAX, LOSS_AT_LIMIT, UNREALISED_LOSS_AT_LIMIT, "
                                        "TRADING_REFUSED_BY_BROKER, SYMBOL_BLOCKED",
                                        "lock account hard until reset", "lock account hard until the broker allows",
                                        "lock MNQ hard until reset"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(desk.decisions.size(), 1U) << "and nothing is decided twice on the way";
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ"));
}

}  // namespace
}  // namespace rm::test
