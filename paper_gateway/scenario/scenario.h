#pragma once
// A scenario: who exists, what prices are, and what happens when. Read from YAML, all problems told at once.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "paper_gateway/exchange/exchange.h"
#include "paper_gateway/feed/random_walk.h"

namespace paper {

struct ScenarioUser {
  std::string name;
  std::string api_key;
  int login_refusal = 0;  // not 0: this LoginErrorCode instead of a token
};

struct ScenarioAccount {
  std::string user;  // its owner's name
  Account account;   // `user` inside is filled in by set_up()
};

// An order price in a step: an absolute price, or a distance in points from the last price when the step happens.
struct StepPrice {
  Decimal value;
  bool from_last = false;
};

struct TradeStep {
  AccountId account;
  std::string contract;  // contract id
  OrderType type = OrderType::Market;
  Side side = Side::Buy;
  int size = 1;
  std::optional<StepPrice> limit, stop, trail;
  std::optional<std::string> tag;  // customTag; absent as for an order placed in the platform
  std::optional<BracketLeg> stop_loss, take_profit;
  std::string label;  // a cancel step may name it
};
struct CancelStep {
  AccountId account;
  std::string label;     // of a trade step; empty: every working order of the account …
  std::string contract;  // … in this contract, where given
};
struct CloseStep {  // as the platform's "close" button
  AccountId account;
  std::string contract;
};
struct PriceStep {
  PriceUpdate price;
};
struct MoveStep {  // from where the price is, in a straight line of a few ticks at a time
  std::string contract;
  Decimal to;
  bool relative = false;  // `to` is a distance from where the price is
  Nanos over{0};
};
struct FlagStep {
  AccountId account;
  AccountChange change;
};
struct SayStep {
  std::string text;
};

// The broker misbehaves, or a switch is thrown: POST /paper/<name> with this body.
struct ControlStep {
  std::string name;
  std::string body;  // JSON
};

struct Step {
  Nanos at{0};  // since the story began, or since the loop began again
  std::variant<TradeStep, CancelStep, CloseStep, PriceStep, MoveStep, FlagStep, SayStep, ControlStep> action;
};

struct FeedPlan {
  enum class Kind { None, RandomWalk, Csv };
  Kind kind = Kind::None;
  std::vector<WalkContract> walk;
  std::string csv_name;  // for messages
  std::string csv_text;  // already checked when the scenario was loaded
  std::string csv_symbol;
  bool csv_loop = false;
};

struct Loop {
  Nanos from{0};   // steps before this happen once
  Nanos every{0};  // length of one round, > 0
};

struct Scenario {
  std::string name = "none";
  std::string about;
  std::optional<PaperTime> start_time;  // absent: the real time
  double speed = 1;                     // > 0
  std::uint64_t seed = 1;               // of prices and of everything else that is drawn at random
  Settings settings;
  std::vector<std::pair<std::string, std::string>> months;  // root, month made tradable: "MNQ", "Z26"
  std::vector<ScenarioUser> users;
  std::vector<ScenarioAccount> accounts;
  std::vector<PriceUpdate> prices;  // published by set_up()
  FeedPlan feed;
  std::vector<ControlStep> controls;  // used when everything is set up and before anything happens
  bool wait_for_client = true;  // the story begins at the first SubscribeOrders … on the user hub; false: at start
  std::vector<Step> steps;      // in rising `at`
  std::optional<Loop> loop;
};

// What runs without a file: one user, practice accounts 26001234 and 26001235 with 150 000 each, every tradable
// contract priced at a typical level, no feed.
Scenario default_scenario(std::string user, std::string api_key);

// Reads a scenario file. The error lists every problem, each "file:line: sentence".
std::expected<Scenario, std::vector<std::string>> load_scenario(const std::string& path);
// The same from text; `name` stands in messages, files it names are looked for in `directory`.
std::expected<Scenario, std::vector<std::string>> parse_scenario(const std::string& yaml, const std::string& name,
                                                                 const std::string& directory);

// A file that exists, or NAME.yaml in the first of the directories that has it; last comes the directory the shipped
// ones were in when this was built. Error: a sentence with the names there are.
std::expected<std::string, std::string> find_scenario(std::string_view file_or_name,
                                                      std::vector<std::string> directories);

// Puts settings, months, users, accounts and first prices into an exchange that has none yet. Throws
// std::invalid_argument for a price the exchange refuses.
void set_up(const Scenario& scenario, Exchange& exchange, PaperTime now);

}  // namespace paper
