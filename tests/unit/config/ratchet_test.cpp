// Tightening counts at once, loosening waits for the next trading day.
#include "config/ratchet.h"

#include <algorithm>
#include <random>

#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Symbols = std::vector<std::string>;

// One parameter of each kind and each way of being strict.
constexpr Param kGate[] = {
    {"loss", ParamKind::Money, Bound::BelowZero, "-1000", false, "", "A loss.", Stricter::Higher},
    {"target", ParamKind::Money, Bound::AboveZero, "", false, "", "A target.", Stricter::Lower},
    {"count", ParamKind::Int, Bound::AtLeastZero, "5", false, "", "A count.", Stricter::Lower},
    {"per_hour", ParamKind::Int, Bound::AboveZero, "", false, "", "An optional count.", Stricter::Lower},
    {"grace", ParamKind::TimeSpan, Bound::AtLeastZero, "10s", false, "", "A patience.", Stricter::Lower},
    {"cooldown", ParamKind::TimeSpan, Bound::AtLeastZero, "60s", false, "", "A pause.", Stricter::Higher},
    {"with_costs", ParamKind::Bool, Bound::Any, "true", false, "", "Strict when true.", Stricter::True},
    {"lenient", ParamKind::Bool, Bound::Any, "false", false, "", "Strict when false.", Stricter::False},
    {"blocked", ParamKind::SymbolList, Bound::Any, "[]", false, "", "More is stricter.", Stricter::More},
    {"basis", ParamKind::Choice, Bound::Any, "total", false, "total|realized", "Not known.", Stricter::Unknown},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[50]", false, "", "Protects nothing.", Stricter::Neutral},
    {"message", ParamKind::Text, Bound::Any, "", false, "", "Protects nothing.", Stricter::Neutral},
    {"limits", ParamKind::SymbolLimits, Bound::AtLeastZero, "{}", false, "", "Each lower.", Stricter::Lower},
    {"default", ParamKind::Int, Bound::AtLeastZero, "", false, "", "Of other symbols.", Stricter::Lower},
    {"unknown_symbol", ParamKind::Choice, Bound::Any, "allow", false, "allow|block", "Not known.", Stricter::Unknown},
};
constexpr Param kOther[] = {
    {"limit", ParamKind::Money, Bound::BelowZero, "", true, "", "A required loss.", Stricter::Higher}};

std::span<const RuleSpec> registry() {
  static const RuleSpec specs[] = {{"gate", "A rule.", kGate, nullptr, nullptr},
                                   {"other", "Another.", kOther, nullptr, nullptr}};
  return specs;
}

std::vector<RuleConfig> rules(const std::string& yaml) {
  auto config = load_config_text("rules: {" + yaml + "}\n", "risk.yaml", {}, registry());
  if (!config) {
    ADD_FAILURE() << config.error().front().text();
    return {};
  }
  return config->rules;
}

std::vector<std::string> said(const Ratchet& result) {
  std::vector<std::string> out;
  const TradingDayConfig day{std::chrono::hours{17}, "America/Chicago"};
  for (const RuleChange& change : result.changes) out.push_back(sentence(change, day));
  return out;
}

// What a change of one key of `gate` does, and the value that counts from now on.
struct Changed {
  std::vector<std::string> said;
  ParamValue applied;
};
Changed change(const std::string& key, const std::string& from, const std::string& to) {
  const auto line = [&](const std::string& value) { return "gate: {" + key + ": " + value + "}"; };
  const Ratchet result = ratchet(rules(line(from)), rules(line(to)));
  const auto at = std::ranges::find(kGate, key, &Param::name) - std::begin(kGate);
  return {said(result), result.rules.front().values.at(static_cast<std::size_t>(at))};
}

constexpr const char* kReset = ", at the next reset (17:00 Chicago)";

TEST(Ratchet, ASmallerLossCountsNowALargerOneWaits) {
  const auto tighter = change("loss", "-1000", "-500");
  EXPECT_EQ(tighter.applied, ParamValue{Money::from_units(-500)});
  EXPECT_THAT(tighter.said, ElementsAre("gate.loss: -1000.00 -> -500.00, now"));
  const auto looser = change("loss", "-500", "-500.000000001");
  EXPECT_EQ(looser.applied, ParamValue{Money::from_units(-500)});
  EXPECT_THAT(looser.said, ElementsAre(std::string{"gate.loss: -500.00 -> -500.000000001"} + kReset));
  EXPECT_THAT(change("loss", "-500", "-500.00").said, IsEmpty());
}

