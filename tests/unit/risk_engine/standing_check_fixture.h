#pragma once
// The standing check alone, told what the broker says; the book beside it knows of no position and no order.

#include "risk_engine/standing_check.h"
#include "support/desk.h"

namespace rm::test {

class StandingCheckTest : public testing::Test {
 protected:
  Desk desk{""};
  StandingCheck check;
  UnderWay under_way;
  BrokerTime now = desk.now;

  static Lock lock(LockKind kind, std::optional<SymbolId> symbol, BrokerTime since) {
    return Lock{AccountId{26'001'234},
                symbol,
                kind,
                "daily_loss",
                LossAtLimit{},
                since,
                UntilTime{since + std::chrono::hours{10}},
                {}};
  }
  void lock_account(LockKind kind = LockKind::Hard) { desk.book().locks().add(lock(kind, std::nullopt, now)); }
  void lock_symbol(ContractId contract) {
    desk.book().locks().add(lock(LockKind::Hard, desk.contracts.at(contract).symbol, now));
  }
  Position position(ContractId contract, int size) const {
    return {desk.main_account(), contract, Lots{size}, {}, opened};
  }
  static Order order(ContractId contract, std::int64_t id = 7) {
    Order out;
    out.id = OrderId{id};
    out.contract = contract;
    out.status = OrderStatus::Open;
    out.type = OrderType::Limit;
    out.size = Lots{1};
    return out;
  }
  std::vector<Violation> hear(RiskEventBody body) {
    Findings findings;
    findings.violations = found_by_rules;
    check.look(desk.book(), RiskEvent{std::move(body), now, 0, 0}, under_way, findings);
    findings.violations.erase(findings.violations.begin(),
                              findings.violations.begin() + static_cast<std::ptrdiff_t>(found_by_rules.size()));
    return findings.violations;
  }
  std::vector<Violation> read(std::vector<Position> positions, std::vector<Order> orders = {}) {
    return hear(ReadBack{desk.main_account(), std::make_shared<const std::vector<Position>>(std::move(positions)),
                         std::make_shared<const std::vector<Order>>(std::move(orders)), now});
  }
  // The same read twice, the grace apart: goals of what is an incident then.
  std::vector<Goal> incidents(const std::vector<Position>& positions, const std::vector<Order>& orders = {}) {
    read(positions, orders);
    now = now + StandingCheck::kGrace;
    std::vector<Goal> goals;
    for (const Violation& found : read(positions, orders)) goals.push_back(found.goal);
    return goals;
  }
  BrokerTime opened = desk.now;
  std::vector<Violation> found_by_rules;
};

}  // namespace rm::test
