// R27, R41: every kind of lock, over every way to get rid of it: a restart, a kill, the computer's clock, the
// configuration. It ends at its own end alone.
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kReset = "2026-09-01T22:00:00Z";  // 17:00 in Chicago

// How many contracts of each the account is left with when one of each is bought while the lock holds.
struct Left {
  int mnq, mes;
};
constexpr Left kNothing{0, 0}, kWhatWasOpen{1, 0}, kTheOtherSymbol{0, 1};

struct Kind {
  const char* name;
  const char* start;  // paper time, of a Tuesday
  const char* rules;
  const char *rule, *scope, *kind;
  const char* until;  // empty: counted from the fill
  void (*breach)(PaperGatewayProcess& paper);
  Left left;
};

void lose_sixty_dollars(PaperGatewayProcess& paper) {
  paper.buy(kAccount, "MNQ", 2);
  paper.price("MNQ", "29485");
  paper.sell(kAccount, "MNQ", 2);
}
void buy_one(PaperGatewayProcess& paper) {
  paper.buy(kAccount, "MNQ", 1);
}
void be_refused(PaperGatewayProcess& paper) {
  paper.buy(kAccount, "MNQ", 1);
  paper.can_trade(kAccount, false);
}
void hold_over_the_end_of_the_session(PaperGatewayProcess& paper) {
  paper.buy(kAccount, "MNQ", 1);
  paper.advance(15 * 60);
  paper.control("hub/close", R"({"hub":"user"})");
}

constexpr const char* kMorning = "2026-09-01T14:30:00Z";
constexpr const char* kBeforeTheEnd = "2026-09-01T19:50:00Z";  // 14:50 in Chicago
constexpr const char* kNextSession = "2026-09-02T13:30:00Z";
constexpr const char* kSessions =
    R"(session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri], start: "08:30", end: "15:00"}]})";
constexpr const char* kSessionsOfMnq =
    R"(session_block_outside: {per_symbol: {MNQ: [{days: [mon, tue, wed, thu, fri], start: "08:30", end: "15:00"}]}})";

const Kind kKinds[] = {
    {"AccountUntilReset", kMorning, "daily_loss: {max_loss: -50, basis: realized}", "daily_loss", "account", "hard",
     kReset, lose_sixty_dollars, kNothing},
    {"EntriesUntilReset", kMorning, "trade_frequency_limit: {per_session: 1}", "trade_frequency_limit", "account",
     "entry", kReset, buy_one, kWhatWasOpen},
    {"EntriesForAWhile", kMorning, "trade_frequency_limit: {per_hour: 1, cooldown: {per_hour: 2h}}",
     "trade_frequency_limit", "account", "entry", "", buy_one, kWhatWasOpen},
    {"AccountForAWhile", kMorning, "cooldown_after_loss: {tiers: [{loss: -50, cooldown: 2h}]}", "cooldown_after_loss",
     "account", "hard", "", lose_sixty_dollars, kNothing},
    {"SymbolUntilReset", kMorning, "symbol_blocks: {symbols: [MNQ]}", "symbol_blocks", "MNQ", "hard", kReset, buy_one,
     kTheOtherSymbol},
    {"AccountUntilSession", kBeforeTheEnd, kSessions, "session_block_outside", "account", "hard", kNextSession,
     hold_over_the_end_of_the_session, kNothing},
    {"SymbolUntilSession", kBeforeTheEnd, kSessionsOfMnq, "session_block_outside", "MNQ", "hard", kNextSession,
     hold_over_the_end_of_the_session, kTheOtherSymbol},
    {"AccountUntilTheBrokerAllows", kMorning, "auth_loss_guard: {}", "auth_loss_guard", "account", "hard",
     "the broker allows trading again", be_refused, kNothing},
};

constexpr const char* kAnotherRule = "max_contracts: {max_contracts: 100}";

std::string yaml(const std::string& rules) {
  return "accounts: [{id: 26001234}]\nrules: {" + rules + "}\n";
}

