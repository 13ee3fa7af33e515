// One table of every kind of value: what is read, what is refused and how the refusal reads.

#include "unit/config/table.h"

namespace rm::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Good {
  const char* line;
  const char* key;
  ParamValue value;
};

TEST(Value, IsReadExactly) {
  const Good cases[] = {
      {"flag: true", "flag", true},
      {"flag: TRUE", "flag", true},
      {"flag: \"false\"", "flag", false},
      {"count: 0", "count", std::int64_t{0}},
      {"count: 1000000", "count", std::int64_t{1'000'000}},
      {"above: 1", "above", std::int64_t{1}},
      {"above: none", "above", std::monostate{}},
      {"above: ~", "above", std::monostate{}},
      {"signed: -7", "signed", std::int64_t{-7}},
      {"loss: -0.000000001", "loss", Money::from_nanos(-1)},
      {"loss: -1000.10", "loss", Money::from_cents(-100'010)},
      {"loss: '-500'", "loss", Money::from_units(-500)},
      {"gain: 0.1", "gain", Money::from_cents(10)},
      {"basis: realized", "basis", std::string{"realized"}},
      {"warn_at: []", "warn_at", std::vector<std::int64_t>{}},
      {"warn_at: [1, 99]", "warn_at", std::vector<std::int64_t>{1, 99}},
      {"grace: 0s", "grace", Duration{0}},
      {"grace: 500ms", "grace", Duration{milliseconds{500}}},
      {"grace: 2h", "grace", Duration{hours{2}}},
      {"grace: 8784h", "grace", Duration{hours{8784}}},
      {"note: \"a: b # c\"", "note", std::string{"a: b # c"}},
      {"symbols: [mnq, F.US.EP, 6E]", "symbols", std::vector<std::string>{"MNQ", "F.US.EP", "6E"}},
      {"limits: {mnq: 3, ES: 0}", "limits", SymbolLimits{{"ES", 0}, {"MNQ", 3}}},
      {"weights: {mnq: 0.1, ES: 1, NQ: 2.5, \"6E\": 1.0}", "weights",
       SymbolWeights{{{"6E", 10}, {"ES", 10}, {"MNQ", 1}, {"NQ", 25}}}},
      {"rest: {short: 1ms}", "rest.short", Cooldown{milliseconds{1}}},
      {"rest: {short: until_reset}", "rest.short", Cooldown{}},
      {"rest: {long: 30m}", "rest.long", Cooldown{std::chrono::minutes{30}}},
      {"tiers: [{loss: -0.01, cooldown: 1ms}]", "tiers", LossTiers{{Money::from_cents(-1), milliseconds{1}}}},
      {"tiers: [{cooldown: 5m, loss: -100}, {loss: -100.01, cooldown: 5m}, {loss: -200, cooldown: 1h}]", "tiers",
       LossTiers{{Money::from_units(-100), std::chrono::minutes{5}},
                 {Money::from_cents(-10'001), std::chrono::minutes{5}},
                 {Money::from_units(-200), hours{1}}}},
  };
  for (const Good& c : cases) {
    SCOPED_TRACE(c.line);
    const Config config = valid(alpha(c.line));
    const RuleConfig& read = rule(config, "alpha");
    const auto index = std::ranges::find(read.params, std::string_view{c.key}, &Param::name) - read.params.begin();
    EXPECT_EQ(read.values[static_cast<std::size_t>(index)], c.value);
  }
}

struct Bad {
  const char* line;
  const char* problem;  // what follows the file name
};

TEST(Value, IsRefusedWithPlaceValueAndWhatIsAllowed) {
  constexpr const char* kCount = ", allowed a whole number of 0 or more, at most 1000000";
  constexpr const char* kLoss = ", allowed an amount of money below 0, like -1000.00";
  constexpr const char* kPercents =
      ", allowed a list of whole percents from 1 to 99 in ascending order, like [50, 75, 90]";
  constexpr const char* kRest = ", allowed a duration above 0, like 60s, 30m or 2h, at most 8784h, or until_reset";
  constexpr const char* kTiers =
      ", allowed a list of losses and cooldowns, the mildest first, like [{loss: -100.00, cooldown: 5m}, {loss: "
      "-250.00, cooldown: 30m}]";
  constexpr const char* kTierLoss = ", allowed an amount of money below 0, like -100.00";
  constexpr const char* kTierRest = ", allowed a duration above 0, like 30s, 5m or 2h, at most 8784h";
  constexpr const char* kGrace = ", allowed a duration of 0 or more, like 500ms, 10s, 5m or 2h, at most 8784h";
  constexpr const char* kWeight = ", allowed a number above 0 with at most one decimal, like 0.1";
  const std::pair<Bad, const char*> cases[] = {
      {{"flag: yes", ":3:11: rules.alpha.flag: found 'yes'"}, ", allowed true or false"},
      {{"flag: 1", ":3:11: rules.alpha.flag: found '1'"}, ", allowed true or false"},
      {{"flag:", ":3:5: rules.alpha.flag: found nothing"}, ", allowed true or false"},
      {{"count: -1", ":3:12: rules.alpha.count: found '-1'"}, kCount},
      {{"count: 5.0", ":3:12: rules.alpha.count: found '5.0'"}, kCount},
      {{"count: 0x10", ":3:12: rules.alpha.count: found '0x10'"}, kCount},
      {{"count: 1_000", ":3:12: rules.alpha.count: found '1_000'"}, kCount},
      {{"count: 010", ":3:12: rules.alpha.count: found '010'"}, kCount},
      {{"count: +5", ":3:12: rules.alpha.count: found '+5'"}, kCount},
      {{"count: 1000001", ":3:12: rules.alpha.count: found '1000001'"}, kCount},
      {{"count: 99999999999999999999", ":3:12: rules.alpha.count: found '99999999999999999999'"}, kCount},
      {{"count: [5]", ":3:12: rules.alpha.count: found a list"}, kCount},
      {{"count: {a: 5}", ":3:12: rules.alpha.count: found a mapping"}, kCount},
      {{"count: none", ":3:12: rules.alpha.count: found 'none'"}, kCount},
      {{"above: 0", ":3:12: rules.alpha.above: found '0'"}, ", allowed a whole number above 0, at most 1000000"},
      {{"loss: 0", ":3:11: rules.alpha.loss: found '0'"}, kLoss},
      {{"loss: 1000.0", ":3:11: rules.alpha.loss: found '1000.0'"}, kLoss},
      {{"loss: -.inf", ":3:11: rules.alpha.loss: found '-.inf'"}, kLoss},
      {{"loss: .nan", ":3:11: rules.alpha.loss: found '.nan'"}, kLoss},
      {{"loss: -1_000", ":3:11: rules.alpha.loss: found '-1_000'"}, kLoss},
      {{"loss: -0x3E8", ":3:11: rules.alpha.loss: found '-0x3E8'"}, kLoss},
      {{"loss: -1000 $", ":3:11: rules.alpha.loss: found '-1000 $'"}, kLoss},
      {{"loss: '-1,000'", ":3:11: rules.alpha.loss: found '-1,000'"}, kLoss},
      {{"loss: -0.0000000001", ":3:11: rules.alpha.loss: found '-0.0000000001'"}, kLoss},
      {{"loss: -99999999999", ":3:11: rules.alpha.loss: found '-99999999999'"}, kLoss},
      {{"basis: realised", ":3:12: rules.alpha.basis: found 'realised'"},
       ", allowed one of total, realized, did you mean 'realized'?"},
      {{"basis: Total", ":3:12: rules.alpha.basis: found 'Total'"},
       ", allowed one of total, realized, did you mean 'total'?"},
      {{"warn_at: 50", ":3:14: rules.alpha.warn_at: found '50'"}, kPercents},
      {{"warn_at: [75, 50]", ":3:19: rules.alpha.warn_at[1]: found '50'"}, kPercents},
      {{"warn_at: [50, 50]", ":3:19: rules.alpha.warn_at[1]: found '50'"}, kPercents},
      {{"warn_at: [0]", ":3:15: rules.alpha.warn_at[0]: found '0'"}, kPercents},
      {{"warn_at: [100]", ":3:15: rules.alpha.warn_at[0]: found '100'"}, kPercents},
      {{"grace: 10", ":3:12: rules.alpha.grace: found '10'"}, kGrace},
      {{"grace: -1s", ":3:12: rules.alpha.grace: found '-1s'"}, kGrace},
      {{"grace: 1.5s", ":3:12: rules.alpha.grace: found '1.5s'"}, kGrace},
      {{"grace: 10 s", ":3:12: rules.alpha.grace: found '10 s'"}, kGrace},
      {{"grace: s", ":3:12: rules.alpha.grace: found 's'"}, kGrace},
      {{"grace: 8785h", ":3:12: rules.alpha.grace: found '8785h'"}, kGrace},
      {{"grace: 9223372036854775807h", ":3:12: rules.alpha.grace: found '9223372036854775807h'"}, kGrace},
      {{"note: [a]", ":3:11: rules.alpha.note: found a list"}, ", allowed a text"},
      {{"note: \"a\\nb\"", ":3:11: rules.alpha.note: found 'a\\x0ab'"}, ", allowed a text"},
      {{"note: ''", ":3:11: rules.alpha.note: found ''"}, ", allowed a text"},
      {{"symbols: [MNQ, mnq]", ":3:20: rules.alpha.symbols[1]: found 'mnq'"},
       ", allowed a list of different symbols, like [MNQ, ES]"},
      {{"symbols: [M Q]", ":3:15: rules.alpha.symbols[0]: found 'M Q'"},
       ", allowed a list of different symbols, like [MNQ, ES]"},
      {{"limits: {MNQ: -1}", ":3:19: rules.alpha.limits.MNQ: found '-1'"}, ", allowed a whole number of 0 or more"},
      {{"limits: [MNQ]", ":3:13: rules.alpha.limits: found a list"},
       ", allowed a mapping of each symbol to a whole number of 0 or more, like {MNQ: 3, ES: 1}"},
      {{"limits: {MNQ: 1, mnq: 2}", ":3:22: rules.alpha.limits.mnq: the symbol MNQ has two limits, allowed one"}, ""},
      {{"limits: {M$: 1}", ":3:14: rules.alpha.limits.M$: found 'M$' as a symbol"},
       ", allowed the product as people write it, like MNQ or 6E"},
      {{"limits: {\"M*\": 1}", ":3:14: rules.alpha.limits.M*: found 'M*' as a symbol"},
       ", allowed the product as people write it, like MNQ or 6E"},
      {{"weights: {MNQ: 0.25}", ":3:20: rules.alpha.weights.MNQ: found '0.25'"}, kWeight},
      {{"weights: {MNQ: 0}", ":3:20: rules.alpha.weights.MNQ: found '0'"}, kWeight},
      {{"weights: {MNQ: 0.0}", ":3:20: rules.alpha.weights.MNQ: found '0.0'"}, kWeight},
      {{"weights: {MNQ: -0.1}", ":3:20: rules.alpha.weights.MNQ: found '-0.1'"}, kWeight},
      {{"weights: {MNQ: .1}", ":3:20: rules.alpha.weights.MNQ: found '.1'"}, kWeight},
      {{"weights: {MNQ: 1.}", ":3:20: rules.alpha.weights.MNQ: found '1.'"}, kWeight},
      {{"weights: {MNQ: 1e-1}", ":3:20: rules.alpha.weights.MNQ: found '1e-1'"}, kWeight},
      {{"weights: {MNQ: 0.1, mnq: 0.2}",
        ":3:25: rules.alpha.weights.mnq: the symbol MNQ has two weights, allowed one"},
       ""},
      {{"weights: 0.1", ":3:14: rules.alpha.weights: found '0.1'"},
       ", allowed a mapping of each symbol to a number above 0 with at most one decimal, like {MNQ: 0.1, ES: 1}"},
      {{"rest: {short: 0s}", ":3:19: rules.alpha.rest.short: found '0s'"}, kRest},
      {{"rest: {short: 60}", ":3:19: rules.alpha.rest.short: found '60'"}, kRest},
      {{"rest: {short: until reset}", ":3:19: rules.alpha.rest.short: found 'until reset'"}, kRest},
      {{"rest: {short: [60s]}", ":3:19: rules.alpha.rest.short: found a list"}, kRest},
      {{"rest: {shrt: 60s}", ":3:12: rules.alpha.rest.shrt: unknown key, did you mean 'short'?"}, ""},
      {{"rest: 60s", ":3:11: rules.alpha.rest: found a plain value, allowed a mapping of keys to values"}, ""},
      {{"tiers: []", ":3:12: rules.alpha.tiers: found a list"}, kTiers},
      {{"tiers: {loss: -100, cooldown: 5m}", ":3:12: rules.alpha.tiers: found a mapping"}, kTiers},
      {{"tiers: [-100]", ":3:13: rules.alpha.tiers[0]: found '-100'"},
       ", allowed a mapping like {loss: -100.00, cooldown: 5m}"},
      {{"tiers: [{loss: -100}]", ":3:13: rules.alpha.tiers[0].cooldown: found nothing"}, kTierRest},
      {{"tiers: [{cooldown: 5m}]", ":3:13: rules.alpha.tiers[0].loss: found nothing"}, kTierLoss},
      {{"tiers: [{loss: 0, cooldown: 5m}]", ":3:20: rules.alpha.tiers[0].loss: found '0'"}, kTierLoss},
      {{"tiers: [{loss: -100, cooldown: 0s}]", ":3:36: rules.alpha.tiers[0].cooldown: found '0s'"}, kTierRest},
      {{"tiers: [{loss: -100, cooldown: until_reset}]", ":3:36: rules.alpha.tiers[0].cooldown: found 'until_reset'"},
       kTierRest},
      {{"tiers: [{loss: -100, cooldown: 5m, lock: hard}]", ":3:40: rules.alpha.tiers[0].lock: unknown key"}, ""},
      {{"tiers: [{loss: -200, cooldown: 5m}, {loss: -100, cooldown: 9m}]",
        ":3:48: rules.alpha.tiers[1].loss: found '-100'"},
       ", allowed a loss worse than -200.00, that of the tier before it"},
      {{"tiers: [{loss: -200, cooldown: 5m}, {loss: -200, cooldown: 9m}]",
        ":3:48: rules.alpha.tiers[1].loss: found '-200'"},
       ", allowed a loss worse than -200.00, that of the tier before it"},
      {{"tiers: [{loss: -100, cooldown: 5m}, {loss: -200, cooldown: 299s}]",
        ":3:64: rules.alpha.tiers[1].cooldown: found '299s'"},
       ", allowed not shorter than 5m, that of the milder tier before it"},
  };
  for (const auto& [bad, allowed] : cases) {
    SCOPED_TRACE(bad.line);
    EXPECT_THAT(problems(alpha(bad.line)), ElementsAre(std::string{"/etc/risk/risk.yaml"} + bad.problem + allowed));
  }
}

TEST(Value, LongOrHostileTextIsCutAndDefusedInTheProblem) {
  EXPECT_THAT(problems(alpha("count: " + std::string(500, 'x'))),
              ElementsAre(HasSubstr("found '" + std::string(60, 'x') + "…', allowed")));
  EXPECT_THAT(problems(alpha("count: \"\\e[2J\\x9b\"")), ElementsAre(HasSubstr("found '\\x1b[2J\\u009b', allowed")));
}

TEST(Value, PrintableTextIsWholeCharactersOnly) {
  EXPECT_EQ(printable("\xC3\xA4\xC2\xC2\x80\xFFz"), "\xC3\xA4\\xc2\\u0080\\xffz");
  EXPECT_EQ(printable("a\xC3\xA4"
                      "b",
                      2),
            "a\xC3\xA4…");
  EXPECT_EQ(printable("ab", 2), "ab");
}

TEST(Value, DefaultsAreThoseOfTheTable) {
  const Config config = valid("rules: {alpha: {}}");
  const RuleConfig& read = rule(config, "alpha");
  EXPECT_FALSE(read.get<bool>("flag"));
  EXPECT_EQ(read.get<std::int64_t>("count"), 3);
  EXPECT_FALSE(read.has("above"));
  EXPECT_EQ(read.get<Money>("loss"), Money::from_units(-100));
  EXPECT_EQ(read.get<std::string>("basis"), "total");
  EXPECT_THAT(read.get<std::vector<std::int64_t>>("warn_at"), ElementsAre(50, 75, 90));
  EXPECT_EQ(read.get<Duration>("grace"), seconds{10});
  EXPECT_EQ(read.get<Cooldown>("rest.short"), Cooldown{seconds{60}});
  EXPECT_EQ(read.get<Cooldown>("rest.long"), Cooldown{});
  EXPECT_FALSE(read.has("tiers"));
}

}  // namespace
}  // namespace rm::test