TEST(Ratchet, ALowerCountCountsNowAHigherOneWaits) {
  EXPECT_EQ(change("count", "5", "4").applied, ParamValue{std::int64_t{4}});
  EXPECT_EQ(change("count", "5", "8").applied, ParamValue{std::int64_t{5}});
  EXPECT_THAT(change("count", "5", "8").said, ElementsAre(std::string{"gate.count: 5 -> 8"} + kReset));
}

TEST(Ratchet, ALimitThatIsLeftOutLimitsNothing) {
  EXPECT_EQ(change("per_hour", "none", "20").applied, ParamValue{std::int64_t{20}});
  EXPECT_THAT(change("per_hour", "none", "20").said, ElementsAre("gate.per_hour: none -> 20, now"));
  EXPECT_EQ(change("per_hour", "20", "none").applied, ParamValue{std::int64_t{20}});
  EXPECT_THAT(change("per_hour", "20", "none").said, ElementsAre(std::string{"gate.per_hour: 20 -> none"} + kReset));
}

TEST(Ratchet, DurationsGoTheWayTheirTableSays) {
  EXPECT_EQ(change("grace", "10s", "5s").applied, ParamValue{Duration{std::chrono::seconds{5}}});
  EXPECT_EQ(change("grace", "10s", "10001ms").applied, ParamValue{Duration{std::chrono::seconds{10}}});
  EXPECT_EQ(change("cooldown", "60s", "2m").applied, ParamValue{Duration{std::chrono::minutes{2}}});
  EXPECT_EQ(change("cooldown", "60s", "59s").applied, ParamValue{Duration{std::chrono::seconds{60}}});
}

TEST(Ratchet, SwitchesGoTheWayTheirTableSays) {
  EXPECT_EQ(change("with_costs", "false", "true").applied, ParamValue{true});
  EXPECT_EQ(change("with_costs", "true", "false").applied, ParamValue{true});
  EXPECT_EQ(change("lenient", "true", "false").applied, ParamValue{false});
  EXPECT_EQ(change("lenient", "false", "true").applied, ParamValue{false});
}

TEST(Ratchet, WhatIsNotKnownToBeStricterWaits) {
  EXPECT_EQ(change("basis", "total", "realized").applied, ParamValue{std::string{"total"}});
  EXPECT_EQ(change("basis", "realized", "total").applied, ParamValue{std::string{"realized"}});
  EXPECT_THAT(change("basis", "total", "realized").said,
              ElementsAre(std::string{"gate.basis: total -> realized"} + kReset));
}

TEST(Ratchet, WhatProtectsNothingCountsNow) {
  EXPECT_EQ(change("warn_at", "[50, 75]", "[]").applied, (ParamValue{std::vector<std::int64_t>{}}));
  EXPECT_THAT(change("message", "none", "enough").said, ElementsAre("gate.message: none -> enough, now"));
  EXPECT_THAT(change("message", "enough", "none").said, ElementsAre("gate.message: enough -> none, now"));
}

TEST(Ratchet, OfAListWhatIsAddedCountsNowWhatIsTakenAwayWaits) {
  const auto both = change("blocked", "[MNQ, ES]", "[ES, RTY]");
  EXPECT_EQ(both.applied, (ParamValue{Symbols{"MNQ", "ES", "RTY"}}));
  EXPECT_THAT(both.said, ElementsAre("gate.blocked: [MNQ, ES] -> [MNQ, ES, RTY], now",
                                     std::string{"gate.blocked: [MNQ, ES, RTY] -> [ES, RTY]"} + kReset));
}

TEST(Ratchet, EachSymbolHasTheLowerOfBothLimits) {
  EXPECT_EQ(change("limits", "{MNQ: 5, ES: 1}", "{MNQ: 3, ES: 2, NQ: 1}").applied,
            (ParamValue{SymbolLimits{{"ES", 1}, {"MNQ", 3}, {"NQ", 1}}}));
  EXPECT_EQ(change("limits", "{MNQ: 5}", "{}").applied, (ParamValue{SymbolLimits{{"MNQ", 5}}}));
}

SymbolLimits limits_after(const std::string& from, const std::string& to) {
  return ratchet(rules("gate: {" + from + "}"), rules("gate: {" + to + "}"))
      .rules.front()
      .get<SymbolLimits>("limits");
}

