// The scenarios that come with the program do what they are there for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "paper_gateway/scenario/runner.h"

namespace paper {
namespace {

using literals::operator""_d;
using std::chrono::seconds;

const PaperTime kMorning = parse_time("2026-09-01T14:30:00Z").value();
const AccountId kTrader{26001234};

Scenario shipped(const std::string& name) {
  auto loaded = load_scenario(find_scenario(name, {PAPER_SCENARIO_DIR}).value());
  EXPECT_TRUE(loaded) << testing::PrintToString(loaded ? std::vector<std::string>{} : loaded.error());
  return std::move(loaded.value());
}

TEST(ShippedScenarios, AllLoad) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{PAPER_SCENARIO_DIR}) {
    if (entry.path().extension() != ".yaml") continue;
    const auto loaded = load_scenario(entry.path().string());
    EXPECT_TRUE(loaded) << testing::PrintToString(loaded.error());
    ++count;
  }
  EXPECT_GE(count, 2);
}

// The most contracts held, and the worst result of the day net of costs, open positions at the last price, if nobody
// stops him for `length`.
struct Day {
  int most = 0;
  Decimal worst;
  int trades = 0;
};
Day left_alone(const std::string& name, Nanos length) {
  const Scenario scenario = shipped(name);
  Exchange exchange;
  set_up(scenario, exchange, kMorning);
  const Decimal start = exchange.account(kTrader)->balance;
  ScenarioRunner runner{scenario, exchange, kMorning};
  runner.on_client_subscribed(kMorning);
  Day day;
  for (auto due = runner.next_deadline(); due && *due <= kMorning + length; due = runner.next_deadline()) {
    runner.on_time(*due);
    exchange.on_time(*due);
    Decimal net = exchange.account(kTrader)->balance - start;
    int size = 0;
    for (const auto& position : exchange.positions(kTrader)) {
      const Contract contract = exchange.catalogue().by_id(position.contract).value();
      const Decimal last = exchange.quote(position.contract)->last.value();
      const std::int64_t ticks = (last - position.average_price).nanos() / contract.tick_size.nanos();
      net += contract.tick_value * (ticks * position.size * (position.type == PositionType::Long ? 1 : -1));
      size += position.size;
    }
    day.most = std::max(day.most, size);
    day.worst = std::min(day.worst, net);
  }
  day.trades = static_cast<int>(exchange.trades(kTrader, std::nullopt, std::nullopt).size());
  return day;
}

TEST(ShippedScenarios, TheOvertraderBreaksTheSizeLimitAndThenTheDaysLoss) {
  const Day before = left_alone("overtrader", seconds{10});
  EXPECT_EQ(before.most, 6);
  EXPECT_GT(before.worst, -1000_d);
  const Day round = left_alone("overtrader", seconds{39});
  EXPECT_LT(round.worst, -1000_d);
}

TEST(ShippedScenarios, TheOvertraderGoesOnAndOn) {
  const int first = left_alone("overtrader", seconds{90}).trades;
  EXPECT_GE(first, 6);
  EXPECT_GE(left_alone("overtrader", seconds{270}).trades, 3 * first - 2);
}

TEST(ShippedScenarios, InTheQuietOneNobodyTradesAndPricesMove) {
  const Scenario scenario = shipped("quiet");
  Exchange exchange;
  set_up(scenario, exchange, kMorning);
  ScenarioRunner runner{scenario, exchange, kMorning};
  runner.on_client_subscribed(kMorning);
  const auto volume = exchange.quote("CON.F.US.MNQ.U26")->volume;
  for (auto due = runner.next_deadline(); due && *due <= kMorning + seconds{10}; due = runner.next_deadline()) {
    runner.on_time(*due);
  }
  EXPECT_GT(exchange.quote("CON.F.US.MNQ.U26")->volume, volume + 100);
  EXPECT_TRUE(exchange.trades(kTrader, std::nullopt, std::nullopt).empty());
}

}  // namespace
}  // namespace paper
