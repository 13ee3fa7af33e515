#include "support/scenario_over_wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "support/daemon_process.h"
#include "support/eventually.h"
#include "support/paper_gateway_process.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using Kind = Expectation::Kind;
using Verb = ScenarioStep::Verb;

// A Tuesday in Chicago, five hours behind UTC, and the reset of its trading day.
constexpr int kBehindUtc = 5 * 3600;
constexpr const char* kReset = "2026-09-01T22:00:00Z";
constexpr int kLongPause = 20;
constexpr auto kSilence = 150ms;  // how long "nothing" is listened for after the daemon has seen the step

int second_of_day(const std::string& time) {
  return std::stoi(time.substr(0, 2)) * 3600 + std::stoi(time.substr(3, 2)) * 60 + std::stoi(time.substr(6, 2));
}

// "reduce MNQU6 to 5; cancel order 7" in the words of scenario text: "reduce MNQ to 5, cancel order 7".
std::string goal_words(const std::string& message) {
  if (message.starts_with("flatten")) return "flatten";
  if (message.starts_with("nothing")) return "leave open";
  std::string words;
  std::istringstream parts{message};
  for (std::string part; std::getline(parts, part, ';');) {
    std::istringstream in{part};
    std::string verb, name, rest;
    in >> verb >> name;
    std::getline(in, rest);
    if (verb != "cancel") name.resize(name.size() - 2);  // the month and the year of the contract
    words.append(words.empty() ? "" : ", ").append(verb).append(" ").append(name).append(rest);
  }
  return words;
}

// "lock account hard until 09:36:10 (300s)", Chicago time.
std::string lock_words(const Json& line) {
  const auto text =
      fmt::format("lock {} {} until ", line.at("scope").get<std::string>(), line.at("kind").get<std::string>());
  const auto until = line.at("until").get<std::string>().substr(6);  // behind "until "
  if (until.starts_with("the broker")) return text + "the broker allows";
  if (until == kReset) return text + "reset";
  const auto since = line.at("since").get<std::string>();
  constexpr int kDay = 24 * 3600;
  const int end = second_of_day(until.substr(11, 8));
  const int held = (end - second_of_day(since.substr(11, 8)) + kDay) % kDay;  // of locks shorter than a day
  const int local = (end - kBehindUtc + kDay) % kDay;
  return fmt::format("{}{} ({}s)", text, fmt::format("{:02}:{:02}:{:02}", local / 3600, local / 60 % 60, local % 60),
                     held);
}

// Chicago time of day as the gateway is told to begin.
std::string start_time(int second) {
  const int utc = second + kBehindUtc;
  return fmt::format("2026-09-01T{:02}:{:02}:{:02}Z", utc / 3600, utc / 60 % 60, utc % 60);
}

class Run {
 public:
  explicit Run(const Scenario& scenario)
      : scenario_{scenario},
        paper_second_{second_of_day(scenario.steps.front().time)},
        paper_{{"--start-time", start_time(paper_second_)}} {
    open_market();
    DaemonOptions options;
    options.config =
        fmt::format("{}accounts: [{{id: {}}}]\nrules: {{{}}}\n", paper_.yaml(), kAccount, scenario.rules);
    daemon_ = std::make_unique<DaemonProcess>(std::move(options));
    daemon_->start();
    if (!daemon_->wait_protecting())
      throw std::runtime_error{"the daemon does not protect: " + daemon_->standard_error()};
    (void)hear();
  }

  ScenarioResult run() {
    for (const ScenarioStep& step : scenario_.steps) {
      go_to(step);
      const auto quotes_before = quotes_seen();
      act(step);
      wait_until_seen(step, quotes_before);
      check(step);
      if (!eventually([&] { return daemon_->settled(kAccount); })) say(step, "the enforcement does not end");
    }
    std::this_thread::sleep_for(kSilence);
    nobody_expected(scenario_.steps.back(), hear());
    if (!eventually([&] { return daemon_->net_cents(kAccount) == net_of_broker(); }, 5s))
      say(scenario_.steps.back(), fmt::format("the daemon's result {} is not the broker's {}",
                                              daemon_->net_cents(kAccount), net_of_broker()));
    if (const std::string problem = daemon_->replay_problem(); !problem.empty()) say(scenario_.steps.back(), problem);
    return std::move(result_);
  }

 private:
  void say(const ScenarioStep& step, const std::string& what) {
    result_.problems.push_back(fmt::format("{}:{}: over the wire: {}", scenario_.file, step.line, what));
  }