// A symbol without an entry has the default: an entry above it is looser, and one that is taken away may be stricter.
TEST(Ratchet, AnEntryIsComparedWithWhatHeldForTheSymbolWithoutIt) {
  EXPECT_EQ(limits_after("default: 2", "default: 2, limits: {MNQ: 5}"), (SymbolLimits{{"MNQ", 2}}));
  EXPECT_EQ(limits_after("default: 2", "default: 2, limits: {MNQ: 1}"), (SymbolLimits{{"MNQ", 1}}));
  EXPECT_EQ(limits_after("default: 2, limits: {MNQ: 5}", "default: 2"), (SymbolLimits{{"MNQ", 2}}));
  EXPECT_EQ(limits_after("unknown_symbol: block", "unknown_symbol: block, limits: {MNQ: 5}"),
            (SymbolLimits{{"MNQ", 0}}));
}

TEST(Ratchet, ADefaultForSymbolsThatWereBlockedIsLooser) {
  const auto after =
      ratchet(rules("gate: {unknown_symbol: block}"), rules("gate: {unknown_symbol: block, default: 4}"));
  EXPECT_FALSE(after.rules.front().has("default"));
  EXPECT_THAT(said(after), ElementsAre(std::string{"gate.default: none -> 4"} + kReset));
}

TEST(Ratchet, ARuleThatIsAddedCountsNowOneThatIsTakenAwayWaits) {
  const auto with = rules("gate: {}, other: {limit: -100}");
  for (const char* less : {"gate: {}", "gate: {}, other: {enabled: false, limit: -1}"}) {
    const auto without = rules(less);
    const auto added = ratchet(without, with);
    EXPECT_TRUE(same_rule(added.rules[1], with[1]));
    EXPECT_THAT(said(added), ElementsAre("other.enabled: false -> true, now"));
    const auto removed = ratchet(with, without);
    EXPECT_TRUE(same_rule(removed.rules[1], with[1]));
    EXPECT_THAT(said(removed), ElementsAre(std::string{"other.enabled: true -> false"} + kReset));
  }
}

TEST(Ratchet, AListWithoutARuleHasItOff) {
  const auto with = rules("gate: {}, other: {limit: -100}");
  const std::vector<RuleConfig> none;
  EXPECT_EQ(ratchet(with, none).rules.size(), 2U);
  EXPECT_TRUE(same_rule(ratchet(with, none).rules[1], with[1]));
  EXPECT_THAT(said(ratchet(none, with)),
              ElementsAre("gate.enabled: false -> true, now", "other.enabled: false -> true, now"));
}

TEST(Ratchet, TheResetIsNamedByItsOwnZone) {
  const RuleChange later{"a.b", "1", "2", false};
  EXPECT_EQ(sentence(later, {std::chrono::minutes{990}, "America/New_York"}),
            "a.b: 1 -> 2, at the next reset (16:30 New York)");
  EXPECT_EQ(sentence(later, {std::chrono::minutes{0}, "UTC"}), "a.b: 1 -> 2, at the next reset (00:00 UTC)");
}

TEST(Ratchet, EveryParameterOfTheProgramSaysWhichWayIsStricter) {
  const auto of = [](std::string_view rule, std::string_view name) {
    for (const RuleSpec& spec : rule_registry()) {
      const auto found = std::ranges::find(spec.params, name, &Param::name);
      if (spec.name == rule && found != spec.params.end()) return found->stricter;
    }
    ADD_FAILURE() << rule << "." << name;
    return Stricter::Unknown;
  };
  EXPECT_EQ(of("daily_loss", "max_loss"), Stricter::Higher);
  EXPECT_EQ(of("daily_loss", "include_costs"), Stricter::True);
  EXPECT_EQ(of("daily_loss", "warn_at"), Stricter::Neutral);
  EXPECT_EQ(of("daily_unrealized_loss", "limit"), Stricter::Higher);
  EXPECT_EQ(of("max_contracts", "max_contracts"), Stricter::Lower);
  EXPECT_EQ(of("max_contracts", "include_working_orders"), Stricter::True);
}

// ── of any two configurations ──
class Chance {
 public:
  explicit Chance(unsigned seed) : random_{seed} {}
  std::int64_t up_to(std::int64_t most) { return std::uniform_int_distribution<std::int64_t>{0, most}(random_); }

  std::vector<RuleConfig> configuration() {
    auto out = rules("gate: {}, other: {limit: -1}");
    for (RuleConfig& rule : out) {
      rule.enabled = up_to(5) != 0;
      for (std::size_t i = 0; i < rule.params.size(); ++i) rule.values[i] = value(rule.params[i]);
    }
    return out;
  }

