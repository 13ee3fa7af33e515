// R40: the lock police is cut out of this binary, and the real guardian, recorder and store run without it. What the
// standing check finds is acted upon, counted and told to a person.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "chaos/guarded_world.h"
#include "support/desk.h"
#include "support/eventually.h"

namespace rm {

void LockPolice::look(const AccountBook&, const RiskEvent&, const UnderWay&, Findings&) {}
void LockPolice::on_lock_set(const AccountBook&, const Lock&) {}
std::uint32_t LockPolice::strikes() const {
  return 0;
}

}  // namespace rm

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Incident, IsActedUponCountedAndToldToAPerson) {
  constexpr AccountId kAccount{26'001'231};
  Surroundings surroundings;
  GuardedWorld world{surroundings, {"daily_loss: {max_loss: -100.00}", {kAccount}, chicago("09:29:00")}};
  const auto trade = [&](ContractId contract, int lots) {
    world.trader(kAccount, [&](FakeAccount& account, FakeAccount::Told& told) {
      account.market_order(contract, Lots{lots}, world.now, told);
    });
  };
  world.start();
  world.connect();
  world.pass(10s);
  trade(world.traded[0], 2);
  world.market(world.traded[0], Price::parse("20900").value());
  world.pass(1min);
  ASSERT_TRUE(world.locked(kAccount));
  ASSERT_TRUE(world.broker.account(kAccount).flat());
  EXPECT_THAT(surroundings.metrics.exposition(), HasSubstr("risk_manager_incidents_total 0"));

  trade(world.traded[2], 1);
  world.pass(20s);
  EXPECT_TRUE(world.broker.account(kAccount).flat());
  EXPECT_THAT(surroundings.metrics.exposition(), HasSubstr("risk_manager_incidents_total 1"));
  const auto told = [&] {
    std::ostringstream text;
    text << std::ifstream{surroundings.dir.path() / "notifications.log"}.rdbuf();
    return text.str();
  };
  EXPECT_TRUE(eventually([&] { return told().find("\"incident\"") != std::string::npos; })) << told();
  EXPECT_THAT(told(), HasSubstr("INCIDENT: the broker still shows 1 contracts and 0 orders of the account"));
}

}  // namespace
}  // namespace rm::test
