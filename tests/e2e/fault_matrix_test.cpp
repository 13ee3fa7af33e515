// R25, R28, R40: every fault of the broker at every stage of an enforcement. Each cell is a paper gateway and a risk
// manager of its own; each ends flat and locked, with nothing closed twice and nothing turned round.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "e2e/losing_account.h"
#include "e2e/side_by_side.h"
#include "support/eventually.h"

namespace rm::test {
namespace {

using Clock = std::chrono::steady_clock;

enum class Stage { Before, Cancel, Close, Reads };

struct NamedStage {
  Stage stage;
  const char* name;
  std::vector<std::string> paths;  // the requests that it consists of
};

const std::vector<NamedStage>& stages() {
  static const std::vector<NamedStage> all{
      {Stage::Before, "before it", {"*"}},
      {Stage::Cancel, "the cancels", {"/api/Order/cancel"}},
      {Stage::Close, "the closes", {"/api/Position/closeContract"}},
      {Stage::Reads, "the reads that verify it", {"/api/Position/searchOpen", "/api/Order/v2/query"}}};
  return all;
}

// Either a fault of requests, put on those of the stage before it begins (before the enforcement: on all requests,
// for a second), or something that strikes while the first request of the stage is held.
struct Fault {
  const char* name;
  const char* sentence;
  Json of_requests;
  std::function<void(LosingAccount&, Stage)> strike;
  int times = 2;               // how many requests of the stage a fault of requests meets
  bool executed_late = false;  // after the sender gave them up: it is waited for them
};

Fault of_requests(const char* name, const char* sentence, Json fault) {
  return {name, sentence, std::move(fault), {}};
}
Fault striking(const char* name, const char* sentence, std::function<void(LosingAccount&, Stage)> strike) {
  return {name, sentence, {}, std::move(strike)};
}

void orphan(LosingAccount& account, Stage stage) {
  const auto closed = [&] { return account.paper.position(kAccount, kMnq) == 0; };
  if (stage == Stage::Close) (void)eventually(closed, std::chrono::seconds{2});
  account.fill_the_stop();
}

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all{
      of_requests("AnswerLost", "answers are lost, the requests were executed", {{"action", "drop_response"}}),
      of_requests("RequestLost", "requests are lost", {{"action", "drop"}}),
      of_requests("BadGateway", "HTTP 502 with a page of HTML",
                  {{"action", "status"}, {"status", 502}, {"body", "<html>bad gateway</html>"}}),
      of_requests("ErrorAfterExecution", "HTTP 502 although it was executed",
                  {{"action", "status_after"}, {"status", 502}, {"body", "<html>bad gateway</html>"}}),
      of_requests("TooManyRequests", "HTTP 429", {{"action", "status"}, {"status", 429}}),
      of_requests("TooManyRequestsRetryAfter", "HTTP 429 with Retry-After: 2",
                  {{"action", "status"}, {"status", 429}, {"retry_after", 2}}),
      of_requests("UnknownErrorCode", "refused with an error code that no list has",
                  {{"action", "refusal"}, {"code", 99}}),
      of_requests("SlowAnswer", "answers 1.5 s late", {{"action", "delay_response"}, {"ms", 1500}}),
      [] {
        auto late = of_requests("ExecutedAfterTimeout", "executed 6 s late, when the answer is not awaited any more",
                                {{"action", "delay"}, {"ms", 6000}});
        late.executed_late = true;
        late.times = 1;
        return late;
      }(),
      striking("TokenExpired", "the token has expired: HTTP 401",
               [](LosingAccount& a, Stage) { a.paper.expire_tokens(); }),
      striking("EveryConnectionReset", "for 1 s every connection is cut, hubs too",
               [](LosingAccount& a, Stage) {
                 a.paper.fault(R"({"path":"/*","action":"drop","seconds":1})");
                 a.paper.close_hub("user");
                 a.paper.close_hub("market");
               }),
      striking("ReadsLag", "reads show what was so 2 s ago", [](LosingAccount& a, Stage) { a.paper.read_lag(2000); }),
      striking("UserHubDropped", "the user hub is closed",
               [](LosingAccount& a, Stage) { a.paper.close_hub("user"); }),
      striking("UserHubRefused", "the user hub is closed and refused for 3 s",
               [](LosingAccount& a, Stage) {
                 a.paper.refuse_hub("user", 3);
                 a.paper.close_hub("user");
               }),
      striking("UserHubFrozen", "the user hub writes nothing any more, not even pings",
               [](LosingAccount& a, Stage) { a.paper.freeze_hub("user", 3600, true); }),
      striking("SilentUserFeed", "the user hub sends pings, but no event",
               [](LosingAccount& a, Stage) { a.paper.drop_events("hub:user"); }),
      striking("EventsDuplicated", "every event comes four times",
               [](LosingAccount& a, Stage) { a.paper.duplicate_events("hub:user", 4); }),
      striking("EventsReordered", "events come in another order",
               [](LosingAccount& a, Stage) { a.paper.reorder_events("hub:user"); }),
      striking("EventsLate", "events come 2 s after REST shows what they tell",
               [](LosingAccount& a, Stage) { a.paper.user_events_after_rest(2000); }),
      striking("GatewayLogout", "another login ends the user hub",
               [](LosingAccount& a, Stage) { a.paper.log_out("user"); }),
      striking("MarketHalt", "exits are refused for 2 s: trading is halted",
               [](LosingAccount& a, Stage) { a.paper.halt(2); }),
      striking("OrphanLeg", "the stop fills although its position is being closed", orphan),
      striking("SlowFills", "orders take 1 s to fill, cancels are too late for them",
               [](LosingAccount& a, Stage) {
                 a.paper.settings(R"({"latencyMs":1000})");
                 a.paper.fault(R"({"path":"/api/Order/cancel","action":"delay","ms":300,"count":0})");
               }),
      striking("PartialFills", "fills of one contract",
               [](LosingAccount& a, Stage) { a.paper.settings(R"({"maxFillSize":1,"latencyMs":20})"); })};
  return all;
}

struct Cell {
  std::string wrong;  // empty: it ended flat and locked, and nothing was closed twice
  std::string at_the_broker;
  std::chrono::milliseconds to_flat{};
  std::size_t requests = 0;
};

void put_on(LosingAccount& account, const Fault& fault, const NamedStage& stage) {
  for (const std::string& path : stage.paths) {
    Json body = fault.of_requests;
    body["path"] = path;
    if (stage.stage == Stage::Before) {
      body["seconds"] = 1;
    } else {
      body["count"] = fault.times;
    }
    account.paper.fault(body.dump());
  }
}

// Holds the first request of the stage for a moment, which is long enough to strike in it.
void hold(LosingAccount& account, const Fault& fault, const NamedStage& stage) {
  account.paper.fault(Json{{"path", stage.paths.front()}, {"action", "delay"}, {"ms", 400}}.dump());
  if (std::string_view{fault.name} != "OrphanLeg") return;
  // The stop has to be alive when it is its turn.
  if (stage.stage == Stage::Close)
    account.paper.fault(R"({"path":"/api/Order/cancel","action":"delay","ms":1500,"count":2})");
  if (stage.stage == Stage::Reads)
    account.paper.fault(R"({"path":"/api/Order/cancel","action":"refusal","code":99,"count":3})");
}

enum class Fills { Whole, InPieces };  // of the exits: at once, or a contract every 20 ms

Cell cell(const Fault& fault, const NamedStage& stage, Fills fills = Fills::Whole) {
  LosingAccount account;
  if (fills == Fills::InPieces) account.paper.settings(R"({"maxFillSize":1,"latencyMs":20})");
  Cell result;
  const bool strikes = static_cast<bool>(fault.strike);
  account.paper.forget_requests();  // what strikes before the breach may be one itself
  if (!strikes) put_on(account, fault, stage);
  if (strikes && stage.stage == Stage::Before) fault.strike(account, stage.stage);
  if (strikes && stage.stage != Stage::Before) hold(account, fault, stage);
  const auto begin = Clock::now();
  account.fall();
  if (strikes && stage.stage != Stage::Before) {
    const auto came = [&] { return !account.paper.requests(stage.paths.front()).empty(); };
    if (!eventually(came)) result.wrong = "the stage never came";
    fault.strike(account, stage.stage);
  }
  bool flat = false;
  const auto ended = [&] {
    const bool verified = account.daemon.verified(kAccount, "daily_loss");
    const bool now_flat = account.paper.flat(kAccount);
    if (verified && !now_flat) result.wrong = "called verified, and not flat: ";
    if (now_flat && !flat)
      result.to_flat = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
    flat = now_flat;
    return flat && (!fault.executed_late || account.answered() == account.asked()) && account.over();
  };
  if (!eventually(ended)) {
    result.wrong += account.unfinished() + "\n" + account.daemon.status().dump();
    return result;
  }
  result.wrong += account.wrongly_closed();
  if (account.reads_that_showed_it() < 2) result.wrong += "called verified without two reads that show it";
  result.at_the_broker = "flat, locked";
  result.requests = account.asked();
  return result;
}

// ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────
constexpr std::string_view kBegin = "<!-- matrix: begin -->\n", kEnd = "<!-- matrix: end -->";
const std::string kPage = std::string{RM_SOURCE_DIR} + "/docs/fault-matrix.md";

std::vector<std::string> keys() {
  std::vector<std::string> all;
  for (const Fault& fault : faults()) {
    for (const NamedStage& stage : stages()) all.push_back(fmt::format("| {} | {} |", fault.sentence, stage.name));
  }
  return all;
}

// The rows of this run, in the order of keys().
std::vector<std::string>& rows() {
  static std::vector<std::string> all(keys().size());
  return all;
}

std::string page() {
  std::ostringstream text;
  text << std::ifstream{kPage}.rdbuf();
  return text.str();
}

class FaultMatrix : public testing::TestWithParam<std::size_t> {
 protected:
  // RM_WRITE_FAULT_MATRIX=1 and all of them in one run: the page is written anew.
  static void TearDownTestSuite() {
    const bool complete = std::ranges::none_of(rows(), &std::string::empty);
    if (std::getenv("RM_WRITE_FAULT_MATRIX") == nullptr || !complete) return;
    std::string text = page(), table;
    for (const std::string& row : rows()) table += row + "\n";
    const auto from = text.find(kBegin) + kBegin.size();
    const auto rows_from = text.find("|\n", text.find("|---", from)) + 2;
    std::ofstream{kPage} << text.replace(rows_from, text.find(kEnd) - rows_from, table);
  }
};

TEST_P(FaultMatrix, R25_AtEveryStageItEndsFlatAndLockedAndNothingIsClosedTwice) {
  const Fault& fault = faults()[GetParam()];
  const auto cells = side_by_side(stages(), stages().size(), [&](const NamedStage& s) { return cell(fault, s); });
  for (std::size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(cells[i].wrong, "") << fault.sentence << ", " << stages()[i].name;
    if (!cells[i].wrong.empty()) continue;
    const std::size_t row = GetParam() * stages().size() + i;
    rows()[row] = fmt::format("{} {} | {} ms | {} |", keys()[row], cells[i].at_the_broker, cells[i].to_flat.count(),
                              cells[i].requests);
  }
}

TEST_P(FaultMatrix, R25_WithExitsThatFillInPiecesItEndsNoDifferently) {
  const Fault& fault = faults()[GetParam()];
  const auto cells =
      side_by_side(stages(), stages().size(), [&](const NamedStage& s) { return cell(fault, s, Fills::InPieces); });
  for (std::size_t i = 0; i < cells.size(); ++i)
    EXPECT_EQ(cells[i].wrong, "") << fault.sentence << ", " << stages()[i].name;
}

std::vector<std::size_t> every_fault() {
  std::vector<std::size_t> all(faults().size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

INSTANTIATE_TEST_SUITE_P(Of, FaultMatrix, testing::ValuesIn(every_fault()),
                         [](const auto& index) { return std::string{faults()[index.param].name}; });

TEST(FaultMatrixPage, HasARowForEveryFaultAndStageThatIsTested) {
  if (std::getenv("RM_WRITE_FAULT_MATRIX") != nullptr) GTEST_SKIP() << "it is being written";
  const std::string text = page();
  const auto from = text.find(kBegin);
  ASSERT_NE(from, std::string::npos);
  std::istringstream lines{text.substr(from, text.find(kEnd) - from)};
  std::vector<std::string> found;
  int cell_bars = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ") || line.starts_with("| fault |")) continue;
    // fault and stage: up to the third bar
    const auto third = line.find('|', line.find('|', 1) + 1);
    found.push_back(line.substr(0, third + 1));
    cell_bars += static_cast<int>(std::ranges::count(line, '|'));
  }
  EXPECT_EQ(found, keys()) << "write it anew: RM_WRITE_FAULT_MATRIX=1 e2e_tests --gtest_filter='*FaultMatrix.*'";
  EXPECT_EQ(cell_bars, 6 * static_cast<int>(found.size()));
}

}  // namespace
}  // namespace rm::test
