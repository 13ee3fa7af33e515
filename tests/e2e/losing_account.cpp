#include "e2e/losing_account.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "domain/time.h"
#include "support/eventually.h"

namespace rm::test {
namespace {

constexpr const char* kRules =
    "accounts: [{id: 26001234}]\n"
    "rules: {daily_loss: {enabled: true, max_loss: -1000.0}}\n";
constexpr const char* kBreach = "29390";  // 5 MNQ lose 1100 $
constexpr int kHeldFor = 60;              // seconds: reads that lag show the positions, not what was before them
constexpr const char* kThroughTheStop = "29290";

int signed_size(const Json& trade) {
  return (trade.at("side") == 0 ? 1 : -1) * trade.at("size").get<int>();
}

constexpr Duration kOnItsWay = std::chrono::milliseconds{100};

BrokerTime time_of(const Json& trade) {
  return parse_timestamp(trade.at("creationTimestamp").get<std::string>()).value();
}

}  // namespace

LosingAccount::LosingAccount(int dies_before_request)
    : daemon{DaemonOptions{.config = kRules + paper.yaml("1h", "5s")}} {
  paper.ping_every_second();
  paper.price("MNQ", "29500");
  paper.price("MES", "7730");
  paper.read_lag(1);  // else the gateway forgets what was so, and reads could not lag from some moment on
  trade();
  paper.advance(kHeldFor);
  if (dies_before_request > 0) daemon.die_before_request(dies_before_request);
  daemon.start();
  if (!daemon.wait_protecting()) throw std::runtime_error("not guarded: " + daemon.standard_error());
  const auto known = [&] {
    const Json now = daemon.account(kAccount);
    return now.at("positions").size() == 2U && now.at("orders").size() == 2U &&
           std::ranges::all_of(now.at("positions"), [](const Json& row) { return row.at("confirmed") == true; });
  };
  if (!eventually(known)) throw std::runtime_error("not known: " + daemon.status().dump());
}

void LosingAccount::trade() {
  paper.buy(kAccount, "MNQ", kLong);
  paper.sell(kAccount, "MES", kShort);
  orders_of_the_trader_ = {paper.place(kAccount, "MNQ", "buy", 1, "limit", "29000"),
                           paper.place(kAccount, "MNQ", "sell", kLong, "stop", "29300")};
  const Json now = paper.state(kAccount);
  for (const Json& entry : now.at("trades")) orders_of_the_trader_.insert(entry.at("orderId").get<std::int64_t>());
}

void LosingAccount::breach() {
  paper.forget_requests();
  fall();
}

void LosingAccount::fall() {
  paper.price("MNQ", kBreach);
}

void LosingAccount::fill_the_stop() {
  paper.price("MNQ", kThroughTheStop);
}

bool LosingAccount::flat_and_locked() {
  return paper.flat(kAccount) && daemon.locked(kAccount, "daily_loss");
}

bool LosingAccount::over() {
  return unfinished().empty();
}

std::string LosingAccount::unfinished() {
  if (!paper.flat(kAccount)) return "not flat: " + paper.state(kAccount).dump();
  if (!daemon.locked(kAccount, "daily_loss")) return "not locked";
  if (!daemon.verified(kAccount, "daily_loss")) return "not verified";
  return daemon.settled(kAccount) ? "" : "an enforcement goes on";
}

std::size_t LosingAccount::asked() {
  return paper.requests().size();
}

std::size_t LosingAccount::answered() {
  const Json all = paper.requests();
  return static_cast<std::size_t>(
      std::ranges::count_if(all, [](const Json& request) { return !request.at("answeredNs").is_null(); }));
}

int LosingAccount::reads_that_showed_it() {
  const auto answers = [&](const char* path, const char* nothing) {
    const Json reads = paper.requests(path);
    return static_cast<int>(std::ranges::count_if(reads, [&](const Json& read) {
      return read.at("status") == 200 && read.at("response").get<std::string>().find(nothing) != std::string::npos;
    }));
  };
  return std::min(answers("/api/Position/searchOpen", R"("positions":[])"),
                  answers("/api/Order/v2/query", R"("orders":[])"));
}

// What the trader's own orders did while an order of ours was on its way to its first fill: it could not know of
// that.
int LosingAccount::under_way(const std::vector<Json>& trades, const Json& first_fill) const {
  int sum = 0;
  for (const Json& trade : trades) {
    const bool before = trade.at("id") < first_fill.at("id");
    const bool theirs = orders_of_the_trader_.contains(trade.at("orderId").get<std::int64_t>());
    const bool then = time_of(first_fill) - time_of(trade) < kOnItsWay;
    if (before && theirs && then && trade.at("contractId") == first_fill.at("contractId")) sum += signed_size(trade);
  }
  return sum;
}

std::string LosingAccount::wrongly_closed() {
  const Json now = paper.state(kAccount);
  std::vector<Json> trades(now.at("trades").begin(), now.at("trades").end());
  std::ranges::sort(trades, {}, [](const Json& trade) { return trade.at("id").get<std::int64_t>(); });
  std::map<std::string, int> held;
  std::map<std::int64_t, int> may_close;  // by order: what is left of what was held when it was sent
  for (const Json& trade : trades) {
    const std::string contract = trade.at("contractId").get<std::string>();
    const auto order = trade.at("orderId").get<std::int64_t>();
    const int fill = signed_size(trade);
    if (!orders_of_the_trader_.contains(order)) {
      int& left = may_close.try_emplace(order, held[contract] - under_way(trades, trade)).first->second;
      if ((left > 0) == (fill > 0) || std::abs(fill) > std::abs(left))
        return fmt::format("{} held, and {} more were traded: {}", left, fill, Json(trades).dump());
      left += fill;
    }
    held[contract] += fill;
  }
  for (const auto& [contract, left] : held) {
    if (left != 0) return fmt::format("{} of {} are left", left, contract);
  }
  return {};
}

}  // namespace rm::test
