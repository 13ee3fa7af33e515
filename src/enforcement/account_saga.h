#pragma once
// R8, R12, R13: drives one account until the broker shows the goal. Works on the merged goal of all its unfinished
// enforcements: cancels what could add, closes, sweeps what is left, reads back twice, retries with back-off,
// escalates.

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "book/account_book.h"
#include "enforcement/action_slot.h"
#include "enforcement/flatten_plan.h"
#include "enforcement/receipt.h"
#include "enforcement/request_ids.h"

namespace rm {

struct Escalation {
  AccountId account;
  EnforcementId enforcement;
  Duration waiting{};       // since the decision
  std::string last_answer;  // the broker's last refusal, or what is awaited
};

// What the saga wants done. Buffers are reused; the caller empties them.
struct SagaOutput {
  std::vector<BrokerRequest> requests;
  std::vector<Receipt> finished;
  std::vector<Escalation> escalations;
  void clear() {
    requests.clear();
    finished.clear();
    escalations.clear();
  }
};

class AccountSaga {
 public:
  // `book` and `ids` must outlive the saga.
  AccountSaga(const AccountBook& book, RequestIds& ids);

  void take_over(const Decision& decision, BrokerTime now, SagaOutput& out);
  // Of before a restart: the stream told this process nothing, so that a read that lags would show the world of
  // before the start and prove it.
  void resume(const Decision& decision, BrokerTime now, SagaOutput& out);
  // Looks at the book again: after every event of the account, and when next_deadline() has come.
  void pulse(BrokerTime now, SagaOutput& out);
  // A price of the contract: trading goes on, perhaps. True when a close that was refused waits for longer than it
  // has to after it, and wake() may bring it forward.
  [[nodiscard]] bool could_wake(ContractId contract, BrokerTime now) const;
  void wake(ContractId contract, BrokerTime now, SagaOutput& out);
  // True when the reply was to a request of this saga. A ReadBack made of the reply is in the book already.
  bool on_reply(const BrokerReply& reply, BrokerTime now, SagaOutput& out);

  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;
  [[nodiscard]] bool busy() const { return !serving_.empty(); }
  [[nodiscard]] const Goal& goal() const { return goal_; }
  [[nodiscard]] std::span<const Receipt> serving() const { return serving_; }
  // Whether this request reads back for verification: its answer is believed at once.
  [[nodiscard]] bool is_verification(RequestId id) const { return id == positions_read_ || id == orders_read_; }

 private:
  void act(BrokerTime now, SagaOutput& out);
  void send_cancel(OrderId order, BrokerTime now, SagaOutput& out);
  void send_close(const PlannedClose& close, BrokerTime now, SagaOutput& out);
  void await_fill(ActionSlot& slot, const PlannedClose& close, BrokerTime now, SagaOutput& out);
  [[nodiscard]] Duration fill_patience(const ActionSlot& slot, ContractId contract) const;
  RequestId send(BrokerAsk ask, SagaOutput& out);
  void read_back(BrokerTime now, SagaOutput& out);
  void on_read_reply(const BrokerReply& reply, BrokerTime now, SagaOutput& out);
  void judge_reads(RequestId last, BrokerTime now);
  void note_gone(const std::vector<Order>& listed);
  void settle_slots();
  void on_action_reply(ActionSlot& slot, const BrokerReply& reply, BrokerTime now);
  void note_step(const BrokerAsk& ask, const BrokerReply& reply);
  void escalate(BrokerTime now, SagaOutput& out);
  [[nodiscard]] BrokerTime escalation_due(std::size_t index) const;
  void refill_spare();
  void finish(const BrokerReply& last_read, BrokerTime now, SagaOutput& out);
  [[nodiscard]] bool read_needed(BrokerTime now) const;
  [[nodiscard]] ActionSlot* slot_of(RequestId id);

  struct Asked {
    RequestId id;
    BrokerAsk ask;
  };

  const AccountBook& book_;
  RequestIds& ids_;
  Goal goal_;
  std::vector<Receipt> serving_;  // unfinished enforcements, oldest first
  Plan plan_;
  std::vector<std::pair<ContractId, ActionSlot>> closes_;
  std::vector<std::pair<OrderId, ActionSlot>> cancels_;
  std::vector<Asked> asked_;  // not answered yet

  // verification
  RequestId positions_read_, orders_read_;  // 0: none under way
  bool positions_ok_ = false, orders_ok_ = false, orders_agree_ = false;
  std::uint64_t version_at_read_ = 0;
  BrokerTime read_asked_at_;
  int good_reads_ = 0;
  BrokerTime proof_from_;  // reads asked for earlier prove nothing
  std::uint32_t failed_reads_ = 0;
  BrokerTime next_read_at_;
  bool refused_since_read_ = false;
  std::vector<std::size_t> escalations_told_;  // parallel to serving_
  std::string last_answer_;
  BrokerTime pulsed_at_;        // deadlines up to here have been dealt with
  std::vector<Receipt> spare_;  // with room taken beforehand: taking a decision over allocates nothing
};

}  // namespace rm
