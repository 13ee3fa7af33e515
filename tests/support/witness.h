#pragma once
// Stands behind everybody else on a desk's bus, compares what the core did on each event with the oracle's opinion,
// and notes what it cannot agree with.

#include <map>
#include <string>
#include <vector>

#include "support/desk.h"
#include "support/oracle.h"

namespace rm::test {

enum class About { Missed, Unfounded, Money, Orders, Locks, Goal };

class Witness final : public EventHandler {
 public:
  Witness(Desk& desk, const RandomRules& rules, MarkKind mark);

  void trader_acted() { acted_at_ = desk_.now; }
  // Everything is over and the desk is quiet.
  void look_at_the_end();
  // Empty: agrees.
  [[nodiscard]] std::string complaints(About about) const;
  [[nodiscard]] const Oracle& oracle() const { return oracle_; }
  // How often there was something to judge: a property that is never put to the test proves nothing.
  [[nodiscard]] std::size_t judged(About about) const;
  // The number of the last event before which each enforcement was finished, for a replay.
  [[nodiscard]] const std::vector<std::pair<EnforcementId, std::uint64_t>>& finished() const { return finished_; }

  [[nodiscard]] std::string_view handler_name() const override { return "witness"; }
  Result<void> on_event(const RiskEvent& event) override;

 private:
  struct Sent {
    BrokerRequest request;
    int held_at_broker = 0;
    std::uint64_t during = 0;  // number of the event it was sent on
  };
  void complain(About about, const std::string& text);
  void judged_one(About about) { ++judged_[about]; }
  [[nodiscard]] Goal wanted() const;  // of all unfinished enforcements together
  [[nodiscard]] static std::optional<int> leaves(const Goal& goal, ContractId contract);
  void look_for_missed(const RiskEvent& event, const Decision* decision);
  [[nodiscard]] bool acted_on(const Broken& broken, const Goal& goal) const;
  [[nodiscard]] bool small_enough(const Goal& goal, std::optional<ContractId> contract) const;
  void look_at_locked(const Goal& goal);
  void look_for_unfounded(const Decision& decision);
  void look_for_longer_lock(const Violation& violation);
  void look_at_merge(const Decision& decision);
  void look_at_money();
  void look_at_locks(const RiskEvent& event, const Decision* decision);
  void on_sent(const BrokerRequest& request);
  void look_at(const Sent& sent);
  void look_at_close(const Sent& sent, ContractId contract, std::optional<int> by);
  void look_at_cancel(const Sent& sent, OrderId order);
  void on_receipt(const Receipt& receipt);
  [[nodiscard]] std::optional<std::string> missing(const Goal& goal) const;  // at the broker
  [[nodiscard]] bool clear() const;
  [[nodiscard]] bool told_is_true(ContractId contract) const;

  Desk& desk_;
  RandomRules rules_;
  Oracle oracle_;
  std::map<About, std::vector<std::string>> complaints_;
  std::map<About, std::size_t> judged_;
  std::size_t decisions_seen_ = 0;
  std::uint64_t seen_ = 0;  // number of the last event
  std::vector<Lock> locks_;
  std::vector<Sent> waiting_;  // sent while an event is being delivered
  std::map<RequestId, BrokerAsk> in_flight_;
  std::vector<std::pair<EnforcementId, std::uint64_t>> finished_;
  BrokerTime acted_at_;
};

}  // namespace rm::test
