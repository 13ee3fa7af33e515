#include "chaos/wire_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "support/eventually.h"
#include "support/http_request.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kQuarter = 250'000'000;
constexpr const char* kSymbols[] = {"MNQ", "MES", "RTY"};
constexpr int kFirstQuarters[] = {29500 * 4, 7730 * 4, 2400 * 4};
constexpr std::chrono::seconds kLongestWait{150};  // a whole window of the request budget, and what comes after it
constexpr int kStop = 4, kSuspended = 8, kSells = 1;

// "CON.F.US.MNQ.U26" as "MNQ"
std::string symbol_of(const std::string& contract) {
  const auto end = contract.rfind('.'), begin = contract.rfind('.', end - 1) + 1;
  return contract.substr(begin, end - begin);
}

// Nine decimals at the most: a double of this size names the right one. Null is nothing.
Nanos nanos_of(const Json& number) {
  return number.is_number() ? std::llround(number.get<double>() * 1e9) : 0;
}

std::string scenario_text(std::uint64_t seed, const std::vector<std::int64_t>& accounts) {
  std::string text = fmt::format("about: chaos\nseed: {}\naccounts:\n", seed);
  for (const std::int64_t account : accounts) text += fmt::format("  - {{id: {}}}\n", account);
  return text + "prices: {MNQ: 29500, MES: 7730, RTY: 2400}\n";
}

}  // namespace

WireStory::WireStory(std::uint64_t seed)
    : dice_{seed}, rules_{draw_rules(dice_)}, quarters_{std::begin(kFirstQuarters), std::end(kFirstQuarters)} {
  for (int i = dice_.between(2, 4); i > 0; --i) accounts_.push_back(26'001'230 + i);
  const auto scenario = dir_.write("chaos.yaml", scenario_text(seed, accounts_));
  paper_ = std::make_unique<PaperGatewayProcess>(std::vector<std::string>{"--scenario", scenario.string()});
  DaemonOptions options;
  paper_->ping_every_second();
  options.config = "rules: {" + rules_.yaml + "}\n" + paper_->yaml("1h", "5s");
  daemon_ = std::make_unique<DaemonProcess>(std::move(options));
}

std::vector<std::string> WireStory::run() {
  tell_prices();
  daemon_->start();
  if (!daemon_->wait_protecting()) return {"the risk manager did not come up"};
  for (int left = dice_.between(25, 50); left > 0; --left) {
    step();
    constexpr std::chrono::milliseconds kPauses[] = {0ms, 0ms, 2ms, 20ms, 60ms, 250ms};
    std::this_thread::sleep_for(dice_.one_of(kPauses));
    note_locks();
  }
  clear_faults();
  std::vector<std::string> left;
  auto next_look = std::chrono::steady_clock::now();
  (void)eventually(
      [&] {
        // Prices go on, and so does the time: what is looked at every 45 seconds is looked at soon.
        if (std::chrono::steady_clock::now() >= next_look) {
          tell_prices();
          paper_->advance(50);
          next_look = std::chrono::steady_clock::now() + 3s;
        }
        note_locks();
        left = judge();
        return left.empty();
      },
      kLongestWait);
  if (left.empty()) {
    if (std::string problem = daemon_->replay_problem(); !problem.empty()) left.push_back(std::move(problem));
  }
  return left;
}

void WireStory::step() {
  const int what = dice_.below(100);
  if (what < 38) return trade();
  if (what < 48) return rest_an_order();
  if (what < 52) return cancel();
  if (what < 70) return move_price(dice_.percent(15) ? 120 : 12);
  if (what < 83) return spoil_rest();
  if (what < 94) return spoil_hubs();
  if (what < 98) return spoil_exchange();
  kill_and_start();
}

// ── the trader and the market ──

// False: the broker refused it, as it may.
bool WireStory::order(std::int64_t account, const std::string& json) {
  say(fmt::format("{} orders {}", account, json));
  const HttpAnswer answer =
      http_post(paper_->port(), "/paper/trade", fmt::format(R"({{"accountId":{},{}}})", account, json));
  const Json body = Json::parse(answer.body, nullptr, false);
  if (body.is_object() && body.contains("orderId") && body.at("orderId").is_number())
    trader_orders_.insert(body.at("orderId").get<std::int64_t>());
  return body.is_object() && body.value("success", false);
}

void WireStory::trade() {
  const char* const symbol = dice_.one_of(kSymbols);
  const bool buys = dice_.percent(60);
  const int size = dice_.between(1, 4);
  (void)order(someone(), fmt::format(R"("symbol":"{}","side":"{}","size":{})", symbol, buys ? "buy" : "sell", size));
}

