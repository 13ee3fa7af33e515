#include "paper_gateway/scenario/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace paper {
namespace {

using literals::operator""_d;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kMnq = "CON.F.US.MNQ.U26";
const AccountId kAccount{26001234};

// A scenario played against a real exchange on a clock the test owns.
class Stage {
 public:
  explicit Stage(const std::string& yaml)
      : scenario_{parse_scenario(yaml, "test.yaml", "").value()}, now_{parse_time("2026-09-01T14:30:00Z").value()} {
    set_up(scenario_, exchange, now_);
    const auto tell = [this](PaperTime at, const std::string& line) {
      story.push_back(std::to_string((at - began_) / milliseconds{1}) + " " + line);
    };
    const auto control = [this](const ControlStep& step) -> std::optional<std::string> {
      controls.push_back(step.name + " " + step.body);
      return step.name == "hub/logout" ? std::optional{"nobody is there"} : std::nullopt;
    };
    runner = std::make_unique<ScenarioRunner>(scenario_, exchange, now_, tell, control);
    began_ = now_;
  }
  void subscribe() {
    began_ = now_;
    runner->on_client_subscribed(now_);
  }
  // As the program does: to each deadline in turn, then to the end.
  void pass(Nanos time) {
    const PaperTime until = now_ + time;
    for (auto due = runner->next_deadline(); due && *due <= until; due = runner->next_deadline()) at(*due);
    at(until);
  }
  void jump(Nanos time) { at(now_ + time); }
  int held() const {
    const auto positions = exchange.positions(kAccount);
    return positions.empty() ? 0 : positions.front().size * (positions.front().type == PositionType::Long ? 1 : -1);
  }
  Decimal last() const { return exchange.quote(kMnq)->last.value(); }

  Exchange exchange;
  std::unique_ptr<ScenarioRunner> runner;
  std::vector<std::string> story;
  std::vector<std::string> controls;

 private:
  void at(PaperTime time) {
    now_ = std::max(now_, time);
    runner->on_time(now_);
    exchange.on_time(now_);
  }
  Scenario scenario_;
  PaperTime now_;
  PaperTime began_;
};

TEST(ScenarioRunner, TheStoryWaitsForAClientToTheInstant) {
  Stage stage{"prices: {MNQ: 29500}\nsteps:\n  - {at: 2, trade: {symbol: MNQ, side: buy, size: 2}}\n"};
  stage.pass(seconds{60});
  EXPECT_EQ(stage.held(), 0);
  EXPECT_FALSE(stage.runner->next_deadline());
  stage.subscribe();
  stage.pass(milliseconds{1999});
  EXPECT_EQ(stage.held(), 0);
  stage.pass(milliseconds{1});
  EXPECT_EQ(stage.held(), 2);
  EXPECT_THAT(stage.story, ElementsAre("2000 trader buys 2 MNQ, market"));
}

TEST(ScenarioRunner, TheStoryCanBeginAtTheStart) {
  Stage stage{"begin: start\nprices: {MNQ: 29500}\nsteps:\n  - {at: 1, trade: {symbol: MNQ, side: sell, size: 1}}\n"};
  stage.pass(seconds{1});
  EXPECT_EQ(stage.held(), -1);
  stage.subscribe();
  stage.pass(seconds{5});
  EXPECT_EQ(stage.held(), -1);
}

TEST(ScenarioRunner, ATraderOrdersAreThoseOfThePlatform) {
  Stage stage{R"(
prices: {MNQ: 29500}
steps:
  - {at: 1, trade: {symbol: MNQ, side: buy, size: 1, type: limit, limit_from_last: -5, label: dip}}
  - {at: 2, trade: {symbol: MNQ, side: sell, size: 1, type: stop, stop_price: 29480}}
  - {at: 3, cancel: {label: dip}}
  - {at: 4, trade: {symbol: MNQ, side: buy, size: 1, stop_loss_ticks: -10}}
)"};
  stage.subscribe();
  stage.pass(seconds{2});
  const auto open = stage.exchange.open_orders(kAccount);
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].limit_price, 29495_d);
  EXPECT_FALSE(open[0].custom_tag);
  stage.pass(seconds{2});
  EXPECT_EQ(stage.exchange.open_orders(kAccount).size(), 1U);
  EXPECT_THAT(stage.story, ElementsAre("1000 trader buys 1 MNQ, limit 29495", "2000 trader sells 1 MNQ, stop 29480",
                                       HasSubstr("trader cancels order"), "4000 trader buys 1 MNQ, market",
                                       HasSubstr("4000 trader's order is refused: Brackets cannot be used")));
}

TEST(ScenarioRunner, AMoveGoesThereInTicksAndSetsOffWhatLiesOnItsWay) {
  Stage stage{R"(
prices: {MNQ: 29500}
steps:
  - {at: 0, trade: {symbol: MNQ, side: buy, size: 1}}
  - {at: 0, trade: {symbol: MNQ, side: sell, size: 1, type: stop, stop_price: 29480}}
  - {at: 1, move: {symbol: MNQ, by: -40, over_seconds: 4}}
)"};
  stage.subscribe();
  stage.pass(milliseconds{2999});
  EXPECT_EQ(stage.held(), 1);
  EXPECT_GT(stage.last(), 29480_d);
  stage.pass(milliseconds{1});
  EXPECT_EQ(stage.last(), 29480_d);
  EXPECT_EQ(stage.held(), 0);
  stage.pass(seconds{60});
  EXPECT_EQ(stage.last(), 29460_d);
  EXPECT_FALSE(stage.runner->next_deadline());
}

