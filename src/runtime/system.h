#pragma once
// The whole system around the guardian: login, accounts, contracts, both hubs, clock and deadlines. Loop thread.

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/in_force.h"
#include "config/problem.h"
#include "control/status.h"
#include "event_bridge/event_bridge.h"
#include "projectx/hub/feed_watch.h"
#include "projectx/suite/suite_manager.h"
#include "rules/session.h"
#include "runtime/guardian.h"
#include "runtime/hub_link.h"
#include "runtime/kept_config.h"
#include "runtime/rest_gateway.h"

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

  // start-up, in this order
  void ask_accounts();
  void take_accounts(const projectx::HttpResult& result);
  void ask_contracts();
  void take_contracts(const projectx::HttpResult& result);
  void put_config_in_force();
  void guard_accounts();
  [[nodiscard]] std::vector<ResumedEnforcement> restore_from_store();
  void record_run_start(std::vector<ResumedEnforcement> resumed);
  void connect_hubs();
  [[nodiscard]] std::string token_for(projectx::Hub hub);
  void fatal(const std::string& sentence);

  void say_unlisted_symbols(const std::vector<RuleConfig>& rules);
  void say_held_config();
  void apply_changed_rules();
  void keep_config();
  void follow_trading_day();
  [[nodiscard]] std::unique_ptr<Guardian> make_guardian(const TradingCalendar& calendar, const Config& settings);

  void follow_contracts();  // quotes of every contract that is held or ordered; records of unknown ones
  void learn_contract(ContractId contract);
  void learn_followed_contracts();
  void say_if_not_synchronised();
  void say_if_exits_are_short();
  void thaw_market_feed();
  void start_failed(const projectx::HttpResult& result, const std::string& sentence, std::function<void()> again);
  [[nodiscard]] bool still_valid(const OpenEnforcement& open) const;
  void say_refusals();
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
  projectx::FeedWatch market_feed_;
  net::Loop::Timer guard_timer_, housekeeping_;

  std::array<std::uint32_t, 2> hub_token_generation_{};  // by hub: the token of its latest attempt
  bool started_ = false, user_stream_up_ = false, first_login_ = true;
  std::function<void()> next_start_step_;
  Generation generation_;
  std::vector<projectx::AccountRecord> accounts_;
  std::optional<ConfigInForce> in_force_;  // once the broker's time is known
  std::optional<Config> wanted_early_;     // a reload before that
  ConfigStatus config_status_;
  BrokerTime day_ends_;
  std::vector<bool> followed_;                  // by contract
  std::vector<std::int64_t> ask_record_again_;  // by contract, monotonic: when its record may be asked for (again)
  net::Loop::Timer start_again_;
  int start_failures_ = 0;
  std::set<std::string> unlisted_said_;
  bool exits_short_ = false;
  std::int64_t unguarded_said_ns_ = 0, unguarded_since_ns_ = 0;
  std::array<std::uint64_t, kRefusalKinds> said_refusals_{};
  std::int64_t refusals_said_ns_ = 0;
  projectx::ReplyReader reader_;
};

}  // namespace rm
