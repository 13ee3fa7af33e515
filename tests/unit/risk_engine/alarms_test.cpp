// An open position whose price is old, or that cannot be valued: said once when it begins and once when it ends.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Alarms, AFeedThatFallsSilentIsToldAtTheInstantTheLastPriceGrowsTooOld) {
  Desk desk{"daily_loss: {max_loss: -1000.00}", DeskOptions{.stale_after = 30s}};
  desk.fill(desk.mnq, 1, "21000.00");
  desk.quote(desk.mnq, "21000.00");
  desk.pass(30s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre("alarm stale"));
  desk.pass(10min);
  EXPECT_THAT(desk.heard(), IsEmpty()) << "once";
  desk.quote(desk.mnq, "21001.00");
  EXPECT_THAT(desk.heard(), ElementsAre("alarm over stale"));
}

TEST(Alarms, TheLastMarkIsStillUsed) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", DeskOptions{.free_of_costs = true}};
  desk.fill(desk.mnq, 10, "21000.00");
  desk.quote(desk.mnq, "20960.00");  // -800
  desk.pass(2min);
  desk.heard();
  desk.fill(desk.es, 1, "6300.00");
  desk.quote(desk.es, "6296.00");  // -200
  EXPECT_THAT(desk.heard(), ::testing::Contains("flatten because LOSS_AT_LIMIT"));
}

TEST(Alarms, AFlatAccountHasNone) {
  Desk desk{"daily_loss: {max_loss: -1000.00}"};
  desk.quote(desk.mnq, "21000.00");
  desk.pass(1h);
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(Alarms, APositionWithoutAPriceCannotBeValued) {
  Desk desk{"daily_loss: {max_loss: -1000.00}"};
  desk.publish(
      PositionUpdated{Position{desk.main_account(), desk.es, Lots{1}, Price::parse("6300").value(), desk.now}});
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), ElementsAre("alarm unvalued"));
  desk.publish(QuoteUpdated{desk.es, Price::parse("6300").value(), {}, {}});
  EXPECT_THAT(desk.heard(), ElementsAre("alarm over unvalued"));
}

}  // namespace
}  // namespace rm::test
