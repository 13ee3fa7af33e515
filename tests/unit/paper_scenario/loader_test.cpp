#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "paper_gateway/scenario/scenario.h"

namespace paper {
namespace {

using literals::operator""_d;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

auto parse(const std::string& yaml) {
  return parse_scenario(yaml, "s.yaml", "");
}

TEST(LoadScenario, EverythingItCanSay) {
  const auto loaded = parse(R"(
name: day one
about: words
start_time: "2026-09-01T09:30:00-05:00"
speed: 2.5
seed: 99
firm_window: true
latency_ms: 3
months: {MNQ: Z26}
users:
  - {name: anna, api_key: k1}
  - {name: ben, api_key: k2, login_refusal: 7}
accounts:
  - {id: 7, user: ben, name: X-7, balance: 1000.01, can_trade: false, bracket_mode: auto_oco, max_size: 4}
  - {id: 8}
prices: {MNQ: 29500.25, ES: {bid: 7730.25, ask: 7730.75}}
price_all: false
feed: {random_walk: {symbols: [MNQ], quotes_per_second: 10, daily_move_percent: 1.5}}
switches: {account_copies: 3, resend_opening_trade: "off", closed_lots: fifo, at_flat_time: keep}
begin: start
steps:
  - {at: 1.5, trade: {account: 8, symbol: MNQ, side: sell, size: 3, type: stop, stop_from_last: -2.25, label: exit}}
  - {after: 2, cancel: {label: exit}}
loop: {from: 1, every: 60}
)");
  ASSERT_TRUE(loaded) << testing::PrintToString(loaded.error());
  const Scenario& s = *loaded;
  EXPECT_EQ(s.name, "day one");
  EXPECT_EQ(rest_time(s.start_time.value()), "2026-09-01T14:30:00+00:00");
  EXPECT_EQ(s.speed, 2.5);
  EXPECT_EQ(s.seed, 99U);
  EXPECT_TRUE(s.settings.firm_window);
  EXPECT_EQ(s.settings.latency, milliseconds{3});
  EXPECT_EQ(s.settings.account_copies, 3);
  EXPECT_EQ(s.settings.resend_opening_trade, Settings::Resend::Off);
  EXPECT_EQ(s.settings.closed_lots, Settings::ClosedLots::Fifo);
  EXPECT_EQ(s.settings.at_flat_time, Settings::AtFlatTime::Keep);
  ASSERT_EQ(s.users.size(), 2U);
  EXPECT_EQ(s.users[1].login_refusal, 7);
  ASSERT_EQ(s.accounts.size(), 2U);
  EXPECT_EQ(s.accounts[0].user, "ben");
  EXPECT_EQ(s.accounts[0].account.balance, 1000.01_d);
  EXPECT_FALSE(s.accounts[0].account.can_trade);
  EXPECT_EQ(s.accounts[0].account.bracket_mode, BracketMode::AutoOco);
  EXPECT_EQ(s.accounts[0].account.max_size, 4);
  EXPECT_EQ(s.accounts[1].user, "anna");
  ASSERT_EQ(s.prices.size(), 2U);
  EXPECT_EQ(s.prices[0].contract, "CON.F.US.MNQ.Z26");
  EXPECT_EQ(s.prices[1].ask, 7730.75_d);
  ASSERT_EQ(s.feed.walk.size(), 1U);
  EXPECT_EQ(s.feed.walk[0].start_price, 29500.25_d);
  EXPECT_EQ(s.feed.walk[0].quotes_per_second, 10);
  EXPECT_EQ(s.feed.walk[0].daily_move_permille, 15);
  EXPECT_FALSE(s.wait_for_client);
  ASSERT_EQ(s.steps.size(), 2U);
  const auto& trade = std::get<TradeStep>(s.steps[0].action);
  EXPECT_EQ(s.steps[0].at, milliseconds{1500});
  EXPECT_EQ(trade.side, Side::Sell);
  EXPECT_EQ(trade.stop->value, -2.25_d);
  EXPECT_TRUE(trade.stop->from_last);
  EXPECT_EQ(s.steps[1].at, milliseconds{3500});
  EXPECT_EQ(std::get<CancelStep>(s.steps[1].action).account, AccountId{7});
  EXPECT_EQ(s.loop->every, seconds{60});
}

TEST(LoadScenario, AnAlmostEmptyFileGetsTheUsualUserAccountsAndPrices) {
  const auto loaded = parse("about: nothing\n");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->users.at(0).name, "paper");
  EXPECT_EQ(loaded->accounts.at(0).account.name, "PRAC-V2-600001-26001234");
  EXPECT_EQ(loaded->accounts.at(1).account.id, AccountId{26001235});
  EXPECT_EQ(loaded->prices.size(), Catalogue{}.available().size());
  EXPECT_EQ(loaded->feed.kind, FeedPlan::Kind::None);
}

TEST(LoadScenario, EveryProblemIsToldAtOnceWithItsLine) {
  const auto loaded = parse(R"(
spead: 2
speed: fast
start_time: tomorrow
accounts:
  - {id: 7, user: nobody}
  - {id: 7, balance: lots}
prices: {MNX: 1, MNQ: 29500.1}
steps:
  - {at: 1, trade: {account: 9, symbol: MNQ, side: long, size: 0}}
  - {trade: {symbol: MNQ, side: buy, type: limit}}
  - {at: 2, say: hello, price: {symbol: MNQ, bid: 5, ask: 4}}
  - {at: 3, move: {symbol: MNQ}}
  - {at: 4, flag: {account: 7}}
loop: {every: 2}
)");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(
      loaded.error(),
      ElementsAre("s.yaml:2: scenario: unknown key 'spead', did you mean 'speed'?",
                  HasSubstr("s.yaml:3: scenario: speed is 'fast', must be a number"),
                  HasSubstr("s.yaml:4: start_time 'tomorrow'"), "s.yaml:6: unknown user 'nobody'",
                  HasSubstr("s.yaml:7: account: balance is 'lots'"), "s.yaml:7: account 7 twice",
                  "s.yaml:8: unknown symbol 'MNX', did you mean 'MNQ'?",
                  "s.yaml:8: price of MNQ: last is '29500.1', must be a multiple of the tick size 0.25 of MNQ",
                  "s.yaml:10: unknown account 9", "s.yaml:10: trade: side is 'long', must be one of buy, sell",
                  "s.yaml:10: trade: size is '0', must be a whole number from 1 to 1000000",
                  "s.yaml:11: step: needs either 'at' or 'after' seconds",
                  "s.yaml:11: trade: 'limit_price' is missing", "s.yaml:12: price: bid must be below ask",
                  HasSubstr("s.yaml:12: step: needs exactly one of trade, cancel, close, price, move, flag, say, "),
                  "s.yaml:13: move: needs either 'to' or 'by'", "s.yaml:14: flag: 'can_trade' is missing",
                  "s.yaml:15: loop: the last step happens after 'from' + 'every'"));
}

