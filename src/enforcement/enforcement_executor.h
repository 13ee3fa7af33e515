#pragma once
// R8: takes decisions over and drives each account's saga. Pure: requests, receipts and escalations come out of
// output().

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "book/book.h"
#include "enforcement/account_saga.h"
#include "enforcement/wake_limit.h"

namespace rm {

// An enforcement that was unfinished when the program stopped.
struct UnfinishedEnforcement {
  EnforcementId id;
  AccountId account;
  Goal goal;
  std::vector<std::string_view> rules;
  std::vector<Reason> reasons;
  BrokerTime decided_at;
};

class EnforcementExecutor {
 public:
  // `book` and `ids` must outlive the executor.
  EnforcementExecutor(const Book& book, RequestIds& ids);

  void on_decision(const Decision& decision, BrokerTime now);
  void resume(const UnfinishedEnforcement& unfinished, BrokerTime now);
  // The account's book changed; empty: every account's may have.
  void on_book_changed(std::optional<AccountId> account, BrokerTime now);
  // A price came: the first one after a halt must not wait for the back-off of a refused close.
  void on_quote(ContractId contract, BrokerTime now);
  // True when a saga had asked it.
  bool on_reply(const BrokerReply& reply, BrokerTime now);
  [[nodiscard]] bool is_verification(const BrokerReply& reply) const;
  void on_deadline(BrokerTime now) { on_book_changed(std::nullopt, now); }
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;

  // What is to be done; the caller clears it after doing it.
  [[nodiscard]] SagaOutput& output() { return output_; }
  [[nodiscard]] const AccountSaga* find(AccountId account) const;

 private:
  AccountSaga* saga(AccountId account);  // nullptr: the account is not watched

  const Book& book_;
  RequestIds& ids_;
  std::vector<std::pair<AccountId, std::unique_ptr<AccountSaga>>> sagas_;
  SagaOutput output_;
  WakeLimit wakes_;
};

}  // namespace rm
