// Deterministic: the same events at the same times give the same decisions, requests and receipts, word for word.
#include <rapidcheck.h>

#include <cstdlib>

#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;

// A few days each time, so that the suite stays quick; RC_PARAMS=max_success=5000 runs as many as wanted.
const bool kFew = ::setenv("RC_PARAMS", "max_success=12", 0) == 0;

const char* const kRules =
    "daily_loss: {max_loss: -600.00}, daily_unrealized_loss: {limit: -250.00}, max_contracts: {max_contracts: 6, "
    "include_working_orders: true}, auth_loss_guard: {}";

// A trader who does anything at all: what, and how much. The same choices make the same day.

void live(Desk& desk, const std::vector<std::pair<std::uint8_t, std::int16_t>>& choices) {
  for (const auto& [what, amount] : choices) {
    const ContractId contract = amount % 2 == 0 ? desk.mnq : desk.es;
    const std::int64_t base = contract == desk.mnq ? 21'000 : 6'300;
    const std::string price = std::to_string(base + amount % 40) + (amount % 3 == 0 ? ".25" : ".50");
    switch (what % 9) {
      case 0:
      case 1:
        desk.fill(contract, amount % 4 == 0 ? 1 : amount % 4, price);
        break;
      case 2:
      case 3:
        desk.quote(contract, price);
        break;
      case 4:
        desk.order(contract, OrderType::Limit, amount > 0 ? Side::Buy : Side::Sell, 1 + std::abs(amount % 3), price);
        break;
      case 5:
        desk.order(contract, OrderType::Stop, amount > 0 ? Side::Sell : Side::Buy, 1 + std::abs(amount % 3), price);
        break;
      case 6:
        desk.can_trade(amount % 5 != 0);
        break;
      case 7:
        amount % 3 == 0 ? desk.disconnect() : desk.connect();
        break;
      default:
        desk.pass(std::chrono::milliseconds{std::abs(amount) * 3});
        break;
    }
  }
  desk.pass(5s);
}

TEST(Replay, TheSameDayTwiceIsTheSameDay) {
  EXPECT_TRUE(rc::check("transcripts are equal, word for word",
                        [](const std::vector<std::pair<std::uint8_t, std::int16_t>>& choices) {
                          Desk first{kRules}, second{kRules};
                          live(first, choices);
                          live(second, choices);
                          RC_ASSERT(first.transcript == second.transcript);
                          RC_ASSERT(first.heard() == second.heard());
                        }));
}

// A second core that is fed the recorded events alone, and told when the first one's enforcements ended.
class Recorded final : public EngineListener {
 public:
  explicit Recorded(const Desk& desk) : desk_{desk} {}
  void on_decision(const Decision& decision) override {
    said.push_back(std::to_string(decision.id.value()) + desk_.words(decision));
  }
  void on_warning(AccountId, const Warning&, BrokerTime) override {}
  void on_tightening(AccountId, const Tightening&, BrokerTime) override {}
  void on_clocks(AccountId, const RuleClocks&) override {}
  void on_lock_ended(const Lock&, BrokerTime) override {}
  void on_alarm(const ValuationAlarm&, BrokerTime) override {}
  std::vector<std::string> said;

 private:
  const Desk& desk_;
};

TEST(Replay, RecordedEventsAloneGiveTheSameDecisions) {
  Desk desk{kRules};
  live(desk, {{0, 8},
              {2, -20},
              {2, -39},
              {8, 400},
              {0, 6},
              {8, 900},
              {4, 5},
              {8, 300},
              {6, 10},
              {8, 2000},
              {0, 4},
              {8, 2000}});
  ASSERT_FALSE(desk.decisions.empty());

  Recorded listener{desk};
  Book book{desk.contracts, desk.calendar(), MarkKind::Last};
  RiskEngine engine{book, listener, 30s, EnforcementId{1}};
  engine.guard(desk.main_account(), rules_from(kRules));
  std::size_t receipt = 0;
  for (const RiskEvent& event : desk.events) {
    for (; receipt < desk.receipts.size() && desk.receipts[receipt].verified_at < event.at; ++receipt) {
      engine.on_finished(desk.main_account(), desk.receipts[receipt].enforcement);
    }
    ASSERT_TRUE(book.on_event(event));
    ASSERT_TRUE(engine.on_event(event));
  }
  std::vector<std::string> expected;
  for (const Decision& decision : desk.decisions)
    expected.push_back(std::to_string(decision.id.value()) + desk.words(decision));
  EXPECT_EQ(listener.said, expected);
}

}  // namespace
}  // namespace rm::test