class LockOf : public EndToEnd {
 protected:
  void be_locked(const Kind& kind) {
    kind_ = &kind;
    start_paper({"--start-time", kind.start});
    ASSERT_NO_FATAL_FAILURE(guard(yaml(kind.rules)));
    kind.breach(paper());
    ASSERT_TRUE(eventually([&] { return lock().is_object() && daemon().settled(kAccount); }));
    lock_ = lock();
    EXPECT_EQ(lock_.at("rule"), kind.rule);
    EXPECT_EQ(lock_.at("scope"), kind.scope);
    EXPECT_EQ(lock_.at("kind"), kind.kind);
    if (*kind.until != '\0') {
      EXPECT_EQ(lock_.at("until"), kind.until);
    }
    ASSERT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == kind.left.mnq; }));
  }
  // The one lock of the account, but for its countdown; null: there is none, or more than one.
  [[nodiscard]] Json lock() {
    const Json row = daemon().account(kAccount);
    if (!row.is_object() || row.at("locks").size() != 1U) return {};
    Json one = row.at("locks").front();
    one.erase("remaining_s");
    return one;
  }
  [[nodiscard]] int remaining() { return daemon().account(kAccount).at("locks").at(0).at("remaining_s").get<int>(); }
  void start_again() {
    daemon().start_again();
    ASSERT_TRUE(daemon().wait_protecting()) << daemon().standard_error();
  }

  [[nodiscard]] bool by_the_broker() const { return std::string_view{kind_->rule} == "auth_loss_guard"; }
  void buy_one_of_each() {
    paper().buy(kAccount, "MNQ", 1);
    paper().buy(kAccount, "MES", 1);
    ++bought_;
  }
  // The broker, which refuses what it does not allow, allows it for that long.
  void buy_one_of_each_while_nobody_looks() {
    if (by_the_broker()) paper().can_trade(kAccount, true);
    buy_one_of_each();
    if (by_the_broker()) paper().can_trade(kAccount, false);
  }
  void expect_undone() {
    EXPECT_TRUE(eventually([&] {
      return paper().position(kAccount, kMnq) == kind_->left.mnq && held(kMnq) == kind_->left.mnq &&
             held(kMes) == bought_ * kind_->left.mes && daemon().settled(kAccount);
    }));
    EXPECT_EQ(paper().position(kAccount, kMes), bought_ * kind_->left.mes);
    EXPECT_EQ(lock(), lock_);
  }
  void expect_that_it_holds() {
    EXPECT_EQ(lock(), lock_);
    ASSERT_NO_FATAL_FAILURE(expect_undone());
    if (by_the_broker()) return;  // nothing can be opened
    const int before = daemon().strikes(kAccount);
    buy_one_of_each();
    EXPECT_TRUE(eventually([&] { return daemon().strikes(kAccount) > before; }));
    expect_undone();
  }
  [[nodiscard]] int held(std::string_view contract) {
    const Json row = daemon().account(kAccount);
    for (const Json& position : row.at("positions")) {
      if (position.at("contract") == contract) return position.at("size").get<int>();
    }
    return 0;
  }
  void expect_that_it_is_over() {
    EXPECT_TRUE(eventually([&] { return daemon().account(kAccount).at("locks").empty(); }));
    ASSERT_TRUE(eventually([&] { return daemon().logged("lock_ended", kind_->rule).size() == 1U; }));
    EXPECT_TRUE(eventually([&] { return daemon().rows("SELECT id FROM locks WHERE ended_at_ns IS NULL").empty(); }));
  }
  void expect_that_it_may_be_traded() {
    const int before = paper().position(kAccount, kMnq);
    paper().buy(kAccount, "MNQ", 1);
    EXPECT_TRUE(eventually([&] { return held(kMnq) == before + 1 && daemon().settled(kAccount); }));
    EXPECT_EQ(paper().position(kAccount, kMnq), before + 1);
  }

  const Kind* kind_ = nullptr;
  Json lock_;
  int bought_ = 0;
};

