#pragma once
// Rules that change while accounts are guarded by them: the file has changed, or a trading day begins. What of it
// counts is on the tape before the guardian has it, and every account is then looked at again. Loop thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/config_keeper.h"
#include "runtime/guarded_accounts.h"
#include "runtime/recorder.h"

namespace rm {

class RuleChanges {
 public:
  struct Parts {  // all must outlive the object
    const ContractTable& contracts;
    ConfigKeeper& config;
    GuardedAccounts& accounts;
    Recorder& recorder;
    std::string_view config_file;      // as named at the start; empty: none
    std::function<void()> has_looked;  // the guardian has, at all accounts
  };
  explicit RuleChanges(Parts parts) : parts_{std::move(parts)} {}

  // Why a rule of this configuration would not act, as a sentence; empty: each would. Only once accounts are guarded.
  [[nodiscard]] std::optional<std::string> unproven(const Config& wanted, BrokerTime now);
  // Another configuration is wanted; while no account is guarded yet it waits.
  void want(Config wanted, BrokerTime now);
  // What of it counts at once. Only once accounts are guarded.
  void apply(BrokerTime now);

  // Accounts are guarded from now on: what was wanted before that.
  void take_early(BrokerTime now);
  // Before anything of a new day is looked at: the old limits are not its own any more.
  void follow_trading_day(BrokerTime now);

 private:
  void give_to_guardian(BrokerTime now);

  Parts parts_;
  std::optional<Config> wanted_early_;
};

}  // namespace rm
