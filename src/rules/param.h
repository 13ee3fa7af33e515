#pragma once
// A rule declares its parameters as a table. The loader, the reference page, `status` and the checks all read that
// table, so they cannot disagree with the rule.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/money.h"
#include "domain/time.h"
#include "rules/session.h"

namespace rm {

enum class ParamKind : std::uint8_t {
  Bool,
  Int,
  Money,
  Choice,       // one of Param::choices
  PercentList,  // [50, 75, 90]: each 1 - 99, ascending
  TimeSpan,     // 500ms, 10s, 5m, 2h
  Text,
  SymbolList,      // [MNQ, ES]
  SymbolLimits,    // {MNQ: 3, ES: 1}
  SymbolWeights,   // {MNQ: 0.1, ES: 1}: above 0, one decimal
  TimeZone,        // America/Chicago
  Sessions,        // [{days: [mon, fri], start: "08:30", end: "15:00"}]
  SymbolSessions,  // {ES: [{days: …}]}
  HolidayFile,     // none, the name of a calendar that comes with the program, or a path
  Cooldown,        // 30m, or until_reset
  LossTiers,       // [{loss: -100, cooldown: 5m}, …]: each loss worse than the one before, no cooldown shorter
};

enum class Bound : std::uint8_t { Any, BelowZero, AboveZero, AtLeastZero };

// Which of two values protects more. A change to the stricter one applies at once; any other waits for the next
// trading day.
enum class Stricter : std::uint8_t {
  Unknown,  // a change may loosen
  Lower,    // of numbers, durations, money; of SymbolLimits: each, and more symbols
  Higher,   // the same the other way: a loss limit of -500 is stricter than -1000
  True,
  False,
  More,    // of lists: more entries
  Neutral  // protects nothing: warnings, texts
};

struct Param {
  std::string_view name;
  ParamKind kind{};
  Bound bound = Bound::Any;       // of Int, Money, TimeSpan, Cooldown and the values of SymbolLimits
  std::string_view default_text;  // YAML text; empty and not required: may be left out and then has no value
  bool required = false;
  std::string_view choices;   // of Choice: "gross|net"
  std::string_view sentence;  // what it does, for the reference page and error messages
  Stricter stricter = Stricter::Unknown;
};

using SymbolLimits = std::map<std::string, std::int64_t, std::less<>>;
struct SymbolWeights {
  std::map<std::string, std::int64_t, std::less<>> tenths;  // 0.1 is 1
  friend bool operator==(const SymbolWeights&, const SymbolWeights&) = default;
};
// How long something is forbidden.
struct Cooldown {
  std::optional<Duration> time;  // empty: until the reset
  friend bool operator==(const Cooldown&, const Cooldown&) = default;
};
struct LossTier {
  Money loss;  // < 0
  Duration cooldown{};
  friend bool operator==(const LossTier&, const LossTier&) = default;
};
using LossTiers = std::vector<LossTier>;  // the mildest first, never empty
// monostate: left out and without a default. Choice and Text are strings.
using ParamValue = std::variant<std::monostate, bool, std::int64_t, Money, std::string, std::vector<std::int64_t>,
                                Duration, std::vector<std::string>, SymbolLimits, SymbolWeights, SessionList,
                                SessionsBySymbol, Cooldown, LossTiers>;

// One rule's section of the configuration, checked against its table: every value has the kind and range the table
// says.
struct RuleConfig {
  std::string_view rule;  // name in the registry (static storage)
  bool enabled = true;
  std::span<const Param> params;   // the rule's table (static storage)
  std::vector<ParamValue> values;  // one per entry of `params`, same order
  // Instants that were made of the values, for the rule whose spec asks for them (RuleSpec::prepare).
  std::shared_ptr<const SessionTables> sessions = nullptr;

  // The value of a parameter of the table. Asking for a name or type that the table does not have ends the program at
  // start-up.
  template <class T>
  [[nodiscard]] const T& get(std::string_view name) const {
    return std::get<T>(values.at(index_of(name)));
  }
  [[nodiscard]] bool has(std::string_view name) const {
    return !std::holds_alternative<std::monostate>(values.at(index_of(name)));
  }

 private:
  [[nodiscard]] std::size_t index_of(std::string_view name) const {
    std::size_t i = 0;
    while (i < params.size() && params[i].name != name) ++i;
    return i;  // one past the end throws from at()
  }
};

}  // namespace rm
