#pragma once
// R14, R30, R31: everything that happens leaves its trace: journal and database, log, metric, notification. Loop
// thread; nothing in here waits for a disk. Last subscriber of the bus.

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "book/book.h"
#include "enforcement/account_saga.h"
#include "enforcement/told_by_stream.h"
#include "event_bus/event_bus.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "observe/notify.h"
#include "projectx/suite/broker_api.h"
#include "replay/tape.h"
#include "risk_engine/account_guard.h"
#include "runtime/chronicle.h"
#include "store/store.h"

namespace rm {

// Shown live to a person at a terminal, and kept for `status`.
struct StoryLine {
  BrokerTime at;
  std::string text;
};

class Recorder final : public Chronicle {
 public:
  using Story = std::function<void(const StoryLine&)>;
  // All must outlive the recorder. `monotonic_ns` reads the loop's clock.
  Recorder(Store& store, Metrics& metrics, Notifier& notifier, const ContractTable& contracts,
           std::function<std::int64_t()> monotonic_ns);
  void set_story(Story story) { story_ = std::move(story); }
  void flush_story() override;  // what happened outside of a delivery, or after it
  void set_book(const Book& book) {
    book_ = &book;
    tape_.set_book(book);
  }
  // The day results of before a restart: compared with what the broker's history says (the broker's figure wins).
  void set_recovered_days(std::vector<DayRow> days) { recovered_days_ = std::move(days); }

  [[nodiscard]] Tape& tape() { return tape_; }
  [[nodiscard]] EventHandler* first_to_hear() override { return &tape_; }

  // ── the bus ──
  [[nodiscard]] std::string_view handler_name() const override { return "recorder"; }
  Result<void> on_event(const RiskEvent& event) override;
  void on_handler_failure(const HandlerFailure& failure, BrokerTime now) override;

  // ── decisions and what follows ──
  void before_acting(const Decision& decision) override;  // journal only: the request leaves right after
  void after_acting(const Decision& decision) override;
  void on_request(const BrokerRequest& request, EnforcementId enforcement, BrokerTime now) override;
  void on_reply(const BrokerReply& reply) override;
  void on_receipt(const Receipt& receipt) override;
  void on_escalation(const Escalation& escalation, BrokerTime now) override;
  void on_warning(AccountId account, const Warning& warning, BrokerTime now) override;
  void on_tightening(AccountId account, const Tightening& tightening,
                     BrokerTime now) override;  // a request for it follows
  void on_lock_ended(const Lock& lock, BrokerTime now) override;
  void on_clocks(AccountId account, const RuleClocks& clocks) override;
  void on_alarm(const ValuationAlarm& alarm, BrokerTime now) override;
  void on_reconcile_problem(AccountId account, std::string_view text) override;

  // ── the configuration ── sentences of what changed, what waits for the next reset, what waits for a start
  void on_config_reloaded(std::string_view file, const std::vector<std::string>& changed,
                          const std::vector<std::string>& pending, const std::vector<std::string>& restart,
                          BrokerTime now);
  void on_config_refused(std::string_view file, const std::vector<std::string>& problems, std::string_view instead,
                         BrokerTime now);
  // The trading day is new, and what waited for it counts.
  void on_config_applied(const std::vector<std::string>& changed, BrokerTime now);
  // The day goes on after a restart by what was in force before.
  void on_config_held(const std::vector<std::string>& pending, BrokerTime now);

  // A decision is in journal and database: only now its locks are announced.
  void on_durable(EnforcementId id);
  // Fills that only a read has told so far: said when the stream has had its time.
  void settle_hidden(BrokerTime now);
  // Health of store and log: said when it changes, loudly. Of one recorder of the process.
  void check_health(BrokerTime now);

  // The sentence with contract names in place of table numbers.
  [[nodiscard]] std::string explain(const Reason& reason) const;
  // Fills, orders, positions and account changes that reads had to find because the stream, although up, did not tell
  // them.
  [[nodiscard]] std::uint64_t found_by_reads() const { return found_count_; }
  [[nodiscard]] const std::vector<Receipt>& receipts() const {
    return receipts_;
  }  // of this run, newest last, bounded

 private:
  void log_event(const RiskEvent& event);
  void watch_for_hidden(const RiskEvent& event, const AccountBook& book);
  void say_incident(const Decision& decision, const Violation& violation);
  void say_hidden(std::string_view kind, std::uint64_t count);
  void say_config(Level level, std::string_view event, std::string_view file, const std::string& head,
                  const std::vector<std::string>& sentences, BrokerTime now);
  void check_balance(const AccountBook& book);
  void record_day(AccountId account);
  void compare_day(const AccountBook& book);
  void tell(BrokerTime at, std::string text);
  void tell_event(BrokerTime at, std::string text);
  void note(NoticeKind kind, BrokerTime at, AccountId account, EnforcementId id, std::string_view rule,
            std::string text);
  [[nodiscard]] std::string contract_name(ContractId id) const;
  [[nodiscard]] std::string subject_of(const BrokerAsk& ask) const;

  struct Sent {
    std::string_view what;
    EnforcementId enforcement;
    bool acting;
  };

  Store& store_;
  Metrics& metrics_;
  Notifier& notifier_;
  const ContractTable& contracts_;
  const Book* book_ = nullptr;
  Tape tape_;
  std::function<std::int64_t()> monotonic_ns_;
  Story story_;
  std::vector<StoryLine>
      untold_;  // decisions come before the event they followed from: the story puts the event first
  bool first_event_ = false, first_evaluation_ = false, said_unhealthy_ = false;
  std::unordered_map<RequestId, Sent> sent_;
  FoundByReads found_by_reads_;
  std::unordered_map<AccountId, ToldByStream> told_by_stream_;
  std::uint64_t found_count_ = 0;
  std::unordered_map<EnforcementId, std::vector<Lock>> unannounced_;
  std::unordered_map<AccountId, Money> balance_base_;
  std::unordered_map<AccountId, BrokerTime> balance_day_;
  std::unordered_map<AccountId, Money> balance_difference_;
  std::vector<Receipt> receipts_;
  std::vector<DayRow> recovered_days_;
};

}  // namespace rm