void WireStory::rest_an_order() {
  const auto i = static_cast<std::size_t>(dice_.below(3));
  const bool buys = dice_.percent(50), stop = dice_.percent(50);
  const int away = dice_.between(1, 15) * 4 * (buys == stop ? 1 : -1), size = dice_.between(1, 4);
  (void)order(someone(), fmt::format(R"("symbol":"{}","side":"{}","size":{},"type":"{}","{}Price":{})", kSymbols[i],
                                     buys ? "buy" : "sell", size, stop ? "stop" : "limit", stop ? "stop" : "limit",
                                     (quarters_[i] + away) / 4.0));
}

void WireStory::cancel() {
  const std::int64_t account = someone();
  say(fmt::format("{} cancels MNQ", account));
  try {
    paper_->cancel_orders(account, kMnq);
  } catch (const std::runtime_error&) {  // filled or cancelled meanwhile
  }
}

void WireStory::move_price(int most_points) {
  const auto i = static_cast<std::size_t>(dice_.below(3));
  quarters_[i] += dice_.between(-most_points, most_points) * 4;
  say(fmt::format("{} trades at {}", kSymbols[i], quarters_[i] / 4.0));
  paper_->price(kSymbols[i], fmt::format("{}", quarters_[i] / 4.0));
}

void WireStory::tell_prices() {
  for (std::size_t i = 0; i < quarters_.size(); ++i)
    paper_->price(kSymbols[i], fmt::format("{}", quarters_[i] / 4.0));
}

// ── what goes wrong ──

void WireStory::spoil_rest() {
  ++faults_;
  constexpr const char* kPaths[] = {"/api/Position/*", "/api/Position/closeContract", "/api/Order/*",
                                    "/api/Order/cancel", "*"};
  const std::string path = dice_.one_of(kPaths);
  const int count = dice_.between(1, 3), what = dice_.below(9);
  say(fmt::format("REST fault {} on {}, {} times", what, path, count));
  constexpr int kStatuses[] = {401, 429, 500, 502, 503};
  switch (what) {
    case 0:
      return paper_->lose_answers(path, count);
    case 1:
      return paper_->lose_requests(path, count);
    case 2:
      return paper_->slow_answers(path, dice_.between(100, 1500), count);
    case 3:
      return paper_->answer_status(path, dice_.one_of(kStatuses), count);
    case 4:
      return paper_->execute_but_answer(path, 502, count);
    case 5:
      return paper_->refuse(path, dice_.between(1, 99), "not now", count);
    case 6:
      return paper_->read_lag(dice_.between(0, 3) * 400);
    case 7:
      return paper_->maintenance(1);
    default:
      return paper_->expire_tokens();
  }
}

void WireStory::spoil_hubs() {
  ++faults_;
  constexpr const char* kEvents[] = {"GatewayUserTrade", "GatewayUserOrder", "GatewayUserPosition",
                                     "GatewayUserAccount", "GatewayUser*"};
  const std::string event = dice_.one_of(kEvents);
  const std::string hub = dice_.percent(70) ? "user" : "market";
  const int what = dice_.below(12);
  say(fmt::format("hub fault {} on {} or {}", what, event, hub));
  switch (what) {
    case 0:
      return paper_->drop_events(event, 0, 0.3);
    case 1:
      return paper_->duplicate_events(event, dice_.between(2, 4), 10);
    case 2:
      return paper_->reorder_events(event, 10);
    case 3:
      return paper_->delay_events(event, 0, dice_.between(50, 900), 10);
    case 4:
      return paper_->close_hub(hub);
    case 5:
      paper_->refuse_hub(hub, 1);
      return paper_->close_hub(hub);
    case 6:
      return paper_->freeze_hub(hub, 1);
    case 7:
      return paper_->user_events_after_rest(dice_.between(0, 600));
    case 8:
      return paper_->log_out("user");
    case 9:
      return paper_->freeze_hub(hub, dice_.between(1, 7), true);
    case 10:
      return paper_->drop_events("GatewayUserOrder", dice_.between(5, 20));
    default:
      return paper_->close_during(dice_.percent(50) ? "SubscribeTrades" : "SubscribeOrders");
  }
}

void WireStory::spoil_exchange() {
  ++faults_;
  const int what = dice_.below(5);
  say(fmt::format("exchange fault {}", what));
  switch (what) {
    case 0:
      return paper_->halt(dice_.between(1, 3), dice_.percent(50) ? "velocity" : "closed");
    case 1:
      return paper_->settings(fmt::format(R"({{"maxFillSize":{}}})", dice_.below(3)));
    case 2:
      return paper_->settings(R"({"fillEvents":"random"})");
    case 3:
      return void_newest(someone());
    default:
      return paper_->can_trade(someone(), dice_.percent(60));
  }
}

// What it opened or closed is undone with it, whoever did what since.
void WireStory::void_newest(std::int64_t account) {
  try {
    say(fmt::format("{}: trade {} is void", account, paper_->void_newest_trade(account)));
  } catch (const std::runtime_error&) {  // there is none
    return;
  }
  for (const Json& row : paper_->state(account).at("trades")) {
    std::int64_t& newest = voided_up_to_[account];
    newest = std::max(newest, row.at("id").get<std::int64_t>());
  }
}

