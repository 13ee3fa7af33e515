#include "config/config.h"

#include <algorithm>

namespace rm {

const AccountConfig* Config::find_account(AccountId id, std::string_view name) const {
  const auto by_id = std::ranges::find_if(accounts, [&](const AccountConfig& a) { return a.id == id; });
  if (by_id != accounts.end()) return &*by_id;
  const auto by_name =
      std::ranges::find_if(accounts, [&](const AccountConfig& a) { return !a.id && a.name == name; });
  return by_name == accounts.end() ? nullptr : &*by_name;
}

bool Config::guards(AccountId id, std::string_view name) const {
  return all_accounts || find_account(id, name) != nullptr;
}

std::vector<RuleConfig> Config::rules_for(AccountId id, std::string_view name) const {
  std::vector<RuleConfig> enabled;
  if (!guards(id, name)) return enabled;
  const AccountConfig* account = find_account(id, name);
  const bool own = account != nullptr && !account->rules.empty();
  std::ranges::copy_if(own ? account->rules : rules, std::back_inserter(enabled), &RuleConfig::enabled);
  return enabled;
}

bool same_rule(const RuleConfig& a, const RuleConfig& b) {
  return a.rule == b.rule && a.enabled == b.enabled && a.values == b.values;
}

bool operator==(const AccountConfig& a, const AccountConfig& b) {
  return a.id == b.id && a.name == b.name && std::ranges::equal(a.rules, b.rules, same_rule);
}

bool operator==(const LoginConfig& a, const LoginConfig& b) {
  return a.name == b.name && a.gateway == b.gateway && a.credentials_file == b.credentials_file &&
         a.all_accounts == b.all_accounts && a.accounts == b.accounts;
}

bool operator==(const Config& a, const Config& b) {
  return a.gateway == b.gateway && a.all_accounts == b.all_accounts && a.accounts == b.accounts &&
         a.trading_day == b.trading_day && a.valuation == b.valuation && a.on_blind == b.on_blind &&
         std::ranges::equal(a.rules, b.rules, same_rule) && a.log == b.log && a.journal == b.journal &&
         a.notify == b.notify && a.credentials_file == b.credentials_file && a.logins == b.logins;
}

}  // namespace rm
