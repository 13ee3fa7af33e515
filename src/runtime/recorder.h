#pragma once
// R14, R30, R31: everything that happens leaves its trace: journal and database, log, metric, notification. Loop
// thread; nothing in here waits for a disk. Last subscriber of the bus. Who hears what, and in which order; what is
// made of it is in record/, an idea a file.

#include <functional>
#include <string>
#include <vector>

#include "book/book.h"
#include "replay/tape.h"
#include "runtime/chronicle.h"
#include "runtime/record/config_news.h"
#include "runtime/record/day_record.h"
#include "runtime/record/enforcement_record.h"
#include "runtime/record/engine_news.h"
#include "runtime/record/event_log.h"
#include "runtime/record/hidden_by_stream.h"
#include "runtime/record/lock_record.h"
#include "runtime/record/request_record.h"
#include "runtime/record/store_watch.h"
#include "runtime/record/teller.h"

namespace rm {

class Recorder final : public Chronicle {
 public:
  using Story = Teller::Story;
  // All must outlive the recorder. `monotonic_ns` reads the loop's clock.
  Recorder(Store& store, Metrics& metrics, Notifier& notifier, const ContractTable& contracts,
           std::function<std::int64_t()> monotonic_ns);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void set_story(Story story) { teller_.set_story(std::move(story)); }
  void flush_story() override { teller_.flush(); }  // what happened outside of a delivery, or after it
  void set_book(const Book& book) {
    book_ = &book;
    tape_.set_book(book);
  }
  // The day results of before a restart: compared with what the broker's history says (the broker's figure wins).
  void set_recovered_days(std::vector<DayRow> days) { day_.set_recovered(std::move(days)); }

  [[nodiscard]] Tape& tape() { return tape_; }
  [[nodiscard]] EventHandler* first_to_hear() override { return &tape_; }

  // ── the bus ──
  [[nodiscard]] std::string_view handler_name() const override { return "recorder"; }
  Result<void> on_event(const RiskEvent& event) override;
  void on_handler_failure(const HandlerFailure& failure, BrokerTime now) override;

  // ── what the engine says without a decision ──
  void on_warning(AccountId account, const Warning& warning, BrokerTime now) override {
    engine_news_.on_warning(account, warning, now);
  }
  // A request for it follows.
  void on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) override {
    engine_news_.on_tightening(account, tightening, now);
  }
  void on_alarm(const ValuationAlarm& alarm, BrokerTime now) override { engine_news_.on_alarm(alarm, now); }
  void on_clocks(AccountId account, const RuleClocks& clocks) override;

  // ── decisions and what follows ──
  // Journal only: the request leaves right after.
  void before_acting(const Decision& decision) override { enforcements_.before_acting(decision); }
  void after_acting(const Decision& decision) override;
  void on_request(const BrokerRequest& request, EnforcementId enforcement, BrokerTime now) override {
    requests_.on_request(request, enforcement, now);
  }
  void on_reply(const BrokerReply& reply) override { requests_.on_reply(reply); }
  void on_escalation(const Escalation& escalation, BrokerTime now) override {
    enforcements_.on_escalation(escalation, now);
  }
  void on_receipt(const Receipt& receipt) override { enforcements_.on_receipt(receipt); }
  // A decision is in journal and database: only now its locks are announced.
  void on_durable(EnforcementId id) { locks_.on_durable(id); }
  void on_lock_ended(const Lock& lock, BrokerTime now) override { locks_.on_lock_ended(lock, now); }
  void on_reconcile_problem(AccountId account, std::string_view text) override;

  // ── the configuration ── sentences of what changed, what waits for the next reset, what waits for a start
  void on_config_reloaded(std::string_view file, const std::vector<std::string>& changed,
                          const std::vector<std::string>& pending, const std::vector<std::string>& restart,
                          BrokerTime now) {
    config_news_.on_reloaded(file, changed, pending, restart, now);
  }
  void on_config_refused(std::string_view file, const std::vector<std::string>& problems, std::string_view instead,
                         BrokerTime now) {
    config_news_.on_refused(file, problems, instead, now);
  }
  // The trading day is new, and what waited for it counts.
  void on_config_applied(const std::vector<std::string>& changed, BrokerTime now) {
    config_news_.on_applied(changed, now);
  }
  // The day goes on after a restart by what was in force before.
  void on_config_held(const std::vector<std::string>& pending, BrokerTime now) { config_news_.on_held(pending, now); }

  // ── now and then ──
  // Fills that only a read has told so far: said when the stream has had its time.
  void settle_hidden(BrokerTime now) { hidden_.settle(now); }
  // Health of store and log: said when it changes, loudly. Of one recorder of the process.
  void check_health(BrokerTime now) { store_watch_.look(now); }

  // The sentence with contract names in place of table numbers.
  [[nodiscard]] std::string explain(const Reason& reason) const;
  // Fills, orders, positions and account changes that reads had to find because the stream, although up, did not tell
  // them.
  [[nodiscard]] std::uint64_t found_by_reads() const { return hidden_.count(); }
  // Of this run, newest last, bounded.
  [[nodiscard]] const std::vector<Receipt>& receipts() const { return enforcements_.receipts(); }

 private:
  void mark_firsts(const RiskEvent& event, const AccountBook* book);

  Store& store_;
  Metrics& metrics_;
  const ContractTable& contracts_;
  const Book* book_ = nullptr;
  std::function<std::int64_t()> monotonic_ns_;
  bool first_event_ = false, first_evaluation_ = false;  // have been marked
  Tape tape_;
  Teller teller_;
  EventLog event_log_;
  HiddenByStream hidden_;
  DayRecord day_;
  EngineNews engine_news_;
  EnforcementRecord enforcements_;
  RequestRecord requests_;
  LockRecord locks_;
  ConfigNews config_news_;
  StoreWatch store_watch_;
};

}  // namespace rm