void WireStory::kill_and_start() {
  ++kills_;
  say("killed");
  daemon_->kill_hard();
  for (int left = dice_.below(4); left > 0; --left) trade();
  daemon_->start_again();
  say("started again");
}

void WireStory::clear_faults() {
  say("all faults are cleared");
  paper_->clear_faults();
  paper_->halt(0);
  paper_->read_lag(0);
  paper_->user_events_after_rest(0);
  paper_->settings(R"({"maxFillSize":0,"fillEvents":"usual"})");
  if (!daemon_->running()) {  // a start that met the faults may have given up
    say("it had ended: " + daemon_->standard_error());
    daemon_->start_again();
  }
}

// ── what is so ──

void WireStory::note_locks() {
  const Json status = daemon_->status();
  if (!status.is_object()) return;
  for (const Json& row : status.at("accounts")) {
    for (const Json& lock : row.at("locks")) {
      if (lock.at("kind") == "hard" && lock.at("scope") == "account" &&
          lock.at("until") == row.at("pnl").at("next_reset"))
        locked_before_.insert(row.at("id").get<std::int64_t>());
    }
  }
}

std::vector<std::string> WireStory::judge() {
  std::vector<std::string> all;
  for (const std::int64_t account : accounts_) {
    const Json row = daemon_->account(account);
    if (!row.is_object()) {
      all.push_back(fmt::format("account {}: the risk manager says nothing of it", account));
      continue;
    }
    Demands demands = rules_.demands;
    demands.locked_before = locked_before_.contains(account);
    for (const std::string& complaint : complaints(at_broker(account), at_ours(row), demands))
      all.push_back(fmt::format("account {}: {}", account, complaint));
  }
  return all;
}

BrokerSide WireStory::at_broker(std::int64_t account) {
  const Json state = paper_->state(account);
  BrokerSide seen;
  seen.may_trade = state.at("account").at("canTrade").get<bool>();
  for (const Json& row : state.at("positions")) {
    const int size = row.at("size").get<int>();
    seen.positions.push_back(
        {symbol_of(row.at("contractId")), row.at("type") == 2 ? -size : size, nanos_of(row.at("averagePrice"))});
  }
  for (const Json& row : state.at("workingOrders")) {
    seen.working_orders.push_back({row.at("id").get<std::int64_t>(), symbol_of(row.at("contractId")),
                                   row.at("side") != kSells,
                                   row.at("type") == kStop && row.at("status") != kSuspended,
                                   row.at("size").get<int>() - row.at("fillVolume").get<int>()});
  }
  std::vector<Json> trades = state.at("trades");
  std::ranges::sort(trades, {}, [](const Json& trade) { return trade.at("id").get<std::int64_t>(); });
  for (const Json& row : trades) {
    if (row.at("voided") == true) continue;
    const int size = row.at("size").get<int>();
    // Before a trade was taken back ours closed what was there then.
    const bool as_it_was = row.at("id").get<std::int64_t>() > voided_up_to_[account];
    seen.trades.push_back({row.at("id").get<std::int64_t>(), symbol_of(row.at("contractId")),
                           row.at("side") == kSells ? -size : size, nanos_of(row.at("profitAndLoss")),
                           nanos_of(row.at("fees")) + nanos_of(row.at("commissions")),
                           as_it_was && !trader_orders_.contains(row.at("orderId").get<std::int64_t>()), true});
  }
  for (std::size_t i = 0; i < quarters_.size(); ++i) seen.last_prices[kSymbols[i]] = quarters_[i] * kQuarter;
  return seen;
}

OurSide WireStory::at_ours(const Json& row) {
  const auto amount = [&](const char* name) {
    return std::llround(std::stod(row.at("pnl").at(name).get<std::string>()) * 1e9);
  };
  OurSide ours;
  ours.synchronised = row.at("synchronised").get<bool>();
  ours.enforcing =
      std::ranges::any_of(row.at("enforcements"), [](const Json& each) { return each.at("state") != "verified"; });
  ours.locked = std::ranges::any_of(
      row.at("locks"), [](const Json& lock) { return lock.at("kind") == "hard" && lock.at("scope") == "account"; });
  for (const Json& position : row.at("positions"))
    ours.held[symbol_of(position.at("contract"))] += position.at("size").get<int>();
  for (const Json& order : row.at("orders")) ours.orders.insert(order.at("id").get<std::int64_t>());
  ours.realised = amount("realised");
  ours.costs = amount("costs");
  if (row.at("pnl").at("unrealised").is_string()) ours.open = amount("unrealised");
  return ours;
}

std::string WireStory::told() const {
  std::string text = "rules: {" + rules_.yaml + "}\n";
  for (const std::string& line : said_) text += line + '\n';
  return text + "---- standard error of the risk manager ----\n" + daemon_->standard_error();
}

}  // namespace rm::test