struct Way {
  const char* name;
  void (*end)(DaemonProcess& daemon);
};
const Way kWays[] = {
    {"Sigterm", [](DaemonProcess& daemon) { EXPECT_EQ(daemon.terminate().exit_code, 0); }},
    {"Kill", [](DaemonProcess& daemon) { daemon.kill_hard(); }},
    {"TheClockADayForward",
     [](DaemonProcess& daemon) {
       daemon.kill_hard();
       daemon.move_clock(+1);
     }},
    {"TheClockADayBack",
     [](DaemonProcess& daemon) {
       daemon.kill_hard();
       daemon.move_clock(-1);
     }},
    {"ADeletedFile",
     [](DaemonProcess& daemon) {
       daemon.delete_config_file();
       daemon.kill_hard();
     }},
    {"ARemovedRule",
     [](DaemonProcess& daemon) {
       daemon.kill_hard();
       daemon.set_config(yaml(kAnotherRule));
     }},
};

class EveryLock : public LockOf, public testing::WithParamInterface<std::tuple<Kind, Way>> {};

TEST_P(EveryLock, R27_R41_IsStillThereAndHolds) {
  const auto& [kind, way] = GetParam();
  ASSERT_NO_FATAL_FAILURE(be_locked(kind));
  way.end(daemon());
  buy_one_of_each_while_nobody_looks();
  ASSERT_NO_FATAL_FAILURE(start_again());
  expect_that_it_holds();
  EXPECT_THAT(daemon().logged("lock_ended"), IsEmpty());
  const auto day = [](const Json& line) { return line.at("time").get<std::string>().substr(0, 10); };
  const auto lines = daemon().log();
  if (std::string_view{way.name}.starts_with("TheClock")) {
    EXPECT_NE(day(lines.front()), day(lines.back())) << "the clock was not moved";
  }
}

INSTANTIATE_TEST_SUITE_P(Over, EveryLock, testing::Combine(testing::ValuesIn(kKinds), testing::ValuesIn(kWays)),
                         [](const auto& test) {
                           return std::string{std::get<0>(test.param).name} + "_" + std::get<1>(test.param).name;
                         });

class LockWithATime : public LockOf, public testing::WithParamInterface<Kind> {};

TEST_P(LockWithATime, R41_EndsAtItsOwnEndAndNotSooner) {
  ASSERT_NO_FATAL_FAILURE(be_locked(GetParam()));
  daemon().kill_hard();
  ASSERT_NO_FATAL_FAILURE(start_again());
  ASSERT_NO_FATAL_FAILURE(pass(remaining() - 120));
  EXPECT_EQ(lock(), lock_);
  ASSERT_NO_FATAL_FAILURE(pass(180));
  ASSERT_NO_FATAL_FAILURE(expect_that_it_is_over());
  if (std::string_view{GetParam().rule} != "symbol_blocks") return expect_that_it_may_be_traded();
  buy_one(paper());  // blocked for as long as it is configured: each day has its own lock
  EXPECT_TRUE(eventually([&] { return lock().is_object() && lock().at("until") == "2026-09-02T22:00:00Z"; }));
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount); }));
}

TEST_P(LockWithATime, R41_IsOverWhenItEndedWhileNobodyLooked) {
  ASSERT_NO_FATAL_FAILURE(be_locked(GetParam()));
  const int left = remaining();
  daemon().kill_hard();
  paper().advance(left + 60);
  ASSERT_NO_FATAL_FAILURE(start_again());
  expect_that_it_is_over();
}

INSTANTIATE_TEST_SUITE_P(Each, LockWithATime, testing::ValuesIn(std::begin(kKinds), std::end(kKinds) - 1),
                         [](const auto& test) { return test.param.name; });

// On its own trading day a removed rule stays in force anyhow; behind the reset only the lock is left of it.
class LockOverTheReset : public LockOf, public testing::WithParamInterface<Kind> {
 protected:
  void remove_the_rule_and_go_over_the_reset() {
    daemon().kill_hard();
    daemon().set_config(yaml(kAnotherRule));
    paper().advance(8 * 3600);
    buy_one_of_each_while_nobody_looks();
    ASSERT_NO_FATAL_FAILURE(start_again());
    const Json rules = daemon().account(kAccount).at("rules");
    ASSERT_THAT(rules, SizeIs(1));
    ASSERT_EQ(rules.at(0).at("name"), "max_contracts");
  }
};

