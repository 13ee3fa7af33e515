#include "support/scenario_runner.h"

#include <algorithm>

#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using Kind = Expectation::Kind;
using Verb = ScenarioStep::Verb;

constexpr Duration kToReact = 300ms;  // everything but verification follows within this
constexpr Duration kToSettle = 10s;   // what the broker shows in the end

std::optional<std::string_view> maybe(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>{text};
}

class Run {
 public:
  explicit Run(const Scenario& scenario) : scenario_{scenario}, desk_{scenario.rules} {}

  ScenarioResult run() {
    for (std::size_t i = 0; i < scenario_.steps.size(); ++i) {
      const ScenarioStep& step = scenario_.steps[i];
      desk_.run_until(chicago(step.time));
      const auto before = desk_.heard();  // of the time since the step before
      check_silence(step, before);
      act(step);
      const auto next =
          i + 1 < scenario_.steps.size() ? std::optional{chicago(scenario_.steps[i + 1].time)} : std::nullopt;
      const auto until = [&](Duration wanted) {
        return next ? std::min(desk_.now + wanted, *next - 1ms) : desk_.now + wanted;
      };
      desk_.run_until(std::max(desk_.now, until(kToReact)));
      check_heard(step, desk_.heard());
      check_broker(step, until(kToSettle));
    }
    const auto moves = std::ranges::count_if(desk_.broker.sent, [](const BrokerRequest& r) {
      return std::holds_alternative<ModifyStop>(r.ask) || std::holds_alternative<PlaceStop>(r.ask) ||
             std::holds_alternative<ResizeOrder>(r.ask);
    });
    result_.actions = static_cast<int>(desk_.decisions.size()) + static_cast<int>(moves);
    return std::move(result_);
  }

 private:
  void say(const ScenarioStep& step, const std::string& what) {
    result_.problems.push_back(scenario_.file + ":" + std::to_string(step.line) + ": " + what);
  }

  ContractId contract(const std::string& symbol) {
    const SymbolId wanted = desk_.contracts.symbol(symbol);
    for (std::uint32_t i = 0; i < desk_.contracts.size(); ++i) {
      if (desk_.contracts.at(ContractId{i}).symbol == wanted) return ContractId{i};
    }
    throw std::invalid_argument{"'" + symbol + "' is no symbol of this desk"};
  }

  void act(const ScenarioStep& step) {
    switch (step.verb) {
      case Verb::Fill:
        desk_.fill(contract(step.symbol), step.lots, step.price);
        break;
      case Verb::Close:
        desk_.fill(contract(step.symbol), -desk_.account().held(contract(step.symbol)).value(), step.price);
        break;
      case Verb::Order:
        desk_.order(contract(step.symbol), step.stop ? OrderType::Stop : OrderType::Limit,
                    step.lots > 0 ? Side::Buy : Side::Sell, std::abs(step.lots), step.price);
        break;
      case Verb::Cancel:
        desk_.cancel_orders(contract(step.symbol));
        break;
      case Verb::Quote:
        if (step.bid.empty() && step.ask.empty()) {
          desk_.quote(contract(step.symbol), step.last);
        } else {
          desk_.quote(contract(step.symbol), maybe(step.last), maybe(step.bid), maybe(step.ask));
        }
        break;
      case Verb::CanTrade:
        desk_.can_trade(step.allowed);
        break;
      case Verb::Wait:
        break;
    }
  }

  // What was heard while time passed on the way to this step is looked at by the step itself when it only waits.
  void check_silence(const ScenarioStep& step, const std::vector<std::string>& heard) {
    if (step.verb == Verb::Wait) {
      carried_ = heard;
      return;
    }
    for (const std::string& one : heard) {
      if (!one.starts_with("warn") && !one.starts_with("alarm"))
        say(step, "before this step, nobody expected '" + one + "'");
    }
  }

  void check_heard(const ScenarioStep& step, std::vector<std::string> heard) {
    heard.insert(heard.begin(), carried_.begin(), carried_.end());
    carried_.clear();
    std::string all;
    for (const std::string& one : heard) all += (all.empty() ? "'" : ", '") + one + "'";
    for (const Expectation& expected : step.expect) {
      if (!expected.heard()) continue;
      const auto found =
          std::find_if(heard.begin(), heard.end(), [&](const std::string& one) { return matches(expected, one); });
      if (found == heard.end()) {
        say(step, "expected '" + expected.words + (expected.reasons.empty() ? "" : " because " + expected.reasons) +
                      "', heard " + (all.empty() ? "nothing" : all));
      } else {
        heard.erase(found);
      }
    }
    for (const std::string& one : heard) {
      if (!one.starts_with("warn") && !one.starts_with("alarm")) say(step, "nobody expected '" + one + "'");
    }
  }

  void check_broker(const ScenarioStep& step, BrokerTime until) {
    for (const Expectation& expected : step.expect) {
      if (!expected.shown_by_broker()) continue;
      desk_.settle(std::max(until - desk_.now, Duration{}));
      if (expected.kind == Kind::Flat && !desk_.account().flat()) say(step, "expected a flat account");
      if (expected.kind == Kind::Stop) check_stop(step, expected, until);
      if (expected.kind != Kind::Position) continue;
      const int held = desk_.account().held(contract(expected.words)).value();
      if (held != expected.lots)
        say(step, "expected position " + expected.words + " " + std::to_string(expected.lots) +
                      ", the broker holds " + std::to_string(held));
    }
  }

  void check_stop(const ScenarioStep& step, const Expectation& expected, BrokerTime until) {
    const Price wanted = Price::parse(expected.price).value();
    std::string found;
    const auto there = [&] {
      found.clear();
      for (const Order& order : desk_.account().working_orders()) {
        if (order.contract != contract(expected.words) || !order.stop_price) continue;
        if (*order.stop_price == wanted) return true;
        found += (found.empty() ? "" : ", ") + order.stop_price->text();
      }
      return false;
    };
    while (!there() && desk_.now < until) desk_.run_until(std::min(desk_.now + kToReact, until));
    if (!there())
      say(step, "expected stop " + expected.words + " " + wanted.text() + ", the broker shows " +
                    (found.empty() ? "none" : found));
  }

  const Scenario& scenario_;
  Desk desk_;
  std::vector<std::string> carried_;
  ScenarioResult result_;
};

}  // namespace

ScenarioResult run_scenario(const Scenario& scenario) {
  try {
    return Run{scenario}.run();
  } catch (const std::exception& wrong) {  // rules or symbols that do not exist
    return {{scenario.file + ":" + std::to_string(scenario.rules_line) + ": " + wrong.what()}, 0};
  }
}

}  // namespace rm::test