  // The market stands where the scenario first says it does; a first order rests a hundred ticks away from it.
  void open_market() {
    std::set<std::string> seen;
    for (const ScenarioStep& step : scenario_.steps) {
      const std::string& price = step.price.empty() ? step.last : step.price;
      if (price.empty() || !seen.insert(step.symbol).second) continue;
      const bool above = (step.lots > 0) != step.stop;  // the market, of a buy limit or a sell stop
      const double away = step.verb == Verb::Order ? (above ? 100 : -100) * paper_.tick_of(step.symbol) : 0;
      paper_.price(step.symbol, fmt::format("{:.9f}", std::stod(price) + away));
    }
  }

  // A pause long enough to matter moves the gateway's clock. The daemon has seen it when it has read the account
  // again, which it does after a reconnect. A silence is looked at a minute early: the clock goes on while it is
  // listened for.
  void go_to(const ScenarioStep& step) {
    const int at = second_of_day(step.time);
    const bool silent = step.verb == Verb::Wait && wanted(step).empty();
    const bool waits = step.verb == Verb::Wait && !silent;
    const int target = silent ? at - 90 : waits ? at + 1 : at;
    const int pause = target - paper_second_;
    if (pause < (waits ? 1 : kLongPause)) return;
    paper_.advance(pause);
    paper_second_ = target;
    paper_.control("hub/close", R"({"hub":"user"})");
    const auto arrived = [&] {
      const auto text = daemon_->status().at("broker_time").get<std::string>();
      return second_of_day(text.substr(11, 8)) - kBehindUtc >= target;
    };
    if (!eventually(arrived) || !daemon_->wait_protecting())
      say(step, "the daemon does not follow the broker's clock: " + daemon_->status().dump());
  }

  void act(const ScenarioStep& step) {
    switch (step.verb) {
      case Verb::Fill:
        trade(step, step.lots);
        break;
      case Verb::Close:
        trade(step, -paper_.position(kAccount, contract_of(step.symbol)));
        break;
      case Verb::Order:
        paper_.place(kAccount, step.symbol, step.lots > 0 ? "buy" : "sell", std::abs(step.lots),
                     step.stop ? "stop" : "limit", step.price);
        break;
      case Verb::Cancel:
        paper_.cancel_orders(kAccount, contract_of(step.symbol));
        break;
      case Verb::Quote: {
        std::string sides;
        const auto add = [&](const char* name, const std::string& value) {
          if (!value.empty()) sides += fmt::format(R"(,"{}":{})", name, value);
        };
        add("last", step.last);
        add("bid", step.bid);
        add("ask", step.ask);
        paper_.control("price", fmt::format(R"({{"symbol":"{}"{}}})", step.symbol, sides));
        break;
      }
      case Verb::CanTrade:
        paper_.can_trade(kAccount, step.allowed);
        break;
      case Verb::Wait:
        break;
    }
  }

  // At exactly that price; what was traded last in the market is another matter, and is said by quotes.
  void trade(const ScenarioStep& step, int lots) {
    const double price = std::stod(step.price), tick = paper_.tick_of(step.symbol);
    paper_.control("price", fmt::format(R"({{"symbol":"{}","bid":{:.9f},"ask":{:.9f}}})", step.symbol,
                                        lots > 0 ? price - tick : price, lots > 0 ? price : price + tick));
    if (lots > 0) paper_.buy(kAccount, step.symbol, lots);
    if (lots < 0) paper_.sell(kAccount, step.symbol, -lots);
  }

  // Silence counts only once the daemon has what happened.
  void wait_until_seen(const ScenarioStep& step, std::int64_t quotes_before) {
    const bool held = step.verb == Verb::Quote && paper_.position(kAccount, contract_of(step.symbol)) != 0;
    const bool seen = eventually([&] {
      if (held && quotes_seen() <= quotes_before) return false;
      const Json row = daemon_->account(kAccount);
      return !row.is_null() && trades_at_broker() == row.at("pnl").at("trades").get<int>();
    });
    if (!seen) say(step, "the daemon did not see it");
  }

  void check(const ScenarioStep& step) {
    std::vector<std::string> heard;
    auto missing = wanted(step);
    (void)eventually(
        [&] {
          for (std::string& one : hear()) heard.push_back(std::move(one));
          for (const std::string& one : heard)
            std::erase_if(missing, [&](const Expectation& e) { return matches(e, one); });
          return missing.empty();
        },
        missing.empty() ? 0ms : 20s);
    std::this_thread::sleep_for(kSilence);
    for (std::string& one : hear()) heard.push_back(std::move(one));
    for (const Expectation& e : missing) {
      say(step, "expected '" + e.words + (e.reasons.empty() ? "" : " because " + e.reasons) + "', heard " +
                    (heard.empty() ? "nothing" : fmt::format("'{}'", fmt::join(heard, "', '"))));
    }
    const auto expected = wanted(step);
    std::erase_if(heard, [&](const std::string& one) {
      return std::ranges::any_of(expected, [&](const Expectation& e) { return matches(e, one); });
    });
    nobody_expected(step, heard);
    check_broker(step);
  }

