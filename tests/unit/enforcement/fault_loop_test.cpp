// Fail the n-th request in each way, for n = 1, 2, … until a run meets no fault. Whatever fails, the account always
// ends in its goal.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

struct Story {
  const char* name;
  const char* rules;
  void (*tell)(Desk&);
  bool (*goal)(const Desk&, FakeAccount&);
};

void bracketed_position(Desk& desk) {
  desk.fill(desk.mnq, 10, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 10, "20900");
  desk.order(desk.mnq, OrderType::Limit, Side::Sell, 10, "21100");
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  desk.pass(10s);
}

const Story kStories[] = {
    {"flatten", "daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}",
     [](Desk& desk) {
       bracketed_position(desk);
       desk.quote(desk.mnq, "20950");
     },
     [](const Desk&, FakeAccount& account) { return account.flat(); }},
    {"close one contract", "daily_unrealized_loss: {limit: -300.00}",
     [](Desk& desk) {
       bracketed_position(desk);
       desk.quote(desk.mnq, "20980");
     },
     [](const Desk& desk, FakeAccount& account) {
       return account.held(desk.mnq).is_zero() && account.working_orders().size() == 1;
     }},
    {"reduce", "max_contracts: {max_contracts: 5}",
     [](Desk& desk) {
       desk.fill(desk.mnq, 5, "21000");
       desk.pass(10s);
       desk.fill(desk.mnq, 3, "21000");
     },
     [](const Desk& desk, FakeAccount& account) { return account.held(desk.mnq) == Lots{5}; }},
};

// The number of the first request that acts, known from a run without a fault.
std::size_t first_request(const Story& story) {
  Desk desk{story.rules};
  story.tell(desk);
  for (std::size_t i = 0; i < desk.broker.sent.size(); ++i) {
    if (!is_read(desk.broker.sent[i].ask)) return i + 1;
  }
  ADD_FAILURE() << story.name << " does not breach";
  return 1;
}

struct Ended {
  std::string problem;       // empty: in its goal, and it stays there
  std::size_t requests = 0;  // from the breach on
};

// Runs a story with a fault at the n-th request after the breach (0: none).
Ended run(const Story& story, std::size_t n, Fault fault, Fault next = Fault::None) {
  const std::size_t first = first_request(story);
  Desk desk{story.rules};
  if (n > 0) desk.broker.faults[first + n - 1] = fault;
  if (n > 0 && next != Fault::None) desk.broker.faults[first + n] = next;
  story.tell(desk);
  if (!desk.settle(3min)) return {"never finished"};
  if (!story.goal(desk, desk.account())) return {"not in the goal state"};
  if (desk.receipts.empty()) return {"no receipt"};
  desk.pass(10s);
  if (!story.goal(desk, desk.account())) return {"not in the goal state for long"};
  return {"", desk.broker.sent.size() - first + 1};
}

class FaultLoop : public ::testing::TestWithParam<std::tuple<std::size_t, Fault>> {
 protected:
  const Story& story = kStories[std::get<0>(GetParam())];
  Fault fault = std::get<1>(GetParam());
};

TEST_P(FaultLoop, AlwaysEndsInItsGoal) {
  const auto [problem, requests] = run(story, 0, Fault::None);
  ASSERT_EQ(problem, "");
  for (std::size_t n = 1; n <= requests; ++n) {
    SCOPED_TRACE(std::string{story.name} + ": " + std::string{name_of(fault)} + " at request " + std::to_string(n));
    ASSERT_EQ(run(story, n, fault).problem, "");
  }
}

TEST_P(FaultLoop, TwoFaultsInARow) {
  for (const Fault next : kAllFaults) {
    SCOPED_TRACE(std::string{story.name} + ": " + std::string{name_of(fault)} + ", then " +
                 std::string{name_of(next)});
    ASSERT_EQ(run(story, 1, fault, next).problem, "");
  }
}

std::string case_name(const ::testing::TestParamInfo<FaultLoop::ParamType>& info) {
  constexpr const char* kNames[] = {"flatten", "close_one", "reduce"};
  return std::string{kNames[std::get<0>(info.param)]} + "_" + std::string{name_of(std::get<1>(info.param))};
}

INSTANTIATE_TEST_SUITE_P(Stories, FaultLoop,
                         ::testing::Combine(::testing::Values(0U, 1U, 2U), ::testing::ValuesIn(kAllFaults)),
                         case_name);

}  // namespace
}  // namespace rm::test
