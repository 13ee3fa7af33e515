// Every key that the specification of the rules names is in the registry, with its default, and in the reference.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "rules/registry.h"

namespace rm::test {
namespace {

struct Key {
  const char *rule, *key, *default_text;
  const char* allowed;  // words that have to stand in its row, parted by blanks
};

constexpr const char* kNone = "";

// Literally: a key that is taken out of a rule, renamed, or given another default makes this red.
constexpr Key kKeys[] = {
    {"max_contracts", "max_contracts", kNone, "required"},
    {"max_contracts", "count", "gross", "gross net"},
    {"max_contracts", "on_breach", "reduce", "reduce flatten"},
    {"max_contracts", "include_working_orders", "false", "true false"},
    {"max_contracts_per_instrument", "limits", kNone, "required"},
    {"max_contracts_per_instrument", "default", kNone, "none"},
    {"max_contracts_per_instrument", "unknown_symbol", "allow", "allow block"},
    {"max_contracts_per_instrument", "on_breach", "reduce", "reduce close"},
    {"max_contracts_per_instrument", "include_working_orders", "false", "true false"},
    {"daily_loss", "max_loss", kNone, "below required"},
    {"daily_loss", "basis", "total", "total realized"},
    {"daily_loss", "include_costs", "true", "true false"},
    {"daily_loss", "warn_at", "[50, 75, 90]", "percents"},
    {"daily_unrealized_loss", "limit", kNone, "below required"},
    {"daily_unrealized_loss", "scope", "position", "position account"},
    {"max_unrealized_profit", "target", kNone, "above required"},
    {"max_unrealized_profit", "scope", "position", "position account"},
    {"trade_frequency_limit", "per_minute", kNone, "none"},
    {"trade_frequency_limit", "per_hour", kNone, "none"},
    {"trade_frequency_limit", "per_session", kNone, "none"},
    {"trade_frequency_limit", "cooldown.per_minute", "60s", "until_reset"},
    {"trade_frequency_limit", "cooldown.per_hour", "30m", "until_reset"},
    {"trade_frequency_limit", "cooldown.per_session", "until_reset", "until_reset"},
    {"cooldown_after_loss", "tiers", kNone, "loss: cooldown: required"},
    {"cooldown_after_loss", "basis", "round_trip", "round_trip fill"},
    {"no_stop_loss_grace", "grace", "10s", "duration"},
    {"session_block_outside", "timezone", "America/Chicago", "zone"},
    {"session_block_outside", "sessions", kNone, "days: start: end:"},
    {"session_block_outside", "per_symbol", kNone, "days: start: end:"},
    {"session_block_outside", "holidays.calendar", "none", "none cme path"},
    {"session_block_outside", "holidays.early_close", "true", "true false"},
    {"session_block_outside", "flatten_before_end", "0s", "duration"},
    {"symbol_blocks", "symbols", kNone, "required"},
    {"trade_management", "auto_breakeven.trigger_ticks", kNone, "number"},
    {"trade_management", "auto_breakeven.offset_ticks", "0", "number"},
    {"trade_management", "trailing_stop.activation_ticks", "0", "number"},
    {"trade_management", "trailing_stop.distance_ticks", kNone, "number"},
    {"trade_management", "create_stop", "false", "true false"},
    {"daily_realized_profit", "target", kNone, "above required"},
    {"daily_realized_profit", "basis", "realized", "realized total"},
    {"daily_realized_profit", "include_costs", "true", "true false"},
    {"daily_realized_profit", "message", kNone, "text"},
};
// In the order of the registry, which is that of the violations of one event.
constexpr const char* kRules[] = {"max_contracts",
                                  "max_contracts_per_instrument",
                                  "daily_loss",
                                  "daily_unrealized_loss",
                                  "max_unrealized_profit",
                                  "trade_frequency_limit",
                                  "cooldown_after_loss",
                                  "no_stop_loss_grace",
                                  "session_block_outside",
                                  "auth_loss_guard",
                                  "symbol_blocks",
                                  "trade_management",
                                  "daily_realized_profit"};

// The section of one rule in the page for people.
std::string section(const std::string& page, const std::string& rule) {
  const auto begin = page.find("### `rules." + rule + "`");
  return begin == std::string::npos ? "" : page.substr(begin, page.find("\n### ", begin + 1) - begin);
}

std::string row(const std::string& section, const std::string& key) {
  const auto begin = section.find("\n| `" + key + "` |");
  return begin == std::string::npos ? "" : section.substr(begin + 1, section.find('\n', begin + 1) - begin - 1);
}

TEST(RuleKeys, ThereAreThirteenRulesInTheirOrder) {
  std::vector<std::string_view> names;
  for (const RuleSpec& spec : rule_registry()) names.push_back(spec.name);
  EXPECT_THAT(names, ::testing::ElementsAreArray(kRules));
}

TEST(RuleKeys, EveryKeyOfTheSpecificationIsThereWithItsDefault) {
  for (const Key& key : kKeys) {
    SCOPED_TRACE(std::string{key.rule} + "." + key.key);
    const RuleSpec* spec = find_rule(key.rule);
    ASSERT_NE(spec, nullptr);
    const auto param = std::ranges::find(spec->params, std::string_view{key.key}, &Param::name);
    ASSERT_NE(param, spec->params.end());
    EXPECT_EQ(param->default_text, key.default_text);
  }
}

TEST(RuleKeys, EveryKeyOfTheSpecificationIsInTheReferenceForPeople) {
  std::ostringstream text;
  text << std::ifstream{std::string{RM_SOURCE_DIR} + "/docs/configuration.md"}.rdbuf();
  for (const char* rule : kRules) EXPECT_NE(row(section(text.str(), rule), "enabled"), "") << rule;
  for (const Key& key : kKeys) {
    SCOPED_TRACE(std::string{key.rule} + "." + key.key);
    const std::string found = row(section(text.str(), key.rule), key.key);
    ASSERT_NE(found, "");
    EXPECT_THAT(found, ::testing::HasSubstr(key.default_text));
    std::istringstream words{key.allowed};
    for (std::string word; words >> word;) EXPECT_THAT(found, ::testing::HasSubstr(word));
  }
}

}  // namespace
}  // namespace rm::test
