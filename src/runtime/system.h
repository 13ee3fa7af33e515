#pragma once
// The whole system around the guardian: login, accounts, contracts, both hubs, clock and deadlines. Loop thread.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "event_bridge/event_bridge.h"
#include "projectx/suite/suite_manager.h"
#include "runtime/config_keeper.h"
#include "runtime/contract_follower.h"
#include "runtime/guardian.h"
#include "runtime/hub_link.h"
#include "runtime/recorder.h"
#include "runtime/rest_gateway.h"
#include "runtime/session_start.h"
#include "runtime/watchkeeping.h"

namespace rm {

class System final : private HubLinkListener, private RestGatewayListener {
 public:
  struct Parts {  // all must outlive the system
    net::Loop& loop;
    const Config& config;
    const Credentials& credentials;
    ContractTable& contracts;
    const TradingCalendar& calendar;
    const SessionTable& market_hours;
    Store& store;
    Metrics& metrics;
    Notifier& notifier;
    std::string config_file = {};      // as named at the start; empty: none
    const KeptConfig* kept = nullptr;  // what was in force before this start
  };
  using OnFatal = std::function<void(const std::string& sentence)>;  // start-up failed: the process must end

  // Throws std::runtime_error (one sentence) for addresses or a CA file that cannot be used.
  System(Parts parts, OnFatal on_fatal);
  ~System() override;

  void start();  // login, accounts, contracts, hubs, snapshots; returns at once
  void stop();   // closes the hubs; what is unfinished is in the journal

  // The file has changed. What tightens counts at once, the rest waits for its time; what is refused changes nothing.
  void reload(Config wanted);
  void refuse_config(const Problems& problems, std::string_view instead);

  // The database has caught up with some decisions.
  void on_store_progress();
  [[nodiscard]] std::string status();
  [[nodiscard]] Recorder& recorder() { return recorder_; }
  [[nodiscard]] const Guardian& guardian() const { return *guardian_; }
  [[nodiscard]] BrokerTime now() const { return clock_.at(parts_.loop.monotonic_ns()); }

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
  void record_run_start(std::vector<ResumedEnforcement> resumed);
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

  Parts parts_;
  OnFatal on_fatal_;
  BrokerClock clock_;
  RestGateway rest_;
  projectx::SuiteManager suites_;
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
  bool started_ = false, user_stream_up_ = false;
  Generation generation_;
  std::optional<Config> wanted_early_;  // a reload before the broker's time is known
  std::set<std::string> unlisted_said_;
};

}  // namespace rm