TEST(LoadScenario, FaultsAndSettingsAreCallsOfTheControls) {
  const auto loaded = parse(R"(
settings: {userEventShape: bare, positionReadLagMs: 1500, rateLimit: false}
faults:
  - {path: /api/Order/place, action: status, status: 502, body: <html>, seconds: 2.5}
  - {path: "GatewayUser*", action: drop, count: 0, probability: 0.1}
steps:
  - {at: 1, fault: {path: "hub:market", action: drop, until_reconnect: true, count: 0}}
  - {at: 2, halt: {kind: velocity, seconds: 5, symbol: MNQ}}
  - {at: 3, hub_storm: {hub: user, mean_seconds: 30, refuse_seconds: 5, refuse_status: 502}}
  - {at: 4, hub_freeze: {hub: user, seconds: 40}}
  - {at: 5, hub_close: {hub: user, allow_reconnect: false}}
  - {at: 6, hub_refuse: {hub: market, seconds: 10, status: 404}}
  - {at: 7, hub_logout: {hub: user}}
  - {at: 8, expire_tokens: {}}
  - {at: 9, void_trade: {accountId: 26001234}}
  - {at: 10, settings: {depthShape: keyed}}
  - {at: 11, clear_faults: {}}
)");
  ASSERT_TRUE(loaded) << testing::PrintToString(loaded.error());
  ASSERT_EQ(loaded->controls.size(), 3U);
  EXPECT_EQ(loaded->controls[0].name, "settings");
  EXPECT_EQ(loaded->controls[0].body, R"({"userEventShape":"bare","positionReadLagMs":1500,"rateLimit":false})");
  EXPECT_EQ(loaded->controls[1].name, "fault");
  EXPECT_EQ(loaded->controls[1].body,
            R"({"path":"/api/Order/place","action":"status","status":502,"body":"<html>","seconds":2.5})");
  std::vector<std::string> names;
  for (const auto& step : loaded->steps) names.push_back(std::get<ControlStep>(step.action).name);
  EXPECT_THAT(names, ElementsAre("fault", "halt", "hub/storm", "hub/freeze", "hub/close", "hub/refuse", "hub/logout",
                                 "tokens/expire", "void", "settings", "fault/clear"));
}

TEST(LoadScenario, AFlagMayBeAnyOfTheAccounts) {
  const auto loaded = parse("steps: [{at: 1, flag: {follower: true, bracket_mode: auto_oco, max_size: 3}}]\n");
  ASSERT_TRUE(loaded) << testing::PrintToString(loaded.error());
  const auto& change = std::get<FlagStep>(loaded->steps.at(0).action).change;
  EXPECT_EQ(change.follower, true);
  EXPECT_EQ(change.bracket_mode, BracketMode::AutoOco);
  EXPECT_EQ(change.max_size, 3);
  EXPECT_EQ(change.can_trade, std::nullopt);
  for (const auto* one : {"follower: true", "bracket_mode: position", "max_size: 1"}) {
    EXPECT_TRUE(parse("steps: [{at: 1, flag: {" + std::string{one} + "}}]\n")) << one;
  }
}