TEST(ScenarioRunner, PricesFlagsAndCloses) {
  Stage stage{R"(
prices: {MNQ: 29500}
steps:
  - {at: 1, trade: {symbol: MNQ, side: buy, size: 3}}
  - {at: 2, price: {symbol: MNQ, bid: 29510, ask: 29510.50}}
  - {at: 3, close: {symbol: MNQ}}
  - {at: 4, close: {symbol: MNQ}}
  - {at: 5, flag: {can_trade: false}}
  - {at: 6, trade: {symbol: MNQ, side: buy, size: 1}}
  - {at: 7, say: he is angry}
)"};
  stage.subscribe();
  stage.pass(seconds{10});
  EXPECT_EQ(stage.held(), 0);
  const auto trades = stage.exchange.trades(kAccount, std::nullopt, std::nullopt);
  ASSERT_EQ(trades.size(), 2U);
  EXPECT_EQ(trades[0].price, 29510_d);
  EXPECT_FALSE(stage.exchange.account(kAccount)->can_trade);
  EXPECT_THAT(
      stage.story,
      ElementsAre("1000 trader buys 3 MNQ, market", "3000 trader closes MNQ", "4000 trader closes MNQ",
                  "4000 there is no position to close", "5000 the firm changes account 26001234, it cannot trade",
                  "6000 trader buys 1 MNQ, market", HasSubstr("6000 trader's order is refused"), "7000 he is angry"));
}

TEST(ScenarioRunner, TheBrokerMisbehavesWhenItsStepHasCome) {
  Stage stage{R"(
begin: start
steps:
  - {at: 1, fault: {path: "hub:user", action: drop, count: 3}}
  - {at: 2, hub_logout: {hub: user}}
)"};
  stage.pass(milliseconds{999});
  EXPECT_THAT(stage.controls, IsEmpty());
  stage.pass(milliseconds{1});
  EXPECT_THAT(stage.controls, ElementsAre(R"(fault {"path":"hub:user","action":"drop","count":3})"));
  stage.pass(seconds{1});
  EXPECT_EQ(stage.controls.back(), R"(hub/logout {"hub":"user"})");
  EXPECT_THAT(stage.story,
              ElementsAre(R"(1000 broker: fault {"path":"hub:user","action":"drop","count":3})",
                          R"(2000 broker: hub/logout {"hub":"user"})", "2000 not done: nobody is there"));
}

TEST(ScenarioRunner, ALoopPlaysItsPartAgainAndAgain) {
  Stage stage{
      "steps:\n  - {at: 0, say: once}\n  - {at: 1, say: a}\n  - {at: 3, say: b}\nloop: {from: 1, every: 5}\n"};
  stage.subscribe();
  stage.pass(seconds{12});
  EXPECT_THAT(stage.story, ElementsAre("0 once", "1000 a", "3000 b", "6000 a", "8000 b", "11000 a"));
}

TEST(ScenarioRunner, AJumpOfTheClockDoesNotPlayEveryRoundInBetween) {
  Stage stage{"steps:\n  - {at: 0, say: a}\n  - {at: 1, say: b}\nloop: {every: 10}\n"};
  stage.subscribe();
  stage.jump(std::chrono::hours{5} + seconds{10});
  EXPECT_THAT(stage.story, ElementsAre("18000000 a", "18001000 b", "18010000 a"));
}

TEST(ScenarioRunner, TheFeedGoesOnFromWhereAStepPutThePrice) {
  Stage stage{R"(
prices: {MNQ: 29500}
feed: {random_walk: {symbols: [MNQ]}}
steps:
  - {at: 5, price: {symbol: MNQ, last: 20000}}
)"};
  stage.subscribe();
  stage.pass(seconds{5} - milliseconds{1});
  EXPECT_NE(stage.last(), 29500_d);
  EXPECT_GT(stage.last(), 29000_d);
  stage.pass(seconds{5});
  EXPECT_LT(stage.last(), 20500_d);
  EXPECT_NE(stage.last(), 20000_d);
  PriceUpdate by_hand;
  by_hand.contract = kMnq;
  by_hand.last = 25000_d;
  ASSERT_TRUE(stage.exchange.set_price(by_hand, {}));
  stage.runner->on_price_set(kMnq, 25000_d);
  stage.pass(seconds{5});
  EXPECT_GT(stage.last(), 24500_d);
}

TEST(ScenarioRunner, TheSameScenarioGivesTheSameDay) {
  const auto day = [] {
    Stage stage{
        "seed: 5\nfeed: {random_walk: {symbols: [MNQ, ES]}}\nsteps:\n"
        "  - {at: 3, trade: {symbol: MNQ, side: buy, size: 2}}\n  - {at: 9, close: {symbol: MNQ}}\n"};
    stage.subscribe();
    stage.pass(seconds{10});
    std::string text;
    for (const auto& trade : stage.exchange.trades(kAccount, std::nullopt, std::nullopt)) {
      text += rest_time(trade.created) + " " + trade.price.text() + ";";
    }
    return text;
  };
  EXPECT_EQ(day(), day());
  EXPECT_THAT(day(), HasSubstr(";"));
}

TEST(ScenarioRunner, NothingHappensWithoutStepsAndFeed) {
  Stage stage{"about: nothing\n"};
  stage.subscribe();
  EXPECT_FALSE(stage.runner->next_deadline());
  stage.pass(seconds{1});
  EXPECT_THAT(stage.story, IsEmpty());
}

}  // namespace
}  // namespace paper
