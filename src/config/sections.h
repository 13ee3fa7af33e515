#pragma once
// The readers of the parts of the file, one .cpp each. Each reports what is wrong and goes on with defaults.

#include <string>
#include <vector>

#include "config/config.h"
#include "config/section.h"
#include "rules/registry.h"

namespace rm {

// What the readers share: where relative paths start, where problems go.
struct ReadContext {
  Report& report;
  std::string folder;  // of the configuration file, absolute
  BrokerTime today;    // by the computer's clock
  std::vector<std::string>& warnings;
};

[[nodiscard]] TradingDayConfig read_trading_day(const Node* node, const ReadContext& context);
[[nodiscard]] ValuationConfig read_valuation(const Node* node, const ReadContext& context);
[[nodiscard]] BlindConfig read_on_blind(const Node* node, const ReadContext& context);
[[nodiscard]] LogConfig read_log(const Node* node, const ReadContext& context);
[[nodiscard]] JournalConfig read_journal(const Node* node, const ReadContext& context);
[[nodiscard]] NotifyConfig read_notify(const Node* node, const ReadContext& context);
[[nodiscard]] GatewayConfig read_gateway(const Node* gateway, const Node* firm, const ReadContext& context,
                                         const std::string& prefix = {});  // of the key paths

struct Accounts {
  bool all = true;
  std::vector<AccountConfig> list;
  bool any_rule_section = false;
};
[[nodiscard]] Accounts read_accounts(const Node* node, const std::vector<RuleConfig>& common,
                                     std::span<const RuleSpec> registry, const ReadContext& context,
                                     const std::string& path = "accounts");

struct Logins {
  std::vector<LoginConfig> list;
  bool any_rule_section = false;
};
[[nodiscard]] Logins read_logins(const Node& node, const std::vector<RuleConfig>& common,
                                 std::span<const RuleSpec> registry, const ReadContext& context);

struct Rules {
  std::vector<RuleConfig> list;  // one per entry of the registry
  bool any_section = false;
};
// `common`: the rules that these override; nullptr: these are the common ones.
[[nodiscard]] Rules read_rules(const Node* node, const std::string& path, const std::vector<RuleConfig>* common,
                               std::span<const RuleSpec> registry, const ReadContext& context);

// The path that is the value of `key`, as an absolute one; empty stays empty. "~" is nobody's home here: reported.
[[nodiscard]] std::string read_path(Section& section, std::string_view key, const RuleConfig& values,
                                    const ReadContext& context);

// A section that a settings table describes, as values that can be asked by name.
[[nodiscard]] RuleConfig read_table(Section& section, std::string_view table, const ReadContext& context);

// The text of an optional Text parameter; empty when left out.
[[nodiscard]] std::string text_of(const RuleConfig& values, std::string_view name);

}  // namespace rm
