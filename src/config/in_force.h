#pragma once
// The configuration that is in force: what the file wants, held back by the ratchet until the next trading day, for
// each guarded account. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/ratchet.h"

namespace rm {

class ConfigInForce {
 public:
  // `wanted` is the file's configuration. `kept` is what was in force when this trading day was last seen; empty: the
  // day is new, the file counts as it is.
  ConfigInForce(Config wanted, std::optional<Config> kept);

  // Until the day ends also what was guarded before a restart.
  [[nodiscard]] bool guards(AccountId id, std::string_view name) const;
  // An account that is guarded from now on, by what the file and what was in force make of each other.
  void add_account(AccountId id, std::string name);

  // Another configuration is wanted: what tightens counts at once.
  void want(Config wanted);
  // A new trading day: the file counts as it is.
  void begin_day();

  // In the words of the configuration, a sentence each; one that does not hold for every account names its own.
  [[nodiscard]] const std::vector<std::string>& changed() const { return changed_; }        // by the last call above
  [[nodiscard]] const std::vector<std::string>& pending() const { return pending_; }        // waits for the next day
  [[nodiscard]] const std::vector<std::string>& needs_restart() const { return restart_; }  // waits for a start

  // Every rule of the account, those that are off too; empty for an account that was not added.
  [[nodiscard]] const std::vector<RuleConfig>& rules_of(AccountId id) const;
  [[nodiscard]] bool rules_changed(AccountId id) const;  // by the last call above
  // Everything but the rules, as it runs.
  [[nodiscard]] const Config& settings() const { return settings_; }
  // All of it as one configuration that guards the same accounts by the same rules.
  [[nodiscard]] Config to_keep() const;

 private:
  struct Account {
    AccountId id;
    std::string name;
    std::vector<RuleConfig> rules;
    std::vector<RuleChange> changes;
    bool changed = false;
  };
  [[nodiscard]] const Account* find(AccountId id) const;
  [[nodiscard]] bool runs(const AccountConfig& entry) const;
  void say();
  [[nodiscard]] std::vector<std::string> sentences(bool now) const;

  Config wanted_, settings_;
  std::optional<Config> kept_;
  std::vector<RuleConfig> common_;  // of accounts without rules of their own
  bool all_accounts_;               // every account of the login is guarded
  std::vector<Account> accounts_;
  std::vector<std::string> changed_, pending_, restart_;
};

}  // namespace rm
