#pragma once
// One login of a recorded run: its book, its engine and its rules, from its start on.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "book/book.h"
#include "config/config.h"
#include "risk_engine/risk_engine.h"
#include "store/run_records.h"

namespace rm {

class ReplayedLogin {
 public:
  // All must outlive the login; its program has them.
  ReplayedLogin(const ContractTable& contracts, EnforcementIds& ids, EngineListener& listener)
      : contracts_{contracts}, ids_{ids}, listener_{listener} {}
  ReplayedLogin(const ReplayedLogin&) = delete;
  ReplayedLogin& operator=(const ReplayedLogin&) = delete;

  // Without a name: the only one. `version` recorded it.
  void begin(std::string name, std::string version);
  // Book and engine as the daemon had them before the first event. Once.
  void start(RunStart start, Config config, TradingCalendar calendar);
  void see(const RiskEvent& event);
  // False: one of the accounts is not of this login.
  [[nodiscard]] bool change_rules(Config config, std::span<const AccountId> accounts);

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] const RunStart& run() const { return start_; }
  [[nodiscard]] bool started() const { return engine_.has_value(); }
  // ── once it has started ──
  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] const Book& book() const { return *book_; }
  [[nodiscard]] RiskEngine& engine() { return *engine_; }
  [[nodiscard]] const RiskEngine& engine() const { return *engine_; }

 private:
  void guard_accounts();
  void restore();

  const ContractTable& contracts_;
  EnforcementIds& ids_;
  EngineListener& listener_;
  std::string name_;
  RunStart start_;
  Config config_;
  TradingCalendar calendar_;
  std::optional<Book> book_;
  std::optional<RiskEngine> engine_;
};

}  // namespace rm
