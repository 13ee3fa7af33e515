#pragma once
// Rules with random limits, as the configuration text and as plain figures for the oracle.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rm::test {

// What an oracle has to know of a configuration; a rule that is left out is off. Dollars, contracts, seconds.
struct RandomRules {
  struct Size {
    int limit = 0;
    std::string count = "gross";  // of max_contracts
    std::map<std::string, int> limits;
    std::optional<int> otherwise;  // of symbols without a limit of their own; empty: any number
    bool with_orders = false;
  };
  struct Day {
    double limit = 0;  // a multiple of half a dollar
    bool total = false, costs = true;
  };
  struct Open {
    double limit = 0;
    bool account = false;
  };
  struct Pause {
    int limit = 0;
    std::optional<int> seconds;  // empty: until the reset
  };
  std::optional<Size> max_contracts, per_instrument;
  std::optional<Day> daily_loss, daily_profit;
  std::optional<Open> open_loss, open_profit;
  std::map<std::string, Pause> frequency;  // "per_minute", …; empty: off
  std::set<std::string> blocked;           // symbols that are meant
  bool auth_loss_guard = false;
  bool sessions = false;                 // 08:30 to 09:31 and 09:33 to 16:58, every day
  std::optional<bool> cooldown_by_fill;  // 30 s after a loss of 80, two minutes after one of 400; else by round trip
  std::optional<int> grace;              // seconds without a stop
  std::string yaml;
};

// The same numbers make the same rules.
RandomRules random_rules(const std::vector<int>& numbers);

}  // namespace rm::test
