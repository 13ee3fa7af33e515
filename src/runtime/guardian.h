#pragma once
// The critical path in one call stack: event -> book -> engine -> decision -> journal -> executor -> request. Owns
// the order of these steps and nothing else; clocks, sockets and disks are its neighbours'. Loop thread.

#include <memory>
#include <optional>
#include <vector>

#include "book/book.h"
#include "enforcement/enforcement_executor.h"
#include "enforcement/reconciler.h"
#include "enforcement/stop_mover.h"
#include "event_bus/event_bus.h"
#include "risk_engine/risk_engine.h"
#include "runtime/chronicle.h"

namespace rm {

// Requests and enforcements are kept by their numbers: in one process no two may have the same.
struct Numbers {
  EnforcementIds enforcements;
  RequestIds requests;
};

class Guardian final : private EngineListener {
 public:
  struct Settings {
    MarkKind mark = MarkKind::Last;
    Duration stale_after = std::chrono::seconds{30};
    EnforcementId next_enforcement{1};
    RequestId next_request{1};
    BlindPolicy blind = {};
    Numbers* shared = nullptr;  // with other guardians, in place of the two numbers above; outlives them
  };
  // All must outlive the guardian.
  Guardian(const ContractTable& contracts, const TradingCalendar& calendar, BrokerApi& broker, Chronicle& recorder,
           Settings settings);

  // ── before the first event ──
  void watch(AccountId account, std::span<const RuleConfig> rules, Reconciler::Pace pace, BrokerTime now);
  void restore(const Lock& lock);
  // False: the account has no such rule any more, the clock is to be forgotten.
  bool restore_clock(AccountId account, std::string_view rule, const RunningClock& clock);
  void resume(const UnfinishedEnforcement& unfinished, BrokerTime now);

  // ── what happens ──
  // Queues; drain() delivers all that is queued, critical events first, and sends what follows from it.
  void enqueue(const RiskEvent& event) { bus_.enqueue(event.body, event.at, event.received_ns); }
  void drain(BrokerTime now);
  void on_user_stream(bool up, Generation generation, BrokerTime now);
  void on_reply(const BrokerReply& reply, BrokerTime now);
  void on_deadline(BrokerTime now);
  // Other rules for an account that is watched; they find nothing before look_again().
  void replace_rules(AccountId account, std::span<const RuleConfig> rules) { engine_.replace_rules(account, rules); }
  void look_again(BrokerTime now);
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;

  // ── what is so ──
  [[nodiscard]] const Book& book() const { return book_; }
  [[nodiscard]] const RiskEngine& engine() const { return engine_; }
  [[nodiscard]] const EnforcementExecutor& executor() const { return executor_; }
  [[nodiscard]] const EventBus& bus() const { return bus_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }

 private:
  // Third subscriber: the executor looks at the changed book.
  class ExecutorHandler final : public EventHandler {
   public:
    explicit ExecutorHandler(Guardian& guardian) : guardian_{guardian} {}
    [[nodiscard]] std::string_view handler_name() const override { return "enforcement_executor"; }
    Result<void> on_event(const RiskEvent& event) override;

   private:
    Guardian& guardian_;
  };
  struct Watched {
    AccountId account;
    std::unique_ptr<Reconciler> reconciler;
  };

  void on_decision(const Decision& decision) override;
  void on_warning(AccountId account, const Warning& warning, BrokerTime now) override;
  void on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) override;
  void on_clocks(AccountId account, const RuleClocks& clocks) override;
  void on_lock_ended(const Lock& lock, BrokerTime now) override;
  void on_alarm(const ValuationAlarm& alarm, BrokerTime now) override;
  void on_read_wanted(AccountId account, BrokerTime now) override;

  void carry_out_executor(BrokerTime now);
  void carry_out_stop_mover(BrokerTime now);
  void carry_out_reconciler(AccountId account, BrokerTime now);
  void publish_read_back(const BrokerReply& reply, BrokerTime now);
  void send(const BrokerRequest& request, EnforcementId enforcement, BrokerTime now);

  Settings settings_;
  BrokerApi& broker_;
  Chronicle& recorder_;
  Book book_;
  EventBus bus_;
  Numbers own_numbers_;
  Numbers& numbers_;
  RiskEngine engine_;
  EnforcementExecutor executor_;
  StopMover stop_mover_;
  ExecutorHandler executor_handler_{*this};
  std::vector<Watched> watched_;
  ReconcilerOutput reconciled_;
  std::vector<BrokerRequest> to_send_;
};

}  // namespace rm
