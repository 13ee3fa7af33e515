// R21, R26: the risk manager is killed at every persisted step of an enforcement, one run for each. Steps are counted
// at the gateway in a run that nobody disturbs: each request is one when it is sent and one when it is answered.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "e2e/losing_account.h"
#include "e2e/side_by_side.h"
#include "support/eventually.h"

namespace rm::test {
namespace {

constexpr std::size_t kSideBySide = 4;

// Where the n-th request stands when the process is killed.
enum class Standing {
  NotExecuted,  // it is at the broker, which executes it when its sender is dead
  NotAnswered,  // executed
  Answered      // and the next one never arrives
};

struct Kill {
  Standing standing;
  int fill_ms;  // from the acceptance of a close to its fill: 700 is longer than it takes to start again
};

const char* name_of(Standing standing) {
  switch (standing) {
    case Standing::NotExecuted:
      return "ArrivedButNotExecuted";
    case Standing::NotAnswered:
      return "ExecutedButNotAnswered";
    case Standing::Answered:
      return "Answered";
  }
  return "";
}

void slow_fills(LosingAccount& account, const Kill& kill) {
  account.paper.settings(Json{{"latencyMs", kill.fill_ms}}.dump());
}

std::string name_of(const Kill& kill) {
  return fmt::format("{}{}", name_of(kill.standing), kill.fill_ms > 0 ? "FillsAreSlow" : "");
}
void PrintTo(const Kill& kill, std::ostream* out) {
  *out << name_of(kill);
}

// The requests of an enforcement that nobody disturbs.
std::size_t count_requests(const Kill& kill) {
  LosingAccount account;
  slow_fills(account, kill);
  account.breach();
  EXPECT_TRUE(eventually([&] { return account.over(); })) << account.unfinished();
  return account.asked();
}

void hold_at(LosingAccount& account, std::size_t n, Standing standing) {
  const std::size_t passing = standing == Standing::Answered ? n : n - 1;
  if (passing > 0)
    account.paper.fault(Json{{"path", "*"}, {"action", "delay"}, {"ms", 0}, {"count", passing}}.dump());
  Json held{{"path", "*"}, {"count", 0}};
  switch (standing) {
    case Standing::NotExecuted:
      held.update({{"action", "delay"}, {"ms", 1200}});
      break;
    case Standing::NotAnswered:
      held.update({{"action", "delay_response"}, {"ms", 60000}});
      break;
    case Standing::Answered:
      held.update({{"action", "drop"}});
      break;
  }
  account.paper.fault(held.dump());
}

// What is wrong after the process was killed at that step and started again; empty: nothing.
std::string killed_at(std::size_t n, const Kill& kill) {
  const Standing standing = kill.standing;
  LosingAccount account;
  slow_fills(account, kill);
  hold_at(account, n, standing);
  account.breach();
  const auto reached = [&] {
    return (standing == Standing::Answered ? account.answered() : account.asked()) >= n || account.over();
  };
  if (!eventually(reached)) return "the step never came";
  account.daemon.kill_hard();
  account.paper.clear_faults();
  account.daemon.start_again();
  // The dead process' requests are carried out as well, and find nothing to do.
  const auto carried_out = [&] { return standing != Standing::NotExecuted || account.answered() == account.asked(); };
  const auto ended = [&] { return carried_out() && account.flat_and_locked(); };
  if (!eventually(ended)) return account.unfinished() + "\n" + account.daemon.status().dump();
  if (std::string wrong = account.wrongly_closed(); !wrong.empty()) return wrong;
  const auto rows = [&](const char* sql) { return Json(account.daemon.rows(sql)).dump(); };
  const auto receipts = [&] { return rows("SELECT id, state, receipt IS NOT NULL FROM enforcements ORDER BY id"); };
  if (!eventually([&] { return receipts() == R"([[1,"verified",1]])"; })) return "receipts: " + receipts();
  if (!account.flat_and_locked()) return account.unfinished();
  const std::string locks = rows("SELECT count(*) FROM locks WHERE ended_at_ns IS NULL");
  return locks == "[[1]]" ? "" : "locks: " + locks;
}

class KilledAtEveryStep : public testing::TestWithParam<Kill> {};

TEST_P(KilledAtEveryStep, R21_TheNextStartFinishesItOnceFlatAndLocked) {
  const std::size_t count = count_requests(GetParam());
  ASSERT_GE(count, 8U) << "two cancels, two closes, twice two reads";
  std::vector<std::size_t> steps(count);
  std::iota(steps.begin(), steps.end(), 1U);
  const auto wrongs = side_by_side(steps, kSideBySide, [](std::size_t n) { return killed_at(n, GetParam()); });
  for (std::size_t i = 0; i < wrongs.size(); ++i)
    EXPECT_EQ(wrongs[i], "") << fmt::format("request {} of {}", i + 1, count);
}

// The instant between the journal and a request: the decision is written, and before the n-th request that acts can
// leave, the process dies.
class KilledBeforeARequest : public testing::TestWithParam<int> {};

TEST_P(KilledBeforeARequest, R21_WhatWasDecidedIsDoneByTheNextStart) {
  LosingAccount account{GetParam()};
  account.breach();
  ASSERT_TRUE(eventually([&] { return !account.daemon.running(); })) << "it never came to that request";
  (void)account.daemon.wait_end();
  EXPECT_EQ(account.paper.mutating_requests().size(), static_cast<std::size_t>(GetParam() - 1));
  const std::string died_at = account.paper.time();
  account.paper.advance(60);
  account.daemon.die_before_request(0);
  account.daemon.start_again();
  ASSERT_TRUE(eventually([&] { return account.over(); })) << account.unfinished();
  EXPECT_EQ(account.wrongly_closed(), "");
  const auto row = [&] {
    const auto rows = account.daemon.rows(
        "SELECT id, state, receipt IS NOT NULL, datetime(decided_at_ns / 1000000000, 'unixepoch') FROM enforcements");
    return rows.size() == 1U ? rows[0] : Json(rows);
  };
  const auto verified_once = [&] { return row().dump().starts_with(R"([1,"verified",1,")"); };
  ASSERT_TRUE(eventually(verified_once)) << row();
  std::string decided_at = row().at(3).get<std::string>();
  decided_at[10] = 'T';
  EXPECT_LE(decided_at, died_at) << "it was decided before the death and not again";
}

// Two cancels and two closes.
INSTANTIATE_TEST_SUITE_P(TheNth, KilledBeforeARequest, testing::Values(1, 2, 3, 4));

INSTANTIATE_TEST_SUITE_P(Request, KilledAtEveryStep,
                         testing::Values(Kill{Standing::NotExecuted, 0}, Kill{Standing::NotAnswered, 0},
                                         Kill{Standing::Answered, 0}, Kill{Standing::NotAnswered, 700},
                                         Kill{Standing::Answered, 700}),
                         [](const auto& kill) { return name_of(kill.param); });

}  // namespace
}  // namespace rm::test
