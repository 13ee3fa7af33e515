#pragma once
// All logins of the process: a session each on one loop, one store, one log, one status. Loop thread.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/problem.h"
#include "control/status.h"
#include "runtime/login_session.h"

namespace rm {

struct LoginToGuard {
  std::string name;  // empty: the only one
  Config config;     // of this login alone, see logins_of()
  Credentials credentials;
};

class System final : private LoginSessionOwner {
 public:
  struct Parts {  // all must outlive the system
    net::Loop& loop;
    const std::vector<LoginToGuard>& logins;
    ContractTable& contracts;
    const TradingCalendar& calendar;
    const SessionTable& market_hours;
    Store& store;
    Metrics& metrics;
    Notifier& notifier;
    std::string config_file = {};       // as named at the start; empty: none
    std::vector<KeptConfig> kept = {};  // what was in force before this start
  };
  using OnFatal = std::function<void(const std::string& sentence)>;  // start-up failed: the process must end

  // Throws std::runtime_error (one sentence) for addresses or a CA file that cannot be used.
  System(Parts parts, OnFatal on_fatal);
  ~System() override;

  void start();  // every login; returns at once
  void stop();

  // The file has changed. What tightens counts at once, the rest waits for its time; what is refused changes nothing.
  void reload(const Config& wanted);
  void refuse_config(const Problems& problems, std::string_view instead);

  // The database has caught up with some decisions.
  void on_store_progress();
  [[nodiscard]] std::string status();
  [[nodiscard]] const std::vector<std::unique_ptr<LoginSession>>& sessions() const { return sessions_; }
  // Of the first login.
  [[nodiscard]] Recorder& recorder() { return sessions_.front()->recorder(); }
  [[nodiscard]] const Guardian& guardian() const { return sessions_.front()->guardian(); }
  [[nodiscard]] BrokerTime now() const { return sessions_.front()->now(); }

 private:
  // LoginSessionOwner
  bool on_session_failed(LoginSession& session, const std::string& sentence) override;
  void on_session_unproven(LoginSession& session, const std::string& sentence) override;
  void on_session_armed(LoginSession& session) override;

  void on_housekeeping();
  void give_up_unwatched_accounts();
  using Sentences = const std::vector<std::string>& (ConfigInForce::*)() const;
  [[nodiscard]] std::vector<std::string> of_all(Sentences sentences) const;
  [[nodiscard]] ConfigStatus config_status() const;

  Parts parts_;
  OnFatal on_fatal_;
  ContractRecords records_;
  projectx::SuiteManager suites_;
  Numbers numbers_;
  ConfigArchive archive_;
  std::set<std::string> unlisted_said_;
  std::vector<std::unique_ptr<LoginSession>> sessions_;  // never empty
  std::map<const LoginSession*, std::string> failed_;    // and why; until it is armed
  bool logins_differ_ = false;                           // those of the file from those that run
  std::string refused_;                                  // why the file as it is now is not in force
  net::Loop::Timer housekeeping_;
};

}  // namespace rm