TEST(LoadScenario, WhatTheControlsWouldRefuseIsAProblemOfTheFile) {
  const auto loaded = parse(R"(
settings: {rateLimits: false}
faults:
  - {path: /api/Order/plase, action: drop}
  - drop everything
steps:
  - {at: 1, fault: {path: "hub:user", action: explode}}
  - {at: 2, halt: {seconds: soon}}
  - {at: 3, hub_storm: {hub: both, mean_seconds: 3}}
  - {at: 4, void_trade: {accountId: 5}}
)");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(),
              ElementsAre(HasSubstr("s.yaml:2: settings: rateLimits: Not known here. There is: rateLimit, "),
                          HasSubstr("s.yaml:4: fault: path is '/api/Order/plase', must be"),
                          HasSubstr("s.yaml:5: fault: $: "),
                          HasSubstr("s.yaml:7: fault: action is 'explode', must be one of delay, "),
                          HasSubstr("s.yaml:8: halt: $.seconds: "), "s.yaml:9: hub_storm: hub: user or market.",
                          "s.yaml:10: void_trade: accountId: There is no such account."));
}

TEST(LoadScenario, WhatIsNotYamlOrNotAScenarioIsOneProblem) {
  struct Case {
    const char* yaml;
    const char* problem;
  };
  const Case cases[] = {
      {"a: [1, 2", "s.yaml:"},
      {"", "s.yaml:1: scenario must be a map"},
      {"- 1\n- 2\n", "s.yaml:1: scenario must be a map"},
      {"seed: 1\nseed: 2\n", "s.yaml:2: 'seed' stands here twice"},
      {"a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n"
       "d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\n"
       "f: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f]\n",
       "too much"},
      {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "nested too deeply"},
      {"steps: 5\n", "steps must be a list"},
      {"faults: 5\n", "faults must be a list"},
      {"feed: sine\n", "must be none, random_walk"},
      {"feed: {csv: {file: nowhere.csv}}\n", "cannot read"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.yaml);
    const auto loaded = parse(c.yaml);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error(), testing::Contains(HasSubstr(c.problem)));
  }
}

TEST(LoadScenario, AFileCutAnywhereIsRefusedOrReadNeverMore) {
  const std::string whole =
      "users: [{name: a, api_key: b}]\naccounts: [{id: 5}]\nfeed: {random_walk: {symbols: [MNQ]}}\n"
      "steps:\n  - {at: 1, move: {symbol: MNQ, by: -4, over_seconds: 3}}\n  - {at: 2, say: \"x\"}\nloop: {every: "
      "9}\n";
  ASSERT_TRUE(parse(whole));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto loaded = parse(whole.substr(0, n));
    EXPECT_TRUE(loaded || !loaded.error().empty()) << n;
  }
}

class ScenarioFiles : public testing::Test {
 protected:
  ScenarioFiles() : directory_{testing::TempDir() + "paper_scenario_" + std::to_string(::getpid())} {
    std::filesystem::create_directories(directory_);
  }
  ~ScenarioFiles() override { std::filesystem::remove_all(directory_); }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream{directory_ + "/" + name} << text;
    return directory_ + "/" + name;
  }
  std::string directory_;
};

TEST_F(ScenarioFiles, TheRecordingIsLookedForBesideTheScenarioAndCheckedWithIt) {
  write("good.csv", "time,price\n2026-09-01T14:30:00Z,29500\n");
  write("bad.csv", "time,price\n2026-09-01T14:30:00Z,29500.1\n");
  const auto good = load_scenario(write("a.yaml", "feed: {csv: {file: good.csv, symbol: MNQ, loop: true}}\n"));
  ASSERT_TRUE(good);
  EXPECT_EQ(good->name, "a");
  EXPECT_TRUE(good->feed.csv_loop);
  const auto bad = load_scenario(write("b.yaml", "feed: {csv: {file: bad.csv, symbol: MNQ}}\n"));
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error(), ElementsAre(directory_ + "/bad.csv:2: price '29500.1' is between ticks"));
}

TEST_F(ScenarioFiles, AreFoundByPathOrByNameInTheFirstDirectoryThatHasThem) {
  const std::string file = write("calm.yaml", "about: x\n");
  EXPECT_EQ(find_scenario(file, {}), file);
  EXPECT_EQ(find_scenario("calm", {"/nowhere", directory_}), file);
  const auto missing = find_scenario("storm", {directory_});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error(), "no scenario file or name 'storm'; shipped are: calm overtrader quiet");
  EXPECT_FALSE(load_scenario(directory_ + "/none.yaml"));
}

}  // namespace
}  // namespace paper
