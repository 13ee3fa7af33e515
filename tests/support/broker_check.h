#pragma once
// The judge of a chaos run: compares what the broker shows with what the rules demand and with what the risk manager
// says. It works from plain numbers with arithmetic of its own, so that a mistake in the product's rules, book or
// money is not made here a second time.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rm::test {

using Nanos = std::int64_t;  // dollars or a price, in billionths

struct SeenPosition {
  std::string symbol;  // "MNQ"
  int lots = 0;        // signed
  Nanos average = 0;
};
struct SeenOrder {  // working
  std::int64_t id = 0;
  std::string symbol;
  bool buys = false, stop = false;
  int lots = 0;
};
struct SeenTrade {
  std::int64_t id = 0;
  std::string symbol;
  int lots = 0;  // signed
  Nanos profit = 0, costs = 0;
  bool by_us = false;
  bool today = true;  // false: of an earlier trading day, which counts for what is held and not for the result
};

// One account, as the broker knows it.
struct BrokerSide {
  std::vector<SeenPosition> positions;
  std::vector<SeenOrder> working_orders;
  std::vector<SeenTrade> trades;  // since the account was flat, in the order in which they happened
  std::map<std::string, Nanos> last_prices;
  bool may_trade = true;
};

// The same account, as the risk manager knows it.
struct OurSide {
  bool synchronised = false;
  bool enforcing = false;  // something is under way
  bool locked = false;     // hard, the whole account
  std::map<std::string, int> held;
  std::set<std::int64_t> orders;
  Nanos realised = 0, costs = 0;  // of the day
  std::optional<Nanos> open;      // empty: it cannot say
};

// How contracts are added up: all alike, longs against shorts, or a micro as a tenth.
enum class Counted { Gross, Net, Mini };

// What the configured rules demand. Empty or none: no such rule.
struct Demands {
  std::optional<int> most_contracts;
  Counted counted = Counted::Gross;
  std::map<std::string, int> most_of_symbol;
  std::optional<int> most_of_others;  // of a symbol that is not in most_of_symbol
  std::set<std::string> blocked;
  std::optional<Nanos> day_loss, day_profit;            // at it: flat and locked; the profit is of closed trades
  std::optional<Nanos> position_loss, position_profit;  // open result at which a position is closed
  bool stops_for_everything = false;                    // each position covered by stops of its size
  bool only_while_allowed = false;                      // may_trade false: flat and locked
  bool locked_before = false;                           // a lock until the reset was seen during the run
};

// What the day stands at: realised, less costs, and what is open at the last prices.
[[nodiscard]] Nanos day_result(const BrokerSide& broker);

// One sentence for each thing that is not as it must be.
[[nodiscard]] std::vector<std::string> complaints(const BrokerSide& broker, const OurSide& ours,
                                                  const Demands& demands);

}  // namespace rm::test