  void check_broker(const ScenarioStep& step) {
    for (const Expectation& e : step.expect) {
      if (e.kind == Kind::Flat && !eventually([&] { return paper_.flat(kAccount); }, 20s))
        say(step, "expected a flat account");
      if (e.kind == Kind::Position &&
          !eventually([&] { return paper_.position(kAccount, contract_of(e.words)) == e.lots; }, 20s))
        say(step, fmt::format("expected position {} {}, the broker holds {}", e.words, e.lots,
                              paper_.position(kAccount, contract_of(e.words))));
      if (e.kind == Kind::Stop && !eventually([&] { return has_stop(e); }, 20s))
        say(step, fmt::format("expected stop {} {}, the broker's working orders are {}", e.words, e.price,
                              paper_.state(kAccount).at("workingOrders").dump()));
    }
  }

  bool has_stop(const Expectation& e) {
    const double wanted = std::stod(e.price), half_tick = paper_.tick_of(e.words) / 2;
    const Json state = paper_.state(kAccount);
    return std::ranges::any_of(state.at("workingOrders"), [&](const Json& order) {
      const auto price = order.find("stopPrice");
      return order.at("contractId") == contract_of(e.words) && price != order.end() && price->is_number() &&
             std::abs(price->get<double>() - wanted) < half_tick;
    });
  }

  static std::vector<Expectation> wanted(const ScenarioStep& step) {
    std::vector<Expectation> heard;
    for (const Expectation& e : step.expect) {
      if (e.heard()) heard.push_back(e);
    }
    return heard;
  }

  void nobody_expected(const ScenarioStep& step, const std::vector<std::string>& heard) {
    for (const std::string& one : heard) {
      if (!one.starts_with("warn")) say(step, "nobody expected '" + one + "'");
    }
  }

  // What the log says since the last look, in the words of scenario text.
  std::vector<std::string> hear() {
    std::vector<std::string> words;
    const auto lines = daemon_->log();
    for (; log_read_ < lines.size(); ++log_read_) {
      const Json& line = lines[log_read_];
      const auto event = line.value("event", "");
      if (event == "violation") {
        auto& codes = reasons_[line.at("enforcement").get<std::int64_t>()];
        const auto code = line.at("violation").get<std::string>();
        if (codes.empty() || codes.back() != code) codes.push_back(code);
      } else if (event == "decision") {
        ++result_.actions;
        words.push_back(fmt::format("{} because {}", goal_words(line.at("message").get<std::string>()),
                                    fmt::join(reasons_[line.at("enforcement").get<std::int64_t>()], ", ")));
      } else if (event == "request" &&
                 (line.value("endpoint", "") == "modify" || line.value("endpoint", "") == "place")) {
        ++result_.actions;
      } else if (event == "lock") {
        words.push_back(lock_words(line));
      } else if (event == "lock_ended") {
        words.push_back("unlock " + line.at("rule").get<std::string>());
      } else if (event == "warning") {
        words.push_back(fmt::format("warn {}%", line.at("percent").get<int>()));
      }
    }
    return words;
  }

  std::string contract_of(const std::string& symbol) { return paper_.contract_of(symbol); }
  // Both of the daemon's trading day; to the second, so that the two ways to write a time compare.
  std::string day() { return daemon_->account(kAccount).at("pnl").at("day_begin").get<std::string>().substr(0, 19); }
  std::int64_t net_of_broker() { return paper_.net_cents(kAccount, day()) + daemon_->open_cents(kAccount); }
  int trades_at_broker() { return paper_.trades(kAccount, day()); }
  [[nodiscard]] std::int64_t quotes_seen() { return daemon_->metric(R"(risk_manager_events_total{kind="quote"})"); }

  const Scenario& scenario_;
  int paper_second_;  // Chicago time of day, as far as it was moved
  PaperGatewayProcess paper_;
  std::unique_ptr<DaemonProcess> daemon_;
  std::size_t log_read_ = 0;
  std::map<std::int64_t, std::vector<std::string>> reasons_;
  ScenarioResult result_;
};

}  // namespace

ScenarioResult run_over_wire(const Scenario& scenario) {
  try {
    return Run{scenario}.run();
  } catch (const std::exception& wrong) {
    return {{scenario.file + ":" + std::to_string(scenario.rules_line) + ": over the wire: " + wrong.what()}, 0};
  }
}

}  // namespace rm::test
