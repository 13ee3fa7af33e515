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

// The requests of an enforcement that nobody disturbs.
std::size_t count_requests() {
  LosingAccount account;
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
std::string killed_at(std::size_t n, Standing standing) {
  LosingAccount account;
  hold_at(account, n, standing);
  account.breach();
  const auto reached = [&] {
    return (standing == Standing::Answered ? account.answered() : account.asked()) >= n || account.over();
  };
  if (!eventually(reached)) return "the step never came";
  account.daemon.kill_hard();
  account.paper.clear_faults();
  account.daemon.start_again();
  const auto ended = [&] {
    return (standing != Standing::NotExecuted || account.answered() == account.asked()) && account.over();
  };
  if (!eventually(ended)) return account.unfinished() + "\n" + account.daemon.status().dump();
  if (std::string wrong = account.wrongly_closed(); !wrong.empty()) return wrong;
  const auto receipts = account.daemon.rows("SELECT id, state, receipt IS NOT NULL FROM enforcements ORDER BY id");
  if (receipts != std::vector<Json>{Json::array({1, "verified", 1})}) return "receipts: " + Json(receipts).dump();
  const auto locks = account.daemon.rows("SELECT count(*) FROM locks WHERE ended_at_ns IS NULL");
  return locks == std::vector<Json>{Json::array({1})} ? "" : "locks: " + Json(locks).dump();
}

class KilledAtEveryStep : public testing::TestWithParam<Standing> {};

TEST_P(KilledAtEveryStep, R21_TheNextStartFinishesItOnceFlatAndLocked) {
  const std::size_t count = count_requests();
  ASSERT_GE(count, 8U) << "two cancels, two closes, twice two reads";
  std::vector<std::size_t> steps(count);
  std::iota(steps.begin(), steps.end(), 1U);
  const auto wrongs = side_by_side(steps, kSideBySide, [](std::size_t n) { return killed_at(n, GetParam()); });
  for (std::size_t i = 0; i < wrongs.size(); ++i)
    EXPECT_EQ(wrongs[i], "") << fmt::format("request {} of {}", i + 1, count);
}

INSTANTIATE_TEST_SUITE_P(Request, KilledAtEveryStep,
                         testing::Values(Standing::NotExecuted, Standing::NotAnswered, Standing::Answered),
                         [](const auto& standing) { return std::string{name_of(standing.param)}; });

}  // namespace
}  // namespace rm::test
