#pragma once
// A trader's desk with the real core behind it: book, rules, engine, executor, stop mover and reconciler on the real
// bus, against the fake broker. Time is a variable: pass() goes from deadline to deadline, and fails the test when a
// deadline does not move on.
//
//   Desk desk{"daily_loss: {max_loss: -1000.00}"};
//   desk.fill(desk.mnq, +10, "21000.00");
//   desk.quote(desk.mnq, "20950.00");
//   EXPECT_THAT(desk.heard(), ElementsAre("flatten because LOSS_AT_LIMIT", "lock account hard until reset"));

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "book/book.h"
#include "enforcement/enforcement_executor.h"
#include "enforcement/reconciler.h"
#include "enforcement/stop_mover.h"
#include "event_bus/event_bus.h"
#include "risk_engine/risk_engine.h"
#include "support/fake_broker.h"

namespace rm::test {

// 2026-09-01, a Tuesday, at this time of day in Chicago: "09:30:00", "16:59:59.999".
BrokerTime chicago(std::string_view time_of_day);

// Rules as YAML text, "daily_loss: {max_loss: -1000.00}", read by the product's own loader. Throws
// std::invalid_argument.
std::vector<RuleConfig> rules_from(std::string_view yaml, BrokerTime today = chicago("09:29:00"));

struct DeskOptions {
  MarkKind mark = MarkKind::Last;
  Duration stale_after = std::chrono::seconds{30};
  bool connect = true;         // stream up and snapshot taken before the test begins
  bool free_of_costs = false;  // else the gateway's usual fees and commissions
  Reconciler::Pace pace{};
  BlindPolicy blind{};
  std::vector<AccountId> accounts{AccountId{26'001'234}};
  BrokerTime begin = chicago("09:29:00");  // one minute later the test begins
};

class Desk final : public EngineListener {
 public:
  explicit Desk(std::string_view rules_yaml, DeskOptions options = {});
  ~Desk() override;

  ContractTable contracts;
  ContractId mnq, es, nq, jpy, m2k;  // 2, 50, 20, 12.5 million and 5 dollars a point
  FakeBroker broker;
  BrokerTime now;

  // ── what happens; the account is the first one ──
  void fill(ContractId contract, int signed_lots, std::string_view price);
  OrderId order(ContractId contract, OrderType type, Side side, int lots, std::string_view price);
  void cancel_orders(ContractId contract);                 // by the trader: all of them in it
  void quote(ContractId contract, std::string_view last);  // the market trades there: resting orders may fill
  void quote(ContractId contract, std::optional<std::string_view> last, std::optional<std::string_view> bid,
             std::optional<std::string_view> ask);
  void can_trade(bool allowed);
  void act(const std::function<void(FakeAccount&, FakeAccount::Told&)>& what) { act(main_, what); }
  void act(AccountId account, const std::function<void(FakeAccount&, FakeAccount::Told&)>& what);
  void publish(RiskEventBody body);  // as the stream would, whatever the broker thinks
  void connect();                    // stream up, with a new generation
  void disconnect();

  void pass(Duration duration);
  void run_until(BrokerTime time);
  // Until no enforcement is unfinished; false when `longest` was not enough.
  bool settle(Duration longest = std::chrono::minutes{5});

  // ── what followed ──
  // Everything said since the last call: "flatten because LOSS_AT_LIMIT", "lock account hard until reset", "warn
  // 50%", "unlock daily_loss", "alarm stale", …
  std::vector<std::string> heard();
  [[nodiscard]] const Lock& first_lock();  // throws when none holds
  std::vector<Decision> decisions;
  std::vector<Receipt> receipts;
  std::function<void(const Receipt&)> on_receipt;  // as soon as it is given
  std::vector<Escalation> escalations;
  std::vector<Lock> ended_locks;
  std::vector<Tightening> tightenings;                                   // what rules wanted
  std::vector<Tightening> taken_up;                                      // of these, what is news to a person
  std::map<std::string, std::vector<RunningClock>, std::less<>> clocks;  // by rule: what was said to be kept
  std::vector<std::string> problems;                                     // of the reconciler
  std::vector<RiskEvent> events;                                         // every event the bus delivered
  std::vector<std::string> transcript;  // decisions, requests, answers, receipts: what a replay must repeat

  [[nodiscard]] FakeAccount& account() { return broker.account(main_); }
  [[nodiscard]] AccountId main_account() const { return main_; }
  [[nodiscard]] AccountBook& book() { return *book_->find(main_); }
  [[nodiscard]] std::vector<std::string> sent()
      const;  // "closeContract MNQ", "cancel 3400000001", "readPositions", …
  [[nodiscard]] std::vector<std::string> actions() const;  // the same without the reads
  [[nodiscard]] std::string what(const BrokerAsk& ask) const;
  [[nodiscard]] std::string words(const Decision& decision) const;
  [[nodiscard]] RiskEngine& engine() { return *engine_; }
  [[nodiscard]] const AccountGuard& guard() const { return *std::as_const(*engine_).find(main_); }
  [[nodiscard]] EnforcementExecutor& executor() { return *executor_; }
  [[nodiscard]] StopMover& stop_mover() { return *stop_mover_; }
  [[nodiscard]] EventBus& bus() { return bus_; }
  [[nodiscard]] const TradingCalendar& calendar() const { return calendar_; }

 private:
  struct Watched {
    AccountId account;
    std::unique_ptr<Reconciler> reconciler;
  };
  class Last final : public EventHandler {  // behind the engine: the executor looks again
   public:
    explicit Last(Desk& desk) : desk_{desk} {}
    [[nodiscard]] std::string_view handler_name() const override { return "executor"; }
    Result<void> on_event(const RiskEvent& event) override;

   private:
    Desk& desk_;
  };
  void on_decision(const Decision& decision) override;
  void on_warning(AccountId account, const Warning& warning, BrokerTime at) override;
  void on_tightening(AccountId account, const Tightening& tightening, BrokerTime at) override;
  void on_clocks(AccountId account, const RuleClocks& clocks) override;
  void on_lock_ended(const Lock& lock, BrokerTime at) override;
  void on_alarm(const ValuationAlarm& alarm, BrokerTime at) override;
  void on_read_wanted(AccountId account, BrokerTime at) override;
  ContractId learn(std::string_view broker_id, std::string_view name, std::string_view tick, std::string_view value,
                   std::string_view fee, std::string_view commission);
  void deliver_due();
  void take(const FakeBroker::Said& said);
  void on_reply(const BrokerReply& reply);
  void fire_deadlines();
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;
  void carry_out_executor();
  void carry_out_stop_mover();
  void send(const BrokerRequest& request);
  void carry_out_reconciler();
  void say(std::string text);

  AccountId main_;
  std::map<ContractId, Costs> costs_;
  TradingCalendar calendar_;
  EventBus bus_;
  std::unique_ptr<Book> book_;
  RequestIds ids_{RequestId{1}};
  std::unique_ptr<RiskEngine> engine_;
  std::unique_ptr<EnforcementExecutor> executor_;
  std::unique_ptr<StopMover> stop_mover_;
  Last last_{*this};
  std::vector<Watched> watched_;
  ReconcilerOutput reconciled_;
  std::uint32_t generation_ = 0;
  std::vector<std::string> heard_;
};

}  // namespace rm::test