 private:
  ParamValue value(const Param& param) {
    if (!param.required && param.default_text.empty() && up_to(2) == 0) return {};
    switch (param.kind) {
      case ParamKind::Bool:
        return up_to(1) == 1;
      case ParamKind::Int:
        return up_to(4);
      case ParamKind::Money:
        return Money::from_units(param.bound == Bound::BelowZero ? -1 - up_to(4) : 1 + up_to(4));
      case ParamKind::TimeSpan:
        return Duration{std::chrono::seconds{up_to(4)}};
      case ParamKind::Choice:
        return std::string{param.choices.substr(0, param.choices.find('|'))};
      case ParamKind::SymbolList: {
        Symbols list;
        for (const char* symbol : {"ES", "MNQ", "RTY"}) {
          if (up_to(1) == 1) list.emplace_back(symbol);
        }
        return list;
      }
      case ParamKind::SymbolLimits: {
        SymbolLimits limits;
        for (const char* symbol : {"ES", "MNQ", "RTY"}) {
          if (up_to(1) == 1) limits[symbol] = up_to(4);
        }
        return limits;
      }
      default:
        return param.kind == ParamKind::Text ? ParamValue{"note"} : ParamValue{std::vector<std::int64_t>{50}};
    }
  }
  std::mt19937 random_;
};

// How much a value lets through, as a number: written again here, so that the two can disagree.
std::int64_t slack(const Param& param, const ParamValue& value) {
  constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
  if (std::holds_alternative<std::monostate>(value)) return kAll;
  if (const auto* on = std::get_if<bool>(&value)) return *on == (param.stricter == Stricter::True) ? 0 : 1;
  const std::int64_t amount = std::holds_alternative<Money>(value)      ? std::get<Money>(value).nanos()
                              : std::holds_alternative<Duration>(value) ? std::get<Duration>(value).count()
                                                                        : std::get<std::int64_t>(value);
  return param.stricter == Stricter::Lower ? amount : -amount;
}

std::int64_t limit_of(const RuleConfig& rule, const std::string& symbol) {
  const auto& limits = rule.get<SymbolLimits>("limits");
  if (const auto entry = limits.find(symbol); entry != limits.end()) return entry->second;
  return rule.has("default") ? rule.get<std::int64_t>("default") : std::numeric_limits<std::int64_t>::max();
}

void expect_not_looser(const RuleConfig& applied, const RuleConfig& side) {
  if (!side.enabled) return;
  ASSERT_TRUE(applied.enabled);
  for (std::size_t i = 0; i < side.params.size(); ++i) {
    const Param& param = side.params[i];
    SCOPED_TRACE(param.name);
    if (param.stricter == Stricter::Unknown || param.stricter == Stricter::Neutral) continue;
    if (param.kind == ParamKind::SymbolLimits) {
      for (const char* symbol : {"ES", "MNQ", "RTY", "CL"})
        EXPECT_LE(limit_of(applied, symbol), limit_of(side, symbol)) << symbol;
    } else if (param.kind == ParamKind::SymbolList) {
      for (const std::string& symbol : std::get<Symbols>(side.values[i]))
        EXPECT_NE(std::ranges::find(std::get<Symbols>(applied.values[i]), symbol),
                  std::get<Symbols>(applied.values[i]).end());
    } else {
      EXPECT_LE(slack(param, applied.values[i]), slack(param, side.values[i]));
    }
  }
}

TEST(RatchetProperty, WhatIsAppliedIsNeverLooserThanEitherAndApplyingAgainChangesNothing) {
  Chance chance{20261122};
  for (int round = 0; round < 3000 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    const auto in_force = chance.configuration();
    const auto wanted = chance.configuration();
    const Ratchet once = ratchet(in_force, wanted);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      expect_not_looser(once.rules[i], in_force[i]);
      expect_not_looser(once.rules[i], wanted[i]);
    }
    const Ratchet again = ratchet(once.rules, wanted);
    EXPECT_TRUE(std::ranges::equal(again.rules, once.rules, same_rule));
    EXPECT_TRUE(std::ranges::none_of(again.changes, &RuleChange::now)) << "nothing is left that counts now";
    EXPECT_THAT(ratchet(wanted, wanted).changes, IsEmpty());
  }
}

}  // namespace
}  // namespace rm::test
