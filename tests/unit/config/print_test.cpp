#include "config/print.h"

#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::HasSubstr;

TEST(Print, IsCompleteAndReadsBackAsTheSameConfiguration) {
  const char* texts[] = {
      "rules: {beta: {limit: -1000.0}}",
      "rules: {alpha: {}}",
      "rules: {alpha: {enabled: false}}",
      "rules: {alpha: {flag: true, count: 0, above: 2, signed: -4, loss: -0.000000001, gain: 12.5, basis: realized, "
      "warn_at: [], grace: 90s,"
      " note: \"it's \\\"#1\\\": {x} \\\\ ä\", symbols: [MNQ, \"6E\", \"M*\"], limits: {ES: 1, MNQ: 0}, weights: "
      "{ES: 1, "
      "MNQ: 0.1, NQ: 12.5}}}",
      "firm: tradeify\nrules: {beta: {limit: -1}}\naccounts: [all, {id: 7, rules: {beta: {enabled: false}}}, {name: "
      "\"none\"}, {name: \"- a: b\", rules: {alpha: {above: 3}}}]",
      "rules: {alpha: {rest: {short: until_reset, long: 90s}, tiers: [{loss: -100.5, cooldown: 90s}, {loss: -200, "
      "cooldown: 2h}]}}",
      "rules: {alpha: {above: 5}}\naccounts: [{id: 7, rules: {alpha: {above: none}}}]",
      "rules: {alpha: {note: \"null\"}}\nlog: {dir: /a b, level: trace, format: both, keep: 1}\nnotify: {command: "
      "[x, \"\", \"~\", \"a,b\", \"-\"]}\n"
      "trading_day: {reset: 00:00, timezone: Asia/Tokyo}\nvaluation: {mark: mid, stale_after: "
      "1500ms}\ncredentials_file: ./login\ngateway: {ca_file: x.pem}",
  };
  for (const char* text : texts) {
    SCOPED_TRACE(text);
    const Config config = valid(text);
    EXPECT_EQ(valid(to_yaml(config)), config) << to_yaml(config);
    EXPECT_EQ(to_yaml(valid(to_yaml(config))), to_yaml(config));
  }
}

TEST(Print, ShowsTheDefaultsThatWereApplied) {
  const std::string text = to_yaml(valid("rules: {beta: {limit: -1000.0}}"));
  for (const char* line :
       {"api_url: \"https://api.topstepx.com\"\n", "reset: \"17:00\"\n", "stale_after: 30s\n", "keep: 10\n",
        "accounts: all\n", "  beta:\n    enabled: true\n    limit: -1000.00\n    scope: position\n",
        "  alpha:\n    enabled: false\n", "command: []\n", "credentials_file: none\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

// Each field changed once is noticed: without this, reading back "the same" would prove nothing.
TEST(Print, EqualityNoticesEveryField) {
  const std::string base = "rules: {alpha: {}}\naccounts: [{id: 1}, {name: A}]\n";
  const Config same = valid(base);
  EXPECT_EQ(same, valid(base));
  const char* changes[] = {
      "firm: e8\n",
      "gateway: {ca_file: /x}\n",
      "trading_day: {reset: \"16:00\"}\n",
      "trading_day: {timezone: UTC}\n",
      "valuation: {mark: mid}\n",
      "valuation: {stale_after: 1s}\n",
      "log: {dir: /x}\n",
      "journal: {keep_mb: 1}\n",
      "log: {level: warn}\n",
      "log: {rotate_mb: 1}\n",
      "log: {keep: 1}\n",
      "log: {format: text}\n",
      "notify: {command: [x]}\n",
      "credentials_file: /x\n",
  };
  for (const char* change : changes) EXPECT_FALSE(same == valid(base + change)) << change;
  const char* others[] = {
      "rules: {alpha: {count: 4}}\naccounts: [{id: 1}, {name: A}]\n",
      "rules: {alpha: {enabled: false}}\naccounts: [{id: 1}, {name: A}]\n",
      "rules: {alpha: {rest: {short: 61s}}}\naccounts: [{id: 1}, {name: A}]\n",
      "rules: {alpha: {rest: {short: until_reset}}}\naccounts: [{id: 1}, {name: A}]\n",
      "rules: {alpha: {tiers: [{loss: -1, cooldown: 1s}]}}\naccounts: [{id: 1}, {name: A}]\n",
      "rules: {alpha: {}, beta: {limit: -1}}\naccounts: [{id: 1}, {name: A}]\n",
      "rules: {alpha: {}}\naccounts: [{id: 2}, {name: A}]\n",
      "rules: {alpha: {}}\naccounts: [{id: 1}, {name: B}]\n",
      "rules: {alpha: {}}\naccounts: [{id: 1}]\n",
      "rules: {alpha: {}}\naccounts: [all, {id: 1}, {name: A}]\n",
      "rules: {alpha: {}}\naccounts: [{id: 1, rules: {alpha: {count: 4}}}, {name: A}]\n",
  };
  for (const char* other : others) EXPECT_FALSE(same == valid(other)) << other;
}

}  // namespace
}  // namespace rm::test
