#include "config/in_force.h"

#include <fmt/format.h>

#include <algorithm>

namespace rm {
namespace {

constexpr std::string_view kNextStart = "changed, at the next start";
constexpr std::string_view kStartOfNewDay = "changed, at the first start after the next reset";

// Every rule, those that are off too; nothing for an account that is not guarded.
std::vector<RuleConfig> all_rules(const Config& config, AccountId id, std::string_view name) {
  if (!config.guards(id, name)) return {};
  const AccountConfig* account = config.find_account(id, name);
  return account != nullptr && !account->rules.empty() ? account->rules : config.rules;
}

bool same_rules(const std::vector<RuleConfig>& a, const std::vector<RuleConfig>& b) {
  return std::ranges::equal(a, b, same_rule);
}

bool same_account(const AccountConfig& a, const AccountConfig& b) {
  return a.id == b.id && a.name == b.name;
}

}  // namespace

ConfigInForce::ConfigInForce(Config wanted, std::optional<Config> kept)
    : wanted_{std::move(wanted)},
      settings_{wanted_},
      kept_{std::move(kept)},
      common_{wanted_.rules},
      all_accounts_{wanted_.all_accounts} {
  if (!kept_) return;
  common_ = ratchet(kept_->rules, wanted_.rules).rules;
  all_accounts_ = wanted_.all_accounts || kept_->all_accounts;
  // A day that ends sooner, or a kinder price, would loosen every limit.
  settings_.trading_day = kept_->trading_day;
  settings_.valuation = kept_->valuation;
  settings_.on_blind = kept_->on_blind;
  say();
}

bool ConfigInForce::guards(AccountId id, std::string_view name) const {
  return wanted_.guards(id, name) || (kept_ && kept_->guards(id, name));
}

void ConfigInForce::add_account(AccountId id, std::string name) {
  Account account{id, std::move(name), {}, {}, true};
  const auto wanted = all_rules(wanted_, id, account.name);
  auto result = ratchet(kept_ ? all_rules(*kept_, id, account.name) : wanted, wanted);
  account.rules = std::move(result.rules);
  account.changes = std::move(result.changes);
  accounts_.push_back(std::move(account));
  say();
}

void ConfigInForce::want(Config wanted) {
  wanted_ = std::move(wanted);
  common_ = ratchet(common_, wanted_.rules).rules;
  for (Account& account : accounts_) {
    auto result = ratchet(account.rules, all_rules(wanted_, account.id, account.name));
    account.changed = !same_rules(account.rules, result.rules);
    account.rules = std::move(result.rules);
    account.changes = std::move(result.changes);
  }
  say();
}

void ConfigInForce::begin_day() {
  kept_.reset();
  all_accounts_ = wanted_.all_accounts;
  common_ = wanted_.rules;
  for (Account& account : accounts_) {
    const auto wanted = all_rules(wanted_, account.id, account.name);
    account.changes = ratchet(account.rules, wanted).changes;
    for (RuleChange& change : account.changes) change.now = true;
    account.changed = !same_rules(account.rules, wanted);
    account.rules = wanted;
  }
  say();
}

const ConfigInForce::Account* ConfigInForce::find(AccountId id) const {
  const auto found = std::ranges::find(accounts_, id, &Account::id);
  return found == accounts_.end() ? nullptr : &*found;
}

const std::vector<RuleConfig>& ConfigInForce::rules_of(AccountId id) const {
  static const std::vector<RuleConfig> kNone;
  const Account* account = find(id);
  return account != nullptr ? account->rules : kNone;
}

bool ConfigInForce::rules_changed(AccountId id) const {
  const Account* account = find(id);
  return account != nullptr && account->changed;
}

bool ConfigInForce::runs(const AccountConfig& entry) const {
  return std::ranges::any_of(accounts_,
                             [&](const Account& a) { return entry.id ? a.id == *entry.id : a.name == entry.name; });
}

void ConfigInForce::say() {
  changed_ = sentences(true);
  pending_ = sentences(false);
  restart_.clear();
  const auto note = [&](bool differs, std::string_view what, std::string_view when) {
    if (differs) restart_.push_back(fmt::format("{}: {}", what, when));
  };
  note(wanted_.gateway != settings_.gateway, "gateway", kNextStart);
  note(wanted_.credentials_file != settings_.credentials_file, "credentials_file", kNextStart);
  const bool more_accounts =
      (wanted_.all_accounts && !settings_.all_accounts) ||
      std::ranges::any_of(wanted_.accounts, [&](const AccountConfig& entry) {
        return !runs(entry) && std::ranges::none_of(settings_.accounts, [&](const AccountConfig& started) {
          return same_account(entry, started);
        });
      });
  note(more_accounts, "accounts", kNextStart);
  note(wanted_.trading_day != settings_.trading_day, "trading_day", kStartOfNewDay);
  note(wanted_.valuation != settings_.valuation, "valuation", kStartOfNewDay);
  note(wanted_.on_blind != settings_.on_blind, "on_blind", kStartOfNewDay);
  note(wanted_.log != settings_.log, "log", kNextStart);
  note(wanted_.journal != settings_.journal, "journal", kNextStart);
  note(wanted_.notify != settings_.notify, "notify", kNextStart);
}

std::vector<std::string> ConfigInForce::sentences(bool now) const {
  std::vector<std::string> out;
  const auto add = [&](std::string text) {
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  };
  for (const Account& account : accounts_) {
    for (const RuleChange& change : account.changes) {
      if (change.now != now) continue;
      const bool everywhere = std::ranges::all_of(accounts_, [&](const Account& other) {
        return std::ranges::find(other.changes, change) != other.changes.end();
      });
      const std::string text = sentence(change, settings_.trading_day);
      add(everywhere ? text : fmt::format("account {}: {}", account.id.value(), text));
    }
  }
  return out;
}

Config ConfigInForce::to_keep() const {
  Config out = settings_;
  out.rules = common_;
  out.all_accounts = all_accounts_;
  out.accounts.clear();
  for (const Account& account : accounts_) {
    if (account.rules.empty()) continue;  // guarded no longer
    const bool own = !same_rules(account.rules, common_);
    if (own || !out.all_accounts) out.accounts.push_back({account.id, {}, own ? account.rules : common_});
  }
  // Accounts that the login does not list right now are not forgotten for it.
  const auto carry = [&](const std::vector<AccountConfig>& entries) {
    for (const AccountConfig& entry : entries) {
      const bool known = runs(entry) || std::ranges::any_of(out.accounts, [&](const AccountConfig& there) {
                           return same_account(there, entry);
                         });
      if (!known) out.accounts.push_back(entry);
    }
  };
  if (kept_) carry(kept_->accounts);
  carry(wanted_.accounts);
  return out;
}

}  // namespace rm
