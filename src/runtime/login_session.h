#pragma once
// One login, and the whole path from its streams to its requests: REST, accounts, contracts, both hubs, the clock of
// its broker, the guardian of its accounts. Puts these together and says what comes after what; each does its own.
// Nothing in here waits for another login. Loop thread.

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "control/status.h"
#include "event_bridge/event_bridge.h"
#include "projectx/suite/suite_manager.h"
#include "runtime/config_keeper.h"
#include "runtime/contract_follower.h"
#include "runtime/contract_records.h"
#include "runtime/guarded_accounts.h"
#include "runtime/guardian.h"
#include "runtime/login_streams.h"
#include "runtime/login_voice.h"
#include "runtime/rest_gateway.h"
#include "runtime/rule_changes.h"
#include "runtime/session_start.h"
#include "runtime/watchkeeping.h"

namespace rm {

// What all sessions of the process share. All must outlive them.
struct LoginSessionParts {
  net::Loop& loop;
  ContractTable& contracts;
  ContractRecords& records;
  projectx::SuiteManager& suites;
  const TradingCalendar& calendar;
  const SessionTable& market_hours;
  Store& store;
  Metrics& metrics;
  Notifier& notifier;
  Numbers& numbers;
  ConfigArchive& archive;
  const std::vector<KeptConfig>& kept;
  std::set<std::string>& unlisted_said;  // sentences: accounts mostly share their rules
  std::string config_file;               // as named at the start; empty: none
};

class LoginSession;

class LoginSessionOwner {
 public:
  virtual ~LoginSessionOwner() = default;
  // It cannot be guarded as things are, see SessionStart. True: it goes on trying.
  virtual bool on_session_failed(LoginSession& session, const std::string& sentence) = 0;
  // The self-test found a rule that would not act: trying again would change nothing.
  virtual void on_session_unproven(LoginSession& session, const std::string& sentence) = 0;
  // Its accounts are guarded from now on, and have back what they had before a restart.
  virtual void on_session_armed(LoginSession& session) = 0;
};

class LoginSession final : private LoginStreamsListener, private RestGatewayListener {
 public:
  // `name` is empty for the only login; `number` counts them from 0. Throws std::runtime_error (one sentence) for
  // addresses or a CA file that cannot be used.
  LoginSession(const LoginSessionParts& parts, std::string name, std::uint64_t number, const Config& config,
               const Credentials& credentials, LoginSessionOwner& owner);
  ~LoginSession() override;

  void start();  // login, accounts, contracts, hubs, snapshots; returns at once
  void stop();   // closes the hubs; what is unfinished is in the journal

  // Why a rule of this configuration would not act, as a sentence; empty: each would.
  [[nodiscard]] std::optional<std::string> unproven(const Config& wanted);
  // Another configuration is wanted. First of all sessions, …
  void want(Config wanted);
  // … then what of it counts at once. Both wait for the start when that is not done.
  void apply_wanted();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Config& started_with() const { return started_with_; }
  [[nodiscard]] bool armed() const { return accounts_.guarded(); }
  [[nodiscard]] const ConfigKeeper& config() const { return config_; }
  [[nodiscard]] LoginStatus status() const;
  [[nodiscard]] Recorder& recorder() { return recorder_; }
  [[nodiscard]] const Guardian& guardian() const { return accounts_.guardian(); }
  [[nodiscard]] BrokerTime now() const { return clock_.at(parts_.loop.monotonic_ns()); }
  // Log lines are about this login while the object lives.
  [[nodiscard]] LogLogin say_of_me() const { return voice_.say_of_it(); }
  // A person has to hear of it; loudly: the log says it as an error, too.
  void tell(std::string sentence) { voice_.tell(std::move(sentence)); }
  void tell_loudly(std::string_view event, std::string sentence) { voice_.tell_loudly(event, std::move(sentence)); }

 private:
  // start-up: SessionStart knows the accounts and contracts
  void on_login(bool good, bool refused, std::string_view text) override;  // RestGatewayListener
  [[nodiscard]] bool guards(AccountId account, std::string_view name);
  void guard_accounts();

  // LoginStreamsListener
  void on_user_stream(bool up, Generation generation) override;
  void on_events(EventBridge::Events events) override;
  void on_message_done() override;
  // RestGatewayListener
  void on_http(projectx::RequestCookie cookie, const projectx::HttpResult& result) override;

  void on_guard_timer();
  void on_housekeeping();
  void after_looking();
  void arm();

  [[nodiscard]] const std::string& problem() const;
  [[nodiscard]] GatewayStatus gateway_status() const;

  LoginSessionParts parts_;
  std::string name_;
  const Config& started_with_;
  LoginSessionOwner& owner_;
  BrokerClock clock_;
  LoginVoice voice_;
  RestGateway rest_;
  EventBridge bridge_;
  Recorder recorder_;
  GuardedAccounts accounts_;
  LoginStreams streams_;
  ContractFollower follower_;
  Watchkeeping watch_;
  ConfigKeeper config_;
  RuleChanges changes_;
  SessionStart start_;
  net::Loop::Timer guard_timer_, housekeeping_;
};

}  // namespace rm
