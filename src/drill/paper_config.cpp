#include "drill/paper_config.h"

#include <algorithm>

#include "config/print.h"

namespace rm::drill {
namespace {

constexpr std::int64_t kUsual = 26001234;

void append(std::vector<AccountConfig>& all, const std::vector<AccountConfig>& accounts, bool others_too) {
  all.insert(all.end(), accounts.begin(), accounts.end());
  const bool common = std::ranges::any_of(all, [](const AccountConfig& account) { return account.rules.empty(); });
  if (!others_too || common) return;
  std::int64_t id = kUsual;
  while (std::ranges::find(all, AccountId{id}, &AccountConfig::id) != all.end()) ++id;
  all.push_back({.id = AccountId{id}, .name = {}, .rules = {}});
}

}  // namespace

Config on_paper(Config config) {
  std::vector<AccountConfig> accounts;
  if (config.logins.empty()) append(accounts, config.accounts, config.all_accounts);
  for (const LoginConfig& login : config.logins) append(accounts, login.accounts, login.all_accounts);
  config.all_accounts = false;
  config.accounts = std::move(accounts);
  config.logins.clear();
  config.credentials_file.clear();
  config.gateway.ca_file.clear();
  config.notify.command.clear();
  return config;
}

std::vector<PaperAccount> paper_accounts(const Config& on_paper) {
  std::vector<PaperAccount> accounts;
  accounts.reserve(on_paper.accounts.size() + 1);
  for (const AccountConfig& account : on_paper.accounts)
    accounts.push_back({account.id ? account.id->value() : 0, account.name});
  std::int64_t next = kUsual;
  for (PaperAccount& account : accounts) {
    if (account.id != 0) continue;
    while (std::ranges::find(accounts, next, &PaperAccount::id) != accounts.end()) ++next;
    account.id = next;
  }
  return accounts;
}

std::string yaml_for(Config on_paper, const std::string& gateway, const std::filesystem::path& dir) {
  // Prices stand still until they are moved, which is not to be taken for a frozen feed.
  on_paper.gateway.api_url = gateway;
  on_paper.gateway.user_hub_url = gateway + "/hubs/user";
  on_paper.gateway.market_hub_url = gateway + "/hubs/market";
  on_paper.gateway.frozen_feed_after = std::chrono::hours{1};
  on_paper.log.dir = (dir / "log").string();
  on_paper.log.level = LogConfig::Level::Trace;
  on_paper.log.format = LogConfig::Format::Json;
  on_paper.log.rotate_mb = 100;  // one file
  return to_yaml(on_paper);
}

Config with_rule_alone(Config on_paper, std::size_t account, std::string_view rule) {
  std::vector<RuleConfig>& own = on_paper.accounts.at(account).rules;
  for (RuleConfig& each : own.empty() ? on_paper.rules : own) each.enabled = each.enabled && each.rule == rule;
  return on_paper;
}

const std::vector<std::string_view>& replaced_settings() {
  static const std::vector<std::string_view> all{
      "gateway, firm, logins and credentials: the paper gateway's, for every account that is named",
      "data directory and log.dir: a temporary directory",
      "log.level and log.format: trace and json, so that each link leaves its trace",
      "notify.command: not run; notifications.log and the database have what it would have been given",
      "gateway.frozen_feed_after: an hour, because prices stand still until the drill moves them"};
  return all;
}

}  // namespace rm::drill