TEST_P(LockOverTheReset, R41_IsNotEndedByTakingItsRuleOut) {
  ASSERT_NO_FATAL_FAILURE(be_locked(GetParam()));
  ASSERT_NO_FATAL_FAILURE(remove_the_rule_and_go_over_the_reset());
  expect_that_it_holds();
  if (by_the_broker()) {
    paper().can_trade(kAccount, true);
  } else {
    ASSERT_NO_FATAL_FAILURE(pass(remaining() - 120));
    EXPECT_EQ(lock(), lock_);
    ASSERT_NO_FATAL_FAILURE(pass(180));
  }
  ASSERT_NO_FATAL_FAILURE(expect_that_it_is_over());
  expect_that_it_may_be_traded();
}

INSTANTIATE_TEST_SUITE_P(Each, LockOverTheReset, testing::ValuesIn(std::end(kKinds) - 3, std::end(kKinds)),
                         [](const auto& test) { return test.param.name; });

// ── until the reset, on a day of a clock change ──

struct ChangeDay {
  const char* name;
  const char* evening;  // before the change
  const char* reset;    // 17:00 in Chicago behind it
  const char* next;
};
class LockOnAChangeDay : public EndToEnd, public testing::WithParamInterface<ChangeDay> {
 protected:
  [[nodiscard]] std::string next_reset() {
    return daemon().account(kAccount).at("pnl").at("next_reset").get<std::string>();
  }
};

TEST_P(LockOnAChangeDay, R41_EndsOnceAtFiveLocalTime) {
  start_paper({"--start-time", GetParam().evening});
  guard();
  lose_the_day_and_be_locked();
  ASSERT_EQ(daemon().account(kAccount).at("locks").at(0).at("until"), GetParam().reset);
  daemon().kill_hard();
  paper().advance(8 * 3600);  // over the change
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  const Json lock = daemon().account(kAccount).at("locks").at(0);
  EXPECT_EQ(lock.at("until"), GetParam().reset);
  ASSERT_NO_FATAL_FAILURE(pass(lock.at("remaining_s").get<int>() - 120));
  EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));
  EXPECT_EQ(next_reset(), GetParam().reset);
  EXPECT_THAT(daemon().logged("lock_ended"), IsEmpty());
  ASSERT_NO_FATAL_FAILURE(pass(180));
  EXPECT_TRUE(eventually([&] { return !daemon().locked(kAccount, "daily_loss"); }));
  EXPECT_EQ(daemon().net_cents(kAccount), 0) << "a new day begins at nothing";
  EXPECT_EQ(next_reset(), GetParam().next);

  paper().price("MNQ", "29500");
  ASSERT_NO_FATAL_FAILURE(lose_the_day_and_be_locked());
  ASSERT_NO_FATAL_FAILURE(pass(3 * 3600));  // an hour later or sooner is no reset
  EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));
  EXPECT_EQ(next_reset(), GetParam().next);
  EXPECT_THAT(daemon().logged("lock_ended"), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(
    Of, LockOnAChangeDay,
    testing::Values(ChangeDay{"Spring2026", "2026-03-08T03:00:00Z", "2026-03-08T22:00:00Z", "2026-03-09T22:00:00Z"},
                    ChangeDay{"Autumn2026", "2026-11-01T03:00:00Z", "2026-11-01T23:00:00Z", "2026-11-02T23:00:00Z"},
                    ChangeDay{"Spring2027", "2027-03-14T03:00:00Z", "2027-03-14T22:00:00Z", "2027-03-15T22:00:00Z"},
                    ChangeDay{"Autumn2027", "2027-11-07T03:00:00Z", "2027-11-07T23:00:00Z", "2027-11-08T23:00:00Z"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace rm::test
