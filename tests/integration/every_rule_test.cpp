// R24: each rule in the running system: what comes close does nothing at the broker, what breaks it does what the
// rule promises. One test a rule, named after it.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "integration/system_test.h"
#include "rules/registry.h"

namespace rm::test {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Key;
using testing::SizeIs;

class EveryRule : public SystemTest {
 protected:
  void guard(const std::string& rule) { run("rules: {" + rule + "}\n"); }

  void hold(std::string_view symbol, int lots) {
    const std::string contract = paper_.contract_of(symbol);
    const int before = system().held(contract);
    if (lots > 0)
      paper_.buy(kAccount, symbol, lots);
    else
      paper_.sell(kAccount, symbol, -lots);
    ASSERT_TRUE(system().until([&] { return system().held(contract) == before + lots; }));
  }
  // In cents, of everything open.
  [[nodiscard]] auto open_is(std::int64_t cents) {
    return system().until([this, cents] {
      const auto open = system().book().open_profit();
      return open.total == Money::from_cents(cents);
    });
  }
  void expect_nothing_was_done() {
    EXPECT_TRUE(system().write_out());
    EXPECT_THAT(paper_.mutating_requests(), IsEmpty());
    EXPECT_THAT(lock_rows(), IsEmpty());
  }
  // What was done is what this rule wanted, and the broker showed it.
  void expect_enforced(std::string_view rule) {
    EXPECT_TRUE(system().until([&] {
      const Json rows = account_row().at("enforcements");
      return std::ranges::any_of(rows, [&](const Json& row) {
        return row.at("state") == "verified" && row.at("rules") == Json::array({rule});
      });
    })) << account_row();
  }
  void expect_lock(std::string_view rule, std::string_view scope, std::string_view kind) {
    const Json locks = lock_rows();
    ASSERT_THAT(locks, SizeIs(1));
    EXPECT_EQ(locks.at(0).at("rule"), rule);
    EXPECT_EQ(locks.at(0).at("scope"), scope);
    EXPECT_EQ(locks.at(0).at("kind"), kind);
  }
  [[nodiscard]] Json account_row() {
    const Json status = system().status();
    for (const Json& row : status.at("accounts")) {
      if (row.at("id") == kAccount) return row;
    }
    return {};
  }
  [[nodiscard]] Json lock_rows() { return account_row().at("locks"); }
};

TEST_F(EveryRule, HasItsTest) {
  std::set<std::string> tested;
  const testing::TestSuite* suite = nullptr;
  for (int i = 0; i < testing::UnitTest::GetInstance()->total_test_suite_count(); ++i) {
    const auto* each = testing::UnitTest::GetInstance()->GetTestSuite(i);
    if (std::string_view{each->name()} == "EveryRule") suite = each;
  }
  ASSERT_NE(suite, nullptr);
  for (int i = 0; i < suite->total_test_count(); ++i) tested.insert(suite->GetTestInfo(i)->name());
  for (const RuleSpec& rule : rule_registry()) EXPECT_THAT(tested, Contains(std::string{rule.name}));
}

TEST_F(EveryRule, max_contracts) {
  guard("max_contracts: {max_contracts: 5}");
  hold("MNQ", 3);
  hold("MES", -2);
  expect_nothing_was_done();
  paper_.buy(kAccount, "MNQ", 1);
  expect_enforced("max_contracts");
  EXPECT_EQ(std::abs(paper_.position(kAccount, kMnq)) + std::abs(paper_.position(kAccount, kMes)), 5);
  EXPECT_THAT(lock_rows(), IsEmpty());
}

TEST_F(EveryRule, max_contracts_per_instrument) {
  guard("max_contracts_per_instrument: {limits: {MNQ: 2, MES: 4}}");
  hold("MNQ", 2);
  hold("MES", -4);
  expect_nothing_was_done();
  paper_.buy(kAccount, "MNQ", 3);
  expect_enforced("max_contracts_per_instrument");
  EXPECT_EQ(paper_.position(kAccount, kMnq), 2);
  EXPECT_EQ(paper_.position(kAccount, kMes), -4);
}

TEST_F(EveryRule, daily_loss) {
  guard("daily_loss: {max_loss: -100, include_costs: false}");
  hold("MNQ", 1);
  paper_.price("MNQ", "29450.25");
  ASSERT_TRUE(open_is(-99'50));
  expect_nothing_was_done();
  paper_.price("MNQ", "29450");
  expect_enforced("daily_loss");
  EXPECT_TRUE(paper_.flat(kAccount));
  expect_lock("daily_loss", "account", "hard");
}

TEST_F(EveryRule, daily_unrealized_loss) {
  guard("daily_unrealized_loss: {limit: -100}");
  hold("MNQ", -1);
  hold("MES", 1);
  paper_.price("MNQ", "29549.5");  // sold at the bid, a tick below the last price
  ASSERT_TRUE(open_is(-99'50));
  expect_nothing_was_done();
  paper_.price("MNQ", "29549.75");
  expect_enforced("daily_unrealized_loss");
  EXPECT_EQ(paper_.position(kAccount, kMnq), 0);
  EXPECT_EQ(paper_.position(kAccount, kMes), 1);
}

TEST_F(EveryRule, max_unrealized_profit) {
  guard("max_unrealized_profit: {target: 100}");
  hold("MNQ", 1);
  hold("MES", 1);
  paper_.price("MNQ", "29549.75");
  ASSERT_TRUE(open_is(99'50));
  expect_nothing_was_done();
  paper_.price("MNQ", "29550");
  expect_enforced("max_unrealized_profit");
  EXPECT_EQ(paper_.position(kAccount, kMnq), 0);
  EXPECT_EQ(paper_.position(kAccount, kMes), 1);
}

TEST_F(EveryRule, trade_frequency_limit) {
  guard("trade_frequency_limit: {per_minute: 2}");
  hold("MNQ", 1);
  hold("MNQ", -1);
  expect_nothing_was_done();
  hold("MES", 1);
  ASSERT_TRUE(system().until([&] { return !lock_rows().empty(); }));
  expect_lock("trade_frequency_limit", "account", "entry");
  EXPECT_EQ(paper_.position(kAccount, kMes), 1);  // what is open stays
  paper_.buy(kAccount, "MNQ", 1);
  ASSERT_TRUE(system().until([&] { return system().verified() >= 2; }));
  EXPECT_EQ(paper_.position(kAccount, kMnq), 0);
}

TEST_F(EveryRule, cooldown_after_loss) {
  guard("cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}]}");
  hold("MNQ", 5);
  paper_.price("MNQ", "29490.5");
  hold("MNQ", -5);  // 97.50 lost
  expect_nothing_was_done();
  hold("MES", 1);
  hold("MNQ", 5);
  paper_.price("MNQ", "29480.75");
  hold("MNQ", -5);  // 100.00 lost
  expect_enforced("cooldown_after_loss");
  EXPECT_TRUE(paper_.flat(kAccount));
  expect_lock("cooldown_after_loss", "account", "hard");
  EXPECT_GT(lock_rows().at(0).at("remaining_s"), 200);
  EXPECT_LE(lock_rows().at(0).at("remaining_s"), 300);
}

TEST_F(EveryRule, no_stop_loss_grace) {
  guard("no_stop_loss_grace: {grace: 1s}");
  const auto protect = [&](int lots, std::string_view price) {
    (void)paper_.place(kAccount, "MNQ", "sell", lots, "stop", price);
    return system().until([&] { return system().book().orders().any(); });
  };
  hold("MNQ", 2);
  ASSERT_TRUE(protect(2, "29400"));
  const auto deadline_passed = system().now() + std::chrono::milliseconds{1300};
  ASSERT_TRUE(system().until([&] { return system().now() > deadline_passed; }));
  expect_nothing_was_done();
  paper_.cancel_orders(kAccount, kMnq);
  expect_enforced("no_stop_loss_grace");
  EXPECT_TRUE(paper_.flat(kAccount));
}

TEST_F(EveryRule, daily_realized_profit) {
  guard("daily_realized_profit: {target: 100, include_costs: false}");
  hold("MNQ", 2);
  hold("MES", 1);
  paper_.price("MNQ", "29550");
  ASSERT_TRUE(open_is(200'00));
  hold("MNQ", -1);  // 99.50: it sells at the bid
  expect_nothing_was_done();
  hold("MNQ", -1);
  expect_enforced("daily_realized_profit");
  EXPECT_TRUE(paper_.flat(kAccount));
  expect_lock("daily_realized_profit", "account", "hard");
}

TEST_F(EveryRule, session_block_outside) {
  // 14:30 UTC is 08:30 or 09:30 in Chicago.
  guard(
      "session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri, sat, sun], start: \"07:00\", end: "
      "\"11:00\"}]}");
  hold("MNQ", 1);
  hold("MES", -3);
  expect_nothing_was_done();
  paper_.advance(3 * 3600);
  paper_.control("hub/close", R"({"hub":"user"})");  // the reads of a reconnect bring the time
  expect_enforced("session_block_outside");
  EXPECT_TRUE(paper_.flat(kAccount));
  expect_lock("session_block_outside", "account", "hard");
}

TEST_F(EveryRule, auth_loss_guard) {
  guard("auth_loss_guard: {}");
  hold("MNQ", 1);
  expect_nothing_was_done();
  paper_.can_trade(kAccount, false);
  expect_enforced("auth_loss_guard");
  EXPECT_TRUE(paper_.flat(kAccount));
  expect_lock("auth_loss_guard", "account", "hard");
}

TEST_F(EveryRule, symbol_blocks) {
  guard("symbol_blocks: {symbols: [MES]}");
  hold("MNQ", 1);
  expect_nothing_was_done();
  paper_.buy(kAccount, "MES", 1);
  expect_enforced("symbol_blocks");
  EXPECT_EQ(paper_.position(kAccount, kMes), 0);
  EXPECT_EQ(paper_.position(kAccount, kMnq), 1);
  expect_lock("symbol_blocks", "MES", "hard");
}

TEST_F(EveryRule, trade_management) {
  guard("trade_management: {auto_breakeven: {trigger_ticks: 20, offset_ticks: 2}}");
  hold("MNQ", 2);
  const OrderId stop{paper_.place(kAccount, "MNQ", "sell", 2, "stop", "29490")};
  ASSERT_TRUE(system().until([&] { return system().book().orders().find(stop) != nullptr; }));
  paper_.price("MNQ", "29504.75");
  ASSERT_TRUE(open_is(19'00));
  expect_nothing_was_done();
  paper_.price("MNQ", "29505");
  EXPECT_TRUE(system().until([&] {
    const Order* order = system().book().orders().find(stop);
    return order != nullptr && order->stop_price == Price::parse("29500.5").value();
  }));
  const Json requests = paper_.mutating_requests();
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests.at(0).at("path"), "/api/Order/modify");
  EXPECT_THAT(lock_rows(), IsEmpty());
}

}  // namespace
}  // namespace rm::test
