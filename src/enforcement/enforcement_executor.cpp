#include "enforcement/enforcement_executor.h"

namespace rm {

EnforcementExecutor::EnforcementExecutor(const Book& book, RequestIds& ids) : book_{book}, ids_{ids} {
  output_.requests.reserve(64);
  output_.finished.reserve(8);
}

void EnforcementExecutor::on_decision(const Decision& decision, BrokerTime now) {
  if (AccountSaga* found = saga(decision.account)) found->take_over(decision, now, output_);
}

void EnforcementExecutor::resume(const UnfinishedEnforcement& unfinished, BrokerTime now) {
  Decision decision;
  decision.id = unfinished.id;
  decision.account = unfinished.account;
  decision.at = unfinished.decided_at;
  decision.goal = unfinished.goal;
  for (std::size_t i = 0; i < unfinished.rules.size() && i < unfinished.reasons.size(); ++i) {
    decision.violations.push_back(Violation{unfinished.rules[i], unfinished.reasons[i], {}, std::nullopt});
  }
  if (AccountSaga* of_account = saga(decision.account)) of_account->resume(decision, now, output_);
}

void EnforcementExecutor::on_book_changed(std::optional<AccountId> account, BrokerTime now) {
  for (auto& [id, found] : sagas_) {
    if (!account || *account == id) found->pulse(now, output_);
  }
}

void EnforcementExecutor::on_quote(ContractId contract, BrokerTime now) {
  for (auto& [id, found] : sagas_) {
    if (found->could_wake(contract, now) && wakes_.try_take(now)) found->wake(contract, now, output_);
  }
}

bool EnforcementExecutor::on_reply(const BrokerReply& reply, BrokerTime now) {
  for (auto& [id, found] : sagas_) {
    if (id == reply.account) return found->on_reply(reply, now, output_);
  }
  return false;
}

bool EnforcementExecutor::is_verification(const BrokerReply& reply) const {
  const AccountSaga* found = find(reply.account);
  return found && found->is_verification(reply.id);
}

std::optional<BrokerTime> EnforcementExecutor::next_deadline() const {
  std::optional<BrokerTime> next;
  for (const auto& [id, found] : sagas_) {
    const auto deadline = found->next_deadline();
    if (deadline && (!next || *deadline < *next)) next = deadline;
  }
  return next;
}

const AccountSaga* EnforcementExecutor::find(AccountId account) const {
  for (const auto& [id, found] : sagas_) {
    if (id == account) return found.get();
  }
  return nullptr;
}

AccountSaga* EnforcementExecutor::saga(AccountId account) {
  for (auto& [id, found] : sagas_) {
    if (id == account) return found.get();
  }
  const AccountBook* book = book_.find(account);
  if (!book) return nullptr;
  return sagas_.emplace_back(account, std::make_unique<AccountSaga>(*book, ids_)).second.get();
}

}  // namespace rm
