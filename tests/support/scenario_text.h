#pragma once
// Scenario text: what happens on a trading day and what must follow, in a trader's words. This is the grammar alone;
// who runs it (the pure core, or the programs over the wire) is another matter.
//
//   # comment; the first one is the title
//   rules    daily_loss: {max_loss: -1000.00, include_costs: false}   the rules section; further lines add to it
//   09:31:00 fill  MNQ +10 @ 21000.00             the trader buys (+) or sells (-) at the market
//   09:31:02 order MNQ sell 10 stop 20900.00      … rests an order: buy|sell N limit|stop PRICE
//   09:31:03 cancel MNQ                           … cancels all orders in it
//   09:31:05 quote MNQ last 20950.25 bid 20950.00 ask 20950.50   the market; any of last, bid, ask
//   09:31:06 close MNQ @ 20951.00                 the trader closes the whole position
//   09:31:07 can_trade false                      the broker takes (false) or gives (true) the right to trade
//   09:31:08 wait                                 time passes
// Times are Chicago time of one trading day, ascending, 09:30:00 at the earliest, with up to three decimals of a
// second. Any step may end in `expect` and what must follow it, parted by ";":
//   nothing                              no action, no lock (also meant when there is no `expect` at all)
//   flatten | close SYM | reduce SYM to N | cancel order | leave open      [because CODE, CODE]
//                                        (leave open: a lock alone, nothing is closed or cancelled)
//   lock account|SYM hard|entry until reset | until the broker allows | until HH:MM:SS | for 300s
//   unlock RULE | warn N%
//   flat | position SYM ±N | stop SYM PRICE     what the broker shows in the end; of stop orders, one at that price

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace rm::test {

struct Expectation {
  enum class Kind { Nothing, Action, Lock, Unlock, Warn, Flat, Position, Stop };
  Kind kind{};
  std::string words;    // "flatten", "reduce MNQ to 5", "lock account hard until reset", "unlock daily_loss", "warn
                        // 50%", "MNQ" of a position or a stop
  std::string reasons;  // "LOSS_AT_LIMIT, …" of an action; empty: any
  int lots = 0;         // of a position
  std::string price;    // of a stop

  // Looked up at the broker in the end; everything else but Nothing is heard when it happens.
  [[nodiscard]] bool shown_by_broker() const {
    return kind == Kind::Flat || kind == Kind::Position || kind == Kind::Stop;
  }
  [[nodiscard]] bool heard() const { return kind != Kind::Nothing && !shown_by_broker(); }
};

struct ScenarioStep {
  enum class Verb { Fill, Order, Cancel, Quote, Close, CanTrade, Wait };
  int line = 0;
  std::string time;  // "09:31:00"
  Verb verb{};
  std::string symbol;
  int lots = 0;                // signed
  std::string price;           // of fill, order, close
  bool stop = false;           // of order: else limit
  std::string last, bid, ask;  // of quote; empty: not said
  bool allowed = false;        // of can_trade
  std::vector<Expectation> expect;
};

struct Scenario {
  std::string file, title;
  std::string rules;  // YAML, as inside "rules: {…}"
  int rules_line = 0;
  std::vector<ScenarioStep> steps;
};

// Whether `heard` ("flatten because LOSS_AT_LIMIT", "warn 50%", …) is what was expected.
[[nodiscard]] bool matches(const Expectation& expected, const std::string& heard);

// Error: "file:line: what is wrong", for any word that the grammar does not have.
std::expected<Scenario, std::string> parse_scenario(std::string_view text, const std::string& file);
std::expected<Scenario, std::string> read_scenario(const std::string& path);
// Of every .scn file of the folder: its name without the ending, in order.
[[nodiscard]] std::vector<std::string> scenario_names(const std::string& folder);

}  // namespace rm::test
