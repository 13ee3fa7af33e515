// Fills that a read finds after the fact come one by one; what they make of the sizes in between is not acted on.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// Without a stream a position is found by a read, closed, and read to be gone; only then are its fills found, the
// opening one first. Wherever in the polling's rhythm that falls: the position that is long gone is not closed again.
TEST(FoundFills, ARoundTripThatIsFoundAfterwardsIsNotClosedAgain) {
  for (Duration later{}; later < 3s; later += 100ms) {
    Desk desk{"auth_loss_guard: {}", DeskOptions{.free_of_costs = true}};
    desk.broker.answer_after = 300ms;
    desk.fill(desk.es, 1, "6300.00");
    desk.pass(5s);
    desk.disconnect();
    desk.pass(1s + later);
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) { account.set_can_trade(false, told); });
    desk.publish(AccountUpdated{desk.account().info()});  // the last that the stream had to say
    desk.fill(desk.mnq, 1, "21000.00");
    desk.pass(10s);
    EXPECT_TRUE(desk.account().flat());
    EXPECT_THAT(desk.actions(), ElementsAre("closeContract ES", "closeContract MNQ")) << later.count();
  }
}

}  // namespace
}  // namespace rm::test
