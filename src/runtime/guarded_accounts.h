#pragma once
// The accounts of one login that are guarded, and their guardian: whose an account is, which rules it has, the
// self-test of them, and what a restart gives back, up to the moment from which they are guarded. Loop thread.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/in_force.h"
#include "event_bridge/event_bridge.h"
#include "observe/notify.h"
#include "projectx/suite/suite_manager.h"
#include "projectx/wire/entities.h"
#include "runtime/guardian.h"
#include "runtime/login_voice.h"
#include "runtime/recorder.h"
#include "store/store.h"

namespace rm {

class GuardedAccounts {
 public:
  struct Parts {  // all must outlive the accounts
    const ContractTable& contracts;
    projectx::SuiteManager& suites;
    projectx::SessionId session;
    Store& store;
    Notifier& notifier;
    Numbers& numbers;
    std::set<std::string>& unlisted_said;
    EventBridge& bridge;
    Recorder& recorder;
    const LoginVoice& voice;
  };
  // The calendar must outlive the accounts.
  GuardedAccounts(Parts parts, const TradingCalendar& calendar, const Config& settings);

  // ── until they are guarded, in this order ──
  // Another calendar and other settings count: those of before a restart.
  void go_by(const TradingCalendar& calendar, const Config& settings);
  // Of the accounts that the gateway lists. Returns how many rules are enabled, counted over all of them.
  std::size_t watch(const std::vector<projectx::AccountRecord>& listed, ConfigInForce& in_force, BrokerTime now);
  // False: the self-test found a rule that would not act; problem() says which.
  [[nodiscard]] bool prove(const ConfigInForce& in_force, BrokerTime now);
  // They are guarded from now on, and have back what they had before a restart.
  void begin(const ConfigInForce& in_force, BrokerTime now);
  [[nodiscard]] bool guarded() const { return guarded_; }

  // Other rules for one of them; they find nothing before the guardian looks again.
  void replace_rules(AccountId account, const std::vector<RuleConfig>& rules, BrokerTime now);

  [[nodiscard]] Guardian& guardian() { return *guardian_; }
  [[nodiscard]] const Guardian& guardian() const { return *guardian_; }
  [[nodiscard]] const TradingCalendar& calendar() const { return *calendar_; }
  [[nodiscard]] const std::vector<projectx::AccountRecord>& all() const { return accounts_; }
  // Which of the login's accounts are not guarded and why, as a sentence; empty: nothing is known to be wrong.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void take_own(const std::vector<projectx::AccountRecord>& listed);
  void say_unlisted_symbols(const std::vector<RuleConfig>& rules, BrokerTime now);
  void record_run_start(const ConfigInForce& in_force, std::vector<ResumedEnforcement> resumed, BrokerTime now);

  Parts parts_;
  const TradingCalendar* calendar_ = nullptr;
  std::unique_ptr<Guardian> guardian_;
  std::vector<projectx::AccountRecord> accounts_;
  std::string problem_;
  bool guarded_ = false;
};

}  // namespace rm
