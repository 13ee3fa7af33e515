#include "cli/check_config.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <ostream>

#include "config/load.h"
#include "config/print.h"
#include "domain/counted.h"

namespace rm {
namespace {

constexpr int kValid = 0;
constexpr int kInvalid = 2;

// "2 rules enabled: daily_loss, max_contracts". That nothing is guarded is said aloud: `enabled: false` everywhere is
// allowed.
std::string rules_text(const std::vector<RuleConfig>& rules) {
  std::vector<std::string_view> names;
  for (const RuleConfig& rule : rules) {
    if (rule.enabled) names.push_back(rule.rule);
  }
  if (names.empty()) return "no rule enabled: nothing is guarded";
  return fmt::format("{} rule{} enabled: {}", names.size(), names.size() == 1 ? "" : "s", fmt::join(names, ", "));
}

std::string account_text(const AccountConfig& account) {
  const std::string chosen =
      account.id ? fmt::format("account {}", account.id->value()) : fmt::format("account '{}'", account.name);
  return fmt::format("{}: {}", chosen, rules_text(account.rules));
}

}  // namespace

int check_config(const std::string& path, bool print, Environment environment, std::span<const RuleSpec> registry,
                 std::ostream& out, std::ostream& err) {
  const auto config = load_config(path, environment, registry);
  if (!config) {
    for (const Problem& problem : config.error()) fmt::print(err, "{}\n", problem.text());
    fmt::print(err, "risk-manager: {} is not valid: {} to correct\n", printable(path, 300),
               counted(config.error().size(), "problem"));
    return kInvalid;
  }
  for (const std::string& warning : config->warnings)
    fmt::print(err, "{}: warning: {}\n", printable(path, 300), warning);
  if (print) {
    out << to_yaml(*config) << std::flush;
    return kValid;
  }
  fmt::print(out, "{}: valid, {}\n", printable(path, 300), rules_text(config->rules));
  for (const AccountConfig& account : config->accounts) {
    if (!account.rules.empty()) fmt::print(out, "{}: {}\n", printable(path, 300), account_text(account));
  }
  for (const LoginConfig& login : config->logins) {
    fmt::print(out, "{}: login '{}' at {}: {}\n", printable(path, 300), login.name, login.gateway.api_url,
               login.all_accounts ? "all accounts" : fmt::format("{} accounts", login.accounts.size()));
    for (const AccountConfig& account : login.accounts) {
      if (!account.rules.empty()) fmt::print(out, "{}: {}\n", printable(path, 300), account_text(account));
    }
  }
  out.flush();
  return kValid;
}

}  // namespace rm
