#pragma once
// One login, and the whole path from its streams to its requests: REST, accounts, contracts, both hubs, the clock of
// its broker, the guardian of its accounts. Nothing in here waits for another login. Loop thread.

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "control/status.h"
#include "event_bridge/event_bridge.h"
#include "projectx/suite/suite_manager.h"
#include "runtime/config_keeper.h"
#include "runtime/contract_follower.h"
#include "runtime/contract_records.h"
#include "runtime/guardian.h"
#include "runtime/hub_link.h"
#include "runtime/rest_gateway.h"
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

class LoginSession final : private HubLinkListener, private RestGatewayListener {
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
  [[nodiscard]] bool armed() const { return started_; }
  [[nodiscard]] const ConfigKeeper& config() const { return config_; }
  [[nodiscard]] LoginStatus status() const;
  [[nodiscard]] Recorder& recorder() { return recorder_; }
  [[nodiscard]] const Guardian& guardian() const { return *guardian_; }
  [[nodiscard]] BrokerTime now() const { return clock_.at(parts_.loop.monotonic_ns()); }
  // Log lines are about this login while the object lives.
  [[nodiscard]] LogLogin say_of_me() const;
  // A person has to hear of it; loudly: the log says it as an error, too.
  void tell(std::string sentence);
  void tell_loudly(std::string_view event, std::string sentence);

 private:
  // HubLinkListener
  void on_hub_connected(projectx::Hub hub, int refused_subscriptions) override;
  void on_hub_lost(projectx::Hub hub, std::string_view why, std::string_view text, int http_status,
                   Duration retry_in) override;
  void on_hub_invoked(projectx::Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments,
                      std::int64_t received_ns) override;
  void on_hub_refusal(projectx::Hub hub, std::string_view what, std::string_view text) override;
  void on_hub_message_done(projectx::Hub hub) override;
  void on_pushed_out(projectx::Hub hub) override;
  // RestGatewayListener
  void on_http(projectx::RequestCookie cookie, const projectx::HttpResult& result) override;
  void on_login(bool good, bool refused, std::string_view text) override;

  // start-up: SessionStart knows the accounts and contracts
  [[nodiscard]] bool guards(AccountId account, std::string_view name);
  void guard_accounts();
  [[nodiscard]] std::vector<projectx::AccountRecord> accounts_of_mine();
  [[nodiscard]] const std::string& problem() const;
  void record_run_start(std::vector<ResumedEnforcement> resumed);
  void take_early_config();
  void connect_hubs();
  [[nodiscard]] std::string token_for(projectx::Hub hub);

  void put_config_in_force();
  void say_unlisted_symbols(const std::vector<RuleConfig>& rules);
  void apply_changed_rules();
  void follow_trading_day();
  [[nodiscard]] std::unique_ptr<Guardian> make_guardian(const TradingCalendar& calendar, const Config& settings);

  void follow_contracts() { follower_.follow(guardian_->book()); }
  void arm();
  void on_guard_timer();
  void on_housekeeping();

  LoginSessionParts parts_;
  std::string name_;
  const Config& started_with_;
  LoginSessionOwner& owner_;
  BrokerClock clock_;
  RestGateway rest_;
  projectx::SessionId suite_session_;
  EventBridge bridge_;
  Recorder recorder_;
  const TradingCalendar* calendar_;
  std::unique_ptr<Guardian> guardian_;
  HubLink user_hub_, market_hub_;
  ContractFollower follower_;
  Watchkeeping watch_;
  ConfigKeeper config_;
  SessionStart start_;
  net::Loop::Timer guard_timer_, housekeeping_;

  std::array<std::uint32_t, 2> hub_token_generation_{};  // by hub: the token of its latest attempt
  std::vector<projectx::AccountRecord> accounts_;        // that are guarded
  std::string not_guarded_;                              // which of its accounts and why, as a sentence
  bool started_ = false, user_stream_up_ = false;
  Generation generation_;
  std::optional<Config> wanted_early_;  // before the start was done
};

}  // namespace rm
