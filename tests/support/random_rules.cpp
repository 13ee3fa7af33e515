#include "support/random_rules.h"

#include <cstdlib>

namespace rm::test {
namespace {

// One number after the other, again from the first when they are used up.
class Dice {
 public:
  explicit Dice(const std::vector<int>& numbers) : numbers_{numbers} {}
  int below(int n) {
    if (numbers_.empty()) return 0;
    const std::size_t at = next_++;
    const auto number = static_cast<unsigned>(numbers_[at % numbers_.size()]) + at / numbers_.size() * 7919;
    return static_cast<int>((number ^ number >> 5U) % static_cast<unsigned>(n));
  }
  bool yes(int percent) { return below(100) < percent; }
  template <class T>
  T of(std::initializer_list<T> list) {
    return list.begin()[below(static_cast<int>(list.size()))];
  }

 private:
  const std::vector<int>& numbers_;
  std::size_t next_ = 0;
};

std::string money(double dollars) {
  return std::to_string(static_cast<long>(dollars)) + ".00";
}

const char* text(bool value) {
  return value ? "true" : "false";
}

void add(std::string& yaml, const std::string& rule) {
  yaml += (yaml.empty() ? "" : ", ") + rule;
}

void sizes(Dice& dice, RandomRules& rules) {
  if (dice.yes(45)) {
    RandomRules::Size size{
        dice.below(9), dice.of<std::string>({"gross", "net", "mini_equivalent"}), {}, {}, dice.yes(50)};
    add(rules.yaml, "max_contracts: {max_contracts: " + std::to_string(size.limit) + ", count: " + size.count +
                        ", on_breach: " + dice.of<std::string>({"reduce", "reduce", "flatten"}) +
                        ", include_working_orders: " + text(size.with_orders) + "}");
    rules.max_contracts = size;
  }
  if (dice.yes(35)) {
    RandomRules::Size size{};
    size.with_orders = dice.yes(50);
    size.limits = {{"MNQ", dice.below(6)}, {"6J", dice.below(4)}};
    std::string rest;
    if (dice.yes(50)) {
      size.otherwise = dice.below(5);
      rest = ", default: " + std::to_string(*size.otherwise);
    } else if (dice.yes(40)) {
      size.otherwise = 0;
      rest = ", unknown_symbol: block";
    }
    add(rules.yaml, "max_contracts_per_instrument: {limits: {MNQ: " + std::to_string(size.limits["MNQ"]) +
                        ", 6J: " + std::to_string(size.limits["6J"]) + "}" + rest +
                        ", on_breach: " + dice.of<std::string>({"reduce", "close"}) +
                        ", include_working_orders: " + text(size.with_orders) + "}");
    rules.per_instrument = size;
  }
}

void results(Dice& dice, RandomRules& rules) {
  if (dice.yes(45)) {
    const RandomRules::Day day{-50.0 * (1 + dice.below(20)), dice.yes(70), dice.yes(60)};
    add(rules.yaml, "daily_loss: {max_loss: " + money(day.limit) + ", basis: " + (day.total ? "total" : "realized") +
                        ", include_costs: " + text(day.costs) + "}");
    rules.daily_loss = day;
  }
  if (dice.yes(40)) {
    const RandomRules::Open open{-25.0 * (1 + dice.below(20)), dice.yes(40)};
    add(rules.yaml, "daily_unrealized_loss: {limit: " + money(open.limit) +
                        ", scope: " + (open.account ? "account" : "position") + "}");
    rules.open_loss = open;
  }
  if (dice.yes(40)) {
    const RandomRules::Open open{25.0 * (1 + dice.below(20)), dice.yes(40)};
    add(rules.yaml, "max_unrealized_profit: {target: " + money(open.limit) +
                        ", scope: " + (open.account ? "account" : "position") + "}");
    rules.open_profit = open;
  }
  if (dice.yes(35)) {
    const RandomRules::Day day{50.0 * (1 + dice.below(20)), dice.yes(50), dice.yes(60)};
    add(rules.yaml, "daily_realized_profit: {target: " + money(day.limit) + ", basis: " +
                        (day.total ? "total" : "realized") + ", include_costs: " + text(day.costs) + "}");
    rules.daily_profit = day;
  }
}

void pauses(Dice& dice, RandomRules& rules) {
  if (!dice.yes(40)) return;
  std::string limits, cooldowns;
  const auto limit = [&](const char* window, int number, std::optional<int> seconds) {
    rules.frequency[window] = {number, seconds};
    limits += std::string{window} + ": " + std::to_string(number) + ", ";
    cooldowns += (cooldowns.empty() ? "" : ", ") + std::string{window} + ": " +
                 (seconds ? std::to_string(*seconds) + "s" : std::string{"until_reset"});
  };
  limit("per_minute", 1 + dice.below(4), 10 + dice.below(120));
  if (dice.yes(50)) limit("per_hour", 2 + dice.below(6), 60 + dice.below(600));
  if (dice.yes(50)) limit("per_session", 3 + dice.below(9), dice.yes(50) ? std::nullopt : std::optional{90});
  add(rules.yaml, "trade_frequency_limit: {" + limits + "cooldown: {" + cooldowns + "}}");
}

void others(Dice& dice, RandomRules& rules) {
  if (dice.yes(25)) {
    switch (dice.below(4)) {
      case 0:
        rules.blocked = {"MNQ", "M2K"};
        add(rules.yaml, "symbol_blocks: {symbols: [\"M*\"]}");
        break;
      case 1:
        rules.blocked = {"6J"};
        add(rules.yaml, "symbol_blocks: {symbols: [6J]}");
        break;
      case 2:
        rules.blocked = {"NQ", "ES"};
        add(rules.yaml, "symbol_blocks: {symbols: [\"?Q\", \"F.US.EP\"]}");
        break;
      default:
        rules.blocked = {"NQ"};
        add(rules.yaml, "symbol_blocks: {symbols: [F.US.ENQ]}");
        break;
    }
  }
  if (dice.yes(25)) {
    const auto basis = dice.of<std::string>({"round_trip", "fill"});
    rules.cooldown_by_fill = basis == "fill";
    add(rules.yaml,
        "cooldown_after_loss: {tiers: [{loss: -80.00, cooldown: 30s}, {loss: -400.00, cooldown: 2m}], basis: " +
            basis + "}");
  }
  if (dice.yes(20)) {
    rules.grace = dice.below(20);
    add(rules.yaml, "no_stop_loss_grace: {grace: " + std::to_string(*rules.grace) + "s}");
  }
  if (dice.yes(10)) {
    rules.sessions = true;
    add(rules.yaml,
        "session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri, sat, sun], start: \"08:30\", end: "
        "\"09:31\"}, {days: [mon, tue, wed, thu, fri, sat, sun], start: \"09:33\", end: \"16:58\"}]}");
  }
  if (dice.yes(30)) {
    rules.auth_loss_guard = true;
    add(rules.yaml, "auth_loss_guard: {}");
  }
  if (dice.yes(20))
    add(rules.yaml,
        "trade_management: {auto_breakeven: {trigger_ticks: 8, offset_ticks: 1}, trailing_stop: "
        "{activation_ticks: 16, distance_ticks: 10}}");
}

}  // namespace

RandomRules random_rules(const std::vector<int>& numbers) {
  Dice dice{numbers};
  RandomRules rules;
  sizes(dice, rules);
  results(dice, rules);
  pauses(dice, rules);
  others(dice, rules);
  return rules;
}

}  // namespace rm::test
